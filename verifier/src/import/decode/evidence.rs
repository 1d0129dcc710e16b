//! Evidence of misbehavior, in the spellings of every release.

use super::{
    commit::{signature, signed_header},
    header::{block_id, height},
    validators::public_key,
};
use crate::{
    encoding::{
        DecodeProblem,
        json::{Fault, Value},
        protobuf::Writer,
    },
    ledger::cometbft::{
        evidence::{DuplicateVote, Evidence, EvidenceValidator, LightClientAttack, Vote},
        signed_header::SignedHeader,
        validator::{UnsupportedKey, ValidatorKey},
    },
};

pub(super) fn evidence(value: &Value<'_>) -> Result<Evidence, Fault> {
    let object = value.object()?;
    object.only(&["type", "value"])?;
    match object.required("type", |name| name.text(64))? {
        "tendermint/DuplicateVoteEvidence" => {
            Ok(Evidence::DuplicateVote(object.required("value", duplicate_vote)?.into()))
        }
        "tendermint/LightClientAttackEvidence" => {
            Ok(Evidence::LightClientAttack(object.required("value", light_client_attack)?.into()))
        }
        _ => Err(Fault::from(DecodeProblem::UnknownVariant).within("type")),
    }
}

const TOTAL_POWER: [&str; 2] = ["total_voting_power", "TotalVotingPower"];
const VALIDATOR_POWER: [&str; 2] = ["validator_power", "ValidatorPower"];
const TIMESTAMP: [&str; 2] = ["timestamp", "Timestamp"];

fn duplicate_vote(value: &Value<'_>) -> Result<DuplicateVote, Fault> {
    let object = value.object()?;
    let [(total, total_go), (power, power_go), (time, time_go)] =
        [TOTAL_POWER, VALIDATOR_POWER, TIMESTAMP].map(<(&str, &str)>::from);
    object.only(&["vote_a", "vote_b", total, total_go, power, power_go, time, time_go])?;
    Ok(DuplicateVote {
        vote_a: object.required("vote_a", vote)?,
        vote_b: object.required("vote_b", vote)?,
        total_voting_power: object.either(TOTAL_POWER, Value::integer)?,
        validator_power: object.either(VALIDATOR_POWER, Value::integer)?,
        timestamp: object.either(TIMESTAMP, Value::time)?,
    })
}

fn vote(value: &Value<'_>) -> Result<Vote, Fault> {
    let object = value.object()?;
    object.only(&[
        "type",
        "height",
        "round",
        "block_id",
        "timestamp",
        "validator_address",
        "validator_index",
        "signature",
        "extension",
        "extension_signature",
    ])?;
    let bytes = |key| object.optional(key, Value::base64).map(Option::unwrap_or_default);
    Ok(Vote {
        vote_type: object.required("type", Value::integer)?,
        height: object.required("height", height)?,
        round: object.required("round", Value::integer)?,
        block_id: object.required("block_id", block_id)?,
        timestamp: object.required("timestamp", Value::time)?,
        validator_address: object.required("validator_address", Value::address)?,
        validator_index: object.required("validator_index", Value::integer)?,
        signature: object.required("signature", signature)?,
        extension: bytes("extension")?,
        extension_signature: bytes("extension_signature")?,
    })
}

