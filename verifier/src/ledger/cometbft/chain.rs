//! Whole blocks in a row: every hash, link, vote and time rule.
//!
//! Blocks come in ascending order. A block that passes is *linked*: its bytes, its set, its
//! commit and its neighbors fit. Whether the chain is the one the user means is decided by the
//! anchor, in [`crate::Verification::finish`].

mod block;
mod execution;

use alloc::{boxed::Box, format, sync::Arc};

use block::verify_contents;
use execution::Execution;

use super::{
    block::Block,
    block_id::{BlockId, PartSetHeader},
    commit::{
        Commit,
        verify::{CommitContext, verify_commit},
    },
    evidence::verify::{CommittedEvidence, EvidenceContext, verify_evidence},
    genesis::Genesis,
    params::HashedParams,
    places::count_elements,
    results::BlockResults,
    rules::{
        At, Rules, decode, differ, verify_anchor, verify_header_fields, verify_set, within_limit,
    },
    validator::{ValidatorList, ValidatorSet},
};
use crate::{
    anchor::Anchors,
    audit::{Audit, AuditOptions},
    check::CheckId,
    encoding::{protobuf::Reader, to_u64},
    limits::Limits,
    policy::Signatures,
    report::{BlockPoint, Reason},
    snapshot::{Kind, Manifest},
    verification::{
        recorder::{Place, Recorder, Stop},
        trust::Provisional,
    },
};

/// A block whose place in the chain is checked. Made by [`Chain`] only.
#[derive(Clone, Copy, Debug)]
struct LinkedBlock {
    point: BlockPoint,
    id: BlockId,
}

/// Follows a chain of whole blocks.
#[derive(Debug)]
pub(crate) struct Chain {
    anchors: Arc<Anchors>,
    signatures: Signatures,
    limits: Limits,
    manifest: Manifest,
    /// The genesis item, and where it stands.
    genesis: Option<(Genesis, At)>,
    /// Set that signs the block to come.
    set: Option<Arc<ValidatorSet>>,
    /// Set of the height after it, if it is another one.
    next_set: Option<Arc<ValidatorSet>>,
    params: Option<HashedParams>,
    evidence: CommittedEvidence,
    last: Option<LinkedBlock>,
    /// Set that signs `last`.
    last_set: Option<Arc<ValidatorSet>>,
    /// Results of `last`.
    last_results: Option<BlockResults>,
    execution: Execution,
    has_last_commit: bool,
    /// The block whose record is not ended, and its number of transactions.
    unended: Option<(BlockPoint, u64)>,
    /// Kind of the last item since the last block, for the order of items.
    rank: u8,
    sets_before_first: u8,
}

impl Chain {
    pub(crate) fn new(
        anchors: Arc<Anchors>,
        signatures: Signatures,
        audit: AuditOptions,
        limits: Limits,
        manifest: Manifest,
    ) -> Self {
        Self {
            execution: Execution::new(audit, limits.clone()),
            anchors,
            signatures,
            limits,
            manifest,
            genesis: None,
            set: None,
            next_set: None,
            params: None,
            evidence: CommittedEvidence::default(),
            last: None,
            last_set: None,
            last_results: None,
            has_last_commit: false,
            unended: None,
            rank: 0,
            sets_before_first: 0,
        }
    }

    pub(crate) fn last_point(&self) -> Option<BlockPoint> {
        self.last.map(|block| block.point)
    }

    pub(crate) fn has_last_commit(&self) -> bool {
        self.has_last_commit
    }

    /// Why the records in the blocks cannot be asked about, although the contract runs on the chain.
    pub(crate) fn missing_contract(&self) -> Option<Reason> {
        self.execution.missing()
    }

    /// Whether the contract runs on the chain and was run again.
    pub(crate) fn is_executed(&self) -> bool {
        self.execution.is_executed()
    }

    /// What the audit came to, as far as the blocks are trusted.
    pub(crate) fn into_audit(self) -> Provisional<Option<Box<Audit>>> {
        self.execution.into_audit()
    }

    pub(crate) fn audit_mut(&mut self) -> &mut Provisional<Option<Box<Audit>>> {
        self.execution.audit_mut()
    }

    fn next_height(&self) -> u64 {
        self.last.map_or(self.manifest.first, |last| last.point.height.saturating_add(1))
    }

