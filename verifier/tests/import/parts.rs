//! Parts that are missing, split, or there twice: what is wrong is named.

use serde_json::{Value, json};
use vidimus::{
    InputKind, Verification,
    anchor::Anchors,
    import::{ImportError, Importer, Subject},
    limits::Limits,
    policy::Policy,
    report::{Report, Status},
    snapshot::Kind,
};

use super::{
    Source, convert, first_height, head_of, items, light_block, live, scan, shuffle, text,
};

#[test]
fn missing_parts_are_named() {
    let Some(all) = live("live-038") else { return };
    let without = |names: &[&str]| {
        let sources = head_of(live("live-038").unwrap(), 60);
        let kept = sources.into_iter().filter(|source| !names.contains(&source.name.as_str()));
        convert(&kept.collect::<Vec<_>>()).map(|_| ()).map_err(|error| error.to_string())
    };
    drop(all);
    assert_eq!(without(&[]), Ok(()));
    assert_eq!(without(&["block_7.json"]), Err("block at height 7 missing".into()));
    assert_eq!(without(&["commit_60.json"]), Err("commit at height 60 missing".into()));
    assert_eq!(without(&["validators_1.json"]), Err("validators at height 1 missing".into()));
    // The commit in between stands in the next block; the set after the last block is a courtesy.
    assert_eq!(without(&["commit_7.json", "validators_61.json", "genesis.json"]), Ok(()));
    let changes =
        (2..=60).filter(|height| without(&[&format!("validators_{height}.json")]).is_err());
    let changes: Vec<u64> = changes.collect();
    // Where the header before says that the set is another.
    assert_eq!(changes, [12, 14, 38, 56]);
    for height in &changes {
        let error = without(&[&format!("validators_{height}.json")]).unwrap_err();
        assert_eq!(error, format!("validators at height {height} missing"));
    }
    assert_eq!(
        convert(&[]).unwrap_err().to_string(),
        "no block and no signed header in the export"
    );
}

/// Splits a page of validators into pages of `size`.
fn pages(source: &Source, size: usize) -> Vec<Source> {
    let value: Value = serde_json::from_slice(&source.bytes).unwrap();
    let list = value["result"]["validators"].as_array().unwrap();
    let page = |(index, page): (usize, &[Value])| {
        let page = json!({
            "block_height": value["result"]["block_height"],
            "validators": page,
            "count": page.len().to_string(),
            "total": list.len().to_string(),
        });
        Source { name: format!("{}-{index}", source.name), bytes: page.to_string().into_bytes() }
    };
    list.chunks(size).enumerate().map(page).collect()
}

#[test]
fn pages_of_validators_merge_and_a_missing_one_is_named() {
    let Some(sources) = live("live-038") else { return };
    let sources = head_of(sources, 20);
    let expected = convert(&sources).unwrap();
    for size in 1..=4 {
        let mut paged = Vec::new();
        for source in &sources {
            if source.name.starts_with("validators_") {
                paged.extend(pages(source, size));
            } else {
                paged.push(Source { name: source.name.clone(), bytes: source.bytes.clone() });
            }
        }
        for seed in 1..3 {
            shuffle(&mut paged, seed);
            assert!(convert(&paged).unwrap() == expected, "pages of {size}");
        }
        // Whole sets beside the pages.
        paged.extend(live("live-038").map(|s| head_of(s, 20)).unwrap());
        assert!(convert(&paged).unwrap() == expected, "pages of {size} and whole sets");
        if size == 3 {
            let mut less: Vec<Source> = Vec::new();
            for source in &sources {
                if source.name == "validators_8.json" {
                    less.extend(pages(source, size).into_iter().take(1));
                } else {
                    less.push(Source { name: source.name.clone(), bytes: source.bytes.clone() });
                }
            }
            let error = convert(&less).unwrap_err();
            assert_eq!(error.to_string(), "page 2 of validators at height 8 missing");
            assert!(scan(&less).unwrap().summary().missing.contains(&error.to_string()));
        }
    }
}

