//! Where the shared vectors are, for the tests of every crate that lies beside this one.

use std::env;
use std::path::PathBuf;

/// The folder of the shared vectors: `VIDIMUS_VECTORS`, else `../shared/vectors` beside the
/// workspace. Where there is none, the caller skips, except that CI (`CI=true`) fails.
#[expect(clippy::print_stdout, reason = "a test that skips says so")]
pub(crate) fn vectors() -> Option<PathBuf> {
    let folder = env::var_os("VIDIMUS_VECTORS").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/vectors"),
        PathBuf::from,
    );
    if folder.is_dir() {
        return Some(folder);
    }
    assert!(env::var_os("CI").is_none_or(|ci| ci != "true"), "no vectors at {}", folder.display());
    println!("skipped: no vectors");
    None
}
