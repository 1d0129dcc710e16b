//! The model-based vectors of tendermint-rs: single steps and bisections of a light client, made
//! from a TLA+ model and signed with real keys.
#![expect(clippy::expect_used, reason = "a test stops where something is not as it says")]

#[path = "support/vectors.rs"]
mod support;

use std::{fs, path::PathBuf};

use serde_json::{Value, json};
use vidimus::{
    encoding::time::Timestamp,
    import,
    ledger::cometbft::{
        light::{LightBlock, LightOptions, LightVerdict, TrustedState, verify_step},
        profile::Profile,
        validator::ValidatorList,
    },
    limits::Limits,
    policy::TrustLevel,
};

/// A signed header and a set in the JSON of tendermint-rs, read as the import reads them.
fn light_block(signed_header: &Value, validator_set: &Value) -> LightBlock {
    let value = json!({ "signed_header": signed_header, "validator_set": validator_set });
    let read = import::light_block("vector", value.to_string().as_bytes(), &Limits::default());
    read.expect("JSON of a light block").0
}

fn validators(signed_header: &Value, set: &Value) -> ValidatorList {
    light_block(signed_header, set).validators
}

fn time(value: &Value) -> Timestamp {
    Timestamp::parse(value.as_str().expect("a time")).expect("a time")
}

/// Files that are judged otherwise, and why.
const DIVERGENCES: [(&str, &str); 2] = [
    (
        "_MC4_4_faulty_Test2NotEnoughTrustSuccess.json",
        "headers of block protocol 0, refused by header.version",
    ),
    (
        "_MC4_4_faulty_Test3NotEnoughTrustFailure.json",
        "headers of block protocol 0, refused by header.version",
    ),
];

/// Runs one file; returns each step that is judged otherwise than declared.
fn run(vector: &Value) -> (usize, Vec<String>) {
    let initial = &vector["initial"];
    let signed = &initial["signed_header"];
    let first = light_block(signed, &initial["next_validator_set"]);
    let mut trusted =
        TrustedState { header: first.signed_header.header, next_validators: first.validators };
    let nanos: u64 = initial["trusting_period"].as_str().expect("text").parse().expect("digits");
    let steps = vector["input"].as_array().expect("steps");
    let mut wrong = Vec::new();
    for (index, step) in steps.iter().enumerate() {
        let block = &step["block"];
        let untrusted = light_block(&block["signed_header"], &block["validator_set"]);
        let options = LightOptions {
            profile: Profile::V0_34,
            trust_level: TrustLevel::ONE_THIRD,
            trusting_period: nanos / 1_000_000_000,
            clock_drift: 1,
            now: time(&step["now"]),
        };
        let verdict = verify_step(&trusted, &untrusted, &options);
        let name = match &verdict {
            LightVerdict::Success => "SUCCESS",
            LightVerdict::NotEnoughTrust => "NOT_ENOUGH_TRUST",
            LightVerdict::Invalid(_) => "INVALID",
            LightVerdict::InvalidTrustedState(_) => "INVALID TRUSTED STATE",
            LightVerdict::Inconclusive(_) => "INCONCLUSIVE",
        };
        let declared = step["verdict"].as_str().expect("a verdict");
        if name != declared {
            wrong.push(format!("step {index}: declared {declared}, judged {verdict:?}"));
        }
        if verdict == LightVerdict::Success {
            let next = validators(&block["signed_header"], &block["next_validator_set"]);
            trusted =
                TrustedState { header: untrusted.signed_header.header, next_validators: next };
        }
    }
    (steps.len(), wrong)
}

#[test]
fn steps_of_the_model_are_judged_as_declared() {
    let Some(vectors) = support::vectors() else { return };
    let root = vectors.join("cometbft/tendermint-rs");
    let mut files: Vec<PathBuf> = ["model_based/single_step", "model_based_removed_2020"]
        .iter()
        .flat_map(|folder| fs::read_dir(root.join(folder)).expect("a folder of vectors"))
        .map(|entry| entry.expect("an entry").path())
        .collect();
    files.sort();
    let (mut steps, mut wrong) = (0, Vec::new());
    for file in &files {
        let vector = serde_json::from_slice(&fs::read(file).expect("a vector")).expect("JSON");
        let (count, differing) = run(&vector);
        steps += count;
        let name = file.file_name().expect("a name").to_string_lossy().into_owned();
        if let Some((_, reason)) = DIVERGENCES.iter().find(|(file, _)| *file == name) {
            println!("harness: {name}: {reason}");
            assert!(
                !differing.is_empty()
                    && differing.iter().all(|text| text.ends_with("Invalid(HeaderVersion)")),
                "{name} no longer diverges as listed"
            );
            continue;
        }
        wrong.extend(differing.into_iter().map(|text| format!("{name}: {text}")));
    }
    println!(
        "harness: {} model-based files, {steps} steps, {} judged otherwise",
        files.len(),
        wrong.len()
    );
    assert_eq!((files.len(), steps), (56, 138));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
