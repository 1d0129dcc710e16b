//! Step 6 and the policy: the same blocks, asked for more and for less.

use vidimus::{check::CheckId, encoding::time::Timestamp, snapshot::Kind};
use vidimus_node::simulate::{Config, Format, Hooks, Ledger};

use super::{
    DEFAULT, HASH_LINKS, HEADERS, anchor_at, check, code, judge, says, simulate, take_apart,
};

const CONTRACT: &str = r#"{"require": "contract"}"#;

/// Ten blocks.
fn ledger(format: Format) -> Ledger {
    simulate(&Config { format, ..Config::default() }, Hooks::default())
}

/// The end of a ledger is what somebody leaves off: a statement holds at exactly the last block.
#[test]
fn ledger_that_ends_where_asked_is_verified_and_one_short_of_it_is_stale() {
    for (format, policy) in [(Format::Blocks, DEFAULT), (Format::LightBlocks, HEADERS)] {
        let ledger = ledger(format);
        let (height, time) = (10, ledger.blocks[9].draft.header.time);
        let at_least = |height: u64| format!("at-least {height}");
        let as_of = |nanos| format!("as-of {}", Timestamp { nanos, ..time });
        for (line, holds) in [
            (at_least(height - 1), true),
            (at_least(height), true),
            (at_least(height + 1), false),
            (as_of(time.nanos - 1), true),
            (as_of(time.nanos), true),
            (as_of(time.nanos + 1), false),
        ] {
            let anchor = ledger.anchor.to_string();
            let report = judge(&ledger.container, &format!("{anchor}\n{line}"), policy);
            assert_eq!(report.verdict.code, if holds { "verified" } else { "stale" }, "{line}");
            // What is there is proven from the anchor all the same; only the line does not hold.
            let lines = report.anchors.iter().map(|entry| (&*entry.line, entry.holds));
            assert!(lines.eq([(&*anchor, true), (&*line, holds)]), "{:?}", report.anchors);
            assert_eq!(report.ledger.unwrap().last.height, height);
            assert_eq!((report.counts.blocks, report.verdict.locus), (10, None));
        }
    }
}

#[test]
fn each_statement_about_the_end_is_judged_by_itself() {
    let ledger = ledger(Format::Blocks);
    let time = ledger.blocks[9].draft.header.time;
    for (least, late, expected) in
        [(10, 0, "verified"), (11, 0, "stale"), (10, 1, "stale"), (11, 1, "stale")]
    {
        let as_of = Timestamp { nanos: time.nanos + late, ..time };
        let anchors = format!("as-of {as_of}\n{}\nat-least {least}", ledger.anchor);
        let report = judge(&ledger.container, &anchors, DEFAULT);
        assert_eq!(report.verdict.code, expected, "{anchors}");
        let holds: Vec<bool> = report.anchors.iter().map(|entry| entry.holds).collect();
        assert_eq!(holds, [true, least == 10, late == 0], "{anchors}");
    }
}

/// Any other reason says more of what is wrong than that something later is missing.
#[test]
fn staleness_is_looked_at_when_nothing_else_is_missing() {
    let ledger = ledger(Format::Blocks);
    let without_commit = simulate(&Config::default(), no_last_commit());
    let stale = format!("{}\nat-least 11", ledger.anchor);
    for (container, anchors, policy, expected) in [
        (&ledger.container, &*stale, DEFAULT, "stale"),
        (&ledger.container, &*stale, CONTRACT, "incomplete"),
        (&ledger.container, "at-least 11", DEFAULT, "unanchored"),
        (&ledger.container, "at-least 10", DEFAULT, "unanchored"),
        (&without_commit.container, &*stale, DEFAULT, "incomplete"),
    ] {
        assert_eq!(code(container, anchors, policy), expected, "{anchors} {policy}");
    }
}

fn no_last_commit() -> Hooks {
    Hooks::default().on_items(|draft| draft.items.retain(|item| item.kind != Kind::Commit))
}

/// Nothing but its own commit shows that the last block was decided, whatever is asked for.
#[test]
fn last_block_without_its_commit_is_incomplete_under_every_policy() {
    let ledger = simulate(&Config::default(), no_last_commit());
    for policy in [HEADERS, DEFAULT, CONTRACT, HASH_LINKS] {
        let report = judge(&ledger.container, &ledger.anchor.to_string(), policy);
        assert_eq!(report.verdict.code, "incomplete", "{policy}");
        assert!(report.verdict.reason.contains("commit of the last block"), "{policy}");
    }
}

