//! Every JSON file under `vectors/cometbft` against what `INDEX.tsv` says of it.

use alloc::{
    format,
    string::{String, ToString as _},
    vec::Vec,
};
use std::{
    env, fs,
    path::{Path, PathBuf},
    println,
};

use super::{
    decode::{self, Content},
    kind::{Kind, Shape, shape},
};
use crate::{
    encoding::{
        DecodeError, DecodeProblem,
        json::{self, Value},
        protobuf::{Message as _, decode_canonical},
    },
    ledger::cometbft::{
        block::Block,
        block_id::{BlockId, PartSetHeader},
        evidence::Evidence,
        header::Header,
    },
    limits::Limits,
};

fn folder() -> Option<PathBuf> {
    let folder = env::var_os("VIDIMUS_VECTORS").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/vectors"),
        PathBuf::from,
    );
    let folder = folder.join("cometbft");
    if !folder.is_dir() {
        assert!(env::var_os("CI").is_none_or(|ci| ci != "true"), "no vectors");
        println!("skipped: no vectors");
        return None;
    }
    Some(folder)
}

fn files(folder: &Path, list: &mut Vec<PathBuf>) {
    let mut entries: Vec<_> = fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            files(&path, list);
        } else if path.extension().is_some_and(|extension| extension == "json") {
            list.push(path);
        }
    }
}

/// Everything about heights that a file holds.
fn contents(bytes: &[u8]) -> Result<Vec<Content>, DecodeError> {
    let limits = Limits::default();
    let read = |bytes: &[u8]| {
        json::read(bytes, &limits, decode::FULL, |value| {
            decode::bare(value, |value| {
                let object = value.object()?;
                match shape(object) {
                    Some(Shape::Entry(kind)) => decode::content(kind, value).map(|c| Ok(Some(c))),
                    Some(Shape::Many(kind, key)) => {
                        decode::many(key, value).map(|()| Err((kind, key)))
                    }
                    Some(Shape::Genesis) => decode::genesis(value).map(|_| Ok(None)),
                    Some(Shape::AbciInfo) => decode::abci_info(value).map(|()| Ok(None)),
                    Some(Shape::Status) => decode::status(value).map(|_| Ok(None)),
                    None => Err(DecodeProblem::UnknownVariant.into()),
                }
            })
        })
    };
    let (kind, key) = match read(bytes)? {
        Ok(content) => return Ok(content.into_iter().collect()),
        Err(many) => many,
    };
    let mut list = Vec::new();
    for range in json::elements(bytes, Some("result"), key) {
        let base = crate::encoding::to_u64(range.start);
        let one = read(&bytes[range]).map_err(|error| error.shifted(base))?;
        let is_of = |content: &Content| match kind {
            Kind::Block => matches!(content, Content::Block(_)),
            Kind::Meta => matches!(content, Content::Meta(..)),
            Kind::GenesisChunk
            | Kind::Validators
            | Kind::Params
            | Kind::Header
            | Kind::Commit
            | Kind::Pair
            | Kind::Results => false,
        };
        list.extend(one.ok().flatten().filter(is_of));
    }
    Ok(list)
}

fn recompute(content: &Content) -> Result<(), &'static str> {
    let hash = |header: &Header| header.compute_hash().ok_or("no validators hash");
    match content {
        Content::Block(exported) => {
            let block = decode_canonical::<Block<'_>>(&exported.bytes).map_err(|_| "encoding")?;
            let header = &block.header;
            let id = BlockId {
                hash: Some(hash(header)?),
                parts: PartSetHeader::compute(&exported.bytes),
            };
            let sums = [
                (id.hash == exported.id.hash, "header hash"),
                (id.parts == exported.id.parts, "part set"),
                (header.data_hash == Some(block.compute_data_hash()), "data hash"),
                (
                    header.last_commit_hash == Some(block.last_commit.compute_hash()),
                    "last commit hash",
                ),
                (header.evidence_hash == Some(block.compute_evidence_hash()), "evidence hash"),
            ];
            sums.iter().find(|(holds, _)| !holds).map_or(Ok(()), |(_, name)| Err(*name))
        }
        Content::Meta(header, id) => {
            if id.hash == Some(hash(header)?) {
                Ok(())
            } else {
                Err("header hash")
            }
        }
        Content::Commit(header, commit) => {
            if commit.block_id.hash == Some(hash(header)?) {
                Ok(())
            } else {
                Err("header hash")
            }
        }
        Content::Pair(pair) => {
            if pair.commit.block_id.hash != Some(hash(&pair.header)?) {
                return Err("header hash");
            }
            let computed = pair.validators.compute_hash();
            if pair.header.validators_hash == Some(computed) { Ok(()) } else { Err("validators") }
        }
        Content::Header(header) => hash(header).map(|_| ()),
        Content::Validators(_) | Content::Params(_) | Content::Results(_) => Ok(()),
        Content::GenesisChunk(_) => Err("no vector has it"),
    }
}

