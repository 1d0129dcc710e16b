//! Results of transactions, as far as the next header commits to them.

use alloc::{format, vec::Vec};

use crate::{
    encoding::{
        DecodeError,
        hex::Hash,
        protobuf::{Message, Reader, Writer},
    },
    merkle,
};

/// The deterministic part of one result (`DeterministicExecTxResult`).
///
/// Log, info, events and codespace are in no hash and are not carried.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct TransactionResult {
    /// 0 for success.
    pub code: u32,
    /// The application's answer.
    pub data: Vec<u8>,
    /// Gas asked for.
    pub gas_wanted: i64,
    /// Gas used.
    pub gas_used: i64,
}

impl<'a> Message<'a> for TransactionResult {
    fn decode(mut reader: Reader<'a>) -> Result<Self, DecodeError> {
        let mut result = Self::default();
        while let Some(field) = reader.next_field()? {
            match field.number {
                1 => result.code = field.uint32()?,
                2 => result.data = field.bytes()?.to_vec(),
                5 => result.gas_wanted = field.int64()?,
                6 => result.gas_used = field.int64()?,
                _ => return Err(field.unknown()),
            }
        }
        Ok(result)
    }

    fn encode(&self, writer: &mut Writer) {
        writer.uint64(1, u64::from(self.code));
        writer.bytes(2, &self.data);
        writer.int64(5, self.gas_wanted);
        writer.int64(6, self.gas_used);
    }
}

/// The results of a block's transactions in order.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct BlockResults {
    /// One result a transaction.
    pub results: Vec<TransactionResult>,
}

impl BlockResults {
    /// Computes the last-results hash of the next header: the RFC 6962 root over the results.
    pub fn compute_hash(&self) -> Hash {
        merkle::root(self.results.iter().map(Message::to_bytes))
    }
}

impl<'a> Message<'a> for BlockResults {
    fn decode(mut reader: Reader<'a>) -> Result<Self, DecodeError> {
        let mut results = Self::default();
        while let Some(field) = reader.next_field()? {
            if field.number != 1 {
                return Err(field.unknown());
            }
            let index = results.results.len();
            results.results.push(
                TransactionResult::decode(field.message()?)
                    .map_err(|e| e.within(&format!("results[{index}]")))?,
            );
        }
        Ok(results)
    }

    fn encode(&self, writer: &mut Writer) {
        for result in &self.results {
            writer.message(1, |w| result.encode(w));
        }
    }
}