#[test]
fn contradictions_name_both_values() {
    let Some(sources) = live("live-038").map(|sources| head_of(sources, 12)) else { return };
    let find = |name: &str| text(&sources.iter().find(|s| s.name == name).unwrap().bytes);
    let with = |extra: String| {
        let mut sources = live("live-038").map(|sources| head_of(sources, 12)).unwrap();
        sources.push(Source { name: "extra".into(), bytes: extra.into_bytes() });
        convert(&sources).unwrap_err()
    };
    let cases = [
        ("commit_3.json", "\"app\":\"1\"", "\"app\":\"2\"", Subject::Header),
        ("block_3.json", "\"round\":0", "\"round\":1", Subject::Block),
        (
            "block_3.json",
            "\"block_id\":{\"hash\":\"",
            "\"block_id\":{\"hash\":\"00",
            Subject::BlockId,
        ),
        (
            "validators_3.json",
            "\"voting_power\":\"1\"",
            "\"voting_power\":\"2\"",
            Subject::Validators,
        ),
        ("genesis.json", "\"chain_id\":\"vidimus", "\"chain_id\":\"midivus", Subject::ChainId),
        ("block_results_10.json", "\"gas_used\":\"", "\"gas_used\":\"1", Subject::BlockResults),
    ];
    for (name, from, to, expected) in cases {
        let original = find(name);
        assert!(original.contains(from), "{name} has {from}");
        let mut altered = original.replacen(from, to, 1);
        if expected == Subject::BlockId {
            // A hash stays 32 bytes long.
            let at = altered.find(to).unwrap() + to.len();
            altered.replace_range(at..at + 2, "");
        }
        let error = with(altered);
        let ImportError::Contradiction { subject, first, second, .. } = &error else {
            panic!("{name}: {error}");
        };
        assert_eq!(*subject, expected, "{error}");
        assert!([&first.file, &second.file].contains(&&"extra".to_string()), "{error}");
        assert_ne!(first.file, second.file, "{error}");
        println!("{error}");
    }
}

/// Sources of one value each.
pub(super) fn named(values: &[(&str, Value)]) -> Vec<Source> {
    let source = |(name, value): &(&str, Value)| Source {
        name: (*name).to_string(),
        bytes: value.to_string().into_bytes(),
    };
    values.iter().map(source).collect()
}

/// The contradiction in an export of these values: about what, and the names of the two.
pub(super) fn contradiction(values: &[(&str, Value)]) -> (Subject, String, String) {
    match convert(&named(values)) {
        Err(ImportError::Contradiction { subject, first, second, .. }) => {
            (subject, first.file, second.file)
        }
        other => panic!("{other:?}"),
    }
}

pub(super) fn validators(subject: (&str, &str)) -> (Subject, String, String) {
    (Subject::Validators, subject.0.to_string(), subject.1.to_string())
}

