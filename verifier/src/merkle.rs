//! The Merkle tree hash of RFC 6962 §2.1 over SHA-256, as CometBFT uses it for every list.

pub mod anchor_tree;
pub mod position;
pub mod proof;

use alloc::vec::Vec;

use sha2::{Digest as _, Sha256};

use crate::encoding::{hex::Hash, to_u64};

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
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct RootBuilder {
    peaks: Vec<Hash>,
    size: u64,
}

impl RootBuilder {
    /// Goes on where another one stopped, with its [size](Self::size) and [hashes](Self::hashes).
    ///
    /// `None` if the hashes are not one for each set bit of the size. Whether they are those of any
    /// leaves cannot be seen from them.
    pub fn from_hashes(size: u64, hashes: Vec<Hash>) -> Option<Self> {
        let expected = u64::from(size.count_ones());
        (to_u64(hashes.len()) == expected).then_some(Self { peaks: hashes, size })
    }

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

    /// Number of leaves so far.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Roots of the perfect subtrees that the leaves so far make up, from the left: one for each set
    /// bit of the [size](Self::size), the largest first.
    pub fn hashes(&self) -> &[Hash] {
        &self.peaks
    }

    /// The tree hash; of no leaves, `SHA-256("")`.
    pub fn root(&self) -> Hash {
        let mut peaks = self.peaks.iter().rev();
        let Some(last) = peaks.next() else {
            return sha256(&[]);
        };
        peaks.fold(*last, |right, left| inner_hash(left, &right))
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
    fn builder_goes_on_from_its_hashes_at_every_size_up_to_34() {
        let mut whole = RootBuilder::default();
        for n in 0..34_u8 {
            let mut resumed =
                RootBuilder::from_hashes(whole.size(), whole.hashes().to_vec()).unwrap();
            whole.push(&[n]);
            resumed.push(&[n]);
            assert_eq!(resumed, whole);
            let leaves: Vec<Vec<u8>> = (0..=n).map(|leaf| alloc::vec![leaf]).collect();
            assert_eq!(resumed.root(), reference(&leaves));
        }
    }

    #[test]
    fn hashes_of_another_number_than_the_size_asks_for_are_refused() {
        for (size, hashes) in [(0, 1), (1, 0), (2, 2), (3, 1), (4, 0), (7, 4), (u64::MAX, 63)] {
            let hashes = alloc::vec![leaf_hash(b"x"); hashes];
            assert_eq!(RootBuilder::from_hashes(size, hashes), None, "{size}");
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
