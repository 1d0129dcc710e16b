//! The signed header: a header, and a commit over it.

use super::{commit::Commit, header::Header};
use crate::encoding::{
    DecodeError, DecodeProblem,
    protobuf::{Message, Reader, Writer},
};

/// A header and a commit over it (CometBFT v0.38.21 `proto/tendermint/types/types.proto`).
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct SignedHeader {
    /// Header.
    pub header: Header,
    /// Commit over it.
    pub commit: Commit,
}

impl<'a> Message<'a> for SignedHeader {
    fn decode(mut reader: Reader<'a>) -> Result<Self, DecodeError> {
        let start = reader.offset();
        let (mut header, mut commit) = (None, None);
        while let Some(field) = reader.next_field()? {
            match field.number {
                1 => {
                    header = Some(field.decode("header")?);
                }
                2 => {
                    commit = Some(field.decode("commit")?);
                }
                _ => return Err(field.unknown()),
            }
        }
        let missing = |name| DecodeError::new(start, DecodeProblem::Missing).within(name);
        Ok(Self {
            header: header.ok_or_else(|| missing("header"))?,
            commit: commit.ok_or_else(|| missing("commit"))?,
        })
    }

    fn encode(&self, writer: &mut Writer) {
        writer.message(1, |w| self.header.encode(w));
        writer.message(2, |w| self.commit.encode(w));
    }
}