#[test]
fn pages_that_contradict_each_other_are_both_named() {
    let Some([block, commit, page]) = first_height() else { return };
    let list = page["validators"].as_array().unwrap();
    assert_eq!(list.len(), 5);
    let page = |range: std::ops::Range<usize>, total: usize| json!({ "block_height": "1", "validators": list[range], "total": total.to_string() });
    let with = |pages: [(&'static str, Value); 3]| {
        let rest = [("block", block.clone()), ("commit", commit.clone())];
        contradiction(&rest.into_iter().chain(pages).collect::<Vec<_>>())
    };
    // More than the total.
    let pages = [("a", page(0..1, 3)), ("b", page(1..2, 3)), ("c", page(2..5, 3))];
    assert_eq!(with(pages), validators(("a", "c")));
    // The second and the third, not the first, have one validator in common.
    let mut altered = page(2..5, 5);
    altered["validators"][0]["pub_key"]["value"] = list[0]["pub_key"]["value"].clone();
    let pages = [("a", page(0..1, 5)), ("b", page(1..3, 5)), ("c", altered)];
    assert_eq!(with(pages), validators(("b", "c")));
}

#[test]
fn set_beside_a_signed_header_contradicts_the_set_of_its_block() {
    let Some([block, commit, page]) = first_height() else { return };
    let mut light = light_block().unwrap();
    light["validator_set"]["validators"][0]["voting_power"] = json!("77");
    let values = [("block", block), ("commit", commit), ("page", page), ("light", light)];
    assert_eq!(contradiction(&values), validators(("page", "light")));
}

#[test]
fn set_that_was_announced_contradicts_another_one_of_its_height() {
    let Some([_, _, mut page]) = first_height() else { return };
    let mut light = light_block().unwrap();
    light["next_validator_set"] = light["validator_set"].clone();
    light["next_validator_set"]["validators"][0]["voting_power"] = json!("77");
    page["block_height"] = json!("2");
    let values = [("light", light), ("page", page)];
    assert_eq!(contradiction(&values), validators(("light", "page")));
}

#[test]
fn block_id_beside_a_header_contradicts_the_commit() {
    let Some(light) = light_block() else { return };
    let header = light["signed_header"]["header"].clone();
    let mut id = light["signed_header"]["commit"]["block_id"].clone();
    id["parts"]["hash"] = json!("AB".repeat(32));
    let meta = json!({ "block_id": id, "block_size": "1", "header": header, "num_txs": "0" });
    let metas = json!({ "last_height": "1", "block_metas": [meta] });
    let values = [("header", json!({ "header": header })), ("light", light), ("metas", metas)];
    let expected = (Subject::BlockId, "light".to_string(), "metas".to_string());
    assert_eq!(contradiction(&values), expected);
}

#[test]
fn block_id_beside_a_block_that_is_not_its_own_is_a_contradiction() {
    let Some(sources) = live("live-038").map(|sources| head_of(sources, 12)) else { return };
    for (name, key) in
        [("block_3.json", "hash"), ("block_3.json", "parts"), ("block_5.json", "parts")]
    {
        let altered = sources.iter().map(|source| {
            let mut value: Value = serde_json::from_slice(&source.bytes).unwrap();
            if source.name == name {
                let id = &mut value["result"]["block_id"];
                let hash = if key == "hash" { &mut id["hash"] } else { &mut id["parts"]["hash"] };
                *hash = json!("AB".repeat(32));
            }
            Source { name: source.name.clone(), bytes: value.to_string().into_bytes() }
        });
        let error = convert(&altered.collect::<Vec<_>>()).unwrap_err();
        let expected = Subject::BlockId;
        assert!(
            matches!(&error, ImportError::Contradiction { subject, .. } if *subject == expected),
            "{error}"
        );
    }
}

#[test]
fn another_commit_is_carried_and_an_equal_one_is_not() {
    let Some(sources) = live("live-038").map(|sources| head_of(sources, 6)) else { return };
    let commits = |sources: &[Source]| {
        let (_, list) = items(&convert(sources).unwrap());
        list.iter().filter(|(kind, _)| *kind == Kind::Commit).count()
    };
    let before = commits(&sources);
    let altered = sources.iter().map(|source| {
        let mut value: Value = serde_json::from_slice(&source.bytes).unwrap();
        if source.name == "commit_3.json" {
            value["result"]["signed_header"]["commit"]["round"] = json!(9);
        }
        Source { name: source.name.clone(), bytes: value.to_string().into_bytes() }
    });
    assert_eq!(commits(&altered.collect::<Vec<_>>()), before + 1);
}

/// The report on an export, as a driver comes to it.
fn judge(sources: &[Source], anchor: &str) -> Report {
    let limits = Limits::default();
    let anchors = Anchors::parse(anchor, &limits).unwrap();
    let mut verification = Verification::new(anchors, Policy::default(), limits, InputKind::Export);
    let mut import = || -> Result<(), ImportError> {
        let mut importer = Importer::new(scan(sources)?);
        while let Some(request) = importer.next_request() {
            let start = usize::try_from(request.offset).unwrap();
            let end = start + usize::try_from(request.length).unwrap();
            let supplied = importer.supply(&sources[request.source].bytes[start..end]);
            verification.feed(&importer.take_output());
            verification.discharge_inline();
            supplied?;
        }
        verification.feed(&importer.take_output());
        Ok(())
    };
    match import() {
        Ok(()) => assert!(verification.end()),
        Err(error) => verification.end_import(&error),
    }
    verification.discharge_inline();
    verification.finish()
}

#[test]
fn export_without_a_block_is_incomplete_and_no_lie() {
    for wanted in ["validators_5.", "validators_", "genesis", "status", "block_results_5."] {
        let Some(mut sources) = live("live-038") else { return };
        sources.retain(|source| source.name.starts_with(wanted));
        assert!(!sources.is_empty(), "{wanted}");
        let verdict = judge(&sources, "").verdict;
        let (status, code, reason) = (verdict.status, &*verdict.code, verdict.reason);
        assert_eq!((status, code), (Status::Inconclusive, "incomplete"), "{wanted}");
        assert!(reason.contains("no block and no signed header"), "{wanted}: {reason}");
    }
}

#[test]
fn export_of_two_chains_is_rejected_for_it_whatever_the_anchor() {
    let (Some(mut sources), Some(others)) = (live("live-038"), live("live-040")) else { return };
    sources.extend(others.into_iter().filter(|source| source.name == "block_5.json"));
    let hash = "CDA6C557FDA53B7A7105262EEF0BE58801CE514B3D4C9A26892A483CD7AC2D79";
    for chain in ["vidimus-live-038", "vidimus-live-040"] {
        let verdict = judge(&sources, &format!("cometbft-0.38/{chain}/99/{hash}")).verdict;
        assert_eq!((verdict.status, &*verdict.code), (Status::Rejected, "import.consistent"));
        assert!(verdict.evidence.unwrap().claimed.contains("chain id"), "names what differs");
    }
}
