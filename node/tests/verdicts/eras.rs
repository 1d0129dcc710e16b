//! Eras: the height at which other rules come into force.

use vidimus::{
    check::CheckId,
    ledger::cometbft::{
        profile::{Profile, TimeRule},
        time::compute_median,
        validator::{Member, ValidatorSet},
    },
};
use vidimus_node::simulate::{Config, Format, Hooks, Ledger};

use super::{
    DEFAULT, HEADERS, anchor_at, check, code, findings::foreign_address, judge, says, simulate,
};

const UPGRADE: u64 = 12;

fn voters() -> Config {
    Config { validators: 10, nil_percent: 30, blocks: 20, ..Config::default() }
}

fn members(ledger: &Ledger) -> Vec<Member> {
    ValidatorSet::verify(ledger.blocks[0].validators.list()).unwrap().members().to_vec()
}

/// A network of 0.38 that runs 0.40, which leaves NIL votes out of block time, from a height on.
fn upgraded() -> Ledger {
    let members = members(&simulate(&voters(), Hooks::default()));
    let hooks = Hooks::default().on_block(move |draft| {
        if draft.height >= UPGRADE {
            let rule = TimeRule::MedianOfCommitVotes;
            draft.header.time = compute_median(&draft.last_commit, &members, rule).unwrap();
        }
    });
    simulate(&voters(), hooks)
}

/// The rules of block time change at one block: a height too early or too late, and an honest
/// block is measured by the wrong ones.
#[test]
fn era_governs_block_time_from_exactly_its_height_on() {
    let ledger = upgraded();
    let members = members(&ledger);
    for height in [UPGRADE - 1, UPGRADE] {
        let commit = &ledger.blocks[usize::try_from(height).unwrap() - 2].commit;
        let median = |rule| compute_median(commit, &members, rule);
        assert_ne!(median(TimeRule::MedianOfAllVotes), median(TimeRule::MedianOfCommitVotes));
    }
    let anchor = anchor_at(&ledger, 1);
    for (era, expected, height) in [
        (UPGRADE - 1, "header.time", Some(UPGRADE - 1)),
        (UPGRADE, "verified", None),
        (UPGRADE + 1, "header.time", Some(UPGRADE)),
    ] {
        let report =
            judge(&ledger.container, &format!("{anchor}\nera {era} cometbft-0.40"), DEFAULT);
        assert_eq!(report.verdict.code, expected, "era {era}");
        assert_eq!(report.verdict.locus.and_then(|locus| locus.height), height, "era {era}");
        if expected == "verified" {
            assert_eq!(report.ledger.unwrap().profile.as_deref(), Some("cometbft-0.40"));
        }
    }
    assert_eq!(code(&ledger.container, &anchor.to_string(), DEFAULT), "header.time");
}

/// Where proposers assert the time from an era on, it is derived again up to the block before.
#[test]
fn era_of_asserted_time_is_said_not_to_be_proven() {
    let ledger = simulate(&voters(), Hooks::default());
    for (era, asserted) in [(2, 19), (UPGRADE, 9), (20, 1), (21, 0)] {
        let anchors = format!("{}\nera {era} {}", anchor_at(&ledger, 1), Profile::V1_0Pbts);
        let report = judge(&ledger.container, &anchors, DEFAULT);
        assert_eq!(report.verdict.code, "verified", "era {era}");
        let time = check(&report, CheckId::HeaderTime);
        // The chain's first block has no votes before it.
        assert_eq!((time.passed, time.skipped), (19 - asserted, asserted + 1), "era {era}");
        assert_eq!(says(&report, "time"), asserted > 0, "era {era}");
    }
}

/// The profile at H governs the last commit in block H, and H + 1 a commit that stands on its own.
#[test]
fn era_governs_the_addresses_of_the_commit_that_its_first_block_carries() {
    let cases: [(Format, &str, &'static [u64], u64, &str); 7] = [
        (Format::Blocks, DEFAULT, &[5], 5, "commit.address"),
        (Format::Blocks, DEFAULT, &[5], 6, "commit.address"),
        (Format::Blocks, DEFAULT, &[5], 7, "verified"),
        (Format::Blocks, DEFAULT, &[10], 11, "commit.address"),
        (Format::Blocks, DEFAULT, &[10], 12, "verified"),
        (Format::LightBlocks, HEADERS, &[5], 6, "commit.address"),
        (Format::LightBlocks, HEADERS, &[5], 7, "verified"),
    ];
    for (format, policy, struck, era, expected) in cases {
        let config = Config { format, profile: Profile::V0_38_0, ..Config::default() };
        let ledger = simulate(&config, foreign_address(struck));
        let anchors = format!("{}\nera {era} cometbft-0.38", anchor_at(&ledger, 1));
        let report = judge(&ledger.container, &anchors, policy);
        assert_eq!(report.verdict.code, expected, "{struck:?} {anchors}");
        assert_eq!(report.findings.len(), usize::from(expected == "verified"));
    }
}
