//! The network: who governs it, and the rules that it decided on once, in its genesis.

use super::rules::DecisionRules;
use crate::{
    encoding::{
        cbor::{List, Set, map},
        hex::PublicKey,
    },
    record::organization::{Organization, ValidatorChange},
};

map! {
    /// Spans of time that the rules need, in milliseconds.
    pub struct Limits {
        /// How far a record's time may lie before that of its block, and still be believed.
        1 => latency: u64,
        /// How far it may lie after it: block time is that of the votes on the block before.
        2 => skew: u64,
        /// How long a request stays open after its block.
        3 => request: u64,
        /// Within which time an emergency access is to be reviewed.
        4 => review: u64,
        /// For which time records are kept.
        5 => retention: u64,
    }
}

map! {
    /// What the state begins with.
    pub struct Network {
        /// Keys that register organizations and change the validators.
        1 => governance: Set<PublicKey, 1, 16>,
        /// How accesses are decided.
        2 => rules: DecisionRules,
        /// Spans of time.
        3 => limits: Limits,
        /// Organizations that are there from the start.
        4 => organizations: List<Organization, 0, 1024>,
        /// Validators that are there from the start.
        5 => validators: List<ValidatorChange, 1, 1024>,
    }
}
