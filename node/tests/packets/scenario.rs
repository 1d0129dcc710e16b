//! Packets of the hospital network: of a patient's records, a revoked consent, a document, and of what is not
//! there; each with something removed, added, and swapped for another's.

use std::collections::{BTreeMap, BTreeSet};

use vidimus::{
    contract::entries::{ConsentEntry, ConsentVersion},
    encoding::{
        cbor::{self, List},
        hex::{Hash, Identifier, PublicKey},
    },
    merkle::anchor_tree::DocumentHasher,
    packet::{
        Packet,
        build::Wanted,
        claim::{Claim, Entry},
    },
    policy::Policy,
    record::{Body, Record},
    report::Report,
    state::{End, Proof},
};
use vidimus_node::{
    scenario::{AnchoredReading, Scenario, ScenarioConfig},
    simulate::Ledger,
};

use super::world::{anchors_at, build, verify, verify_with, with_claims};

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

/// A packet, and what is done to it: how, and the check that it fails.
type Spoilt = (&'static str, Packet, &'static str);

fn with_records(packet: &Packet, edit: impl Fn(&mut Vec<Entry>)) -> Packet {
    with_claims(packet, |claims| {
        let Claim::Subject(claim) = &mut claims[0] else { panic!("a subject") };
        let mut records = claim.records.to_vec();
        edit(&mut records);
        claim.records = List::new(records).unwrap();
    })
}

/// The packet whose state proof is another.
fn with_proof(packet: &Packet, edit: impl Fn(&mut Proof)) -> Packet {
    with_claims(packet, |claims| {
        let bytes = match &mut claims[0] {
            Claim::Consent(claim) => &mut claim.proof,
            Claim::Absence(claim) => &mut claim.proof,
            _ => panic!("a claim of the state"),
        };
        let mut proof = Proof::decode(bytes).unwrap();
        edit(&mut proof);
        *bytes = proof.encode().into();
    })
}

/// The hospital network of seed 7, and everything that is asked of it at its end.
struct Network {
    scenario: Scenario,
    ledger: Ledger,
}

impl Network {
    fn new() -> Self {
        let config = ScenarioConfig { seed: 7, ..ScenarioConfig::default() };
        let scenario = Scenario::new(config).unwrap();
        let ledger = scenario.simulation().unwrap().run();
        Self { scenario, ledger }
    }

    fn packet(&self, wanted: Vec<Wanted>) -> Packet {
        build(&self.ledger, self.ledger.anchor.height, wanted).unwrap()
    }

    fn judge(&self, packet: &Packet, document: Option<&AnchoredReading>) -> Report {
        let digests = document.map(|reading| {
            let mut hasher = DocumentHasher::new(&reading.proof.salt);
            hasher.update(&reading.content);
            vec![hasher.finish()]
        });
        let anchors = anchors_at(&self.ledger, self.ledger.anchor.height);
        let documents = digests.into_iter().collect();
        verify_with(anchors, Policy::default(), &packet.to_bytes(), documents)
    }

    /// An honest packet is verified, and every spoilt one fails its check and claims nothing.
    fn check(&self, honest: &Packet, document: Option<&AnchoredReading>, spoilt: Vec<Spoilt>) {
        let report = self.judge(honest, document);
        assert_eq!(report.verdict.code, "verified", "{:?}", report.verdict);
        for (how, packet, expected) in spoilt {
            let report = self.judge(&packet, document);
            assert_eq!(report.verdict.code, expected, "{how}: {:?}", report.verdict);
            assert!(report.claims.is_empty(), "{how}");
        }
    }

    /// The anchor records of the ledger, as far as they were accepted: id and root.
    fn anchors(&self) -> Vec<(Hash, Hash)> {
        let records =
            self.ledger.blocks.iter().flat_map(|block| {
                block.draft.transactions.iter().zip(&block.draft.results.results)
            });
        let chain_id = &self.ledger.anchor.chain_id;
        let anchors = records.filter(|(_, result)| result.code == 0).filter_map(|(bytes, _)| {
            let record = Record::decode(bytes, chain_id).ok()?.0;
            let Body::Anchor(anchor) = &record.body else { return None };
            Some((record.id, anchor.root))
        });
        anchors.collect()
    }
}

