//! Commits, signed headers, and signed headers with their validator sets.

use super::{
    header::{block_id, header, height},
    unread::{Members, Type},
    validators::validator_set,
};
use crate::{
    encoding::{
        DecodeProblem,
        json::{Fault, Object, Value},
        time::Timestamp,
    },
    ledger::cometbft::{
        commit::{BlockIdFlag, Commit, CommitSignature, SignatureBytes},
        header::Header,
        validator::ValidatorList,
    },
};

/// `light-client` of tendermint-rs.
const IN_LIGHT_BLOCK: Members = Members(&[("provider", Type::Text)]);
/// Celestia: `data` and `dah` are not transactions that the header's data hash covers.
const IN_SIGNED_BLOCK: Members =
    Members(&[("data", Type::Object(&CELESTIA_DATA)), ("dah", Type::AnyObject)]);
const CELESTIA_DATA: Members =
    Members(&[("txs", Type::Transactions), ("square_size", Type::Unsigned)]);

/// A signed header with its validator set.
#[derive(Debug)]
pub(in crate::import) struct Pair {
    pub(in crate::import) header: Header,
    pub(in crate::import) commit: Commit,
    pub(in crate::import) validators: ValidatorList,
    pub(in crate::import) next_validators: Option<ValidatorList>,
}

pub(super) fn commit(value: &Value<'_>) -> Result<Commit, Fault> {
    let object = value.object()?;
    object.only(&["height", "round", "block_id", "signatures"])?;
    members(object)
}

/// The commit of a light block. tendermint-rs's generator of tests prints two more fields, which
/// Go caches and never sends; nothing is ever in them.
fn light_commit(value: &Value<'_>) -> Result<Commit, Fault> {
    let object = value.object()?;
    object.only(&["height", "round", "block_id", "signatures", "hash", "bit_array"])?;
    object.optional("hash", |hash| match hash.list()? {
        [] => Ok(()),
        [..] => Err(DecodeProblem::Length.into()),
    })?;
    object.optional("bit_array", |_| Err::<(), _>(DecodeProblem::WrongType.into()))?;
    members(object)
}

fn members(object: Object<'_, '_>) -> Result<Commit, Fault> {
    Ok(Commit {
        height: object.required("height", height)?,
        round: object.required("round", Value::integer)?,
        block_id: object.required("block_id", block_id)?,
        signatures: object.required("signatures", |list| list.each(commit_signature))?,
    })
}

/// 1970-01-01T00:00:00Z.
const EPOCH: Timestamp = Timestamp { seconds: 0, nanos: 0 };

fn commit_signature(value: &Value<'_>) -> Result<CommitSignature, Fault> {
    let object = value.object()?;
    object.only(&["block_id_flag", "validator_address", "timestamp", "signature"])?;
    let flag = object.required("block_id_flag", |flag| {
        BlockIdFlag::from_code(flag.integer()?).ok_or_else(|| DecodeProblem::UnknownVariant.into())
    })?;
    Ok(CommitSignature {
        flag,
        address: object.required("validator_address", Value::address)?,
        // tendermint-rs prints the zero time of an absent vote as `null` or as the Unix epoch.
        timestamp: object.required("timestamp", |time| {
            if flag != BlockIdFlag::Absent {
                return time.time();
            }
            let time = if time.is_null() { Timestamp::ZERO } else { time.time()? };
            Ok(if time == EPOCH { Timestamp::ZERO } else { time })
        })?,
        signature: object.required("signature", signature)?,
    })
}

pub(super) fn signature(value: &Value<'_>) -> Result<SignatureBytes, Fault> {
    SignatureBytes::from_slice(&value.base64()?).ok_or_else(|| DecodeProblem::Length.into())
}

pub(super) fn signed_header(value: &Value<'_>) -> Result<(Header, Commit), Fault> {
    signed_header_of(value, commit)
}

fn signed_header_of(
    value: &Value<'_>,
    commit: impl FnOnce(&Value<'_>) -> Result<Commit, Fault>,
) -> Result<(Header, Commit), Fault> {
    let object = value.object()?;
    object.only(&["header", "commit"])?;
    Ok((object.required("header", header)?, object.required("commit", commit)?))
}

pub(super) fn pair(object: Object<'_, '_>) -> Result<Pair, Fault> {
    let (header, commit) = if object.has("signed_header") {
        let read = ["signed_header", "validator_set", "next_validator_set"];
        IN_LIGHT_BLOCK.check_beside(&read, object)?;
        object.required("signed_header", |signed| signed_header_of(signed, light_commit))?
    } else {
        IN_SIGNED_BLOCK.check_beside(&["header", "commit", "validator_set"], object)?;
        (object.required("header", header)?, object.required("commit", commit)?)
    };
    let validators = object.required("validator_set", validator_set)?;
    let next_validators = object.optional("next_validator_set", validator_set)?;
    Ok(Pair { header, commit, validators, next_validators })
}
