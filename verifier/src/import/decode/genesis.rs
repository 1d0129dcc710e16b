//! The genesis document and the consensus parameters.

use alloc::string::{String, ToString as _};

use super::header::height;
use crate::{
    encoding::{
        json::{Fault, Value},
        time::Timestamp,
    },
    ledger::cometbft::{genesis::Genesis, header::CHAIN_ID_LENGTH, params::HashedParams},
};

/// Chain id and the facts of a genesis document, which may stand under `genesis`.
pub(in crate::import) fn genesis(value: &Value<'_>) -> Result<(String, Genesis), Fault> {
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

pub(super) fn params(value: &Value<'_>) -> Result<HashedParams, Fault> {
    value.object()?.required("block", |value| {
        let block = value.object()?;
        Ok(HashedParams {
            block_max_bytes: block.required("max_bytes", Value::integer)?,
            block_max_gas: block.required("max_gas", Value::integer)?,
        })
    })
}
