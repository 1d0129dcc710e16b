//! Raw exports: every packing of one ledger gives one container, and what is wrong is named.

#![expect(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "helpers of tests may panic"
)]

mod support;

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use serde_json::{Value, json};
use vidimus::{
    encoding::{
        DecodeProblem,
        protobuf::{Message as _, Reader as Fields, decode_canonical},
    },
    import::{ImportError, Importer, Index, Scanner, Subject, UNAUTHENTICATED_FIELDS, import},
    ledger::cometbft::{
        block::Block,
        block_id::{BlockId, PartSetHeader},
        commit::Commit,
        genesis::Genesis,
        light::LightBlock,
        validator::ValidatorList,
    },
    limits::Limits,
    snapshot::{Item, Kind, Manifest, Reader},
};

/// The folder of the CometBFT vectors.
fn cometbft() -> Option<PathBuf> {
    support::vectors().map(|folder| folder.join("cometbft"))
}

struct Source {
    name: String,
    bytes: Vec<u8>,
}

fn load(folder: &Path) -> Vec<Source> {
    let mut sources = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources.extend(load(&path));
        } else {
            let name = path.file_name().unwrap().to_str().unwrap().to_string();
            sources.push(Source { name, bytes: fs::read(&path).unwrap() });
        }
    }
    sources.sort_by(|a, b| a.name.cmp(&b.name));
    sources
}

fn convert(sources: &[Source]) -> Result<Vec<u8>, ImportError> {
    let list: Vec<(&str, &[u8])> =
        sources.iter().map(|source| (source.name.as_str(), source.bytes.as_slice())).collect();
    import(&list, &Limits::default())
}

fn scan(sources: &[Source]) -> Result<Index, ImportError> {
    let mut scanner = Scanner::new(Limits::default());
    for source in sources {
        scanner.start_source(&source.name)?;
        scanner.feed(&source.bytes)?;
        scanner.end_source()?;
    }
    scanner.finish()
}

fn one(text: &str) -> Result<Vec<u8>, ImportError> {
    import(&[("export", text.as_bytes())], &Limits::default())
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// A fixed permutation (a full-period linear congruence, sorted).
fn shuffle(sources: &mut [Source], seed: u64) {
    let key = |name: &str| {
        name.bytes().fold(seed, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3).rotate_left(17)
        })
    };
    sources.sort_by_key(|source| key(&source.name));
}

fn items(container: &[u8]) -> (Manifest, Vec<(Kind, Vec<u8>)>) {
    let mut reader = Reader::new(Limits::default());
    reader.feed(container);
    let (mut manifest, mut list) = (None, Vec::new());
    while let Some(item) = reader.next_item().unwrap() {
        match item {
            Item::Manifest(found) => manifest = Some(found),
            Item::Payload { kind, bytes, .. } => list.push((kind, bytes)),
            Item::End => {}
        }
    }
    reader.finish().unwrap();
    (manifest.unwrap(), list)
}

fn live(name: &str) -> Option<Vec<Source>> {
    cometbft().map(|folder| load(&folder.join(name)))
}

/// The chain's first heights: blocks 1 to `last`, commits, validators of one more, results.
fn head_of(sources: Vec<Source>, last: u64) -> Vec<Source> {
    let keep = |source: &Source| {
        let stem = source.name.trim_end_matches(".json");
        let Some((kind, height)) = stem.rsplit_once('_') else { return stem == "genesis" };
        let Ok(height) = height.parse::<u64>() else { return false };
        height <= last || (kind == "validators" && height == last + 1)
    };
    sources.into_iter().filter(keep).collect()
}

