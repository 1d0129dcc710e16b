//! The light block as a message.

use crate::{
    encoding::{
        DecodeError, DecodeProblem,
        protobuf::{Message, Reader, Writer},
    },
    ledger::cometbft::{signed_header::SignedHeader, validator::ValidatorList},
};

/// A signed header and the validator set that signs it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct LightBlock {
    /// Header, and commit over it.
    pub signed_header: SignedHeader,
    /// The set as listed.
    pub validators: ValidatorList,
}

impl<'a> Message<'a> for LightBlock {
    fn decode(mut reader: Reader<'a>) -> Result<Self, DecodeError> {
        let start = reader.offset();
        let mut signed_header = None;
        let mut validators = ValidatorList::default();
        while let Some(field) = reader.next_field()? {
            match field.number {
                1 => {
                    signed_header = Some(field.decode("signed_header")?);
                }
                2 => {
                    validators = field.decode("validator_set")?;
                }
                _ => return Err(field.unknown()),
            }
        }
        let missing = || DecodeError::new(start, DecodeProblem::Missing).within("signed_header");
        Ok(Self { signed_header: signed_header.ok_or_else(missing)?, validators })
    }

    fn encode(&self, writer: &mut Writer) {
        writer.message(1, |w| self.signed_header.encode(w));
        writer.message(2, |w| self.validators.encode(w));
    }
}
