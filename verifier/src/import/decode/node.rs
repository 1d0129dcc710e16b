//! What a node says of itself: `/status` and `/abci_info`. No header attests any of it.

use alloc::string::{String, ToString};

use super::unread::{KEY, Members, Type};
use crate::encoding::json::{Fault, Value};

const NODE_INFO: Members = Members(&[
    ("protocol_version", Type::Object(&PROTOCOL_VERSION)),
    ("id", Type::Text),
    ("listen_addr", Type::Text),
    ("channels", Type::Hex),
    ("moniker", Type::Text),
    ("other", Type::Object(&OTHER)),
]);
const PROTOCOL_VERSION: Members =
    Members(&[("p2p", Type::Unsigned), ("block", Type::Unsigned), ("app", Type::Unsigned)]);
const OTHER: Members = Members(&[("tx_index", Type::Text), ("rpc_address", Type::Text)]);

const SYNC_INFO: Members = Members(&[
    ("latest_block_hash", Type::Hash),
    ("latest_app_hash", Type::Hex),
    ("latest_block_height", Type::Integer),
    ("latest_block_time", Type::Time),
    ("earliest_block_hash", Type::Hash),
    ("earliest_app_hash", Type::Hex),
    ("earliest_block_height", Type::Integer),
    ("earliest_block_time", Type::Time),
    ("catching_up", Type::Bool),
]);

const VALIDATOR_INFO: Members = Members(&[
    ("address", Type::Address),
    ("pub_key", Type::Object(&KEY)),
    ("voting_power", Type::Integer),
]);

const ABCI_INFO: Members = Members(&[
    ("data", Type::Text),
    ("version", Type::Text),
    ("app_version", Type::Unsigned),
    ("last_block_height", Type::Integer),
    ("last_block_app_hash", Type::Base64),
]);

/// `/status`: the chain id, and the version that the node claims.
pub(in crate::import) fn status(value: &Value<'_>) -> Result<(String, Option<String>), Fault> {
    let object = value.object()?;
    object.only(&["node_info", "sync_info", "validator_info"])?;
    object.required("sync_info", |value| SYNC_INFO.check(value))?;
    object.optional("validator_info", |value| VALIDATOR_INFO.check(value))?;
    object.required("node_info", |value| {
        let info = value.object()?;
        NODE_INFO.check_beside(&["network", "version"], info)?;
        let network = info.required("network", |id| id.text(256))?.to_string();
        let version = info.optional("version", |version| version.text(256))?;
        Ok((network, version.map(ToString::to_string)))
    })
}

/// `/abci_info`.
pub(in crate::import) fn abci_info(value: &Value<'_>) -> Result<(), Fault> {
    let object = value.object()?;
    object.only(&["response"])?;
    object.required("response", |value| ABCI_INFO.check(value))
}
