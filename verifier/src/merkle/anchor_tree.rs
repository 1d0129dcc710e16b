//! Anchor trees: one root on the ledger for a batch of documents, FHIR resources or device
//! readings.
//!
//! A custodian puts neither documents nor their plain hashes on a ledger. Each document becomes a
//! [`SaltedDigest`], the digests become the leaves of an [`AnchorTree`], and the tree's
//! [`TreeHead`], a root and a number, goes into an `anchor` record that the custodian signs. Later
//! one document can be handed out with its [`DocumentProof`], and shows nothing about the others.
//!
//! ```text
//! salt, content ─▶ DocumentHasher ─▶ SaltedDigest ─▶ AnchorTree ─┬─▶ TreeHead ─▶ `anchor` record
//!                                         │                      └─▶ DocumentProof
//!                                         ▼                                 │
//!                trusted TreeHead ─▶ InclusionProof::verify ◀───────────────┘
//!                                         └─▶ IncludedDigest
//! ```
//!
//! Byte layouts and an example: `docs/anchor-trees.md`.
//!
//! # Examples
//! ```
//! use vidimus::merkle::anchor_tree::{AnchorTree, DocumentHasher, Salt};
//!
//! let digests: Vec<_> = (0..3_u8)
//!     .map(|n| {
//!         let mut hasher = DocumentHasher::new(&Salt::from_bytes([n; 32]));
//!         hasher.update(b"the same content, three times");
//!         hasher.finish()
//!     })
//!     .collect();
//! let tree = AnchorTree::new(&digests).unwrap();
//! let trusted = tree.head(); // In earnest: from the anchor record of a verified ledger.
//!
//! let proof = tree.proof(1).unwrap();
//! assert!(proof.verify(&digests[1], &trusted).is_ok());
//! assert!(proof.verify(&digests[2], &trusted).is_err());
//! ```

mod batch_list;
mod digest;
mod document_proof;
mod inclusion;

use core::{fmt, hash::Hasher};

use merkle_light::{hash::Algorithm, merkle::MerkleTree};
use sha2::{Digest as _, Sha256};

pub use batch_list::{BatchList, BatchListError, Document, MAX_NAME_BYTES};
pub use digest::{DocumentHasher, Salt, SaltedDigest};
pub use document_proof::{DocumentProof, MAX_PROOF_BYTES};
pub use inclusion::{IncludedDigest, InclusionError, InclusionProof, ProofShapeError};

use crate::encoding::{hex::Hash, to_u64};

/// Most leaves in one batch, 2^20. A tree of that many takes 70 MB.
pub const MAX_LEAVES: u64 = 1 << 20;

/// Most levels between a leaf and the root.
const MAX_DEPTH: u64 = 20;

/// First bytes of a padding leaf; its index follows.
const PADDING_DOMAIN: &[u8; 18] = b"vidimus/padding/1\0";

/// What an anchor record says of a batch, and all that a proof is compared with.
///
/// Whoever verifies takes it from a record that was proven to be on the ledger and signed by the
/// custodian, never from whoever presents the document.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct TreeHead {
    /// Leaves without padding, 1 to [`MAX_LEAVES`].
    pub leaf_count: u64,
    /// The tree hash of [RFC 9162 §2.1.1](https://www.rfc-editor.org/rfc/rfc9162#section-2.1.1)
    /// over the leaves and their padding: 32 bytes, SHA-256.
    pub root: Hash,
}

/// Digests that make no batch.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum AnchorTreeError {
    /// No digest.
    #[error("a batch has at least one document")]
    Empty,
    /// More than [`MAX_LEAVES`].
    #[error("a batch of {count} documents; it has at most {MAX_LEAVES}")]
    TooManyLeaves {
        /// How many there are.
        count: u64,
    },
}

/// The Merkle tree over a batch of salted digests: leaves `SHA-256(0x00 ‖ leaf)`, nodes
/// `SHA-256(0x01 ‖ left ‖ right)`.
///
/// Built by `merkle_light`, which repeats the last node of a level with an odd number of them
/// (CVE-2012-2459), so that two lists can have one root. Here no level but the root's has an odd
/// number: the list is filled up to a power of two, 2 or more, with leaves that no digest equals.
#[derive(Clone)]
pub struct AnchorTree {
    leaf_count: u64,
    tree: MerkleTree<Entry, TreeHasher>,
}

