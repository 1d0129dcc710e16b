//! `/validators`, in pages of 100.

use vidimus::ledger::cometbft::validator::{Validator, ValidatorKey};

use super::{
    File,
    json::{Object, array, base64},
};
use crate::simulate::RotatedSet;

/// Validators of one page, at most (`rpc/core/env.go`, `maxPerPage`).
const PAGE: usize = 100;

pub(super) fn pages(set: &RotatedSet, height: u64) -> Vec<File> {
    let validators = &set.list().validators;
    let page = |(index, page): (usize, &[Validator])| {
        let member = |validator: &Validator| {
            Object::new()
                .plain("address", validator.address)
                .raw("pub_key", key(&validator.key))
                .plain("voting_power", validator.power)
                .plain("proposer_priority", set.priority(&validator.address))
                .end()
        };
        let result = Object::new()
            .plain("block_height", height)
            .raw("validators", array(page.iter().map(member)))
            .plain("count", page.len())
            .plain("total", validators.len())
            .end();
        let name = match index {
            0 => format!("validators_{height}.json"),
            _ => format!("validators_{height}_{}.json", index.saturating_add(1)),
        };
        File::new(name, &result)
    };
    validators.chunks(PAGE).enumerate().map(page).collect()
}

pub(super) fn key(key: &ValidatorKey) -> String {
    let (name, bytes): (&str, &[u8]) = match key {
        ValidatorKey::Ed25519(key) => ("tendermint/PubKeyEd25519", &key.0),
        ValidatorKey::Unsupported(kind, bytes) => (kind.name(), bytes),
    };
    Object::new().plain("type", name).plain("value", base64(bytes)).end()
}
