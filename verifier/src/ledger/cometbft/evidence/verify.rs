//! Verifies the evidence of a block (step 3.4).

use alloc::{collections::BTreeSet, format};

use super::{DuplicateVote, Evidence};
use crate::{
    check::CheckId,
    encoding::{hex::Hash, time::Timestamp, to_u64},
    ledger::cometbft::{
        block::Block,
        places::locate,
        rules::{At, Rules, differ, within_limit},
        validator::{Member, ValidatorSet},
    },
    report::{BlockPoint, Locus, SkipReason},
    snapshot::Kind,
    verification::recorder::{Origin, Place, Recorder, Stop},
};

/// What evidence is held against.
#[derive(Debug)]
pub(crate) struct EvidenceContext<'a> {
    pub(crate) chain_id: &'a str,
    /// The set that signs the block.
    pub(crate) set: &'a ValidatorSet,
    /// The block before, and the set that signs it.
    pub(crate) last: Option<(BlockPoint, &'a ValidatorSet)>,
    pub(crate) rules: Rules,
    pub(crate) at: At,
    /// The block's bytes, for the places of signatures.
    pub(crate) bytes: &'a [u8],
}

/// The evidence of all blocks so far, by its hash.
#[derive(Debug, Default)]
pub(crate) struct CommittedEvidence {
    hashes: BTreeSet<Hash>,
    /// Whether the blocks begin with the chain's first. What stands before a range is not seen.
    is_complete: bool,
}

impl CommittedEvidence {
    /// Adds the evidence of a block, none of which may stand there yet.
    ///
    /// > evidence was already committed … duplicate evidence
    ///
    /// CometBFT v0.38.21 `evidence/pool.go`, `CheckEvidence`. Holds at most `limit` hashes.
    pub(crate) fn extend(
        &mut self,
        recorder: &mut Recorder,
        block: &Block<'_>,
        limit: u64,
        at: At,
    ) -> Result<(), Stop> {
        self.is_complete |= block.header.last_block_id.is_zero();
        for (index, item) in block.evidence.iter().enumerate() {
            let hash = item.compute_hash();
            let is_new = self.hashes.insert(hash);
            recorder.require(CheckId::EvidenceUnique, is_new, || {
                let evidence = differ(&hash, &"evidence that no block up to here holds");
                (at.locus(&format!("block.evidence[{index}]")), evidence)
            })?;
            within_limit(to_u64(self.hashes.len()), limit, "evidence", at)?;
            if !self.is_complete {
                recorder.skip(CheckId::EvidenceUnique, SkipReason::RangeStart);
            }
        }
        Ok(())
    }
}

/// Verifies every duplicate vote; its signatures become obligations.
///
/// Judging a light-client attack would need the history it forked from: it is counted as skipped.
pub(crate) fn verify_evidence(
    recorder: &mut Recorder,
    block: &Block<'_>,
    context: &EvidenceContext<'_>,
) -> Result<(), Stop> {
    for (index, item) in block.evidence.iter().enumerate() {
        match item {
            Evidence::DuplicateVote(evidence) => {
                verify_duplicate_vote(recorder, evidence, index, block.header.height, context)?;
            }
            Evidence::LightClientAttack(_) => {
                recorder.skip(CheckId::EvidenceDuplicateVote, SkipReason::NotGiven);
            }
        }
    }
    Ok(())
}

fn verify_duplicate_vote(
    recorder: &mut Recorder,
    evidence: &DuplicateVote,
    index: usize,
    height: u64,
    context: &EvidenceContext<'_>,
) -> Result<(), Stop> {
    let check = CheckId::EvidenceDuplicateVote;
    let locus = || -> Locus { context.at.locus(&format!("block.evidence[{index}]")) };
    let is_past = evidence.vote_a.height < height;
    recorder.require(check, is_past && evidence.is_equivocation(), || {
        let expected = "one height, round, type and address; two block ids in order";
        (locus(), differ(&"two votes that do not contradict each other", &expected))
    })?;
    // The set of the votes' height is at hand if that is the height before; a member of another
    // height has the same key, since the address follows from it.
    let before = context.last.filter(|(point, _)| point.height == evidence.vote_a.height);
    let member = signer(evidence, before.map(|(_, set)| set), context);
    recorder.require(check, member.is_some() || before.is_none(), || {
        (locus(), differ(&"votes of a stranger", &"a member of the set"))
    })?;
    let Some(member) = member else {
        recorder.skip(check, SkipReason::NotGiven);
        return Ok(());
    };
    if let Some((point, set)) = before {
        let (claimed, computed) = (Weight::claimed(evidence), Weight::of(member, set, point));
        // > evidence has a different validator power … total voting power … timestamp
        recorder.require(check, claimed == computed, || {
            (locus(), differ(&claimed.text(), &computed.text()))
        })?;
    }
    let votes =
        [(&evidence.vote_a, Place::EvidenceVoteA), (&evidence.vote_b, Place::EvidenceVoteB)];
    for (vote, place) in votes {
        let signature = vote.signature.ed25519();
        recorder.require(check, signature.is_some(), || {
            (locus(), differ(&"a signature of another length", &"64 bytes"))
        })?;
        if let Some(signature) = signature {
            let path = format!("{}.signature", place.path(index));
            let within = locate(Kind::Block, context.bytes, &path);
            let offset = context.at.offset.saturating_add(within);
            let origin = Origin { check, height, place, index, offset };
            let message = vote.sign_bytes(context.chain_id);
            recorder.oblige(context.rules.signature, &member.key.0, &message, signature, origin);
        }
    }
    Ok(())
}

/// The validator that both votes are of, as far as a set at hand knows it.
fn signer<'a>(
    evidence: &DuplicateVote,
    exact: Option<&'a ValidatorSet>,
    context: &EvidenceContext<'a>,
) -> Option<&'a Member> {
    let address = evidence.vote_a.validator_address?;
    if let Some(set) = exact {
        return set.by_address(&address);
    }
    let last = context.last.and_then(|(_, set)| set.by_address(&address));
    last.or_else(|| context.set.by_address(&address))
}

/// What evidence says of the validator's weight (CometBFT v0.38.21 `evidence/verify.go`).
#[derive(Clone, Copy, Eq, PartialEq)]
struct Weight {
    power: i64,
    total: i64,
    time: Timestamp,
}

impl Weight {
    fn claimed(evidence: &DuplicateVote) -> Self {
        Self {
            power: evidence.validator_power,
            total: evidence.total_voting_power,
            time: evidence.timestamp,
        }
    }

    fn of(member: &Member, set: &ValidatorSet, point: BlockPoint) -> Self {
        let signed = |power: u64| i64::try_from(power).unwrap_or(i64::MAX);
        Self { power: signed(member.power), total: signed(set.total_power()), time: point.time }
    }

    fn text(self) -> alloc::string::String {
        format!("power {} of {} at {}", self.power, self.total, self.time)
    }
}
