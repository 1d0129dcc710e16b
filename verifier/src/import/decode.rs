//! From JSON values to the ledger's own types, one function a message.
//!
//! Inside a block, header, commit, validator list and evidence every field is known: another one
//! is refused. Around them, what no header attests is left out; [`super::UNAUTHENTICATED_FIELDS`]
//! lists it.

use alloc::{
    string::{String, ToString as _},
    vec::Vec,
};

use super::kind::Kind;
use crate::{
    encoding::{
        DecodeProblem,
        hex::PublicKey,
        json::{Fault, Object, Parts, Value},
        protobuf::{Message as _, Writer},
        time::Timestamp,
    },
    ledger::cometbft::{
        block::Block,
        block_id::{BlockId, PartSetHeader},
        commit::{BlockIdFlag, Commit, CommitSignature, SignatureBytes},
        evidence::{DuplicateVote, Evidence, EvidenceValidator, LightClientAttack, Vote},
        genesis::Genesis,
        header::{CHAIN_ID_LENGTH, Header},
        params::HashedParams,
        results::{BlockResults, TransactionResult},
        validator::{UnsupportedKey, Validator, ValidatorKey, ValidatorList},
    },
};

/// Keys that no decoder reads, at any depth; in messages that know all their fields they are refused.
pub(super) const DROPPED: &[&str] = &[
    "app_state",
    "begin_block_events",
    "codespace",
    "consensus_param_updates",
    "dah",
    "end_block_events",
    "events",
    "finalize_block_events",
    "info",
    "log",
    "square_size",
    "validator_updates",
];

/// For reading a value in full.
pub(super) const FULL: Parts<'_> = Parts { dropped: DROPPED, skipped: &[] };

/// A block as an export gives it.
#[derive(Debug, Eq, PartialEq)]
pub(super) struct ExportedBlock {
    pub(super) header: Header,
    pub(super) last_commit: Commit,
    /// The block in protobuf.
    pub(super) bytes: Vec<u8>,
    /// The block id beside the block.
    pub(super) id: BlockId,
}

/// One page of validators, or a whole set.
#[derive(Debug, Eq, PartialEq)]
pub(super) struct Page {
    pub(super) list: ValidatorList,
    pub(super) total: u64,
}

/// A signed header with its validator set.
#[derive(Debug)]
pub(super) struct Pair {
    pub(super) header: Header,
    pub(super) commit: Commit,
    pub(super) validators: ValidatorList,
    pub(super) next_validators: Option<ValidatorList>,
}

/// What a value holds.
#[derive(Debug)]
pub(super) enum Content {
    Block(ExportedBlock),
    Header(Header),
    Meta(Header, BlockId),
    Commit(Header, Commit),
    Pair(Pair),
    Validators(Page),
    Params(HashedParams),
    Results(BlockResults),
    GenesisChunk(Vec<u8>),
}

/// Takes the JSON-RPC envelope off, if there is one.
pub(super) fn bare<'v, 'a, T>(
    value: &'v Value<'a>,
    read: impl FnOnce(&'v Value<'a>) -> Result<T, Fault>,
) -> Result<T, Fault> {
    let object = value.object()?;
    if !object.has("result") {
        return read(value);
    }
    object.only(&["jsonrpc", "id", "result", "error"])?;
    object.optional("jsonrpc", |version| match version.text(8)? {
        "2.0" => Ok(()),
        _ => Err(DecodeProblem::UnknownVariant.into()),
    })?;
    object.optional("id", |id| {
        let holds = matches!(id, Value::String(_) | Value::Integer(_));
        if holds { Ok(()) } else { Err(DecodeProblem::WrongType.into()) }
    })?;
    object.optional("error", |_| Err::<(), _>(DecodeProblem::UnknownVariant.into()))?;
    object.required("result", read)
}

