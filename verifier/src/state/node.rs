//! The trie: subtrees, their leaves and branches, and which hashes are known.

use alloc::boxed::Box;
use core::mem;

use super::{branch_hash, empty_root, first_difference, is_one, leaf_hash};
use crate::{encoding::hex::Hash, merkle::sha256};

/// A subtree and its hash; no hash if something below changed since it was last asked for.
///
/// No function here recurses deeper than 257: the bits of the branches on a way down ascend.
#[derive(Clone, Debug, Default)]
pub(super) struct Link {
    pub(super) node: Node,
    pub(super) hash: Option<Hash>,
}

/// What a subtree is. Only a whole map is ever `Empty`.
#[derive(Clone, Debug, Default)]
pub(super) enum Node {
    #[default]
    Empty,
    Leaf(Box<Leaf>),
    Branch(Box<Branch>),
}

/// One entry.
#[derive(Clone, Debug)]
pub(super) struct Leaf {
    pub(super) path: Hash,
    pub(super) key: Box<[u8]>,
    pub(super) value: Box<[u8]>,
}

/// Two subtrees whose paths differ first in `bit`.
#[derive(Clone, Debug)]
pub(super) struct Branch {
    pub(super) bit: u8,
    pub(super) zero: Link,
    pub(super) one: Link,
}

impl Branch {
    /// The side on which `path` lies, then the other one.
    pub(super) fn sides(&self, path: &Hash) -> (&Link, &Link) {
        if is_one(path, self.bit) { (&self.one, &self.zero) } else { (&self.zero, &self.one) }
    }

    fn sides_mut(&mut self, path: &Hash) -> (&mut Link, &mut Link) {
        if is_one(path, self.bit) {
            (&mut self.one, &mut self.zero)
        } else {
            (&mut self.zero, &mut self.one)
        }
    }
}

impl Link {
    /// Sets the entry at the leaf's path. Returns the value that stood there.
    pub(super) fn put(&mut self, leaf: Leaf) -> Option<Box<[u8]>> {
        let Some(nearest) = self.nearest(&leaf.path) else {
            *self = Self::from(leaf);
            return None;
        };
        if let Some(fork) = first_difference(&nearest.path, &leaf.path) {
            self.add(leaf, fork);
            return None;
        }
        let stored = self.touch(&leaf.path)?;
        Some(mem::replace(&mut stored.value, leaf.value))
    }

    /// Removes the entry at `path`, if there is one, and returns it.
    pub(super) fn remove(&mut self, path: &Hash) -> Option<Leaf> {
        match &mut self.node {
            Node::Leaf(leaf) if leaf.path == *path => match mem::take(self).node {
                Node::Leaf(leaf) => Some(*leaf),
                Node::Empty | Node::Branch(_) => None,
            },
            Node::Empty | Node::Leaf(_) => None,
            Node::Branch(branch) => {
                let (side, other) = branch.sides_mut(path);
                let removed = side.remove(path)?;
                if matches!(side.node, Node::Empty) {
                    // What is left moves up with the hash that it had: no hash names its place.
                    *self = mem::take(other);
                } else {
                    self.hash = None;
                }
                Some(removed)
            }
        }
    }

    /// The subtree's hash. Hashes only what changed.
    pub(super) fn update_hash(&mut self) -> Hash {
        if let Some(hash) = self.hash {
            return hash;
        }
        let hash = match &mut self.node {
            Node::Empty => empty_root(),
            Node::Leaf(leaf) => leaf_hash(&leaf.path, &sha256(&[&leaf.value])),
            Node::Branch(branch) => {
                let (zero, one) = (branch.zero.update_hash(), branch.one.update_hash());
                branch_hash(branch.bit, &zero, &one)
            }
        };
        self.hash = Some(hash);
        hash
    }

    /// The leaf that the bits of `path` lead to: its own, or that of another path; none in an empty
    /// map.
    pub(super) fn nearest(&self, path: &Hash) -> Option<&Leaf> {
        let mut link = self;
        loop {
            match &link.node {
                Node::Empty => return None,
                Node::Leaf(leaf) => return Some(leaf),
                Node::Branch(branch) => link = branch.sides(path).0,
            }
        }
    }

