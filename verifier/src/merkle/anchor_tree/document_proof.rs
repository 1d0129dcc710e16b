//! The file that goes with one document: its salt and its proof.

use alloc::{format, vec::Vec};

use super::{
    DocumentHasher, IncludedDigest, InclusionError, InclusionProof, MAX_DEPTH, ProofShapeError,
    Salt, SaltedDigest, TreeHead,
};
use crate::encoding::{
    DecodeError, DecodeProblem,
    cbor::{Reader, write},
    hex::Hash,
    to_u64,
};

/// The format's name, the first text of every proof file.
const FORMAT: &str = "vidimus/anchor-proof/1";

/// Bytes of the longest proof file.
pub const MAX_PROOF_BYTES: usize = 783;

/// What is handed out with a document so that others can find it in its batch.
///
/// Holds nothing about the other documents of the batch but hashes that their salts hide, and no
/// file name. The root and the leaf count in it are claims: they tell which batch it is for, and
/// are compared with the trusted ones, never used in their place.
///
/// As a file it is deterministic CBOR, 129 to [`MAX_PROOF_BYTES`] bytes:
/// `["vidimus/anchor-proof/1", leaf_count, index, salt, [* sibling], root]`.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct DocumentProof {
    /// The document's salt.
    pub salt: Salt,
    /// The way from the document's digest to the root.
    pub inclusion: InclusionProof,
    /// The root of the batch, as claimed.
    pub claimed_root: Hash,
}

