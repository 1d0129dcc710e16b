//! Inclusion proofs: that a digest is a leaf of the tree that a trusted source names.

use alloc::vec::Vec;

use super::{MAX_LEAVES, SaltedDigest, TreeHead, depth};
use crate::{
    encoding::{hex::Hash, to_u64},
    merkle::{inner_hash, leaf_hash},
};

/// The way from one leaf to the root: the hashes beside it, from the leaves upward.
///
/// Evidence, not truth: whoever made it chose every byte. It has the one shape that its own leaf
/// count allows, which [`new`](Self::new) sees to; what it shows, it shows against a [`TreeHead`]
/// from elsewhere, in [`verify`](Self::verify). There is no root in it that could be asked instead.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct InclusionProof {
    /// Leaves without padding, 1 to [`MAX_LEAVES`].
    leaf_count: u64,
    /// Zero-based place of the leaf, below `leaf_count`.
    index: u64,
    /// As many as the tree is deep.
    siblings: Vec<Hash>,
}

/// A digest that was proven to be in a batch. Made by [`InclusionProof::verify`].
///
/// Says that a document with this digest existed when the head was made. Does not say that its
/// content is true, nor who wrote it, nor that the batch holds no second document about the same
/// matter.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct IncludedDigest {
    digest: SaltedDigest,
    index: u64,
    head: TreeHead,
}

impl IncludedDigest {
    /// The digest.
    pub const fn digest(&self) -> &SaltedDigest {
        &self.digest
    }

    /// Zero-based place in the batch.
    pub const fn index(&self) -> u64 {
        self.index
    }

    /// The head that it was proven against.
    pub const fn head(&self) -> &TreeHead {
        &self.head
    }
}

/// Why leaf count, index and siblings make no proof, whatever the tree.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ProofShapeError {
    /// More or fewer siblings than the tree is deep.
    #[error("{claimed} siblings in a tree of depth {computed}")]
    Depth {
        /// Siblings in the proof.
        claimed: u64,
        /// Depth of a tree of the proof's leaf count.
        computed: u64,
    },
    /// A place that the batch does not have. Padding stands there, or nothing.
    #[error("leaf {index}, counted from 0, of a batch of {leaf_count}")]
    Index {
        /// In the proof, zero-based.
        index: u64,
        /// In the proof.
        leaf_count: u64,
    },
    /// A batch of no leaves, or of more than [`MAX_LEAVES`].
    #[error("a batch of {leaf_count} leaves; a batch has 1 to {MAX_LEAVES}")]
    LeafCount {
        /// In the proof.
        leaf_count: u64,
    },
}

/// Why a proof does not show that a digest is in the trusted batch.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum InclusionError {
    /// A proof that says itself that it is for another batch.
    #[error("the proof is for the batch with root {claimed}, not for the one with {trusted}")]
    ClaimedRoot {
        /// In the proof's file.
        claimed: Hash,
        /// In the trusted head.
        trusted: Hash,
    },
    /// A proof for a batch of another size.
    #[error("the proof is for a batch of {claimed} leaves, the trusted one has {trusted}")]
    LeafCount {
        /// In the proof.
        claimed: u64,
        /// In the trusted head.
        trusted: u64,
    },
    /// Digest and siblings lead to another root: another document, another place, an altered proof.
    #[error("document and proof lead to the root {computed}, the trusted one is {trusted}")]
    Root {
        /// From digest, index and siblings.
        computed: Hash,
        /// In the trusted head.
        trusted: Hash,
    },
}

impl InclusionProof {
    /// A proof of the one shape that its leaf count allows.
    ///
    /// # Errors
    /// - [`ProofShapeError::LeafCount`]
    /// - [`ProofShapeError::Index`]
    /// - [`ProofShapeError::Depth`]
    pub fn new(leaf_count: u64, index: u64, siblings: Vec<Hash>) -> Result<Self, ProofShapeError> {
        if !(1..=MAX_LEAVES).contains(&leaf_count) {
            return Err(ProofShapeError::LeafCount { leaf_count });
        }
        if index >= leaf_count {
            return Err(ProofShapeError::Index { index, leaf_count });
        }
        // > If sn is 0, then stop the iteration and fail the proof verification.
        // > Compare sn to 0.
        // (RFC 9162 §2.1.3.2, steps 4 and 5.) sn is the last index of the tree and loses a bit with
        // each sibling. Filled up to a power of two, the tree has as many levels as sn has bits.
        let (claimed, computed) = (to_u64(siblings.len()), depth(leaf_count));
        if claimed != computed {
            return Err(ProofShapeError::Depth { claimed, computed });
        }
        Ok(Self { leaf_count, index, siblings })
    }