    /// The same leaf, to be changed: forgets the hashes on the way.
    fn touch(&mut self, path: &Hash) -> Option<&mut Leaf> {
        let mut link = self;
        loop {
            link.hash = None;
            match &mut link.node {
                Node::Empty => return None,
                Node::Leaf(leaf) => return Some(leaf),
                Node::Branch(branch) => link = branch.sides_mut(path).0,
            }
        }
    }

    /// Adds a leaf whose path differs from all below first in `fork`, or at a branch above it.
    fn add(&mut self, leaf: Leaf, fork: u8) {
        match &mut self.node {
            Node::Branch(branch) if branch.bit < fork => {
                self.hash = None;
                let path = leaf.path;
                branch.sides_mut(&path).0.add(leaf, fork);
            }
            Node::Empty | Node::Leaf(_) | Node::Branch(_) => {
                let is_one = is_one(&leaf.path, fork);
                let (below, added) = (mem::take(self), Self::from(leaf));
                let (zero, one) = if is_one { (below, added) } else { (added, below) };
                self.node = Node::Branch(Box::new(Branch { bit: fork, zero, one }));
            }
        }
    }
}

impl From<Leaf> for Link {
    fn from(leaf: Leaf) -> Self {
        Self { node: Node::Leaf(Box::new(leaf)), hash: None }
    }
}

#[cfg(test)]
mod tests {
    use alloc::{collections::BTreeMap, vec::Vec};

    use super::*;
    use crate::state::reference;

    fn leaf(path: Hash, value: &[u8]) -> Leaf {
        Leaf { path, key: path.0.to_vec().into(), value: value.into() }
    }

    fn root_of(entries: &BTreeMap<Hash, Vec<u8>>) -> Hash {
        let leaves: Vec<_> = entries.iter().map(|(path, value)| (*path, value.clone())).collect();
        reference::root(&leaves)
    }

    /// Paths that no keys are known for: each leaves the one of zeros at another bit.
    fn comb() -> Vec<Hash> {
        let mut paths = Vec::from([Hash([0; 32])]);
        for bit in 0..=u8::MAX {
            let mut path = Hash([0; 32]);
            path.0[usize::from(bit / 8)] = 0x80 >> (bit % 8);
            paths.push(path);
        }
        paths
    }

    #[test]
    fn deepest_trie_has_the_root_of_the_definition_and_comes_apart_again() {
        let paths = comb();
        let mut link = Link::default();
        let mut entries = BTreeMap::new();
        let mut roots = Vec::new();
        for (n, path) in paths.iter().enumerate() {
            roots.push(link.update_hash());
            link.put(leaf(*path, &n.to_le_bytes()));
            entries.insert(*path, n.to_le_bytes().to_vec());
        }
        assert_eq!(link.update_hash(), root_of(&entries));
        let mut depth = 0;
        let mut at = &link;
        while let Node::Branch(branch) = &at.node {
            depth += 1;
            at = branch.sides(&paths[0]).0;
        }
        assert_eq!(depth, 256);
        for (n, path) in paths.iter().enumerate().rev() {
            assert_eq!(&*link.remove(path).unwrap().value, n.to_le_bytes());
            assert_eq!(link.update_hash(), roots[n]);
        }
    }

    #[test]
    fn removing_what_is_not_there_forgets_no_hash() {
        let mut link = Link::default();
        for path in comb().into_iter().take(9) {
            link.put(leaf(path, b"x"));
        }
        let root = link.update_hash();
        assert!(link.remove(&Hash([0xff; 32])).is_none());
        assert_eq!(link.hash, Some(root));
    }

    #[test]
    fn only_the_way_to_a_changed_leaf_is_hashed_anew() {
        let mut link = Link::default();
        for path in comb() {
            link.put(leaf(path, b"x"));
        }
        link.update_hash();
        let changed = Hash([0x80; 32]);
        link.put(leaf(changed, b"y"));
        let Node::Branch(branch) = &link.node else { panic!("a branch is expected") };
        assert_eq!((branch.bit, link.hash), (0, None));
        assert!(branch.zero.hash.is_some(), "nothing changed on side 0");
        assert!(branch.one.hash.is_none(), "side 1 has a new leaf");
    }
}
