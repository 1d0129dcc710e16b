//! How the headers of a packet are reached from its anchor, with as few commits and headers as will do.

use alloc::{
    collections::{BTreeMap, BTreeSet},
    vec::Vec,
};

use super::{Attested, BuildError, list};
use crate::{
    encoding::{hex::Hash, to_u64},
    ledger::cometbft::{
        commit::Commit,
        header::{Header, LAST_BLOCK_ID},
        light::tally_trusted,
        validator::{ValidatorList, ValidatorSet},
    },
    merkle::proof::path,
    packet::{
        Hashes,
        link::{Ancestor, CommitLink, Link},
    },
    policy::TrustLevel,
};

/// A header above the anchor, with what shows that it was decided.
#[derive(Clone, Debug)]
struct Signed {
    header: Header,
    commit: Option<Commit>,
    validators: ValidatorList,
    next: ValidatorList,
}

/// A header that is reached by a commit.
#[derive(Debug)]
struct Hop {
    from: u64,
    signed: Signed,
    /// The set that trust skips from; none between neighbors.
    trusted: Option<ValidatorList>,
}

/// Headers that are wanted, and those in between that are needed to reach them.
#[derive(Debug)]
pub(super) struct Path {
    start: u64,
    /// Headers of the packet, by height.
    headers: BTreeMap<u64, Header>,
    hops: BTreeMap<u64, Hop>,
    /// Headers between a wanted one and the anchor above it.
    ancestors: BTreeMap<u64, Ancestor>,
    /// The highest header that is reached.
    top: Option<Signed>,
    /// The highest that could be reached from there.
    candidate: Option<Signed>,
}

/// What of a packet says how headers are reached.
#[derive(Debug, Default)]
pub(super) struct Parts {
    pub(super) headers: Vec<Header>,
    /// Their heights: a header's index is that of its height.
    pub(super) heights: Vec<u64>,
    pub(super) start: u64,
    pub(super) sets: Vec<ValidatorList>,
    pub(super) commits: Vec<Commit>,
    pub(super) links: Vec<Link>,
}

impl Path {
    pub(super) fn new(start: u64) -> Self {
        Self {
            start,
            headers: BTreeMap::new(),
            hops: BTreeMap::new(),
            ancestors: BTreeMap::new(),
            top: None,
            candidate: None,
        }
    }

    /// The header before the one that comes is wanted, together with that one.
    pub(super) fn want_before(&mut self, header: &Header) {
        self.headers.entry(header.height).or_insert_with(|| header.clone());
    }

    /// Takes the next header, and whether it is wanted.
    pub(super) fn block(
        &mut self,
        block: &impl Attested,
        is_wanted: bool,
    ) -> Result<(), BuildError> {
        let header = block.header();
        let height = header.height;
        if is_wanted || height == self.start {
            self.headers.insert(height, header.clone());
        }
        if height < self.start {
            if self.headers.keys().next().is_some_and(|lowest| *lowest < height) {
                self.ancestors.extend(ancestor(header).map(|ancestor| (height, ancestor)));
            }
            return Ok(());
        }
        let signed = Signed {
            header: header.clone(),
            commit: block.commit().cloned(),
            validators: block.validators().clone(),
            next: block.next_validators().clone(),
        };
        if height == self.start {
            self.top = Some(signed);
            return Ok(());
        }
        if !self.is_reachable(&signed) {
            // Go as far as trust carries, and on from there.
            if let Some(candidate) = self.candidate.take() {
                self.hop(candidate);
            }
        }
        let is_reachable = self.is_reachable(&signed);
        if is_reachable && is_wanted {
            self.candidate = None;
            self.hop(signed);
        } else if is_reachable {
            self.candidate = Some(signed);
        } else if is_wanted {
            return Err(BuildError::Unreachable { height });
        }
        Ok(())
    }

    /// Whether a header is reached from the top by its commit.
    fn is_reachable(&self, signed: &Signed) -> bool {
        let (Some(top), Some(commit)) = (&self.top, &signed.commit) else { return false };
        if signed.header.height == top.header.height.saturating_add(1) {
            return true;
        }
        let sets =
            ValidatorSet::verify(&signed.validators).ok().zip(ValidatorSet::verify(&top.next).ok());
        sets.is_some_and(|(own, trusted)| {
            let tallied = tally_trusted(commit, &own, &trusted);
            TrustLevel::ONE_THIRD.is_exceeded_by(tallied, trusted.total_power())
        })
    }

