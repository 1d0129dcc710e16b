//! Results of transactions.

use crate::{
    encoding::json::{Fault, Object, Value},
    ledger::cometbft::results::{BlockResults, TransactionResult},
};

pub(super) fn results(object: Object<'_, '_>) -> Result<BlockResults, Fault> {
    let results = object.optional("txs_results", |list| list.each(transaction_result))?;
    Ok(BlockResults { results: results.unwrap_or_default() })
}

fn transaction_result(value: &Value<'_>) -> Result<TransactionResult, Fault> {
    let object = value.object()?;
    // Forks of the node leave zeros out (`sei_fixtures`).
    let gas = |key| object.optional(key, Value::integer).map(Option::unwrap_or_default);
    Ok(TransactionResult {
        code: object.optional("code", Value::integer)?.unwrap_or_default(),
        data: object.optional("data", Value::base64)?.unwrap_or_default(),
        gas_wanted: gas("gas_wanted")?,
        gas_used: gas("gas_used")?,
    })
}
