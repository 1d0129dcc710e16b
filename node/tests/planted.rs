//! What the audit finds in a network of hospitals is what was planted there: none missing, none more.
#![expect(clippy::unwrap_used, reason = "a test that fails may panic")]

use std::collections::{BTreeMap, BTreeSet};

use vidimus::{
    InputKind, Verification,
    anchor::Anchors,
    audit::{
        AuditOptions, AuditPolicy, AuditReport, Event, Finding, Outcome, Side, SkipReason,
        ViewCollector, Views, ViolationId,
    },
    limits::Limits,
    policy::Policy,
    record::{
        Body, Record,
        sealing::{Details, open_details},
        view::ViewingFile,
    },
    report::Report,
};
use vidimus_node::{
    scenario::{Scenario, ScenarioConfig, Violations},
    simulate::Ledger,
};

/// Violation, height, index.
type Placed = (String, u64, Option<u64>);

fn file(scenario: &Scenario, name: &str) -> String {
    let file = scenario.files().unwrap().into_iter().find(|file| file.path == name);
    file.unwrap().text
}

fn options(scenario: &Scenario, is_viewing: bool) -> AuditOptions {
    let mut options = AuditOptions::default();
    options.policy = AuditPolicy::from_toml(&file(scenario, "policy.toml")).unwrap();
    options.view = is_viewing
        .then(|| ViewingFile::decode(file(scenario, "regulator.view").as_bytes()).unwrap());
    options
}

fn report(ledger: &Ledger, options: AuditOptions) -> Report {
    let anchors = Anchors { anchors: vec![ledger.anchor.clone()], ..Anchors::default() };
    let mut limits = Limits::default();
    limits.findings_each = u64::MAX;
    let report = Verification::new(anchors, Policy::default(), limits, InputKind::Snapshot)
        .with_audit(options)
        .run(&ledger.container);
    assert_eq!(report.verdict.code, "verified", "{:?}", report.verdict);
    report
}

fn planted(scenario: &Scenario) -> BTreeSet<Placed> {
    let placed = scenario.findings().iter();
    placed.map(|it| (it.expected.id.to_owned(), it.height, it.index)).collect()
}

fn found(audit: &AuditReport) -> BTreeSet<Placed> {
    let place = audit.findings.iter().map(|it| (it.id.to_string(), it.height, it.index));
    let found: BTreeSet<_> = place.collect();
    assert_eq!(found.len(), audit.findings.len(), "one finding of a violation for a transaction");
    found
}

fn compare(scenario: &Scenario, audit: &AuditReport) -> usize {
    let (planted, found) = (planted(scenario), found(audit));
    let missing: Vec<_> = planted.difference(&found).collect();
    let more: Vec<_> = found.difference(&planted).collect();
    let say = |places: &[&Placed]| -> String {
        let what = |place: &&Placed| {
            let of =
                |it: &&vidimus_node::scenario::Placed| (it.height, it.index) == (place.1, place.2);
            let planted: Vec<_> = scenario.findings().iter().filter(of).collect();
            let finding = audit
                .findings
                .iter()
                .find(|it| (it.id.to_string(), it.height, it.index) == **place);
            format!("{place:?}\n    planted there: {planted:?}\n    found: {finding:?}\n")
        };
        places.iter().take(12).map(what).collect()
    };
    assert!(
        missing.is_empty() && more.is_empty(),
        "{} missing:\n{}\n{} more:\n{}",
        missing.len(),
        say(&missing),
        more.len(),
        say(&more)
    );
    planted.len()
}

#[test]
fn findings_over_ten_seeds_are_those_that_were_planted() {
    let (mut count, mut ids) = (0_usize, BTreeSet::new());
    for seed in 1..=10 {
        let config = ScenarioConfig { seed, ..ScenarioConfig::default() };
        let scenario = Scenario::new(config).unwrap();
        let ledger = scenario.simulation().unwrap().run();
        let audit = report(&ledger, options(&scenario, true)).audit.unwrap();
        count = count.checked_add(compare(&scenario, &audit)).unwrap();
        ids.extend(audit.findings.iter().map(|finding| finding.id));
    }
    // Looking into the trail is no act on the ledger.
    let shown: BTreeSet<_> =
        ViolationId::ALL.iter().copied().filter(|id| *id != ViolationId::V30).collect();
    assert_eq!(ids, shown, "every violation that a ledger can show occurs");
    println!(
        "harness: planted = found: {count} findings of {} violations over ten seeds",
        ids.len()
    );
}

#[test]
fn every_variant_of_every_plant_is_found() {
    let ids = vidimus_node::scenario::IDS.into_iter();
    let counts = ids.map(|id| (id, if id == "V28" { 1 } else { 6 })).collect();
    let (violations, patients, accesses) = (Violations::Counts(counts), 150, 900);
    let config = ScenarioConfig { violations, patients, accesses, ..ScenarioConfig::default() };
    let scenario = Scenario::new(config).unwrap();
    let ledger = scenario.simulation().unwrap().run();
    let audit = report(&ledger, options(&scenario, true)).audit.unwrap();
    compare(&scenario, &audit);
}

