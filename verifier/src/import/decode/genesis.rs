//! The genesis document and the consensus parameters.

use alloc::string::{String, ToString as _};

use super::{
    header::height,
    unread::{KEY, Members, Type},
};
use crate::{
    encoding::{
        json::{Fault, Object, Value},
        time::Timestamp,
    },
    ledger::cometbft::{genesis::Genesis, header::CHAIN_ID_LENGTH, params::HashedParams},
};

/// With what is read, and `app_state`, which the application gives any form, all of a genesis
/// document, in every release from 0.34 to 1.0 (`types/genesis.go`).
const GENESIS: Members = Members(&[
    ("consensus_params", Type::Object(&PARAMS)),
    ("validators", Type::Objects(&VALIDATOR)),
    ("app_hash", Type::Hex),
]);

const VALIDATOR: Members = Members(&[
    ("address", Type::Address),
    ("pub_key", Type::Object(&KEY)),
    ("power", Type::Integer),
    ("name", Type::Text),
]);

/// The parameters of every release from 0.34 to 1.0: `time_iota_ms` and `app_version` are of 0.34,
/// `abci` of 0.38 and 0.40, `authority` of 0.40, `feature` and `synchrony` of 1.0.
const PARAMS: Members = Members(&[
    ("block", Type::Object(&BLOCK)),
    ("evidence", Type::Object(&EVIDENCE)),
    ("validator", Type::Object(&Members(&[("pub_key_types", Type::Texts)]))),
    (
        "version",
        Type::Object(&Members(&[("app", Type::Unsigned), ("app_version", Type::Unsigned)])),
    ),
    ("abci", Type::Object(&Members(&[("vote_extensions_enable_height", Type::Integer)]))),
    ("authority", Type::Object(&Members(&[("authority", Type::Text)]))),
    ("feature", Type::Object(&FEATURE)),
    ("synchrony", Type::Object(&SYNCHRONY)),
]);
const BLOCK: Members = Members(&[
    ("max_bytes", Type::Integer),
    ("max_gas", Type::Integer),
    ("time_iota_ms", Type::Integer),
]);
const EVIDENCE: Members = Members(&[
    ("max_age_num_blocks", Type::Integer),
    ("max_age_duration", Type::Integer),
    ("max_bytes", Type::Integer),
]);
const FEATURE: Members = Members(&[
    ("vote_extensions_enable_height", Type::Integer),
    ("pbts_enable_height", Type::Integer),
]);
const SYNCHRONY: Members =
    Members(&[("precision", Type::Integer), ("message_delay", Type::Integer)]);

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
    let read = ["genesis_time", "chain_id", "initial_height", "app_state"];
    GENESIS.check_beside(&read, object)?;
    let time: Timestamp = object.required("genesis_time", Value::time)?;
    let chain_id = object.required("chain_id", |id| id.text(CHAIN_ID_LENGTH))?.to_string();
    // > if genDoc.InitialHeight == 0 { genDoc.InitialHeight = 1 }
    let initial_height = object.optional("initial_height", height)?.unwrap_or_default().max(1);
    Ok((chain_id, Genesis { initial_height, time }))
}

/// `/consensus_params`.
pub(super) fn params(object: Object<'_, '_>) -> Result<HashedParams, Fault> {
    object.only(&["block_height", "consensus_params"])?;
    object.required("consensus_params", hashed_params)
}

fn hashed_params(value: &Value<'_>) -> Result<HashedParams, Fault> {
    PARAMS.check(value)?;
    value.object()?.required("block", |value| {
        let block = value.object()?;
        Ok(HashedParams {
            block_max_bytes: block.required("max_bytes", Value::integer)?,
            block_max_gas: block.required("max_gas", Value::integer)?,
        })
    })
}
