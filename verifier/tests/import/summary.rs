//! What an export is said to hold and to lack, before it is imported.

use serde_json::json;

use super::{Source, first_height, head_of, light_block, live, parts::named, scan};

#[test]
fn summary_tells_what_is_inside() {
    let Some(sources) = live("live-038") else { return };
    let index = scan(&sources).unwrap();
    assert_eq!((index.chain_id(), index.heights()), (Some("vidimus-live-038"), Some((1, 99))));
    let summary = index.summary();
    let head = summary.untrusted_head.as_ref().unwrap();
    assert_eq!(
        (head.height, head.hash.unwrap().to_string().as_str()),
        (99, "CDA6C557FDA53B7A7105262EEF0BE58801CE514B3D4C9A26892A483CD7AC2D79")
    );
    assert_eq!(summary.claimed_version.as_deref(), Some("0.38.26"));
    assert!(summary.missing.is_empty() && !summary.is_light);
    let expected = [
        ("abci_info", 1),
        ("block", 99),
        ("block_results", 99),
        ("commit", 99),
        ("consensus_params", 1),
        ("genesis", 1),
        ("status", 1),
        ("validators", 100),
    ];
    assert_eq!(summary.values, expected);
    println!("{summary}");
}

#[test]
fn bare_header_counts_as_a_header() {
    let Some([block, commit, page]) = first_height() else { return };
    let header = commit["signed_header"]["header"].clone();
    let all = named(&[("block", block), ("commit", commit), ("page", page)]);
    let expected = super::convert(&all).unwrap();
    let bare = named(&[("bare", header.clone()), ("header", json!({ "header": header }))]);
    let both: Vec<Source> = all.into_iter().chain(bare).collect();
    assert!(scan(&both).unwrap().summary().values.contains(&("header", 2)));
    assert!(super::convert(&both).unwrap() == expected);
}

#[test]
fn head_is_the_first_header_of_the_last_height() {
    let Some(light) = light_block() else { return };
    let hash = |values: &[serde_json::Value]| {
        let named: Vec<_> = values.iter().map(|value| ("x", value.clone())).collect();
        let head = scan(&super::parts::named(&named)).unwrap().summary().untrusted_head.unwrap();
        (head.height, head.hash.unwrap())
    };
    let header = |app: &str, height: &str| {
        let mut light = light.clone();
        light["signed_header"]["header"]["version"]["app"] = json!(app);
        light["signed_header"]["header"]["height"] = json!(height);
        light
    };
    let [low, first, second] = [("1", "1"), ("1", "2"), ("2", "2")].map(|(a, h)| header(a, h));
    let [one, two] = [&first, &second].map(|light| hash(std::slice::from_ref(light)));
    assert_ne!(one, two);
    for (order, expected) in [
        ([&low, &first, &second], one),
        ([&low, &second, &first], two),
        ([&first, &low, &second], one),
        ([&second, &first, &low], two),
    ] {
        assert_eq!(hash(&order.map(Clone::clone)), expected);
    }
}

#[test]
fn of_many_chain_ids_the_first_sixteen_are_told() {
    let header = |n: usize| json!({ "header": { "chain_id": format!("c{n}"), "height": "1" } });
    let all: Vec<_> = (0..20).chain(0..20).map(|n| ("x", header(n))).collect();
    let index = scan(&named(&all)).unwrap();
    let expected: Vec<String> = (0..16).map(|n| format!("c{n}")).collect();
    assert_eq!((index.chain_id(), index.summary().chain_ids), (None, expected));
}

/// What the scan misses in the heights 1 to 6, or in those of them from `first`.
fn missing(first: u64, without: &[&str], more: &[(&str, serde_json::Value)]) -> Vec<String> {
    let mut sources = head_of(live("live-038").unwrap(), 6);
    sources.retain(|source| {
        let stem = source.name.trim_end_matches(".json");
        let height = stem.rsplit_once('_').map_or(0, |(_, height)| height.parse().unwrap());
        height >= first && !without.contains(&source.name.as_str())
    });
    sources.extend(named(more));
    let index = scan(&sources).unwrap();
    let all: Vec<String> = index.missing(100).iter().map(ToString::to_string).collect();
    assert_eq!(index.summary().missing, all);
    // As many as are asked for, and the first of them.
    for most in 0..=all.len() {
        let some: Vec<String> = index.missing(most).iter().map(ToString::to_string).collect();
        assert_eq!(some, all[..most]);
    }
    all
}

#[test]
fn parts_that_are_missing_are_told_by_height() {
    if live("live-038").is_none() {
        return;
    }
    assert!(missing(1, &[], &[]).is_empty());
    let without = [
        "validators_1.json",
        "block_2.json",
        "validators_3.json",
        "block_4.json",
        "block_5.json",
        "commit_6.json",
    ];
    let expected = [
        "validators at height 1 missing",
        "block at height 2 missing",
        "block at height 4 missing",
        "block at height 5 missing",
        "commit at height 6 missing",
    ];
    assert_eq!(missing(1, &without, &[]), expected);
    assert_eq!(missing(1, &without[1..], &[]), expected[1..]);
    // What is about the genesis is no set of the first height.
    let chunk = json!({ "chunk": "0", "total": "1", "data": "" });
    assert_eq!(missing(1, &without[..1], &[("chunk", chunk)]), expected[..1]);
}

#[test]
fn pages_matter_for_the_heights_of_the_export_alone() {
    let Some([_, _, page]) = first_height() else { return };
    let lacking = |height: u64| {
        let some = &page["validators"].as_array().unwrap()[..3];
        let value = json!({ "block_height": height.to_string(), "validators": some, "total": "5" });
        missing(3, &[&format!("validators_{height}.json")], &[("page", value)])
    };
    for height in [1, 2, 8, 50] {
        assert_eq!(lacking(height), Vec::<String>::new(), "{height}");
    }
    for height in 3..=7 {
        assert_eq!(lacking(height), [format!("page 2 of validators at height {height} missing")]);
    }
}
