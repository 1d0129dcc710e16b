//! The command `vidimus` on files: exit codes, reports, what it prints and what it leaves behind.
#![expect(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test that fails may panic, and JSON is indexed"
)]

#[path = "command/anchor.rs"]
mod anchor;
#[path = "command/audit.rs"]
mod audit;
#[path = "command/import.rs"]
mod import;
#[path = "command/interruptions.rs"]
mod interruptions;
#[path = "command/keys.rs"]
mod keys;
#[path = "command/limits.rs"]
mod limits;
#[path = "command/listings.rs"]
mod listings;
#[path = "command/live.rs"]
mod live;
#[path = "command/packet.rs"]
mod packet;
#[path = "command/report.rs"]
mod report;
mod support;
#[path = "command/usage.rs"]
mod usage;
#[path = "command/verify.rs"]
mod verify;
