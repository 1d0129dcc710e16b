//! Verifies a commit in full (step 3.7).

use alloc::{format, string::ToString as _, sync::Arc};

use super::{BlockIdFlag, Commit, CommitSignature};
use crate::{
    check::CheckId,
    encoding::{
        hex::{Address, Hash},
        protobuf::{Reader, Writer},
    },
    ledger::cometbft::{
        block_id::{BlockId, PartSetHeader},
        places::{elements, offset_of},
        profile::AddressRule,
        rules::{At, Rules, differ, show},
        validator::ValidatorSet,
        vote::{PRECOMMIT, SignBytes},
    },
    policy::Signatures,
    report::{Finding, Locus, SkipReason},
    verification::recorder::{Origin, Place, Recorder, Stop},
};

/// What a commit must be for.
#[derive(Debug)]
pub(crate) struct CommitContext<'a> {
    pub(crate) chain_id: &'a str,
    pub(crate) height: u64,
    pub(crate) block_hash: Hash,
    /// The part set, where the block's bytes are known.
    pub(crate) parts: Option<PartSetHeader>,
    pub(crate) set: &'a Arc<ValidatorSet>,
    pub(crate) rules: Rules,
    pub(crate) signatures: Signatures,
    /// Whether its votes count: a second commit for one block is checked, not counted.
    pub(crate) counts: bool,
    pub(crate) place: Place,
    pub(crate) path: &'static str,
    pub(crate) at: At,
    /// The commit's bytes in the item, for the places of its signatures.
    pub(crate) bytes: Option<Reader<'a>>,
}

/// Verifies a commit in full (step 3.7): every entry, by index and address, COMMIT and NIL.
///
/// CometBFT v0.38.21 `types/validation.go`, `VerifyCommit`. Signatures become obligations.
pub(crate) fn verify_commit(
    recorder: &mut Recorder,
    commit: &Commit,
    context: &CommitContext<'_>,
) -> Result<(), Stop> {
    let CommitContext { height, at, path, set, .. } = *context;
    let locus = |field: &str| at.locus(&format!("{path}.{field}"));
    recorder.require(CheckId::CommitHeight, commit.height == height, || {
        (locus("height"), differ(&commit.height, &height))
    })?;
    recorder.require(
        CheckId::CommitBlockHash,
        commit.block_id.hash == Some(context.block_hash),
        || {
            let evidence = differ(&show(commit.block_id.hash), &context.block_hash);
            (locus("block_id.hash"), evidence)
        },
    )?;
    if let Some(parts) = context.parts {
        recorder.require(CheckId::CommitPartSet, commit.block_id.parts == parts, || {
            let claimed = commit.block_id.parts;
            let evidence = differ(
                &format!("{} parts, {}", claimed.total, show(claimed.hash)),
                &format!("{} parts, {}", parts.total, show(parts.hash)),
            );
            (locus("block_id.part_set_header"), evidence)
        })?;
    } else {
        recorder.skip(CheckId::CommitPartSet, SkipReason::NotGiven);
    }
    let (entries, members) = (commit.signatures.len(), set.members().len());
    recorder.require(CheckId::CommitLength, entries == members, || {
        (locus("signatures"), differ(&entries, &members))
    })?;
    recorder.require(CheckId::CommitEntry, commit.round >= 0, || {
        (locus("round"), differ(&commit.round, &"0 or more"))
    })?;
    let tallied = verify_entries(recorder, commit, context)?;
    if context.signatures == Signatures::HashLinks {
        recorder.skip(CheckId::CommitQuorum, SkipReason::Policy);
        return Ok(());
    }
    if context.counts {
        recorder.votes(set, commit.signatures.iter().map(|entry| entry.flag).collect());
    }
    // > if got, needed := talliedVotingPower, votingPowerNeeded; got <= needed { return error }
    let quorum =
        u128::from(tallied).saturating_mul(3) > u128::from(set.total_power()).saturating_mul(2);
    recorder.require(CheckId::CommitQuorum, quorum, || {
        let evidence = differ(
            &format!("power {tallied} of {}", set.total_power()),
            &format!("more than {}", u128::from(set.total_power()).saturating_mul(2) / 3),
        );
        (locus("signatures"), evidence)
    })
}