impl AnchorTree {
    /// The tree of `digests` in their order.
    ///
    /// # Errors
    /// - [`AnchorTreeError::Empty`]
    /// - [`AnchorTreeError::TooManyLeaves`]
    ///
    /// # Cost
    /// At most 4n hashes, for two digests or more, and 132n bytes.
    pub fn new(digests: &[SaltedDigest]) -> Result<Self, AnchorTreeError> {
        let leaf_count = to_u64(digests.len());
        if leaf_count == 0 {
            return Err(AnchorTreeError::Empty);
        }
        if leaf_count > MAX_LEAVES {
            return Err(AnchorTreeError::TooManyLeaves { count: leaf_count });
        }
        let padding = (leaf_count..width(leaf_count)).map(Entry::padding);
        let leaves = digests.iter().map(|digest| Entry::hash(*digest.as_hash())).chain(padding);
        Ok(Self { leaf_count, tree: MerkleTree::new(leaves) })
    }

    /// What goes into the anchor record.
    pub fn head(&self) -> TreeHead {
        TreeHead { leaf_count: self.leaf_count, root: self.tree.root().to_hash() }
    }

    /// The proof of the digest at `index`, zero-based.
    ///
    /// # Errors
    /// [`ProofShapeError::Index`] if the batch does not have as many.
    ///
    /// # Cost
    /// O(log n); no hash.
    pub fn proof(&self, index: u64) -> Result<InclusionProof, ProofShapeError> {
        let leaf_count = self.leaf_count;
        let place = usize::try_from(index).ok().filter(|_| index < leaf_count);
        let place = place.ok_or(ProofShapeError::Index { index, leaf_count })?;
        let proof = self.tree.gen_proof(place);
        // First the leaf's hash, last the root: who verifies computes the one and trusts another.
        let siblings = match proof.lemma() {
            [_, siblings @ .., _] => siblings,
            _ => &[],
        };
        InclusionProof::new(leaf_count, index, siblings.iter().map(Entry::to_hash).collect())
    }
}

impl fmt::Debug for AnchorTree {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AnchorTree").field("head", &self.head()).finish_non_exhaustive()
    }
}

/// Leaves with their padding: the power of two that holds `leaf_count`, and 2 at least.
///
/// One digest gets a leaf beside it like any other: `merkle_light` has no tree of one leaf, and the
/// rule has no exception.
fn width(leaf_count: u64) -> u64 {
    leaf_count.clamp(2, MAX_LEAVES).next_power_of_two()
}

/// Levels between a leaf and the root, 1 to [`MAX_DEPTH`].
fn depth(leaf_count: u64) -> u64 {
    u64::from(width(leaf_count).trailing_zeros())
}

/// Bytes as `merkle_light` holds them, leaves and hashes in one type: 32, or those of a padding
/// leaf.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
struct Entry {
    bytes: [u8; 32],
    length: u8,
}

impl Entry {
    const fn hash(hash: Hash) -> Self {
        Self { bytes: hash.0, length: 32 }
    }

    /// `"vidimus/padding/1" 0x00 ‖ index`, the index zero-based in eight bytes, big-endian.
    fn padding(index: u64) -> Self {
        let mut bytes = [0; 32];
        for (slot, byte) in bytes.iter_mut().zip(PADDING_DOMAIN.iter().chain(&index.to_be_bytes()))
        {
            *slot = *byte;
        }
        // A salted digest has 32, so it never equals a padding leaf.
        Self { bytes, length: 26 }
    }

    fn to_hash(&self) -> Hash {
        Hash(self.bytes)
    }
}

impl AsRef<[u8]> for Entry {
    fn as_ref(&self) -> &[u8] {
        self.bytes.get(..usize::from(self.length)).unwrap_or(&self.bytes)
    }
}

/// SHA-256 for `merkle_light`, which adds the prefixes 0x00 and 0x01 itself.
#[derive(Clone, Debug, Default)]
struct TreeHasher(Sha256);

impl Hasher for TreeHasher {
    fn write(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// The trait asks for one; the tree takes [`Algorithm::hash`].
    fn finish(&self) -> u64 {
        let digest: [u8; 32] = self.0.clone().finalize().into();
        digest.first_chunk().map_or(0, |first| u64::from_be_bytes(*first))
    }
}

impl Algorithm<Entry> for TreeHasher {
    fn hash(&mut self) -> Entry {
        Entry::hash(Hash(self.0.finalize_reset().into()))
    }
}

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;

    use ct_merkle::mem_backed_tree::MemoryBackedTree;

    use super::*;
    use crate::merkle::{root, sha256};

    /// A digest that differs from every other.
    pub(super) fn digest(n: u64) -> SaltedDigest {
        SaltedDigest::from_hash(sha256(&[&n.to_be_bytes()]))
    }