/// What a file must be, by what `INDEX.tsv` says of it.
fn expected(name: &str) -> &'static str {
    let starts = |prefix: &str| name.starts_with(prefix);
    let file = name.rsplit('/').next().unwrap();
    if starts("ics23/")
        || starts("tendermint-rs/model_based")
        || starts("tendermint-rs/legacy_amino")
    {
        // Proofs, and test cases that hold light blocks; the harness of those takes them out.
        "unknown"
    } else if ["subscribe_malformed", "block_at_height_0"].iter().any(|p| file.starts_with(p)) {
        "error"
    } else if ["subscribe", "tx", "net_info", "abci_query", "fraction", "data_commitment"]
        .iter()
        .any(|prefix| file.starts_with(prefix))
    {
        "unknown"
    } else if starts("tendermint-rs/rpc_support_2021/") && !file.starts_with("commit")
        || name == "tendermint-rs/serialization/block/header.json"
    {
        "legacy"
    } else {
        "valid"
    }
}

#[test]
fn vectors_load_as_the_index_says() {
    let Some(folder) = folder() else { return };
    let mut list = Vec::new();
    files(&folder, &mut list);
    let (mut blocks, mut values, mut refused, mut legacy, mut evidence) = (0, 0, 0, 0, 0);
    for path in &list {
        let name = path.strip_prefix(&folder).unwrap().to_string_lossy().to_string();
        let bytes = fs::read(path).unwrap();
        // All of them are strict JSON.
        let strict = json::read(&bytes, &Limits::default(), decode::FULL, |_| Ok(()));
        strict.unwrap_or_else(|error| panic!("{name}: {error}"));
        let found = contents(&bytes);
        match expected(&name) {
            "valid" => {
                let found = found.unwrap_or_else(|error| panic!("{name}: {error}"));
                for content in &found {
                    values += 1;
                    blocks += usize::from(matches!(content, Content::Block(_)));
                    recompute(content).unwrap_or_else(|what| panic!("{name}: {what}"));
                    if let Content::Block(exported) = content {
                        let block = decode_canonical::<Block<'_>>(&exported.bytes).unwrap();
                        evidence += block.evidence.len();
                    }
                }
            }
            "legacy" => {
                let holds = found.map_err(|error| error.to_string()).and_then(|found| {
                    found.iter().try_for_each(recompute).map_err(String::from)?;
                    // A validator set has nothing beside it that would tell.
                    let only_sets = found.iter().all(|c| matches!(c, Content::Validators(_)));
                    if only_sets { Err("a set alone".to_string()) } else { Ok(()) }
                });
                assert!(holds.is_err(), "{name} is from before block protocol 11");
                legacy += 1;
            }
            _ => {
                assert!(found.is_err(), "{name} holds nothing of a ledger");
                refused += 1;
            }
        }
    }
    println!(
        "harness: {} files: {values} values recompute, {blocks} of them blocks with {evidence} evidence items; {legacy} legacy, {refused} hold no ledger",
        list.len()
    );
    assert!(list.len() > 1400 && blocks > 400 && evidence == 2 && legacy == 7 && refused > 100);
}

#[test]
fn sets_of_celestia_have_the_hash_of_their_header() {
    let Some(folder) = folder() else { return };
    let mut list = Vec::new();
    files(&folder.join("celestia-mocha4"), &mut list);
    let mut sets = 0;
    for path in list.iter().filter(|path| path.ends_with("validators_1.json")) {
        let Ok([Content::Validators(page)]) =
            contents(&fs::read(path).unwrap()).map(|c| <[Content; 1]>::try_from(c).unwrap())
        else {
            panic!("{}", path.display());
        };
        let commit = contents(&fs::read(path.with_file_name("commit.json")).unwrap()).unwrap();
        let [Content::Commit(header, _)] = commit.as_slice() else { panic!("no commit") };
        assert_eq!(header.validators_hash, Some(page.list.compute_hash()));
        sets += 1;
    }
    assert!(sets >= 7, "{sets}");
}