fn all_of(subject: PublicKey) -> Wanted {
    Wanted::Subject { subject, from: None, to: None, withhold: BTreeSet::new() }
}

#[test]
fn patients_have_all_their_records_and_not_one_less() {
    let network = Network::new();
    let subjects = subjects(&network.ledger);
    let mut foreign: Option<Entry> = None;
    for (subject, records) in subjects.iter().filter(|(_, records)| records.len() > 3).take(6) {
        let packet = network.packet(vec![all_of(*subject)]);
        let report = network.judge(&packet, None);
        let ids: Vec<_> = report.claims[0].records.iter().map(|record| record.id).collect();
        // The last block's are not attested yet.
        let known: Vec<_> = records.iter().map(|record| record.id).collect();
        assert!(known.starts_with(&ids) && known.len() - ids.len() <= 1);
        let mut spoilt: Vec<Spoilt> = Vec::new();
        for at in 0..ids.len() {
            let without = with_records(&packet, |records| drop(records.remove(at)));
            spoilt.push(("one removed", without, "log.complete"));
            if let Some(foreign) = &foreign {
                let with = with_records(&packet, |records| records.insert(at, foreign.clone()));
                spoilt.push(("another's added", with, "log.complete"));
            }
            if at > 0 {
                let swapped = with_records(&packet, |records| records.swap(at - 1, at));
                spoilt.push(("two swapped", swapped, "log.complete"));
            }
        }
        network.check(&packet, None, spoilt);
        let Claim::Subject(claim) = &packet.claims[0] else { panic!("a subject") };
        foreign = Some(claim.records[0].clone());
    }
    // Nobody's records.
    let packet = network.packet(vec![all_of(PublicKey([7; 32]))]);
    let report = network.judge(&packet, None);
    assert!(report.claims[0].proven.starts_with("These 0 records are all"));
    println!("packet of no records: {} bytes", packet.to_bytes().len());
}

/// What a consent's entry of the state holds are its versions, and with each the revocation that ended it.
#[test]
fn revoked_consent_is_revoked_whatever_is_done_to_it() {
    let network = Network::new();
    let subjects = subjects(&network.ledger);
    let records = || subjects.values().flatten();
    let revocation = records().find_map(|record| match &record.body {
        Body::Revocation(body) => Some((body.subject, body.consent)),
        _ => None,
    });
    let (subject, consent) = revocation.unwrap();
    let other = records().find_map(|record| match &record.body {
        Body::Consent(body) if body.consent != consent => Some((body.subject, body.consent)),
        _ => None,
    });
    let (other_subject, other) = other.unwrap();
    let wanted = |subject, consent| Wanted::Consent { subject: Some(subject), consent, to: None };
    let packet = network.packet(vec![wanted(subject, consent)]);
    let report = network.judge(&packet, None);
    assert!(report.claims[0].proven.contains("is revoked"), "{}", report.claims[0].proven);
    let with_versions = |edit: &dyn Fn(&mut Vec<ConsentVersion>)| {
        with_proof(&packet, |proof| {
            let End::Value(value) = &mut proof.end else { panic!("an entry") };
            let mut versions = cbor::decode::<ConsentEntry>(value).unwrap().versions.to_vec();
            edit(&mut versions);
            *value = cbor::encode(&ConsentEntry { versions: List::new(versions).unwrap() });
        })
    };
    let unrevoked = with_versions(&|versions| {
        let last = versions.last_mut().unwrap();
        (last.revocation, last.until) = (None, None);
    });
    let added = with_versions(&|versions| {
        let mut next = versions.last().unwrap().clone();
        next.consent.version += 1;
        (next.revocation, next.until) = (None, None);
        versions.push(next);
    });
    let of_other = network.packet(vec![wanted(other_subject, other)]);
    let Claim::Consent(of_other) = &of_other.claims[0] else { panic!("a consent") };
    let other_proof = Proof::decode(&of_other.proof).unwrap();
    let swapped = with_proof(&packet, |proof| *proof = other_proof.clone());
    let spoilt = vec![
        ("its revocation removed", unrevoked, "state.proof"),
        ("a version added", added, "state.proof"),
        ("the entry of another consent", swapped, "state.proof"),
    ];
    network.check(&packet, None, spoilt);
}

