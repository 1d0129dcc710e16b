//! Validators: pages of them and whole sets, and the keys of every type.

use super::header::height;
use crate::{
    encoding::{
        DecodeProblem,
        hex::PublicKey,
        json::{Fault, Object, Value},
    },
    ledger::cometbft::validator::{UnsupportedKey, Validator, ValidatorKey, ValidatorList},
};

/// One page of validators, or a whole set.
#[derive(Debug, Eq, PartialEq)]
pub(in crate::import) struct Page {
    pub(in crate::import) list: ValidatorList,
    pub(in crate::import) total: u64,
}

pub(super) fn validator_set(value: &Value<'_>) -> Result<ValidatorList, Fault> {
    let object = value.object()?;
    object.only(&["validators", "proposer", "total_voting_power"])?;
    object.optional("proposer", validator)?;
    object.optional("total_voting_power", Value::integer::<i64>)?;
    let validators = object.required("validators", |list| list.each(validator))?;
    let mut list = ValidatorList { validators };
    // A set beside a signed header is a set: tendermint-rs's tests, for one, print it in any
    // order and sort it when they read it. The header's hash decides whether it is the right one.
    list.sort();
    Ok(list)
}

pub(super) fn page(object: Object<'_, '_>) -> Result<Page, Fault> {
    object.only(&["block_height", "validators", "count", "total"])?;
    let validators = object.required("validators", |list| list.each(validator))?;
    let held = crate::encoding::to_u64(validators.len());
    let agrees = |count: &Value<'_>| match count.integer::<u64>()? {
        count if count == held => Ok(()),
        _ => Err(Fault::from(DecodeProblem::Length)),
    };
    object.optional("count", agrees)?;
    let total = object.optional("total", |total| match total.integer::<u64>()? {
        total if total >= held => Ok(total),
        _ => Err(DecodeProblem::OutOfRange.into()),
    })?;
    Ok(Page { list: ValidatorList { validators }, total: total.unwrap_or(held) })
}

fn validator(value: &Value<'_>) -> Result<Validator, Fault> {
    let object = value.object()?;
    object.only(&["address", "pub_key", "voting_power", "proposer_priority"])?;
    object.optional("proposer_priority", Value::integer::<i64>)?;
    Ok(Validator {
        address: object
            .required("address", |v| v.address()?.ok_or_else(|| DecodeProblem::Length.into()))?,
        key: object.required("pub_key", public_key)?,
        power: object.required("voting_power", height)?,
    })
}

/// `{"type": "tendermint/PubKeyEd25519", "value": …}`: the names of `libs/json` in Go.
pub(super) fn public_key(value: &Value<'_>) -> Result<ValidatorKey, Fault> {
    let object = value.object()?;
    object.only(&["type", "value"])?;
    let kind = object.required("type", |name| key_type(name.text(64)?))?;
    object.required("value", |value| {
        let bytes = value.base64()?;
        Ok(match kind {
            None => {
                ValidatorKey::Ed25519(PublicKey::from_slice(&bytes).ok_or(DecodeProblem::Length)?)
            }
            Some(kind) => ValidatorKey::Unsupported(kind, bytes),
        })
    })
}

/// `None` for Ed25519. Spellings of the others differ from release to release in case and `_`.
fn key_type(name: &str) -> Result<Option<UnsupportedKey>, Fault> {
    if name == "tendermint/PubKeyEd25519" || name == "cometbft/PubKeyEd25519" {
        return Ok(None);
    }
    let unknown = || Fault::from(DecodeProblem::UnknownVariant);
    let name = name
        .strip_prefix("tendermint/PubKey")
        .or_else(|| name.strip_prefix("cometbft/PubKey"))
        .ok_or_else(unknown)?;
    Ok(Some(match name.replace('_', "").to_ascii_lowercase().as_str() {
        "secp256k1" => UnsupportedKey::Secp256k1,
        "bls12381" => UnsupportedKey::Bls12381,
        "mldsa65" => UnsupportedKey::MlDsa65,
        "secp256k1eth" => UnsupportedKey::Secp256k1Eth,
        _ => return Err(unknown()),
    }))
}