#[test]
fn light_client_attack_as_go_prints_it_loads() {
    let id = r#"{"hash":"","parts":{"total":0,"hash":""}}"#;
    let hash = "AB".repeat(32);
    let address = "CD".repeat(20);
    let validator = format!(
        r#"{{"address":"{address}","pub_key":{{"type":"tendermint/PubKeyEd25519","value":"{}="}},"voting_power":"7","proposer_priority":"-3"}}"#,
        "A".repeat(43)
    );
    let header = format!(
        r#"{{"version":{{"block":"11","app":"1"}},"chain_id":"c","height":"3","time":"2020-01-01T00:00:00Z","last_block_id":{id},"last_commit_hash":"{hash}","data_hash":"{hash}","validators_hash":"{hash}","next_validators_hash":"{hash}","consensus_hash":"{hash}","app_hash":"","last_results_hash":"","evidence_hash":"","proposer_address":"{address}"}}"#
    );
    let commit = format!(r#"{{"height":"3","round":0,"block_id":{id},"signatures":[]}}"#);
    let attack = format!(
        r#"{{"type":"tendermint/LightClientAttackEvidence","value":{{"ConflictingBlock":{{"signed_header":{{"header":{header},"commit":{commit}}},"validator_set":{{"validators":[{validator}],"proposer":{validator}}}}},"CommonHeight":"2","ByzantineValidators":[{validator}],"TotalVotingPower":"7","Timestamp":"2020-01-01T00:00:00Z"}}}}"#
    );
    let block = format!(
        r#"{{"block_id":{id},"block":{{"header":{header},"data":{{"txs":null}},"evidence":{{"evidence":[{attack}]}},"last_commit":{commit}}}}}"#
    );
    let found = contents(block.as_bytes()).unwrap();
    let [Content::Block(exported)] = found.as_slice() else { panic!("no block") };
    let block = decode_canonical::<Block<'_>>(&exported.bytes).unwrap();
    let [Evidence::LightClientAttack(attack)] = block.evidence.as_slice() else {
        panic!("no attack")
    };
    assert_eq!((attack.common_height, attack.total_voting_power), (2, 7));
    assert_eq!(attack.byzantine_validators.len(), 1);
    assert_eq!(attack.validators[0].proposer_priority, -3);
    assert_eq!(attack.validators[0].key.len(), 34);
    assert_eq!(attack.signed_header.header.to_bytes(), block.header.to_bytes());
}

#[test]
fn key_types_that_are_not_verified_keep_their_bytes() {
    for (name, expected) in [
        ("tendermint/PubKeySecp256k1", "secp256k1"),
        ("cometbft/PubKeyBls12_381", "bls12_381"),
        ("cometbft/PubKeyBLS12_381", "bls12_381"),
        ("cometbft/PubKeyMlDsa65", "ml_dsa_65"),
        ("cometbft/PubKeySecp256k1eth", "secp256k1eth"),
    ] {
        let page = format!(
            r#"{{"block_height":"1","validators":[{{"address":"{}","pub_key":{{"type":"{name}","value":"AQI="}},"voting_power":"1"}}]}}"#,
            "00".repeat(20)
        );
        let found = contents(page.as_bytes()).unwrap();
        let [Content::Validators(page)] = found.as_slice() else { panic!("no page") };
        let crate::ledger::cometbft::validator::ValidatorKey::Unsupported(kind, bytes) =
            &page.list.validators[0].key
        else {
            panic!("{name} is not verified")
        };
        assert_eq!((kind.name(), bytes.as_slice()), (expected, &[1, 2][..]));
    }
}

#[test]
fn value_of_unknown_shape_is_not_a_content() {
    let error = contents(br#"{"result":{"numerator":"1"}}"#).unwrap_err();
    assert_eq!(error.problem, DecodeProblem::UnknownVariant);
    let is_null = |value: &Value<'_>| Ok(value.is_null());
    assert_eq!(
        json::read(b" null ", &Limits::default(), json::Parts::default(), is_null),
        Ok(true)
    );
}
