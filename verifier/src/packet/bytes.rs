//! Byte strings of a packet, with the place where they stand.

use alloc::vec::Vec;
use core::ops::Deref;

use serde::{Serialize, Serializer};

use crate::encoding::{
    DecodeError, DecodeProblem,
    cbor::{Reader, Value, Writer},
    hex::Hash,
    to_u64,
};

/// A byte string in another encoding, such as a header.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Bytes {
    bytes: Vec<u8>,
    /// Offset of the first byte in the packet; 0 for what was not read.
    offset: u64,
}

impl Bytes {
    /// Offset of the first byte in the packet that it was read from.
    pub fn offset(&self) -> u64 {
        self.offset
    }
}

impl From<Vec<u8>> for Bytes {
    fn from(bytes: Vec<u8>) -> Self {
        Self { bytes, offset: 0 }
    }
}

impl Deref for Bytes {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.bytes
    }
}

impl Value for Bytes {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let bytes = reader.bytes()?.to_vec();
        let offset = to_u64(reader.offset().saturating_sub(bytes.len()));
        Ok(Self { bytes, offset })
    }

    fn encode(&self, writer: &mut Writer) {
        writer.bytes(&self.bytes);
    }
}

impl Serialize for Bytes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{}", ::hex::encode_upper(&self.bytes)))
    }
}

/// Hashes in one byte string, 32 bytes each; none are left out of the map that would hold them.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Hashes(Vec<Hash>);

impl From<Vec<Hash>> for Hashes {
    fn from(hashes: Vec<Hash>) -> Self {
        Self(hashes)
    }
}

impl Deref for Hashes {
    type Target = [Hash];

    fn deref(&self) -> &[Hash] {
        &self.0
    }
}

impl Value for Hashes {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let start = reader.offset();
        let bytes = reader.bytes()?;
        if bytes.is_empty() {
            return Err(DecodeError::new(start, DecodeProblem::NotCanonical));
        }
        let hashes = bytes.chunks(Hash::LENGTH).map(Hash::from_slice).collect::<Option<_>>();
        hashes.map(Self).ok_or_else(|| DecodeError::new(start, DecodeProblem::Length))
    }

    fn encode(&self, writer: &mut Writer) {
        let bytes: Vec<u8> = self.0.iter().flat_map(|hash| hash.0).collect();
        writer.bytes(&bytes);
    }

    fn absent() -> Option<Self> {
        Some(Self::default())
    }

    fn is_absent(&self) -> bool {
        self.0.is_empty()
    }
}

impl Serialize for Hashes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(&self.0)
    }
}
