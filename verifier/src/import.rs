//! Raw exports of a node's RPC, in any order and packing, to a snapshot container.
//!
//! ```text
//! sources ─▶ Scanner (pass 1: what stands where) ─▶ Index ─▶ Importer (pass 2: by height) ─▶ container
//! ```
//!
//! A source is what `curl` leaves: one JSON value, or many after each other; with the JSON-RPC
//! envelope or without. Names mean nothing, content decides. Both passes read chunks that the
//! caller supplies and hold one height at a time, so that files in a browser work like files on a
//! disk. What a header attests is read strictly; what none does ([`UNAUTHENTICATED_FIELDS`]) is
//! parsed and left out. Nothing is proven here: the container is as untrusted as the export.

mod decode;
mod error;
mod importer;
mod index;
mod kind;
mod scan;
#[cfg(test)]
mod vectors;

use alloc::vec::Vec;

pub use error::{ImportError, Part, Place, Subject};
pub use importer::{Importer, Request};
pub use index::{Candidate, Index, Summary};
pub use scan::Scanner;

use crate::limits::Limits;

/// Fields of an export that no header attests: changing them changes nothing that is imported.
///
/// (endpoint, path from the result); `*` stands for every endpoint, a final `*` for everything
/// below, `[]` for each element. All of them are parsed as strictly as the rest.
pub const UNAUTHENTICATED_FIELDS: &[(&str, &str)] = &[
    ("*", "id"),
    ("abci_info", "response.*"),
    ("block_results", "app_hash"),
    ("block_results", "begin_block_events.*"),
    ("block_results", "consensus_param_updates.*"),
    ("block_results", "end_block_events.*"),
    ("block_results", "finalize_block_events.*"),
    ("block_results", "total_gas_used"),
    ("block_results", "txs_results[].codespace"),
    ("block_results", "txs_results[].events.*"),
    ("block_results", "txs_results[].info"),
    ("block_results", "txs_results[].log"),
    ("block_results", "validator_updates.*"),
    ("block_search", "total_count"),
    ("blockchain", "block_metas[].block_size"),
    ("blockchain", "block_metas[].num_txs"),
    ("blockchain", "last_height"),
    ("commit", "canonical"),
    ("consensus_params", "block_height"),
    ("consensus_params", "consensus_params.*"),
    ("genesis", "genesis.app_hash"),
    ("genesis", "genesis.app_state.*"),
    ("genesis", "genesis.consensus_params.*"),
    ("genesis", "genesis.validators.*"),
    ("light_block", "dah.*"),
    ("light_block", "data.*"),
    ("light_block", "next_validator_set.proposer.*"),
    ("light_block", "next_validator_set.total_voting_power"),
    ("light_block", "provider"),
    ("light_block", "validator_set.proposer.*"),
    ("light_block", "validator_set.total_voting_power"),
    ("light_block", "validator_set.validators[].proposer_priority"),
    ("status", "node_info.channels"),
    ("status", "node_info.id"),
    ("status", "node_info.listen_addr"),
    ("status", "node_info.moniker"),
    ("status", "node_info.other.*"),
    ("status", "node_info.protocol_version.*"),
    ("status", "node_info.version"),
    ("status", "sync_info.*"),
    ("status", "validator_info.*"),
    ("validators", "validators[].proposer_priority"),
];

/// Imports sources that are in memory, each with its name.
///
/// # Errors
/// Every variant of [`ImportError`].
pub fn import(sources: &[(&str, &[u8])], limits: &Limits) -> Result<Vec<u8>, ImportError> {
    let mut scanner = Scanner::new(limits.clone());
    for (name, bytes) in sources {
        scanner.start_source(name)?;
        scanner.feed(bytes)?;
    }
    let mut importer = Importer::new(scanner.finish()?);
    let mut container = Vec::new();
    while let Some(request) = importer.next_request() {
        let start = usize::try_from(request.offset).unwrap_or(usize::MAX);
        let end = start.saturating_add(usize::try_from(request.length).unwrap_or(usize::MAX));
        let bytes = sources.get(request.source).and_then(|(_, bytes)| bytes.get(start..end));
        importer.supply(bytes.unwrap_or_default())?;
        container.extend(importer.take_output());
    }
    container.extend(importer.take_output());
    Ok(container)
}
