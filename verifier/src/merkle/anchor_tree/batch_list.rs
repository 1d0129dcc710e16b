//! The list of a batch, for the custodian: which file became which leaf.

use alloc::{format, string::String, vec::Vec};

use super::{AnchorTree, AnchorTreeError, MAX_LEAVES, SaltedDigest};
use crate::encoding::{
    DecodeError, DecodeProblem,
    cbor::{Reader, write},
    hex::Hash,
    to_u64,
};

/// The format's name, the first text of every list.
const FORMAT: &str = "vidimus/anchor-batch/1";

/// Most bytes of a document's name.
pub const MAX_NAME_BYTES: usize = 4096;

/// One document of a batch, as the custodian knows it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Document {
    /// The name of its file, at most [`MAX_NAME_BYTES`]. Means nothing to a proof.
    pub name: String,
    /// Its salted digest.
    pub digest: SaltedDigest,
}

/// Why something is no list of a batch.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum BatchListError {
    /// Bytes that do not decode.
    #[error("{0}")]
    Decode(#[from] DecodeError),
    /// A name of more than [`MAX_NAME_BYTES`].
    #[error("the name of document {index}, counted from 0, has more than {MAX_NAME_BYTES} bytes")]
    Name {
        /// Place of the document, zero-based.
        index: u64,
    },
    /// Digests that lead to another root than the list says.
    #[error("the list claims the root {claimed}, its digests lead to {computed}")]
    Root {
        /// In the list.
        claimed: Hash,
        /// From the digests.
        computed: Hash,
    },
    /// Digests that make no batch.
    #[error("{0}")]
    Tree(#[from] AnchorTreeError),
}

/// The documents of a batch in the order of the leaves, with their tree.
///
/// The custodian keeps it: names of files tell about patients. It holds no salt, so that who reads
/// it cannot try contents against digests.
///
/// As a file it is deterministic CBOR:
/// `["vidimus/anchor-batch/1", leaf_count, root, [* [name, digest]]]`.
#[derive(Clone, Debug)]
pub struct BatchList {
    documents: Vec<Document>,
    tree: AnchorTree,
}

impl BatchList {
    /// The list of these documents.
    ///
    /// # Errors
    /// - [`BatchListError::Name`]
    /// - [`BatchListError::Tree`]
    ///
    /// # Cost
    /// As [`AnchorTree::new`].
    pub fn new(documents: Vec<Document>) -> Result<Self, BatchListError> {
        let too_long = |document: &Document| document.name.len() > MAX_NAME_BYTES;
        if let Some(index) = documents.iter().position(too_long) {
            return Err(BatchListError::Name { index: to_u64(index) });
        }
        let digests: Vec<_> = documents.iter().map(|document| document.digest).collect();
        let tree = AnchorTree::new(&digests)?;
        Ok(Self { documents, tree })
    }

    /// The documents, in the order of the leaves.
    pub fn documents(&self) -> &[Document] {
        &self.documents
    }

    /// The tree over their digests.
    pub const fn tree(&self) -> &AnchorTree {
        &self.tree
    }

    /// Decodes a list from its one encoding, and builds its tree again.
    ///
    /// # Errors
    /// - [`BatchListError::Decode`]
    /// - [`BatchListError::Root`]
    /// - [`BatchListError::Tree`]
    ///
    /// # Cost
    /// As [`AnchorTree::new`]; memory is asked for as documents are read, not as they are
    /// announced.
    pub fn decode(bytes: &[u8]) -> Result<Self, BatchListError> {
        let mut reader = Reader::new(bytes);
        reader.tuple(4).map_err(|e| e.within("batch"))?;
        reader.format(FORMAT)?;
        let start = reader.offset();
        let leaf_count = reader.uint().map_err(|e| e.within("leaf_count"))?;
        if leaf_count > MAX_LEAVES {
            let error = DecodeError::new(start, DecodeProblem::OutOfRange);
            return Err(error.within("leaf_count").into());
        }
        let claimed = Hash(reader.array().map_err(|e| e.within("root"))?);
        reader.tuple(leaf_count).map_err(|e| e.within("documents"))?;
        let mut documents = Vec::new();
        for index in 0..leaf_count {
            let document = read_document(&mut reader)
                .map_err(|error| error.within(&format!("documents[{index}]")))?;
            documents.push(document);
        }
        reader.end().map_err(|e| e.within("batch"))?;
        let list = Self::new(documents)?;
        let computed = list.tree.head().root;
        if computed != claimed {
            return Err(BatchListError::Root { claimed, computed });
        }
        Ok(list)
    }

    /// The one encoding.
    pub fn to_bytes(&self) -> Vec<u8> {
        let head = self.tree.head();
        write(|e| {
            e.array(4)?.str(FORMAT)?.u64(head.leaf_count)?.bytes(head.root.as_bytes())?;
            e.array(to_u64(self.documents.len()))?;
            for document in &self.documents {
                e.array(2)?.str(&document.name)?.bytes(document.digest.as_bytes())?;
            }
            Ok(())
        })
    }
}

fn read_document(reader: &mut Reader<'_>) -> Result<Document, DecodeError> {
    reader.tuple(2)?;
    let start = reader.offset();
    let name = reader.text().map_err(|e| e.within("name"))?;
    if name.len() > MAX_NAME_BYTES {
        return Err(DecodeError::new(start, DecodeProblem::Length).within("name"));
    }
    let digest = SaltedDigest::from_hash(Hash(reader.array().map_err(|e| e.within("digest"))?));
    Ok(Document { name: name.into(), digest })
}

#[cfg(test)]
mod tests {
    use super::{super::tests::digest, *};

    fn list(count: u64) -> BatchList {
        let document = |n| Document { name: format!("visit {n}.pdf"), digest: digest(n) };
        BatchList::new((0..count).map(document).collect()).unwrap()
    }

    fn refused(bytes: &[u8]) -> DecodeError {
        let error = BatchList::decode(bytes).unwrap_err();
        let BatchListError::Decode(error) = error else { panic!("{error}") };
        error
    }

    #[test]
    fn list_is_read_back_with_its_tree() {
        for count in [1, 2, 3, 30] {
            let list = list(count);
            let read = BatchList::decode(&list.to_bytes()).unwrap();
            assert_eq!(read.documents(), list.documents());
            assert_eq!(read.tree().head(), list.tree().head());
            assert_eq!(read.to_bytes(), list.to_bytes());
        }
    }

    #[test]
    fn claimed_root_that_does_not_follow_from_the_digests_is_refused() {
        let list = list(3);
        let mut bytes = list.to_bytes();
        bytes[27] ^= 1;
        let computed = list.tree().head().root;
        let mut claimed = computed;
        claimed.0[0] ^= 1;
        let error = BatchList::decode(&bytes).unwrap_err();
        assert_eq!(error, BatchListError::Root { claimed, computed });
        // The root is as it was, and the last digest is not.
        bytes[27] ^= 1;
        *bytes.last_mut().unwrap() ^= 1;
        let error = BatchList::decode(&bytes).unwrap_err();
        assert!(matches!(error, BatchListError::Root { claimed, .. } if claimed == computed));
    }

    #[test]
    fn file_that_is_cut_or_goes_on_is_refused() {
        let bytes = list(3).to_bytes();
        for end in 0..bytes.len() {
            let error = refused(&bytes[..end]);
            assert_eq!((error.problem, error.offset), (DecodeProblem::Truncated, to_u64(end)));
        }
        let error = refused(&[bytes.as_slice(), &[0]].concat());
        assert_eq!(
            (error.problem, error.offset),
            (DecodeProblem::TrailingBytes, to_u64(bytes.len()))
        );
    }

    #[test]
    fn counts_and_names_out_of_their_range_are_refused() {
        let bytes = list(1).to_bytes();
        let with = |leaf_count: &[u8], array: &[u8]| {
            refused(&[&bytes[..24], leaf_count, &bytes[25..59], array, &bytes[60..]].concat())
        };
        let error = with(&[2], &[0x81]);
        assert_eq!((error.problem, error.offset), (DecodeProblem::Length, 59));
        let error = with(&[0x1a, 0, 0x10, 0, 1], &[0x9a, 0, 0x10, 0, 1]);
        assert_eq!((error.problem, error.offset), (DecodeProblem::OutOfRange, 24));
        // Announced and not there: nothing is set aside for it.
        let error = with(&[0x1a, 0, 0x10, 0, 0], &[0x9a, 0, 0x10, 0, 0]);
        assert_eq!((error.problem, &*error.path), (DecodeProblem::Truncated, "documents[1]"));
        let empty = [&bytes[..24], &[0], &bytes[25..59], &[0x80]].concat();
        let error = BatchList::decode(&empty).unwrap_err();
        assert_eq!(error, BatchListError::Tree(AnchorTreeError::Empty));

        let document = |length| Document { name: "n".repeat(length), digest: digest(0) };
        let longest = BatchList::new(alloc::vec![document(MAX_NAME_BYTES)]).unwrap();
        assert!(BatchList::decode(&longest.to_bytes()).is_ok());
        let longer = BatchList::new(alloc::vec![document(0), document(MAX_NAME_BYTES + 1)]);
        assert_eq!(longer.unwrap_err(), BatchListError::Name { index: 1 });
    }
}
