//! What is measured alike natively and in Node: maps for the contract's state.
#![expect(
    clippy::disallowed_types,
    clippy::float_arithmetic,
    reason = "measuring divides; what is measured uses hash maps where a store would"
)]

pub mod maps;
#[cfg(target_family = "wasm")]
pub mod wasm;
