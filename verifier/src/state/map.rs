//! The map with its root.

use alloc::{boxed::Box, vec::Vec};

use super::{
    Changes, End, Proof, ReadState, Sibling,
    node::{Leaf, Link, Node},
    path_of,
};
use crate::{encoding::hex::Hash, merkle::sha256};

/// Byte strings by byte strings, with a root that stands for all of them.
///
/// Writes are cheap, and hashing waits for [`commit`](Self::commit), once at the end of a block.
/// Keys and values are of any length; an empty value is a value.
///
/// # Cost
/// Reads and writes: one SHA-256 of the key and about log2(n) steps. Proofs: the same.
#[derive(Clone, Debug, Default)]
pub struct StateMap {
    root: Link,
    entries: usize,
}

impl StateMap {
    /// A map of these keys and values, which stand in the order of [`Self::entries`].
    ///
    /// # Errors
    /// [`EntryOrderError`] at the first key that stands twice or out of order.
    pub fn from_entries(
        entries: impl IntoIterator<Item = (Vec<u8>, Vec<u8>)>,
    ) -> Result<Self, EntryOrderError> {
        let mut map = Self::default();
        let mut before: Option<Hash> = None;
        for (key, value) in entries {
            let path = path_of(&key);
            if before.is_some_and(|before| before >= path) {
                return Err(EntryOrderError { entry: map.entries });
            }
            map.put(path, key.into(), value);
            before = Some(path);
        }
        Ok(map)
    }

    /// Gives `key` the value.
    pub fn insert(&mut self, key: &[u8], value: Vec<u8>) {
        self.put(path_of(key), key.into(), value);
    }

    /// Leaves `key` without a value. Whether it had one.
    pub fn remove(&mut self, key: &[u8]) -> bool {
        let was_there = self.root.remove(&path_of(key)).is_some();
        if was_there {
            self.entries = self.entries.saturating_sub(1);
        }
        was_there
    }

    /// Writes what an overlay collected.
    pub fn apply(&mut self, changes: Changes) {
        for (key, value) in changes {
            match value {
                Some(value) => self.put(path_of(&key), key.into(), value),
                None => {
                    self.remove(&key);
                }
            }
        }
    }

    /// Computes the root of what the map holds now.
    ///
    /// # Cost
    /// For k keys written since the last time: at most k leaves and their values, and the branches
    /// above them, each once.
    pub fn commit(&mut self) -> Hash {
        self.root.update_hash()
    }

    /// The root of the last [`commit`](Self::commit).
    ///
    /// # Errors
    /// [`UncommittedError`] if the map was written to since.
    pub fn root(&self) -> Result<Hash, UncommittedError> {
        self.root.hash.ok_or(UncommittedError)
    }

    /// Proves to whoever knows the root which value `key` has, or that it has none.
    ///
    /// # Errors
    /// [`UncommittedError`] if the map was written to since the last [`commit`](Self::commit).
    pub fn prove(&self, key: &[u8]) -> Result<Proof, UncommittedError> {
        self.root()?;
        let path = path_of(key);
        let mut siblings = Vec::new();
        let mut link = &self.root;
        let end = loop {
            match &link.node {
                Node::Empty => break End::Empty,
                Node::Leaf(leaf) if leaf.path == path => break End::Value(leaf.value.to_vec()),
                Node::Leaf(leaf) => {
                    break End::Other { path: leaf.path, value_hash: sha256(&[&leaf.value]) };
                }
                Node::Branch(branch) => {
                    let (side, other) = branch.sides(&path);
                    let hash = other.hash.ok_or(UncommittedError)?;
                    siblings.push(Sibling { bit: branch.bit, hash });
                    link = side;
                }
            }
        };
        Ok(Proof { siblings, end })
    }

    /// Every key with its value, by ascending [path](path_of).
    pub fn entries(&self) -> Entries<'_> {
        Entries { pending: Vec::from([&self.root]) }
    }

    /// Number of entries.
    pub fn len(&self) -> usize {
        self.entries
    }

    /// Whether there are no entries.
    pub fn is_empty(&self) -> bool {
        self.entries == 0
    }

    fn put(&mut self, path: Hash, key: Box<[u8]>, value: Vec<u8>) {
        if self.root.put(Leaf { path, key, value: value.into() }).is_none() {
            self.entries = self.entries.saturating_add(1);
        }
    }
}

impl ReadState for StateMap {
    fn get(&self, key: &[u8]) -> Option<&[u8]> {
        let path = path_of(key);
        let leaf = self.root.nearest(&path).filter(|leaf| leaf.path == path)?;
        Some(&leaf.value)
    }
}

/// Keys with their values, by ascending [path](path_of).
#[derive(Clone, Debug)]
pub struct Entries<'a> {
    pending: Vec<&'a Link>,
}

impl<'a> Iterator for Entries<'a> {
    type Item = (&'a [u8], &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            match &self.pending.pop()?.node {
                Node::Empty => {}
                Node::Leaf(leaf) => return Some((&leaf.key, &leaf.value)),
                Node::Branch(branch) => self.pending.extend([&branch.one, &branch.zero]),
            }
        }
    }
}

/// Entries that do not stand by ascending path, or with one key twice.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("entry {entry} is not after the one before it")]
pub struct EntryOrderError {
    /// The first entry that is out of order, from 0.
    pub entry: usize,
}

/// A map that was written to since its root was computed.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("the map was changed and has no root yet")]
pub struct UncommittedError;

#[cfg(test)]
mod tests {
    use alloc::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;
    use crate::state::{empty_root, reference};

    type Plain = BTreeMap<Vec<u8>, Vec<u8>>;

