//! The second pass: every transaction and finding, of the same bytes only.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use vidimus::{
    ChangedInput, InputKind, Verification,
    anchor::Anchors,
    audit::{AuditOptions, ListedAct, Standing, StartEntry, ViolationId},
    contract::{
        decision::{InForce, Verdict, decide},
        matching::Question,
        network::Network,
        outcome::{RequestStanding, ResultCode},
    },
    limits::Limits,
    policy::Policy,
    record::Body,
};
use vidimus_node::simulate::Ledger;

use super::{
    emergencies::emergency,
    fixture::{Fixture, LATENCY, PATIENT, viewing_file},
};

/// The patient consents, and is treated in an emergency that nobody reviews.
fn ledger() -> Ledger {
    Fixture::new().access(emergency).idle(8).block(|_| vec![b"no record".to_vec()]).write()
}

pub(super) fn options() -> AuditOptions {
    let mut options = AuditOptions::default();
    options.view = Some(viewing_file());
    options
}

pub(super) fn verified(ledger: &Ledger, anchors: Anchors, limits: Limits) -> Verification {
    let policy = Policy::default();
    let mut verification = Verification::new(anchors, policy, limits, InputKind::Snapshot);
    verification.feed(&ledger.container);
    assert!(verification.end());
    verification.discharge_inline();
    verification
}

pub(super) fn anchors(ledger: &Ledger) -> Anchors {
    Anchors { anchors: vec![ledger.anchor.clone()], ..Anchors::default() }
}

#[test]
fn every_transaction_and_finding_comes_out_wherever_the_chunks_end() {
    let ledger = ledger();
    let (report, trusted) = verified(&ledger, anchors(&ledger), Limits::default()).conclude();
    // Of each violation the report lists none, and the second pass all.
    let mut limits = Limits::default();
    limits.findings_each = 0;
    let (bounded, _) = verified(&ledger, anchors(&ledger), limits).conclude();
    let bounded = bounded.audit.unwrap();
    assert_eq!(bounded.findings, []);
    assert_eq!(bounded.violations, report.audit.as_ref().unwrap().violations);

    for size in [7, 1_000, 1 << 20] {
        let mut pass = trusted.as_ref().unwrap().second_pass(options());
        let (mut acts, mut findings) = (vec![], vec![]);
        for chunk in ledger.container.chunks(size) {
            pass.feed(chunk);
            acts.append(&mut pass.take_acts());
            findings.append(&mut pass.take_findings());
        }
        assert_eq!(pass.finish(), Ok(()));
        acts.append(&mut pass.take_acts());
        findings.append(&mut pass.take_findings());
        let listed: Vec<_> =
            acts.iter().map(|act| (act.place.height, act.place.index, act.code)).collect();
        let (accepted, malformed) = (ResultCode::Accepted, ResultCode::Malformed);
        let expected = [
            (1, Some(0), accepted),
            (2, Some(0), accepted),
            (3, Some(0), accepted),
            (12, Some(0), malformed),
        ];
        assert_eq!(listed, expected);
        for act in &acts {
            let bytes = &ledger.container[usize::try_from(act.place.offset).unwrap()..];
            let head: &[u8] = if act.record.is_some() { &[0xd2, 0x84] } else { b"no record" };
            assert!(bytes.starts_with(head), "{act:?}");
        }
        let ids: Vec<_> = findings.iter().map(|finding| finding.id).collect();
        assert_eq!(ids, [ViolationId::V11]);
        assert_eq!(findings, report.audit.as_ref().unwrap().findings);
    }
}

#[test]
fn other_bytes_than_were_verified_are_noticed() {
    let ledger = ledger();
    let (_, trusted) = verified(&ledger, anchors(&ledger), Limits::default()).conclude();
    let trusted = trusted.unwrap();
    let mut cut = trusted.second_pass(options());
    cut.feed(&ledger.container[..ledger.container.len() - 1]);
    assert_eq!(cut.finish(), Err(ChangedInput));
    // A record's signature: the second pass checks none, and sees that the bytes are others.
    let position = ledger.container.windows(9).position(|bytes| bytes == b"no record").unwrap();
    let mut changed = ledger.container.clone();
    changed[position] ^= 1;
    let mut pass = trusted.second_pass(options());
    pass.feed(&changed);
    assert_eq!(pass.finish(), Err(ChangedInput));
}

#[test]
fn nothing_but_a_trusted_ledger_gives_a_second_pass() {
    let ledger = ledger();
    let (report, trusted) = verified(&ledger, Anchors::default(), Limits::default()).conclude();
    assert_eq!(report.verdict.code, "unanchored");
    assert!(report.audit.is_none() && trusted.is_none());
    let mut unfinished = Verification::new(
        anchors(&ledger),
        Policy::default(),
        Limits::default(),
        InputKind::Snapshot,
    );
    unfinished.feed(&ledger.container);
    assert!(unfinished.end());
    // Its signatures are not checked.
    let (report, trusted) = unfinished.conclude();
    assert_eq!(report.verdict.code, "cancelled");
    assert!(report.audit.is_none() && trusted.is_none());
}

#[test]
fn more_than_the_audit_may_keep_ends_without_a_verdict() {
    let ledger = ledger();
    let mut limits = Limits::default();
    limits.audit_bytes = 1_000;
    let report = verified(&ledger, anchors(&ledger), limits).finish();
    assert_eq!(report.verdict.code, "limit");
    assert!(report.audit.is_none());
}

