//! A server of one folder on 127.0.0.1, with the headers a static host should send.

use std::convert::Infallible;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;

use tiny_http::{Header, Method, Request, Response};

use crate::failure::Failure;
use crate::{csp, files};

/// The isolation that costs nothing.
const HEADERS: [(&str, &str); 5] = [
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
    ("Cache-Control", "no-store"),
];

/// A running server; its thread ends with the process.
#[derive(Debug)]
pub(crate) struct Server {
    url: String,
    thread: thread::JoinHandle<()>,
}

impl Server {
    /// Serves `folder` on `port`, or on a free one if that is 0.
    pub(crate) fn start(folder: PathBuf, port: u16) -> Result<Self, Failure> {
        let http = tiny_http::Server::http(("127.0.0.1", port))
            .map_err(|error| Failure::new(format!("127.0.0.1:{port}: {error}")))?;
        let url = format!("http://{}/", http.server_addr());
        let http = Arc::new(http);
        let thread = thread::spawn(move || {
            for request in http.incoming_requests() {
                answer(&folder, request);
            }
        });
        Ok(Self { url, thread })
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// Goes on until the process is ended.
    pub(crate) fn wait(self) -> Result<Infallible, Failure> {
        let stopped = self.thread.join().is_ok();
        Err(Failure::new(if stopped { "the server stopped" } else { "the server panicked" }))
    }
}

fn answer(folder: &Path, request: Request) {
    let file = file_of(request.url()).map(|file| folder.join(file));
    let is_read = matches!(request.method(), Method::Get | Method::Head);
    let content = file.and_then(|file| Some((files::read(&file).ok()?, media_type(&file))));
    let policy = content
        .as_ref()
        .map(|(_, media_type)| ("Content-Security-Policy", csp::header(media_type)));
    let mut response = match content {
        Some((bytes, media_type)) if is_read => {
            // In one piece, so that whoever loads it is told its length.
            let response = Response::from_data(bytes).with_chunked_threshold(usize::MAX);
            response.with_header(header("Content-Type", media_type))
        }
        Some(_) => Response::from_string("only GET\n").with_status_code(405),
        None => Response::from_string("not here\n").with_status_code(404),
    };
    for (name, value) in HEADERS.into_iter().chain(policy) {
        response.add_header(header(name, value));
    }
    // A reader that went away is no concern of ours.
    request.respond(response).unwrap_or_default();
}

/// The file that a URL names, inside the folder; `None` for what leads out of it.
fn file_of(url: &str) -> Option<PathBuf> {
    let path = url.split(['?', '#']).next()?.strip_prefix('/')?;
    let is_plain = |name: &str| {
        !name.starts_with('.')
            && name.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c))
    };
    let file = match path {
        "" => "index.html".to_owned(),
        folder if folder.ends_with('/') => format!("{folder}index.html"),
        file => file.to_owned(),
    };
    file.split('/').all(|name| !name.is_empty() && is_plain(name)).then(|| file.into())
}

fn media_type(file: &Path) -> &'static str {
    match file.extension().and_then(|extension| extension.to_str()) {
        Some("html") => "text/html; charset=utf-8",
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("txt" | "md") => "text/plain; charset=utf-8",
        Some("json" | "map") => "application/json",
        Some("webmanifest") => "application/manifest+json",
        Some("wasm") => "application/wasm",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("ico") => "image/x-icon",
        Some("woff2") => "font/woff2",
        _ => "application/octet-stream",
    }
}

#[expect(clippy::expect_used, reason = "names and values are the ASCII constants of this file")]
fn header(name: &str, value: &str) -> Header {
    Header::from_bytes(name, value).expect("an ASCII header")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn url_names_a_file_inside_the_folder_or_none() {
        assert_eq!(file_of("/"), Some("index.html".into()));
        assert_eq!(file_of("/a/b-1.wasm?x"), Some("a/b-1.wasm".into()));
        for outside in ["/../a", "/a/../b", "//etc/passwd", "/%2e%2e/a", "/.git/config", "a"] {
            assert_eq!(file_of(outside), None, "{outside}");
        }
    }
}
