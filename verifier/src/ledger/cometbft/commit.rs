//! Commits: the precommits of one validator set over one block.

pub(crate) mod verify;

use alloc::{format, vec::Vec};
use core::fmt;

use super::block_id::BlockId;
use crate::{
    encoding::{
        DecodeError, DecodeProblem,
        hex::{Address, Hash},
        protobuf::{Message, Reader, Writer},
        time::Timestamp,
    },
    merkle,
};

/// What a validator's entry in a commit says.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum BlockIdFlag {
    /// No vote was received.
    Absent,
    /// A vote for the block.
    Commit,
    /// A vote for no block.
    Nil,
}

/// The bytes of a signature as found: at most 64.
#[derive(Clone, Copy, Eq, PartialEq)]
pub struct SignatureBytes {
    bytes: [u8; 64],
    length: u8,
}

impl SignatureBytes {
    /// The empty signature of an absent vote.
    pub const EMPTY: Self = Self { bytes: [0; 64], length: 0 };

    /// At most 64 bytes; `None` for more.
    pub fn from_slice(slice: &[u8]) -> Option<Self> {
        let mut bytes = [0; 64];
        bytes.get_mut(..slice.len())?.copy_from_slice(slice);
        Some(Self { bytes, length: u8::try_from(slice.len()).ok()? })
    }

    /// The bytes.
    pub fn as_slice(&self) -> &[u8] {
        self.bytes.get(..usize::from(self.length)).unwrap_or_default()
    }

    /// The 64 bytes of an Ed25519 signature; `None` for any other length.
    pub fn ed25519(&self) -> Option<&[u8; 64]> {
        (self.length == 64).then_some(&self.bytes)
    }
}

impl fmt::Debug for SignatureBytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode_upper(self.as_slice()))
    }
}

/// One validator's entry in a commit (`CommitSig`). Neither address nor index is signed.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct CommitSignature {
    /// What the entry says.
    pub flag: BlockIdFlag,
    /// The validator's address; absent for an absent vote.
    pub address: Option<Address>,
    /// The signer's own time; [`Timestamp::ZERO`] for an absent vote.
    pub timestamp: Timestamp,
    /// The signature; empty for an absent vote.
    pub signature: SignatureBytes,
}

impl CommitSignature {
    /// The entry of a validator whose vote is absent.
    pub const ABSENT: Self = Self {
        flag: BlockIdFlag::Absent,
        address: None,
        timestamp: Timestamp::ZERO,
        signature: SignatureBytes::EMPTY,
    };
}

/// A commit (CometBFT v0.38.21 `types/block.go`).
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Commit {
    /// Height of the block that is committed; 0 only in the first block's empty commit.
    pub height: u64,
    /// Round in which it was committed.
    pub round: i32,
    /// The block.
    pub block_id: BlockId,
    /// One entry for each validator of the set, in its order.
    pub signatures: Vec<CommitSignature>,
}

impl Commit {
    /// Computes the last-commit hash: the RFC 6962 root over the entries.
    ///
    /// Height, round and block id are not in it; the part set of the enclosing block covers them.
    pub fn compute_hash(&self) -> Hash {
        let mut root = merkle::RootBuilder::default();
        let mut leaf = Writer::default();
        for signature in &self.signatures {
            leaf.clear();
            signature.encode(&mut leaf);
            root.push(leaf.as_bytes());
        }
        root.root()
    }
}

impl<'a> Message<'a> for CommitSignature {
    fn decode(mut reader: Reader<'a>) -> Result<Self, DecodeError> {
        let start = reader.offset();
        let (mut flag, mut address) = (0, None);
        let mut timestamp = Timestamp { seconds: 0, nanos: 0 };
        let mut signature = SignatureBytes::EMPTY;
        while let Some(field) = reader.next_field()? {
            match field.number {
                1 => flag = field.uint64().map_err(|e| e.within("block_id_flag"))?,
                2 => {
                    address = field
                        .optional_array()
                        .map_err(|e| e.within("validator_address"))?
                        .map(Address);
                }
                3 => {
                    timestamp = field.decode("timestamp")?;
                }
                4 => {
                    let bytes = field.bytes().map_err(|e| e.within("signature"))?;
                    signature = SignatureBytes::from_slice(bytes).ok_or_else(|| {
                        DecodeError::new(field.offset, DecodeProblem::Length).within("signature")
                    })?;
                }
                _ => return Err(field.unknown()),
            }
        }
        let flag = BlockIdFlag::from_code(flag).ok_or_else(|| {
            DecodeError::new(start, DecodeProblem::UnknownVariant).within("block_id_flag")
        })?;
        Ok(Self { flag, address, timestamp, signature })
    }

    fn encode(&self, writer: &mut Writer) {
        writer.uint64(1, self.flag.code());
        writer.bytes(2, self.address.as_ref().map_or(&[], |address| &address.0));
        writer.message(3, |w| self.timestamp.encode(w));
        writer.bytes(4, self.signature.as_slice());
    }
}

impl BlockIdFlag {
    /// The flag of a protobuf or JSON code; 0 (unknown) is refused.
    pub fn from_code(code: u64) -> Option<Self> {
        match code {
            1 => Some(Self::Absent),
            2 => Some(Self::Commit),
            3 => Some(Self::Nil),
            _ => None,
        }
    }

    /// The protobuf code.
    pub fn code(self) -> u64 {
        match self {
            Self::Absent => 1,
            Self::Commit => 2,
            Self::Nil => 3,
        }
    }
}

impl<'a> Message<'a> for Commit {
    fn decode(mut reader: Reader<'a>) -> Result<Self, DecodeError> {
        let mut commit = Self::default();
        while let Some(field) = reader.next_field()? {
            match field.number {
                1 => commit.height = field.non_negative().map_err(|e| e.within("height"))?,
                2 => commit.round = field.int32().map_err(|e| e.within("round"))?,
                3 => {
                    commit.block_id = field.decode("block_id")?;
                }
                4 => {
                    let index = commit.signatures.len();
                    let signature = CommitSignature::decode(field.message()?)
                        .map_err(|e| e.within(&format!("signatures[{index}]")))?;
                    commit.signatures.push(signature);
                }
                _ => return Err(field.unknown()),
            }
        }
        Ok(commit)
    }

    fn encode(&self, writer: &mut Writer) {
        writer.uint64(1, self.height);
        writer.int64(2, i64::from(self.round));
        writer.message(3, |w| self.block_id.encode(w));
        for signature in &self.signatures {
            writer.message(4, |w| signature.encode(w));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn absent_entry_has_the_fifteen_bytes_of_cometbft() {
        assert_eq!(
            CommitSignature::ABSENT.to_bytes(),
            [
                0x08, 0x01, 0x1a, 0x0b, 0x08, 0x80, 0x92, 0xb8, 0xc3, 0x98, 0xfe, 0xff, 0xff, 0xff,
                0x01
            ]
        );
    }

    #[test]
    fn hash_of_an_empty_commit_is_the_empty_tree() {
        assert_eq!(Commit::default().compute_hash(), merkle::sha256(&[]));
    }
}