#[test]
fn whole_chains_import_and_recompute() {
    for (name, heights, head, transactions) in [
        ("live-038", 99, "CDA6C557FDA53B7A7105262EEF0BE58801CE514B3D4C9A26892A483CD7AC2D79", 2_990),
        ("live-040", 107, "B80EB628C07024FED0C5FBBDFEF2E1F9B1F601EB0D08737E03569628D3495389", 0),
        ("live-1", 111, "355B2450B5AC39C5097B93FCE5DB1ED9A2B8D6D41AA3DEE24130F695D471571C", 0),
    ] {
        let Some(sources) = live(name) else { return };
        let (manifest, list) = items(&convert(&sources).unwrap());
        assert_eq!((manifest.first, manifest.last), (1, heights));
        assert_eq!(manifest.chain_id, format!("vidimus-{name}"));
        assert_eq!(list[0].0, Kind::Genesis);
        decode_canonical::<Genesis>(&list[0].1).unwrap();
        assert_eq!(list[1].0, Kind::Validators);
        assert_eq!(list.last().unwrap().0, Kind::Commit);
        let (mut last_id, mut count, mut sets) = (BlockId::default(), 0, 0);
        let mut hash = None;
        for (kind, bytes) in &list {
            if *kind == Kind::Block {
                let block = decode_canonical::<Block<'_>>(bytes).unwrap();
                assert_eq!(block.header.last_block_id, last_id);
                hash = block.header.compute_hash();
                last_id = BlockId { hash, parts: PartSetHeader::compute(bytes) };
                count += block.transactions.len();
            } else if *kind == Kind::Validators {
                decode_canonical::<ValidatorList>(bytes).unwrap();
                sets += 1;
            } else if *kind == Kind::Commit {
                decode_canonical::<Commit>(bytes).unwrap();
            }
        }
        assert_eq!(hash.unwrap().to_string(), head);
        assert!(transactions == 0 || count == transactions, "{count}");
        assert!(sets >= 6, "{name}: {sets} sets");
        println!("{name}: {} files, {} items", sources.len(), list.len());
    }
}

#[test]
fn every_packing_gives_the_same_container() {
    let Some(mut sources) = live("live-038") else { return };
    let expected = convert(&sources).unwrap();
    let mut packings = 0;
    let mut same = |sources: &[Source], what: &str| {
        assert!(convert(sources).unwrap() == expected, "{what}");
        packings += 1;
    };
    for seed in 1..4 {
        shuffle(&mut sources, seed);
        same(&sources, "files in another order");
        let bare: Vec<Source> = sources
            .iter()
            .map(|source| {
                let value: Value = serde_json::from_slice(&source.bytes).unwrap();
                let bytes = serde_json::to_vec(&value["result"]).unwrap();
                Source { name: String::new(), bytes }
            })
            .collect();
        same(&bare, "without envelopes, members in another order");
        let concatenated = bare.iter().flat_map(|source| source.bytes.clone()).collect();
        same(&[Source { name: "all".into(), bytes: concatenated }], "concatenated");
        let lines = sources.iter().flat_map(|source| [source.bytes.trim_ascii(), b"\r\n"].concat());
        same(&[Source { name: "lines".into(), bytes: lines.collect() }], "NDJSON");
        let twice = sources.iter().chain(&bare).map(|source| Source {
            name: source.name.clone(),
            bytes: [&b" \t\r\n"[..], &source.bytes].concat(),
        });
        same(&twice.collect::<Vec<_>>(), "everything twice");
    }
    // One file for each endpoint, pretty-printed, hashes in lower case.
    let mut endpoints: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    for source in &sources {
        let value: Value = serde_json::from_slice(&source.bytes).unwrap();
        let kind = source.name.rsplit_once('_').map_or("", |(kind, _)| kind).to_string();
        endpoints
            .entry(kind)
            .or_default()
            .extend(serde_json::to_string_pretty(&value).unwrap().into_bytes());
    }
    let files: Vec<Source> =
        endpoints.into_iter().map(|(name, bytes)| Source { name, bytes }).collect();
    same(&files, "one file an endpoint");
    println!("{packings} packings");
}

#[test]
fn chunks_of_one_byte_scan_like_whole_files() {
    let Some(sources) = live("live-038") else { return };
    let sources = head_of(sources, 8);
    let expected = convert(&sources).unwrap();
    for size in [1, 2, 7, 4096] {
        let mut scanner = Scanner::new(Limits::default());
        for source in &sources {
            scanner.start_source(&source.name).unwrap();
            source.bytes.chunks(size).for_each(|chunk| scanner.feed(chunk).unwrap());
            scanner.end_source().unwrap();
        }
        let mut importer = Importer::new(scanner.finish().unwrap());
        let mut container = Vec::new();
        while let Some(request) = importer.next_request() {
            let start = usize::try_from(request.offset).unwrap();
            let length = usize::try_from(request.length).unwrap();
            importer.supply(&sources[request.source].bytes[start..start + length]).unwrap();
            container.extend(importer.take_output());
        }
        container.extend(importer.take_output());
        assert!(container == expected, "chunks of {size}");
    }
}

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
    assert!(!changes.is_empty(), "a chain with changes of its validators");
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