    /// Between two blocks: `commit? results? validators? params? block`; before the first:
    /// `genesis? state* validators validators? params? block`.
    fn check_order(&mut self, recorder: &mut Recorder, kind: Kind, at: At) -> Result<(), Stop> {
        let first = self.last.is_none();
        let rank = match (kind, first) {
            (Kind::Genesis | Kind::State, true) | (Kind::Commit, false) => 1,
            (Kind::BlockResults, false) => 2,
            (Kind::Validators, true) if self.sets_before_first == 0 => 2,
            (Kind::Validators, _) => 3,
            (Kind::ConsensusParams, _) => 4,
            (Kind::Block, true) if self.sets_before_first == 0 => 0,
            (Kind::Block, _) => 5,
            _ => 0,
        };
        // A state comes in as many chunks as it needs.
        let holds = rank > self.rank || (kind == Kind::State && rank == self.rank);
        recorder.require(CheckId::SnapshotOrder, holds, || {
            let evidence =
                differ(&format!("{kind:?} here"), &"the order in docs/snapshot-format.md");
            (at.locus("snapshot"), evidence)
        })?;
        self.rank = if kind == Kind::Block { 0 } else { rank };
        if kind == Kind::Validators && first {
            self.sets_before_first = self.sets_before_first.saturating_add(1);
        }
        Ok(())
    }

    pub(crate) fn item(
        &mut self,
        recorder: &mut Recorder,
        kind: Kind,
        bytes: &[u8],
        offset: u64,
    ) -> Result<(), Stop> {
        let height = match kind {
            Kind::Commit | Kind::BlockResults => self.last.map(|last| last.point.height),
            Kind::Manifest
            | Kind::Genesis
            | Kind::State
            | Kind::Validators
            | Kind::ConsensusParams
            | Kind::Block
            | Kind::LightBlock
            | Kind::End => Some(self.next_height()),
        };
        let at = At { height, offset };
        self.check_order(recorder, kind, at)?;
        match kind {
            Kind::Genesis => {
                let genesis = decode::<Genesis>(recorder, bytes, at, "genesis")?;
                self.genesis = Some((*genesis, at));
                Ok(())
            }
            Kind::State => self.execution.state(recorder, bytes, self.limits.state_bytes, at),
            Kind::Validators => self.validators(recorder, bytes, at),
            Kind::ConsensusParams => {
                let params = decode::<HashedParams>(recorder, bytes, at, "consensus_params")?;
                self.params = Some(*params);
                Ok(())
            }
            Kind::Block => self.block(recorder, bytes, at),
            Kind::BlockResults => {
                within_limit(
                    count_elements(bytes, &[1]),
                    self.limits.block_transactions,
                    "block_transactions",
                    at,
                )?;
                let results = decode::<BlockResults>(recorder, bytes, at, "block_results")?;
                self.last_results = Some(results.into_inner());
                Ok(())
            }
            Kind::Commit => self.commit(recorder, bytes, at),
            Kind::Manifest | Kind::LightBlock | Kind::End => Ok(()),
        }
    }

    fn validators(&mut self, recorder: &mut Recorder, bytes: &[u8], at: At) -> Result<(), Stop> {
        within_limit(count_elements(bytes, &[1]), self.limits.validators, "validators", at)?;
        let list = decode::<ValidatorList>(recorder, bytes, at, "validators")?;
        let set = verify_set(recorder, &list, at, "validators")?;
        if self.set.is_none() {
            recorder.new_set();
            self.set = Some(set);
            return Ok(());
        }
        let differs = self.set.as_ref().is_none_or(|current| current.hash() != set.hash());
        recorder.require(CheckId::SnapshotOrder, differs, || {
            let evidence = differ(&"a set equal to the one before", &"a set only where it changes");
            (at.locus("validators"), evidence)
        })?;
        self.next_set = Some(set);
        Ok(())
    }

