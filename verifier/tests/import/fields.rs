//! Every field of an export matters, or stands in the published map.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
};

use serde_json::{Value, json};
use vidimus::{
    encoding::DecodeProblem,
    import::{ImportError, UNAUTHENTICATED_FIELDS},
};

use super::{Source, cometbft, convert, first_height, head_of, light_block, live};

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

/// How the published map names a field.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Listed {
    No,
    /// The field itself; below it, if anything, what has a fixed form.
    Field,
    /// Anything goes there.
    Anything,
}

fn listed(endpoint: &str, path: &str) -> (Listed, Option<usize>) {
    let path = path.strip_prefix("result.").unwrap_or(path);
    let places = UNAUTHENTICATED_FIELDS.iter().enumerate();
    let mut found = places.filter_map(|(index, (of, field))| {
        if *of != "*" && *of != endpoint {
            return None;
        }
        let Some(stem) = field.strip_suffix(".*") else {
            return (path == *field).then_some((Listed::Field, Some(index)));
        };
        let rest = path.strip_prefix(stem)?;
        match rest.chars().next() {
            None => Some((Listed::Field, Some(index))),
            Some('.' | '[') => Some((Listed::Anything, Some(index))),
            Some(_) => None,
        }
    });
    found.next().unwrap_or((Listed::No, None))
}

/// Other values of the same type that are as plausible.
fn others(value: &Value) -> Vec<Value> {
    let other = match value {
        // What the type would be, nothing tells.
        Value::Null => return vec![json!("QUJD"), json!([]), json!({})],
        Value::Bool(value) => json!(!value),
        Value::Number(number) => json!(number.as_i64().unwrap() + 1),
        Value::String(text) if text.parse::<i64>().is_ok() => {
            let number = text.parse::<i64>().unwrap() + 1;
            // Digits that start with zeros are hex.
            let width = if text.starts_with('0') { text.len() } else { 0 };
            json!(format!("{number:0width$}"))
        }
        Value::String(text) if text.ends_with('Z') => json!("2027-01-01T00:00:00Z"),
        Value::String(text) if text.ends_with("/PubKeyEd25519") => {
            json!(text.replace("Ed25519", "Secp256k1"))
        }
        Value::String(text) => match text.chars().next() {
            Some('A') => json!(format!("B{}", &text[1..])),
            Some(_) => json!(format!("A{}", &text[1..])),
            None => json!("AB"),
        },
        Value::Array(_) | Value::Object(_) => panic!("not a leaf"),
    };
    vec![other]
}

/// Answers of a node, each with its endpoint.
struct Export(Vec<(String, Value)>);

impl Export {
    fn sources(&self) -> Vec<Source> {
        let source = |(index, (endpoint, value)): (usize, &(String, Value))| Source {
            name: format!("{endpoint}-{index}"),
            bytes: value.to_string().into_bytes(),
        };
        self.0.iter().enumerate().map(source).collect()
    }

    /// What becomes of the export when the value at `pointer` of one answer is changed.
    fn with(
        &self,
        sources: &mut [Source],
        at: usize,
        pointer: &str,
        change: impl FnOnce(&mut Value),
    ) -> Result<Vec<u8>, ImportError> {
        let mut altered = self.0[at].1.clone();
        change(altered.pointer_mut(pointer).unwrap());
        let original = std::mem::replace(&mut sources[at].bytes, altered.to_string().into_bytes());
        let result = convert(sources);
        sources[at].bytes = original;
        result
    }
}