#[test]
fn light_blocks_of_celestia_import_from_pairs_and_from_parts() {
    let Some(folder) = cometbft() else { return };
    let mut sources = load(&folder.join("celestia-mocha4"));
    sources.retain(|source| source.name != "data_commitment.json");
    let container = convert(&sources).unwrap();
    let (manifest, list) = items(&container);
    assert_eq!((manifest.chain_id.as_str(), manifest.first), ("mocha-4", 3000));
    let mut heights = Vec::new();
    for (kind, bytes) in &list {
        if *kind != Kind::LightBlock {
            continue;
        }
        let block = LightBlock::decode(Fields::new(bytes)).unwrap();
        assert_eq!(block.to_bytes(), *bytes);
        assert_eq!(block.header.validators_hash, Some(block.validators.compute_hash()));
        assert_eq!(block.commit.block_id.hash, block.header.compute_hash());
        heights.push(block.header.height);
    }
    assert!(heights.is_sorted(), "{heights:?}");
    assert_eq!(heights.len(), 17, "{heights:?}");
    for seed in 1..6 {
        shuffle(&mut sources, seed);
        assert!(convert(&sources).unwrap() == container, "order {seed}");
    }
    println!("light blocks at {heights:?}");
}

#[test]
fn light_blocks_of_model_based_tests_import_as_pairs() {
    let Some(folder) = cometbft() else { return };
    let (mut files, mut blocks, mut empty) = (0, 0, 0);
    for folder in ["model_based", "model_based_removed_2020"] {
        for source in load(&cometbft().unwrap().join("tendermint-rs").join(folder)) {
            let test: Value = serde_json::from_slice(&source.bytes).unwrap();
            for step in test["input"].as_array().unwrap() {
                let bytes = step["block"].to_string().into_bytes();
                let (_, list) = items(&convert(&[Source { name: String::new(), bytes }]).unwrap());
                assert_eq!(list[0].0, Kind::LightBlock);
                let block = LightBlock::decode(Fields::new(&list[0].1)).unwrap();
                empty += usize::from(block.validators.validators.is_empty());
                if let Some((kind, set)) = list.get(1) {
                    assert_eq!(*kind, Kind::Validators);
                    let next = decode_canonical::<ValidatorList>(set).unwrap().compute_hash();
                    let claimed = block.header.next_validators_hash;
                    assert!(
                        claimed == Some(next) || source.name.contains("Valset"),
                        "{}",
                        source.name
                    );
                }
                blocks += 1;
            }
            files += 1;
        }
    }
    drop(folder);
    println!("{files} model-based tests, {blocks} light blocks, {empty} without validators");
    assert!(files >= 40 && blocks > files);
}

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
    let counts: BTreeMap<&str, u64> = summary.values.iter().copied().collect();
    let expected =
        [("block", 99), ("commit", 99), ("validators", 100), ("status", 1), ("genesis", 1)];
    for (name, count) in expected {
        assert_eq!(counts[name], count, "{name}");
    }
    println!("{summary}");
}

