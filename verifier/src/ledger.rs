//! Ledger families. A family's own words stay inside its folder.

pub mod cometbft;