#[test]
fn without_the_viewing_file_the_sealed_checks_are_skipped_and_nothing_else_changes() {
    let scenario = Scenario::new(ScenarioConfig::default()).unwrap();
    let ledger = scenario.simulation().unwrap().run();
    let [open, sealed] = [true, false].map(|is| report(&ledger, options(&scenario, is)));
    assert_eq!(open.verdict, sealed.verdict);
    assert_eq!(open.checks, sealed.checks);
    let [open, sealed] = [open, sealed].map(|report| report.audit.unwrap());
    assert_eq!(open.coverage, sealed.coverage);
    let mut is_skipped = BTreeMap::new();
    for (open, sealed) in open.violations.iter().zip(&sealed.violations) {
        if sealed.reason == Some(SkipReason::Sealed) {
            is_skipped.insert(sealed.id.id(), sealed.outcome);
            assert_eq!(open.reason, None, "{}", open.id);
            assert!(sealed.count <= open.count, "{}", open.id);
        } else {
            assert_eq!(open, sealed);
        }
    }
    let names: Vec<_> = is_skipped.keys().copied().collect();
    assert_eq!(names, ["V15", "V16", "V18", "V24", "V25", "V27", "V34", "V38"]);
    assert_eq!(is_skipped["V38"], Outcome::Skip);
}

/// The list of whoever holds the viewing file of these options.
fn views(ledger: &Ledger, options: AuditOptions) -> Views {
    let anchors = Anchors { anchors: vec![ledger.anchor.clone()], ..Anchors::default() };
    let (policy, limits) = (Policy::default(), Limits::default());
    let mut verification =
        Verification::new(anchors, policy, limits, InputKind::Snapshot).with_audit(options.clone());
    let mut rest = ledger.container.as_slice();
    while !rest.is_empty() {
        rest = rest.get(verification.feed(rest).consumed..).unwrap();
        verification.discharge_inline();
    }
    while !verification.end() {
        verification.discharge_inline();
    }
    verification.discharge_inline();
    let (_, trusted) = verification.conclude();
    let mut collector = ViewCollector::new(options.view.clone().unwrap());
    let mut pass = trusted.unwrap().second_pass(options);
    pass.feed(&ledger.container);
    pass.finish().unwrap();
    pass.take_acts().iter().for_each(|act| collector.add(act));
    pass.take_findings().iter().for_each(|finding| collector.add_finding(finding));
    collector.finish()
}

#[test]
fn what_is_found_about_patients_stands_in_their_list_once() {
    let counts = vec![("V14", 4), ("V15", 2), ("V19", 5), ("V23", 4), ("V31", 2), ("V32", 2)];
    let (violations, patients) = (Violations::Counts(counts), 150);
    let config = ScenarioConfig { violations, patients, ..ScenarioConfig::default() };
    let scenario = Scenario::new(config).unwrap();
    let ledger = scenario.simulation().unwrap().run();
    let options = options(&scenario, true);
    let audit = report(&ledger, options.clone()).audit.unwrap();
    compare(&scenario, &audit);
    let views = views(&ledger, options.clone());
    assert!(!views.one_patient);

    let view = options.view.unwrap();
    let place = |finding: &Finding| (finding.id.to_string(), finding.height, finding.index);
    let is_viewed = |finding: &&Finding| {
        finding.subject.is_some_and(|subject| view.view_key(&subject).is_some())
    };
    let mut found: Vec<Placed> = audit.findings.iter().filter(is_viewed).map(place).collect();
    let at_event = |event: &Event| -> Vec<Placed> {
        let ids = event.findings.iter();
        ids.map(|id| (id.to_string(), event.height, Some(event.index))).collect()
    };
    let mut listed: Vec<Placed> = views.events.iter().flat_map(at_event).collect();
    listed.extend(views.other_findings.iter().map(place));
    found.sort();
    listed.sort();
    assert_eq!(listed, found);

    let planted = |id: &str, what: &str| {
        let mut placed = scenario.findings().iter();
        let placed = placed.find(|it| (it.expected.id, it.expected.what) == (id, what)).unwrap();
        (id.to_owned(), placed.height, placed.index)
    };
    let event = |id: &str, what: &str| {
        let placed = planted(id, what);
        views.events.iter().find(|event| at_event(event).contains(&placed)).unwrap()
    };
    let alone = event("V23", "the custodian says nothing of it");
    assert_eq!((alone.by, alone.is_accepted()), (Side::Recipient, true));
    for what in ["the recipient is not registered", "the recipient is suspended"] {
        assert_eq!(event("V19", what).by, Side::Custodian, "{what}");
    }
    assert!(!event("V14", "there is no such delegation").own);
    assert!(!event("V15", "the child has come of age").own);
    assert!(views.events.iter().any(|event| event.own));
    for (id, what) in [
        ("V14", "a proxy consents whose delegation was withdrawn"),
        ("V19", "the gateway's signature is not the gateway's"),
        ("V23", "the recipient names another system"),
        ("V31", "the patient's signature is not the patient's"),
        ("V32", "another key than the subject's signs as the subject"),
    ] {
        let placed = planted(id, what);
        assert!(views.other_findings.iter().any(|finding| place(finding) == placed), "{what}");
    }
}

