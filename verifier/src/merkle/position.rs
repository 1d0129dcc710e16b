//! Proofs of where in a tree a leaf stands, and how many leaves there are.
//!
//! A way from a leaf to the root shows that the leaf is in the tree, but its index only as far as the
//! size is known: [`proof`](super::proof). Beside the way to the last leaf of n stand the roots of perfect
//! trees, one for each set bit of n − 1, whatever n is: a left side of a branch is always perfect. Here the
//! last leaf is shown, and one leaf of each of these trees, at the depth that a tree of its size has. A
//! leaf is hashed behind 0x00 and a branch behind 0x01, so neither passes for the other: the tree has no
//! other shape, and index and size both follow from the root.
//!
//! The leaves are 32 bytes, digests of what they stand for, as those of a block's transactions are.

use alloc::vec::Vec;

use super::{inner_hash, leaf_hash, proof::path};
use crate::encoding::{hex::Hash, to_u64};

/// The root of the tree of `size` leaves in which `leaf` has this index.
///
/// `hashes` holds, for each perfect tree before the last leaf, from the left: the siblings on the way from
/// `leaf` up, if it is the one with `leaf`; else its first leaf, and the siblings on the way from there
/// up. Then the last leaf, unless it is `leaf`. `None` if the tree does not have the index, or for another
/// number of hashes.
///
/// # Cost
/// A hash for each hash, about half the square of the logarithm of the size.
pub fn root_of_position(leaf: &Hash, index: u64, size: u64, hashes: &[Hash]) -> Option<Hash> {
    let last = size.checked_sub(1).filter(|last| index <= *last)?;
    let (mut rest, mut roots) = (hashes, Vec::new());
    for (start, height) in perfect_trees(last) {
        let within =
            index.checked_sub(start).filter(|within| within.checked_shr(height) == Some(0));
        let (content, within) = if let Some(within) = within {
            (leaf, within)
        } else {
            let (first, others) = rest.split_first()?;
            rest = others;
            (first, 0)
        };
        let (siblings, others) = rest.split_at_checked(usize::try_from(height).ok()?)?;
        rest = others;
        let climb = |hash: Hash, (level, sibling): (u32, &Hash)| {
            let is_left = within.checked_shr(level).unwrap_or_default() & 1 == 0;
            if is_left { inner_hash(&hash, sibling) } else { inner_hash(sibling, &hash) }
        };
        roots.push((0_u32..).zip(siblings).fold(leaf_hash(&content.0), climb));
    }
    let content = if index == last {
        leaf
    } else {
        let (content, others) = rest.split_first()?;
        rest = others;
        content
    };
    let on_the_right = leaf_hash(&content.0);
    let root = roots.iter().rev().fold(on_the_right, |right, left| inner_hash(left, &right));
    rest.is_empty().then_some(root)
}

/// The hashes that show where the leaf of this index stands among `leaves`.
pub fn position(leaves: &[Hash], index: usize) -> Option<Vec<Hash>> {
    let (last, before) = leaves.split_last()?;
    leaves.get(index)?;
    let mut hashes = Vec::new();
    for (start, height) in perfect_trees(to_u64(before.len())) {
        let start = usize::try_from(start).ok()?;
        let end = start.checked_add(1_usize.checked_shl(height)?)?;
        let tree = before.get(start..end)?;
        let nodes: Vec<Hash> = tree.iter().map(|leaf| leaf_hash(&leaf.0)).collect();
        let within = index.checked_sub(start).filter(|within| *within < tree.len());
        if within.is_none() {
            hashes.extend(tree.first());
        }
        hashes.extend(path(&nodes, within.unwrap_or_default())?);
    }
    if index != before.len() {
        hashes.push(*last);
    }
    Some(hashes)
}

/// The perfect trees that so many leaves are made of, from the left: index of the first leaf, and height.
fn perfect_trees(count: u64) -> impl Iterator<Item = (u64, u32)> {
    let is_set = move |height: &u32| count.checked_shr(*height).unwrap_or_default() & 1 == 1;
    (0..u64::BITS).rev().filter(is_set).scan(0_u64, |start, height| {
        let first = *start;
        *start = start.saturating_add(1_u64.checked_shl(height).unwrap_or_default());
        Some((first, height))
    })
}

#[cfg(test)]
mod tests {
    use alloc::boxed::Box;

    use super::*;
    use crate::merkle::{proof::root_of_path, root, sha256};

    fn leaves(count: u8) -> Vec<Hash> {
        (0..count).map(|n| sha256(&[&[n]])).collect()
    }

    /// A tree as a forger sees it: every hash in it is known.
    enum Tree {
        Leaf(Hash),
        Branch(Box<Self>, Box<Self>),
    }

    #[expect(clippy::arithmetic_side_effects, reason = "sizes are below a hundred")]
    impl Tree {
        fn of(leaves: &[Hash]) -> Self {
            if let [leaf] = leaves {
                return Self::Leaf(*leaf);
            }
            let (left, right) = leaves.split_at(leaves.len().next_power_of_two() / 2);
            Self::Branch(Self::of(left).into(), Self::of(right).into())
        }