/// The first four heights of a chain from every endpoint, with the members of every release.
fn blocks() -> Option<Export> {
    let folder = cometbft()?;
    let mut sources = head_of(live("live-038")?, 4);
    for name in ["status.json", "abci_info.json", "consensus_params_99.json"] {
        let bytes = fs::read(folder.join("live-038").join(name)).unwrap();
        sources.push(Source { name: name.into(), bytes });
    }
    let mut answers: Vec<(String, Value)> = Vec::new();
    for source in &sources {
        let stem = source.name.trim_end_matches(".json");
        let numbered = stem.rsplit_once('_').filter(|(_, h)| h.parse::<u64>().is_ok());
        let endpoint = numbered.map_or(stem, |(endpoint, _)| endpoint).to_string();
        let mut value: Value = serde_json::from_slice(&source.bytes).unwrap();
        if endpoint == "block" {
            value["result"]["block"]["data"]["txs"] = json!(["QUJD"]);
        }
        answers.push((endpoint, value));
    }
    let blocks: Vec<Value> = answers
        .iter()
        .filter(|(endpoint, _)| endpoint == "block")
        .map(|(_, value)| value["result"].clone())
        .collect();
    let metas = blocks.iter().map(|block| {
        let (id, header) = (&block["block_id"], &block["block"]["header"]);
        json!({ "block_id": id, "block_size": "7", "header": header, "num_txs": "0" })
    });
    let metas: Vec<Value> = metas.collect();
    answers.push(("blockchain".into(), json!({ "last_height": "99", "block_metas": metas })));
    answers.push(("block_search".into(), json!({ "blocks": blocks, "total_count": "4" })));
    let more = [
        ("block", "time_iota_ms", "1000"),
        ("version", "app_version", "1"),
        ("authority", "authority", "a"),
        ("feature", "vote_extensions_enable_height", "1"),
        ("feature", "pbts_enable_height", "0"),
        ("synchrony", "precision", "505000000"),
        ("synchrony", "message_delay", "15000000000"),
    ];
    for (endpoint, value) in &mut answers {
        let result = if value.get("result").is_some() { &mut value["result"] } else { value };
        let params = match endpoint.as_str() {
            "consensus_params" => {
                result["block_height"] = json!("3");
                &mut result["consensus_params"]
            }
            "genesis" => {
                result["genesis"]["app_state"] = json!({ "a": { "b": [1, null, "c"] } });
                &mut result["genesis"]["consensus_params"]
            }
            "block_results" => {
                let events =
                    json!([{ "type": "t", "attributes": [{ "key": "k", "value": null }] }]);
                result["begin_block_events"] = events.clone();
                result["end_block_events"] = events.clone();
                result["txs_results"] = json!([{
                    "code": 0, "data": "QUJD", "log": "l", "info": "", "gas_wanted": "2",
                    "gas_used": "1", "events": events, "codespace": "c",
                }]);
                result["consensus_param_updates"] = json!({ "block": { "max_bytes": "1" } });
                result["total_gas_used"] = json!("0");
                continue;
            }
            _ => continue,
        };
        for (section, key, value) in more {
            params[section][key] = json!(value);
        }
    }
    Some(Export(answers))
}

/// A light block as tendermint-rs prints it, and one as Celestia does.
fn lights() -> Option<[Export; 2]> {
    let mut light = light_block()?;
    light["provider"] = json!("BADFADAD0BEFEEDC0C0ADEADBEEFC0FFEEFACADE");
    let set = &mut light["validator_set"];
    set["proposer"] = set["validators"][0].clone();
    set["total_voting_power"] = json!("4");
    light["next_validator_set"] = set.clone();
    let path = cometbft()?.join("celestia-mocha4/3000/signed_block.json");
    let mut signed: Value = serde_json::from_slice(&fs::read(path).unwrap()).unwrap();
    let bare = if signed.get("result").is_some() { &mut signed["result"] } else { &mut signed };
    bare["data"]["txs"] = json!(["QUJD"]);
    bare["dah"] = json!({ "row_roots": ["QUJD"], "column_roots": [] });
    Some([light, signed].map(|value| Export(vec![("light_block".into(), value)])))
}

fn exports() -> Vec<Export> {
    let (Some(blocks), Some(lights)) = (blocks(), lights()) else { return Vec::new() };
    std::iter::once(blocks).chain(lights).collect()
}

fn is_refused(result: &Result<Vec<u8>, ImportError>) -> bool {
    matches!(result, Err(ImportError::Decode { .. } | ImportError::Unknown { .. }))
}