impl DocumentProof {
    /// Decodes a proof file from its one encoding.
    ///
    /// # Errors
    /// [`DecodeError`] with offset and path. A leaf count or an index out of range is
    /// [`DecodeProblem::OutOfRange`], siblings of another number than the leaf count asks for are
    /// [`DecodeProblem::Length`].
    ///
    /// # Cost
    /// O(1): what is longer than [`MAX_PROOF_BYTES`] is refused without being read.
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        let mut reader = Reader::new(bytes);
        reader.tuple(6).map_err(|e| e.within("proof"))?;
        reader.format(FORMAT)?;
        let leaf_count_at = reader.offset();
        let leaf_count = reader.uint().map_err(|e| e.within("leaf_count"))?;
        let index_at = reader.offset();
        let index = reader.uint().map_err(|e| e.within("index"))?;
        let salt = Salt::from_bytes(reader.array().map_err(|e| e.within("salt"))?);
        let siblings_at = reader.offset();
        let count = reader.elements().map_err(|e| e.within("siblings"))?;
        if count > MAX_DEPTH {
            return Err(DecodeError::new(siblings_at, DecodeProblem::Length).within("siblings"));
        }
        let mut siblings = Vec::new();
        for level in 0..count {
            let sibling = reader.array().map_err(|e| e.within(&format!("siblings[{level}]")))?;
            siblings.push(Hash(sibling));
        }
        let claimed_root = Hash(reader.array().map_err(|e| e.within("root"))?);
        reader.end().map_err(|e| e.within("proof"))?;
        let inclusion = InclusionProof::new(leaf_count, index, siblings).map_err(|error| {
            let (offset, problem, path) = match error {
                ProofShapeError::LeafCount { .. } => {
                    (leaf_count_at, DecodeProblem::OutOfRange, "leaf_count")
                }
                ProofShapeError::Index { .. } => (index_at, DecodeProblem::OutOfRange, "index"),
                ProofShapeError::Depth { .. } => (siblings_at, DecodeProblem::Length, "siblings"),
            };
            DecodeError::new(offset, problem).within(path)
        })?;
        Ok(Self { salt, inclusion, claimed_root })
    }

    /// The one encoding.
    pub fn to_bytes(&self) -> Vec<u8> {
        let (inclusion, siblings) = (&self.inclusion, self.inclusion.siblings());
        write(|e| {
            e.array(6)?.str(FORMAT)?.u64(inclusion.leaf_count())?.u64(inclusion.index())?;
            e.bytes(self.salt.as_bytes())?.array(to_u64(siblings.len()))?;
            for sibling in siblings {
                e.bytes(sibling.as_bytes())?;
            }
            e.bytes(self.claimed_root.as_bytes())?;
            Ok(())
        })
    }

    /// A hasher that is to be fed the document.
    pub fn hasher(&self) -> DocumentHasher {
        DocumentHasher::new(&self.salt)
    }

    /// Verifies that the document with this digest is in the batch that `trusted` names.
    ///
    /// `digest` is what [`hasher`](Self::hasher) makes of the document.
    ///
    /// # Errors
    /// - [`InclusionError::ClaimedRoot`], which tells a proof for another batch from another
    ///   document.
    /// - those of [`InclusionProof::verify`].
    pub fn verify(
        &self,
        digest: &SaltedDigest,
        trusted: &TreeHead,
    ) -> Result<IncludedDigest, InclusionError> {
        if self.claimed_root != trusted.root {
            let (claimed, trusted) = (self.claimed_root, trusted.root);
            return Err(InclusionError::ClaimedRoot { claimed, trusted });
        }
        self.inclusion.verify(digest, trusted)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{super::tests::*, *};
    use crate::merkle::anchor_tree::{AnchorTree, MAX_LEAVES};

    const CONTENT: &[u8] = b"{\"resourceType\":\"Observation\"}";

    /// The proof of [`CONTENT`] as the third of five documents, and the trusted head.
    fn proven() -> (DocumentProof, TreeHead) {
        let salt = Salt::from_bytes([0x5a; 32]);
        let mut hasher = DocumentHasher::new(&salt);
        hasher.update(CONTENT);
        let (mut digests, _) = batch(5);
        digests[2] = hasher.finish();
        let tree = AnchorTree::new(&digests).unwrap();
        let head = tree.head();
        (DocumentProof { salt, inclusion: tree.proof(2).unwrap(), claimed_root: head.root }, head)
    }

    fn check(proof: &DocumentProof, head: &TreeHead) -> Result<IncludedDigest, InclusionError> {
        let mut hasher = proof.hasher();
        hasher.update(CONTENT);
        proof.verify(&hasher.finish(), head)
    }

    fn refused(bytes: &[u8]) -> (DecodeProblem, u64, &'static str) {
        let error = DocumentProof::decode(bytes).unwrap_err();
        let paths = ["proof", "format", "leaf_count", "index", "salt", "siblings", "root"];
        let known = paths.into_iter().find(|path| error.path.starts_with(path));
        (error.problem, error.offset, known.unwrap())
    }

    #[test]
    fn document_is_proven_by_what_is_read_back() {
        let (proof, head) = proven();
        let read = DocumentProof::decode(&proof.to_bytes()).unwrap();
        assert_eq!(read, proof);
        assert_eq!(check(&read, &head).unwrap().index(), 2);
    }

    #[test]
    fn proof_is_not_asked_for_its_own_root() {
        let (mut proof, head) = proven();
        let other = TreeHead { root: Hash([3; 32]), ..head };
        let (claimed, trusted) = (head.root, other.root);
        assert_eq!(check(&proof, &other), Err(InclusionError::ClaimedRoot { claimed, trusted }));
        // A claim that fits the trusted root does not make the way lead there.
        proof.claimed_root = other.root;
        let computed = head.root;
        assert_eq!(check(&proof, &other), Err(InclusionError::Root { computed, trusted }));
    }

    #[test]
    fn every_flipped_bit_is_refused() {
        let (proof, head) = proven();
        let bytes = proof.to_bytes();
        for bit in 0..bytes.len() * 8 {
            let mut flipped = bytes.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            let is_refused =
                DocumentProof::decode(&flipped).map_or(true, |proof| check(&proof, &head).is_err());
            assert!(is_refused, "bit {} of byte {}", bit % 8, bit / 8);
        }
    }

    #[test]
    fn file_that_is_cut_or_goes_on_is_refused() {
        let bytes = proven().0.to_bytes();
        for end in 0..bytes.len() {
            let (problem, offset, _) = refused(&bytes[..end]);
            assert_eq!((problem, offset), (DecodeProblem::Truncated, to_u64(end)));
        }
        let longer = [bytes.as_slice(), &[0]].concat();
        assert_eq!(refused(&longer), (DecodeProblem::TrailingBytes, to_u64(bytes.len()), "proof"));
    }

    /// Offsets: array 0, format 1, leaf count 24, index 25, salt 26, siblings 60.
    #[test]
    fn fields_out_of_their_range_are_refused_at_their_byte() {
        let bytes = proven().0.to_bytes();
        let with = |offset: usize, replaced: usize, new: &[u8]| {
            let rest = &bytes[offset + replaced..];
            refused(&[&bytes[..offset], new, rest].concat())
        };
        assert_eq!(with(0, 1, &[0x87]), (DecodeProblem::Length, 0, "proof"));
        assert_eq!(with(23, 1, b"2"), (DecodeProblem::UnknownVariant, 1, "format"));
        assert_eq!(with(24, 1, &[0]), (DecodeProblem::OutOfRange, 24, "leaf_count"));
        let above = [0x1a, 0, 0x10, 0, 1];
        assert_eq!(with(24, 1, &above), (DecodeProblem::OutOfRange, 24, "leaf_count"));
        assert_eq!(with(24, 1, &[0x18, 5]), (DecodeProblem::NotCanonical, 24, "leaf_count"));
        assert_eq!(with(24, 1, &[0x25]), (DecodeProblem::WrongType, 24, "leaf_count"));
        assert_eq!(with(25, 1, &[5]), (DecodeProblem::OutOfRange, 25, "index"));
        assert_eq!(with(26, 2, &[0x58, 31]), (DecodeProblem::Length, 26, "salt"));
        // Nine leaves ask for four siblings; 21 no batch asks for, however many may follow.
        assert_eq!(with(24, 1, &[9]), (DecodeProblem::Length, 60, "siblings"));
        let many = [0x9b, 0, 0, 0, 1, 0, 0, 0, 0];
        assert_eq!(with(60, 1, &many), (DecodeProblem::Length, 60, "siblings"));
        let error = DocumentProof::decode(&[&bytes[..129], &[0x41, 1]].concat()).unwrap_err();
        assert_eq!((error.offset, &*error.path), (129, "siblings[2]"));
    }

    #[test]
    fn longest_and_shortest_proof_have_the_stated_lengths() {
        let length = |leaf_count, index, siblings| {
            let inclusion =
                InclusionProof::new(leaf_count, index, alloc::vec![Hash([0; 32]); siblings]);
            let salt = Salt::from_bytes([0; 32]);
            let claimed_root = Hash([0; 32]);
            let proof = DocumentProof { salt, inclusion: inclusion.unwrap(), claimed_root };
            proof.to_bytes().len()
        };
        assert_eq!(length(MAX_LEAVES, MAX_LEAVES - 1, 20), MAX_PROOF_BYTES);
        assert_eq!(length(1, 0, 1), 129);
    }

    proptest! {
        #[test]
        fn bytes_that_decode_are_the_encoding_of_what_they_decode_to(
            leaf_count in 1..=MAX_LEAVES,
            position: prop::sample::Index,
            salt: [u8; 32],
            siblings in prop::collection::vec(any::<[u8; 32]>(), 20),
            root: [u8; 32],
            place: prop::sample::Index,
            byte: u8,
        ) {
            let depth = usize::try_from(crate::merkle::anchor_tree::depth(leaf_count)).unwrap();
            let siblings = siblings.into_iter().take(depth).map(Hash).collect();
            let index = position.index(usize::try_from(leaf_count).unwrap());
            let proof = DocumentProof {
                salt: Salt::from_bytes(salt),
                inclusion: InclusionProof::new(leaf_count, to_u64(index), siblings).unwrap(),
                claimed_root: Hash(root),
            };
            let mut bytes = proof.to_bytes();
            prop_assert_eq!(DocumentProof::decode(&bytes), Ok(proof));
            let length = bytes.len();
            bytes[place.index(length)] = byte;
            if let Ok(read) = DocumentProof::decode(&bytes) {
                prop_assert_eq!(read.to_bytes(), bytes);
            }
        }
    }
}
