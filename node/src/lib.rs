//! What stands beside a CometBFT node: for now, a simulator of ledgers.
//!
//! ```text
//! Config ─▶ simulate::Simulation ─▶ SimulatedBlock … ─▶ container bytes, RPC JSON, anchor
//!                   ▲
//!                 Hooks (tests that play the attacker)
//! ```
//!
//! The simulator holds the keys of all validators. It does what a network does with them: real
//! part sets, real votes, real validator changes. All its keys are published [`test_keys`].
#![forbid(unsafe_code)]

pub mod attacks;
mod numbers;
pub mod records;
pub mod rpc;
pub mod scenario;
pub mod simulate;
pub mod test_keys;
