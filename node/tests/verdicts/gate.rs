//! The gate, before any block is read: the manifest's claims, and anchors that contradict each
//! other, the snapshot, or the rules of its blocks.

use vidimus::check::CheckId;
use vidimus_node::simulate::{Config, Hooks, Ledger};

use super::{DEFAULT, anchor_at, check, code, judge, simulate};

/// Heights 4 to 10, and the three blocks before them.
fn ledger() -> Ledger {
    simulate(&Config { omitted: 3, ..Config::default() }, Hooks::default())
}

/// Decided before any block is read: which of two anchors is right, the file cannot say.
#[test]
fn anchors_that_contradict_each_other_leave_every_block_unread() {
    let ledger = ledger();
    let at = |height| anchor_at(&ledger, height).to_string();
    let wrong = |text: String, from: &str, to: &str| text.replace(from, to);
    let hash = ledger.blocks[5].hash().to_string();
    for (lines, expected, reason) in [
        (vec![at(6), at(8)], "verified", ""),
        (vec![at(6), at(6)], "verified", ""),
        (vec![at(6), wrong(at(6), &hash, &hash.replace('0', "1"))], "anchor-conflict", "hashes"),
        (vec![wrong(at(6), &hash, &hash.replace('0', "1")), at(6)], "anchor-conflict", "hashes"),
        (vec![at(6), wrong(at(8), "simulated", "other")], "anchor-conflict", "different chains"),
        (vec![at(6), wrong(at(8), "0.38", "0.40")], "anchor-conflict", "profile"),
        (vec![at(6), "era 7 cometbft-0.40".into()], "verified", ""),
        (vec![at(6), "era 6 cometbft-0.40".into()], "anchor-conflict", "profile"),
        // Of several contradictions the one between anchors is named first, the range last.
        (vec![wrong(at(2), "simulated", "other"), at(10)], "anchor-conflict", "chains"),
        (vec![wrong(at(2), "simulated", "other")], "anchor-chain", "another chain"),
        (vec![wrong(at(6), "simulated", "simulateD")], "anchor-chain", "another chain"),
    ] {
        let report = judge(&ledger.container, &lines.join("\n"), DEFAULT);
        assert_eq!(report.verdict.code, expected, "{lines:?}");
        assert!(expected == "verified" || report.verdict.reason.contains(reason), "{lines:?}");
        assert_eq!(report.counts.blocks, if expected == "verified" { 7 } else { 0 });
        assert_eq!(report.ledger.is_some(), expected == "verified");
    }
}

/// An `era` line says nothing of the blocks before it: without an anchor there, nobody does.
#[test]
fn first_blocks_need_an_anchor_or_an_era_that_governs_them() {
    let ledger = ledger();
    let at = |height| anchor_at(&ledger, height).to_string();
    for (anchor, era, expected) in [
        (at(4), 4, "verified"),
        (at(4), 5, "verified"),
        (at(5), 4, "verified"),
        (at(5), 5, "anchor-conflict"),
        (at(10), 1, "verified"),
        (at(10), 4, "verified"),
        (at(10), 5, "anchor-conflict"),
        (at(10), 10, "anchor-conflict"),
        (at(10), 11, "verified"),
    ] {
        let anchors = format!("{anchor}\nera {era} cometbft-0.38");
        let verdict = judge(&ledger.container, &anchors, DEFAULT).verdict;
        assert_eq!(verdict.code, expected, "{anchors}");
        assert!(expected == "verified" || verdict.reason.contains("first blocks"), "{anchors}");
    }
}

#[test]
fn anchor_counts_from_the_first_height_to_the_last() {
    // The same chain, one block further.
    let beyond = simulate(&Config { blocks: 11, ..Config::default() }, Hooks::default());
    let ledger = ledger();
    for (height, expected) in
        [(3, "anchor-out-of-range"), (4, "verified"), (10, "verified"), (11, "anchor-out-of-range")]
    {
        let anchor = anchor_at(&beyond, height).to_string();
        let report = judge(&ledger.container, &anchor, DEFAULT);
        assert_eq!(report.verdict.code, expected, "{height}");
        let names_it = report.verdict.reason.contains(&format!("height, {height}, is not in"));
        assert_eq!(names_it, expected != "verified");
        // One anchor in range does not make up for another that is not.
        let two = format!("{}\n{anchor}", ledger.anchor);
        assert_eq!(code(&ledger.container, &two, DEFAULT), expected, "{height}");
    }
}

/// Anybody can make a consistent ledger: everything was checked, and nothing is proven.
#[test]
fn consistent_ledger_without_an_anchor_is_unanchored() {
    let ledger = ledger();
    for anchors in ["", "# nothing", "era 4 cometbft-0.38", "at-least 10", "at-least 11"] {
        let report = judge(&ledger.container, anchors, DEFAULT);
        assert_eq!(report.verdict.code, "unanchored", "{anchors}");
        assert_eq!(
            (report.counts.blocks, check(&report, CheckId::AnchorHeaderHash).passed),
            (7, 0)
        );
        let profile = anchors.contains("era").then(|| "cometbft-0.38".to_owned());
        assert_eq!(report.ledger.unwrap().profile, profile, "{anchors}");
    }
}

/// The manifest is a claim about what follows it.
#[test]
fn manifest_must_fit_the_blocks_that_follow() {
    for (first, last, expected, path) in [
        (1, 10, "verified", ""),
        (0, 10, "snapshot.manifest", "manifest"),
        (10, 10, "header.height", "header.height"),
        (11, 10, "snapshot.manifest", "manifest"),
        (1, 11, "snapshot.manifest", "manifest.last"),
        (2, 10, "header.height", "header.height"),
    ] {
        let hooks = Hooks::default().on_manifest(move |manifest| {
            (manifest.first, manifest.last) = (first, last);
        });
        let ledger = simulate(&Config::default(), hooks);
        let anchor = ledger.anchor.to_string();
        let verdict = judge(&ledger.container, &anchor, DEFAULT).verdict;
        assert_eq!(verdict.code, expected, "{first} to {last}");
        assert_eq!(verdict.locus.map(|locus| locus.path).unwrap_or_default(), path);
    }
    // One block is a ledger: its first height is its last.
    let ledger = simulate(&Config { blocks: 1, ..Config::default() }, Hooks::default());
    let anchor = ledger.anchor.to_string();
    let report = judge(&ledger.container, &anchor, DEFAULT);
    assert_eq!(report.verdict.code, "verified");
}
