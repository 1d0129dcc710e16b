//! Findings: what nodes of an era accepted and nobody honest writes.

use vidimus::{
    check::CheckId, encoding::hex::Address, ledger::cometbft::profile::Profile, snapshot::Kind,
};
use vidimus_node::simulate::{Config, Format, Hooks, Ledger};

use super::{DEFAULT, HEADERS, anchor_at, check, judge, simulate, take_apart};

/// An address that no validator has.
pub(crate) const FOREIGN: Address = Address([0x77; 20]);

/// Puts the foreign address into one entry of the commit for each of these heights.
pub(crate) fn foreign_address(heights: &'static [u64]) -> Hooks {
    Hooks::default().on_votes(move |plan| {
        if heights.contains(&plan.height) {
            plan.votes[1].address = FOREIGN;
        }
    })
}

fn ledger(format: Format, profile: Profile, hooks: Hooks) -> Ledger {
    simulate(&Config { format, profile, ..Config::default() }, hooks)
}

/// Where the foreign address stands, found by looking for its bytes.
fn places(container: &[u8]) -> Vec<u64> {
    let windows = container.windows(20).enumerate().filter(|(_, window)| *window == FOREIGN.0);
    windows.map(|(at, _)| u64::try_from(at).unwrap()).collect()
}

/// One entry goes by an address of nobody. Nodes that did not look accepted it, so the ledger is
/// what it is; where nodes looked, no network ever decided it. Either way the place is the entry's.
#[test]
fn foreign_address_is_a_finding_where_nodes_did_not_look_and_a_failure_where_they_did() {
    let cases: [(Format, &str, &'static [u64], u64, &str); 3] = [
        (Format::Blocks, DEFAULT, &[5], 6, "block.last_commit"),
        (Format::Blocks, DEFAULT, &[10], 10, "commit"),
        (Format::LightBlocks, HEADERS, &[5], 5, "light_block.signed_header.commit"),
    ];
    let looked = [Profile::V0_37, Profile::V0_38, Profile::V0_40];
    for (format, policy, struck, height, commit) in cases {
        for profile in Profile::ALL {
            let ledger = ledger(format, profile, foreign_address(struck));
            let report = judge(&ledger.container, &ledger.anchor.to_string(), policy);
            let skipped = check(&report, CheckId::CommitAddress).skipped;
            let locus = if looked.contains(&profile) {
                assert_eq!(report.verdict.code, "commit.address", "{profile}");
                report.verdict.locus.unwrap()
            } else {
                assert_eq!(report.verdict.code, "verified", "{profile}");
                assert_eq!((report.findings.len(), report.findings_omitted, skipped), (1, 0, 1));
                let finding = &report.findings[0];
                assert_eq!(finding.check, CheckId::CommitAddress);
                assert_eq!(finding.evidence.claimed, FOREIGN.to_string());
                let owner = ledger.blocks[0].validators.list().validators[1].address;
                assert_eq!(finding.evidence.computed, owner.to_string());
                finding.locus.clone()
            };
            assert_eq!(locus.height, Some(height), "{profile}");
            assert_eq!(locus.path, format!("{commit}.signatures[1].validator_address"));
            assert_eq!(places(&ledger.container), [locus.offset.unwrap()], "{profile}");
        }
    }
}

/// Somebody who makes up blocks makes up what stands out in them: findings wait for trust.
#[test]
fn findings_stand_only_in_reports_of_trusted_blocks() {
    let flawed = || foreign_address(&[5]);
    let transaction = flawed().on_header(|draft| {
        if draft.height == 8 {
            draft.transactions[0][0] ^= 1;
        }
    });
    let signature = flawed().on_votes(|plan| {
        if plan.height == 8 {
            plan.votes[0].key = plan.votes[1].key;
        }
    });
    let no_commit = flawed().on_items(|draft| {
        draft.items.retain(|item| item.kind != Kind::Commit);
    });
    // The right anchor, one that asks for more, none, and a wrong one.
    let anchors = |ledger: &Ledger| {
        let mut wrong = anchor_at(ledger, 10);
        wrong.header_hash.0[0] ^= 1;
        let anchor = &ledger.anchor;
        [anchor.to_string(), format!("{anchor}\nat-least 11"), String::new(), wrong.to_string()]
    };
    for (hooks, given, expected, findings) in [
        (flawed(), 0, "verified", 1),
        (flawed(), 1, "stale", 1),
        (flawed(), 2, "unanchored", 0),
        (flawed(), 3, "anchor.header-hash", 0),
        (transaction, 0, "block.data-hash", 0),
        (signature, 0, "commit.signature", 0),
        (no_commit, 0, "incomplete", 0),
    ] {
        let ledger = ledger(Format::Blocks, Profile::V0_38_0, hooks);
        let report = judge(&ledger.container, &anchors(&ledger)[given], DEFAULT);
        assert_eq!((&*report.verdict.code, report.findings.len()), (expected, findings));
    }
}

#[test]
fn place_of_a_finding_lies_in_the_block_that_carries_the_commit() {
    let ledger = ledger(Format::Blocks, Profile::V0_38_0, foreign_address(&[5, 7]));
    let report = judge(&ledger.container, &ledger.anchor.to_string(), DEFAULT);
    let (_, items) = take_apart(&ledger.container);
    let blocks: Vec<_> = items.iter().filter(|item| item.kind == Kind::Block).collect();
    for (finding, block) in report.findings.iter().zip([blocks[5], blocks[7]]) {
        let offset = usize::try_from(finding.locus.offset.unwrap()).unwrap();
        assert!(block.range.contains(&offset), "{:?}", finding.locus);
    }
    assert_eq!(report.findings.len(), 2);
}
