//! The trie: leaves and branches, the way to a path, and which hashes are to be computed.

use alloc::vec::Vec;

use super::{
    branch_hash, empty_root, first_difference, is_one,
    node::{Branch, Leaf, Link, Node, UNKNOWN},
    slab::Slab,
};
use crate::encoding::hex::Hash;

/// Paths that are noted at most, 2 MiB of them, before what they lead to is hashed.
const NOTED: usize = 1 << 16;

/// Leaves and branches by number.
///
/// A hash that is not up to date is that of a node on the way of a path in `noted`. That holds
/// however the trie changes: a branch lies on the way of whatever has the bits that all below it
/// have before the branch's own, and these stay what they are as long as the branch does.
///
/// No function here recurses deeper than 257: the bits of the branches on a way down ascend.
#[derive(Clone, Debug, Default)]
pub(super) struct Trie {
    root: Option<(Link, Hash)>,
    branches: Slab<Branch>,
    leaves: Slab<Leaf>,
    /// Paths to which something changed since the hashes were computed.
    noted: Vec<Hash>,
}

impl Trie {
    pub(super) fn root(&self) -> Option<Link> {
        self.root.map(|(link, _)| link)
    }

    /// Number of leaves.
    pub(super) fn len(&self) -> usize {
        self.leaves.len()
    }

    pub(super) fn leaf(&self, number: u32) -> Option<&Leaf> {
        self.leaves.get(number)
    }

    pub(super) fn branch(&self, number: u32) -> Option<&Branch> {
        self.branches.get(number)
    }

    /// Gives a leaf another value.
    pub(super) fn set_value(&mut self, number: u32, value: &[u8]) {
        if let Some(leaf) = self.leaves.get_mut(number) {
            leaf.set_value(value);
            let path = leaf.path;
            self.note(path);
        }
    }

    /// Adds a leaf with a path that none has. Its number, if there are numbers left.
    pub(super) fn add(&mut self, leaf: Leaf) -> Option<u32> {
        let path = leaf.path;
        let Some(nearest) = self.nearest(&path) else {
            let number = self.leaves.insert(leaf)?;
            self.root = Some((Node::Leaf(number).into(), UNKNOWN));
            self.note(path);
            return Some(number);
        };
        let bit = first_difference(&self.leaves.get(nearest)?.path, &path)?;
        // The new branch comes below the last one that parts paths before it does.
        let mut above = None;
        let mut below = self.root?;
        while let Node::Branch(number) = below.0.node() {
            let branch = self.branches.get(number).filter(|branch| branch.bit < bit);
            let Some(branch) = branch else { break };
            above = Some(number);
            below = branch.side(&path);
        }
        let number = self.leaves.insert(leaf)?;
        let fork = self.branches.insert(Branch::fork(bit, below, &path, number))?;
        self.place(above, &path, Node::Branch(fork).into(), UNKNOWN);
        self.note(path);
        Some(number)
    }

    /// Removes the leaf at `path`. Its number, if there is one.
    pub(super) fn remove(&mut self, path: &Hash) -> Option<u32> {
        let (mut link, _) = self.root?;
        // The branches above the leaf: the last one, and the one before it.
        let (mut above, mut parent) = (None, None);
        let leaf = loop {
            match link.node() {
                Node::Leaf(number) => break number,
                Node::Branch(number) => {
                    (above, parent) = (parent, Some(number));
                    (link, _) = self.branches.get(number)?.side(path);
                }
            }
        };
        self.leaves.get(leaf).filter(|leaf| leaf.path == *path)?;
        self.leaves.remove(leaf);
        if let Some(parent) = parent {
            // What is left moves up with the hash that it had: no hash names its place.
            let (other, hash) = self.branches.remove(parent)?.other_side(path);
            self.place(above, path, other, hash);
        } else {
            self.root = None;
        }
        self.note(*path);
        Some(leaf)
    }

