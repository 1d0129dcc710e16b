//! The two facts of a genesis document that the first block's header attests.

use crate::encoding::{
    DecodeError,
    protobuf::{Message, Reader, Writer},
    time::Timestamp,
};

/// Initial height and genesis time.
///
/// The document's validators, parameters and app hash may all be replaced by the application
/// when the chain starts (`InitChain`), so no header attests them and they are not carried.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Genesis {
    /// Height of the first block, 1 or more.
    pub initial_height: u64,
    /// Time of the first block, except under proposer-based timestamps.
    pub time: Timestamp,
}

impl<'a> Message<'a> for Genesis {
    fn decode(mut reader: Reader<'a>) -> Result<Self, DecodeError> {
        let mut genesis = Self { initial_height: 0, time: Timestamp { seconds: 0, nanos: 0 } };
        while let Some(field) = reader.next_field()? {
            match field.number {
                1 => genesis.initial_height = field.non_negative()?,
                2 => genesis.time = Timestamp::decode(field.message()?)?,
                _ => return Err(field.unknown()),
            }
        }
        Ok(genesis)
    }

    fn encode(&self, writer: &mut Writer) {
        writer.uint64(1, self.initial_height);
        writer.message(2, |w| self.time.encode(w));
    }
}