    /// Leaves of the batch without padding, as claimed.
    pub const fn leaf_count(&self) -> u64 {
        self.leaf_count
    }

    /// Zero-based place of the leaf.
    pub const fn index(&self) -> u64 {
        self.index
    }

    /// The hashes beside the way from the leaf to the root, from the leaves upward.
    pub fn siblings(&self) -> &[Hash] {
        &self.siblings
    }

    /// The root that follows if `digest` is the leaf. No opinion: see [`verify`](Self::verify).
    ///
    /// # Cost
    /// As many hashes as there are siblings, and one; 21 at most.
    pub fn compute_root(&self, digest: &SaltedDigest) -> Hash {
        let mut hash = leaf_hash(digest.as_bytes());
        // Each bit of the index tells on which side of its sibling a node stands, lowest level
        // first.
        let mut place = self.index;
        for sibling in &self.siblings {
            hash = if place & 1 == 0 {
                inner_hash(&hash, sibling)
            } else {
                inner_hash(sibling, &hash)
            };
            place >>= 1;
        }
        hash
    }

    /// Verifies that `digest` is the leaf at [`index`](Self::index) of the batch that `trusted`
    /// names.
    ///
    /// Source: `docs/anchor-trees.md`; [RFC 9162 §2.1.3.2], over a list whose length is a power of
    /// two.
    ///
    /// # Errors
    /// - [`InclusionError::LeafCount`]: index and depth were measured by another size of batch.
    /// - [`InclusionError::Root`]
    ///
    /// # Cost
    /// As [`compute_root`](Self::compute_root).
    ///
    /// [RFC 9162 §2.1.3.2]: https://www.rfc-editor.org/rfc/rfc9162#section-2.1.3.2
    pub fn verify(
        &self,
        digest: &SaltedDigest,
        trusted: &TreeHead,
    ) -> Result<IncludedDigest, InclusionError> {
        if self.leaf_count != trusted.leaf_count {
            let (claimed, trusted) = (self.leaf_count, trusted.leaf_count);
            return Err(InclusionError::LeafCount { claimed, trusted });
        }
        let computed = self.compute_root(digest);
        if computed != trusted.root {
            return Err(InclusionError::Root { computed, trusted: trusted.root });
        }
        Ok(IncludedDigest { digest: *digest, index: self.index, head: *trusted })
    }
}

#[cfg(test)]
mod tests {
    use super::{super::tests::*, *};

    #[test]
    fn every_leaf_is_proven_at_its_place_and_at_no_other() {
        for count in 1..=17 {
            let (digests, tree) = batch(count);
            let head = tree.head();
            for (index, digest) in (0..count).zip(&digests) {
                let proof = tree.proof(index).unwrap();
                let included = proof.verify(digest, &head).unwrap();
                assert_eq!(
                    (included.digest(), included.index(), included.head()),
                    (digest, index, &head)
                );
                for (other, another) in (0..count).zip(&digests) {
                    let moved = with_index(&proof, other).verify(digest, &head);
                    assert_eq!(moved.is_ok(), other == index, "{count}: {index} at {other}");
                    assert_eq!(proof.verify(another, &head).is_ok(), other == index);
                }
            }
        }
    }

    /// What `merkle_light`'s own `validate` accepts, since it compares with the root in the proof.
    #[test]
    fn self_made_proof_with_its_own_root_is_rejected() {
        let (_, tree) = batch(4);
        let digest = digest(77);
        let proof = InclusionProof::new(4, 2, alloc::vec![Hash([1; 32]), Hash([2; 32])]).unwrap();
        let own = TreeHead { leaf_count: 4, root: proof.compute_root(&digest) };
        assert!(proof.verify(&digest, &own).is_ok(), "consistent in itself");
        assert_eq!(
            proof.verify(&digest, &tree.head()),
            Err(InclusionError::Root { computed: own.root, trusted: tree.head().root })
        );
    }

