//! The identity of a block: header hash and part-set header.

use crate::{
    encoding::{
        DecodeError,
        hex::Hash,
        protobuf::{Message, Reader, Writer},
    },
    merkle,
};

/// Size of a part: 64 KiB (CometBFT v0.38.21 `types/params.go`, `BlockPartSizeBytes`).
pub const PART_SIZE: usize = 65_536;

/// Number of parts of a block's bytes and the Merkle root over them.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct PartSetHeader {
    /// Number of parts; 0 only in a zero block id.
    pub total: u32,
    /// RFC 6962 root over the parts; absent only in a zero block id.
    pub hash: Option<Hash>,
}

impl PartSetHeader {
    /// Computes the part-set header of a block's bytes.
    ///
    /// # Cost
    /// One SHA-256 over the bytes and two hashes a part.
    pub fn compute(block: &[u8]) -> Self {
        let parts = block.chunks(PART_SIZE);
        Self {
            total: u32::try_from(parts.len()).unwrap_or(u32::MAX),
            hash: Some(merkle::root(parts)),
        }
    }
}

/// `BlockID`: the header hash and the part-set header.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct BlockId {
    /// Header hash; absent only in a zero block id (the first block's last, or a nil vote's).
    pub hash: Option<Hash>,
    /// Part set of the block's bytes.
    pub parts: PartSetHeader,
}

impl BlockId {
    /// Whether this is the zero block id.
    pub fn is_zero(&self) -> bool {
        *self == Self::default()
    }
}

pub(crate) fn hash_bytes(hash: Option<&Hash>) -> &[u8] {
    hash.map_or(&[], |hash| &hash.0)
}

impl<'a> Message<'a> for PartSetHeader {
    fn decode(mut reader: Reader<'a>) -> Result<Self, DecodeError> {
        let mut parts = Self::default();
        while let Some(field) = reader.next_field()? {
            match field.number {
                1 => parts.total = field.uint32().map_err(|e| e.within("total"))?,
                2 => parts.hash = field.optional_array().map_err(|e| e.within("hash"))?.map(Hash),
                _ => return Err(field.unknown()),
            }
        }
        Ok(parts)
    }

    fn encode(&self, writer: &mut Writer) {
        writer.uint64(1, u64::from(self.total));
        writer.bytes(2, hash_bytes(self.hash.as_ref()));
    }
}

impl<'a> Message<'a> for BlockId {
    fn decode(mut reader: Reader<'a>) -> Result<Self, DecodeError> {
        let mut id = Self::default();
        while let Some(field) = reader.next_field()? {
            match field.number {
                1 => id.hash = field.optional_array().map_err(|e| e.within("hash"))?.map(Hash),
                2 => {
                    id.parts = field.decode("part_set_header")?;
                }
                _ => return Err(field.unknown()),
            }
        }
        Ok(id)
    }

    fn encode(&self, writer: &mut Writer) {
        writer.bytes(1, hash_bytes(self.hash.as_ref()));
        writer.message(2, |w| self.parts.encode(w));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn block_is_cut_into_parts_of_its_size() {
        let block: alloc::vec::Vec<u8> = (0..=255).cycle().take(2 * PART_SIZE + 1).collect();
        let parts =
            [&block[..PART_SIZE], &block[PART_SIZE..2 * PART_SIZE], &block[2 * PART_SIZE..]];
        let expected = PartSetHeader { total: 3, hash: Some(merkle::root(parts)) };
        assert_eq!(PartSetHeader::compute(&block), expected);
        assert_eq!(PartSetHeader::compute(&block[..PART_SIZE]).total, 1);
    }
}
