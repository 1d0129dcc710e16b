//! What blocks and light blocks are checked alike for: encodings, limits, headers, sets, anchors.

use alloc::{boxed::Box, format, string::ToString, sync::Arc};

use super::{
    header::{BLOCK_PROTOCOL, Header},
    profile::{AddressRule, Profile, TimeRule},
    validator::{ValidatorList, ValidatorSet, ValidatorSetError},
};
use crate::{
    anchor::Anchors,
    check::CheckId,
    encoding::{
        DecodeError,
        hex::Hash,
        protobuf::{Decoded, Message, decode_canonical},
        time::Timestamp,
    },
    report::{Evidence, Locus, Reason, Unsupported},
    signature::SignatureRule,
    verification::recorder::{Failure, Recorder, Stop},
};

/// The rules in force at one height; without an anchor, those that every era shares.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rules {
    pub(crate) signature: SignatureRule,
    pub(crate) address: AddressRule,
    pub(crate) time: TimeRule,
}

impl Rules {
    pub(crate) fn of(profile: Option<Profile>) -> Self {
        // Without a profile: ZIP 215 accepts every signature that any era's rule accepts, so
        // nothing authentic is refused; the report cannot be better than "unanchored" anyway.
        profile.map_or(
            Self {
                signature: SignatureRule::Zip215,
                address: AddressRule::Unchecked,
                time: TimeRule::Asserted,
            },
            |profile| Self {
                signature: profile.signature_rule(),
                address: profile.address_rule(),
                time: profile.time_rule(),
            },
        )
    }
}

/// Where an item stands: for loci.
#[derive(Clone, Copy, Debug)]
pub(crate) struct At {
    pub(crate) height: Option<u64>,
    pub(crate) offset: u64,
}

impl At {
    pub(crate) fn locus(self, path: &str) -> Locus {
        Locus {
            height: self.height,
            path: path.to_string(),
            offset: Some(self.offset),
            source: None,
        }
    }
}

pub(crate) fn differ(claimed: &impl ToString, computed: &impl ToString) -> Evidence {
    Evidence { claimed: claimed.to_string(), computed: computed.to_string() }
}

pub(crate) fn show(hash: Option<Hash>) -> alloc::string::String {
    hash.map_or_else(|| "(empty)".to_string(), |hash| hash.to_string())
}

/// Decodes an item's payload in its canonical encoding, or stops at `block.encoding`.
pub(crate) fn decode<'a, M: Message<'a>>(
    recorder: &mut Recorder,
    bytes: &'a [u8],
    at: At,
    name: &str,
) -> Result<Decoded<M>, Stop> {
    let decoded = decode_canonical::<M>(bytes);
    let error = match decoded {
        Ok(decoded) => {
            recorder.pass(CheckId::BlockEncoding);
            return Ok(decoded);
        }
        Err(error) => error,
    };
    #[cfg(test)]
    if recorder.is_disabled(CheckId::BlockEncoding)
        && let Ok(decoded) = Decoded::unchecked(bytes)
    {
        return Ok(decoded);
    }
    Err(decode_failure(error, at, name))
}

fn decode_failure(error: DecodeError, at: At, name: &str) -> Stop {
    let problem = error.problem.to_string();
    let error = error.shifted(at.offset).within(name);
    Stop::Rejected(Box::new(Failure {
        check: CheckId::BlockEncoding,
        locus: Locus {
            height: at.height,
            path: error.path,
            offset: Some(error.offset),
            source: None,
        },
        evidence: Some(Evidence {
            claimed: problem,
            computed: "one canonical protobuf encoding".to_string(),
        }),
    }))
}

pub(crate) fn within_limit(count: u64, limit: u64, name: &'static str, at: At) -> Result<(), Stop> {
    if count <= limit {
        return Ok(());
    }
    Err(Stop::Inconclusive(Reason::Limit(name), Box::new(at.locus(name))))
}

/// Checks a validator list's own rules (step 3.5).
pub(crate) fn verify_set(
    recorder: &mut Recorder,
    list: &ValidatorList,
    at: At,
    path: &str,
) -> Result<Arc<ValidatorSet>, Stop> {
    let check_of = |error: &ValidatorSetError| match error {
        ValidatorSetError::Power { .. } | ValidatorSetError::Empty => CheckId::ValidatorsPower,
        ValidatorSetError::Address { .. } => CheckId::ValidatorsAddress,
        ValidatorSetError::Order { .. } => CheckId::ValidatorsOrder,
        ValidatorSetError::Duplicate { .. } | ValidatorSetError::UnsupportedKey { .. } => {
            CheckId::ValidatorsUnique
        }
    };
    let verified = ValidatorSet::verify_with(list, |error| {
        if recorder.is_disabled(check_of(&error)) { Ok(()) } else { Err(error) }
    });
    match verified {
        Ok(set) => {
            for check in [
                CheckId::ValidatorsPower,
                CheckId::ValidatorsAddress,
                CheckId::ValidatorsOrder,
                CheckId::ValidatorsUnique,
            ] {
                recorder.pass(check);
            }
            recorder.keys_of(&set);
            Ok(Arc::new(set))
        }
        Err(ValidatorSetError::UnsupportedKey { index, kind }) => {
            let reason = Reason::Unsupported(Unsupported::KeyType(kind.name()));
            let locus = at.locus(&format!("{path}.validators[{index}].pub_key"));
            Err(Stop::Inconclusive(reason, Box::new(locus)))
        }
        Err(error) => {
            Err(Stop::Rejected(Box::new(Failure {
                check: check_of(&error),
                locus: at.locus(&error.index().map_or_else(
                    || path.to_string(),
                    |index| format!("{path}.validators[{index}]"),
                )),
                evidence: Some(set_evidence(&error)),
            })))
        }
    }
}

