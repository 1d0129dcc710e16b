//! Blocks, with their transactions.

use alloc::vec::Vec;

use super::{
    commit::commit,
    evidence::evidence,
    header::{block_id, header},
};
use crate::{
    encoding::{
        json::{Fault, Object, Value},
        protobuf::Message as _,
    },
    ledger::cometbft::{block::Block, block_id::BlockId, commit::Commit, header::Header},
};

/// A block as an export gives it.
#[derive(Debug, Eq, PartialEq)]
pub(in crate::import) struct ExportedBlock {
    pub(in crate::import) header: Header,
    pub(in crate::import) last_commit: Commit,
    /// The block in protobuf.
    pub(in crate::import) bytes: Vec<u8>,
    /// The block id beside the block.
    pub(in crate::import) id: BlockId,
}

pub(super) fn exported_block(object: Object<'_, '_>) -> Result<ExportedBlock, Fault> {
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
