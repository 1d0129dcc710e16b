//! What a report, and a run on the way to it, says beside the verdict: of every check, of test keys,
//! of validator sets, of what is outstanding.

use std::collections::BTreeSet;

use vidimus::{
    InputKind, Verification,
    anchor::Anchors,
    check::CheckId,
    import,
    ledger::cometbft::{evidence::Evidence, profile::Profile},
    limits::Limits,
    policy::Policy,
    report::{Outcome, Participant, Report, SkipReason},
    signature::{Discharged, SignatureRule},
    snapshot::Kind,
};
use vidimus_node::simulate::{Config, Hooks, Ledger};

use super::{DEFAULT, anchor_at, check, judge, simulate};

fn verification(anchors: &str, limits: &Limits, kind: InputKind) -> Verification {
    let anchors = Anchors::parse(anchors, limits).unwrap();
    Verification::new(anchors, Policy::from_json(DEFAULT).unwrap(), limits.clone(), kind)
}

fn within(change: impl FnOnce(&mut Limits)) -> Limits {
    let mut limits = Limits::default();
    change(&mut limits);
    limits
}

fn of_kind(ledger: &Ledger, container: &[u8], kind: InputKind) -> Report {
    verification(&ledger.anchor.to_string(), &Limits::default(), kind).run(container)
}

fn with_outcome(report: &Report, outcome: Outcome) -> Vec<CheckId> {
    let entries = report.checks.iter().filter(|entry| entry.outcome == outcome);
    entries.map(|entry| entry.id).collect()
}

#[test]
fn verified_report_says_of_every_check_that_it_passed_or_why_it_did_not_run() {
    let ledger = simulate(&Config::default(), Hooks::default());
    let report = of_kind(&ledger, &ledger.container, InputKind::Snapshot);
    assert_eq!(report.verdict.code, "verified");
    assert_eq!(report.verdict.locus, None);
    assert_eq!(report.checks.len(), CheckId::ALL.len());
    for entry in &report.checks {
        let expected = if entry.passed > 0 { Outcome::Pass } else { Outcome::Skip };
        assert_eq!(entry.outcome, expected, "{entry:?}");
        let is_explained = entry.passed == 0 || entry.skipped > 0;
        assert_eq!(entry.reason.is_some(), is_explained, "{entry:?}");
    }
    for id in [CheckId::ImportDecoded, CheckId::LightTrust] {
        assert_eq!(check(&report, id).reason, Some(SkipReason::NotApplicable));
    }
    let export = of_kind(&ledger, &ledger.container, InputKind::Export);
    for id in [CheckId::ImportDecoded, CheckId::ImportConsistent] {
        assert_eq!((check(&export, id).outcome, check(&export, id).passed), (Outcome::Pass, 1));
    }
}

#[test]
fn report_in_json_is_one_object_and_a_line_feed() {
    let ledger = simulate(&Config::default(), Hooks::default());
    let report = of_kind(&ledger, &ledger.container, InputKind::Snapshot);
    let text = report.to_json();
    assert!(text.ends_with("}\n") && text.starts_with("{\n  \"schema\": "), "{text}");
    let value: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(value["verdict"]["code"], "verified");
    assert_eq!(value["ledger"]["last"]["hash"], ledger.anchor.header_hash.to_string());
}

#[test]
fn cut_snapshot_fails_one_check_at_its_end_and_says_what_was_not_run() {
    let ledger = simulate(&Config::default(), Hooks::default());
    let cut = &ledger.container[..ledger.container.len() - 1];
    let report = of_kind(&ledger, cut, InputKind::Snapshot);
    assert_eq!(with_outcome(&report, Outcome::Fail), [CheckId::SnapshotComplete]);
    let locus = report.verdict.locus.clone().unwrap();
    assert_eq!(locus.path, "snapshot");
    assert_eq!(locus.offset, Some(u64::try_from(cut.len()).unwrap()));
    assert_eq!(check(&report, CheckId::ImportDecoded).reason, Some(SkipReason::NotApplicable));
    assert_eq!(check(&report, CheckId::LightTrust).reason, Some(SkipReason::NotRun));
    let export = of_kind(&ledger, cut, InputKind::Export);
    assert_eq!(check(&export, CheckId::ImportDecoded).reason, Some(SkipReason::NotRun));
}

#[test]
fn reason_has_a_place_where_there_is_one() {
    let ledger = simulate(&Config::default(), Hooks::default());
    assert_eq!(judge(&ledger.container, "", DEFAULT).verdict.locus, None);
    let narrow = within(|limits| limits.block_bytes = 10);
    let report = verification(&ledger.anchor.to_string(), &narrow, InputKind::Snapshot)
        .run(&ledger.container);
    assert_eq!(report.verdict.code, "limit");
    let offset = report.verdict.locus.unwrap().offset.unwrap();
    assert!(offset > 22 && offset < 4_096, "{offset}");
}