fn set_evidence(error: &ValidatorSetError) -> Evidence {
    match error {
        ValidatorSetError::Address { claimed, computed, .. } => {
            Evidence { claimed: claimed.to_string(), computed: computed.to_string() }
        }
        ValidatorSetError::Empty
        | ValidatorSetError::Power { .. }
        | ValidatorSetError::Order { .. }
        | ValidatorSetError::Duplicate { .. }
        | ValidatorSetError::UnsupportedKey { .. } => Evidence {
            claimed: error.to_string(),
            computed: "positive powers within the bound, in order, no key twice".to_string(),
        },
    }
}

/// Checks a header's own fields (step 3.1) and returns its hash.
pub(crate) fn verify_header_fields(
    recorder: &mut Recorder,
    header: &Header,
    chain_id: &str,
    at: At,
) -> Result<Hash, Stop> {
    let hash = header.compute_hash();
    let well_formed = header.proposer_address.is_some()
        && header.next_validators_hash.is_some()
        && (1..=i64::MAX.unsigned_abs()).contains(&header.height);
    recorder.require(CheckId::HeaderWellFormed, hash.is_some() && well_formed, || {
        let evidence = differ(
            &"a required field is empty",
            &"validators hash, next validators hash, proposer and height",
        );
        (at.locus("header"), evidence)
    })?;
    recorder.require(CheckId::HeaderVersion, header.version_block == BLOCK_PROTOCOL, || {
        (at.locus("header.version.block"), differ(&header.version_block, &BLOCK_PROTOCOL))
    })?;
    recorder.require(CheckId::HeaderChainId, header.chain_id == chain_id, || {
        (at.locus("header.chain_id"), differ(&header.chain_id, &chain_id))
    })?;
    // With the check on, a header without a hash does not get here.
    Ok(hash.unwrap_or(Hash([0; 32])))
}

/// Compares the header at an anchor's height with the anchor (step 5).
pub(crate) fn verify_anchor(
    recorder: &mut Recorder,
    anchors: &Anchors,
    height: u64,
    hash: &Hash,
    at: At,
) -> Result<(), Stop> {
    for anchor in anchors.anchors.iter().filter(|anchor| anchor.height == height) {
        recorder.require(CheckId::AnchorHeaderHash, anchor.header_hash == *hash, || {
            (at.locus("header"), differ(&hash, &anchor.header_hash))
        })?;
        recorder.anchor_met(height);
    }
    Ok(())
}

/// Compares a set with the one that the header says signs it (step 3.5).
pub(crate) fn verify_validators_hash(
    recorder: &mut Recorder,
    header: &Header,
    set: &ValidatorSet,
    at: At,
) -> Result<(), Stop> {
    let holds = header.validators_hash == Some(set.hash());
    recorder.require(CheckId::HeaderValidatorsHash, holds, || {
        let evidence = differ(&show(header.validators_hash), &set.hash());
        (at.locus("header.validators_hash"), evidence)
    })
}

pub(crate) fn verify_proposer(
    recorder: &mut Recorder,
    header: &Header,
    set: &ValidatorSet,
    at: At,
) -> Result<(), Stop> {
    let member = header.proposer_address.and_then(|address| set.by_address(&address));
    recorder.require(CheckId::HeaderProposer, member.is_some(), || {
        let claimed =
            header.proposer_address.map_or_else(|| "(empty)".to_string(), |a| a.to_string());
        (at.locus("header.proposer_address"), differ(&claimed, &"a member of the validator set"))
    })
}

pub(crate) fn verify_time_increases(
    recorder: &mut Recorder,
    time: Timestamp,
    before: Timestamp,
    at: At,
) -> Result<(), Stop> {
    recorder.require(CheckId::HeaderTimeMonotonic, time > before, || {
        (at.locus("header.time"), differ(&time, &format!("after {before}")))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::Limits;

    #[test]
    fn block_of_the_time_before_is_refused_like_an_earlier_one() {
        let mut recorder = Recorder::new(Limits::default());
        let at = At { height: Some(7), offset: 9 };
        let before = Timestamp { seconds: 5, nanos: 5 };
        let mut verify = |seconds, nanos| {
            verify_time_increases(&mut recorder, Timestamp { seconds, nanos }, before, at)
        };
        assert!(verify(5, 6).is_ok());
        for nanos in [5, 4] {
            let Err(Stop::Rejected(failure)) = verify(5, nanos) else { panic!("{nanos}") };
            assert_eq!(failure.check, CheckId::HeaderTimeMonotonic);
            assert_eq!((failure.locus.height, failure.locus.path), (Some(7), "header.time".into()));
        }
    }
}
