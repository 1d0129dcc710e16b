//! Every named attack fails the check it names, and every check is needed: with it switched off,
//! which only this test build can do, some attack would be verified.

use alloc::{
    collections::{BTreeMap, BTreeSet},
    format,
    string::ToString as _,
    vec::Vec,
};
use std::{println, sync::LazyLock};

use vidimus_node::{
    attacks::{self, Attack},
    simulate::{Config, Hooks, Simulation},
};

use crate::{
    InputKind, Verification,
    anchor::Anchors,
    check::CheckId,
    limits::Limits,
    merkle::anchor_tree::{DocumentHasher, Salt},
    packet,
    policy::Policy,
    report::{Report, Status},
};

static ATTACKS: LazyLock<Vec<Attack>> = LazyLock::new(attacks::all);

fn start(attack: &Attack) -> Verification {
    let limits = Limits::default();
    let anchors = Anchors::parse(&attack.anchor, &limits).expect("an anchor");
    let policy = Policy::from_json(attack.policy).expect("a policy");
    let is_packet = packet::is_packet(&attack.container);
    let kind = if is_packet { InputKind::Packet } else { InputKind::Snapshot };
    // Whoever has a packet about a document has a document; here it is another.
    let other = DocumentHasher::new(&Salt::from_bytes([7; 32])).finish();
    let is_of_document = packet::salts(&attack.container).is_ok_and(|salts| !salts.is_empty());
    let documents = if is_of_document { Vec::from([Vec::from([other])]) } else { Vec::new() };
    Verification::new(anchors, policy, limits, kind).with_documents(documents)
}

fn verify(attack: &Attack) -> Report {
    start(attack).run(&attack.container)
}

/// Checks that cannot be switched off, and why.
const STRUCTURAL: [(CheckId, &str); 5] = [
    (CheckId::ImportDecoded, "an answer that is not understood leaves nothing to verify"),
    (CheckId::ImportConsistent, "of two contradicting answers neither can be preferred"),
    (CheckId::SnapshotFraming, "after an item that is none, the next one cannot be found"),
    (CheckId::PacketEncoding, "what is not understood leaves nothing to verify"),
    (CheckId::PacketReferences, "what is not there cannot be looked at"),
];

#[test]
fn every_attack_fails_exactly_the_check_it_names() {
    let attacks = &*ATTACKS;
    assert!(attacks.len() >= 80, "{} attacks", attacks.len());
    let mut wrong = Vec::new();
    for attack in attacks {
        let report = verify(attack);
        let code = report.verdict.code;
        if report.verdict.status == Status::Verified || code != attack.expects {
            wrong.push(format!("{}: expected {}, got {code}", attack.name, attack.expects));
        }
    }
    println!(
        "harness: {} structural attacks, {} judged otherwise than named",
        attacks.len(),
        wrong.len()
    );
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The check that alone stands between an attack and a verified ledger, and the report without it.
fn without_its_check(attack: &Attack) -> (CheckId, Report) {
    // Missing trust is no failure: the check that did not pass leaves the verdict open.
    let check = match attack.expects {
        "not-enough-trust" => CheckId::LightTrust,
        id => CheckId::from_id(id).expect("a check"),
    };
    (check, start(attack).without(check).run(&attack.container))
}

#[test]
fn every_check_is_needed() {
    let mut needed: BTreeMap<CheckId, Vec<&str>> = BTreeMap::new();
    let attacks = &*ATTACKS;
    let mut wrong = Vec::new();
    for attack in attacks.iter().filter(|attack| attack.sole) {
        let (check, report) = without_its_check(attack);
        if report.verdict.status == Status::Verified {
            needed.entry(check).or_default().push(attack.name);
        } else {
            wrong.push(format!("{}: without {check} still {}", attack.name, report.verdict.code));
        }
    }
    for check in CheckId::ALL {
        let reason = STRUCTURAL.iter().find(|(id, _)| id == check).map(|(_, reason)| *reason);
        match (needed.get(check), reason) {
            (Some(names), None) => {
                println!("harness: {check}: without it, verified: {}", names.join("; "));
            }
            (None, Some(reason)) => println!("harness: {check}: always on: {reason}"),
            (None, None) => wrong.push(format!("{check}: no attack needs it")),
            (Some(_), Some(_)) => wrong.push(format!("{check}: listed as structural")),
        }
    }
    println!("harness: every check is needed: {} of {}", needed.len(), CheckId::ALL.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What a snapshot needs, a packet may not, and the other way round: each check that a packet passes is
/// one without which some other packet would be verified.
#[test]
fn every_check_of_a_packet_is_needed_by_packets() {
    let is_packet = |attack: &&Attack| attack.sole && packet::is_packet(&attack.container);
    let (mut passed, mut needed) = (BTreeSet::new(), BTreeMap::<CheckId, Vec<&str>>::new());
    for attack in ATTACKS.iter().filter(is_packet) {
        let (check, report) = without_its_check(attack);
        assert_eq!(report.verdict.status, Status::Verified, "{} without {check}", attack.name);
        needed.entry(check).or_default().push(attack.name);
        passed.extend(report.checks.iter().filter(|entry| entry.passed > 0).map(|entry| entry.id));
    }
    for (check, names) in &needed {
        println!("{check}: without it, verified: {}", names.join("; "));
    }
    let is_structural = |check: &&CheckId| STRUCTURAL.iter().any(|(id, _)| id == *check);
    let missing: Vec<&CheckId> = passed
        .iter()
        .filter(|check| !needed.contains_key(*check) && !is_structural(check))
        .collect();
    assert!(missing.is_empty(), "no packet needs {missing:?}");
    assert!(needed.keys().all(|check| passed.contains(check)));
    println!("{} checks of packets, each needed", needed.len());
}

#[test]
fn failure_does_not_depend_on_chunks_or_on_the_order_of_discharge() {
    for attack in ATTACKS.iter() {
        let whole = verify(attack).to_json();
        let mut pieces = start(attack);
        let mut batches = Vec::new();
        for chunk in attack.container.chunks(997) {
            assert_eq!(pieces.feed(chunk).consumed, chunk.len());
            while let Some(batch) = pieces.next_batch() {
                batches.push(batch);
            }
        }
        assert!(pieces.end());
        while let Some(batch) = pieces.next_batch() {
            batches.push(batch);
        }
        for batch in batches.iter().rev() {
            assert!(pieces.discharge(&batch.verify()));
        }
        assert_eq!(pieces.finish().to_json(), whole, "{}", attack.name);
    }
}

/// An honest ledger, of which one signature is still out: all else is proven, and nothing is said.
#[test]
fn undischarged_signatures_are_never_verified() {
    let ledger = Simulation::new(Config::default(), Hooks::default()).expect("a ledger").run();
    // Forty votes, and a batch for each.
    let limits = Limits { batch_signatures: 1, ..Limits::default() };
    for (withheld, expected) in [(0, "verified"), (1, "cancelled"), (40, "cancelled")] {
        let anchors = Anchors::parse(&ledger.anchor.to_string(), &limits).expect("an anchor");
        let policy = Policy::default();
        let mut verification =
            Verification::new(anchors, policy, limits.clone(), InputKind::Snapshot);
        assert_eq!(verification.feed(&ledger.container).consumed, ledger.container.len());
        assert!(verification.end());
        let batches: Vec<_> = core::iter::from_fn(|| verification.next_batch()).collect();
        assert_eq!(batches.len(), 40);
        for batch in batches.iter().skip(withheld) {
            assert!(verification.discharge(&batch.verify()));
        }
        assert_eq!(verification.finish().verdict.code, expected, "{withheld} withheld");
    }
}
