//! The sample ledger in `www/generated`, made anew for each portal: nothing of it is in git.

use std::path::PathBuf;

use crate::failure::Failure;
use crate::files;
use crate::process::run;
use crate::workspace::Workspace;

/// What `vidimus-node simulate` is asked for: small enough for a page, made in a moment.
const LEDGER: [&str; 10] =
    ["--validators", "7", "--blocks", "64", "--txs", "8", "--tx-size", "256", "--seed", "1"];

/// The names of the files, which the portal and its tests know.
const GOOD: &str = "good.vidimus";
const FLIPPED: &str = "flipped.vidimus";
const TRUNCATED: &str = "truncated.vidimus";
const ANCHOR: &str = "anchor.txt";
const WRONG_ANCHOR: &str = "wrong-anchor.txt";

fn path(workspace: &Workspace, name: &str) -> PathBuf {
    workspace.path("www/generated").join(name)
}

/// Simulates the ledger and spoils copies of it.
pub(crate) fn make(workspace: &Workspace) -> Result<(), Failure> {
    let folder = workspace.path("www/generated");
    files::empty_dir(&folder)?;
    let mut node = workspace.cargo();
    node.args(["run", "--quiet", "--release", "--package", "vidimus-node", "--", "simulate"]);
    run(node.args(LEDGER).arg("--out").arg(&folder))?;
    let [container] = &files::ending_in(&folder, ".vidimus")[..] else {
        return Err(Failure::new(format!("not one container in {}", folder.display())));
    };
    files::rename(container, &path(workspace, GOOD))?;

    let good = files::read(&path(workspace, GOOD))?;
    let (first_half, _) = good.split_at(good.len() / 2);
    files::write(&path(workspace, TRUNCATED), first_half)?;
    let mut flipped = good.clone();
    if let Some(byte) = flipped.get_mut(first_half.len()) {
        *byte ^= 1;
    }
    files::write(&path(workspace, FLIPPED), flipped)?;
    let anchor = files::read_text(&path(workspace, ANCHOR))?;
    files::write(&path(workspace, WRONG_ANCHOR), with_last_digit_changed(&anchor))
}

/// Verifies the good one on the command line, which prints the verdict.
pub(crate) fn verify(workspace: &Workspace) -> Result<(), Failure> {
    let mut vidimus = workspace.cargo();
    vidimus.args(["run", "--quiet", "--release", "--package", "vidimus-cli", "--", "verify"]);
    vidimus.arg(path(workspace, GOOD)).arg("--anchor").arg(path(workspace, ANCHOR));
    run(&mut vidimus)
}

/// The anchor with another last digit: what a mistyped one looks like.
fn with_last_digit_changed(anchor: &str) -> String {
    let text = anchor.trim_end();
    let digit = if text.ends_with('0') { '1' } else { '0' };
    let mut changed: String = text.chars().take(text.chars().count().saturating_sub(1)).collect();
    changed.push(digit);
    changed.push('\n');
    changed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrong_anchor_differs_in_its_last_digit() {
        assert_eq!(with_last_digit_changed("cometbft-0.38/x/9/AB\n"), "cometbft-0.38/x/9/A0\n");
        assert_eq!(with_last_digit_changed("cometbft-0.38/x/9/A0"), "cometbft-0.38/x/9/A1\n");
    }
}
