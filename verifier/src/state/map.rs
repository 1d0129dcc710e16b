//! The map with its root.

use alloc::vec::Vec;

use super::{
    Changes, End, Proof, ReadState, Sibling,
    node::{Leaf, Link, Node},
    path_of,
    table::{Found, KeyHash, Table},
    trie::Trie,
};
use crate::{encoding::hex::Hash, merkle::sha256};

/// Byte strings by byte strings, with a root that stands for all of them.
///
/// Writes are cheap, and hashing waits for [`commit`](Self::commit), once at the end of a block.
/// Keys and values are of any length; an empty value is a value. More than 2³¹ entries do not fit:
/// a further key is left out, and so the root is not that of all.
///
/// # Cost
/// A read, or a write of a key that is there: a step. Another write, or a proof: one SHA-256 of the
/// key and about log2(n) steps. That is also what one of the former costs at most, if keys are
/// chosen so as to meet.
#[derive(Clone, Debug, Default)]
pub struct StateMap {
    trie: Trie,
    /// Every leaf of the trie that found a slot.
    table: Table,
    /// The root, unless something was written since.
    root: Option<Hash>,
}

impl StateMap {
    /// What an entry weighs beside its key and its value, in bytes: a leaf, a branch, its share of a
    /// table that was just made anew, and what an allocator adds to the one piece that it asks for.
    pub(crate) const ENTRY_BYTES: u64 = 168;

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
                return Err(EntryOrderError { entry: map.len() });
            }
            map.add(Leaf::new(path, &key, &value), KeyHash::of(&key));
            before = Some(path);
        }
        Ok(map)
    }

    /// Gives `key` the value.
    #[expect(clippy::needless_pass_by_value, reason = "as an overlay's, which keeps it")]
    pub fn insert(&mut self, key: &[u8], value: Vec<u8>) {
        self.root = None;
        let hash = KeyHash::of(key);
        match self.find(key, hash) {
            Some(leaf) => self.trie.set_value(leaf, &value),
            None => self.add(Leaf::new(path_of(key), key, &value), hash),
        }
    }

    /// Leaves `key` without a value. Whether it had one.
    pub fn remove(&mut self, key: &[u8]) -> bool {
        let hash = KeyHash::of(key);
        let Some(leaf) = self.find(key, hash) else { return false };
        self.root = None;
        self.table.remove(hash, leaf);
        let path = self.trie.leaf(leaf).map(|leaf| leaf.path);
        path.and_then(|path| self.trie.remove(&path)).is_some()
    }

    /// Writes what an overlay collected.
    pub fn apply(&mut self, changes: Changes) {
        for (key, value) in changes {
            match value {
                Some(value) => self.insert(&key, value),
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
    /// above them, each once. Of more than 65,536 keys, as if it had been called for each so many.
    pub fn commit(&mut self) -> Hash {
        *self.root.get_or_insert_with(|| self.trie.update_hash())
    }

    /// The root of the last [`commit`](Self::commit).
    ///
    /// # Errors
    /// [`UncommittedError`] if the map was written to since.
    pub fn root(&self) -> Result<Hash, UncommittedError> {
        self.root.ok_or(UncommittedError)
    }

    /// Proves to whoever knows the root which value `key` has, or that it has none.
    ///
    /// # Errors
    /// [`UncommittedError`] if the map was written to since the last [`commit`](Self::commit).
    pub fn prove(&self, key: &[u8]) -> Result<Proof, UncommittedError> {
        self.root()?;
        let path = path_of(key);
        let mut siblings = Vec::new();
        let mut link = self.trie.root();
        let end = loop {
            match link.map(Link::node) {
                None => break End::Empty,
                Some(Node::Leaf(number)) => {
                    let leaf = self.trie.leaf(number).ok_or(UncommittedError)?;
                    break if leaf.path == path {
                        End::Value(leaf.value().to_vec())
                    } else {
                        End::Other { path: leaf.path, value_hash: sha256(&[leaf.value()]) }
                    };
                }
                Some(Node::Branch(number)) => {
                    let branch = self.trie.branch(number).ok_or(UncommittedError)?;
                    let (_, hash) = branch.other_side(&path);
                    siblings.push(Sibling { bit: branch.bit, hash });
                    link = Some(branch.side(&path).0);
                }
            }
        };
        Ok(Proof { siblings, end })
    }

    /// Every key with its value, by ascending [path](path_of).
    pub fn entries(&self) -> Entries<'_> {
        Entries { trie: &self.trie, pending: Vec::from_iter(self.trie.root()) }
    }

    /// Number of entries.
    pub fn len(&self) -> usize {
        self.trie.len()
    }

    /// Whether there are no entries.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The leaf of a key.
    fn find(&self, key: &[u8], hash: KeyHash) -> Option<u32> {
        let is_it = |leaf| self.trie.leaf(leaf).is_some_and(|leaf| leaf.key() == key);
        match self.table.find(hash, is_it) {
            Found::Absent => None,
            Found::Leaf(leaf) => Some(leaf),
            Found::Unknown => self.trie.nearest(&path_of(key)).filter(|leaf| is_it(*leaf)),
        }
    }

    /// Adds a leaf whose key, with this hash, has none.
    fn add(&mut self, leaf: Leaf, hash: KeyHash) {
        let Some(number) = self.trie.add(leaf) else { return };
        if self.table.is_crowded(self.len()) {
            self.list_anew();
        } else {
            self.table.add(hash, number);
        }
    }

    /// Makes a larger table.
    fn list_anew(&mut self) {
        // The former one goes first: it takes memory.
        self.table = Table::default();
        let mut table = Table::with_room(self.len());
        let mut leaves = self.entries();
        while let Some((number, leaf)) = leaves.next_leaf() {
            table.add(KeyHash::of(leaf.key()), number);
        }
        self.table = table;
    }
}

impl ReadState for StateMap {
    fn get(&self, key: &[u8]) -> Option<&[u8]> {
        let leaf = self.find(key, KeyHash::of(key))?;
        self.trie.leaf(leaf).map(Leaf::value)
    }
}

/// Keys with their values, by ascending [path](path_of).
#[derive(Clone, Debug)]
pub struct Entries<'a> {
    trie: &'a Trie,
    pending: Vec<Link>,
}

