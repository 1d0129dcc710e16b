//! The steps that compare one block with its header, its sets and the block before.

use alloc::{boxed::Box, format, string::ToString as _, sync::Arc, vec::Vec};

use super::Chain;
use crate::{
    check::CheckId,
    encoding::{hex::Hash, protobuf::Reader},
    ledger::cometbft::{
        block::Block,
        commit::{
            Commit,
            verify::{CommitContext, verify_commit},
        },
        header::Header,
        places::elements,
        profile::TimeRule,
        results::BlockResults,
        rules::{
            At, Rules, differ, show, verify_proposer, verify_time_increases, verify_validators_hash,
        },
        time,
        validator::ValidatorSet,
    },
    report::{Missing, Reason, SkipReason},
    verification::recorder::{Place, Recorder, Stop},
};

impl Chain {
    pub(super) fn verify_links(
        &self,
        recorder: &mut Recorder,
        block: &Block<'_>,
        at: At,
    ) -> Result<(), Stop> {
        let header = &block.header;
        let expected = self.next_height();
        recorder.require(CheckId::HeaderHeight, header.height == expected, || {
            (at.locus("header.height"), differ(&header.height, &expected))
        })?;
        let is_first = header.last_block_id.is_zero();
        if let Some(last) = self.last {
            recorder.require(
                CheckId::HeaderLastBlockHash,
                header.last_block_id.hash == last.id.hash,
                || {
                    let evidence = differ(&show(header.last_block_id.hash), &show(last.id.hash));
                    (at.locus("header.last_block_id.hash"), evidence)
                },
            )?;
            return recorder.require(
                CheckId::HeaderLastPartSet,
                header.last_block_id.parts == last.id.parts,
                || {
                    let (claimed, computed) = (header.last_block_id.parts, last.id.parts);
                    let evidence = differ(
                        &format!("{} parts, {}", claimed.total, show(claimed.hash)),
                        &format!("{} parts, {}", computed.total, show(computed.hash)),
                    );
                    (at.locus("header.last_block_id.part_set_header"), evidence)
                },
            );
        }
        recorder.skip(CheckId::HeaderLastBlockHash, start_reason(header));
        recorder.skip(CheckId::HeaderLastPartSet, start_reason(header));
        // > if block.LastCommit.Size() != 0 … "initial block can't have LastCommit signatures"
        let chain_starts_here = header.height == 1 || self.genesis.is_some();
        let empty_commit = block.last_commit == Commit::default();
        let holds = is_first == empty_commit && (is_first || !chain_starts_here);
        recorder.require(CheckId::BlockFirst, holds, || {
            let evidence = differ(
                &format!(
                    "height {}, last block id empty: {is_first}, last commit empty: {empty_commit}",
                    header.height
                ),
                &"both empty in the chain's first block, neither in any other",
            );
            (at.locus("header.last_block_id"), evidence)
        })
    }

    pub(super) fn verify_sets(
        &self,
        recorder: &mut Recorder,
        header: &Header,
        at: At,
    ) -> Result<Arc<ValidatorSet>, Stop> {
        let Some(set) = self.set.as_ref().map(Arc::clone) else {
            // Not reached: the order of items wants a set before the first block.
            let reason = Reason::Incomplete(Missing::TrustedValidators);
            return Err(Stop::Inconclusive(reason, Box::new(at.locus("validators"))));
        };
        verify_validators_hash(recorder, header, &set, at)?;
        let next = self.next_set.as_ref().unwrap_or(&set);
        let next_matches = header.next_validators_hash == Some(next.hash());
        if !next_matches && self.next_set.is_none() && header.height == self.manifest.last {
            recorder.skip(CheckId::HeaderNextValidatorsHash, SkipReason::Tip);
        } else {
            recorder.require(CheckId::HeaderNextValidatorsHash, next_matches, || {
                let evidence = differ(&show(header.next_validators_hash), &next.hash());
                (at.locus("header.next_validators_hash"), evidence)
            })?;
        }
        verify_proposer(recorder, header, &set, at)?;
        Ok(set)
    }

    pub(super) fn verify_context(
        &self,
        recorder: &mut Recorder,
        header: &Header,
        rules: Rules,
        at: At,
    ) -> Result<(), Stop> {
        match self.params {
            Some(params) => {
                let computed = params.compute_hash();
                recorder.require(
                    CheckId::HeaderConsensusHash,
                    header.consensus_hash == Some(computed),
                    || {
                        let evidence = differ(&show(header.consensus_hash), &computed);
                        (at.locus("header.consensus_hash"), evidence)
                    },
                )?;
            }
            None => recorder.skip(CheckId::HeaderConsensusHash, SkipReason::NotGiven),
        }
        let computed = self.last_results.as_ref().map(BlockResults::compute_hash);
        match (self.last, computed) {
            (Some(_), Some(computed)) => recorder.require(
                CheckId::HeaderLastResultsHash,
                header.last_results_hash == Some(computed),
                || {
                    let evidence = differ(&show(header.last_results_hash), &computed);
                    (at.locus("header.last_results_hash"), evidence)
                },
            )?,
            (Some(_), None) => recorder.skip(CheckId::HeaderLastResultsHash, SkipReason::NotGiven),
            (None, _) => recorder.skip(CheckId::HeaderLastResultsHash, start_reason(header)),
        }
        if self.last.is_some() {
            return Ok(());
        }
        let Some((genesis, genesis_at)) = self.genesis else {
            recorder.skip(CheckId::GenesisInitialHeight, SkipReason::NotGiven);
            recorder.skip(CheckId::GenesisTime, SkipReason::NotGiven);
            return Ok(());
        };
        recorder.require(
            CheckId::GenesisInitialHeight,
            genesis.initial_height == header.height,
            || {
                (
                    genesis_at.locus("genesis.initial_height"),
                    differ(&genesis.initial_height, &header.height),
                )
            },
        )?;
        if rules.time == TimeRule::Asserted && genesis.time != header.time {
            recorder.skip(CheckId::GenesisTime, SkipReason::Profile);
            return Ok(());
        }
        recorder.require(CheckId::GenesisTime, genesis.time == header.time, || {
            (genesis_at.locus("genesis.genesis_time"), differ(&genesis.time, &header.time))
        })
    }