#[test]
fn reading_of_a_device_is_anchored_by_its_own_record() {
    let network = Network::new();
    let anchors = network.anchors();
    let of = |reading: &AnchoredReading| {
        let own = anchors.iter().find(|(_, root)| *root == reading.proof.claimed_root)?;
        Some((reading.clone(), own.0))
    };
    let (reading, own) = network.scenario.readings().iter().find_map(of).unwrap();
    let other = anchors.iter().find(|(id, _)| *id != own).unwrap().0;
    let document = Wanted::Document(reading.proof.clone());
    let packet = network.packet(vec![document.clone()]);
    let report = network.judge(&packet, Some(&reading));
    assert_eq!(report.claims.last().unwrap().document.as_ref().unwrap().anchor, own);
    // The claims of two anchors, and of the document under the second.
    let both = network.packet(vec![Wanted::Record(other), document]);
    let under = |claims: &mut Vec<Claim>, record| {
        let Some(Claim::Document(claim)) = claims.last_mut() else { panic!("a document") };
        claim.record = record;
    };
    let spoilt = vec![
        (
            "its anchor record removed",
            with_claims(&packet, |claims| drop(claims.remove(0))),
            "packet.references",
        ),
        (
            "under one that is added",
            with_claims(&both, |claims| under(claims, 0)),
            "document.included",
        ),
        (
            "the anchor records swapped",
            with_claims(&both, |claims| claims.swap(0, 1)),
            "document.included",
        ),
        ("under none of them", with_claims(&both, |claims| under(claims, 2)), "packet.references"),
    ];
    network.check(&packet, Some(&reading), spoilt);
    network.check(&both, Some(&reading), vec![]);
    // Nor is another reading of the batch this one.
    let altered = AnchoredReading { content: b"another reading".to_vec(), ..reading };
    assert_eq!(network.judge(&packet, Some(&altered)).verdict.code, "document.included");
}

/// What shows that an entry is not there is the entry that stands where it would be.
#[test]
fn absence_is_shown_by_what_stands_in_its_place() {
    let network = Network::new();
    let subject = *subjects(&network.ledger).keys().next().unwrap();
    let of_nobody = Wanted::NoSigner { key: PublicKey([7; 32]), to: None };
    let consent = Identifier([9; 16]);
    let no_consent = Wanted::Consent { subject: Some(subject), consent, to: None };
    for (wanted, words) in [
        (of_nobody, "no accepted record was signed by the key 0707"),
        (no_consent, "there was no accepted consent 0909"),
    ] {
        let packet = network.packet(vec![wanted]);
        let report = network.judge(&packet, None);
        assert!(report.claims[0].proven.contains(words), "{}", report.claims[0].proven);
        let Claim::Absence(claim) = &packet.claims[0] else { panic!("an absence") };
        let End::Other { path, .. } = Proof::decode(&claim.proof).unwrap().end else {
            panic!("another's entry")
        };
        let removed = with_proof(&packet, |proof| proof.end = End::Empty);
        let alone = with_proof(&packet, |proof| {
            proof.siblings.clear();
            proof.end = End::Empty;
        });
        let added = with_proof(&packet, |proof| proof.end = End::Value(vec![0xa0]));
        let swapped = with_proof(&packet, |proof| {
            proof.end = End::Other { path, value_hash: Hash([7; 32]) };
        });
        let shorter = with_proof(&packet, |proof| {
            proof.siblings.pop();
        });
        let spoilt = vec![
            ("the entry in its place removed", removed, "state.proof"),
            ("every entry removed", alone, "state.proof"),
            ("an entry added", added, "state.proof"),
            ("the entry in its place changed", swapped, "state.proof"),
            ("a branch removed", shorter, "state.proof"),
        ];
        network.check(&packet, None, spoilt);
    }
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
