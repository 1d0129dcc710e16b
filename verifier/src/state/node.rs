//! What a trie is made of.

use alloc::boxed::Box;

use super::{is_one, leaf_hash};
use crate::{encoding::hex::Hash, merkle::sha256};

/// Which node: the number of a leaf or of a branch, in four bytes.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Link(u32);

/// A link, read.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Node {
    Leaf(u32),
    Branch(u32),
}

/// One entry. Key and value lie in one piece.
#[derive(Clone, Debug)]
pub(super) struct Leaf {
    pub(super) path: Hash,
    entry: Box<[u8]>,
    key_length: usize,
}

/// Two subtrees whose paths differ first in `bit`.
///
/// A node's hash stands in the branch above it, so that a branch is hashed from what is in one
/// place. What is needed to find the way comes first, in one piece too.
#[derive(Clone, Debug)]
#[repr(C)]
pub(super) struct Branch {
    pub(super) zero: Link,
    pub(super) one: Link,
    pub(super) bit: u8,
    pub(super) zero_hash: Hash,
    pub(super) one_hash: Hash,
}

/// A hash that is not computed yet.
pub(super) const UNKNOWN: Hash = Hash([0; Hash::LENGTH]);

/// The bit of a link that tells branches from leaves; no number has it.
const IS_BRANCH: u32 = 1 << 31;

impl Link {
    pub(super) fn node(self) -> Node {
        if self.0 & IS_BRANCH == 0 { Node::Leaf(self.0) } else { Node::Branch(self.0 ^ IS_BRANCH) }
    }
}

impl From<Node> for Link {
    fn from(node: Node) -> Self {
        match node {
            Node::Leaf(number) => Self(number),
            Node::Branch(number) => Self(number | IS_BRANCH),
        }
    }
}

impl Leaf {
    pub(super) fn new(path: Hash, key: &[u8], value: &[u8]) -> Self {
        Self { path, entry: [key, value].concat().into(), key_length: key.len() }
    }

    pub(super) fn key(&self) -> &[u8] {
        self.entry.get(..self.key_length).unwrap_or_default()
    }

    pub(super) fn value(&self) -> &[u8] {
        self.entry.get(self.key_length..).unwrap_or_default()
    }

    pub(super) fn set_value(&mut self, value: &[u8]) {
        match self.entry.get_mut(self.key_length..) {
            Some(stored) if stored.len() == value.len() => stored.copy_from_slice(value),
            _ => self.entry = [self.key(), value].concat().into(),
        }
    }

    pub(super) fn hash(&self) -> Hash {
        leaf_hash(&self.path, &sha256(&[self.value()]))
    }
}

impl Branch {
    /// A branch with this subtree on one side, and the leaf with this path and number on the other.
    pub(super) fn fork(bit: u8, below: (Link, Hash), path: &Hash, leaf: u32) -> Self {
        let (zero, zero_hash) = below;
        let mut fork = Self { zero, one: zero, bit, zero_hash, one_hash: zero_hash };
        fork.set_side(path, Node::Leaf(leaf).into(), UNKNOWN);
        fork
    }

    /// The side on which `path` lies, with its hash.
    pub(super) fn side(&self, path: &Hash) -> (Link, Hash) {
        if is_one(path, self.bit) { (self.one, self.one_hash) } else { (self.zero, self.zero_hash) }
    }

    /// The side on which `path` does not lie, with its hash.
    pub(super) fn other_side(&self, path: &Hash) -> (Link, Hash) {
        if is_one(path, self.bit) { (self.zero, self.zero_hash) } else { (self.one, self.one_hash) }
    }

    /// Places a subtree on the side on which `path` lies.
    pub(super) fn set_side(&mut self, path: &Hash, link: Link, hash: Hash) {
        if is_one(path, self.bit) {
            (self.one, self.one_hash) = (link, hash);
        } else {
            (self.zero, self.zero_hash) = (link, hash);
        }
    }
}

impl Default for Leaf {
    fn default() -> Self {
        Self::new(UNKNOWN, &[], &[])
    }
}

impl Default for Branch {
    fn default() -> Self {
        let link = Link::default();
        Self { zero: link, one: link, bit: 0, zero_hash: UNKNOWN, one_hash: UNKNOWN }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_read_as_they_were_made() {
        for number in [0, 1, IS_BRANCH - 1] {
            for node in [Node::Leaf(number), Node::Branch(number)] {
                assert_eq!(Link::from(node).node(), node);
            }
        }
    }

    #[test]
    fn value_of_any_length_replaces_one_of_any_other_and_leaves_the_key() {
        let mut leaf = Leaf::new(Hash([7; 32]), b"key", b"value");
        for value in [&b"other"[..], b"", b"longer than before", b"x"] {
            leaf.set_value(value);
            assert_eq!((leaf.key(), leaf.value()), (&b"key"[..], value));
        }
    }
}