    /// The root by the definition.
    fn root_of(plain: &Plain) -> Hash {
        let entries: Vec<_> =
            plain.iter().map(|(key, value)| (path_of(key), value.clone())).collect();
        reference::root(&entries)
    }

    fn map_of<'a>(entries: impl IntoIterator<Item = (&'a Vec<u8>, &'a Vec<u8>)>) -> StateMap {
        let mut map = StateMap::default();
        for (key, value) in entries {
            map.insert(key, value.clone());
        }
        map
    }

    /// Few and short keys, so that they meet: prefixes of each other, and the empty one.
    fn key() -> impl Strategy<Value = Vec<u8>> {
        prop::collection::vec(prop::sample::select(&[0_u8, 1, 0x80][..]), 0..4)
    }

    fn value() -> impl Strategy<Value = Vec<u8>> {
        prop::collection::vec(any::<u8>(), 0..3)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(96))]

        #[test]
        fn blocks_of_writes_do_what_they_do_to_a_plain_map(
            blocks in prop::collection::vec(
                prop::collection::vec((key(), prop::option::of(value())), 0..12),
                0..8,
            ),
        ) {
            let (mut map, mut plain) = (StateMap::default(), Plain::new());
            for block in blocks {
                for (key, value) in block {
                    if let Some(value) = value {
                        map.insert(&key, value.clone());
                        plain.insert(key, value);
                    } else {
                        prop_assert_eq!(map.remove(&key), plain.remove(&key).is_some());
                    }
                }
                prop_assert_eq!(map.commit(), root_of(&plain));
                prop_assert_eq!(map.len(), plain.len());
                let entries: Plain =
                    map.entries().map(|(key, value)| (key.to_vec(), value.to_vec())).collect();
                prop_assert_eq!(&entries, &plain);
            }
            for (key, value) in &plain {
                prop_assert_eq!(map.get(key), Some(&value[..]));
            }
        }

        #[test]
        fn root_depends_on_the_entries_and_not_on_their_order(
            plain in prop::collection::btree_map(key(), value(), 0..24),
            extra in prop::collection::btree_map(key(), value(), 0..24),
        ) {
            let mut ascending = map_of(&plain);
            let mut descending = map_of(plain.iter().rev());
            // Others come and go in between, some of them across a commit.
            for (n, (key, value)) in extra.iter().enumerate() {
                if !plain.contains_key(key) {
                    descending.insert(key, value.clone());
                    if n % 2 == 0 {
                        descending.commit();
                    }
                }
            }
            for key in extra.keys().filter(|key| !plain.contains_key(*key)) {
                prop_assert!(descending.remove(key));
            }
            prop_assert_eq!(ascending.commit(), descending.commit());
        }

        #[test]
        fn entries_make_the_same_map_again(
            plain in prop::collection::btree_map(key(), value(), 0..24),
        ) {
            let mut map = map_of(&plain);
            let entries: Vec<(Vec<u8>, Vec<u8>)> =
                map.entries().map(|(key, value)| (key.to_vec(), value.to_vec())).collect();
            let paths: Vec<Hash> = entries.iter().map(|(key, _)| path_of(key)).collect();
            prop_assert!(paths.is_sorted_by(|before, after| before < after));
            let mut again = StateMap::from_entries(entries).unwrap();
            prop_assert_eq!(again.commit(), map.commit());
            prop_assert_eq!(again.len(), map.len());
        }
    }

    #[test]
    fn map_without_entries_has_the_empty_root_also_after_a_removal() {
        let mut map = StateMap::default();
        assert_eq!(map.commit(), empty_root());
        assert_eq!(map.entries().next(), None);
        map.insert(b"key", Vec::new());
        assert_eq!(map.get(b"key"), Some(&b""[..]));
        assert_ne!(map.commit(), empty_root());
        assert!(map.remove(b"key"));
        assert!(!map.remove(b"key"));
        assert_eq!(map.commit(), empty_root());
        assert!(map.is_empty());
    }

    #[test]
    fn change_of_a_value_changes_the_root_and_the_former_value_restores_it() {
        let mut map = StateMap::default();
        for n in 0..50_u8 {
            map.insert(&[n], Vec::from([n]));
        }
        let before = map.commit();
        map.insert(&[7], Vec::from([8]));
        assert_ne!(map.commit(), before);
        map.insert(&[7], Vec::from([7]));
        assert_eq!(map.commit(), before);
    }

    #[test]
    fn written_map_has_neither_root_nor_proofs_before_the_commit() {
        let mut map = StateMap::default();
        assert_eq!(map.root(), Err(UncommittedError));
        map.commit();
        map.insert(b"key", Vec::new());
        assert_eq!(map.prove(b"key"), Err(UncommittedError));
        let root = map.commit();
        assert_eq!(map.root(), Ok(root));
        map.remove(b"key");
        assert_eq!(map.prove(b"other"), Err(UncommittedError));
    }

    #[test]
    fn entries_out_of_order_or_twice_are_refused() {
        let mut keys: Vec<Vec<u8>> = (0..5_u8).map(|n| Vec::from([n])).collect();
        keys.sort_by_key(|key| path_of(key));
        let build = |keys: &[Vec<u8>]| {
            StateMap::from_entries(keys.iter().map(|key| (key.clone(), Vec::new())))
                .map(|map| map.len())
        };
        assert_eq!(build(&keys), Ok(5));
        keys.swap(3, 4);
        assert_eq!(build(&keys), Err(EntryOrderError { entry: 4 }));
        keys.swap(3, 4);
        keys[2] = keys[1].clone();
        assert_eq!(build(&keys), Err(EntryOrderError { entry: 2 }));
    }
}
