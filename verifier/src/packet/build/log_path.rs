//! The way from one record of a log to its root, gathered as the log grows.

use alloc::vec::Vec;

use crate::{
    encoding::{hex::Hash, to_u64},
    merkle::RootBuilder,
};

/// A log from one of its records on: what stood before it, and every leaf since.
#[derive(Clone, Debug)]
pub(super) struct LogPath {
    before: RootBuilder,
    leaves: Vec<Hash>,
}

impl LogPath {
    /// Begins with the next record of the log.
    pub(super) fn new(before: RootBuilder) -> Self {
        Self { before, leaves: Vec::new() }
    }

    /// Takes a record that stands before it after all.
    pub(super) fn push_before(&mut self, leaf: Hash) {
        self.before.push_hash(leaf);
    }

    /// Takes the record, and then every one after it.
    pub(super) fn push(&mut self, leaf: Hash) {
        self.leaves.push(leaf);
    }

    /// Index of the record in the log.
    pub(super) fn index(&self) -> u64 {
        self.before.size()
    }

    /// The way from the record to the root of the log as it is now.
    ///
    /// What stands on the left are the perfect trees of the records before, the smallest first. What
    /// stands on the right are trees over records since, which end where a larger one begins.
    pub(super) fn path(&self) -> Vec<Hash> {
        let (index, count) = (self.index(), to_u64(self.leaves.len()));
        let size = index.saturating_add(count);
        let mut left = self.before.hashes().iter().rev();
        let mut path = Vec::new();
        for level in 0..u64::BITS {
            let node = index.checked_shr(level).unwrap_or_default();
            if node & 1 == 1 {
                path.extend(left.next());
                continue;
            }
            let width = 1_u64.checked_shl(level).unwrap_or_default();
            let first = node.saturating_add(1).saturating_mul(width);
            if first >= size {
                continue;
            }
            let skip = usize::try_from(first.saturating_sub(index)).unwrap_or(usize::MAX);
            let take = usize::try_from(width).unwrap_or(usize::MAX);
            let mut tree = RootBuilder::default();
            self.leaves.iter().skip(skip).take(take).for_each(|leaf| tree.push_hash(*leaf));
            path.push(tree.root());
        }
        path
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::merkle::{leaf_hash, proof};

    #[test]
    fn path_is_that_of_the_whole_tree_at_every_place_and_size() {
        let leaves: Vec<Hash> = (0..40_u8).map(|n| leaf_hash(&[n])).collect();
        for index in 0..leaves.len() {
            let mut before = RootBuilder::default();
            for leaf in &leaves[..index] {
                before.push_hash(*leaf);
            }
            let mut log = LogPath::new(before);
            for size in index + 1..=leaves.len() {
                log.push(leaves[size - 1]);
                assert_eq!(Some(log.path()), proof::path(&leaves[..size], index), "{index} {size}");
            }
        }
    }
}