/// CometBFT v0.38.21 `types/evidence.go`: the struct has no JSON names, so Go prints its own.
fn light_client_attack(value: &Value<'_>) -> Result<LightClientAttack, Fault> {
    let object = value.object()?;
    let [block, common, byzantine] = [
        ["conflicting_block", "ConflictingBlock"],
        ["common_height", "CommonHeight"],
        ["byzantine_validators", "ByzantineValidators"],
    ];
    for keys in [block, common, byzantine, TOTAL_POWER, TIMESTAMP] {
        object.either(keys, |_| Ok(()))?;
    }
    object.only(&[block, common, byzantine, TOTAL_POWER, TIMESTAMP].concat())?;
    let ((header, commit), validators, proposer) = object.either(block, |value| {
        let block = value.object()?;
        block.only(&["signed_header", "validator_set"])?;
        let signed = block.required("signed_header", signed_header)?;
        block.required("validator_set", |value| {
            let set = value.object()?;
            set.only(&["validators", "proposer"])?;
            let validators = set.required("validators", |list| list.each(evidence_validator))?;
            Ok((signed, validators, set.optional("proposer", evidence_validator)?))
        })
    })?;
    Ok(LightClientAttack {
        signed_header: SignedHeader { header, commit },
        validators,
        proposer,
        // `ValidatorSet.ToProto` leaves the total out, which is a cache in Go and not printed.
        set_total_voting_power: 0,
        common_height: object.either(common, Value::integer)?,
        byzantine_validators: object.either(byzantine, |list| list.each(evidence_validator))?,
        total_voting_power: object.either(TOTAL_POWER, Value::integer)?,
        timestamp: object.either(TIMESTAMP, Value::time)?,
    })
}

fn evidence_validator(value: &Value<'_>) -> Result<EvidenceValidator, Fault> {
    let object = value.object()?;
    object.only(&["address", "pub_key", "voting_power", "proposer_priority"])?;
    let key = object.required("pub_key", public_key)?;
    let mut writer = Writer::default();
    match &key {
        ValidatorKey::Ed25519(key) => writer.repeated_bytes(1, &key.0),
        ValidatorKey::Unsupported(UnsupportedKey::Secp256k1, key) => writer.repeated_bytes(2, key),
        ValidatorKey::Unsupported(UnsupportedKey::Bls12381, key) => writer.repeated_bytes(3, key),
        ValidatorKey::Unsupported(UnsupportedKey::MlDsa65, key) => writer.repeated_bytes(4, key),
        ValidatorKey::Unsupported(UnsupportedKey::Secp256k1Eth, key) => {
            writer.repeated_bytes(5, key);
        }
    }
    Ok(EvidenceValidator {
        address: object.required("address", Value::address)?,
        key: writer.into_bytes(),
        power: object.required("voting_power", Value::integer)?,
        proposer_priority: object.required("proposer_priority", Value::integer)?,
    })
}

#[cfg(test)]
mod tests {
    use alloc::{format, string::ToString as _};

    use super::*;
    use crate::{encoding::json, import::decode::FULL, limits::Limits};

    #[test]
    fn duplicate_vote_of_either_spelling_loads() {
        let hash = "AB".repeat(32);
        let address = "CD".repeat(20);
        let id = format!(r#"{{"hash":"{hash}","parts":{{"total":1,"hash":"{hash}"}}}}"#);
        let vote = |round: u8| {
            format!(
                r#"{{"type":2,"height":"3","round":{round},"block_id":{id},"timestamp":"2020-01-01T00:00:00Z","validator_address":"{address}","validator_index":4,"signature":"QUJD"}}"#
            )
        };
        for [total, power, time] in [
            ["TotalVotingPower", "ValidatorPower", "Timestamp"],
            ["total_voting_power", "validator_power", "timestamp"],
        ] {
            let text = format!(
                r#"{{"type":"tendermint/DuplicateVoteEvidence","value":{{"vote_a":{},"vote_b":{},"{total}":"9","{power}":"5","{time}":"2020-01-01T00:00:01Z"}}}}"#,
                vote(0),
                vote(1),
            );
            let found = json::read(text.as_bytes(), &Limits::default(), FULL, evidence);
            let Ok(Evidence::DuplicateVote(found)) = found else { panic!("{found:?}") };
            assert_eq!((found.total_voting_power, found.validator_power), (9, 5));
            assert_eq!((found.vote_a.round, found.vote_b.round), (0, 1));
            assert_eq!(found.vote_b.signature.as_slice(), b"ABC");
            assert_eq!(found.timestamp.to_string(), "2020-01-01T00:00:01Z");
        }
    }
}
