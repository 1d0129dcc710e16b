//! Headers, and the block ids in them.

use alloc::string::{String, ToString as _};

use crate::{
    encoding::{
        DecodeProblem,
        json::{Fault, Value},
    },
    ledger::cometbft::{
        block_id::{BlockId, PartSetHeader},
        header::{CHAIN_ID_LENGTH, Header},
    },
};

/// The chain id and height of a header, without the rest of it.
pub(in crate::import) fn point(value: &Value<'_>) -> Result<(String, u64), Fault> {
    let object = value.object()?;
    let chain_id = object.required("chain_id", |id| id.text(CHAIN_ID_LENGTH))?;
    Ok((chain_id.to_string(), object.required("height", height)?))
}

pub(in crate::import) fn header(value: &Value<'_>) -> Result<Header, Fault> {
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
pub(in crate::import) fn height(value: &Value<'_>) -> Result<u64, Fault> {
    let height: i64 = value.integer()?;
    u64::try_from(height).map_err(|_| DecodeProblem::OutOfRange.into())
}

pub(super) fn block_id(value: &Value<'_>) -> Result<BlockId, Fault> {
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
