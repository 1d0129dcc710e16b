//! Leaves by key, found without the trie.

use alloc::{vec, vec::Vec};
use core::hash::BuildHasher as _;

use foldhash::fast::FixedState;

/// Slots of a bucket.
const SLOTS: usize = 12;

/// Leaves for each bucket, from which on there are to be more buckets. Of 100 buckets with 7 leaves
/// on average, 3 have more than 12.
const CROWDED: usize = 7;

/// Numbers of leaves by the hash of their key.
///
/// The hash is fast and not secret, so whoever chooses the keys can have all of them fall into one
/// bucket. What does not find a slot there is passed over: the table then says that it does not
/// know, and the trie is asked. So no key costs more than one bucket, at most 12 comparisons, and
/// what it would cost without a table.
#[derive(Clone, Debug, Default)]
pub(super) struct Table {
    /// As many as a power of two, or none.
    buckets: Vec<Bucket>,
}

/// What the table knows of a key.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Found {
    /// No leaf has it.
    Absent,
    /// This leaf has it.
    Leaf(u32),
    /// Some leaf may have it.
    Unknown,
}

/// A line of the processor's cache. The first slots are in use.
#[derive(Clone, Copy, Debug, Default)]
#[repr(align(64))]
struct Bucket {
    leaves: [u32; SLOTS],
    /// A byte of each hash, so that few other keys are looked at.
    tags: [u8; SLOTS],
    used: u8,
    /// Whether some leaf was passed over.
    is_overfull: bool,
}

/// A hash of a key. It does not depend on chance.
#[derive(Clone, Copy, Debug)]
pub(super) struct KeyHash(pub(super) u64);

impl KeyHash {
    pub(super) fn of(key: &[u8]) -> Self {
        Self(FixedState::default().hash_one(key))
    }

    fn tag(self) -> u8 {
        let [.., last] = self.0.to_le_bytes();
        last
    }
}

impl Table {
    /// An empty table for this many leaves, and as many again.
    pub(super) fn with_room(leaves: usize) -> Self {
        let buckets = (leaves.saturating_mul(2) / CROWDED).next_power_of_two();
        Self { buckets: vec![Bucket::default(); buckets] }
    }

    /// Whether this many leaves should have a larger table.
    pub(super) fn is_crowded(&self, leaves: usize) -> bool {
        self.buckets.len().saturating_mul(CROWDED) < leaves
    }

    /// The leaf with the key of this hash, which `is_it` recognizes.
    pub(super) fn find(&self, hash: KeyHash, is_it: impl Fn(u32) -> bool) -> Found {
        let Some(bucket) = self.buckets.get(self.place(hash)) else { return Found::Absent };
        let tag = hash.tag();
        let mut slots = bucket.leaves.iter().zip(&bucket.tags).take(usize::from(bucket.used));
        match slots.find(|(leaf, of)| **of == tag && is_it(**leaf)) {
            Some((leaf, _)) => Found::Leaf(*leaf),
            None if bucket.is_overfull => Found::Unknown,
            None => Found::Absent,
        }
    }

    /// Adds a leaf, if its bucket has room.
    pub(super) fn add(&mut self, hash: KeyHash, leaf: u32) {
        let place = self.place(hash);
        let Some(bucket) = self.buckets.get_mut(place) else { return };
        let slot = usize::from(bucket.used);
        match (bucket.leaves.get_mut(slot), bucket.tags.get_mut(slot)) {
            (Some(free), Some(tag)) => {
                (*free, *tag) = (leaf, hash.tag());
                bucket.used = bucket.used.saturating_add(1);
            }
            _ => bucket.is_overfull = true,
        }
    }

    /// Removes a leaf, if it was not passed over.
    pub(super) fn remove(&mut self, hash: KeyHash, leaf: u32) {
        let place = self.place(hash);
        let Some(bucket) = self.buckets.get_mut(place) else { return };
        let mut used = bucket.leaves.iter().take(usize::from(bucket.used));
        if let Some(slot) = used.position(|at| *at == leaf) {
            // The last one moves up.
            bucket.used = bucket.used.saturating_sub(1);
            let last = usize::from(bucket.used);
            bucket.leaves.swap(slot, last);
            bucket.tags.swap(slot, last);
        }
    }

    /// Bytes of memory.
    #[cfg(test)]
    pub(super) fn size(&self) -> usize {
        size_of_val(&*self.buckets)
    }

    fn place(&self, hash: KeyHash) -> usize {
        // The lower half is enough for all the buckets that there can be leaves for.
        let [a, b, c, d, ..] = hash.0.to_le_bytes();
        let low = usize::try_from(u32::from_le_bytes([a, b, c, d])).unwrap_or_default();
        low & self.buckets.len().saturating_sub(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bucket_is_one_line_of_the_cache() {
        assert_eq!(size_of::<Bucket>(), 64);
    }

    #[test]
    fn leaf_that_finds_no_slot_is_not_said_to_be_absent() {
        let mut table = Table::with_room(1);
        let hash = KeyHash(1 << 60);
        for leaf in 0..12 {
            assert_eq!(table.find(hash, |at| at == leaf), Found::Absent);
            table.add(hash, leaf);
            assert_eq!(table.find(hash, |at| at == leaf), Found::Leaf(leaf));
        }
        assert_eq!(table.find(hash, |at| at == 12), Found::Absent);
        table.add(hash, 12);
        assert_eq!(table.find(hash, |at| at == 12), Found::Unknown);
        // Also when there are slots again.
        table.remove(hash, 5);
        assert_eq!(table.find(hash, |at| at == 12), Found::Unknown);
        assert_eq!(table.find(hash, |at| at == 5), Found::Unknown);
        for leaf in (0..12).filter(|leaf| *leaf != 5) {
            assert_eq!(table.find(hash, |at| at == leaf), Found::Leaf(leaf));
        }
    }

    #[test]
    fn other_leaves_are_compared_only_if_they_have_the_same_tag() {
        let mut table = Table::with_room(1);
        for (hash, leaf) in [(KeyHash(1 << 56), 1), (KeyHash(2 << 56), 2)] {
            table.add(hash, leaf);
        }
        let found = table.find(KeyHash(2 << 56), |leaf| {
            assert_eq!(leaf, 2, "its tag is another");
            true
        });
        assert_eq!(found, Found::Leaf(2));
    }

    #[test]
    fn few_keys_are_passed_over_in_a_table_that_is_as_full_as_it_may_be() {
        let mut table = Table::with_room(1 << 12);
        let mut leaves = 0_u32;
        while !table.is_crowded(usize::try_from(leaves).unwrap()) {
            table.add(KeyHash::of(&leaves.to_le_bytes()), leaves);
            leaves += 1;
        }
        let listed: u32 = table.buckets.iter().map(|bucket| u32::from(bucket.used)).sum();
        assert!(leaves > 4096 && (leaves - listed) * 50 < leaves, "{listed} of {leaves}");
    }
}
