//! The light block as a message.

use crate::{
    encoding::{
        DecodeError, DecodeProblem,
        protobuf::{Message, Reader, Writer},
    },
    ledger::cometbft::{commit::Commit, header::Header, validator::ValidatorList},
};

/// A signed header and the validator set that signs it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct LightBlock {
    /// Header.
    pub header: Header,
    /// Commit over it.
    pub commit: Commit,
    /// The set as listed.
    pub validators: ValidatorList,
}

impl<'a> Message<'a> for LightBlock {
    fn decode(mut reader: Reader<'a>) -> Result<Self, DecodeError> {
        let start = reader.offset();
        let (mut header, mut commit) = (None, None);
        let mut validators = ValidatorList::default();
        while let Some(field) = reader.next_field()? {
            match field.number {
                1 => {
                    let mut signed = field.message()?;
                    while let Some(field) = signed.next_field()? {
                        match field.number {
                            1 => {
                                header = Some(
                                    Header::decode(field.message()?)
                                        .map_err(|e| e.within("signed_header.header"))?,
                                );
                            }
                            2 => {
                                commit = Some(
                                    Commit::decode(field.message()?)
                                        .map_err(|e| e.within("signed_header.commit"))?,
                                );
                            }
                            _ => return Err(field.unknown().within("signed_header")),
                        }
                    }
                }
                2 => {
                    validators = ValidatorList::decode(field.message()?)
                        .map_err(|e| e.within("validator_set"))?;
                }
                _ => return Err(field.unknown()),
            }
        }
        let missing = |name| DecodeError::new(start, DecodeProblem::Missing).within(name);
        Ok(Self {
            header: header.ok_or_else(|| missing("signed_header.header"))?,
            commit: commit.ok_or_else(|| missing("signed_header.commit"))?,
            validators,
        })
    }

    fn encode(&self, writer: &mut Writer) {
        writer.message(1, |w| {
            w.message(1, |w| self.header.encode(w));
            w.message(2, |w| self.commit.encode(w));
        });
        writer.message(2, |w| self.validators.encode(w));
    }
}