    fn hop(&mut self, signed: Signed) {
        let Some(top) = self.top.replace(signed.clone()) else { return };
        let (from, height) = (top.header.height, signed.header.height);
        let trusted = (height != from.saturating_add(1)).then_some(top.next);
        self.headers.insert(height, signed.header.clone());
        self.hops.insert(height, Hop { from, signed, trusted });
    }

    /// Leaves out what turned out not to be needed, such as the block of a record that was refused and
    /// then accepted in another.
    fn leave_out(&mut self, needed: &BTreeSet<u64>) {
        let heights: Vec<u64> = self.headers.keys().rev().copied().collect();
        let unneeded = heights.iter().filter(|height| !needed.contains(height));
        for height in unneeded.filter(|height| **height != self.start) {
            let leads_on = self.hops.values().any(|hop| hop.from == *height);
            if !leads_on {
                self.headers.remove(height);
                self.hops.remove(height);
            }
        }
    }

    /// Everything, once all headers are in, of which these are needed.
    pub(super) fn finish(mut self, needed: &BTreeSet<u64>) -> Result<Parts, BuildError> {
        self.leave_out(needed);
        let Self { start, headers, hops, mut ancestors, .. } = self;
        if !headers.contains_key(&start) {
            return Err(BuildError::Start { height: start });
        }
        let heights: Vec<u64> = headers.keys().copied().collect();
        let mut parts = Parts { heights, ..Parts::default() };
        parts.start = parts.index(start).unwrap_or_default();
        for (height, hop) in &hops {
            parts.forward(*height, hop).ok_or(BuildError::Unreachable { height: *height })?;
        }
        // From above, the highest first: each from the one that was reached before it.
        let back = headers.keys().rev().filter(|height| !hops.contains_key(height));
        for height in back.filter(|height| **height != start) {
            let unreachable = BuildError::Unreachable { height: *height };
            let next = height.saturating_add(1);
            let (from, _) = headers.range(next..).next().ok_or(unreachable)?;
            let between: Option<Vec<_>> = (next..*from).map(|at| ancestors.remove(&at)).collect();
            let between = list(between.ok_or(unreachable)?)?;
            let (from, to) = parts.index(*from).zip(parts.index(*height)).ok_or(unreachable)?;
            parts.links.push(Link { from, to, commit: None, between });
        }
        parts.headers = headers.into_values().collect();
        Ok(parts)
    }
}

impl Parts {
    pub(super) fn index(&self, height: u64) -> Option<u64> {
        self.heights.binary_search(&height).ok().map(to_u64)
    }

    fn forward(&mut self, height: u64, hop: &Hop) -> Option<()> {
        let (from, to) = (self.index(hop.from)?, self.index(height)?);
        let commit = to_u64(self.commits.len());
        self.commits.push(hop.signed.commit.clone()?);
        let trusted = hop.trusted.as_ref().map(|set| self.set(set));
        let validators = self.set(&hop.signed.validators);
        let commit = CommitLink { commit, validators, trusted };
        self.links.push(Link { from, to, commit: Some(commit), between: list([]).ok()? });
        Some(())
    }

    /// The index of a set, which stands once.
    fn set(&mut self, set: &ValidatorList) -> u64 {
        let found = self.sets.iter().position(|known| known == set);
        to_u64(found.unwrap_or_else(|| {
            self.sets.push(set.clone());
            self.sets.len().saturating_sub(1)
        }))
    }
}

/// What a header shows of the one before it.
fn ancestor(header: &Header) -> Option<Ancestor> {
    let parts = header.last_block_id.parts;
    let index = usize::try_from(LAST_BLOCK_ID).ok()?;
    let aunts = path(&header.leaf_hashes(), index)?;
    let hashes: Vec<Hash> = parts.hash.into_iter().chain(aunts).collect();
    Some(Ancestor { parts: u64::from(parts.total), hashes: Hashes::from(hashes) })
}