#[test]
fn test_keys_are_called_so_even_where_the_first_block_fails() {
    let ledger = simulate(&Config::default(), Hooks::default());
    let report = of_kind(&ledger, &ledger.container, InputKind::Snapshot);
    assert!(report.test_keys && report.participation.iter().all(|signer| signer.test_key));
    let hooks = Hooks::default().on_header(|draft| {
        if draft.height == 1 {
            draft.header.version_block = 12;
        }
    });
    let wrong = simulate(&Config::default(), hooks);
    let report = of_kind(&wrong, &wrong.container, InputKind::Snapshot);
    assert_eq!((report.verdict.code.as_str(), report.counts.blocks), ("header.version", 0));
    assert!(report.test_keys);
    assert!(!report.participation.iter().any(|signer| signer.test_key));
}

#[test]
fn every_validator_set_counts_once() {
    for (churn, blocks) in [(0, 10), (3, 12)] {
        let config = Config { churn, blocks, ..Config::default() };
        let ledger = simulate(&config, Hooks::default());
        let sets: BTreeSet<_> = ledger.blocks.iter().map(|block| block.validators.hash()).collect();
        let report = of_kind(&ledger, &ledger.container, InputKind::Snapshot);
        assert_eq!(report.verdict.code, "verified");
        let counted = usize::try_from(report.counts.validator_sets).unwrap();
        // The set after the last block is announced and signs nothing here.
        assert!(counted == sets.len() || counted == sets.len() + 1, "{counted} {}", sets.len());
        assert_eq!(churn == 0, counted == 1);
    }
}

#[test]
fn nothing_is_taken_while_too_much_is_outstanding() {
    let ledger = simulate(&Config { blocks: 40, ..Config::default() }, Hooks::default());
    let limits = within(|limits| (limits.outstanding_signatures, limits.batch_signatures) = (8, 4));
    let mut run = verification(&ledger.anchor.to_string(), &limits, InputKind::Snapshot);
    let mut fed = 0;
    let mut stops = 0;
    let mut discharged = 0;
    while fed < ledger.container.len() {
        let end = ledger.container.len().min(fed + 500);
        let progress = run.feed(&ledger.container[fed..end]);
        fed += progress.consumed;
        assert_eq!(progress.bytes, u64::try_from(fed).unwrap());
        assert_eq!(progress.signatures, discharged);
        if progress.consumed == 0 {
            assert!(progress.outstanding >= 8, "{progress:?}");
            stops += 1;
            let outstanding = run.progress(0).outstanding;
            run.discharge_inline();
            discharged += outstanding - run.progress(0).outstanding;
        }
    }
    assert!(stops > 5, "{stops}");
    while !run.end() {
        run.discharge_inline();
    }
    run.discharge_inline();
    assert_eq!(run.finish().verdict.code, "verified");
}

#[test]
fn outcome_that_names_a_signature_the_batch_does_not_have_is_not_taken() {
    let ledger = simulate(&Config::default(), Hooks::default());
    let limits = within(|limits| limits.batch_signatures = 4);
    let mut run = verification(&ledger.anchor.to_string(), &limits, InputKind::Snapshot);
    run.feed(&ledger.container);
    let batch = run.next_batch().unwrap();
    assert_eq!(batch.len(), 4);
    let outcome = |place: u32| {
        let mut bytes = [&b"vidimus/failed/1\n"[..], &batch.id(), &place.to_le_bytes()].concat();
        let digest = vidimus::merkle::sha256(&[&bytes]);
        bytes.extend_from_slice(&digest.0);
        Discharged::assume_verified(&bytes).unwrap()
    };
    assert!(!run.discharge(&outcome(4)));
    assert_eq!(run.progress(0).signatures, 0);
    assert!(run.discharge(&outcome(3)));
    assert_eq!(run.progress(0).signatures, 4);
    while !run.end() {
        run.discharge_inline();
    }
    run.discharge_inline();
    assert_eq!(run.finish().verdict.code, "commit.signature");
}

#[test]
fn signatures_of_one_rule_share_batches_and_those_of_two_do_not() {
    let config = Config { profile: Profile::V0_37, blocks: 10, ..Config::default() };
    let ledger = simulate(&config, Hooks::default());
    let anchors = format!("{}\nera 6 cometbft-0.38", anchor_at(&ledger, 1));
    let mut run = verification(&anchors, &Limits::default(), InputKind::Snapshot);
    let mut rules = Vec::new();
    let mut drain = |run: &mut Verification| {
        while let Some(batch) = run.next_batch() {
            rules.push(batch.rule());
            run.discharge(&batch.verify());
        }
    };
    run.feed(&ledger.container);
    while !run.end() {
        drain(&mut run);
    }
    drain(&mut run);
    assert_eq!(rules, [SignatureRule::GoEd25519, SignatureRule::Zip215]);
    assert_eq!(run.finish().verdict.code, "verified");
}

