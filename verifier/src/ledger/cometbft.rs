//! CometBFT (Tendermint) ledgers, block protocol 11.
//!
//! ```text
//! bytes ─▶ Block, Commit, ValidatorSet (decoded strictly)
//!       ─▶ Chain: every hash, link, vote and time rule      (Linked)
//!       ─▶ Verification::finish: anchored, every signature   (Trusted)
//! ```

pub mod block;
pub mod block_id;
pub mod chain;
pub mod commit;
pub mod evidence;
pub mod genesis;
pub mod header;
pub mod light;
pub mod params;
pub(crate) mod places;
pub mod profile;
pub mod results;
pub(crate) mod rules;
pub mod signed_header;
pub mod time;
pub mod validator;
pub mod vote;
