//! Collects what belongs to one height; copies of one thing must agree.

use alloc::vec::Vec;

use super::{Importer, commits::Commits};
use crate::{
    import::{
        decode::{Content, ExportedBlock, Page},
        error::{ImportError, Subject},
        index::At,
    },
    ledger::cometbft::{
        block_id::BlockId, header::Header, params::HashedParams, results::BlockResults,
        validator::ValidatorList,
    },
};

/// What is known about one height.
#[derive(Debug, Default)]
pub(super) struct Group {
    pub(super) height: u64,
    pub(super) header: Option<(Header, At)>,
    pub(super) block: Option<(ExportedBlock, At)>,
    /// Block ids that stand beside a block or header.
    pub(super) claimed_id: Option<(BlockId, At)>,
    pub(super) commits: Commits,
    pub(super) pages: Vec<(Page, At)>,
    pub(super) validators: u64,
    pub(super) pair_set: Option<(ValidatorList, At)>,
    pub(super) pair_next_set: Option<(ValidatorList, At)>,
    pub(super) params: Option<(HashedParams, At)>,
    pub(super) results: Option<(BlockResults, At)>,
}

impl Importer {
    pub(super) fn insert(&mut self, content: Content, at: At) -> Result<(), ImportError> {
        let group = &mut self.group;
        let (subject, kept) = match content {
            Content::Block(block) => {
                let kept = keep(&mut group.header, block.header.clone(), at);
                self.agreed(Subject::Header, kept, at)?;
                let kept = keep(&mut self.group.claimed_id, block.id, at);
                self.agreed(Subject::BlockId, kept, at)?;
                (Subject::Block, keep(&mut self.group.block, block, at))
            }
            Content::Header(header) => (Subject::Header, keep(&mut group.header, header, at)),
            Content::Meta(header, id) => {
                let kept = keep(&mut group.header, header, at);
                self.agreed(Subject::Header, kept, at)?;
                (Subject::BlockId, keep(&mut self.group.claimed_id, id, at))
            }
            Content::Commit(header, commit) => {
                group.commits.insert(commit, at);
                (Subject::Header, keep(&mut group.header, header, at))
            }
            Content::Pair(pair) => {
                group.commits.insert(pair.commit, at);
                let mut kept = keep(&mut group.pair_set, pair.validators, at);
                if let Some(next) = pair.next_validators {
                    kept = kept.and_then(|()| keep(&mut group.pair_next_set, next, at));
                }
                self.agreed(Subject::Validators, kept, at)?;
                (Subject::Header, keep(&mut self.group.header, pair.header, at))
            }
            Content::Validators(page) => return self.insert_page(page, at),
            Content::Params(params) => {
                (Subject::ConsensusParams, keep(&mut group.params, params, at))
            }
            Content::Results(results) => {
                (Subject::BlockResults, keep(&mut group.results, results, at))
            }
            Content::GenesisChunk(_) => return Ok(()),
        };
        self.agreed(subject, kept, at)
    }

    pub(super) fn agreed(
        &self,
        subject: Subject,
        kept: Result<(), At>,
        at: At,
    ) -> Result<(), ImportError> {
        kept.map_err(|first| ImportError::Contradiction {
            subject,
            height: Some(self.group.height),
            first: self.index.sources.place(first),
            second: self.index.sources.place(at),
        })
    }

    /// Writes what belongs to the height that was read.
    pub(super) fn end_group(&mut self) -> Result<(), ImportError> {
        let mut group = core::mem::take(&mut self.group);
        if let (Some((header, at)), Some((id, claimed_at))) = (&group.header, &group.claimed_id)
            && id.hash != header.compute_hash()
        {
            return Err(self.contradiction(Subject::BlockId, group.height, *at, *claimed_at));
        }
        let height = if self.is_light { group.height } else { group.height.saturating_add(1) };
        let set = self.merge(core::mem::take(&mut group.pages), height)?;
        if self.is_light { self.light_group(group, set) } else { self.block_group(group, set) }
    }

    pub(super) fn contradiction(
        &self,
        subject: Subject,
        height: u64,
        first: At,
        second: At,
    ) -> ImportError {
        ImportError::Contradiction {
            subject,
            height: Some(height),
            first: self.index.sources.place(first),
            second: self.index.sources.place(second),
        }
    }
}

/// Keeps the first of several copies; `Err` with its place if another copy differs.
fn keep<T: PartialEq>(slot: &mut Option<(T, At)>, value: T, at: At) -> Result<(), At> {
    match slot {
        Some((known, _)) if *known == value => Ok(()),
        Some((_, first)) => Err(*first),
        None => {
            *slot = Some((value, at));
            Ok(())
        }
    }
}