/// Checks every entry, asks for its signature, and returns the power that signed for the block.
fn verify_entries(
    recorder: &mut Recorder,
    commit: &Commit,
    context: &CommitContext<'_>,
) -> Result<u64, Stop> {
    let CommitContext { at, path, set, rules, .. } = *context;
    let sign_bytes = |block_id: Option<&BlockId>| {
        SignBytes::new(PRECOMMIT, context.height, commit.round, block_id, context.chain_id)
    };
    let (for_block, for_nil) = (sign_bytes(Some(&commit.block_id)), sign_bytes(None));
    let mut message = Writer::default();
    let mut tallied: u64 = 0;
    let mut places = context.bytes.into_iter().flat_map(|bytes| elements(bytes, 4));
    for (index, (entry, member)) in commit.signatures.iter().zip(set.members()).enumerate() {
        let locus = |field: &str| at.locus(&format!("{path}.signatures[{index}]{field}"));
        let place = places.next();
        let offset =
            |field: u64| at.offset.saturating_add(place.map_or(0, |entry| offset_of(entry, field)));
        recorder.require(CheckId::CommitEntry, has_shape_of_flag(entry), || {
            let evidence = differ(
                &"content does not fit the flag",
                &"an absent vote is empty; any other has address and signature",
            );
            (locus(""), evidence)
        })?;
        let bytes = match entry.flag {
            BlockIdFlag::Absent => continue,
            BlockIdFlag::Commit => &for_block,
            BlockIdFlag::Nil => &for_nil,
        };
        let address = || Locus { offset: Some(offset(2)), ..locus(".validator_address") };
        verify_entry_address(recorder, entry, member.address, rules.address, address)?;
        if entry.flag == BlockIdFlag::Commit {
            tallied = tallied.saturating_add(member.power);
        }
        if context.signatures == Signatures::HashLinks {
            continue;
        }
        let Some(signature) = entry.signature.ed25519() else {
            recorder.require(CheckId::CommitSignature, false, || {
                let evidence =
                    differ(&format!("{} bytes", entry.signature.as_slice().len()), &"64 bytes");
                (locus(".signature"), evidence)
            })?;
            continue;
        };
        bytes.write(&entry.timestamp, &mut message);
        let origin = Origin {
            check: CheckId::CommitSignature,
            height: at.height.unwrap_or(context.height),
            place: context.place,
            index,
            offset: offset(4),
        };
        recorder.oblige(rules.signature, &member.key.0, message.as_bytes(), signature, origin);
        recorder.pass(CheckId::CommitSignature);
    }
    if context.signatures == Signatures::HashLinks {
        recorder.skip(CheckId::CommitSignature, SkipReason::Policy);
    }
    Ok(tallied)
}

/// `CommitSig.ValidateBasic`.
fn has_shape_of_flag(entry: &CommitSignature) -> bool {
    match entry.flag {
        BlockIdFlag::Absent => *entry == CommitSignature::ABSENT,
        BlockIdFlag::Commit | BlockIdFlag::Nil => {
            entry.address.is_some() && !entry.signature.as_slice().is_empty()
        }
    }
}

fn verify_entry_address(
    recorder: &mut Recorder,
    entry: &CommitSignature,
    expected: Address,
    rule: AddressRule,
    locus: impl FnOnce() -> Locus,
) -> Result<(), Stop> {
    let matches = entry.address == Some(expected);
    let failure = || {
        let claimed = entry.address.map_or_else(|| "(empty)".to_string(), |a| a.to_string());
        (locus(), differ(&claimed, &expected))
    };
    if matches || rule == AddressRule::MustMatch {
        return recorder.require(CheckId::CommitAddress, matches, failure);
    }
    // Nodes of this era accepted it; only somebody using CSA-2026-001 had reason to write it.
    let (locus, evidence) = failure();
    recorder.skip(CheckId::CommitAddress, SkipReason::Profile);
    recorder.finding(Finding { check: CheckId::CommitAddress, locus, evidence });
    Ok(())
}