    fn block(&mut self, recorder: &mut Recorder, bytes: &[u8], at: At) -> Result<(), Stop> {
        let limits = &self.limits;
        for (path, limit, name) in [
            (&[2, 1][..], limits.block_transactions, "block_transactions"),
            (&[3, 1], limits.block_evidence, "block_evidence"),
            (&[4, 4], limits.validators, "validators"),
        ] {
            within_limit(count_elements(bytes, path), limit, name, at)?;
        }
        let is_in_range = self.next_height() <= self.manifest.last;
        recorder.require(CheckId::SnapshotManifest, is_in_range, || {
            let expected = format!("no block after {}", self.manifest.last);
            (at.locus("manifest.last"), differ(&self.next_height(), &expected))
        })?;
        // Step 2.
        let block = decode::<Block<'_>>(recorder, bytes, at, "block")?;
        let header = &block.header;
        let rules = Rules::of(self.anchors.profile_at(header.height));
        // Step 3.1.
        let hash = verify_header_fields(recorder, header, &self.manifest.chain_id, at)?;
        // Step 3.2.
        self.verify_links(recorder, &block, at)?;
        // Step 3.3.
        verify_contents(recorder, &block, at)?;
        // Step 3.5, before 3.4: evidence is signed by members of the set.
        let set = self.verify_sets(recorder, header, at)?;
        // Step 3.4.
        let context = EvidenceContext {
            chain_id: &self.manifest.chain_id,
            set: &set,
            last: self.last.map(|last| last.point).zip(self.last_set.as_deref()),
            rules,
            at,
            bytes,
        };
        verify_evidence(recorder, &block, &context)?;
        self.evidence.extend(recorder, &block, self.limits.evidence, at)?;
        // Step 3.6.
        self.verify_context(recorder, header, rules, at)?;
        // Step 3.7.
        self.verify_last_commit(recorder, &block, bytes, rules, at)?;
        // Step 3.8.
        self.verify_time(recorder, &block, rules, at)?;
        // Step 3.9.
        let (given, chain_id) = (self.last_results.as_ref(), &self.manifest.chain_id);
        let sets = (&*set, &**self.next_set.as_ref().unwrap_or(&set));
        self.execution.header(recorder, header, sets, given, chain_id, at)?;
        self.execution.wait(header, bytes, at);
        // Step 5.
        verify_anchor(recorder, &self.anchors, header.height, &hash, at)?;

        let point = BlockPoint { height: header.height, hash, time: header.time };
        let id = BlockId { hash: Some(hash), parts: PartSetHeader::compute(bytes) };
        self.last = Some(LinkedBlock { point, id });
        self.has_last_commit = false;
        if self.next_set.is_some() {
            recorder.new_set();
        }
        // Where no other set was given, the next is this one; at the tip it may be another, which
        // signs nothing here.
        let following = self.next_set.take().unwrap_or_else(|| Arc::clone(&set));
        self.set = Some(following);
        self.last_set = Some(set);
        self.params = None;
        self.last_results = None;
        self.unended = Some((point, to_u64(block.transactions.len())));
        if header.height != self.manifest.last {
            self.end_block(recorder);
        }
        Ok(())
    }

    fn commit(&mut self, recorder: &mut Recorder, bytes: &[u8], at: At) -> Result<(), Stop> {
        within_limit(count_elements(bytes, &[4]), self.limits.validators, "validators", at)?;
        let commit = decode::<Commit>(recorder, bytes, at, "commit")?;
        let (Some(last), Some(set)) = (self.last, self.last_set.as_ref().map(Arc::clone)) else {
            return Ok(());
        };
        let context = CommitContext {
            chain_id: &self.manifest.chain_id,
            height: last.point.height,
            block_hash: last.point.hash,
            parts: Some(last.id.parts),
            set: &set,
            // A commit belongs to the era of the block that will carry it.
            rules: Rules::of(self.anchors.profile_at(last.point.height.saturating_add(1))),
            signatures: self.signatures,
            counts: last.point.height == self.manifest.last,
            place: Place::Commit,
            path: "commit",
            at,
            bytes: Some(Reader::new(bytes)),
        };
        verify_commit(recorder, &commit, &context)?;
        self.has_last_commit = true;
        self.end_block(recorder);
        Ok(())
    }

    /// Ends the last block's record, which waits for its own commit.
    fn end_block(&mut self, recorder: &mut Recorder) {
        if let Some((point, transactions)) = self.unended.take() {
            recorder.end_block(Some(point), transactions);
        }
    }

    /// Checks that the range of the manifest was filled and nothing is left over.
    pub(crate) fn end(&mut self, recorder: &mut Recorder, offset: u64) -> Result<(), Stop> {
        self.execution.end(recorder, &self.manifest.chain_id)?;
        self.end_block(recorder);
        let at = At { height: self.last.map(|last| last.point.height), offset };
        recorder.require(CheckId::SnapshotOrder, self.rank <= 1, || {
            let evidence = differ(&"an item that belongs to a later block", &"the end");
            (at.locus("snapshot"), evidence)
        })?;
        let last = self.last.map_or(0, |last| last.point.height);
        recorder.require(CheckId::SnapshotManifest, last == self.manifest.last, || {
            (at.locus("manifest.last"), differ(&self.manifest.last, &last))
        })
    }
}
