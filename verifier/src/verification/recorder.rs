//! What one verification has established so far, block by block and in order.
//!
//! A block's figures stay apart until every signature that its processing asked for is
//! discharged; only then are they added to the totals. So the totals always end at a block
//! boundary before the first failure, however late a signature's verdict arrives.

use alloc::{boxed::Box, collections::VecDeque, format, string::String, sync::Arc, vec::Vec};

use super::totals::{BlockRecord, Totals, Votes};
use crate::{
    check::CheckId,
    encoding::to_u64,
    ledger::cometbft::{commit::BlockIdFlag, validator::ValidatorSet},
    limits::Limits,
    report::{BlockPoint, Evidence, Finding, Locus, Reason, SkipReason},
    signature::{Batch, Discharged, SignatureRule},
};

/// A check that failed, where, and both sides of it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Failure {
    pub(crate) check: CheckId,
    pub(crate) locus: Locus,
    pub(crate) evidence: Option<Evidence>,
}

/// Why processing stops.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Stop {
    Rejected(Box<Failure>),
    Inconclusive(Reason, Box<Locus>),
}

impl Stop {
    pub(crate) fn inconclusive(reason: Reason) -> Self {
        Self::Inconclusive(reason, Box::default())
    }

    pub(crate) fn locus_mut(&mut self) -> &mut Locus {
        match self {
            Self::Rejected(failure) => &mut failure.locus,
            Self::Inconclusive(_, locus) => locus,
        }
    }
}

/// Where an obligation comes from. The height is that of the item being processed, the offset that of
/// the signature's first byte in the input.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Origin {
    pub(crate) check: CheckId,
    pub(crate) height: u64,
    pub(crate) place: Place,
    pub(crate) index: usize,
    pub(crate) offset: u64,
}

/// The message that an obligation's signature stands in.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Place {
    LastCommit,
    Commit,
    LightCommit,
    EvidenceVoteA,
    EvidenceVoteB,
    Record,
    /// A record in a claim of a packet.
    Claim,
}

impl Place {
    /// The field path of the message that holds the signature; its entry or item has this index.
    pub(crate) fn path(self, index: usize) -> String {
        match self {
            Self::LastCommit => format!("block.last_commit.signatures[{index}]"),
            Self::Commit => format!("commit.signatures[{index}]"),
            Self::LightCommit => format!("light_block.signed_header.commit.signatures[{index}]"),
            Self::EvidenceVoteA => format!("block.evidence[{index}].vote_a"),
            Self::EvidenceVoteB => format!("block.evidence[{index}].vote_b"),
            Self::Record => format!("block.txs[{index}]"),
            Self::Claim => format!("claims[{index}].transaction"),
        }
    }
}

impl Origin {
    fn failure(&self) -> Failure {
        let locus = Locus {
            height: Some(self.height),
            path: format!("{}.signature", self.place.path(self.index)),
            offset: Some(self.offset),
            source: None,
        };
        Failure { check: self.check, locus, evidence: None }
    }
}

#[derive(Debug)]
struct OpenBatch {
    batch: Batch,
    origins: Vec<(u64, Origin)>,
}

impl OpenBatch {
    /// The order of its first signature.
    fn first(&self) -> u64 {
        self.origins.first().map_or(0, |(order, _)| *order)
    }
}

#[derive(Debug)]
struct SealedBatch {
    id: [u8; 32],
    first: u64,
    origins: Vec<(u64, Origin)>,
}

/// Collects checks, figures and obligations in processing order.
#[derive(Debug)]
pub(crate) struct Recorder {
    limits: Limits,
    next_order: u64,
    current: BlockRecord,
    pending: VecDeque<BlockRecord>,
    /// At most one for each rule.
    open: Vec<OpenBatch>,
    ready: VecDeque<Batch>,
    sealed: VecDeque<SealedBatch>,
    outstanding: u64,
    discharged: u64,
    failed: Option<(u64, Failure)>,
    totals: Totals,
    /// Whether the same bytes were verified before, signatures included.
    is_second_pass: bool,
    #[cfg(test)]
    pub(crate) disabled: Option<CheckId>,
}

