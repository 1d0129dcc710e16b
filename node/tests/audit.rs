//! What the audit finds: for each violation a ledger that has it, and one that nearly does.
#![expect(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test that fails may panic"
)]

#[path = "audit/columns.rs"]
mod columns;
#[path = "audit/data.rs"]
mod data;
#[path = "audit/delegates.rs"]
mod delegates;
#[path = "audit/emergencies.rs"]
mod emergencies;
#[path = "audit/fixture.rs"]
mod fixture;
#[path = "audit/keys.rs"]
mod keys;
#[path = "audit/pairs.rs"]
mod pairs;
#[path = "audit/regimes.rs"]
mod regimes;
#[path = "audit/second_pass.rs"]
mod second_pass;
#[path = "audit/uncovered.rs"]
mod uncovered;
#[path = "audit/views.rs"]
mod views;
#[path = "audit/writing.rs"]
mod writing;
