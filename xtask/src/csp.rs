//! The content security policy of the portal: no host in it, so nothing can leave the page.

use std::path::Path;

use crate::failure::Failure;
use crate::files;

/// Where `www/index.html` wants the policy.
const PLACE: &str = "<!-- content-security-policy -->";

/// What the page may do.
const PAGE: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; \
    connect-src 'self'; style-src 'self'; img-src 'self' data: blob:; manifest-src 'self'; \
    base-uri 'none'; form-action 'none'";

/// What a worker may do, which only the header that comes with its script can say.
const WORKER: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; \
    worker-src 'self'; connect-src 'self'";

/// Writes the policy into the page that Trunk built.
pub(crate) fn seal(page: &Path) -> Result<(), Failure> {
    let html = files::read_text(page)?;
    if !html.contains(PLACE) {
        return Err(Failure::new(format!("{} has no `{PLACE}`", page.display())));
    }
    if has_inline_script(&html) {
        let reason = "its policy does not allow the inline script in it";
        return Err(Failure::new(format!("{}: {reason}", page.display())));
    }
    let meta = format!("<meta http-equiv=\"Content-Security-Policy\" content=\"{PAGE}\">");
    files::write(page, html.replace(PLACE, &meta))
}

/// What the server says of a file. The page has its policy in itself, but for what a `<meta>`
/// element cannot say.
pub(crate) fn header(media_type: &str) -> &'static str {
    if media_type.starts_with("text/html") { "frame-ancestors 'none'" } else { WORKER }
}

fn has_inline_script(html: &str) -> bool {
    let tags = html.split("<script").skip(1).filter_map(|after| after.split_once('>'));
    tags.into_iter().any(|(attributes, _)| !attributes.contains("src="))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn script_is_inline_if_it_names_no_file() {
        assert!(!has_inline_script("<script type=\"module\" src=\"a.js\"></script>"));
        assert!(has_inline_script("<script src=\"a.js\"></script><script>a()</script>"));
    }

    #[test]
    fn no_policy_names_a_host() {
        for policy in [PAGE, WORKER] {
            assert!(!policy.contains("//") && !policy.contains('*'), "{policy}");
        }
    }
}
