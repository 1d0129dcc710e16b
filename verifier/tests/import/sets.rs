//! Validator sets of blocks: put together from pages, followed from height to height.

use std::ops::Range;

use serde_json::{Value, json};
use vidimus::{
    encoding::DecodeProblem,
    import::{ImportError, import},
    limits::Limits,
    snapshot::Kind,
};

use super::{
    Source, convert, first_height, head_of, items, light_block, live,
    parts::{contradiction, named, validators},
};

/// Number of the validators in the export's first height.
const COUNT: usize = 5;

/// Block and commit of the first height.
fn first_block() -> Option<[(&'static str, Value); 2]> {
    let [block, commit, _] = first_height()?;
    Some([("block", block), ("commit", commit)])
}

/// A page of the validators of the first height.
fn page(range: Range<usize>) -> Value {
    let [_, _, page] = first_height().unwrap();
    let list = &page["validators"].as_array().unwrap()[range];
    json!({ "block_height": "1", "validators": list, "total": COUNT.to_string() })
}

#[test]
fn overlapping_pages_can_lack_a_validator() {
    let Some(block) = first_block() else { return };
    let pages = [("a", page(0..3)), ("b", page(1..4))];
    let error = convert(&named(&[&block[..], &pages].concat())).unwrap_err();
    assert_eq!(error.to_string(), "1 of 3 pages of validators at height 1 missing");
    let pages = [("a", page(0..3)), ("b", page(1..5))];
    let expected = convert(&named(&[&block[..], &[("whole", page(0..5))]].concat())).unwrap();
    assert!(convert(&named(&[&block[..], &pages].concat())).unwrap() == expected);
}

#[test]
fn page_that_contradicts_another_is_refused_and_both_are_named() {
    let Some(block) = first_block() else { return };
    let mut altered = page(2..4);
    altered["validators"][0]["pub_key"]["value"] =
        page(0..1)["validators"][0]["pub_key"]["value"].clone();
    // The validator that differs is the first after the page `a`.
    let pages = [("a", page(0..2)), ("b", altered), ("c", page(2..5))];
    assert_eq!(contradiction(&[&block[..], &pages].concat()), validators(("c", "b")));
}

#[test]
fn pages_overlap_up_to_four_times_the_limit_of_a_set() {
    let Some(block) = first_block() else { return };
    let limits: Limits = serde_json::from_str(&format!("{{\"validators\":\"{COUNT}\"}}")).unwrap();
    let with = |more: Option<Range<usize>>| {
        // 19 validators, and 1 on the last page.
        let ranges = [0..5, 0..4, 1..5, 0..3, 1..4].into_iter().chain(more);
        let pages: Vec<_> = ranges.map(|range| ("page", page(range))).collect();
        let sources = named(&[&block[..], &pages, &[("last", page(1..2))]].concat());
        let pairs: Vec<(&str, &[u8])> =
            sources.iter().map(|source| (source.name.as_str(), source.bytes.as_slice())).collect();
        import(&pairs, &limits)
    };
    let expected = convert(&named(&[&block[..], &[("page", page(0..5))]].concat())).unwrap();
    assert!(with(None).unwrap() == expected);
    for (more, first) in [(0..1, "last"), (0..2, "page")] {
        let error = with(Some(more)).unwrap_err();
        assert_eq!(error.to_string(), format!("{first} at byte 0 is above the limit `validators`"));
    }
}

#[test]
fn page_has_no_more_validators_than_the_set_and_as_many_as_it_counts() {
    let Some(block) = first_block() else { return };
    let with = |key: &str, value: &str| {
        let mut page = page(0..5);
        page[key] = json!(value);
        match convert(&named(&[&block[..], &[("page", page)]].concat())) {
            Ok(_) => None,
            Err(ImportError::Decode { error, .. }) => Some((error.problem, error.path)),
            Err(error) => panic!("{error}"),
        }
    };
    assert_eq!((with("total", "5"), with("count", "5")), (None, None));
    for (key, value, problem) in [
        ("total", "4", DecodeProblem::OutOfRange),
        ("total", "0", DecodeProblem::OutOfRange),
        ("count", "4", DecodeProblem::Length),
        ("count", "6", DecodeProblem::Length),
    ] {
        assert_eq!(with(key, value), Some((problem, key.to_string())), "{value}");
    }
}

fn sets(sources: &[Source]) -> usize {
    let (_, list) = items(&convert(sources).unwrap());
    list.iter().filter(|(kind, _)| *kind == Kind::Validators).count()
}

#[test]
fn set_is_written_where_it_changes() {
    for (last, expected) in [(9, 1), (10, 1), (11, 2), (12, 2), (13, 3), (20, 3)] {
        let Some(sources) = live("live-038").map(|sources| head_of(sources, last)) else { return };
        assert_eq!(sets(&sources), expected, "{last}");
    }
}

#[test]
fn set_after_the_last_block_may_be_absent() {
    // The twelfth is another than the eleventh.
    for (last, expected) in [(10, 1), (11, 1), (12, 2)] {
        let Some(mut sources) = live("live-038").map(|s| head_of(s, last)) else { return };
        sources.retain(|source| source.name != format!("validators_{}.json", last + 1));
        assert_eq!(sets(&sources), expected, "{last}");
    }
}

#[test]
fn announced_set_is_that_of_the_next_height() {
    let Some(block) = first_block() else { return };
    let mut light = light_block().unwrap();
    light["next_validator_set"] = light["validator_set"].clone();
    light["next_validator_set"]["validators"][0]["voting_power"] = json!("77");
    let of_next = |set: &str| {
        let set = &light[set]["validators"];
        ("next", json!({ "block_height": "2", "validators": set }))
    };
    let base = [&block[..], &[("page", page(0..5)), ("light", light.clone())]].concat();
    // It stands in the light block alone, in both, and in both not the same.
    let alone = convert(&named(&base)).unwrap();
    let both = [&base[..], &[of_next("next_validator_set")]].concat();
    assert!(convert(&named(&both)).unwrap() == alone);
    assert_eq!(sets(&named(&both)), 2);
    let differ = [&base[..], &[of_next("validator_set")]].concat();
    assert_eq!(contradiction(&differ), validators(("next", "light")));
    let error = convert(&named(&differ)).unwrap_err();
    assert!(matches!(error, ImportError::Contradiction { height: Some(2), .. }), "{error}");
}

#[test]
fn contradiction_about_a_set_names_the_file_of_its_height() {
    let Some(mut sources) = live("live-038").map(|sources| head_of(sources, 2)) else { return };
    let commit = sources.iter().find(|source| source.name == "commit_2.json").unwrap();
    let commit: Value = serde_json::from_slice(&commit.bytes).unwrap();
    let mut light = light_block().unwrap();
    light["signed_header"] = commit["result"]["signed_header"].clone();
    light["validator_set"]["validators"][0]["voting_power"] = json!("77");
    sources.extend(named(&[("light", light)]));
    // The set is that of the first height.
    match convert(&sources) {
        Err(ImportError::Contradiction { first, second, height: Some(2), .. }) => {
            let files = (first.file.as_str(), second.file.as_str());
            assert_eq!(files, ("validators_2.json", "light"));
        }
        other => panic!("{other:?}"),
    }
}