/// Every vote is counted once: for the whole and for its validator.
#[test]
fn votes_are_counted_by_what_they_say() {
    let config = Config {
        validators: 7,
        nil_percent: 20,
        absent_percent: 20,
        blocks: 20,
        ..Config::default()
    };
    let ledger = simulate(&config, Hooks::default());
    let report = of_kind(&ledger, &ledger.container, InputKind::Snapshot);
    assert_eq!(report.verdict.code, "verified");
    let counts = &report.counts;
    let sum = |of: fn(&Participant) -> u64| report.participation.iter().map(of).sum::<u64>();
    assert_eq!(counts.nil, sum(|signer| signer.nil));
    assert_eq!(counts.absent, sum(|signer| signer.absent));
    assert_eq!(counts.commit_signatures, sum(|signer| signer.commit) + counts.nil);
    assert_eq!(counts.commit_signatures + counts.absent, 7 * 20);
    assert!(counts.nil > 5 && counts.absent > 5, "{counts:?}");
}

/// What the last block says of the next set is checked where that set is there or is the same, and
/// else is left open.
#[test]
fn set_that_the_last_block_announces_is_checked_where_it_is_known() {
    for (churn, is_given, open) in [(0, true, 0), (1, true, 0), (1, false, 1)] {
        let hooks = Hooks::default().on_items(move |draft| {
            let last = draft.items.iter().rposition(|item| item.kind == Kind::Validators);
            if let (false, 10, Some(last)) = (is_given, draft.height, last) {
                draft.items.remove(last);
            }
        });
        let config = Config { validators: 12, churn, ..Config::default() };
        let ledger = simulate(&config, hooks);
        let report = of_kind(&ledger, &ledger.container, InputKind::Snapshot);
        assert_eq!(report.verdict.code, "verified", "{:?}", report.verdict);
        let entry = check(&report, CheckId::HeaderNextValidatorsHash);
        assert_eq!((entry.passed, entry.skipped), (10 - open, open), "{churn} {is_given}");
        assert_eq!(entry.reason, (open > 0).then_some(SkipReason::Tip));
    }
}

/// Whether evidence stood in a block before the first that is there is not known.
#[test]
fn evidence_is_unique_since_the_chain_began_or_so_far_as_seen() {
    for (omitted, skips) in [(0, 0), (3, 2)] {
        let config = Config { evidence: 3, blocks: 10, omitted, ..Config::default() };
        let ledger = simulate(&config, Hooks::default());
        let report = of_kind(&ledger, &ledger.container, InputKind::Snapshot);
        assert_eq!(report.verdict.code, "verified");
        let entry = check(&report, CheckId::EvidenceUnique);
        assert_eq!((entry.passed, entry.skipped), (3 - u64::from(omitted > 0), skips));
        assert_eq!(entry.reason, (skips > 0).then_some(SkipReason::RangeStart));
    }
}

#[test]
fn evidence_that_weighs_the_offender_otherwise_shows_both_weights() {
    let hooks = Hooks::default().on_block(|draft| {
        if let Some(Evidence::DuplicateVote(evidence)) = draft.evidence.first_mut() {
            evidence.validator_power = 77;
        }
    });
    let config = Config { evidence: 4, powers: vec![5; 4], ..Config::default() };
    let ledger = simulate(&config, hooks);
    let report = of_kind(&ledger, &ledger.container, InputKind::Snapshot);
    let shown = report.verdict.evidence.unwrap();
    assert!(shown.claimed.starts_with("power 77 of 20 at 2026-01-01T"), "{shown:?}");
    assert!(shown.computed.starts_with("power 5 of 20 at 2026-01-01T"), "{shown:?}");
}

#[test]
fn export_that_cannot_be_imported_has_no_verdict_and_nothing_more_is_taken() {
    let ledger = simulate(&Config::default(), Hooks::default());
    let error = import::light_block("status.json", b"{", &Limits::default()).unwrap_err();
    let anchor = ledger.anchor.to_string();
    let half = &ledger.container[..ledger.container.len() / 2];
    let mut run = verification(&anchor, &Limits::default(), InputKind::Export);
    run.feed(half);
    run.end_import(&error);
    run.discharge_inline();
    let report = run.finish();
    assert_eq!(report.verdict.code, error.outcome().unwrap().id());
    assert_eq!(report.verdict.locus.unwrap().source.as_deref(), Some("status.json"));
    assert!((1..10).contains(&report.counts.blocks), "{:?}", report.counts);
}
