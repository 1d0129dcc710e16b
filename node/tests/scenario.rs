//! The hospital network: what is planted is there, and what is not is not.
#![expect(clippy::unwrap_used, reason = "a test that fails may panic")]

use std::collections::{BTreeMap, BTreeSet};

use vidimus::{
    InputKind, Verification,
    anchor::Anchors,
    contract::{
        decision::Verdict,
        outcome::{Judgement, RequestStanding},
    },
    encoding::cbor,
    limits::Limits,
    policy::{Policy, Require},
    record::{
        Body, Record,
        access::{Access, Outcome},
        view::ViewingFile,
    },
    report::Status,
};
use vidimus_node::{
    scenario::{Because, IDS, Scenario, ScenarioConfig, ScenarioError, Violations},
    simulate::Ledger,
};

fn scenario(violations: Violations, seed: u64) -> Scenario {
    Scenario::new(ScenarioConfig { violations, seed, ..ScenarioConfig::default() }).unwrap()
}

fn run(scenario: &Scenario) -> Ledger {
    scenario.simulation().unwrap().run()
}

/// Every variant of every plant, in a scenario of some size.
fn every_variant() -> Scenario {
    let counts = IDS.into_iter().map(|id| (id, if id == "V28" { 1 } else { 6 })).collect();
    let violations = Violations::Counts(counts);
    let (patients, accesses) = (150, 900);
    Scenario::new(ScenarioConfig { violations, patients, accesses, ..ScenarioConfig::default() })
        .unwrap()
}

/// A transaction of a ledger with its place and what became of it.
struct Placed {
    place: (u64, u64),
    code: u32,
    data: Vec<u8>,
    record: Record,
    block: u64,
}

fn transactions(ledger: &Ledger) -> Vec<Placed> {
    let chain_id = &ledger.anchor.chain_id;
    let mut placed = Vec::new();
    for block in &ledger.blocks {
        let draft = &block.draft;
        let time = vidimus::record::instant::Instant::of_block(&draft.header.time).as_millis();
        let results = draft.transactions.iter().zip(&draft.results.results);
        for (index, (bytes, result)) in (0..).zip(results) {
            placed.push(Placed {
                place: (draft.height, index),
                code: result.code,
                data: result.data.clone(),
                record: Record::decode(bytes, chain_id).unwrap().0,
                block: time,
            });
        }
    }
    placed
}

fn found(scenario: &Scenario) -> BTreeMap<(u64, u64), BTreeSet<&'static str>> {
    let mut found = BTreeMap::<_, BTreeSet<_>>::new();
    for placed in scenario.findings() {
        if let Some(index) = placed.index {
            assert!(found.entry((placed.height, index)).or_default().insert(placed.expected.id));
        }
    }
    found
}

fn half(record: &Record) -> Option<&Access> {
    let Body::Access(access) = &record.body else { return None };
    access.by_custodian.is_some().then_some(access)
}

#[test]
fn same_figures_give_the_same_bytes() {
    let [first, second, other] = [1, 1, 2].map(|seed| scenario(Violations::All, seed));
    assert_eq!(first.files(), second.files());
    assert_ne!(first.ground_truth(), other.ground_truth());
    let [first, second, other] = [&first, &second, &other].map(run);
    assert_eq!(first.container, second.container);
    assert_ne!(first.container, other.container);
}

#[test]
fn ledger_is_verified_with_its_contract() {
    let ledger = run(&every_variant());
    let anchors = Anchors { anchors: vec![ledger.anchor], ..Anchors::default() };
    let policy = Policy { require: Require::Contract, ..Policy::default() };
    let verification = Verification::new(anchors, policy, Limits::default(), InputKind::Snapshot);
    let report = verification.run(&ledger.container);
    assert_eq!(report.verdict.status, Status::Verified, "{:?}", report.verdict);
    assert!(report.test_keys);
}

