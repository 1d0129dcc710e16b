//! The tables of codes and the vectors of sealing: checked in, so that another implementation can
//! compare, and the documents that describe them.
#![expect(clippy::expect_used, reason = "a test stops where something is not as it says")]

use std::{fs, path::PathBuf};

use serde_json::{Value, json};
use vidimus::{
    encoding::hex::PublicKey,
    record::{
        codes::{self, Code, Effect, Element, System, Table},
        keys::ViewKey,
        sealing::{
            Binding, Carried, Details, Named, ResourceId, SealedCode, Sealer, TextKind,
            open_details, seal_details, unmapped_marker,
        },
    },
};

fn file(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..").join(name)
}

fn document(name: &str) -> String {
    fs::read_to_string(file("docs").join(name)).expect("a document")
}

/// Compares a checked-in file with what the code says, or writes it.
fn compare(name: &str, computed: &str) {
    let path = file("testdata").join(name);
    if std::env::var_os("VIDIMUS_BLESS").is_some() {
        fs::write(&path, computed).expect("testdata/ is writable");
    }
    let found = fs::read_to_string(&path).expect("a file of testdata/");
    assert!(found == computed, "testdata/{name} differs: run `cargo xtask bless`");
}

fn code(system: System, text: &str) -> Code {
    Code::new(system, text).expect("a code")
}

fn resource(text: &str) -> ResourceId {
    ResourceId::new(text).expect("an id")
}

fn hex(bytes: impl AsRef<[u8]>) -> String {
    data_encoding::HEXLOWER.encode(bytes.as_ref())
}

fn key() -> ViewKey {
    ViewKey::new(core::array::from_fn(|index| u8::try_from(index).expect("below 32")))
}

/// An access with what makes closures large or small: a deep label, an unmapped one, a law, a class, a
/// resource and two authors.
fn carried() -> Carried {
    let codes = [
        code(System::Confidentiality, "R"),
        code(System::Sensitivity, "OPIOIDUD"),
        code(System::Sensitivity, "NEW-IN-2031"),
        code(System::Law, "42CFRPart2"),
        code(System::Class, "MedicationRequest"),
    ];
    let authors = ["Practitioner/4", "Organization/3"].map(resource);
    Carried::new(codes, [resource("MedicationRequest/17")], authors)
        .expect("what an access carries")
}

fn named() -> Named {
    let codes = [code(System::Sensitivity, "ETH"), code(System::Sensitivity, "NEW-IN-2031")];
    Named::new(codes, [resource("MedicationRequest/17")], [resource("Practitioner/4")])
        .expect("what a provision names")
}

fn details() -> Details {
    let texts = [(TextKind::Justification, "Unconscious, no list of medication.".into())];
    Details::new(Some(carried()), vec![named()], texts.into()).expect("details")
}

/// The provision codes of the vectors, and their sealed codes for both effects.
fn provision_codes(by_key: &Sealer) -> Vec<Value> {
    let codes = [
        (System::Sensitivity, "HIV"),
        (System::Sensitivity, "ETH"),
        (System::Sensitivity, "NEW-IN-2031"),
        (System::Confidentiality, "N"),
        (System::Law, "42CFRPart2"),
        (System::Refrain, "NORDSLCD"),
        (System::Class, "Observation"),
    ];
    let sealed = codes.into_iter().flat_map(|(system, text)| {
        Effect::ALL.map(|effect| {
            let sealed = by_key.seal_provision_code(effect, &code(system, text));
            json!({
                "effect": effect.name(), "system": system.name(), "code": text,
                "sealed": hex(sealed.0),
            })
        })
    });
    sealed.collect()
}