#[test]
fn answers_that_are_errors_and_foreign_values_are_named() {
    let error =
        one(r#" {"jsonrpc":"2.0","id":1,"error":{"code":-32603,"message":"m"}}"#).unwrap_err();
    assert_eq!(error.to_string(), "export at byte 1: the node answered an error (-32603)");
    let error = one("{}{\"a\":1}").unwrap_err();
    assert_eq!(error.to_string(), "export at byte 0 is not an answer of a CometBFT node");
}

/// The problem, its offset and path, of an export that is this text.
fn fault(text: &str) -> (DecodeProblem, u64, String) {
    let error = one(text).unwrap_err();
    let ImportError::Decode { error, .. } = error else { panic!("{text}: {error}") };
    (error.problem, error.offset, error.path)
}

#[test]
fn loose_json_is_refused_with_its_offset() {
    use DecodeProblem as P;
    let deep = "{\"genesis\":".repeat(100_000);
    let brackets = format!("{{\"genesis\":{}", "[".repeat(100_000));
    for (text, problem, offset, path) in [
        ("{\"status\":1,\"status\":2}", P::DuplicateKey, 12, "status"),
        (
            "{\"genesis\":{\"app_state\":{\"a\":{\"b\":1,\"b\":1}}}}",
            P::DuplicateKey,
            36,
            "genesis.app_state.a.b",
        ),
        (
            " {\"genesis\":{\"genesis_time\":9007199254740993}}",
            P::OutOfRange,
            28,
            "genesis.genesis_time",
        ),
        ("{\"genesis\":{\"a\":18446744073709551616}}", P::OutOfRange, 16, "genesis.a"),
        ("{\"genesis\":{\"a\":-0}}", P::OutOfRange, 16, "genesis.a"),
        ("{\"genesis\":{\"a\":[0,1.0]}}", P::Float, 19, "genesis.a[1]"),
        ("{\"genesis\":{\"a\":1e2}}", P::Float, 16, "genesis.a"),
        ("{\"genesis\":{\"a\":1e400}}", P::Float, 16, ""),
        ("{\"genesis\":{\"a\":NaN}}", P::Syntax, 16, ""),
        ("{\"genesis\":{\"a\":Infinity}}", P::Syntax, 16, ""),
        ("{\"genesis\":{\"a\":01}}", P::Syntax, 17, ""),
        ("{\"genesis\":{\"a\":1,}}", P::Syntax, 18, ""),
        ("{\"genesis\":{\"a\":tru}}", P::Syntax, 19, ""),
        ("{\"genesis\":{\"a\":\"\\ud800\"}}", P::Syntax, 23, ""),
        ("{\"genesis\":{\"a\":\"\\udc00 \"}}", P::Syntax, 22, ""),
        ("{\"genesis\":{\"a\":\"\u{1}\"}}", P::Syntax, 17, ""),
        ("{\"genesis\":{'a':1}}", P::Syntax, 12, ""),
        ("{\"genesis\":[}", P::Truncated, 13, ""),
        ("{\"genesis\":]}", P::Syntax, 11, ""),
        ("\u{feff}{}", P::Syntax, 0, ""),
        ("[{}]", P::Syntax, 0, ""),
        ("{\"genesis\":{\"a\":1}", P::Truncated, 18, ""),
        ("{\"genesis\":{\"a\":\"", P::Truncated, 17, ""),
        (&deep, P::Limit, 64 * 11, ""),
        (&brackets, P::Limit, 11 + 63, ""),
    ] {
        let short: String = text.chars().take(60).collect();
        assert_eq!(fault(text), (problem, offset, path.to_string()), "{short}");
    }
}

#[test]
fn bytes_that_are_no_text_are_refused_where_they_stand() {
    let bytes = b"{\"genesis\":{\"a\":\"\xff\"}}";
    let error = import(&[("x", bytes)], &Limits::default()).unwrap_err();
    assert_eq!(error.to_string(), "x: text that the field does not allow at byte 17, ");
}

#[test]
fn values_above_the_limits_are_refused() {
    let limits = |text: &str| serde_json::from_str::<Limits>(text).unwrap();
    let value = "{\"genesis\":{\"a\":\"0123456789\"}}";
    let error = import(&[("x", value.as_bytes())], &limits(r#"{"json_bytes":"20"}"#)).unwrap_err();
    assert!(matches!(error, ImportError::Limit { limit: "json_bytes", .. }), "{error}");
    let many = "{\"header\":{\"chain_id\":\"c\",\"height\":\"1\"}}".repeat(3);
    let error = import(&[("x", many.as_bytes())], &limits(r#"{"import_values":"2"}"#)).unwrap_err();
    assert_eq!(error.to_string(), "x at byte 80 is above the limit `import_values`");
    let key = format!("{{\"{}\":1}}", "k".repeat(100));
    let error =
        import(&[("x", key.as_bytes())], &limits(r#"{"json_string_bytes":"50"}"#)).unwrap_err();
    assert!(error.to_string().contains("more than the limits allow"), "{error}");
}

#[test]
fn file_that_changed_between_the_passes_is_named() {
    let Some(sources) = live("live-038").map(|sources| head_of(sources, 3)) else { return };
    let mut importer = Importer::new(scan(&sources).unwrap());
    let request = importer.next_request().unwrap();
    let error = importer.supply(&[]).unwrap_err();
    let file = sources[request.source].name.clone();
    assert_eq!(error, ImportError::Changed { file });
    assert_eq!(importer.next_request(), None);
    assert_eq!(importer.supply(&[]), Err(error));

    // The same length, another height.
    let mut importer = Importer::new(scan(&sources).unwrap());
    let error = loop {
        let request = importer.next_request().unwrap();
        let altered =
            text(&sources[request.source].bytes).replace("\"height\":\"3\"", "\"height\":\"4\"");
        if let Err(error) = importer.supply(altered.as_bytes()) {
            break error;
        }
    };
    assert!(matches!(error, ImportError::Changed { .. }), "{error}");
}

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