    /// A batch of that many digests.
    pub(super) fn batch(count: u64) -> (Vec<SaltedDigest>, AnchorTree) {
        let digests: Vec<_> = (0..count).map(digest).collect();
        let tree = AnchorTree::new(&digests).unwrap();
        (digests, tree)
    }

    /// Leaves and padding, spelled out.
    fn leaves(digests: &[SaltedDigest]) -> Vec<Vec<u8>> {
        let width = digests.len().next_power_of_two().max(2);
        let padding = (digests.len()..width)
            .map(|i| [b"vidimus/padding/1\0".as_slice(), &to_u64(i).to_be_bytes()].concat());
        digests.iter().map(|digest| digest.as_bytes().to_vec()).chain(padding).collect()
    }

    /// The integration test `anchor_trees` goes on to 1,025.
    #[test]
    fn root_and_proofs_are_those_of_rfc_9162_over_the_padded_list() {
        for count in 1..=40 {
            let (digests, tree) = batch(count);
            let leaves = leaves(&digests);
            assert_eq!(tree.head(), TreeHead { leaf_count: count, root: root(&leaves) });
            let mut reference = MemoryBackedTree::<Sha256, Vec<u8>>::new();
            for leaf in leaves {
                reference.push(leaf);
            }
            assert_eq!(tree.head().root.0, reference.root().as_bytes()[..], "{count} leaves");
            for index in 0..count {
                let proof = reference.prove_inclusion(usize::try_from(index).unwrap());
                let siblings = tree.proof(index).unwrap().siblings().to_vec();
                assert_eq!(siblings.iter().flat_map(|s| s.0).collect::<Vec<_>>(), proof.as_bytes());
            }
            let error = ProofShapeError::Index { index: count, leaf_count: count };
            assert_eq!(tree.proof(count), Err(error));
        }
    }

    #[test]
    fn empty_batch_and_one_too_large_make_no_tree() {
        assert_eq!(AnchorTree::new(&[]).unwrap_err(), AnchorTreeError::Empty);
        let count = MAX_LEAVES + 1;
        let digests = alloc::vec![digest(0); usize::try_from(count).unwrap()];
        assert_eq!(
            AnchorTree::new(&digests).unwrap_err(),
            AnchorTreeError::TooManyLeaves { count }
        );
    }

    #[test]
    fn one_leaf_has_a_padding_leaf_beside_it() {
        let (digests, tree) = batch(1);
        let padding = sha256(&[b"\0vidimus/padding/1\0\0\0\0\0\0\0\0\x01"]);
        assert_eq!(tree.proof(0).unwrap().siblings(), [padding]);
        assert!(tree.proof(0).unwrap().verify(&digests[0], &tree.head()).is_ok());
        assert_ne!(tree.head().root, crate::merkle::leaf_hash(digests[0].as_bytes()));
    }

    /// CVE-2012-2459: `merkle_light` alone gives one root for [0, 1, 2] and [0, 1, 2, 2].
    #[test]
    fn duplicated_last_leaf_changes_the_root_at_every_size() {
        let bare = |ns: &[u64]| {
            let entries = ns.iter().map(|n| Entry::hash(*digest(*n).as_hash()));
            MerkleTree::<Entry, TreeHasher>::new(entries).root()
        };
        assert_eq!(bare(&[0, 1, 2]), bare(&[0, 1, 2, 2]), "what the padding is for");
        for count in 1..=33 {
            let (mut digests, tree) = batch(count);
            digests.push(digests[digests.len() - 1]);
            let doubled = AnchorTree::new(&digests).unwrap();
            assert_ne!(tree.head().root, doubled.head().root, "{count}");
        }
    }

    #[test]
    fn trees_of_different_length_have_different_roots() {
        let roots: alloc::collections::BTreeSet<_> =
            (1..=64).map(|count| batch(count).1.head().root).collect();
        assert_eq!(roots.len(), 64);
    }

    #[test]
    fn depth_is_the_logarithm_of_the_padded_number() {
        let depths = [(1, 1), (2, 1), (3, 2), (4, 2), (5, 3), (1024, 10), (1025, 11)];
        for (count, expected) in depths {
            assert_eq!(depth(count), expected, "{count}");
        }
        assert_eq!((width(MAX_LEAVES), depth(MAX_LEAVES)), (MAX_LEAVES, MAX_DEPTH));
    }

    #[test]
    fn hasher_finishes_with_the_first_bytes_of_the_hash() {
        let mut hasher = TreeHasher::default();
        hasher.write(b"abc");
        assert_eq!(hasher.finish(), 0xba78_16bf_8f01_cfea, "FIPS 180-2, B.1");
        assert_eq!(hasher.hash().to_hash(), sha256(&[b"abc"]));
    }
}