impl<'a> Entries<'a> {
    fn next_leaf(&mut self) -> Option<(u32, &'a Leaf)> {
        loop {
            match self.pending.pop()?.node() {
                Node::Leaf(number) => return Some((number, self.trie.leaf(number)?)),
                Node::Branch(number) => {
                    let branch = self.trie.branch(number)?;
                    self.pending.extend([branch.one, branch.zero]);
                }
            }
        }
    }
}

impl<'a> Iterator for Entries<'a> {
    type Item = (&'a [u8], &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        self.next_leaf().map(|(_, leaf)| (leaf.key(), leaf.value()))
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
    use crate::state::{empty_root, node::Branch, reference};

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

    /// Writes and removes these keys at random. Table, trie and a plain map say the same of each.
    fn check_at_random(keys: &[Vec<u8>], steps: u32) {
        let (mut map, mut plain) = (StateMap::default(), Plain::new());
        for step in 1..=steps {
            let [a, b, c, d, value @ ..] = sha256(&[&step.to_le_bytes()]).0;
            let which = usize::from(u16::from_le_bytes([a, b])).checked_rem(keys.len()).unwrap();
            let key = &keys[which];
            // Waves: as many as there are, then few of them.
            let is_removal = if step / 2_000 % 2 == 0 { c < 40 } else { c > 60 };
            if is_removal {
                assert_eq!(map.remove(key), plain.remove(key).is_some(), "step {step}");
            } else {
                let value = value[..usize::from(d % 4)].to_vec();
                map.insert(key, value.clone());
                plain.insert(key.clone(), value);
            }
            if d == 0 {
                map.commit();
            }
            if step % 1_000 == 0 {
                assert_eq!(map.commit(), root_of(&plain), "step {step}");
                assert_eq!(map.len(), plain.len());
                for key in keys {
                    let value = plain.get(key).map(Vec::as_slice);
                    assert_eq!(map.get(key), value);
                    let leaf = map.trie.nearest(&path_of(key));
                    let leaf = leaf.and_then(|leaf| map.trie.leaf(leaf));
                    assert_eq!(leaf.filter(|leaf| leaf.key() == key).map(Leaf::value), value);
                    assert_eq!(
                        map.prove(key).unwrap().verify(&map.root().unwrap(), key),
                        Ok(value)
                    );
                }
            }
        }
    }

    #[test]
    fn table_and_trie_agree_through_thousands_of_writes_and_removals() {
        let keys: Vec<Vec<u8>> = (0..900_u32).map(|n| n.to_le_bytes().to_vec()).collect();
        check_at_random(&keys, 12_000);
    }

    #[test]
    fn keys_that_meet_in_one_bucket_are_found_all_the_same() {
        let keys = (0_u32..).map(|n| n.to_le_bytes().to_vec());
        let keys: Vec<_> = keys.filter(|key| KeyHash::of(key).0 % 256 == 77).take(100).collect();
        let mut map = StateMap::default();
        for key in &keys {
            map.insert(key, key.clone());
        }
        let found = |key: &Vec<u8>| map.table.find(KeyHash::of(key), |_| false);
        assert!(keys.iter().all(|key| found(key) == Found::Unknown));
        check_at_random(&keys, 6_000);
    }

    #[test]
    fn entry_weighs_what_is_said() {
        let slots = Table::with_room(7 << 10).size() / (7 << 10);
        let sum = size_of::<Leaf>() + size_of::<Branch>() + slots + 2 * size_of::<usize>();
        let said = usize::try_from(StateMap::ENTRY_BYTES).unwrap();
        assert!((said - 8..=said).contains(&sum), "{sum}");
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
