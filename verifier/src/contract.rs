//! The consent contract: what the validators run, and what whoever verifies runs again.
//!
//! ```text
//! block ─▶ machine::Contract ─ each transaction ─▶ may its signer say that? ─▶ what does it change?
//!              │                                                                  │ request, access
//!              │ results, validators, root                                        ▼
//!              ▼                          consents in force, the network's rules ─▶ decision::decide
//!          next header
//! ```
//!
//! Everything follows from the state, the block's height and time and the bytes of its transactions: no
//! clock, no randomness. The procedure is `docs/contract.md`.

mod accesses;
mod authority;
pub mod chunk;
mod consents;
pub mod decision;
mod decoded;
mod delegations;
pub mod entries;
pub mod machine;
pub mod matching;
pub mod network;
mod organizations;
pub mod outcome;
mod protocols;
mod requests;
pub mod rules;
pub mod sequence;
mod transaction;
mod validators;

/// The application version, `header.version.app`, of the contract that is here.
pub const CONTRACT_VERSION: u64 = 0x5649_0001;

/// The application versions that are versions of the contract.
pub const CONTRACT_VERSIONS: core::ops::RangeInclusive<u64> = CONTRACT_VERSION..=0x5649_ffff;
