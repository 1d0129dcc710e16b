//! Where the shared vectors are.

/// The folder of the shared vectors: `VIDIMUS_VECTORS`, else `../shared/vectors` beside the
/// workspace. Where there is none, the caller skips, except that CI (`CI=true`) fails.
#[expect(clippy::print_stdout, reason = "a test that skips says so")]
pub(crate) fn vectors() -> Option<std::path::PathBuf> {
    let folder = std::env::var_os("VIDIMUS_VECTORS").map_or_else(
        || std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/vectors"),
        std::path::PathBuf::from,
    );
    if folder.is_dir() {
        return Some(folder);
    }
    assert!(std::env::var_os("CI").is_none_or(|ci| ci != "true"), "no vectors");
    println!("skipped: no vectors");
    None
}