/// What was looked for in some records only was not looked for.
#[test]
fn with_the_viewing_file_of_one_patient_the_sealed_checks_are_none_that_passed() {
    let scenario = Scenario::new(ScenarioConfig::default()).unwrap();
    let ledger = scenario.simulation().unwrap().run();
    let [open, sealed] = [true, false].map(|is| report(&ledger, options(&scenario, is)));
    let one = ViewingFile::decode(file(&scenario, "patients/0005.view").as_bytes()).unwrap();
    let mut some = options(&scenario, false);
    some.view = Some(one);
    let [open, sealed, some] =
        [open, sealed, report(&ledger, some)].map(|report| report.audit.unwrap());
    assert!(some.viewed_subjects > 0 && some.viewed_subjects < open.viewed_subjects);
    for ((open, sealed), some) in
        open.violations.iter().zip(&sealed.violations).zip(&some.violations)
    {
        assert_eq!(some.reason, sealed.reason, "{}", some.id);
        assert!(some.outcome != Outcome::None || sealed.outcome == Outcome::None, "{}", some.id);
        assert!((sealed.count..=open.count).contains(&some.count), "{}", some.id);
    }
}

/// What the record seals, if the viewing file opens it.
fn opened(body: &Body, view: &ViewingFile) -> Option<Details> {
    let (details, binding) = (body.details()?, body.binding()?);
    let key = view.view_key(body.subject()?)?;
    open_details(key, &details.nonce.0, &binding, details.ciphertext.as_bytes()).ok()
}

/// Codes, ids and texts that the ledger's records seal, as whoever has the viewing file reads them.
fn sealed(ledger: &Ledger, view: &ViewingFile) -> BTreeSet<String> {
    let mut sealed = BTreeSet::new();
    for bytes in ledger.blocks.iter().flat_map(|block| &block.draft.transactions) {
        let Ok((record, _)) = Record::decode(bytes, &ledger.anchor.chain_id) else { continue };
        let Some(details) = opened(&record.body, view) else { continue };
        let open = details.carried().map(|open| (open.codes(), open.resources(), open.authors()));
        let named = details.provisions().iter();
        let named = named.map(|named| (named.codes(), named.resources(), named.authors()));
        for (codes, resources, authors) in open.into_iter().chain(named) {
            sealed.extend(codes.iter().map(|code| code.text().to_owned()));
            sealed.extend(resources.iter().chain(authors).map(|id| id.as_str().to_owned()));
        }
        sealed.extend(details.texts().values().cloned());
    }
    sealed
}

/// So many bytes a text has at least that is searched for: fewer occur by chance.
const LEAST: usize = 4;

/// Those of `texts`, of [`LEAST`] bytes or more each, that stand in `bytes`.
fn in_clear<'a>(bytes: &[u8], texts: &[&'a str]) -> BTreeSet<&'a str> {
    let mut by_start: BTreeMap<&[u8], Vec<&str>> = BTreeMap::new();
    for &text in texts {
        by_start.entry(text.as_bytes().get(..LEAST).unwrap()).or_default().push(text);
    }
    let mut found = BTreeSet::new();
    for (at, start) in bytes.windows(LEAST).enumerate() {
        let rest = bytes.get(at..).unwrap();
        let texts = by_start.get(start).into_iter().flatten();
        found.extend(texts.filter(|text| rest.starts_with(text.as_bytes())).copied());
    }
    found
}

#[test]
fn nothing_that_a_record_seals_stands_in_the_ledger_in_clear() {
    let scenario = Scenario::new(ScenarioConfig::default()).unwrap();
    let ledger = scenario.simulation().unwrap().run();
    let view = ViewingFile::decode(file(&scenario, "regulator.view").as_bytes()).unwrap();
    let sealed = sealed(&ledger, &view);
    // Codes, an id and a text of the scenario's own: what is searched for was read.
    for text in ["42CFRPart2", "HIPAASelfPay", "MolecularSequence", "Practitioner/1"] {
        assert!(sealed.contains(text), "{text}");
    }
    assert!(sealed.contains("Unconscious on arrival."));
    let texts: Vec<&str> =
        sealed.iter().map(String::as_str).filter(|text| text.len() >= LEAST).collect();
    println!("harness: {} sealed codes, ids and texts searched for in clear", texts.len());
    assert!(texts.len() > 50, "{}", texts.len());
    assert_eq!(in_clear(&ledger.container, &texts), BTreeSet::new());
    // The search finds what is in clear.
    let clear = ["TREAT", "physician", "ward-7"];
    assert_eq!(in_clear(&ledger.container, &clear), BTreeSet::from(clear));
}