impl Recorder {
    pub(crate) fn new(limits: Limits) -> Self {
        Self {
            limits,
            next_order: 0,
            current: BlockRecord::new(),
            pending: VecDeque::new(),
            open: Vec::new(),
            ready: VecDeque::new(),
            sealed: VecDeque::new(),
            outstanding: 0,
            discharged: 0,
            failed: None,
            totals: Totals::new(),
            is_second_pass: false,
            #[cfg(test)]
            disabled: None,
        }
    }

    /// Of bytes whose every signature was found right before.
    pub(super) fn of_second_pass(limits: Limits) -> Self {
        Self { is_second_pass: true, ..Self::new(limits) }
    }

    /// The one gate that every check passes through.
    pub(crate) fn require(
        &mut self,
        check: CheckId,
        holds: bool,
        failure: impl FnOnce() -> (Locus, Evidence),
    ) -> Result<(), Stop> {
        if holds || self.is_disabled(check) {
            self.pass(check);
            return Ok(());
        }
        let (locus, evidence) = failure();
        Err(Stop::Rejected(Box::new(Failure { check, locus, evidence: Some(evidence) })))
    }

    /// Counts a check that held.
    pub(crate) fn pass(&mut self, check: CheckId) {
        self.next_order = self.next_order.saturating_add(1);
        if let Some(passed) = self.current.passed.get_mut(check.position()) {
            *passed = passed.saturating_add(1);
        }
    }

    #[cfg(test)]
    pub(crate) fn is_disabled(&self, check: CheckId) -> bool {
        self.disabled == Some(check)
    }

    #[cfg(not(test))]
    #[expect(clippy::unused_self, reason = "test builds look into it")]
    pub(crate) fn is_disabled(&self, _check: CheckId) -> bool {
        false
    }

    pub(crate) fn skip(&mut self, check: CheckId, reason: SkipReason) {
        self.current.skipped.push((check, reason));
    }

    pub(crate) fn finding(&mut self, finding: Finding) {
        self.current.findings.push(finding);
    }

    pub(crate) fn votes(&mut self, set: &Arc<ValidatorSet>, flags: Vec<BlockIdFlag>) {
        self.current.votes.push(Votes { set: Arc::clone(set), flags });
    }

    /// Notes whether published test keys stand in a set.
    pub(crate) fn keys_of(&mut self, set: &ValidatorSet) {
        if set.members().iter().any(|member| crate::test_keys::contains(&member.key)) {
            self.test_keys();
        }
    }

    /// Notes that a published test key is in use. Before the first block is ended that is said whatever
    /// happens to it.
    pub(crate) fn test_keys(&mut self) {
        self.current.test_keys = true;
        let is_start = self.totals.first.is_none() && self.pending.is_empty();
        self.totals.test_keys |= is_start;
    }

    pub(crate) fn anchor_met(&mut self, height: u64) {
        self.current.anchors_met.push(height);
    }

    pub(crate) fn new_set(&mut self) {
        self.current.new_set = true;
    }

    /// Asks for a signature to be checked by whoever drives the verification.
    pub(crate) fn oblige(
        &mut self,
        rule: SignatureRule,
        key: &[u8; 32],
        message: &[u8],
        signature: &[u8; 64],
        origin: Origin,
    ) {
        if self.is_disabled(origin.check) || self.is_second_pass {
            return;
        }
        self.next_order = self.next_order.saturating_add(1);
        let order = self.next_order;
        let position = self.open.iter().position(|open| open.batch.rule() == rule);
        let mut open = match position {
            Some(position) => self.open.swap_remove(position),
            None => OpenBatch { batch: Batch::new(rule), origins: Vec::new() },
        };
        open.batch.push(key, message, signature);
        open.origins.push((order, origin));
        self.outstanding = self.outstanding.saturating_add(1);
        if to_u64(open.origins.len()) >= self.limits.batch_signatures {
            self.hand_out(open);
        } else {
            self.open.push(open);
        }
    }

