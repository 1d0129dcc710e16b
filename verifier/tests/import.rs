//! Raw exports: every packing of one ledger gives one container, and what is wrong is named.

#![expect(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "helpers of tests may panic"
)]

#[path = "import/contents.rs"]
mod contents;
#[path = "import/fields.rs"]
mod fields;
#[path = "import/genesis.rs"]
mod genesis;
#[path = "import/light.rs"]
mod light;
#[path = "import/parts.rs"]
mod parts;
#[path = "import/requests.rs"]
mod requests;
#[path = "import/sets.rs"]
mod sets;
#[path = "import/summary.rs"]
mod summary;
#[path = "support/vectors.rs"]
mod support;

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use serde_json::{Value, json};
use vidimus::{
    encoding::protobuf::{Message as _, Reader as Fields, decode_canonical},
    import::{ImportError, Importer, Index, Scanner, import},
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
        println!("harness: {name}: {} files, {} items", sources.len(), list.len());
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
    println!("harness: {packings} packings of one export, one container");
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
        assert_eq!(
            block.signed_header.header.validators_hash,
            Some(block.validators.compute_hash())
        );
        assert_eq!(
            block.signed_header.commit.block_id.hash,
            block.signed_header.header.compute_hash()
        );
        heights.push(block.signed_header.header.height);
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
                    let claimed = block.signed_header.header.next_validators_hash;
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
    println!(
        "harness: {files} model-based tests, {blocks} light blocks, {empty} without validators"
    );
    assert!(files >= 40 && blocks > files);
}
