//! `std::fs`, with the path in each error.

use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::failure::Failure;

pub(crate) fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    named(path, fs::read(path))
}

pub(crate) fn read_text(path: &Path) -> Result<String, Failure> {
    named(path, fs::read_to_string(path))
}

pub(crate) fn write(path: &Path, content: impl AsRef<[u8]>) -> Result<(), Failure> {
    named(path, fs::write(path, content))
}

pub(crate) fn copy(from: &Path, to: &Path) -> Result<(), Failure> {
    named(from, fs::copy(from, to)).map(drop)
}

pub(crate) fn rename(from: &Path, to: &Path) -> Result<(), Failure> {
    named(from, fs::rename(from, to))
}

pub(crate) fn create_dir(path: &Path) -> Result<(), Failure> {
    named(path, fs::create_dir_all(path))
}

/// Removes a directory and all in it; one that is not there is fine.
pub(crate) fn remove_dir(path: &Path) -> Result<(), Failure> {
    match fs::remove_dir_all(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        result => named(path, result),
    }
}

/// Leaves an empty directory at `path`.
pub(crate) fn empty_dir(path: &Path) -> Result<(), Failure> {
    remove_dir(path)?;
    create_dir(path)
}

/// Makes `link` point to `target`, whatever was there.
pub(crate) fn link(target: &Path, link: &Path) -> Result<(), Failure> {
    match fs::remove_file(link) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => named(link, Err(error)),
        _ => named(link, std::os::unix::fs::symlink(target, link)),
    }
}

/// The files directly in `directory` whose names end in `suffix`, sorted; none if it is not there.
pub(crate) fn ending_in(directory: &Path, suffix: &str) -> Vec<PathBuf> {
    let ends = |path: &PathBuf| {
        path.file_name().and_then(OsStr::to_str).is_some_and(|name| name.ends_with(suffix))
    };
    let entries = fs::read_dir(directory).into_iter().flatten().flatten();
    let mut found: Vec<PathBuf> = entries.map(|entry| entry.path()).filter(ends).collect();
    found.sort();
    found
}

/// Whether `path` was written after `other`; no, if either is not there.
pub(crate) fn is_newer(path: &Path, other: &Path) -> bool {
    let written = |path: &Path| fs::metadata(path).and_then(|metadata| metadata.modified()).ok();
    written(other).is_some_and(|other| written(path).is_some_and(|path| path > other))
}

fn named<T>(path: &Path, result: io::Result<T>) -> Result<T, Failure> {
    result.map_err(|error| Failure::new(format!("{}: {error}", path.display())))
}
