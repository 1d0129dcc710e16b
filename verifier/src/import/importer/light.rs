//! Writes out a height as a light block, and the set that it announces.

use super::{Group, Importer};
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
        let announced = self.next_set.take();
        if let (Some((known, first, next)), Some((set, at))) = (&announced, &set)
            && *next == height
            && known != set
        {
            return Err(self.contradiction(Subject::Validators, height, *first, *at));
        }
        let commit = group.commits.best(None).cloned();
        let (Some((header, _)), Some((commit, commit_at))) = (group.header.take(), commit) else {
            // A set alone helps only as that of the height after the light block before it.
            let is_next = self.last_light.as_ref().is_some_and(|(_, next)| *next == height);
            let alone = set.filter(|_| is_next).map(|(set, at)| (set, at, height));
            self.next_set = announced.or(alone);
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
        self.write_next_set(announced, Some(height));
        let block = LightBlock { signed_header: SignedHeader { header, commit }, validators: set };
        self.item(snapshot::Kind::LightBlock, &block.to_bytes());
        let next_height = height.saturating_add(1);
        self.next_set = group.pair_next_set.map(|(next, at)| (next, at, next_height));
        self.last_light = Some((block.validators, next_height));
        Ok(())
    }

    /// Writes the set of the height after the last light block, unless that block holds it, or the
    /// one that follows now at the height `now`.
    pub(super) fn write_next_set(
        &mut self,
        next_set: Option<(ValidatorList, At, u64)>,
        now: Option<u64>,
    ) {
        let Some((set, _, height)) = next_set else { return };
        let is_held = self.last_light.as_ref().is_some_and(|(last, _)| *last == set);
        if !is_held && now != Some(height) {
            self.item(snapshot::Kind::Validators, &set.to_bytes());
        }
    }
}