    /// Closes the open batches, so that they can be handed out although they are not full.
    pub(crate) fn seal(&mut self) {
        let mut open = core::mem::take(&mut self.open);
        open.sort_by_key(OpenBatch::first);
        for open in open {
            self.hand_out(open);
        }
    }

    fn hand_out(&mut self, open: OpenBatch) {
        let (id, first) = (open.batch.id(), open.first());
        self.sealed.push_back(SealedBatch { id, first, origins: open.origins });
        self.ready.push_back(open.batch);
    }

    pub(crate) fn next_batch(&mut self) -> Option<Batch> {
        self.ready.pop_front()
    }

    pub(crate) fn outstanding(&self) -> u64 {
        self.outstanding
    }

    pub(crate) fn discharged(&self) -> u64 {
        self.discharged
    }

    pub(crate) fn is_full(&self) -> bool {
        // A bound below the size of a batch would never be reached from above, and one of none at once.
        let bound = self.limits.outstanding_signatures.max(self.limits.batch_signatures).max(1);
        self.outstanding >= bound
    }

    /// Joins a batch's verdicts to the places they belong to. `false` for a batch that is not outstanding.
    pub(crate) fn discharge(&mut self, discharged: &Discharged) -> bool {
        let position = self.sealed.iter().position(|sealed| sealed.id == *discharged.batch_id());
        // An outcome that names signatures the batch does not have is of another batch: it stays
        // outstanding, and with it the verdict.
        let fits = |sealed: &SealedBatch| {
            let last = discharged.failed().last().copied().map(usize::try_from);
            last.is_none_or(|last| last.is_ok_and(|last| last < sealed.origins.len()))
        };
        let Some(sealed) = position
            .filter(|position| self.sealed.get(*position).is_some_and(fits))
            .and_then(|position| self.sealed.remove(position))
        else {
            return false;
        };
        let count = to_u64(sealed.origins.len());
        self.outstanding = self.outstanding.saturating_sub(count);
        self.discharged = self.discharged.saturating_add(count);
        let failed = discharged
            .failed()
            .iter()
            .filter_map(|index| sealed.origins.get(usize::try_from(*index).ok()?));
        let lowest = failed.min_by_key(|(order, _)| *order);
        let lowest = lowest.map(|(order, origin)| (*order, origin.failure()));
        let known = self.failed.take();
        self.failed = known.into_iter().chain(lowest).min_by_key(|(order, _)| *order);
        self.settle();
        true
    }

    /// Ends the current block's record: its figures count once its signatures are discharged.
    pub(crate) fn end_block(&mut self, point: Option<BlockPoint>, transactions: u64) {
        let mut record = core::mem::replace(&mut self.current, BlockRecord::new());
        record.end = self.next_order;
        record.point = point;
        record.transactions = transactions;
        self.pending.push_back(record);
        self.settle();
    }

    fn settle(&mut self) {
        let sealed = self.sealed.iter().map(|sealed| sealed.first).min();
        let open = self.open.iter().map(OpenBatch::first).min();
        let mut bound = sealed.unwrap_or(u64::MAX).min(open.unwrap_or(u64::MAX));
        bound = bound.min(self.failed.as_ref().map_or(u64::MAX, |(order, _)| *order));
        while self.pending.front().is_some_and(|record| record.end < bound) {
            if let Some(record) = self.pending.pop_front() {
                self.totals.add(record, &self.limits);
            }
        }
    }

    /// The first failing signature, if any.
    pub(crate) fn failed(&self) -> Option<&Failure> {
        self.failed.as_ref().map(|(_, failure)| failure)
    }

    /// The first failing signature, if any, and the totals before it.
    pub(super) fn into_parts(self) -> (Option<Failure>, Totals) {
        (self.failed.map(|(_, failure)| failure), self.totals)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        encoding::{hex::Hash, hex::PublicKey, time::Timestamp},
        ledger::cometbft::validator::{Validator, ValidatorKey, ValidatorList},
    };

    fn recorder(batch_signatures: u64) -> Recorder {
        Recorder::new(Limits { batch_signatures, ..Limits::default() })
    }