pub(super) fn content(kind: Kind, value: &Value<'_>) -> Result<Content, Fault> {
    let object = value.object()?;
    Ok(match kind {
        Kind::Block => Content::Block(exported_block(object)?),
        Kind::Header => Content::Header(if object.has("header") {
            object.only(&["header"])?;
            object.required("header", header)?
        } else {
            header(value)?
        }),
        Kind::Meta => {
            object.only(&["block_id", "block_size", "header", "num_txs"])?;
            Content::Meta(
                object.required("header", header)?,
                object.required("block_id", block_id)?,
            )
        }
        Kind::Commit => {
            object.only(&["signed_header", "canonical", "header", "commit"])?;
            object.optional("canonical", Value::bool)?;
            let (header, commit) = if object.has("signed_header") {
                object.required("signed_header", signed_header)?
            } else {
                (object.required("header", header)?, object.required("commit", commit)?)
            };
            Content::Commit(header, commit)
        }
        Kind::Pair => Content::Pair(pair(object)?),
        Kind::Validators => Content::Validators(page(object)?),
        Kind::Params => Content::Params(object.required("consensus_params", params)?),
        Kind::Results => Content::Results(results(object)?),
        Kind::GenesisChunk => {
            object.only(&["chunk", "total", "data"])?;
            Content::GenesisChunk(object.required("data", Value::base64)?)
        }
    })
}

fn exported_block(object: Object<'_, '_>) -> Result<ExportedBlock, Fault> {
    object.only(&["block_id", "block"])?;
    let id = object.required("block_id", block_id)?;
    object.required("block", |value| {
        let block = value.object()?;
        block.only(&["header", "data", "evidence", "last_commit"])?;
        let header = block.required("header", header)?;
        let transactions = block.required("data", |value| {
            let data = value.object()?;
            data.only(&["txs"])?;
            data.required("txs", |txs| transactions(txs.list()?))
        })?;
        let evidence = block.required("evidence", |value| {
            let list = value.object()?;
            list.only(&["evidence"])?;
            list.required("evidence", |list| list.each(evidence))
        })?;
        let last_commit = block.required("last_commit", commit)?;
        let mut start: usize = 0;
        let slices = transactions.ends.iter().filter_map(|end| {
            let slice = transactions.bytes.get(start..*end);
            start = *end;
            slice
        });
        let block = Block { header, transactions: slices.collect(), evidence, last_commit };
        let bytes = block.to_bytes();
        let Block { header, last_commit, .. } = block;
        Ok(ExportedBlock { header, last_commit, bytes, id })
    })
}

/// Transactions end to end, and where each ends.
struct Transactions {
    bytes: Vec<u8>,
    ends: Vec<usize>,
}

