//! Evidence packets: of every claim, from every side of the anchor, and what is no evidence.
#![expect(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    clippy::wildcard_enum_match_arm,
    reason = "a test that fails may panic"
)]
#![expect(clippy::too_many_lines, reason = "lists of attacks, one after the other")]

#[path = "packets/attacks.rs"]
mod attacks;
#[path = "packets/claims.rs"]
mod claims;
#[path = "packets/detours.rs"]
mod detours;
#[path = "packets/documentation.rs"]
mod documentation;
#[path = "audit/fixture.rs"]
#[expect(dead_code, reason = "tests of the audit use what these do not")]
mod fixture;
#[path = "packets/flips.rs"]
mod flips;
#[path = "packets/links.rs"]
mod links;
#[path = "packets/scenario.rs"]
mod scenario;
#[path = "packets/sizes.rs"]
mod sizes;
#[path = "packets/world.rs"]
mod world;
