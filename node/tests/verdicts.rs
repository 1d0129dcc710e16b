//! Verdicts: what the user asks for decides between `verified` and the reasons for no verdict, and
//! the report says where, and what then holds.
#![expect(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that fails may panic"
)]

#[path = "verdicts/account.rs"]
mod account;
#[path = "verdicts/contract.rs"]
mod contract;
#[path = "verdicts/eras.rs"]
mod eras;
#[path = "verdicts/findings.rs"]
mod findings;
#[path = "verdicts/gate.rs"]
mod gate;
#[path = "verdicts/light.rs"]
mod light;
#[path = "verdicts/limits.rs"]
mod limits;
#[path = "verdicts/places.rs"]
mod places;
#[path = "verdicts/requirements.rs"]
mod requirements;

use core::ops::Range;

use vidimus::{
    InputKind, Verification,
    anchor::{Anchors, TrustAnchor},
    check::CheckId,
    limits::Limits,
    policy::Policy,
    report::{CheckEntry, Report, Status},
    snapshot::{Item, Kind, Reader},
};
use vidimus_node::simulate::{Config, Hooks, Ledger, Simulation};

/// The policies of these tests: the default, headers only, no signatures of commits.
const DEFAULT: &str = "{}";
const HEADERS: &str = r#"{"require": "headers"}"#;
const HASH_LINKS: &str = r#"{"signatures": "hash-links"}"#;

fn simulate(config: &Config, hooks: Hooks) -> Ledger {
    Simulation::new(config.clone(), hooks).unwrap().run()
}

fn anchor_at(ledger: &Ledger, height: u64) -> TrustAnchor {
    let block = ledger.blocks.iter().find(|block| block.height() == height).unwrap();
    TrustAnchor { height, header_hash: block.hash(), ..ledger.anchor.clone() }
}

/// Verifies, and checks what every report keeps to: its status fits its code, it says whether
/// anything is proven, and what depends on trust is there only where the blocks are trusted.
fn judge_within(container: &[u8], anchors: &str, policy: &str, limits: Limits) -> Report {
    let anchors = Anchors::parse(anchors, &limits).unwrap();
    let policy = Policy::from_json(policy).unwrap();
    let report = Verification::new(anchors, policy, limits, InputKind::Snapshot).run(container);
    let code = &*report.verdict.code;
    let status = match code {
        "verified" => Status::Verified,
        _ if CheckId::from_id(code).is_some() => Status::Rejected,
        _ => Status::Inconclusive,
    };
    assert_eq!(report.verdict.status, status, "{code}");
    assert_eq!(says(&report, "verdict"), status != Status::Verified, "{code}");
    let is_trusted = ["verified", "stale"].contains(&code);
    let found = !report.findings.is_empty() || report.findings_omitted > 0;
    assert!(is_trusted || !found, "findings in a report that is {code}");
    let holds = report.anchors.iter().any(|line| line.holds);
    assert!(is_trusted || !holds, "an anchor holds in a report that is {code}");
    report
}

fn judge(container: &[u8], anchors: &str, policy: &str) -> Report {
    judge_within(container, anchors, policy, Limits::default())
}

/// The verdict's code.
fn code(container: &[u8], anchors: &str, policy: &str) -> String {
    judge(container, anchors, policy).verdict.code
}

/// Whether the report lists this as not proven.
fn says(report: &Report, code: &str) -> bool {
    report.not_proven.iter().any(|entry| entry.code == code)
}

fn check(report: &Report, id: CheckId) -> &CheckEntry {
    report.checks.iter().find(|entry| entry.id == id).unwrap()
}

/// An item and where its payload stands in the container.
struct Placed {
    kind: Kind,
    bytes: Vec<u8>,
    range: Range<usize>,
}

/// The manifest's first height, and the items as far as they can be read.
fn take_apart(container: &[u8]) -> (u64, Vec<Placed>) {
    let mut reader = Reader::new(Limits::default());
    reader.feed(container);
    let (mut first, mut items) = (0, Vec::new());
    while let Ok(Some(item)) = reader.next_item() {
        match item {
            Item::Manifest(manifest) => first = manifest.first,
            Item::Payload { kind, bytes, offset } => {
                let start = usize::try_from(offset).unwrap();
                items.push(Placed { kind, range: start..start + bytes.len(), bytes });
            }
            Item::End => break,
        }
    }
    (first, items)
}
