//! What a value is and what it is about, without reading it in full.

use alloc::{boxed::Box, string::String};

use crate::{
    encoding::{
        DecodeProblem,
        json::{Fault, Parts, Value},
    },
    import::{
        decode,
        kind::{Kind, Shape, shape},
    },
    ledger::cometbft::header::Header,
};

/// For telling what a value is. What is stepped over here is read strictly in pass 2.
pub(super) const SHALLOW: Parts<'_> = Parts {
    dropped: &[],
    skipped: &[
        "app_state",
        "begin_block_events",
        "block_metas",
        "blocks",
        "dah",
        "data",
        "end_block_events",
        "evidence",
        "finalize_block_events",
        "last_commit",
        "next_validator_set",
        "proposer",
        "signatures",
        "txs_results",
        "validators",
    ],
    long: decode::LONG,
};

/// What a value turned out to be.
pub(super) enum Found {
    Entry(About),
    Many { kind: Kind, key: &'static str, in_envelope: bool },
    Whole(Shape),
    NodeError(i64),
    Unknown,
}

/// What a value is about.
pub(super) struct About {
    pub(super) kind: Kind,
    pub(super) height: u64,
    pub(super) chain: Option<String>,
    /// Validators on a page, and in the set; or chunks in all.
    pub(super) count: u64,
    pub(super) total: u64,
    /// The header, if it is the highest so far.
    pub(super) head: Option<Box<Header>>,
}

/// Heights of the last headers known.
#[derive(Clone, Copy)]
pub(super) struct Heads {
    pub(super) block: Option<u64>,
    pub(super) signed: Option<u64>,
}

pub(super) fn node_error(value: &Value<'_>) -> Result<i64, Fault> {
    value.object()?.required("code", Value::integer)
}

/// Tells what a value without envelope is, and at which height.
pub(super) fn look(value: &Value<'_>, heads: Heads, in_envelope: bool) -> Result<Found, Fault> {
    let object = value.object()?;
    let kind = match shape(object) {
        Some(Shape::Entry(kind)) => kind,
        Some(Shape::Many(kind, key)) => return Ok(Found::Many { kind, key, in_envelope }),
        Some(shape @ (Shape::Genesis | Shape::Status | Shape::AbciInfo)) => {
            return Ok(Found::Whole(shape));
        }
        None => return Ok(Found::Unknown),
    };
    let sized = |height, count, total| {
        Found::Entry(About { kind, height, chain: None, count, total, head: None })
    };
    let entry = |height| sized(height, 0, 0);
    match kind {
        Kind::GenesisChunk => {
            let total = object.required("total", decode::height)?;
            let height = object.required("chunk", decode::height)?;
            Ok(sized(height, 0, total))
        }
        Kind::Params => Ok(entry(object.required("block_height", decode::height)?)),
        Kind::Results => Ok(entry(object.required("height", decode::height)?)),
        Kind::Validators => {
            let count = object.required("validators", |list| {
                list.elements().ok_or_else(|| DecodeProblem::WrongType.into())
            })?;
            let total = object.optional("total", Value::integer)?.unwrap_or(count);
            let height = object.required("block_height", decode::height)?;
            Ok(sized(height, count, total))
        }
        Kind::Block => object.required("block", |block| {
            block.object()?.required("header", |header| headed(kind, header, heads.block))
        }),
        Kind::Commit | Kind::Pair if object.has("signed_header") => {
            object.required("signed_header", |signed| {
                signed.object()?.required("header", |header| headed(kind, header, heads.signed))
            })
        }
        Kind::Commit | Kind::Pair => {
            object.required("header", |header| headed(kind, header, heads.signed))
        }
        Kind::Header if !object.has("header") => headed(kind, value, None),
        Kind::Header | Kind::Meta => object.required("header", |header| headed(kind, header, None)),
    }
}

fn headed(kind: Kind, header: &Value<'_>, highest: Option<u64>) -> Result<Found, Fault> {
    let (chain, height) = decode::point(header)?;
    let is_head = matches!(kind, Kind::Block | Kind::Commit | Kind::Pair)
        && highest.is_none_or(|highest| height > highest);
    let head = if is_head { Some(Box::new(decode::header(header)?)) } else { None };
    Ok(Found::Entry(About { kind, height, chain: Some(chain), count: 0, total: 0, head }))
}