fn transactions(values: &[Value<'_>]) -> Result<Transactions, Fault> {
    let mut all = Transactions { bytes: Vec::new(), ends: Vec::with_capacity(values.len()) };
    for (index, value) in values.iter().enumerate() {
        value.append_base64(&mut all.bytes).map_err(|fault| fault.at(index).within("txs"))?;
        all.ends.push(all.bytes.len());
    }
    Ok(all)
}

/// The chain id and height of a header, without the rest of it.
pub(super) fn point(value: &Value<'_>) -> Result<(String, u64), Fault> {
    let object = value.object()?;
    let chain_id = object.required("chain_id", |id| id.text(CHAIN_ID_LENGTH))?;
    Ok((chain_id.to_string(), object.required("height", height)?))
}

/// The height that a value of this kind says it is about.
pub(super) fn height_of(kind: Kind, value: &Value<'_>, content: &Content) -> Result<u64, Fault> {
    let key = match kind {
        Kind::GenesisChunk => "chunk",
        Kind::Validators | Kind::Params => "block_height",
        Kind::Results => "height",
        Kind::Header | Kind::Meta | Kind::Commit | Kind::Pair | Kind::Block => "",
    };
    Ok(match content {
        Content::Block(block) => block.header.height,
        Content::Header(header) | Content::Meta(header, _) | Content::Commit(header, _) => {
            header.height
        }
        Content::Pair(pair) => pair.header.height,
        Content::Validators(_)
        | Content::Params(_)
        | Content::Results(_)
        | Content::GenesisChunk(_) => value.object()?.required(key, height)?,
    })
}

pub(super) fn header(value: &Value<'_>) -> Result<Header, Fault> {
    let object = value.object()?;
    object.only(&[
        "version",
        "chain_id",
        "height",
        "time",
        "last_block_id",
        "last_commit_hash",
        "data_hash",
        "validators_hash",
        "next_validators_hash",
        "consensus_hash",
        "app_hash",
        "last_results_hash",
        "evidence_hash",
        "proposer_address",
    ])?;
    let (version_block, version_app) = object.required("version", |value| {
        let version = value.object()?;
        version.only(&["block", "app"])?;
        let app = version.optional("app", Value::integer)?.unwrap_or_default();
        Ok((version.required("block", Value::integer)?, app))
    })?;
    let hash = |key| object.required(key, Value::hash);
    Ok(Header {
        version_block,
        version_app,
        chain_id: object.required("chain_id", |id| id.text(CHAIN_ID_LENGTH))?.to_string(),
        height: object.required("height", height)?,
        time: object.required("time", Value::time)?,
        last_block_id: object.required("last_block_id", block_id)?,
        last_commit_hash: hash("last_commit_hash")?,
        data_hash: hash("data_hash")?,
        validators_hash: hash("validators_hash")?,
        next_validators_hash: hash("next_validators_hash")?,
        consensus_hash: hash("consensus_hash")?,
        app_hash: object.required("app_hash", Value::hex)?,
        last_results_hash: hash("last_results_hash")?,
        evidence_hash: hash("evidence_hash")?,
        proposer_address: object.required("proposer_address", Value::address)?,
    })
}

/// A height fits into an int64.
pub(super) fn height(value: &Value<'_>) -> Result<u64, Fault> {
    let height: i64 = value.integer()?;
    u64::try_from(height).map_err(|_| DecodeProblem::OutOfRange.into())
}

fn block_id(value: &Value<'_>) -> Result<BlockId, Fault> {
    if value.is_null() {
        return Ok(BlockId::default());
    }
    let object = value.object()?;
    if object.keys().next().is_none() {
        return Ok(BlockId::default());
    }
    object.only(&["hash", "parts", "part_set_header"])?;
    let hash = object.required("hash", Value::hash)?;
    let parts = object.either(["parts", "part_set_header"], |value| {
        if value.is_null() {
            return Ok(PartSetHeader::default());
        }
        let parts = value.object()?;
        parts.only(&["total", "hash"])?;
        Ok(PartSetHeader {
            total: parts.required("total", Value::integer)?,
            hash: parts.required("hash", Value::hash)?,
        })
    })?;
    Ok(BlockId { hash, parts })
}

fn commit(value: &Value<'_>) -> Result<Commit, Fault> {
    let object = value.object()?;
    // tendermint-rs's generator prints two fields that Go caches and never sends.
    object.only(&["height", "round", "block_id", "signatures", "hash", "bit_array"])?;
    Ok(Commit {
        height: object.required("height", height)?,
        round: object.required("round", Value::integer)?,
        block_id: object.required("block_id", block_id)?,
        signatures: object.required("signatures", |list| list.each(commit_signature))?,
    })
}

/// 1970-01-01T00:00:00Z.
const EPOCH: Timestamp = Timestamp { seconds: 0, nanos: 0 };

fn commit_signature(value: &Value<'_>) -> Result<CommitSignature, Fault> {
    let object = value.object()?;
    object.only(&["block_id_flag", "validator_address", "timestamp", "signature"])?;
    let flag = object.required("block_id_flag", |flag| {
        BlockIdFlag::from_code(flag.integer()?).ok_or_else(|| DecodeProblem::UnknownVariant.into())
    })?;
    Ok(CommitSignature {
        flag,
        address: object.required("validator_address", Value::address)?,
        // tendermint-rs prints the zero time of an absent vote as `null` or as the Unix epoch.
        timestamp: object.required("timestamp", |time| {
            if flag != BlockIdFlag::Absent {
                return time.time();
            }
            let time = if time.is_null() { Timestamp::ZERO } else { time.time()? };
            Ok(if time == EPOCH { Timestamp::ZERO } else { time })
        })?,
        signature: object.required("signature", signature)?,
    })
}

fn signature(value: &Value<'_>) -> Result<SignatureBytes, Fault> {
    SignatureBytes::from_slice(&value.base64()?).ok_or_else(|| DecodeProblem::Length.into())
}

fn signed_header(value: &Value<'_>) -> Result<(Header, Commit), Fault> {
    let object = value.object()?;
    object.only(&["header", "commit"])?;
    Ok((object.required("header", header)?, object.required("commit", commit)?))
}

fn pair(object: Object<'_, '_>) -> Result<Pair, Fault> {
    let (header, commit) = if object.has("signed_header") {
        object.only(&["signed_header", "validator_set", "next_validator_set", "provider"])?;
        object.required("signed_header", signed_header)?
    } else {
        // Celestia: `data` and `dah` are not transactions that the header's data hash covers.
        object.only(&["header", "commit", "validator_set", "data", "dah"])?;
        (object.required("header", header)?, object.required("commit", commit)?)
    };
    let validators = object.required("validator_set", validator_set)?;
    let next_validators = object.optional("next_validator_set", validator_set)?;
    Ok(Pair { header, commit, validators, next_validators })
}

fn validator_set(value: &Value<'_>) -> Result<ValidatorList, Fault> {
    let object = value.object()?;
    object.only(&["validators", "proposer", "total_voting_power"])?;
    let validators = object.required("validators", |list| list.each(validator))?;
    let mut list = ValidatorList { validators };
    // A set beside a signed header is a set: tendermint-rs's tests, for one, print it in any
    // order and sort it when they read it. The header's hash decides whether it is the right one.
    list.sort();
    Ok(list)
}

fn page(object: Object<'_, '_>) -> Result<Page, Fault> {
    object.only(&["block_height", "validators", "count", "total"])?;
    let validators = object.required("validators", |list| list.each(validator))?;
    let held = crate::encoding::to_u64(validators.len());
    let agrees = |count: &Value<'_>| match count.integer::<u64>()? {
        count if count == held => Ok(()),
        _ => Err(Fault::from(DecodeProblem::Length)),
    };
    object.optional("count", agrees)?;
    let total = object.optional("total", |total| match total.integer::<u64>()? {
        total if total >= held => Ok(total),
        _ => Err(DecodeProblem::OutOfRange.into()),
    })?;
    Ok(Page { list: ValidatorList { validators }, total: total.unwrap_or(held) })
}

