//! Proofs that a leaf stands in a tree, and that one tree begins with another (RFC 9162 §2.1.3, §2.1.4).
//!
//! No proof says how long it is: that follows from index and size, and another length is refused.
//! Neither is shown by a proof of inclusion alone: a leaf with one hash on the way may be the second of
//! two or the last of three. The size comes from whoever knows the tree, or from a
//! [`position`](super::position) proof.

use alloc::vec::Vec;

use super::inner_hash;
use crate::encoding::{hex::Hash, to_u64};

/// The root of the tree of `size` leaves in which the leaf with this hash has this index.
///
/// `None` for an index that the tree does not have, and for more or fewer hashes than the way has.
///
/// # Cost
/// A hash for each hash on the way, at most 64.
pub fn root_of_path(leaf: &Hash, index: u64, size: u64, path: &[Hash]) -> Option<Hash> {
    let (inner, border) = shape(index, size)?;
    if to_u64(path.len()) != u64::from(inner).saturating_add(u64::from(border)) {
        return None;
    }
    let mut hash = *leaf;
    for (level, sibling) in (0_u32..).zip(path) {
        // Above the inner part, the way goes along the right border: siblings stand on the left.
        let is_left = level < inner && index.checked_shr(level).unwrap_or_default() & 1 == 0;
        hash = if is_left { inner_hash(&hash, sibling) } else { inner_hash(sibling, &hash) };
    }
    Some(hash)
}

/// Steps of the way from a leaf to the root: those below where it parts from the way of the last
/// leaf, and those above, where the leaf lies on the right.
fn shape(index: u64, size: u64) -> Option<(u32, u32)> {
    if index >= size {
        return None;
    }
    let last = size.saturating_sub(1);
    let inner = u64::BITS.saturating_sub((index ^ last).leading_zeros());
    let border = index.checked_shr(inner).unwrap_or_default().count_ones();
    Some((inner, border))
}

/// The way from the leaf of this index to the root, of a tree that is given by the hashes of its leaves.
///
/// # Cost
/// O(n) hashes.
pub fn path(leaves: &[Hash], index: usize) -> Option<Vec<Hash>> {
    leaves.get(index)?;
    let (mut level, mut index, mut path) = (leaves.to_vec(), index, Vec::new());
    while level.len() > 1 {
        // The last of an odd number moves up as it is.
        path.extend(level.get(index ^ 1));
        level = level
            .chunks(2)
            .filter_map(|pair| match pair {
                [left, right] => Some(inner_hash(left, right)),
                [alone] => Some(*alone),
                _ => None,
            })
            .collect();
        index >>= 1;
    }
    Some(path)
}

