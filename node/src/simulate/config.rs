//! What ledger to simulate.

use vidimus::{
    encoding::time::Timestamp,
    ledger::cometbft::{header::CHAIN_ID_LENGTH, profile::Profile, validator::MAX_TOTAL_POWER},
};

use crate::test_keys;

/// The genesis time of every simulated ledger, 2026-01-01T00:00:00Z: there is no clock.
pub const GENESIS_TIME: Timestamp = Timestamp { seconds: 1_767_225_600, nanos: 0 };

/// Largest block that is simulated: 22 MB, within the verifier's default limit of 24 MiB.
const BLOCK_BYTES: u64 = 22_000_000;

/// How the container holds the ledger.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Format {
    /// Whole blocks.
    #[default]
    Blocks,
    /// Signed headers and validator sets, without transactions.
    LightBlocks,
}

/// A ledger in figures.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Config {
    /// Chain id, 1 to 50 bytes.
    pub chain_id: String,
    /// The rules that the ledger keeps.
    pub profile: Profile,
    /// Validators at the start, 1 to 256.
    pub validators: usize,
    /// Their powers; validators beyond the list have powers drawn from 1 to 20.
    pub powers: Vec<u64>,
    /// Blocks to simulate, 1 or more.
    pub blocks: u64,
    /// Transactions in each block.
    pub transactions: usize,
    /// Bytes of each transaction.
    pub transaction_bytes: usize,
    /// All randomness follows from it.
    pub seed: u64,
    /// A validator joins, leaves or changes its power at every so many heights; 0 for never.
    pub churn: u64,
    /// Percentage of votes that are for nil, as far as a quorum remains.
    pub nil_percent: u8,
    /// Percentage of votes that are absent, as far as a quorum remains.
    pub absent_percent: u8,
    /// Percentage of blocks that are decided in a later round than the first.
    pub round_percent: u8,
    /// Height of the first block, 1 or more.
    pub initial_height: u64,
    /// So many blocks at the start are simulated and left out of the container.
    pub omitted: u64,
    /// A validator equivocates and is found out at every so many heights; 0 for never.
    pub evidence: u64,
    /// Whether the container holds the results of transactions.
    pub results: bool,
    /// How the container holds the ledger.
    pub format: Format,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            chain_id: "vidimus-simulated".to_owned(),
            profile: Profile::V0_38,
            validators: 4,
            powers: Vec::new(),
            blocks: 10,
            transactions: 2,
            transaction_bytes: 100,
            seed: 1,
            churn: 0,
            nil_percent: 0,
            absent_percent: 0,
            round_percent: 5,
            initial_height: 1,
            omitted: 0,
            evidence: 0,
            results: true,
            format: Format::Blocks,
        }
    }
}

/// Why a ledger cannot be simulated.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// No validators, or more than there are test keys.
    #[error("the number of validators must be 1 to 256")]
    Validators,
    /// A power of 0, or a sum above `MaxInt64 / 8`.
    #[error("powers must be 1 or more and their sum within the bound of CometBFT")]
    Powers,
    /// No blocks, or heights that do not fit.
    #[error("there must be a block, and heights from 1 to 9223372036854775807")]
    Heights,
    /// More blocks left out than there are, less one.
    #[error("at least one block must be left in")]
    Omitted,
    /// A block above the limit.
    #[error("a block of these transactions would have more than 22 MB")]
    BlockSize,
    /// A percentage above 100.
    #[error("a percentage must be 0 to 100")]
    Percentage,
    /// A chain id that is empty or too long.
    #[error("a chain id has 1 to 50 bytes")]
    ChainId,
}

impl Config {
    /// Checks that the figures make a ledger.
    ///
    /// # Errors
    /// The first figure that does not.
    pub fn check(&self) -> Result<(), ConfigError> {
        if !(1..=test_keys::COUNT).contains(&self.validators) {
            return Err(ConfigError::Validators);
        }
        let total = self.powers.iter().try_fold(20_000_u64, |sum, power| sum.checked_add(*power));
        if self.powers.contains(&0) || total.is_none_or(|total| total > MAX_TOTAL_POWER) {
            return Err(ConfigError::Powers);
        }
        let last = self.initial_height.checked_add(self.blocks);
        let in_range = last.is_some_and(|last| i64::try_from(last).is_ok());
        if self.blocks == 0 || self.initial_height == 0 || !in_range {
            return Err(ConfigError::Heights);
        }
        if self.omitted >= self.blocks {
            return Err(ConfigError::Omitted);
        }
        if self.block_bytes().is_none_or(|bytes| bytes > BLOCK_BYTES) {
            return Err(ConfigError::BlockSize);
        }
        if [self.nil_percent, self.absent_percent, self.round_percent].iter().any(|p| *p > 100) {
            return Err(ConfigError::Percentage);
        }
        if !(1..=CHAIN_ID_LENGTH).contains(&self.chain_id.len()) {
            return Err(ConfigError::ChainId);
        }
        Ok(())
    }

    /// Bytes of the largest block, at most.
    fn block_bytes(&self) -> Option<u64> {
        let transaction = u64::try_from(self.transaction_bytes).ok()?.checked_add(8)?;
        u64::try_from(self.transactions).ok()?.checked_mul(transaction)?.checked_add(1 << 16)
    }

    /// Height of the last block.
    pub fn last_height(&self) -> u64 {
        self.initial_height.saturating_add(self.blocks).saturating_sub(1)
    }

    /// Height of the first block in the container.
    pub fn first_height(&self) -> u64 {
        self.initial_height.saturating_add(self.omitted)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_that_make_no_ledger_are_named() {
        let base = Config::default;
        for (config, expected) in [
            (Config { validators: 0, ..base() }, ConfigError::Validators),
            (Config { validators: 257, ..base() }, ConfigError::Validators),
            (Config { powers: vec![0], ..base() }, ConfigError::Powers),
            (Config { powers: vec![u64::MAX], ..base() }, ConfigError::Powers),
            (Config { blocks: 0, ..base() }, ConfigError::Heights),
            (Config { initial_height: u64::MAX, ..base() }, ConfigError::Heights),
            (Config { omitted: 10, ..base() }, ConfigError::Omitted),
            (Config { transaction_bytes: 60_000_000, ..base() }, ConfigError::BlockSize),
            (Config { nil_percent: 101, ..base() }, ConfigError::Percentage),
            (Config { chain_id: String::new(), ..base() }, ConfigError::ChainId),
        ] {
            assert_eq!(config.check(), Err(expected));
        }
        assert_eq!(base().check(), Ok(()));
    }
}