fn validator(value: &Value<'_>) -> Result<Validator, Fault> {
    let object = value.object()?;
    object.only(&["address", "pub_key", "voting_power", "proposer_priority"])?;
    object.optional("proposer_priority", Value::integer::<i64>)?;
    Ok(Validator {
        address: object
            .required("address", |v| v.address()?.ok_or_else(|| DecodeProblem::Length.into()))?,
        key: object.required("pub_key", public_key)?,
        power: object.required("voting_power", height)?,
    })
}

/// `{"type": "tendermint/PubKeyEd25519", "value": …}`: the names of `libs/json` in Go.
fn public_key(value: &Value<'_>) -> Result<ValidatorKey, Fault> {
    let object = value.object()?;
    object.only(&["type", "value"])?;
    let kind = object.required("type", |name| key_type(name.text(64)?))?;
    object.required("value", |value| {
        let bytes = value.base64()?;
        Ok(match kind {
            None => {
                ValidatorKey::Ed25519(PublicKey::from_slice(&bytes).ok_or(DecodeProblem::Length)?)
            }
            Some(kind) => ValidatorKey::Unsupported(kind, bytes),
        })
    })
}

/// `None` for Ed25519. Spellings of the others differ from release to release in case and `_`.
fn key_type(name: &str) -> Result<Option<UnsupportedKey>, Fault> {
    if name == "tendermint/PubKeyEd25519" || name == "cometbft/PubKeyEd25519" {
        return Ok(None);
    }
    let unknown = || Fault::from(DecodeProblem::UnknownVariant);
    let name = name
        .strip_prefix("tendermint/PubKey")
        .or_else(|| name.strip_prefix("cometbft/PubKey"))
        .ok_or_else(unknown)?;
    Ok(Some(match name.replace('_', "").to_ascii_lowercase().as_str() {
        "secp256k1" => UnsupportedKey::Secp256k1,
        "bls12381" => UnsupportedKey::Bls12381,
        "mldsa65" => UnsupportedKey::MlDsa65,
        "secp256k1eth" => UnsupportedKey::Secp256k1Eth,
        _ => return Err(unknown()),
    }))
}

