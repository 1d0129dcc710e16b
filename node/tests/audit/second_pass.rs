//! The second pass: every transaction and finding, of the same bytes only.

use vidimus::{
    ChangedInput, InputKind, Verification,
    anchor::Anchors,
    audit::{AuditOptions, ViolationId},
    contract::outcome::ResultCode,
    limits::Limits,
    policy::Policy,
};
use vidimus_node::simulate::Ledger;

use super::{
    emergencies::emergency,
    fixture::{Fixture, viewing_file},
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
