//! What the command line does.

mod scenario;
pub(crate) mod simulate;
pub(crate) mod test_keys;

use std::{io, path::PathBuf};

use vidimus_node::{
    scenario::ScenarioError,
    simulate::{ConfigError, ContractGenesisError},
};

/// Why a command did not do what it should.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CommandError {
    /// Figures that make no ledger.
    #[error("{0}")]
    Config(#[from] ConfigError),
    /// Figures that make no scenario.
    #[error("{0}")]
    Scenario(#[from] ScenarioError),
    /// A network that makes no state.
    #[error("{0}")]
    Genesis(#[from] ContractGenesisError),
    /// A file or folder that cannot be written.
    #[error("cannot write {}: {error}", path.display())]
    Write {
        /// Which one.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
}

impl CommandError {
    /// For `map_err`: names the file.
    pub(crate) fn at(path: &std::path::Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        |error| Self::Write { path, error }
    }
}
