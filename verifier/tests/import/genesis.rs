//! The genesis document, whole and in chunks.

use serde_json::{Value, json};
use vidimus::{
    import::{ImportError, Subject, import},
    limits::Limits,
};

use super::{
    Source, convert, first_height, head_of, live,
    parts::{contradiction, named},
};

#[test]
fn genesis_in_chunks_is_the_genesis() {
    let Some(mut sources) = live("live-038").map(|sources| head_of(sources, 3)) else { return };
    let expected = convert(&sources).unwrap();
    let at = sources.iter().position(|source| source.name == "genesis.json").unwrap();
    let genesis: Value = serde_json::from_slice(&sources.remove(at).bytes).unwrap();
    let document = genesis["result"]["genesis"].to_string();
    let chunks: Vec<&[u8]> = document.as_bytes().chunks(500).collect();
    for (index, chunk) in chunks.iter().enumerate().rev() {
        let data = base64(chunk);
        let value = json!({"chunk": index.to_string(), "total": chunks.len(), "data": data});
        let bytes = json!({"jsonrpc": "2.0", "id": 1, "result": value}).to_string().into_bytes();
        sources.push(Source { name: format!("chunk {index}"), bytes });
    }
    assert!(convert(&sources).unwrap() == expected);
    let last = sources.pop().unwrap();
    assert_eq!(convert(&sources).unwrap_err().to_string(), "chunk 0 of the genesis missing");
    sources.push(last);
    let other = document.replace("\"initial_height\":\"1\"", "\"initial_height\":\"2\"");
    sources.push(Source { name: "genesis".into(), bytes: other.into_bytes() });
    let error = convert(&sources).unwrap_err();
    assert!(
        matches!(error, ImportError::Contradiction { subject: Subject::Genesis, .. }),
        "{error}"
    );
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let padded = [chunk[0], *chunk.get(1).unwrap_or(&0), *chunk.get(2).unwrap_or(&0)];
        let bits = padded.iter().fold(0_usize, |bits, byte| (bits << 8) | usize::from(*byte));
        for digit in 0..4 {
            let is_padding = digit > chunk.len();
            let value = (bits >> (18 - 6 * digit)) & 63;
            text.push(if is_padding { '=' } else { char::from(DIGITS[value]) });
        }
    }
    text
}

#[test]
fn chunks_of_a_genesis_that_contradict_each_other_are_both_named() {
    let Some([block, commit, page]) = first_height() else { return };
    let chunk =
        |index: u64, data: &[u8]| json!({ "chunk": index, "total": 2, "data": base64(data) });
    let rest = [("block", block), ("commit", commit), ("page", page), ("a", chunk(0, b"{\"gen"))];
    for data in [&b"{\"GEN"[..], b"{\"ge", b"gen", b"", b"{\"genesis"] {
        let values: Vec<_> = rest.iter().cloned().chain([("b", chunk(0, data))]).collect();
        let expected = (Subject::Genesis, "a".to_string(), "b".to_string());
        assert_eq!(contradiction(&values), expected, "{data:?}");
    }
}

/// A document that a block's chain may have, and its chunks of `size`.
fn document(chain: &str, height: u64) -> String {
    json!({
        "genesis_time": "2026-11-23T07:28:32Z",
        "chain_id": chain,
        "initial_height": height.to_string(),
        "app_state": { "padding": "0123456789".repeat(1_000) },
    })
    .to_string()
}

fn chunks(document: &str, count: usize) -> Vec<(&'static str, Value)> {
    let names = ["chunk 0", "chunk 1", "chunk 2", "chunk 3"];
    let size = document.len().div_ceil(count);
    let chunk = |(index, bytes): (usize, &[u8])| {
        (names[index], json!({ "chunk": index, "total": count, "data": base64(bytes) }))
    };
    document.as_bytes().chunks(size).enumerate().map(chunk).collect()
}

/// The first height without a genesis.
fn rest() -> Option<Vec<(&'static str, Value)>> {
    let [block, commit, page] = first_height()?;
    Some(vec![("block", block), ("commit", commit), ("page", page)])
}

#[test]
fn last_chunk_of_a_genesis_that_is_missing_is_named() {
    let Some(rest) = rest() else { return };
    let mut parts = chunks(&document("vidimus-live-038", 1), 4);
    for chunk in [3, 2] {
        parts.truncate(chunk);
        let error = convert(&named(&[&*rest, &*parts].concat())).unwrap_err();
        assert_eq!(error.to_string(), format!("chunk {chunk} of the genesis missing"));
    }
}

#[test]
fn genesis_in_chunks_may_stand_beside_the_whole() {
    let Some(rest) = rest() else { return };
    let text = document("vidimus-live-038", 1);
    let whole = [("whole", serde_json::from_str(&text).unwrap())];
    let expected = convert(&named(&[&*rest, &whole].concat())).unwrap();
    let parts = chunks(&text, 3);
    assert!(convert(&named(&[&*rest, &*parts].concat())).unwrap() == expected);
    assert!(convert(&named(&[&*rest, &whole, &*parts].concat())).unwrap() == expected);
    assert!(convert(&named(&[&*rest, &whole, &whole].concat())).unwrap() == expected);
}

#[test]
fn genesis_in_chunks_contradicts_another_chain_and_another_genesis() {
    let Some(rest) = rest() else { return };
    let with = |whole: &[(&str, Value)], parts: &str| {
        contradiction(&[&*rest, whole, &chunks(parts, 2)].concat())
    };
    let (ours, theirs) = (document("vidimus-live-038", 1), document("another", 1));
    assert_eq!(with(&[], &theirs), (Subject::ChainId, "block".into(), "chunk 0".into()));
    let whole = [("whole", serde_json::from_str(&document("vidimus-live-038", 2)).unwrap())];
    assert_eq!(with(&whole, &ours), (Subject::Genesis, "whole".into(), "chunk 0".into()));
}

#[test]
fn two_genesis_documents_that_differ_are_both_named() {
    let documents = [document("c", 1), document("c", 1), document("c", 2)];
    let [first, same, other] = documents.map(|text| serde_json::from_str(&text).unwrap());
    let found = contradiction(&[("first", first), ("same", same), ("other", other)]);
    assert_eq!(found, (Subject::Genesis, "first".into(), "other".into()));
}

#[test]
fn genesis_in_chunks_is_as_long_as_a_value_may_be() {
    let Some(rest) = rest() else { return };
    let text = document("vidimus-live-038", 1);
    let sources = named(&[&*rest, &*chunks(&text, 4)].concat());
    let list: Vec<(&str, &[u8])> =
        sources.iter().map(|source| (source.name.as_str(), source.bytes.as_slice())).collect();
    let with = |most: usize| {
        let limits: Limits =
            serde_json::from_str(&format!("{{\"json_bytes\":\"{most}\"}}")).unwrap();
        import(&list, &limits)
    };
    assert!(with(text.len()).unwrap() == convert(&sources).unwrap());
    for (most, first) in [(text.len() - 1, "chunk 3"), (text.len() * 5 / 8, "chunk 2")] {
        let error = with(most).unwrap_err();
        assert_eq!(error.to_string(), format!("{first} at byte 0 is above the limit `json_bytes`"));
    }
}
