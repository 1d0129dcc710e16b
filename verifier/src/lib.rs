//! Verifies snapshots of healthcare consent ledgers from bytes, a trust anchor and a policy.
//!
//! Bytes and the user's anchor go in; a [`report::Report`] comes out. The crate opens no file and
//! no socket, reads no clock and draws no random number: anchor, policy, time and limits are
//! arguments. No input makes it panic.
//!
//! ```text
//! bytes ─▶ snapshot::Reader ─▶ ledger::cometbft (Decoded ▶ Linked ▶ Trusted) ─▶ Report
//!                                     │ signature::Batch
//!                                     └──────────▶ whoever drives ──▶ Discharged
//! ```
//!
//! The numbered procedure that [`Verification`] follows is `docs/verification.md`.
#![no_std]
#![forbid(unsafe_code)]
#![warn(clippy::std_instead_of_core, clippy::std_instead_of_alloc)]

extern crate alloc;
#[cfg(test)]
extern crate std;

pub mod anchor;
pub mod audit;
pub mod check;
pub mod contract;
pub mod encoding;
pub mod import;
pub mod ledger;
pub mod limits;
pub mod merkle;
pub mod packet;
pub mod policy;
pub mod record;
pub mod report;
pub mod signature;
pub mod snapshot;
#[cfg(test)]
mod soundness;
pub mod state;
pub mod test_keys;
mod verification;

pub use verification::{ChangedInput, InputKind, Progress, SecondPass, TrustedInput, Verification};
