//! Writes out a height as a whole block, and what goes before and after it.

use super::{Group, Importer, commits::Commits};
use crate::{
    encoding::{hex::Hash, protobuf::Message as _},
    import::{
        decode::ExportedBlock,
        error::{ImportError, Part, Subject},
        index::At,
    },
    ledger::cometbft::{block_id::BlockId, results::BlockResults, validator::ValidatorList},
    snapshot,
};

/// The block before, as far as its items are not written yet.
#[derive(Debug)]
pub(super) struct Before {
    pub(super) height: u64,
    pub(super) commits: Commits,
    pub(super) claimed_id: Option<(BlockId, At)>,
    pub(super) results: Option<BlockResults>,
}

/// A validator set.
#[derive(Debug)]
pub(super) struct KnownSet {
    list: ValidatorList,
    hash: Hash,
    /// Where the export says so, of this height if it does of this height.
    at: At,
}

impl KnownSet {
    fn new((list, at): (ValidatorList, At)) -> Self {
        Self { hash: list.compute_hash(), list, at }
    }
}

impl Importer {
    /// Block mode. `next_set` signs at the height after the group's.
    pub(super) fn block_group(
        &mut self,
        group: Group,
        next_set: Option<(ValidatorList, At)>,
    ) -> Result<(), ImportError> {
        let height = group.height;
        let Some((block, at)) = group.block else {
            // Copies outside of the range of blocks, or the set of the first block.
            if height.saturating_add(1) == self.range.first {
                self.set = next_set.map(KnownSet::new);
            }
            return Ok(());
        };
        let Some(set) = self.set.take() else {
            return Err(ImportError::Missing { part: Part::Validators, height: Some(height) });
        };
        if let Some((pair_set, pair_at)) = &group.pair_set
            && *pair_set != set.list
        {
            return Err(self.contradiction(Subject::Validators, height, set.at, *pair_at));
        }
        self.end_block_before(Some((&block, at)))?;
        if height == self.range.first {
            if let Some(genesis) = self.genesis.filter(|genesis| genesis.initial_height == height) {
                self.item(snapshot::Kind::Genesis, &genesis.to_bytes());
            }
            self.item(snapshot::Kind::Validators, &set.list.to_bytes());
        }
        let pair_next = group.pair_next_set;
        if let (Some((next, next_at)), Some((pair, pair_at))) = (&next_set, &pair_next)
            && next != pair
        {
            let height = height.saturating_add(1);
            return Err(self.contradiction(Subject::Validators, height, *next_at, *pair_at));
        }
        self.set = match next_set.or(pair_next) {
            Some((next, at)) if next == set.list => Some(KnownSet { at, ..set }),
            Some(next) => {
                self.item(snapshot::Kind::Validators, &next.0.to_bytes());
                Some(KnownSet::new(next))
            }
            // If it is another that is not there, the next block misses it; at the tip nothing does.
            None => Some(set).filter(|set| block.header.next_validators_hash == Some(set.hash)),
        };
        if let Some((params, _)) = group.params {
            self.item(snapshot::Kind::ConsensusParams, &params.to_bytes());
        }
        self.item(snapshot::Kind::Block, &block.bytes);
        self.before = Some(Before {
            height,
            commits: group.commits,
            claimed_id: group.claimed_id,
            results: group.results.map(|(results, _)| results),
        });
        Ok(())
    }

    /// Writes commit and results of the block before, as far as the next block does not hold them.
    pub(super) fn end_block_before(
        &mut self,
        next: Option<(&ExportedBlock, At)>,
    ) -> Result<(), ImportError> {
        let Some(before) = self.before.take() else { return Ok(()) };
        let canonical = next.map(|(block, _)| &block.last_commit);
        let best = before.commits.best(canonical);
        // What names the block by its parts: the next header, or at the tip the commit.
        let named = match (next, best) {
            (Some((block, at)), _) => Some((block.header.last_block_id, at)),
            (None, Some((commit, at))) => Some((commit.block_id, *at)),
            (None, None) => None,
        };
        if let (Some((named, named_at)), Some((claimed, at))) = (named, before.claimed_id)
            && named != claimed
        {
            return Err(self.contradiction(Subject::BlockId, before.height, at, named_at));
        }
        // At the tip there is one: the scan has seen it.
        if let Some((commit, _)) = best {
            self.item(snapshot::Kind::Commit, &commit.to_bytes());
        }
        // Only the next header attests results.
        if let Some(results) = before.results.filter(|_| next.is_some()) {
            self.item(snapshot::Kind::BlockResults, &results.to_bytes());
        }
        Ok(())
    }
}
