//! Writes out a height as a light block, and the set that it announces.

use super::{Before, Group, Importer, commits::Commits};
use crate::{
    encoding::protobuf::Message as _,
    import::{
        error::{ImportError, Part, Subject},
        index::At,
    },
    ledger::cometbft::{light::LightBlock, signed_header::SignedHeader, validator::ValidatorList},
    snapshot,
};

impl Importer {
    /// Signed headers only. `set` signs at the group's height.
    pub(super) fn light_group(
        &mut self,
        mut group: Group,
        set: Option<(ValidatorList, At)>,
    ) -> Result<(), ImportError> {
        let height = group.height;
        if let (Some((pages, at)), Some((pair, pair_at))) = (&set, &group.pair_set)
            && pages != pair
        {
            return Err(self.contradiction(Subject::Validators, height, *at, *pair_at));
        }
        let set = set.or_else(|| group.pair_set.take());
        let next_set = self.next_set.take();
        let commit = group.commits.best(None).cloned();
        let (Some((header, _)), Some((commit, commit_at))) = (group.header.take(), commit) else {
            // A set alone helps only as the one that the light block before it announces.
            self.next_set = next_set;
            if let Some((set, at)) = set {
                match &self.next_set {
                    Some((known, first, next)) if *next == height && *known != set => {
                        return Err(self.contradiction(Subject::Validators, height, *first, at));
                    }
                    None if self.before_height() == Some(height) => {
                        self.next_set = Some((set, at, height));
                    }
                    Some(_) | None => {}
                }
            }
            return Ok(());
        };
        let Some((set, _)) = set else {
            let height = Some(height);
            return Err(ImportError::Missing { part: Part::Validators, height });
        };
        if let Some((claimed, at)) = group.claimed_id
            && claimed != commit.block_id
        {
            return Err(self.contradiction(Subject::BlockId, height, commit_at, at));
        }
        self.write_next_set(next_set, Some((&set, height)));
        let next_height = height.saturating_add(1);
        let next = group.pair_next_set.filter(|(next, _)| *next != set);
        let block = LightBlock { signed_header: SignedHeader { header, commit }, validators: set };
        self.item(snapshot::Kind::LightBlock, &block.to_bytes());
        self.next_set = next.map(|(next, at)| (next, at, next_height));
        self.before = Some(Before {
            height: next_height,
            commits: Commits::default(),
            claimed_id: None,
            results: None,
        });
        Ok(())
    }

    /// The height after the last light block.
    fn before_height(&self) -> Option<u64> {
        self.before.as_ref().map(|before| before.height)
    }

    /// Writes the set that the light block before announces, unless the next one holds it.
    pub(super) fn write_next_set(
        &mut self,
        announced: Option<(ValidatorList, At, u64)>,
        next: Option<(&ValidatorList, u64)>,
    ) {
        let Some((announced, _, height)) = announced else { return };
        if next != Some((&announced, height)) {
            self.item(snapshot::Kind::Validators, &announced.to_bytes());
        }
    }
}
