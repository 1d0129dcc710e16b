//! Packets of the hospital network: a patient's records, one left out, one added, two swapped.

use std::collections::{BTreeMap, BTreeSet};

use vidimus::{
    encoding::{cbor::List, hex::PublicKey},
    packet::{
        Packet,
        build::Wanted,
        claim::{Claim, Entry},
    },
    record::{Body, Record},
};
use vidimus_node::{
    scenario::{Scenario, ScenarioConfig},
    simulate::Ledger,
};

use super::world::{build, verify, with_claims};

/// Accepted records that concern each subject.
fn subjects(ledger: &Ledger) -> BTreeMap<PublicKey, Vec<Record>> {
    let mut subjects: BTreeMap<PublicKey, Vec<Record>> = BTreeMap::new();
    for block in &ledger.blocks {
        let draft = &block.draft;
        for (bytes, result) in draft.transactions.iter().zip(&draft.results.results) {
            let Ok((record, _)) = Record::decode(bytes, &ledger.anchor.chain_id) else { continue };
            if let (0, Some(subject)) = (result.code, record.body.subject()) {
                subjects.entry(*subject).or_default().push(record.clone());
            }
        }
    }
    subjects
}

fn with_records(packet: &Packet, edit: impl Fn(&mut Vec<Entry>)) -> Packet {
    with_claims(packet, |claims| {
        let Claim::Subject(claim) = &mut claims[0] else { panic!("a subject") };
        let mut records = claim.records.to_vec();
        edit(&mut records);
        claim.records = List::new(records).unwrap();
    })
}

#[test]
fn patients_have_all_their_records_and_not_one_less() {
    let config = ScenarioConfig { seed: 7, ..ScenarioConfig::default() };
    let ledger = Scenario::new(config).unwrap().simulation().unwrap().run();
    let (subjects, tip) = (subjects(&ledger), ledger.anchor.height);
    let wanted = |subject: &PublicKey| Wanted::Subject {
        subject: *subject,
        from: None,
        to: None,
        withhold: BTreeSet::new(),
    };
    let mut foreign: Option<Entry> = None;
    for (subject, records) in subjects.iter().filter(|(_, records)| records.len() > 3).take(6) {
        let packet = build(&ledger, tip, vec![wanted(subject)]).unwrap();
        let report = verify(&ledger, tip, &packet.to_bytes());
        assert_eq!(report.verdict.code, "verified", "{:?}", report.verdict);
        let ids: Vec<_> = report.claims[0].records.iter().map(|record| record.id).collect();
        // The last block's are not attested yet.
        let known: Vec<_> = records.iter().map(|record| record.id).collect();
        assert!(known.starts_with(&ids) && known.len() - ids.len() <= 1);

        let refused = |packet: &Packet| verify(&ledger, tip, &packet.to_bytes()).verdict.code;
        for at in 0..ids.len() {
            let without = with_records(&packet, |records| drop(records.remove(at)));
            assert_eq!(refused(&without), "log.complete", "without {at}");
            if let Some(foreign) = &foreign {
                let with = with_records(&packet, |records| records.insert(at, foreign.clone()));
                assert_eq!(refused(&with), "log.complete", "with another at {at}");
            }
            if at > 0 {
                let swapped = with_records(&packet, |records| records.swap(at - 1, at));
                assert_eq!(refused(&swapped), "log.complete", "{at} before its time");
            }
        }
        let Claim::Subject(claim) = &packet.claims[0] else { panic!("a subject") };
        foreign = Some(claim.records[0].clone());
    }
    // A consent that was revoked.
    let revocation = subjects.values().flatten().find_map(|record| match &record.body {
        Body::Revocation(body) => Some((body.subject, body.consent)),
        _ => None,
    });
    let (subject, consent) = revocation.unwrap();
    let wanted = Wanted::Consent { subject: Some(subject), consent, to: None };
    let packet = build(&ledger, tip, vec![wanted]).unwrap();
    let report = verify(&ledger, tip, &packet.to_bytes());
    assert!(report.claims[0].proven.contains("is revoked"), "{}", report.claims[0].proven);
    // Nobody's records.
    let wanted = Wanted::Subject {
        subject: PublicKey([7; 32]),
        from: None,
        to: None,
        withhold: BTreeSet::new(),
    };
    let packet = build(&ledger, tip, vec![wanted]).unwrap();
    let report = verify(&ledger, tip, &packet.to_bytes());
    assert!(report.claims[0].proven.starts_with("These 0 records are all"));
    println!("harness: packet of no records: {} bytes", packet.to_bytes().len());
}

#[test]
fn ledger_that_is_joined_late_gives_packets_from_its_first_block_on() {
    use vidimus_node::simulate::Hooks;

    use super::{fixture::Fixture, world::patient};

    let mut fixture = Fixture::new();
    for _ in 0..6 {
        fixture = fixture.block(|world| vec![world.access(None, |_| {})]);
    }
    fixture.omitted = 3;
    let ledger = fixture.idle(2).write_with(|_| {}, Hooks::default());
    let tip = ledger.anchor.height;
    let bytes = build(&ledger, tip, vec![patient(None, None, &[])]).unwrap().to_bytes();
    let report = verify(&ledger, tip, &bytes);
    assert_eq!(report.verdict.code, "verified", "{:?}", report.verdict);
    let claim = &report.claims[0];
    let heights: Vec<u64> = claim.records.iter().map(|record| record.height).collect();
    assert_eq!(heights, [4, 5, 6, 7]);
    assert!(claim.proven.contains("from block 4 to block"), "{}", claim.proven);
    let error = build(&ledger, tip, vec![patient(Some(2), None, &[])]).unwrap_err();
    assert!(error.to_string().contains("block 2 is wanted"), "{error}");
    let error = build(&ledger, 1, vec![patient(None, None, &[])]).unwrap_err();
    assert_eq!(error.to_string(), format!("no anchor is for a block from 4 to {tip}"));
}