/// Changes each leaf of each answer: an error, another container, or a field of the published map;
/// and those of the map change nothing. Every field of the map is met.
#[test]
fn fields_matter_or_are_listed() {
    let (mut seen, mut wrong, mut met) = (0, Vec::new(), BTreeSet::new());
    let exports = exports();
    for export in &exports {
        let mut sources = export.sources();
        let expected = convert(&sources).unwrap();
        let last = export.0.iter().rposition(|(endpoint, _)| endpoint == "block_results");
        for (at, (endpoint, value)) in export.0.iter().enumerate() {
            let mut fields = Vec::new();
            leaves(value, "", "", &mut fields);
            // Transactions of one block are enough.
            fields.truncate(400);
            for (path, pointer) in fields {
                let (named, index) = listed(endpoint, &path);
                met.extend(index);
                let others = others(value.pointer(&pointer).unwrap());
                // A list that is not there and an empty one are the same.
                let most = if named == Listed::No { 1 } else { others.len() };
                let results: Vec<_> = others
                    .into_iter()
                    .take(most)
                    .map(|other| export.with(&mut sources, at, &pointer, |leaf| *leaf = other))
                    .collect();
                let is_same = |result: &Result<Vec<u8>, ImportError>| {
                    result.as_ref().is_ok_and(|container| *container == expected)
                };
                seen += results.len();
                let holds = if named == Listed::No {
                    // Nothing attests the last block's results; a set that does not change is not
                    // carried.
                    let unused = Some(at) == last
                        || (endpoint == "validators" && path == "result.block_height");
                    unused || !results.iter().any(is_same)
                } else {
                    // It places what is imported.
                    let places = endpoint == "consensus_params" && path == "result.block_height";
                    places
                        || (results.iter().any(is_same)
                            && results.iter().all(|r| is_same(r) || is_refused(r)))
                };
                if !holds {
                    wrong.push(format!("{endpoint}: {path} {named:?}"));
                }
            }
        }
    }
    wrong.sort();
    wrong.dedup();
    assert!(wrong.is_empty(), "{} of {seen}:\n{}", wrong.len(), wrong.join("\n"));
    let all = UNAUTHENTICATED_FIELDS.iter().enumerate();
    let unmet: Vec<_> = all.filter(|(index, _)| !met.contains(index)).map(|(_, f)| f).collect();
    assert!(exports.is_empty() || unmet.is_empty(), "nothing has {unmet:?}");
    println!("harness: {seen} changes of fields, {} fields in the map", met.len());
}

/// Adds a member to each object, and gives each leaf another type: refused, but where the map says
/// that anything goes.
#[test]
fn unknown_members_and_values_of_another_type_are_refused() {
    let (mut seen, mut wrong) = (0, Vec::new());
    for export in exports() {
        let mut sources = export.sources();
        let expected = convert(&sources).unwrap();
        for (at, (endpoint, value)) in export.0.iter().enumerate() {
            let mut list = Vec::new();
            leaves(value, "", "", &mut list);
            list.truncate(400);
            let mut objects = BTreeMap::new();
            for (path, pointer) in &list {
                for (index, _) in pointer.match_indices('/') {
                    let outer = &pointer[..index];
                    if value.pointer(outer).unwrap().is_object() {
                        objects.insert(outer.to_string(), outer_path(value, outer));
                    }
                }
                let leaf = value.pointer(pointer).unwrap();
                let types = [
                    json!({ "unknown": 1 }),
                    if leaf.is_boolean() { json!("x") } else { json!(true) },
                ];
                for other in types {
                    let result =
                        export.with(&mut sources, at, pointer, |leaf| *leaf = other.clone());
                    seen += 1;
                    let holds = if listed(endpoint, path).0 == Listed::Anything {
                        result.as_ref() == Ok(&expected)
                    } else {
                        is_refused(&result)
                    };
                    if !holds {
                        wrong.push(format!("{endpoint}: {path} = {other}"));
                    }
                }
            }
            for (pointer, path) in objects {
                let result =
                    export.with(&mut sources, at, &pointer, |object| object["unknown"] = json!(1));
                seen += 1;
                let inside = format!("{path}.unknown");
                let holds = if listed(endpoint, &inside).0 == Listed::Anything {
                    result.as_ref() == Ok(&expected)
                } else {
                    is_refused(&result)
                };
                if !holds {
                    wrong.push(format!("{endpoint}: {inside}"));
                }
            }
        }
    }
    wrong.sort();
    wrong.dedup();
    assert!(wrong.is_empty(), "{} of {seen}:\n{}", wrong.len(), wrong.join("\n"));
    println!("harness: {seen} unknown members and other types");
}

/// The path of an object as the map writes it.
fn outer_path(value: &Value, pointer: &str) -> String {
    let (mut path, mut current) = (String::new(), value);
    for key in pointer.split('/').skip(1) {
        if let Value::Array(values) = current {
            path.push_str("[]");
            current = &values[key.parse::<usize>().unwrap()];
        } else {
            if !path.is_empty() {
                path.push('.');
            }
            path.push_str(key);
            current = &current[key];
        }
    }
    path
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
