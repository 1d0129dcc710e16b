//! Every field of an export matters, or stands in the published map.

use std::fs;

use serde_json::{Value, json};
use vidimus::{
    encoding::DecodeProblem,
    import::{ImportError, UNAUTHENTICATED_FIELDS},
};

use super::{Source, cometbft, convert, head_of, live};

/// Every path to a leaf of `value`, as text like the field map's and as keys.
fn leaves(value: &Value, path: &str, pointer: &str, list: &mut Vec<(String, String)>) {
    match value {
        Value::Object(members) => {
            for (key, value) in members {
                let dot = if path.is_empty() { "" } else { "." };
                leaves(value, &format!("{path}{dot}{key}"), &format!("{pointer}/{key}"), list);
            }
        }
        Value::Array(values) => {
            for (index, value) in values.iter().enumerate() {
                leaves(value, &format!("{path}[]"), &format!("{pointer}/{index}"), list);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            list.push((path.to_string(), pointer.to_string()));
        }
    }
}

fn is_unauthenticated(endpoint: &str, path: &str) -> bool {
    let path = path.strip_prefix("result.").unwrap_or(path);
    UNAUTHENTICATED_FIELDS.iter().any(|(of, field)| {
        (*of == "*" || *of == endpoint)
            && match field.strip_suffix('*') {
                Some(stem) => {
                    let stem = stem.strip_suffix('.').unwrap_or(stem);
                    path.strip_prefix(stem).is_some_and(|rest| {
                        rest.is_empty() || stem.is_empty() || rest.starts_with(['.', '['])
                    })
                }
                None => path == *field,
            }
    })
}

/// Another value of the same type that is as plausible.
fn other(value: &Value) -> Value {
    match value {
        Value::Null => json!("QUJD"),
        Value::Bool(value) => json!(!value),
        Value::Number(number) => json!(number.as_i64().unwrap() + 1),
        Value::String(text) if text.parse::<i64>().is_ok() => {
            json!((text.parse::<i64>().unwrap() + 1).to_string())
        }
        Value::String(text) if text.ends_with('Z') => json!("2027-01-01T00:00:00Z"),
        Value::String(text) => match text.chars().next() {
            Some('A') => json!(format!("B{}", &text[1..])),
            Some(_) => json!(format!("A{}", &text[1..])),
            None => json!("AB"),
        },
        Value::Array(_) | Value::Object(_) => panic!("not a leaf"),
    }
}

/// Changes each leaf of each file of the first heights: an error, another container, or a field of
/// the published map; and those of the map change nothing.
#[test]
fn fields_matter_or_are_listed() {
    let Some(folder) = cometbft() else { return };
    let mut sources = live("live-038").map(|sources| head_of(sources, 4)).unwrap();
    for name in ["status.json", "abci_info.json"] {
        let bytes = fs::read(folder.join("live-038").join(name)).unwrap();
        sources.push(Source { name: name.into(), bytes });
    }
    let expected = convert(&sources).unwrap();
    let (mut seen, mut listed) = (0, 0);
    let mut wrong = Vec::new();
    for at in 0..sources.len() {
        let stem = sources[at].name.trim_end_matches(".json");
        let numbered = stem.rsplit_once('_').filter(|(_, h)| h.parse::<u64>().is_ok());
        let endpoint = numbered.map_or(stem, |(endpoint, _)| endpoint).to_string();
        let original = sources[at].bytes.clone();
        let value: Value = serde_json::from_slice(&original).unwrap();
        let mut list = Vec::new();
        leaves(&value, "", "", &mut list);
        // Transactions of one block are enough.
        list.truncate(400);
        for (path, pointer) in list {
            let mut altered = value.clone();
            let leaf = altered.pointer_mut(&pointer).unwrap();
            *leaf = other(leaf);
            sources[at].bytes = altered.to_string().into_bytes();
            let result = convert(&sources);
            let same = result.as_ref().is_ok_and(|container| *container == expected);
            let named = is_unauthenticated(&endpoint, &path);
            // Nothing attests the last block's results; a set that does not change is not carried.
            let unused = sources[at].name == "block_results_4.json"
                || (endpoint == "validators" && path == "result.block_height");
            seen += 1;
            listed += usize::from(named);
            if same != named && !(same && unused) {
                wrong.push(format!(
                    "{}: {path} same={same} listed={named} {:?}",
                    sources[at].name,
                    result.err()
                ));
            }
        }
        sources[at].bytes = original;
    }
    wrong.sort();
    wrong.dedup();
    assert!(wrong.is_empty(), "{} of {seen}:\n{}", wrong.len(), wrong.join("\n"));
    println!("{seen} fields changed, {listed} of them in the map");
}

/// What the import says of the values, each a source of its own.
fn imported(values: &[Value]) -> Result<Vec<u8>, ImportError> {
    let source = |value: &Value| Source { name: "x".into(), bytes: value.to_string().into_bytes() };
    convert(&values.iter().map(source).collect::<Vec<_>>())
}

fn decode_error(values: &[Value]) -> (DecodeProblem, String) {
    match imported(values) {
        Err(ImportError::Decode { error, .. }) => (error.problem, error.path),
        other => panic!("{other:?}"),
    }
}

/// `/block`, `/commit` and `/validators` of the first height of a chain, without envelopes.
fn first_height() -> Option<[Value; 3]> {
    let sources = live("live-038")?;
    let of = |name: &str| {
        let source = sources.iter().find(|source| source.name == name).unwrap();
        let mut value: Value = serde_json::from_slice(&source.bytes).unwrap();
        value["result"].take()
    };
    Some(["block_1.json", "commit_1.json", "validators_1.json"].map(of))
}

fn light_block() -> Option<Value> {
    let [_, commit, page] = first_height()?;
    let validator_set = json!({ "validators": page["validators"], "proposer": null });
    Some(json!({ "signed_header": commit["signed_header"], "validator_set": validator_set }))
}

#[test]
fn caches_of_a_commit_stand_empty_in_light_blocks_only() {
    let Some([block, commit, page]) = first_height() else { return };
    let light = light_block().unwrap();
    let unknown = |path: &str, values: &[Value]| {
        let (problem, found) = decode_error(values);
        assert!(matches!(problem, DecodeProblem::UnknownField(_)), "{problem}");
        assert_eq!(found, path);
    };
    let expected = imported(std::slice::from_ref(&light)).unwrap();
    for (key, empty) in [("hash", json!([])), ("bit_array", Value::Null)] {
        let mut altered = light.clone();
        altered["signed_header"]["commit"][key] = empty.clone();
        assert_eq!(imported(&[altered]).unwrap(), expected);
        for value in [json!("AB".repeat(32)), json!([1]), json!(5), json!({}), json!(true)] {
            let mut altered = light.clone();
            altered["signed_header"]["commit"][key] = value;
            let (_, path) = decode_error(&[altered]);
            assert!(path.starts_with(&format!("signed_header.commit.{key}")), "{path}");
        }
        let mut altered = commit.clone();
        altered["signed_header"]["commit"][key] = empty.clone();
        unknown(&format!("signed_header.commit.{key}"), &[block.clone(), altered, page.clone()]);
        let mut altered = block.clone();
        altered["block"]["last_commit"][key] = empty.clone();
        unknown(&format!("block.last_commit.{key}"), &[altered, commit.clone(), page.clone()]);
        let mut celestia = light["signed_header"].clone();
        celestia["validator_set"] = light["validator_set"].clone();
        assert_eq!(imported(std::slice::from_ref(&celestia)).unwrap(), expected);
        celestia["commit"][key] = empty;
        unknown(&format!("commit.{key}"), &[celestia]);
    }
}
