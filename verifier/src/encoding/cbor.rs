//! Deterministic CBOR (RFC 8949 §4.2.1), read strictly: every error names its byte and its path.
//!
//! Maps have small unsigned keys in ascending order and are declared with [`map!`]; closed lists of
//! words are unsigned numbers and are declared with [`variants!`].

mod declare;
mod entries;
mod list;
mod reader;
mod set;
mod text;
mod writer;

use alloc::vec::Vec;

pub(crate) use self::{
    declare::{map, variants},
    entries::Entries,
    writer::write,
};
pub use self::{list::List, reader::Reader, set::Set, text::Text, writer::Writer};
use super::{
    DecodeError, DecodeProblem, check_canonical,
    hex::{Hash, Identifier, PublicKey, SealedCode},
};

/// A value with one deterministic encoding.
pub trait Value: Sized {
    /// Reads the value at the reader's position.
    ///
    /// # Errors
    /// Whatever is not the one encoding of a value of this type.
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError>;

    /// Writes the value.
    fn encode(&self, writer: &mut Writer);

    /// The value that a map's missing entry stands for, if it may be missing.
    fn absent() -> Option<Self> {
        None
    }

    /// Whether the value is the one that a missing entry stands for.
    fn is_absent(&self) -> bool {
        false
    }
}

/// Decodes bytes that hold one value and nothing else.
///
/// Decodes, encodes again and compares, although every head is checked when it is read: what is
/// hashed and signed is the bytes, and nothing may hide between them and the value.
///
/// # Errors
/// Those of the value; [`DecodeProblem::TrailingBytes`]; [`DecodeProblem::NotCanonical`].
pub fn decode<T: Value>(bytes: &[u8]) -> Result<T, DecodeError> {
    let mut reader = Reader::new(bytes);
    let value = T::decode(&mut reader)?;
    reader.end()?;
    check_canonical(bytes, &encode_with_capacity(&value, bytes.len()))?;
    Ok(value)
}

/// The one encoding of a value.
pub fn encode<T: Value>(value: &T) -> Vec<u8> {
    encode_with_capacity(value, 0)
}

/// Likewise, without growing if it is no longer than `capacity`.
fn encode_with_capacity<T: Value>(value: &T, capacity: usize) -> Vec<u8> {
    let mut writer = Writer::with_capacity(capacity);
    value.encode(&mut writer);
    writer.into_bytes()
}

impl Value for u64 {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        reader.uint()
    }

    fn encode(&self, writer: &mut Writer) {
        writer.uint(*self);
    }
}

/// A flag: `true` where it stands, and left out where it is not raised.
impl Value for bool {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let start = reader.offset();
        if reader.bool()? {
            Ok(true)
        } else {
            Err(DecodeError::new(start, DecodeProblem::NotCanonical))
        }
    }

    fn encode(&self, writer: &mut Writer) {
        writer.bool(*self);
    }

    fn absent() -> Option<Self> {
        Some(false)
    }

    fn is_absent(&self) -> bool {
        !self
    }
}

impl<T: Value> Value for Option<T> {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        T::decode(reader).map(Some)
    }

    fn encode(&self, writer: &mut Writer) {
        if let Some(value) = self {
            value.encode(writer);
        }
    }

    fn absent() -> Option<Self> {
        Some(None)
    }

    fn is_absent(&self) -> bool {
        self.is_none()
    }
}

macro_rules! byte_values {
    ($($name:ident),+) => {
        $(impl Value for $name {
            fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
                reader.array().map(Self)
            }

            fn encode(&self, writer: &mut Writer) {
                writer.bytes(&self.0);
            }
        })+
    };
}

byte_values! { Hash, Identifier, PublicKey, SealedCode }
pub(crate) use byte_values;

#[cfg(test)]
#[expect(unreachable_pub, reason = "the macros declare what others use")]
mod tests;
