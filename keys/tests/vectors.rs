//! The vectors of key derivation: checked in, so that another implementation can compare.
#![expect(clippy::expect_used, reason = "a test stops where something is not as it says")]

use std::{fs, path::PathBuf};

use serde_json::{Value, json};
use vidimus::record::keys::CustodianId;
use vidimus_keys::PatientSeed;

fn vectors() -> Value {
    let seed: [u8; 32] = core::array::from_fn(|index| u8::try_from(index).expect("below 32"));
    let patient = PatientSeed::new(seed);
    let custodians = ["clinic", "st-mary.example"].map(|text| {
        let id: CustodianId = text.parse().expect("an id");
        json!({
            "custodian": text,
            "subject": hex::encode(patient.subject_key(&id).public().0),
            "view_key": hex::encode(patient.view_key(&id).expose()),
        })
    });
    json!({
        "format": "vidimus/key-vectors/1",
        "warning": "TEST KEYS: anybody can compute them.",
        "seed": hex::encode(seed),
        "custodians": custodians,
    })
}

#[test]
fn vectors_of_keys_are_what_the_code_computes() {
    let text = format!("{}\n", serde_json::to_string_pretty(&vectors()).expect("JSON"));
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../testdata/keys.json");
    if std::env::var_os("VIDIMUS_BLESS").is_some() {
        fs::write(&path, &text).expect("testdata/ is writable");
    }
    let found = fs::read_to_string(&path).expect("testdata/keys.json");
    assert!(found == text, "testdata/keys.json differs: run `cargo xtask bless`");
}
