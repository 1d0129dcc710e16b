//! `vidimus keys`: what a patient derives from their seed.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Read as _, Write as _},
    path::Path,
    process::ExitCode,
};

use vidimus_keys::{PatientSeed, SeedError, listing};
use zeroize::Zeroizing;

use crate::{
    arguments::{Derivation, View},
    commands::print,
    error::CommandError,
};

/// More bytes than any seed file has.
const SEED_BYTES: u64 = 128;

/// `vidimus keys show`.
pub(crate) fn show(arguments: &Derivation) -> Result<ExitCode, CommandError> {
    print(&listing(&seed(&arguments.seed)?, &arguments.custodians))?;
    Ok(ExitCode::SUCCESS)
}

/// `vidimus keys view`. What was written is removed if not all of it was.
pub(crate) fn view(arguments: &View) -> Result<ExitCode, CommandError> {
    let Derivation { seed: path, custodians } = &arguments.derivation;
    let viewing_file = seed(path)?.viewing_file(custodians)?;
    let path = &arguments.output;
    let write = |source| CommandError::Write { path: path.clone(), source };
    let mut file = create(path).map_err(write)?;
    let text = viewing_file.encode();
    let result = file.write_all(text.as_bytes()).and_then(|()| file.sync_all());
    if result.is_err() {
        // The error that is shown is the one that matters.
        drop(fs::remove_file(path));
    }
    result.map_err(write)?;
    print(&format!(
        "{}: {viewing_file}. It opens health data: give it only to whom you would show that.\n",
        path.display()
    ))?;
    Ok(ExitCode::SUCCESS)
}

fn seed(path: &Path) -> Result<PatientSeed, CommandError> {
    let read = |source| CommandError::Read { path: path.to_path_buf(), source };
    let malformed = |source| CommandError::Seed { path: path.to_path_buf(), source };
    let mut bytes = Zeroizing::new(Vec::with_capacity(256));
    File::open(path)
        .and_then(|file| file.take(SEED_BYTES).read_to_end(&mut bytes))
        .map_err(read)?;
    let text = str::from_utf8(&bytes).map_err(|_| malformed(SeedError))?;
    PatientSeed::parse(text).map_err(malformed)
}

/// A new file that nobody but its owner may read, from the first byte on.
fn create(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}
