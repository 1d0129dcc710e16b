//! `vidimus-node test-keys`.

use std::{fs, path::PathBuf};

use clap::Args;

use super::CommandError;

/// Writes the public halves of the 256 published TEST KEYS, 32 bytes each.
#[derive(Debug, Args)]
pub(crate) struct TestKeys {
    /// File to write; the verifier includes its own copy
    #[arg(long)]
    out: PathBuf,
}

impl TestKeys {
    pub(crate) fn run(&self) -> Result<(), CommandError> {
        fs::write(&self.out, vidimus_node::test_keys::public_bytes())
            .map_err(CommandError::at(&self.out))
    }
}