    /// CVE-2017-12842: a node that is presented as a leaf, with a shorter path.
    #[test]
    fn internal_node_presented_as_a_leaf_is_rejected() {
        let (digests, tree) = batch(4);
        let [left, right] = [[0, 1], [2, 3]].map(|[a, b]: [usize; 2]| {
            let leaf = |i: usize| leaf_hash(digests[i].as_bytes());
            inner_hash(&leaf(a), &leaf(b))
        });
        assert_eq!(inner_hash(&left, &right), tree.head().root, "the node is genuine");
        let node = SaltedDigest::from_hash(left);
        assert_eq!(
            InclusionProof::new(4, 0, alloc::vec![right]),
            Err(ProofShapeError::Depth { claimed: 1, computed: 2 })
        );
        // In a batch of the size that the shorter path fits, it is a leaf, and hashed as one.
        let proof = InclusionProof::new(2, 0, alloc::vec![right]).unwrap();
        let claimed = TreeHead { leaf_count: 2, root: tree.head().root };
        assert!(matches!(proof.verify(&node, &claimed), Err(InclusionError::Root { .. })));
        assert_eq!(
            proof.verify(&node, &tree.head()),
            Err(InclusionError::LeafCount { claimed: 2, trusted: 4 })
        );
    }

    /// What `merkle_light` proves twice when it doubles the last leaf of five.
    #[test]
    fn fifth_leaf_of_five_is_not_proven_at_the_place_of_its_padding() {
        let (digests, tree) = batch(5);
        let proof = tree.proof(4).unwrap();
        let no_leaf = Err(ProofShapeError::Index { index: 5, leaf_count: 5 });
        assert_eq!(tree.proof(5), no_leaf);
        assert_eq!(InclusionProof::new(5, 5, proof.siblings().to_vec()), no_leaf);
        // Neither with a doubled leaf beside it nor in a batch that claims one leaf more.
        let mut siblings = proof.siblings().to_vec();
        siblings[0] = leaf_hash(digests[4].as_bytes());
        for siblings in [siblings, proof.siblings().to_vec()] {
            let forged = InclusionProof::new(6, 5, siblings).unwrap();
            let six = TreeHead { leaf_count: 6, root: tree.head().root };
            assert!(matches!(forged.verify(&digests[4], &six), Err(InclusionError::Root { .. })));
        }
    }

    #[test]
    fn proofs_of_another_depth_are_rejected() {
        let (_, tree) = batch(5);
        let proof = tree.proof(1).unwrap();
        let mut siblings = proof.siblings().to_vec();
        siblings.push(tree.head().root);
        let extra = InclusionProof::new(5, 1, siblings.clone());
        assert_eq!(extra, Err(ProofShapeError::Depth { claimed: 4, computed: 3 }));
        for length in 0..3 {
            let short = InclusionProof::new(5, 1, siblings[..length].to_vec());
            let claimed = to_u64(length);
            assert_eq!(short, Err(ProofShapeError::Depth { claimed, computed: 3 }));
        }
    }

    #[test]
    fn leaf_count_is_the_trusted_one() {
        let (digests, tree) = batch(5);
        let proof = tree.proof(1).unwrap();
        // Same depth, so the same root follows: the count alone tells.
        for claimed in [6, 7, 8] {
            let forged = InclusionProof::new(claimed, 1, proof.siblings().to_vec()).unwrap();
            assert_eq!(forged.compute_root(&digests[1]), tree.head().root);
            let error = forged.verify(&digests[1], &tree.head()).unwrap_err();
            assert_eq!(error, InclusionError::LeafCount { claimed, trusted: 5 });
        }
        for leaf_count in [0, MAX_LEAVES + 1, u64::MAX] {
            let error = InclusionProof::new(leaf_count, 0, Vec::new()).unwrap_err();
            assert_eq!(error, ProofShapeError::LeafCount { leaf_count });
        }
        let last = InclusionProof::new(MAX_LEAVES, MAX_LEAVES - 1, alloc::vec![Hash([0; 32]); 20]);
        assert!(last.is_ok(), "the largest batch");
    }

    #[test]
    fn every_altered_sibling_is_noticed() {
        let (digests, tree) = batch(13);
        let proof = tree.proof(12).unwrap();
        for level in 0..proof.siblings().len() {
            let mut altered = proof.clone();
            altered.siblings[level].0[31] ^= 1;
            let result = altered.verify(&digests[12], &tree.head());
            assert!(matches!(result, Err(InclusionError::Root { .. })), "level {level}");
        }
        let mut swapped = proof.clone();
        swapped.siblings.swap(1, 2);
        assert!(swapped.verify(&digests[12], &tree.head()).is_err());
    }

    fn with_index(proof: &InclusionProof, index: u64) -> InclusionProof {
        InclusionProof { index, ..proof.clone() }
    }
}