        fn hash(&self) -> Hash {
            match self {
                Self::Leaf(leaf) => leaf_hash(&leaf.0),
                Self::Branch(left, right) => inner_hash(&left.hash(), &right.hash()),
            }
        }

        /// The leaf and the siblings on a way of so many steps, if it ends at a leaf.
        fn way(&self, steps: u32, within: u64) -> Option<(Hash, Vec<Hash>)> {
            match self {
                Self::Leaf(leaf) => (steps == 0).then(|| (*leaf, Vec::new())),
                Self::Branch(left, right) => {
                    let is_right = (within >> steps.checked_sub(1)?) & 1 == 1;
                    let (on, off) = if is_right { (right, left) } else { (left, right) };
                    let (leaf, mut siblings) = on.way(steps - 1, within)?;
                    siblings.push(off.hash());
                    Some((leaf, siblings))
                }
            }
        }

        /// All that can be shown for a leaf of this index among `size`, if anything can.
        fn forge(&self, index: u64, size: u64) -> Option<(Hash, Vec<Hash>)> {
            let (mut at, mut hashes, mut shown) = (self, Vec::new(), None);
            for (start, height) in perfect_trees(size - 1) {
                let Self::Branch(left, right) = at else { return None };
                let is_in = (start..start + (1 << height)).contains(&index);
                let (leaf, siblings) = left.way(height, if is_in { index - start } else { 0 })?;
                if is_in {
                    shown = Some(leaf);
                } else {
                    hashes.push(leaf);
                }
                hashes.extend(siblings);
                at = right;
            }
            let Self::Leaf(last) = at else { return None };
            if shown.is_some() {
                hashes.push(*last);
            }
            Some((shown.unwrap_or(*last), hashes))
        }
    }

    #[test]
    fn every_leaf_is_found_at_its_index_and_size_and_at_no_other() {
        for size in 1..=24_u8 {
            let leaves = leaves(size);
            let root = root(leaves.iter().map(|leaf| leaf.0));
            for (index, leaf) in leaves.iter().enumerate() {
                let hashes = position(&leaves, index).unwrap();
                for claimed_size in 0..=26 {
                    for claimed in 0..=26 {
                        let found = root_of_position(leaf, claimed, claimed_size, &hashes);
                        let is_true = (claimed, claimed_size) == (to_u64(index), u64::from(size));
                        assert_eq!(found == Some(root), is_true, "{claimed} of {claimed_size}");
                    }
                }
            }
        }
    }

    /// Whoever knows every hash of a tree still shows nothing but what is so.
    #[test]
    fn no_hashes_of_a_tree_show_another_size_or_place() {
        for size in 1..=33_u8 {
            let leaves = leaves(size);
            let tree = Tree::of(&leaves);
            for claimed_size in 1..=66 {
                for index in 0..claimed_size {
                    let forged = tree.forge(index, claimed_size);
                    assert_eq!(forged.is_some(), claimed_size == u64::from(size));
                    let Some((leaf, hashes)) = forged else { continue };
                    let at = usize::try_from(index).unwrap();
                    assert_eq!((leaf, Some(&hashes)), (leaves[at], position(&leaves, at).as_ref()));
                    let root = root_of_position(&leaf, index, claimed_size, &hashes);
                    assert_eq!(root, Some(tree.hash()));
                }
            }
        }
    }

    /// Why a way to the root is not enough.
    #[test]
    fn last_of_three_passes_for_the_second_of_two_on_a_way_alone() {
        let leaves = leaves(3);
        let nodes: Vec<Hash> = leaves.iter().map(|leaf| leaf_hash(&leaf.0)).collect();
        let way = path(&nodes, 2).unwrap();
        let root = root(leaves.iter().map(|leaf| leaf.0));
        assert_eq!(root_of_path(&nodes[2], 2, 3, &way), Some(root));
        assert_eq!(root_of_path(&nodes[2], 1, 2, &way), Some(root));
        // Of two, the first would have to be shown as a leaf; it is a branch.
        assert_ne!(root_of_position(&leaves[2], 1, 2, &way), Some(root));
    }

    #[test]
    fn every_change_of_a_hash_and_every_other_number_is_refused() {
        let leaves = leaves(13);
        let root = root(leaves.iter().map(|leaf| leaf.0));
        let hashes = position(&leaves, 9).unwrap();
        for at in 0..hashes.len() {
            let mut changed = hashes.clone();
            changed[at].0[3] ^= 4;
            assert_ne!(root_of_position(&leaves[9], 9, 13, &changed), Some(root));
            assert_ne!(root_of_position(&leaves[9], 9, 13, &hashes[..at]), Some(root));
        }
        let longer = [&hashes[..], &[root]].concat();
        assert_eq!(root_of_position(&leaves[9], 9, 13, &longer), None);
    }
}
