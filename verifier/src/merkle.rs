//! The Merkle tree hash of RFC 6962 §2.1 over SHA-256, as CometBFT uses it for every list.

pub mod anchor_tree;

use alloc::vec::Vec;

use sha2::{Digest as _, Sha256};

use crate::encoding::hex::Hash;

/// SHA-256 of the concatenation of `parts`.
pub fn sha256(parts: &[&[u8]]) -> Hash {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update(part);
    }
    Hash(hasher.finalize().into())
}

/// `SHA-256(0x00 ‖ leaf)`.
pub fn leaf_hash(leaf: &[u8]) -> Hash {
    sha256(&[&[0], leaf])
}

/// `SHA-256(0x01 ‖ left ‖ right)`.
pub fn inner_hash(left: &Hash, right: &Hash) -> Hash {
    let mut block = [1_u8; 65];
    let (head, tail) = block.split_at_mut(33);
    if let Some(slot) = head.get_mut(1..) {
        slot.copy_from_slice(&left.0);
    }
    tail.copy_from_slice(&right.0);
    Hash(Sha256::digest(block).into())
}

/// The tree hash of a list that is pushed leaf by leaf.
///
/// Holds one hash for each set bit of the number of leaves (the compact range of
/// [transparency-dev](https://github.com/transparency-dev/merkle/blob/main/docs/compact_ranges.md)),
/// so the memory is O(log n).
#[derive(Clone, Debug, Default)]
pub struct RootBuilder {
    peaks: Vec<Hash>,
    size: u64,
}

impl RootBuilder {
    /// Appends a leaf.
    pub fn push(&mut self, leaf: &[u8]) {
        self.push_hash(leaf_hash(leaf));
    }

    /// Appends a leaf by its leaf hash.
    pub fn push_hash(&mut self, mut hash: Hash) {
        // Each trailing one bit of the size is a perfect subtree that the new leaf completes.
        for _ in 0..self.size.trailing_ones() {
            if let Some(left) = self.peaks.pop() {
                hash = inner_hash(&left, &hash);
            }
        }
        self.peaks.push(hash);
        self.size = self.size.saturating_add(1);
    }

    /// The tree hash; of no leaves, `SHA-256("")`.
    pub fn root(mut self) -> Hash {
        let Some(mut root) = self.peaks.pop() else {
            return sha256(&[]);
        };
        while let Some(left) = self.peaks.pop() {
            root = inner_hash(&left, &root);
        }
        root
    }
}

/// The tree hash of `leaves` in order.
///
/// # Cost
/// 2n − 1 hashes.
pub fn root<L: AsRef<[u8]>>(leaves: impl IntoIterator<Item = L>) -> Hash {
    let mut builder = RootBuilder::default();
    for leaf in leaves {
        builder.push(leaf.as_ref());
    }
    builder.root()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 6962 §2.1 word for word: split at the largest power of two below n.
    fn reference(leaves: &[Vec<u8>]) -> Hash {
        match leaves {
            [] => sha256(&[]),
            [leaf] => leaf_hash(leaf),
            _ => {
                let split = leaves.len().next_power_of_two() / 2;
                inner_hash(&reference(&leaves[..split]), &reference(&leaves[split..]))
            }
        }
    }

    #[test]
    fn root_equals_the_recursion_of_the_rfc_for_every_size_up_to_130() {
        let leaves: Vec<Vec<u8>> = (0..130_u8).map(|n| alloc::vec![n; usize::from(n)]).collect();
        for n in 0..=leaves.len() {
            assert_eq!(root(&leaves[..n]), reference(&leaves[..n]), "{n} leaves");
        }
    }

    #[test]
    fn duplicated_last_leaf_changes_the_root_at_every_size() {
        for n in 1..34_u8 {
            let mut leaves: Vec<Vec<u8>> = (0..n).map(|i| alloc::vec![i]).collect();
            let before = root(&leaves);
            leaves.push(leaves[leaves.len() - 1].clone());
            assert_ne!(before, root(&leaves));
        }
    }
}
