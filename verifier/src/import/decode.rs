//! From JSON values to the ledger's own types, one function a message.
//!
//! Every member is known, and another one is refused. What no header attests is checked for its
//! type and left out; [`super::UNAUTHENTICATED_FIELDS`] lists it.

mod block;
mod commit;
mod evidence;
mod genesis;
mod header;
mod node;
mod results;
mod unread;
mod validators;

use alloc::vec::Vec;

pub(super) use block::ExportedBlock;
pub(super) use commit::Pair;
pub(super) use genesis::genesis;
pub(super) use header::{header, height, point};
pub(super) use node::{abci_info, status};
pub(super) use validators::Page;

use block::exported_block;
use commit::{commit, pair, signed_header};
use genesis::params;
use header::block_id;
use results::results;
use unread::{Members, Type};
use validators::page;

use super::kind::Kind;
use crate::{
    encoding::{
        DecodeProblem,
        json::{Fault, Parts, Value},
    },
    ledger::cometbft::{
        block_id::BlockId, commit::Commit, header::Header, params::HashedParams,
        results::BlockResults,
    },
};

/// Keys of what only the application knows, at any depth: no decoder looks inside.
pub(super) const DROPPED: &[&str] = &[
    "app_state",
    "begin_block_events",
    "consensus_param_updates",
    "dah",
    "end_block_events",
    "events",
    "finalize_block_events",
    "validator_updates",
];

/// Keys of bytes and text that the application chose, of any length.
pub(super) const LONG: &[&str] = &["data", "extension", "info", "log", "txs"];

/// For reading a value in full.
pub(super) const FULL: Parts<'_> = Parts { dropped: DROPPED, skipped: &[], long: LONG };

/// In an entry of `/blockchain`.
const IN_META: Members = Members(&[("block_size", Type::Integer), ("num_txs", Type::Integer)]);

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
            IN_META.check_beside(&["block_id", "header"], object)?;
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
        Kind::Params => Content::Params(params(object)?),
        Kind::Results => Content::Results(results(object)?),
        Kind::GenesisChunk => {
            object.only(&["chunk", "total", "data"])?;
            Content::GenesisChunk(object.required("data", Value::base64)?)
        }
    })
}

/// What stands around the elements of `/block_search` and `/blockchain`, which are under `key`.
pub(super) fn many(key: &str, value: &Value<'_>) -> Result<(), Fault> {
    let object = value.object()?;
    let beside = if key == "blocks" { "total_count" } else { "last_height" };
    object.only(&[key, beside])?;
    object.optional(beside, height)?;
    object.required(key, |list| {
        let holds = matches!(list, Value::Array(_));
        if holds { Ok(()) } else { Err(DecodeProblem::WrongType.into()) }
    })
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
