//! Simulated ledgers as a node's RPC prints them: one JSON-RPC answer a file.
//!
//! Keys stand in the order of CometBFT, whose lines differ in `/block_results`, `/genesis` and
//! the votes of evidence. A set of more than 100 validators comes in pages.

mod block;
mod json;
mod node;
mod results;
mod validators;

use vidimus::ledger::cometbft::profile::Profile;

use crate::simulate::{Config, SimulatedBlock};

/// An answer and the name of its file.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct File {
    /// Name, such as `block_7.json`.
    pub name: String,
    /// The JSON.
    pub text: String,
}

impl File {
    fn new(name: String, result: &str) -> Self {
        let text = format!(r#"{{"jsonrpc":"2.0","id":-1,"result":{result}}}"#);
        Self { name, text }
    }
}

/// The lines of CometBFT whose answers differ.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) enum Line {
    /// 0.34 and 0.37.
    Before038,
    /// 0.38 to 0.40.
    From038,
    /// 1.0.
    From1,
}

impl Line {
    pub(crate) fn of(profile: Profile) -> Self {
        if profile < Profile::V0_38_0 {
            Self::Before038
        } else if profile < Profile::V1_0 {
            Self::From038
        } else {
            Self::From1
        }
    }
}

/// Turns blocks into the files of an export.
#[derive(Clone, Debug)]
pub struct Export {
    config: Config,
    genesis: Option<File>,
    earliest: Option<node::Point>,
}

impl Export {
    /// For the ledger of a configuration.
    pub fn new(config: Config) -> Self {
        Self { config, genesis: None, earliest: None }
    }

    /// The files of one block: `block`, `commit`, `validators`, `block_results`,
    /// `consensus_params`; with the last block `genesis`, `status` and the validators after it.
    ///
    /// Blocks come in ascending order. Those that the container leaves out leave no file, as on
    /// a node that dropped its oldest blocks.
    pub fn files(&mut self, block: &SimulatedBlock) -> Vec<File> {
        if self.genesis.is_none() {
            self.genesis = Some(node::genesis(&self.config, &block.validators));
        }
        let height = block.height();
        if height < self.config.first_height() {
            return Vec::new();
        }
        let line = Line::of(self.config.profile);
        let point = node::Point::of(block);
        let earliest = self.earliest.get_or_insert(point).clone();
        let mut files = vec![block::block(block, line), block::commit(block)];
        files.extend(validators::pages(&block.validators, height));
        files.push(results::results(block, line));
        files.push(node::consensus_params(&self.config, block));
        if block.is_last {
            files.extend(validators::pages(&block.next_validators, height.saturating_add(1)));
            files.push(node::status(&self.config, block, &earliest));
            files.extend(self.genesis.take());
        }
        files
    }
}