    /// The hash of all, for which no more is hashed than changed.
    pub(super) fn update_hash(&mut self) -> Hash {
        let Self { root, branches, leaves, noted } = self;
        let Some((link, hash)) = root else {
            noted.clear();
            return empty_root();
        };
        if !noted.is_empty() {
            *hash = compute_hash(branches, leaves, *link, noted).unwrap_or(UNKNOWN);
            noted.clear();
        }
        *hash
    }

    /// The leaf that the bits of `path` lead to: its own, or that of another path; none in an empty
    /// trie.
    pub(super) fn nearest(&self, path: &Hash) -> Option<u32> {
        let mut link = self.root()?;
        loop {
            match link.node() {
                Node::Leaf(number) => return Some(number),
                Node::Branch(number) => (link, _) = self.branches.get(number)?.side(path),
            }
        }
    }

    /// Places a subtree below this branch or, without one, as the whole trie.
    fn place(&mut self, above: Option<u32>, path: &Hash, link: Link, hash: Hash) {
        match above {
            None => self.root = Some((link, hash)),
            Some(number) => {
                if let Some(branch) = self.branches.get_mut(number) {
                    branch.set_side(path, link, hash);
                }
            }
        }
    }

    fn note(&mut self, path: Hash) {
        self.noted.push(path);
        if self.noted.len() >= NOTED {
            self.update_hash();
        }
    }
}

/// The hash of what lies below a link, where nothing changed but on the way of these paths.
fn compute_hash(
    branches: &mut Slab<Branch>,
    leaves: &Slab<Leaf>,
    link: Link,
    noted: &mut [Hash],
) -> Option<Hash> {
    let number = match link.node() {
        Node::Leaf(number) => return leaves.get(number).map(Leaf::hash),
        Node::Branch(number) => number,
    };
    let &Branch { bit, zero, one, mut zero_hash, mut one_hash } = branches.get(number)?;
    let (zeros, ones) = part(noted, bit);
    if !zeros.is_empty() {
        zero_hash = compute_hash(branches, leaves, zero, zeros)?;
    }
    if !ones.is_empty() {
        one_hash = compute_hash(branches, leaves, one, ones)?;
    }
    let branch = branches.get_mut(number)?;
    (branch.zero_hash, branch.one_hash) = (zero_hash, one_hash);
    Some(branch_hash(bit, &zero_hash, &one_hash))
}

/// Puts the paths with a 0 in this bit before those with a 1.
///
/// They need not agree in the bits before it, since those of what was removed may lie on no way to
/// a leaf. So sorting them would not do.
fn part(paths: &mut [Hash], bit: u8) -> (&mut [Hash], &mut [Hash]) {
    let mut zeros = 0_usize;
    for at in 0..paths.len() {
        if paths.get(at).is_some_and(|path| !is_one(path, bit)) {
            paths.swap(zeros, at);
            zeros = zeros.saturating_add(1);
        }
    }
    paths.split_at_mut(zeros)
}

#[cfg(test)]
mod tests {
    use alloc::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;
    use crate::state::reference;

    type Plain = BTreeMap<Hash, Vec<u8>>;

    fn add(trie: &mut Trie, path: Hash, value: &[u8]) {
        trie.add(Leaf::new(path, &path.0, value)).unwrap();
    }

    fn root_of(plain: &Plain) -> Hash {
        let entries: Vec<_> = plain.iter().map(|(path, value)| (*path, value.clone())).collect();
        reference::root(&entries)
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
        let mut trie = Trie::default();
        let mut plain = Plain::new();
        let mut roots = Vec::new();
        for (n, path) in paths.iter().enumerate() {
            roots.push(trie.update_hash());
            add(&mut trie, *path, &n.to_le_bytes());
            plain.insert(*path, n.to_le_bytes().to_vec());
        }
        assert_eq!(trie.update_hash(), root_of(&plain));
        let mut depth = 0;
        let mut link = trie.root().unwrap();
        while let Node::Branch(number) = link.node() {
            depth += 1;
            (link, _) = trie.branch(number).unwrap().side(&paths[0]);
        }
        assert_eq!(depth, 256);
        for (n, path) in paths.iter().enumerate().rev() {
            let leaf = trie.nearest(path).unwrap();
            assert_eq!(trie.leaf(leaf).unwrap().value(), n.to_le_bytes());
            assert_eq!(trie.remove(path), Some(leaf));
            assert_eq!(trie.update_hash(), roots[n]);
        }
        assert_eq!((trie.len(), trie.branches.len()), (0, 0));
    }