/// Whether the tree of `size` leaves begins with the tree of `before` leaves.
///
/// `before` is 1 or more: every tree begins with the empty one, and nothing would be shown.
///
/// # Cost
/// At most two hashes for each hash of the proof.
pub fn is_consistent(
    (before, root_before): (u64, &Hash),
    (size, root): (u64, &Hash),
    path: &[Hash],
) -> bool {
    if before == 0 || before > size {
        return false;
    }
    if before == size {
        return path.is_empty() && root_before == root;
    }
    // The largest subtree that ends where the smaller tree ends: where the two ways part.
    let shift = before.trailing_zeros();
    let Some((inner, border)) = shape(before.saturating_sub(1), size) else { return false };
    let inner = inner.saturating_sub(shift);
    let is_whole = before.is_power_of_two();
    let steps = u64::from(inner).saturating_add(u64::from(border));
    let (seed, path) = match (is_whole, path) {
        (true, path) => (root_before, path),
        (false, [seed, path @ ..]) => (seed, path),
        (false, []) => return false,
    };
    if to_u64(path.len()) != steps {
        return false;
    }
    let last = before.saturating_sub(1).checked_shr(shift).unwrap_or_default();
    let (mut old, mut new) = (*seed, *seed);
    for (level, sibling) in (0_u32..).zip(path) {
        let is_left = level < inner && last.checked_shr(level).unwrap_or_default() & 1 == 0;
        if is_left {
            new = inner_hash(&new, sibling);
        } else {
            old = inner_hash(sibling, &old);
            new = inner_hash(sibling, &new);
        }
    }
    old == *root_before && new == *root
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::merkle::{RootBuilder, leaf_hash};

    fn leaves(count: u8) -> Vec<Hash> {
        (0..count).map(|n| leaf_hash(&[n])).collect()
    }

    fn root(leaves: &[Hash]) -> Hash {
        let mut builder = RootBuilder::default();
        for leaf in leaves {
            builder.push_hash(*leaf);
        }
        builder.root()
    }

    /// The proof of RFC 9162 §2.1.4.1, word for word.
    #[expect(clippy::arithmetic_side_effects, reason = "a larger number less a smaller one")]
    fn subproof(before: usize, leaves: &[Hash], is_known: bool) -> Vec<Hash> {
        if before == leaves.len() {
            return if is_known { Vec::new() } else { Vec::from([root(leaves)]) };
        }
        let split = leaves.len().next_power_of_two() / 2;
        let (left, right) = leaves.split_at(split);
        if before <= split {
            let mut proof = subproof(before, left, is_known);
            proof.push(root(right));
            proof
        } else {
            let mut proof = subproof(before - split, right, false);
            proof.push(root(left));
            proof
        }
    }

    #[test]
    fn every_leaf_of_every_tree_up_to_40_is_found_and_no_other() {
        for size in 1..=40_u8 {
            let leaves = leaves(size);
            let root = root(&leaves);
            for index in 0..leaves.len() {
                let path = path(&leaves, index).unwrap();
                let of =
                    |leaf, path: &[Hash]| root_of_path(leaf, to_u64(index), u64::from(size), path);
                assert_eq!(of(&leaves[index], &path), Some(root));
                let other = leaf_hash(b"other");
                assert_ne!(of(&other, &path), Some(root));
                // A hash too many or too few.
                assert_eq!(of(&leaves[index], &[&path[..], &[root]].concat()), None);
                if let Some((_, shorter)) = path.split_last() {
                    assert_eq!(of(&leaves[index], shorter), None);
                }
                for at in 0..path.len() {
                    let mut changed = path.clone();
                    changed[at].0[31] ^= 1;
                    assert_ne!(of(&leaves[index], &changed), Some(root));
                }
            }
            assert_eq!(root_of_path(&leaves[0], u64::from(size), u64::from(size), &[]), None);
        }
        assert_eq!(root_of_path(&leaf_hash(b""), 0, 0, &[]), None);
    }

    #[test]
    fn every_tree_up_to_40_begins_with_every_smaller_one_and_no_other() {
        for size in 1..=40_u8 {
            let leaves = leaves(size);
            let whole = (u64::from(size), &root(&leaves));
            for before in 1..=usize::from(size) {
                let smaller = root(&leaves[..before]);
                let proof = subproof(before, &leaves, true);
                assert!(
                    is_consistent((to_u64(before), &smaller), whole, &proof),
                    "{before} {size}"
                );
                let other = leaf_hash(b"other");
                assert!(!is_consistent((to_u64(before), &other), whole, &proof));
                assert!(!is_consistent((to_u64(before), &smaller), (whole.0, &other), &proof));
                let longer = [&proof[..], &[other]].concat();
                assert!(!is_consistent((to_u64(before), &smaller), whole, &longer));
                for at in 0..proof.len() {
                    let mut changed = proof.clone();
                    changed[at].0[0] ^= 1;
                    assert!(!is_consistent((to_u64(before), &smaller), whole, &changed));
                    let mut shorter = proof.clone();
                    shorter.remove(at);
                    assert!(!is_consistent((to_u64(before), &smaller), whole, &shorter));
                }
            }
            // From nothing, nothing follows; and no tree begins with a larger one.
            let empty = crate::merkle::sha256(&[]);
            assert!(!is_consistent((0, &empty), whole, &[]));
            assert!(!is_consistent((whole.0 + 1, whole.1), whole, &[]));
        }
    }
}