#[test]
fn decision_that_all_validators_wrote_wrongly_is_rejected_at_its_transaction() {
    let scenario = scenario(Violations::All, 1);
    let honest = transactions(&run(&scenario));
    let ledger = scenario.with_wrong_decision().unwrap().run();
    let wrong = transactions(&ledger);
    let mut differing = honest.iter().zip(&wrong).filter(|(one, other)| one.data != other.data);
    let (Some((before, after)), None) = (differing.next(), differing.next()) else {
        panic!("not one decision differs");
    };
    let verdict =
        |placed: &Placed| cbor::decode::<Judgement>(&placed.data).unwrap().decision.verdict;
    assert!(!verdict(before).permits());
    assert_eq!(verdict(after), Verdict::Covered);

    let anchors = Anchors { anchors: vec![ledger.anchor], ..Anchors::default() };
    let policy = Policy::default();
    let verification = Verification::new(anchors, policy, Limits::default(), InputKind::Snapshot);
    let verdict = verification.run(&ledger.container).verdict;
    assert_eq!(verdict.code, "contract.results");
    let (height, index) = after.place;
    let locus = verdict.locus.unwrap();
    assert_eq!((locus.height, locus.path), (Some(height), format!("block.txs[{index}]")));
}

#[test]
fn every_violation_is_planted_once_with_default_figures() {
    let scenario = scenario(Violations::All, 1);
    let planted = scenario.findings().iter();
    let planted = planted.filter(|placed| placed.expected.because == Because::Planted);
    let ids: BTreeSet<_> = planted.map(|placed| placed.expected.id).collect();
    assert_eq!(ids, BTreeSet::from(IDS));
    let text: serde_json::Value = serde_json::from_str(&scenario.ground_truth()).unwrap();
    assert_eq!(text["violations"].as_array().unwrap().len(), scenario.findings().len());
    assert!(text["violations"][0]["index"].is_null(), "V28 is of the network");
    assert_eq!(text["violations"][0]["id"], "V28");
}

/// Which violations say that nothing covers an access.
const UNCOVERED: [&str; 9] = ["V01", "V02", "V03", "V04", "V05", "V06", "V07", "V08", "V09"];

#[test]
fn verdicts_of_the_contract_are_what_was_intended() {
    let scenario = every_variant();
    let (ledger, found) = (run(&scenario), found(&scenario));
    let mut counts = [0; 3];
    for placed in transactions(&ledger) {
        let none = BTreeSet::new();
        let ids = found.get(&placed.place).unwrap_or(&none);
        let Some(access) = half(&placed.record) else { continue };
        if placed.code != 0 {
            assert!(!ids.is_empty(), "{:?} is refused: {}", placed.place, placed.code);
            continue;
        }
        let judgement: Judgement = cbor::decode(&placed.data).unwrap();
        if access.outcome != Outcome::Success {
            assert_eq!(judgement.request, Some(RequestStanding::Refused));
            assert!(!judgement.decision.verdict.permits());
            assert!(ids.is_empty());
            counts[0] += 1;
            continue;
        }
        let is_uncovered = ids.iter().any(|id| UNCOVERED.contains(id))
            || (ids.contains("V17") || ids.contains("V35")) && ids.contains("V37");
        let verdict = judgement.decision.verdict;
        assert_eq!(!verdict.permits(), is_uncovered, "{:?}: {verdict:?}, {ids:?}", placed.place);
        assert_eq!(verdict == Verdict::Indeterminate, ids.contains("V36"), "{:?}", placed.place);
        assert_eq!(verdict == Verdict::Denied, ids.contains("V09"), "{:?}", placed.place);
        let is_granted = judgement.request == Some(RequestStanding::Granted);
        assert_eq!(!is_granted, ids.contains("V37"), "{:?}: {ids:?}", placed.place);
        counts[if is_uncovered { 1 } else { 2 }] += 1;
    }
    assert!(counts[0] > 5 && counts[1] > 60 && counts[2] > 700, "{counts:?}");
}

