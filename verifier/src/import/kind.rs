//! What a JSON value of an export is, told from its members alone.

use crate::encoding::json::Object;

/// Kinds of values that hold something about one height (or one piece of the genesis).
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(super) enum Kind {
    /// `/genesis_chunked`: a piece of the genesis document.
    GenesisChunk,
    /// `/validators`: a page of a set.
    Validators,
    /// `/consensus_params`.
    Params,
    /// `/header`, or a bare header.
    Header,
    /// One entry of `/blockchain`.
    Meta,
    /// `/commit`: a signed header.
    Commit,
    /// A signed header with its validator set.
    Pair,
    /// `/block`, or one entry of `/block_search`.
    Block,
    /// `/block_results`.
    Results,
}

/// The shape of a value without its envelope.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Shape {
    /// About one height.
    Entry(Kind),
    /// Several of them under this key.
    Many(Kind, &'static str),
    /// `/genesis`, or the document itself.
    Genesis,
    /// `/status`.
    Status,
    /// `/abci_info`.
    AbciInfo,
}

/// The shape of an object; `None` for one that no endpoint gives.
pub(super) fn shape(object: Object<'_, '_>) -> Option<Shape> {
    let has = |keys: &[&str]| keys.iter().all(|key| object.has(key));
    Some(if has(&["block_id", "block"]) {
        Shape::Entry(Kind::Block)
    } else if has(&["blocks", "total_count"]) {
        Shape::Many(Kind::Block, "blocks")
    } else if has(&["block_metas"]) {
        Shape::Many(Kind::Meta, "block_metas")
    } else if has(&["block_id", "header"]) {
        Shape::Entry(Kind::Meta)
    } else if has(&["signed_header", "validator_set"])
        || has(&["header", "commit", "validator_set"])
    {
        Shape::Entry(Kind::Pair)
    } else if has(&["signed_header"]) || has(&["header", "commit"]) {
        Shape::Entry(Kind::Commit)
    } else if has(&["header"]) || has(&["validators_hash", "chain_id", "height"]) {
        Shape::Entry(Kind::Header)
    } else if has(&["genesis"]) || has(&["genesis_time", "chain_id"]) {
        Shape::Genesis
    } else if has(&["chunk", "total", "data"]) {
        Shape::Entry(Kind::GenesisChunk)
    } else if has(&["block_height", "validators"]) {
        Shape::Entry(Kind::Validators)
    } else if has(&["block_height", "consensus_params"]) {
        Shape::Entry(Kind::Params)
    } else if has(&["height"])
        && ["txs_results", "finalize_block_events", "begin_block_events", "end_block_events"]
            .iter()
            .any(|key| object.has(key))
    {
        Shape::Entry(Kind::Results)
    } else if has(&["node_info", "sync_info"]) {
        Shape::Status
    } else if has(&["response"]) {
        Shape::AbciInfo
    } else {
        return None;
    })
}
