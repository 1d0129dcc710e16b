//! The records' vectors: `testdata/records.json`, and what the library says of each; decisions over
//! records.
//!
//! `VIDIMUS_BLESS=1` writes the file anew.
#![expect(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test that fails may panic"
)]

#[path = "support/build.rs"]
mod build;
#[path = "records/contract.rs"]
mod contract;
#[path = "records/decisions.rs"]
mod decisions;
#[path = "records/documentation.rs"]
mod documentation;
#[path = "records/refused.rs"]
mod refused;
#[path = "records/samples.rs"]
mod samples;

use std::{collections::BTreeSet, env, fs};

use serde_json::{Value, json};
use vidimus::{
    encoding::{DecodeProblem, hex::Hash},
    merkle::sha256,
    record::{
        Body, Kind, Record,
        consent::{Consent, Provision},
    },
};
use vidimus_node::{records::sign, test_keys};

/// Ledger of every vector.
const CHAIN: &str = "vidimus-test";

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../testdata/records.json");

fn hex(bytes: &[u8]) -> String {
    data_encoding::HEXUPPER.encode(bytes)
}

/// What the library says of `bytes`, as a vector says it.
fn verdict(bytes: &[u8]) -> Value {
    match Record::decode(bytes, CHAIN) {
        Err(error) => json!({
            "malformed": error.problem.to_string(),
            "offset": error.offset,
            "path": error.path,
        }),
        Ok((record, envelope)) => match envelope.verify(CHAIN) {
            Err(error) => json!({ "signature": error.to_string() }),
            Ok(()) => json!({ "id": record.id, "signer": record.signer, "record": record.body }),
        },
    }
}

fn vectors() -> Value {
    let valid = samples::all().into_iter().map(|(name, body, key)| {
        let bytes = sign(&body, &test_keys::all()[key], CHAIN);
        (name.to_owned(), bytes)
    });
    let refused = refused::all().into_iter().map(|case| (case.name.to_owned(), case.bytes));
    let list: Vec<_> = valid
        .chain(refused)
        .map(|(name, bytes)| json!({ "name": name, "bytes": hex(&bytes), "is": verdict(&bytes) }))
        .collect();
    json!({ "chain_id": CHAIN, "vectors": list })
}

#[test]
fn file_holds_every_vector_with_what_the_library_says_of_it() {
    let file = vectors();
    let list = file["vectors"].as_array().unwrap();
    let valid = list.iter().filter(|vector| vector["is"].get("id").is_some()).count();
    println!("harness: record vectors: {valid} valid, {} invalid", list.len() - valid);
    let text = format!("{file:#}\n");
    if env::var_os("VIDIMUS_BLESS").is_some() {
        fs::write(FILE, &text).unwrap();
    }
    assert_eq!(fs::read_to_string(FILE).unwrap(), text);
}

#[test]
fn every_kind_has_a_full_and_a_least_record_that_are_valid() {
    let mut seen = BTreeSet::new();
    for (name, body, key) in samples::all() {
        let bytes = sign(&body, &test_keys::all()[key], CHAIN);
        let (record, envelope) = Record::decode(&bytes, CHAIN).unwrap();
        assert_eq!(record.body, body, "{name}");
        assert_eq!(envelope.to_bytes(), bytes, "{name}");
        assert_eq!(envelope.verify(CHAIN), Ok(()), "{name}");
        // Neither valid on another ledger nor the same record there.
        assert!(envelope.verify("vidimus-test-2").is_err(), "{name}");
        assert_ne!(envelope.id("vidimus-test-2"), record.id, "{name}");
        assert!(seen.insert((body.kind(), name.ends_with("least"))), "{name}");
    }
    let expected = Kind::ALL.iter().flat_map(|kind| [(*kind, false), (*kind, true)]);
    assert_eq!(seen, expected.collect());
}

#[test]
fn what_is_refused_is_refused_for_its_reason_at_its_byte() {
    for case in refused::all() {
        let found = verdict(&case.bytes);
        let expected = case.expected();
        for (name, value) in expected.as_object().unwrap() {
            assert_eq!(found.get(name), Some(value), "{}: {found}", case.name);
        }
    }
}

#[test]
fn one_changed_bit_is_never_the_same_valid_record() {
    let mut bits = 0;
    for (name, body, key) in samples::all() {
        let bytes = sign(&body, &test_keys::all()[key], CHAIN);
        bits += bytes.len() * 8;
        for bit in 0..bytes.len() * 8 {
            let mut flipped = bytes.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            let accepted = Record::decode(&flipped, CHAIN)
                .is_ok_and(|(_, envelope)| envelope.verify(CHAIN).is_ok());
            assert!(!accepted, "{name}: bit {bit}");
        }
    }
    println!("harness: records: {bits} bits flipped, 0 not detected");
}

#[test]
fn id_is_the_digest_of_the_signed_bytes_and_not_of_the_signature() {
    let (_, body, key) = samples::all().remove(0);
    let bytes = sign(&body, &test_keys::all()[key], CHAIN);
    let (record, envelope) = Record::decode(&bytes, CHAIN).unwrap();
    assert_eq!(record.id, sha256(&[&envelope.signed_bytes(CHAIN)]));
    let mut other = bytes.clone();
    *other.last_mut().unwrap() ^= 1;
    assert_eq!(Record::decode(&other, CHAIN).unwrap().0.id, record.id);
    assert_ne!(record.id, Hash([0; 32]));
}

#[test]
fn consent_names_256_actors_codes_and_ids_wherever_they_stand() {
    let named = samples::full_consent();
    // Twelve in the scope, twelve in the provision, one in its exception and one in the other's.
    let exception = named.provisions[0].exceptions[0].clone();
    let of = |labels: u8| {
        let mut elements = samples::anything();
        elements.labels = samples::sealed(&(0..labels).collect::<Vec<_>>());
        let more = Provision { elements, exceptions: samples::list([exception.clone()]) };
        let provisions = samples::list(named.provisions.iter().cloned().chain([more]));
        Body::Consent(Box::new(Consent { provisions, ..named.clone() }))
    };
    let decoded = |body: &Body| Body::decode(Kind::Consent, &body.to_bytes());
    let [most, more] = [230, 231].map(of);
    assert_eq!(decoded(&most), Ok(most.clone()));
    assert_eq!(decoded(&more).unwrap_err().problem, DecodeProblem::TooMany(256));
}