fn evidence(value: &Value<'_>) -> Result<Evidence, Fault> {
    let object = value.object()?;
    object.only(&["type", "value"])?;
    match object.required("type", |name| name.text(64))? {
        "tendermint/DuplicateVoteEvidence" => {
            Ok(Evidence::DuplicateVote(object.required("value", duplicate_vote)?.into()))
        }
        "tendermint/LightClientAttackEvidence" => {
            Ok(Evidence::LightClientAttack(object.required("value", light_client_attack)?.into()))
        }
        _ => Err(Fault::from(DecodeProblem::UnknownVariant).within("type")),
    }
}

const TOTAL_POWER: [&str; 2] = ["total_voting_power", "TotalVotingPower"];
const VALIDATOR_POWER: [&str; 2] = ["validator_power", "ValidatorPower"];
const TIMESTAMP: [&str; 2] = ["timestamp", "Timestamp"];

fn duplicate_vote(value: &Value<'_>) -> Result<DuplicateVote, Fault> {
    let object = value.object()?;
    let [(total, total_go), (power, power_go), (time, time_go)] =
        [TOTAL_POWER, VALIDATOR_POWER, TIMESTAMP].map(<(&str, &str)>::from);
    object.only(&["vote_a", "vote_b", total, total_go, power, power_go, time, time_go])?;
    Ok(DuplicateVote {
        vote_a: object.required("vote_a", vote)?,
        vote_b: object.required("vote_b", vote)?,
        total_voting_power: object.either(TOTAL_POWER, Value::integer)?,
        validator_power: object.either(VALIDATOR_POWER, Value::integer)?,
        timestamp: object.either(TIMESTAMP, Value::time)?,
    })
}

fn vote(value: &Value<'_>) -> Result<Vote, Fault> {
    let object = value.object()?;
    object.only(&[
        "type",
        "height",
        "round",
        "block_id",
        "timestamp",
        "validator_address",
        "validator_index",
        "signature",
        "extension",
        "extension_signature",
    ])?;
    let bytes = |key| object.optional(key, Value::base64).map(Option::unwrap_or_default);
    Ok(Vote {
        vote_type: object.required("type", Value::integer)?,
        height: object.required("height", height)?,
        round: object.required("round", Value::integer)?,
        block_id: object.required("block_id", block_id)?,
        timestamp: object.required("timestamp", Value::time)?,
        validator_address: object.required("validator_address", Value::address)?,
        validator_index: object.required("validator_index", Value::integer)?,
        signature: object.required("signature", signature)?,
        extension: bytes("extension")?,
        extension_signature: bytes("extension_signature")?,
    })
}

/// CometBFT v0.38.21 `types/evidence.go`: the struct has no JSON names, so Go prints its own.
fn light_client_attack(value: &Value<'_>) -> Result<LightClientAttack, Fault> {
    let object = value.object()?;
    let [block, common, byzantine] = [
        ["conflicting_block", "ConflictingBlock"],
        ["common_height", "CommonHeight"],
        ["byzantine_validators", "ByzantineValidators"],
    ];
    for keys in [block, common, byzantine, TOTAL_POWER, TIMESTAMP] {
        object.either(keys, |_| Ok(()))?;
    }
    object.only(&[block, common, byzantine, TOTAL_POWER, TIMESTAMP].concat())?;
    let ((header, commit), validators, proposer) = object.either(block, |value| {
        let block = value.object()?;
        block.only(&["signed_header", "validator_set"])?;
        let signed = block.required("signed_header", signed_header)?;
        block.required("validator_set", |value| {
            let set = value.object()?;
            set.only(&["validators", "proposer"])?;
            let validators = set.required("validators", |list| list.each(evidence_validator))?;
            Ok((signed, validators, set.optional("proposer", evidence_validator)?))
        })
    })?;
    Ok(LightClientAttack {
        header,
        commit,
        validators,
        proposer,
        // `ValidatorSet.ToProto` leaves the total out, which is a cache in Go and not printed.
        set_total_voting_power: 0,
        common_height: object.either(common, Value::integer)?,
        byzantine_validators: object.either(byzantine, |list| list.each(evidence_validator))?,
        total_voting_power: object.either(TOTAL_POWER, Value::integer)?,
        timestamp: object.either(TIMESTAMP, Value::time)?,
    })
}

