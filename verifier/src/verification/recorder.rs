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
    open: Option<OpenBatch>,
    ready: VecDeque<Batch>,
    sealed: VecDeque<SealedBatch>,
    outstanding: u64,
    discharged: u64,
    failed: Option<(u64, Failure)>,
    totals: Totals,
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
            open: None,
            ready: VecDeque::new(),
            sealed: VecDeque::new(),
            outstanding: 0,
            discharged: 0,
            failed: None,
            totals: Totals::new(),
            #[cfg(test)]
            disabled: None,
        }
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

    /// Notes whether published test keys stand in a set. Before the first block is ended that is
    /// said whatever happens to it.
    pub(crate) fn keys_of(&mut self, set: &ValidatorSet) {
        if set.members().iter().any(|member| crate::test_keys::contains(&member.key)) {
            self.current.test_keys = true;
            let is_start = self.totals.first.is_none() && self.pending.is_empty();
            self.totals.test_keys |= is_start;
        }
    }

    pub(crate) fn anchor_met(&mut self, height: u64) {
        self.current.anchor_met = Some(height);
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
        if self.is_disabled(origin.check) {
            return;
        }
        self.next_order = self.next_order.saturating_add(1);
        if self.open.as_ref().is_some_and(|open| open.batch.rule() != rule) {
            self.seal();
        }
        let order = self.next_order;
        let open = self
            .open
            .get_or_insert_with(|| OpenBatch { batch: Batch::new(rule), origins: Vec::new() });
        open.batch.push(key, message, signature);
        open.origins.push((order, origin));
        self.outstanding = self.outstanding.saturating_add(1);
        if to_u64(open.origins.len()) >= self.limits.batch_signatures {
            self.seal();
        }
    }

    /// Closes the open batch, so that it can be handed out although it is not full.
    pub(crate) fn seal(&mut self) {
        if let Some(open) = self.open.take() {
            let first = open.origins.first().map_or(0, |(order, _)| *order);
            let id = open.batch.id();
            self.sealed.push_back(SealedBatch { id, first, origins: open.origins });
            self.ready.push_back(open.batch);
        }
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
        for (order, origin) in failed {
            if self.failed.as_ref().is_none_or(|(lowest, _)| order < lowest) {
                self.failed = Some((*order, origin.failure()));
            }
        }
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

    /// Drops the record of a block that failed.
    pub(crate) fn abandon_block(&mut self) {
        self.current = BlockRecord::new();
    }

    fn settle(&mut self) {
        let sealed = self.sealed.iter().map(|sealed| sealed.first).min();
        let open = self.open.as_ref().and_then(|open| open.origins.first());
        let mut bound = sealed.unwrap_or(u64::MAX);
        bound = bound.min(open.map_or(u64::MAX, |(order, _)| *order));
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
