//! The worked examples of IHE PCF and of HL7 FHIR R4 as consents, each with accesses and what becomes of
//! them.
//!
//! Three things are compared: the contract's decisions with what the examples' texts imply; the consents
//! with the published resources, field by field; `docs/worked-examples.md` with both.
//! `VIDIMUS_BLESS=1` writes the document anew.
#![expect(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that fails may panic"
)]

#[path = "worked_examples/access.rs"]
mod access;
#[path = "worked_examples/advanced.rs"]
mod advanced;
#[path = "worked_examples/basic.rs"]
mod basic;
#[path = "support/build.rs"]
mod build;
#[path = "worked_examples/document.rs"]
mod document;
#[path = "worked_examples/draft.rs"]
mod draft;
#[path = "worked_examples/example.rs"]
mod example;
#[path = "worked_examples/fields.rs"]
mod fields;
#[path = "worked_examples/fsh.rs"]
mod fsh;
#[path = "worked_examples/hl7.rs"]
mod hl7;
#[path = "worked_examples/intermediate.rs"]
mod intermediate;
#[path = "worked_examples/moment.rs"]
mod moment;
#[path = "worked_examples/pcf.rs"]
mod pcf;
#[path = "../../verifier/tests/support/vectors.rs"]
mod support;

use std::{collections::BTreeSet, env, fs};

use example::{Example, Source};
use serde_json::Value;

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/worked-examples.md");

fn all() -> Vec<Example> {
    [basic::all(), intermediate::all(), advanced::all(), hl7::all()].concat()
}

#[test]
fn every_access_is_decided_as_the_example_says() {
    for example in all() {
        for row in &example.rows {
            let decision = example.decide(&row.access);
            let found = (decision.verdict, decision.ground);
            let expected = (row.verdict, row.ground);
            assert_eq!(found, expected, "{}: {}: {decision:?}", example.name, row.says);
        }
    }
}

#[test]
fn every_example_has_accesses_on_both_sides() {
    for example in all() {
        let permitted = example.rows.iter().filter(|row| row.verdict.permits()).count();
        assert!(example.rows.len() >= 4, "{}", example.name);
        assert!(permitted < example.rows.len(), "{}", example.name);
        assert!(permitted > 0, "{}", example.name);
        let said: BTreeSet<_> = example.rows.iter().map(|row| row.says).collect();
        assert_eq!(said.len(), example.rows.len(), "{}: no access twice", example.name);
    }
}

#[test]
fn all_examples_are_there() {
    let names: BTreeSet<_> = all().iter().map(|example| example.name).collect();
    assert_eq!(names.len(), all().len());
    let of = |source| all().iter().filter(|example| example.source == source).count();
    assert_eq!((of(Source::Pcf), of(Source::Hl7)), (23, 12));
}

#[test]
fn every_consent_and_access_is_a_record() {
    for example in all() {
        example.consents().iter().for_each(example::assert_is_record);
        for row in &example.rows {
            example::assert_is_request(&row.access.processing());
        }
    }
}

/// Holds an example against the published resource: they differ in the fields of its notes, and in no
/// other.
fn assert_notes(example: &Example, resource: &Value) {
    let found = example.differences(resource);
    let noted: BTreeSet<_> = example.notes.iter().map(|(field, _)| (*field).to_owned()).collect();
    assert_eq!(noted.len(), example.notes.len(), "{}: one note a field", example.name);
    let fields: BTreeSet<_> = found.keys().cloned().collect();
    assert_eq!(fields, noted, "{}: {found:#?}", example.name);
}

#[test]
fn consents_of_hl7_differ_from_the_resources_in_the_noted_fields_alone() {
    let Some(vectors) = support::vectors() else { return };
    let folder = vectors.join("fhir/hl7-r4-examples");
    let published: BTreeSet<_> = fs::read_dir(&folder)
        .unwrap()
        .filter_map(|file| file.unwrap().file_name().into_string().ok())
        .filter_map(|name| Some(name.strip_prefix("Consent-")?.strip_suffix(".json")?.to_owned()))
        .collect();
    let examples: Vec<_> = hl7::all();
    assert_eq!(published, examples.iter().map(|example| example.name.to_owned()).collect());
    for example in examples {
        let text = fs::read_to_string(folder.join(format!("Consent-{}.json", example.name)));
        assert_notes(&example, &serde_json::from_str(&text.unwrap()).unwrap());
    }
}

#[test]
fn consents_of_pcf_differ_from_the_resources_in_the_noted_fields_alone() {
    let Some(vectors) = support::vectors() else { return };
    let text = fs::read_to_string(vectors.join("fhir/ihe-pcf-fsh/consent.fsh")).unwrap();
    let resources = fsh::consents(&text);
    let examples: Vec<_> = all().into_iter().filter(|one| one.source == Source::Pcf).collect();
    let names: BTreeSet<_> = examples.iter().map(|example| example.name.to_owned()).collect();
    assert_eq!(resources.keys().cloned().collect::<BTreeSet<_>>(), names);
    for example in examples {
        assert_notes(&example, &resources[example.name]);
    }
}

#[test]
fn document_says_what_the_tables_say() {
    let text = document::write(&all());
    if env::var_os("VIDIMUS_BLESS").is_some() {
        fs::write(FILE, &text).unwrap();
    }
    assert_eq!(fs::read_to_string(FILE).unwrap(), text);
}