    pub(super) fn verify_last_commit(
        &self,
        recorder: &mut Recorder,
        block: &Block<'_>,
        bytes: &[u8],
        rules: Rules,
        at: At,
    ) -> Result<(), Stop> {
        let commit = &block.last_commit;
        if let (Some(last), Some(set)) = (self.last, &self.last_set) {
            let context = CommitContext {
                chain_id: &self.manifest.chain_id,
                height: last.point.height,
                block_hash: last.point.hash,
                parts: Some(last.id.parts),
                set,
                rules,
                signatures: self.signatures,
                counts: true,
                place: Place::LastCommit,
                path: "block.last_commit",
                at,
                bytes: elements(Reader::new(bytes), 4).next(),
            };
            return verify_commit(recorder, commit, &context);
        }
        if block.header.last_block_id.is_zero() {
            return Ok(());
        }
        // The set that signed the block before the range is unknown: only the links are checked.
        let before = block.header.height.saturating_sub(1);
        recorder.require(CheckId::CommitHeight, commit.height == before, || {
            (at.locus("block.last_commit.height"), differ(&commit.height, &before))
        })?;
        let id = block.header.last_block_id;
        recorder.require(CheckId::CommitBlockHash, commit.block_id.hash == id.hash, || {
            let evidence = differ(&show(commit.block_id.hash), &show(id.hash));
            (at.locus("block.last_commit.block_id.hash"), evidence)
        })?;
        recorder.require(CheckId::CommitPartSet, commit.block_id.parts == id.parts, || {
            let evidence = differ(&show(commit.block_id.parts.hash), &show(id.parts.hash));
            (at.locus("block.last_commit.block_id.part_set_header"), evidence)
        })?;
        for check in [
            CheckId::CommitLength,
            CheckId::CommitEntry,
            CheckId::CommitAddress,
            CheckId::CommitSignature,
            CheckId::CommitQuorum,
        ] {
            recorder.skip(check, SkipReason::RangeStart);
        }
        Ok(())
    }

    pub(super) fn verify_time(
        &self,
        recorder: &mut Recorder,
        block: &Block<'_>,
        rules: Rules,
        at: At,
    ) -> Result<(), Stop> {
        let header = &block.header;
        let (Some(last), Some(set)) = (self.last, &self.last_set) else {
            recorder.skip(CheckId::HeaderTimeMonotonic, start_reason(header));
            recorder.skip(CheckId::HeaderTime, start_reason(header));
            return Ok(());
        };
        verify_time_increases(recorder, header.time, last.point.time, at)?;
        if rules.time == TimeRule::Asserted {
            recorder.skip(CheckId::HeaderTime, SkipReason::Profile);
            return Ok(());
        }
        let median = time::compute_median(&block.last_commit, set.members(), rules.time);
        recorder.require(CheckId::HeaderTime, median == Some(header.time), || {
            let computed = median.map_or_else(|| "no votes".to_string(), |time| time.to_string());
            (at.locus("header.time"), differ(&header.time, &computed))
        })
    }
}

/// Why the first block of a range is not compared with the one before it.
fn start_reason(header: &Header) -> SkipReason {
    if header.last_block_id.is_zero() { SkipReason::NotApplicable } else { SkipReason::RangeStart }
}

pub(super) fn verify_contents(
    recorder: &mut Recorder,
    block: &Block<'_>,
    at: At,
) -> Result<(), Stop> {
    let header = &block.header;
    let pairs: Vec<(CheckId, &str, Option<Hash>, Hash)> = alloc::vec![
        (CheckId::BlockDataHash, "header.data_hash", header.data_hash, block.compute_data_hash()),
        (
            CheckId::BlockLastCommitHash,
            "header.last_commit_hash",
            header.last_commit_hash,
            block.last_commit.compute_hash(),
        ),
        (
            CheckId::BlockEvidenceHash,
            "header.evidence_hash",
            header.evidence_hash,
            block.compute_evidence_hash(),
        ),
    ];
    for (check, path, claimed, computed) in pairs {
        recorder.require(check, claimed == Some(computed), || {
            (at.locus(path), differ(&show(claimed), &computed))
        })?;
    }
    Ok(())
}