#[test]
fn refused_is_only_what_was_planted_so() {
    let scenario = every_variant();
    let (ledger, found) = (run(&scenario), found(&scenario));
    let refused: Vec<_> =
        transactions(&ledger).into_iter().filter(|placed| placed.code != 0).collect();
    let mut ids = BTreeSet::new();
    for placed in &refused {
        let of = &found[&placed.place];
        assert_eq!(of.len(), 1, "{of:?}");
        ids.extend(of);
    }
    assert_eq!(ids, BTreeSet::from(["V14", "V19", "V20", "V31", "V32"]));
}

/// Numbers, links and times of accepted records: what is not planted keeps the rules.
#[test]
fn honest_records_are_numbered_linked_and_on_time() {
    let scenario = every_variant();
    let (ledger, found) = (run(&scenario), found(&scenario));
    let mut last = BTreeMap::new();
    for placed in transactions(&ledger).into_iter().filter(|placed| placed.code == 0) {
        let source = placed.record.body.source().clone();
        let before = last.insert(placed.record.signer, (source.clone(), placed.record.id));
        let ids = found.get(&placed.place);
        let is_planted = |id| ids.is_some_and(|ids| ids.contains(id));
        let follows = match &before {
            Some((before, id)) => {
                source.sequence == before.sequence + 1 && source.previous == Some(*id)
            }
            None => source.sequence == 1 && source.previous.is_none(),
        };
        assert_eq!(!follows, is_planted("V21"), "{:?}", placed.place);
        let at = source.recorded_at.as_millis();
        let is_late = at + 3_600_000 < placed.block || placed.block + 10_000 < at;
        let is_back = before.is_some_and(|(before, _)| before.recorded_at > source.recorded_at);
        assert_eq!(is_late || is_back, is_planted("V22"), "{:?}", placed.place);
    }
}

#[test]
fn violations_that_were_not_asked_for_are_not_there() {
    let scenario = scenario(Violations::Rate(0), 3);
    assert_eq!(scenario.findings(), []);
    let mut accesses = 0;
    for placed in transactions(&run(&scenario)) {
        assert_eq!(placed.code, 0, "{:?}", placed.place);
        accesses += u32::from(half(&placed.record).is_some());
    }
    assert_eq!(accesses, 200);
}

#[test]
fn viewing_files_open_what_is_sealed() {
    let scenario = scenario(Violations::Rate(0), 3);
    let files: BTreeMap<_, _> =
        scenario.files().unwrap().into_iter().map(|file| (file.path, file.text)).collect();
    let regulator = ViewingFile::decode(files["regulator.view"].as_bytes()).unwrap();
    assert_eq!(files.keys().filter(|path| path.starts_with("patients/")).count(), 60);
    for placed in transactions(&run(&scenario)) {
        let Some(access) = half(&placed.record) else { continue };
        let key = regulator.view_key(&access.subject).unwrap();
        let details = access.details.as_ref().unwrap();
        let binding = vidimus::record::sealing::Binding {
            kind: "access",
            subject: &access.subject,
            event_id: &access.event.0,
        };
        let opened = vidimus::record::sealing::open_details(
            key,
            &details.nonce.0,
            &binding,
            details.ciphertext.as_bytes(),
        );
        let sealer = vidimus::record::sealing::Sealer::new(key);
        let closures = sealer.compute_closures(opened.unwrap().carried().unwrap());
        assert_eq!(access.by_custodian.as_ref().unwrap().processing.closures, closures);
    }
}

#[test]
fn figures_that_make_no_scenario_are_named() {
    let base = ScenarioConfig::default;
    let one = ScenarioConfig { custodians: 1, patients: 24, accesses: 40, ..base() };
    assert!(Scenario::new(one).is_ok());
    for (config, expected) in [
        (ScenarioConfig { custodians: 0, ..base() }, ScenarioError::Custodians),
        (ScenarioConfig { patients: 23, ..base() }, ScenarioError::Patients),
        (
            ScenarioConfig { accesses: 36, ..base() },
            ScenarioError::Accesses { planted: 37, accesses: 36 },
        ),
    ] {
        assert_eq!(Scenario::new(config).unwrap_err(), expected);
    }
}