    /// An obligation that is told from the others by its offset.
    fn oblige(recorder: &mut Recorder, offset: u64) {
        let check = CheckId::CommitSignature;
        let origin = Origin { check, height: 1, place: Place::LastCommit, index: 0, offset };
        let message = offset.to_be_bytes();
        recorder.oblige(SignatureRule::Zip215, &[0; 32], &message, &[0; 64], origin);
    }

    fn end_block(recorder: &mut Recorder, height: u64) {
        let time = Timestamp { seconds: 1, nanos: 0 };
        recorder.end_block(Some(BlockPoint { height, hash: Hash([0; 32]), time }), 0);
    }

    /// What somebody says who checked the batch.
    fn outcome(batch: &Batch, failed: &[u32]) -> Discharged {
        let failed = failed.iter().flat_map(|place| place.to_le_bytes());
        let id = batch.id();
        let mut bytes: Vec<u8> =
            b"vidimus/failed/1\n".iter().copied().chain(id).chain(failed).collect();
        let digest = crate::merkle::sha256(&[&bytes]);
        bytes.extend_from_slice(&digest.0);
        Discharged::assume_verified(&bytes).unwrap()
    }

    fn set(key: PublicKey) -> ValidatorSet {
        let key = ValidatorKey::Ed25519(key);
        let address = key.compute_address().unwrap();
        let validators = alloc::vec![Validator { address, key, power: 1 }];
        ValidatorSet::verify(&ValidatorList { validators }).unwrap()
    }

    /// Four blocks of three signatures each, in batches of two: whichever fail and in whatever
    /// order that is heard of, the first is named and the blocks before it are counted.
    #[test]
    fn first_failure_is_named_and_blocks_before_it_count_in_any_order() {
        // Of twelve votes; the thirteenth is nobody's.
        for (first, later) in (0..12_u64).flat_map(|a| (a + 1..=12).map(move |b| (a, b))) {
            for turn in 0..12_usize {
                let mut recorder = recorder(2);
                for height in 1..=4 {
                    (0..3).for_each(|vote| oblige(&mut recorder, (height - 1) * 3 + vote));
                    end_block(&mut recorder, height);
                }
                let mut outcomes = Vec::new();
                while let Some(batch) = recorder.next_batch() {
                    let start = u64::try_from(outcomes.len()).unwrap() * 2;
                    let failed = [first, later].into_iter().filter_map(|at| at.checked_sub(start));
                    let failed = failed.filter(|at| *at < 2).map(|at| u32::try_from(at).unwrap());
                    outcomes.push(outcome(&batch, &failed.collect::<Vec<_>>()));
                }
                outcomes.rotate_left(turn % 6);
                if turn >= 6 {
                    outcomes.reverse();
                }
                assert!(outcomes.iter().all(|outcome| recorder.discharge(outcome)));
                assert_eq!(recorder.failed().unwrap().locus.offset, Some(first));
                let (failure, totals) = recorder.into_parts();
                assert_eq!(failure.unwrap().locus.offset, Some(first));
                assert_eq!(totals.counts.blocks, first / 3, "{first} and {later} fail, {turn}");
            }
        }
    }

    #[test]
    fn test_keys_count_from_the_start_and_later_with_their_block() {
        let [real, test] = [PublicKey([7; 32]), crate::test_keys::first()].map(set);
        let mut at_start = recorder(1);
        at_start.keys_of(&test);
        assert!(at_start.into_parts().1.test_keys);
        // The first block waits for its signature, and then has come to an end.
        for is_discharged in [false, true] {
            let mut recorder = recorder(1);
            recorder.keys_of(&real);
            oblige(&mut recorder, 0);
            end_block(&mut recorder, 1);
            if is_discharged {
                let batch = recorder.next_batch().unwrap();
                assert!(recorder.discharge(&outcome(&batch, &[])));
            }
            recorder.keys_of(&test);
            assert!(!recorder.totals.test_keys, "{is_discharged}");
            end_block(&mut recorder, 2);
            assert_eq!(recorder.totals.test_keys, is_discharged);
        }
    }
}