fn evidence_validator(value: &Value<'_>) -> Result<EvidenceValidator, Fault> {
    let object = value.object()?;
    object.only(&["address", "pub_key", "voting_power", "proposer_priority"])?;
    let key = object.required("pub_key", public_key)?;
    let mut writer = Writer::default();
    match &key {
        ValidatorKey::Ed25519(key) => writer.repeated_bytes(1, &key.0),
        ValidatorKey::Unsupported(UnsupportedKey::Secp256k1, key) => writer.repeated_bytes(2, key),
        ValidatorKey::Unsupported(UnsupportedKey::Bls12381, key) => writer.repeated_bytes(3, key),
        ValidatorKey::Unsupported(UnsupportedKey::MlDsa65, key) => writer.repeated_bytes(4, key),
        ValidatorKey::Unsupported(UnsupportedKey::Secp256k1Eth, key) => {
            writer.repeated_bytes(5, key);
        }
    }
    Ok(EvidenceValidator {
        address: object.required("address", Value::address)?,
        key: writer.into_bytes(),
        power: object.required("voting_power", Value::integer)?,
        proposer_priority: object.required("proposer_priority", Value::integer)?,
    })
}

fn params(value: &Value<'_>) -> Result<HashedParams, Fault> {
    value.object()?.required("block", |value| {
        let block = value.object()?;
        Ok(HashedParams {
            block_max_bytes: block.required("max_bytes", Value::integer)?,
            block_max_gas: block.required("max_gas", Value::integer)?,
        })
    })
}

fn results(object: Object<'_, '_>) -> Result<BlockResults, Fault> {
    let results = object.optional("txs_results", |list| list.each(transaction_result))?;
    Ok(BlockResults { results: results.unwrap_or_default() })
}

fn transaction_result(value: &Value<'_>) -> Result<TransactionResult, Fault> {
    let object = value.object()?;
    // Forks of the node leave zeros out (`sei_fixtures`).
    let gas = |key| object.optional(key, Value::integer).map(Option::unwrap_or_default);
    Ok(TransactionResult {
        code: object.optional("code", Value::integer)?.unwrap_or_default(),
        data: object.optional("data", Value::base64)?.unwrap_or_default(),
        gas_wanted: gas("gas_wanted")?,
        gas_used: gas("gas_used")?,
    })
}

/// Chain id and the facts of a genesis document, which may stand under `genesis`.
pub(super) fn genesis(value: &Value<'_>) -> Result<(String, Genesis), Fault> {
    let object = value.object()?;
    if object.has("genesis") {
        object.only(&["genesis"])?;
        return object.required("genesis", genesis_document);
    }
    genesis_document(value)
}

fn genesis_document(value: &Value<'_>) -> Result<(String, Genesis), Fault> {
    let object = value.object()?;
    let time: Timestamp = object.required("genesis_time", Value::time)?;
    let chain_id = object.required("chain_id", |id| id.text(CHAIN_ID_LENGTH))?.to_string();
    // > if genDoc.InitialHeight == 0 { genDoc.InitialHeight = 1 }
    let initial_height = object.optional("initial_height", height)?.unwrap_or_default().max(1);
    Ok((chain_id, Genesis { initial_height, time }))
}

/// `/abci_info`: nothing of it is taken over.
pub(super) fn abci_info(value: &Value<'_>) -> Result<(), Fault> {
    let object = value.object()?;
    object.only(&["response"])?;
    object.required("response", |value| {
        value.object()?.only(&[
            "data",
            "version",
            "app_version",
            "last_block_height",
            "last_block_app_hash",
        ])
    })
}