/// What the second pass lists of the ledger: what stands at the start, and the transactions.
fn listed(ledger: &Ledger) -> (Vec<StartEntry>, Vec<ListedAct>) {
    let (_, trusted) = verified(ledger, anchors(ledger), Limits::default()).conclude();
    let mut pass = trusted.unwrap().second_pass(options()).with_start();
    assert!(pass.take_start().is_none(), "nothing is read yet");
    pass.feed(&ledger.container);
    let start = pass.take_start().unwrap().collect();
    assert!(pass.take_start().is_none(), "it is told once");
    pass.finish().unwrap();
    (start, pass.take_acts())
}

/// An access up to its outcome, which is the next byte: key 5 of its map, after the event's id.
fn up_to_outcome() -> Vec<u8> {
    [&[4, 0x50][..], &[0; 16], &[5]].concat()
}

/// Where this ends in the bytes.
fn end_of(bytes: &[u8], what: &[u8]) -> usize {
    bytes.windows(what.len()).position(|window| window == what).unwrap() + what.len()
}

#[test]
fn malformed_records_are_told_with_their_path_and_the_byte_in_the_snapshot() {
    let ledger = Fixture::new()
        .block(|world| {
            let mut access = world.access(None, |_| {});
            let outcome = end_of(&access, &up_to_outcome());
            access[outcome] = 9;
            vec![b"no record".to_vec(), access]
        })
        .idle(1)
        .write();
    let (_, acts) = listed(&ledger);
    let lines = acts.iter().map(|act| serde_json::to_value(act).unwrap());
    let errors: Vec<Value> = lines.map(|line| line["error"].clone()).collect();
    let no_record = end_of(&ledger.container, b"no record") - b"no record".len();
    let outcome = end_of(&ledger.container, &[&*up_to_outcome(), &[9]].concat()) - 1;
    let error = |path: &str, offset: usize, problem: &str| {
        let offset = offset.to_string();
        json!({ "path": path, "offset": offset, "problem": problem })
    };
    let expected = [
        Value::Null,
        error("", no_record, "a value of another type than the schema's"),
        error("payload.outcome", outcome, "an unknown variant"),
    ];
    assert_eq!(errors, expected);
}

/// What the listed network is, of one that began as `given`. The chain's validators are its own.
fn assert_is_as_given(network: &Network, given: &Network) {
    let validators = network.validators.clone();
    assert_eq!(*network, Network { validators, ..given.clone() });
}

#[test]
fn chain_from_its_start_begins_with_its_network_and_nothing_more() {
    let fixture = Fixture::new().access(|_| {});
    let given = fixture.network.clone();
    let (start, acts) = listed(&fixture.write());
    let [StartEntry::Network(network)] = &*start else { panic!("{start:?}") };
    assert_is_as_given(network, &given);
    assert_eq!(acts.len(), 3);
    let json = serde_json::to_value(&start[0]).unwrap();
    assert_eq!(json["network"]["limits"]["latency"], LATENCY);
    assert_eq!(json["network"]["rules"]["implicit"], "deny");
    for (_, name) in Network::FIELDS {
        assert!(!json["network"][name].is_null(), "{name}");
    }
}

/// Of a snapshot that holds the access alone: neither the consent nor the request is in its blocks.
#[test]
fn decision_is_made_again_from_what_stands_at_the_start() {
    let mut fixture =
        Fixture::new().block(|world| vec![world.delegation(PATIENT, |_| {})]).access(|_| {});
    fixture.omitted = 3;
    let given = fixture.network.clone();
    let (start, acts) = listed(&fixture.write());
    let [StartEntry::Network(network), left @ ..] = &*start else { panic!("{start:?}") };
    assert_is_as_given(network, &given);

    let mut kinds = BTreeMap::<String, usize>::new();
    let (mut consents, mut requests) = (vec![], vec![]);
    for entry in left {
        let StartEntry::State(standing) = entry else { panic!("{entry:?}") };
        let json = serde_json::to_value(entry).unwrap();
        assert_eq!(json["state"]["kind"], standing.kind().name());
        *kinds.entry(standing.kind().name().to_owned()).or_default() += 1;
        if let Standing::Consent { id, entry } = standing {
            assert_eq!(json["state"]["id"], id.to_string());
            let version = &json["state"]["entry"]["versions"][0];
            assert_eq!(version["consent"]["scope"]["purposes"], json!(["TREAT"]));
            consents.extend(entry.versions.iter());
        } else if let Standing::Request { id, entry } = standing {
            requests.push((*id, entry));
        }
    }
    let expected = [("consent", 1), ("delegation", 1), ("organization", 4), ("request", 1)];
    assert_eq!(kinds, expected.map(|(kind, count)| (kind.to_owned(), count)).into());

    let [ListedAct { record: Some(record), judgement: Some(judgement), .. }] = &*acts else {
        panic!("{acts:?}")
    };
    let Body::Access(access) = &record.body else { panic!("{record:?}") };
    let half = access.by_custodian.as_ref().unwrap();
    let at = judgement.at;
    let in_force = consents.iter().filter(|version| {
        version.consent.subject == access.subject
            && version.consent.custodian == access.custodian
            && version.consent.period.contains(at)
            && version.from <= at
            && version.until.is_none_or(|until| at < until)
    });
    let in_force: Vec<_> =
        in_force.map(|version| InForce { id: version.id, consent: &version.consent }).collect();
    let decision = decide(&in_force, &network.rules, &Question::new(&half.processing, at));
    assert_eq!((decision.verdict, decision.considered.len()), (Verdict::Covered, 1));
    assert_eq!(decision, judgement.decision);
    // Without the consent it would be another.
    let alone = decide(&[], &network.rules, &Question::new(&half.processing, at));
    assert_eq!(alone.verdict, Verdict::Uncovered);
    let request = requests.iter().find(|(id, _)| Some(*id) == half.request);
    assert!(request.is_some_and(|(_, entry)| entry.permitted));
    assert_eq!(judgement.request, Some(RequestStanding::Granted));
}
