//! Consensus parameters, as far as a header commits to them.

use crate::{
    encoding::{
        DecodeError,
        hex::Hash,
        protobuf::{Message, Reader, Writer},
    },
    merkle,
};

/// `HashedParams`: the two parameters in the consensus hash (CometBFT v0.38.21 `types/params.go`).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct HashedParams {
    /// Largest block, bytes.
    pub block_max_bytes: i64,
    /// Largest gas of a block; −1 for none.
    pub block_max_gas: i64,
}

impl HashedParams {
    /// Computes the consensus hash: SHA-256 of the encoding.
    pub fn compute_hash(&self) -> Hash {
        merkle::sha256(&[&self.to_bytes()])
    }
}

impl<'a> Message<'a> for HashedParams {
    fn decode(mut reader: Reader<'a>) -> Result<Self, DecodeError> {
        let mut params = Self { block_max_bytes: 0, block_max_gas: 0 };
        while let Some(field) = reader.next_field()? {
            match field.number {
                1 => params.block_max_bytes = field.int64()?,
                2 => params.block_max_gas = field.int64()?,
                _ => return Err(field.unknown()),
            }
        }
        Ok(params)
    }

    fn encode(&self, writer: &mut Writer) {
        writer.int64(1, self.block_max_bytes);
        writer.int64(2, self.block_max_gas);
    }
}
