//! The consent contract: what the validators run, and what whoever verifies runs again.
//!
//! ```text
//! Processing (request or access) ─┐
//! consents in force ──────────────┼─▶ decision::decide ─▶ Decision: verdict, ground, what each consent says
//! DecisionRules of the network ───┘
//! ```
//!
//! Pure functions of their arguments: no clock, no randomness, no order that matters. The procedure is
//! `docs/contract.md`.

pub mod decision;
pub mod matching;
pub mod rules;
