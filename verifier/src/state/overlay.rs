//! Writes that are not in the map yet, and may never be.

use alloc::{
    collections::{BTreeMap, btree_map::IntoIter},
    vec::Vec,
};

/// What a contract can read.
pub trait ReadState {
    /// The value of `key`, if it has one.
    fn get(&self, key: &[u8]) -> Option<&[u8]>;
}

/// What an [`Overlay`] would change: the last write of each key.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Changes(BTreeMap<Vec<u8>, Option<Vec<u8>>>);

impl Changes {
    /// Whether nothing was written.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl IntoIterator for Changes {
    type Item = (Vec<u8>, Option<Vec<u8>>);
    type IntoIter = IntoIter<Vec<u8>, Option<Vec<u8>>>;

    /// The changes by ascending key; `None` removes.
    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

/// Reads through to what lies below, and keeps writes to itself until they are
/// [taken out](Self::into_changes) and applied there.
///
/// One for the block over the map, and one for each transaction over the block's: a transaction that
/// is refused is undone by dropping its overlay.
///
/// ```
/// use vidimus::state::{Overlay, ReadState as _, StateMap};
///
/// let map = StateMap::default();
/// let mut block = Overlay::new(&map);
/// let mut accepted = Overlay::new(&block);
/// accepted.insert(b"key", b"value".to_vec());
/// let changes = accepted.into_changes();
/// block.apply(changes);
///
/// let mut refused = Overlay::new(&block);
/// refused.remove(b"key");
/// drop(refused);
/// assert_eq!(block.get(b"key"), Some(&b"value"[..]));
/// ```
#[derive(Debug)]
pub struct Overlay<'a, S> {
    below: &'a S,
    changes: Changes,
}

impl<'a, S: ReadState> Overlay<'a, S> {
    /// Without changes yet.
    pub fn new(below: &'a S) -> Self {
        Self { below, changes: Changes::default() }
    }

    /// Gives `key` the value.
    pub fn insert(&mut self, key: &[u8], value: Vec<u8>) {
        self.changes.0.insert(key.to_vec(), Some(value));
    }

    /// Leaves `key` without a value.
    pub fn remove(&mut self, key: &[u8]) {
        self.changes.0.insert(key.to_vec(), None);
    }

    /// Takes over the changes of an overlay on top of this one.
    pub fn apply(&mut self, changes: Changes) {
        self.changes.0.extend(changes.0);
    }

    /// What would change below.
    pub fn into_changes(self) -> Changes {
        self.changes
    }
}

impl<S: ReadState> ReadState for Overlay<'_, S> {
    fn get(&self, key: &[u8]) -> Option<&[u8]> {
        match self.changes.0.get(key) {
            Some(written) => written.as_deref(),
            None => self.below.get(key),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::StateMap;

    fn map() -> StateMap {
        let mut map = StateMap::default();
        map.insert(b"kept", b"0".to_vec());
        map.insert(b"gone", b"0".to_vec());
        map
    }

    #[test]
    fn writes_are_seen_above_and_not_below() {
        let map = map();
        let mut block = Overlay::new(&map);
        block.insert(b"kept", b"1".to_vec());
        block.remove(b"gone");
        let mut transaction = Overlay::new(&block);
        transaction.insert(b"gone", b"2".to_vec());
        assert_eq!(transaction.get(b"kept"), Some(&b"1"[..]));
        assert_eq!(transaction.get(b"gone"), Some(&b"2"[..]));
        assert_eq!(block.get(b"gone"), None);
        assert_eq!(map.get(b"gone"), Some(&b"0"[..]));
        assert_eq!(map.get(b"kept"), Some(&b"0"[..]));
    }

    #[test]
    fn dropped_overlay_leaves_the_root_as_it_was() {
        let mut map = map();
        let root = map.commit();
        let mut transaction = Overlay::new(&map);
        transaction.remove(b"kept");
        transaction.insert(b"new", b"1".to_vec());
        drop(transaction);
        assert_eq!(map.root(), Ok(root));
    }

    #[test]
    fn last_write_of_a_key_is_the_one_that_is_applied() {
        let mut map = map();
        let mut block = Overlay::new(&map);
        for value in [Some(b"1"), None, Some(b"2")] {
            let mut transaction = Overlay::new(&block);
            match value {
                Some(value) => transaction.insert(b"kept", value.to_vec()),
                None => transaction.remove(b"kept"),
            }
            let changes = transaction.into_changes();
            block.apply(changes);
        }
        let changes = block.into_changes();
        assert!(!changes.is_empty());
        map.apply(changes);
        assert_eq!(map.get(b"kept"), Some(&b"2"[..]));
        assert_eq!(map.len(), 2);
    }
}
