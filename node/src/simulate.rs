//! Builds genuine CometBFT ledgers from a seed: real keys, signatures, part sets, validator
//! changes, rounds, nil and absent votes.
//!
//! ```text
//! BlockDraft ─(block hook)─▶ hashes ─(header hook)─▶ bytes ─(encoding hook)─▶ block id
//!    ▲                                                                          │
//!    └── next last_commit ◀─(commit hook)─ Commit ◀─ signatures ◀─(votes hook)── VotePlan
//! ```
//!
//! The same [`Config`] gives the same bytes. Without [`Hooks`] a ledger keeps every rule; a hook
//! changes one draft, and everything after it is computed from what the hook left, so that
//! exactly one rule is broken. What comes out streams: one block is in memory at a time.

mod application;
mod block;
mod config;
mod container;
mod evidence;
mod hooks;
mod hospital;
mod rotation;
mod simulation;
mod updates;
mod votes;

pub use application::ContractGenesisError;
pub use application::genesis_hash as genesis_app_hash;
pub use block::{Ledger, SimulatedBlock};
pub use config::{Config, ConfigError, Format, GENESIS_TIME};
pub use hooks::{BlockDraft, CommitDraft, EncodedDraft, Hooks, Item, ItemsDraft, SetDraft};
pub use hospital::Hospital;
pub use rotation::RotatedSet;
pub use simulation::{PARAMS, Simulation};
pub use updates::ValidatorUpdate;
pub use votes::{PlannedVote, SignedFields, VotePlan};
