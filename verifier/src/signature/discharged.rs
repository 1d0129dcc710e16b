//! The outcome of a batch.

use alloc::vec::Vec;

use sha2::{Digest as _, Sha256};

use super::batch::{BatchDecodeError, BatchDecodeProblem};

/// First bytes of an encoded outcome.
const MAGIC: &[u8; 17] = b"vidimus/failed/1\n";

/// Which signatures of one batch fail; all others were verified.
///
/// Made by [`Batch::verify`](super::Batch::verify). Beside it there is one door, which says what it
/// takes on trust: [`assume_verified`](Self::assume_verified). It speaks
/// for the batch with its [id](Self::batch_id) and for no other.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Discharged {
    batch_id: [u8; 32],
    /// Strictly ascending.
    failed: Vec<u32>,
}

impl Discharged {
    /// Only verification knows what failed.
    pub(super) fn new(batch_id: [u8; 32], mut failed: Vec<u32>) -> Self {
        failed.sort_unstable();
        failed.dedup();
        Self { batch_id, failed }
    }

    /// The [id](super::Batch::id) of the batch.
    pub const fn batch_id(&self) -> &[u8; 32] {
        &self.batch_id
    }

    /// Zero-based places in the batch of the signatures that fail, strictly ascending.
    pub fn failed(&self) -> &[u32] {
        &self.failed
    }

    /// Whether no signature fails.
    pub fn is_clean(&self) -> bool {
        self.failed.is_empty()
    }

    /// The bytes with which an outcome crosses from a Web Worker to the page that started it.
    ///
    /// `"vidimus/failed/1\n"`, the batch id (32 bytes), each failed place (4 bytes, little-endian),
    /// SHA-256 of all that (32 bytes).
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        bytes.extend_from_slice(MAGIC);
        bytes.extend_from_slice(&self.batch_id);
        for index in &self.failed {
            bytes.extend_from_slice(&index.to_le_bytes());
        }
        let digest = Sha256::digest(&bytes);
        bytes.extend_from_slice(&digest);
        bytes
    }

    /// Takes the caller's word that these are the bytes which [`to_bytes`](Self::to_bytes) wrote of
    /// an outcome of [`Batch::verify`](super::Batch::verify), in a worker of the same origin.
    ///
    /// Bytes carry no trust of their own: the digest tells damage, not forgery. Whoever calls this with
    /// other bytes switches signatures off. They are joined to nothing but an outstanding batch that has
    /// the id they name. Does not check that the places lie within that batch.
    ///
    /// # Errors
    /// [`BatchDecodeError`] with [`Header`](BatchDecodeProblem::Header),
    /// [`Truncated`](BatchDecodeProblem::Truncated), [`Digest`](BatchDecodeProblem::Digest) or
    /// [`Order`](BatchDecodeProblem::Order).
    pub fn assume_verified(bytes: &[u8]) -> Result<Self, BatchDecodeError> {
        let rest = bytes
            .strip_prefix(MAGIC)
            .ok_or_else(|| BatchDecodeError::new(0, BatchDecodeProblem::Header))?;
        let truncated = || BatchDecodeError::new(bytes.len(), BatchDecodeProblem::Truncated);
        let (batch_id, rest) = rest.split_first_chunk::<32>().ok_or_else(truncated)?;
        let (places, digest) = rest.split_last_chunk::<32>().ok_or_else(truncated)?;
        let (places, remainder) = places.as_chunks::<4>();
        if !remainder.is_empty() {
            return Err(truncated());
        }
        let digest_offset = bytes.len().saturating_sub(digest.len());
        let computed = Sha256::digest(bytes.get(..digest_offset).unwrap_or_default());
        if computed.as_slice() != digest {
            return Err(BatchDecodeError::new(digest_offset, BatchDecodeProblem::Digest));
        }
        let failed: Vec<u32> = places.iter().map(|place| u32::from_le_bytes(*place)).collect();
        if !failed.is_sorted_by(|earlier, later| earlier < later) {
            return Err(BatchDecodeError::new(
                MAGIC.len().saturating_add(batch_id.len()),
                BatchDecodeProblem::Order,
            ));
        }
        Ok(Self { batch_id: *batch_id, failed })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outcome_that_lists_a_place_twice_or_out_of_order_does_not_decode() {
        for failed in [alloc::vec![3, 3], alloc::vec![4, 3], alloc::vec![1, 5, 2]] {
            let bytes = Discharged { batch_id: [7; 32], failed }.to_bytes();
            assert_eq!(
                Discharged::assume_verified(&bytes),
                Err(BatchDecodeError { offset: 49, problem: BatchDecodeProblem::Order })
            );
        }
    }

    #[test]
    fn outcome_is_sorted_and_without_repetition() {
        assert_eq!(Discharged::new([0; 32], alloc::vec![5, 1, 5, 3]).failed(), [1, 3, 5]);
    }

    #[test]
    fn outcome_is_clean_when_nothing_fails() {
        assert!(Discharged::new([0; 32], alloc::vec![]).is_clean());
        assert!(!Discharged::new([0; 32], alloc::vec![0]).is_clean());
    }
}