    #[test]
    fn numbers_of_what_was_removed_are_used_again() {
        let paths = comb();
        let mut trie = Trie::default();
        for round in 0..4 {
            for path in &paths {
                add(&mut trie, *path, b"x");
            }
            assert_eq!((trie.len(), trie.branches.len()), (257, 256), "round {round}");
            for path in &paths {
                assert!(trie.remove(path).is_some_and(|number| number < 257));
            }
        }
    }

    #[test]
    fn removing_what_is_not_there_notes_nothing() {
        let mut trie = Trie::default();
        for path in comb().into_iter().take(9) {
            add(&mut trie, path, b"x");
        }
        trie.update_hash();
        assert_eq!(trie.remove(&Hash([0xff; 32])), None);
        assert!(trie.noted.is_empty());
    }

    #[test]
    fn only_the_way_to_a_changed_leaf_is_hashed_anew() {
        let mut trie = Trie::default();
        for path in comb() {
            add(&mut trie, path, b"x");
        }
        let before = trie.update_hash();
        let Node::Branch(top) = trie.root().unwrap().node() else { panic!("a branch is expected") };
        // Whatever stands on side 0 stays, as long as nothing changes there.
        let marked = Hash([9; 32]);
        let zero_hash = trie.branches.get(top).unwrap().zero_hash;
        trie.branches.get_mut(top).unwrap().zero_hash = marked;
        let changed = trie.nearest(&comb()[1]).unwrap();
        trie.set_value(changed, b"y");
        trie.update_hash();
        assert_eq!(trie.branches.get(top).unwrap().zero_hash, marked);
        trie.branches.get_mut(top).unwrap().zero_hash = zero_hash;
        trie.set_value(changed, b"x");
        assert_eq!(trie.update_hash(), before);
    }

    #[test]
    fn what_is_noted_is_hashed_before_it_takes_much_memory() {
        let mut trie = Trie::default();
        for path in comb() {
            add(&mut trie, path, b"x");
        }
        let before = trie.update_hash();
        for n in 0..NOTED + 10 {
            trie.set_value(u32::try_from(n % 257).unwrap(), b"y");
            assert!(trie.noted.len() < NOTED);
        }
        for number in 0..257 {
            trie.set_value(number, b"x");
        }
        assert_eq!(trie.update_hash(), before);
    }

    /// Paths that begin or end alike, so that branches are deep and lie far apart.
    fn path() -> impl Strategy<Value = Hash> {
        let byte = prop::sample::select(&[0_u8, 1, 0x40, 0x80, 0xff][..]);
        (byte.clone(), byte.clone(), byte).prop_map(|(first, middle, last)| {
            let mut path = Hash([0; 32]);
            (path.0[0], path.0[15], path.0[31]) = (first, middle, last);
            path
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(96))]

        #[test]
        fn close_paths_come_and_go_with_the_root_of_the_definition(
            blocks in prop::collection::vec(
                prop::collection::vec((path(), prop::option::of(any::<[u8; 1]>())), 0..40),
                0..12,
            ),
        ) {
            let (mut trie, mut plain) = (Trie::default(), Plain::new());
            for block in blocks {
                for (path, value) in block {
                    let Some(value) = value else {
                        prop_assert_eq!(trie.remove(&path).is_some(), plain.remove(&path).is_some());
                        continue;
                    };
                    if plain.insert(path, value.to_vec()).is_some() {
                        let number = trie.nearest(&path).unwrap();
                        trie.set_value(number, &value);
                    } else {
                        add(&mut trie, path, &value);
                    }
                }
                prop_assert_eq!(trie.update_hash(), root_of(&plain));
                prop_assert_eq!(trie.len(), plain.len());
                prop_assert_eq!(trie.branches.len(), plain.len().saturating_sub(1));
            }
        }
    }
}
