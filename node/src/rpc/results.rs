//! `/block_results`.

use vidimus::ledger::cometbft::results::TransactionResult;

use super::{
    File, Line,
    json::{Object, array_or_null, base64},
};
use crate::simulate::{SimulatedBlock, ValidatorUpdate};

pub(super) fn results(block: &SimulatedBlock, line: Line) -> File {
    let transactions = array_or_null(block.draft.results.results.iter().map(result));
    let updates = array_or_null(block.draft.updates.iter().map(|change| update(change, line)));
    let object = Object::new().plain("height", block.height()).raw("txs_results", transactions);
    let events: &[&str] = match line {
        Line::Before038 => &["begin_block_events", "end_block_events"],
        Line::From038 | Line::From1 => &["finalize_block_events"],
    };
    let object = events
        .iter()
        .fold(object, |object, key| object.raw(key, "null"))
        .raw("validator_updates", updates)
        .raw("consensus_param_updates", "null");
    let result = match line {
        Line::Before038 => object.end(),
        // Hex everywhere else, base64 here.
        Line::From038 | Line::From1 => {
            object.plain("app_hash", base64(&block.next_app_hash.0)).end()
        }
    };
    File::new(format!("block_results_{}.json", block.height()), &result)
}

fn result(result: &TransactionResult) -> String {
    Object::new()
        .raw("code", result.code)
        .bytes("data", &result.data)
        .plain("log", "")
        .plain("info", "")
        .plain("gas_wanted", result.gas_wanted)
        .plain("gas_used", result.gas_used)
        .raw("events", "[]")
        .plain("codespace", "")
        .end()
}

/// > `json:"power,omitempty"`: a power of 0 is not printed
fn update(update: &ValidatorUpdate, line: Line) -> String {
    let key = base64(&update.key.0);
    let power = |object: Object| match update.power {
        0 => object,
        power => object.plain("power", power),
    };
    if line == Line::From1 {
        let object = power(Object::new()).plain("pub_key_bytes", key);
        return object.plain("pub_key_type", "ed25519").end();
    }
    let sum = Object::new()
        .plain("type", "tendermint.crypto.PublicKey_Ed25519")
        .raw("value", Object::new().plain("ed25519", key).end())
        .end();
    power(Object::new().raw("pub_key", Object::new().raw("Sum", sum).end())).end()
}
