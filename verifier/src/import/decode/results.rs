//! Results of transactions.

use super::unread::{Members, Type};
use crate::{
    encoding::json::{Fault, Object, Value},
    ledger::cometbft::results::{BlockResults, TransactionResult},
};

/// `begin_block_events` and `end_block_events` are of releases before 0.38, `finalize_block_events`
/// and `app_hash` of those from then on; forks of the node print `total_gas_used`.
const BESIDE_RESULTS: Members = Members(&[
    ("begin_block_events", Type::AnyList),
    ("end_block_events", Type::AnyList),
    ("finalize_block_events", Type::AnyList),
    ("validator_updates", Type::AnyList),
    ("consensus_param_updates", Type::AnyObject),
    ("app_hash", Type::Base64),
    ("total_gas_used", Type::Integer),
]);

const BESIDE_RESULT: Members = Members(&[
    ("log", Type::Text),
    ("info", Type::Text),
    ("events", Type::AnyList),
    ("codespace", Type::Text),
]);

pub(super) fn results(object: Object<'_, '_>) -> Result<BlockResults, Fault> {
    BESIDE_RESULTS.check_beside(&["height", "txs_results"], object)?;
    let results = object.optional("txs_results", |list| list.each(transaction_result))?;
    Ok(BlockResults { results: results.unwrap_or_default() })
}

fn transaction_result(value: &Value<'_>) -> Result<TransactionResult, Fault> {
    let object = value.object()?;
    BESIDE_RESULT.check_beside(&["code", "data", "gas_wanted", "gas_used"], object)?;
    // Forks of the node leave zeros out (`sei_fixtures`).
    let gas = |key| object.optional(key, Value::integer).map(Option::unwrap_or_default);
    Ok(TransactionResult {
        code: object.optional("code", Value::integer)?.unwrap_or_default(),
        data: object.optional("data", Value::base64)?.unwrap_or_default(),
        gas_wanted: gas("gas_wanted")?,
        gas_used: gas("gas_used")?,
    })
}