/// Headers show less than blocks: light blocks serve who asks for headers, and nobody else.
#[test]
fn light_blocks_are_enough_for_headers_and_blocks_for_the_ledger() {
    for (format, policy, expected) in [
        (Format::LightBlocks, HEADERS, "verified"),
        (Format::LightBlocks, DEFAULT, "incomplete"),
        (Format::LightBlocks, r#"{"require": "ledger"}"#, "incomplete"),
        (Format::LightBlocks, CONTRACT, "incomplete"),
        (Format::Blocks, HEADERS, "verified"),
        (Format::Blocks, r#"{"require": "ledger"}"#, "verified"),
        (Format::Blocks, CONTRACT, "incomplete"),
    ] {
        let ledger = ledger(format);
        let report = judge(&ledger.container, &ledger.anchor.to_string(), policy);
        assert_eq!(report.verdict.code, expected, "{format:?} {policy}");
        assert_eq!(says(&report, "headers-only"), format == Format::LightBlocks);
    }
}

/// 0x56490001 is the contract's version. A ledger that goes over to it, away from it or to a later one
/// on the way stays open, unless nobody asks what the blocks mean.
#[test]
fn change_to_or_from_the_contract_is_unsupported() {
    for (policy, version, expected) in [
        (DEFAULT, 0x5649_0000, "verified"),
        (DEFAULT, 0x5649_0001, "unsupported"),
        (DEFAULT, 0x5649_ffff, "unsupported"),
        (DEFAULT, 0x564a_0000, "verified"),
        (DEFAULT, u64::MAX, "verified"),
        (HEADERS, 0x5649_0001, "verified"),
        (CONTRACT, 0x5649_0000, "incomplete"),
    ] {
        for height in [1, 5, 10] {
            let hooks = Hooks::default().on_header(move |draft| {
                if draft.height == height {
                    draft.header.version_app = version;
                }
            });
            let ledger = simulate(&Config::default(), hooks);
            let code = code(&ledger.container, &ledger.anchor.to_string(), policy);
            assert_eq!(code, expected, "version {version:#x} at {height}, {policy}");
        }
    }
}

/// Hash links run back from an anchor: with one below the tip the blocks above it hang in the air.
#[test]
fn hash_links_are_refused_unless_an_anchor_is_at_the_tip() {
    let ledger = ledger(Format::Blocks);
    let at = |height| anchor_at(&ledger, height).to_string();
    for (anchors, expected) in [
        (String::new(), "policy"),
        (at(1), "policy"),
        (at(9), "policy"),
        (at(10), "verified"),
        (format!("{}\n{}", at(1), at(10)), "verified"),
        (format!("{}\n{}", at(10), at(9)), "verified"),
    ] {
        assert_eq!(code(&ledger.container, &anchors, HASH_LINKS), expected, "{anchors}");
    }
}

#[test]
fn hash_links_are_refused_for_light_blocks() {
    let ledger = ledger(Format::LightBlocks);
    for require in ["headers", "ledger"] {
        let policy = format!(r#"{{"require": "{require}", "signatures": "hash-links"}}"#);
        let code = code(&ledger.container, &ledger.anchor.to_string(), &policy);
        assert_eq!(code, "policy", "{require}");
    }
}

/// What the policy gives up: a forged vote, the last block's too. The report says so, and counts no
/// vote of anybody.
#[test]
fn forged_signature_is_not_noticed_under_hash_links_and_the_report_says_so() {
    for height in [5, 10] {
        let hooks = Hooks::default().on_votes(move |plan| {
            if plan.height == height {
                plan.votes[0].key = plan.votes[1].key;
            }
        });
        let ledger = simulate(&Config::default(), hooks);
        let anchor = ledger.anchor.to_string();
        assert_eq!(code(&ledger.container, &anchor, DEFAULT), "commit.signature");
        let report = judge(&ledger.container, &anchor, HASH_LINKS);
        assert_eq!(report.verdict.code, "verified");
        assert!(says(&report, "signatures"));
        assert_eq!(report.counts.commit_signatures, 0);
        assert!(report.participation.is_empty());
        for id in [CheckId::CommitSignature, CheckId::CommitQuorum] {
            // Commits of ten blocks.
            assert_eq!((check(&report, id).passed, check(&report, id).skipped), (0, 10), "{id}");
            assert!(says(&report, &format!("policy:{id}")));
        }
    }
}

/// What the policy keeps: every bit of a block.
#[test]
fn one_flipped_bit_of_a_transaction_is_rejected_under_hash_links() {
    let ledger = ledger(Format::Blocks);
    let (_, items) = take_apart(&ledger.container);
    let blocks = items.iter().filter(|item| item.kind == Kind::Block);
    for (item, block) in blocks.zip(&ledger.blocks) {
        let transaction = &block.draft.transactions[1];
        let within = item.bytes.windows(transaction.len()).position(|w| w == transaction).unwrap();
        for at in [within, within + transaction.len() - 1] {
            let mut container = ledger.container.clone();
            container[item.range.start + at] ^= 1;
            let verdict = judge(&container, &ledger.anchor.to_string(), HASH_LINKS).verdict;
            assert_eq!(verdict.code, "block.data-hash");
            assert_eq!(verdict.locus.unwrap().height, Some(block.height()));
        }
    }
}