fn vectors() -> Value {
    let by_key = Sealer::new(&key());
    let closure = |effect| {
        let closure = by_key.compute_closure(effect, &carried());
        let sealed =
            |codes: &[SealedCode]| codes.iter().map(|code| hex(code.0)).collect::<Vec<_>>();
        json!({
            "codes": sealed(&closure.codes),
            "resources": sealed(&closure.resources),
            "authors": sealed(&closure.authors),
        })
    };
    let markers = [Element::Class, Element::Confidentiality, Element::Label]
        .map(|element| (element.name().to_owned(), json!(hex(unmapped_marker(element).0))));
    let subject = PublicKey([0x22; 32]);
    let binding = Binding { kind: "access", subject: &subject, event_id: b"event-1" };
    let nonce = [0x44; 24];
    let sealed = seal_details(&key(), &nonce, &binding, &details()).expect("sealed details");
    assert_eq!(open_details(&key(), &nonce, &binding, &sealed), Ok(details()));
    let written = |codes: &std::collections::BTreeSet<Code>| -> Vec<String> {
        codes.iter().map(ToString::to_string).collect()
    };
    json!({
        "format": "vidimus/sealing-vectors/1",
        "tables": codes::digest().to_lower_hex(),
        "view_key": hex(key().expose()),
        "markers": serde_json::Map::from_iter(markers),
        "provision_codes": provision_codes(&by_key),
        "carried": {
            "codes": written(carried().codes()),
            "resources": ["MedicationRequest/17"],
            "authors": ["Organization/3", "Practitioner/4"],
            "permit": closure(Effect::Permit),
            "deny": closure(Effect::Deny),
        },
        "details": {
            "kind": binding.kind,
            "subject": hex(subject.0),
            "event_id": hex(binding.event_id),
            "associated_data": hex(binding.to_bytes()),
            "nonce": hex(nonce),
            "plaintext": hex(details().encode()),
            "ciphertext": hex(sealed),
        },
    })
}

#[test]
fn vectors_of_sealing_are_what_the_code_computes() {
    let text = serde_json::to_string_pretty(&vectors()).expect("vectors are JSON");
    compare("sealing.json", &format!("{text}\n"));
}

#[test]
fn tables_of_codes_are_checked_in_as_they_are_listed() {
    let listings = System::ALL.map(|system| system.table().listing());
    compare("code-tables.txt", &listings.concat());
}

#[test]
fn docs_codes_md_states_every_table_with_its_digest_and_every_rule() {
    let text = document("codes.md");
    for system in System::ALL {
        let table: &Table = system.table();
        let (name, version) = (table.name(), table.version());
        let count = system.table().concepts().count();
        let digest = table.digest().to_lower_hex();
        let row = format!("| `{system}` | `{name}` {version} | {count} | `{digest}` |");
        assert!(text.contains(&row), "docs/codes.md lacks the row {row}");
        for concept in system.table().concepts() {
            let code = format!("`{}`", concept.text());
            assert!(text.contains(&code), "docs/codes.md lacks {system} {code}");
        }
    }
    let digest = codes::digest().to_lower_hex();
    assert!(text.contains(&digest), "docs/codes.md lacks the digest of all tables {digest}");
}

#[test]
fn worked_example_of_docs_sealing_md_is_computed_again() {
    let text = document("sealing.md");
    let vectors = vectors();
    let states = |what: &str| assert!(text.contains(what), "docs/sealing.md lacks {what}");
    states(&hex(key().expose()));
    for vector in vectors["provision_codes"].as_array().expect("a list") {
        let field = |name| vector[name].as_str().expect("text");
        let (effect, system, code) = (field("effect"), field("system"), field("code"));
        states(&format!("| `{effect}` | `{system}` | `{code}` | `{}` |", field("sealed")));
    }
    for (element, marker) in vectors["markers"].as_object().expect("an object") {
        states(&format!("| `{element}` | `{}` |", marker.as_str().expect("text")));
    }
    let count = |effect: &str, part: &str| {
        vectors["carried"][effect][part].as_array().expect("a list").len()
    };
    let (permit, deny) = (count("permit", "codes"), count("deny", "codes"));
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let sizes = format!("{permit} sealed codes for permits, {deny} for denials");
    assert!(words.contains(&sizes), "docs/sealing.md lacks {sizes}");
    for name in ["associated_data", "plaintext"] {
        let hex = vectors["details"][name].as_str().expect("text");
        let listed: String = text.split_whitespace().collect();
        assert!(listed.contains(hex), "docs/sealing.md lacks the {name} {hex}");
    }
}
