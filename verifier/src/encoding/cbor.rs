//! Deterministic CBOR (RFC 8949 §4.2.1), read strictly: every error names its byte and its path.
//!
//! Maps have small unsigned keys in ascending order and are declared with [`map!`]; closed lists of
//! words are unsigned numbers and are declared with [`variants!`].

mod declare;
mod list;
mod set;
mod text;

use alloc::vec::Vec;
use core::convert::Infallible;

use minicbor::{
    Decoder, Encoder,
    data::{Tag, Type},
};

pub(crate) use self::declare::{map, variants};
pub use self::{list::List, set::Set, text::Text};
use super::{
    DecodeError, DecodeProblem,
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
    let again = encode(&value);
    if again != bytes {
        let same = again.iter().zip(bytes).take_while(|(a, b)| a == b).count();
        return Err(DecodeError::new(same, DecodeProblem::NotCanonical));
    }
    Ok(value)
}

/// The one encoding of a value.
pub fn encode<T: Value>(value: &T) -> Vec<u8> {
    let mut writer = Writer::default();
    value.encode(&mut writer);
    writer.into_bytes()
}

/// The bytes that `body` writes.
pub(crate) fn write(
    body: impl FnOnce(&mut Encoder<&mut Vec<u8>>) -> Result<(), minicbor::encode::Error<Infallible>>,
) -> Vec<u8> {
    let mut bytes = Vec::new();
    // Writing into a vector cannot fail: its error type has no value.
    let written = body(&mut Encoder::new(&mut bytes));
    debug_assert!(written.is_ok(), "a vector takes every byte");
    bytes
}

/// Reads data items; offsets count from the start of its bytes.
#[derive(Clone, Debug)]
pub struct Reader<'a> {
    decoder: Decoder<'a>,
}

impl<'a> Reader<'a> {
    /// A reader at the start of `bytes`.
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { decoder: Decoder::new(bytes) }
    }

    /// Offset of the next item.
    pub fn offset(&self) -> usize {
        self.decoder.position()
    }

    /// An unsigned integer.
    ///
    /// # Errors
    /// Another item, or not the shortest head.
    pub fn uint(&mut self) -> Result<u64, DecodeError> {
        self.item(Decoder::u64, |value| head(*value))
    }

    /// An integer of either sign that fits 64 bits.
    ///
    /// # Errors
    /// Another item, or not the shortest head.
    pub fn int(&mut self) -> Result<i64, DecodeError> {
        self.item(Decoder::i64, |value| {
            // RFC 8949 §3.1: the argument of a negative n is −1 − n.
            head(if *value < 0 { (!*value).unsigned_abs() } else { value.unsigned_abs() })
        })
    }

    /// A byte string of definite length.
    ///
    /// # Errors
    /// Another item, or not the shortest head.
    pub fn bytes(&mut self) -> Result<&'a [u8], DecodeError> {
        self.item(Decoder::bytes, |bytes| string(bytes.len()))
    }

    /// A byte string of `N` bytes.
    ///
    /// # Errors
    /// Another item or length, or not the shortest head.
    pub fn array<const N: usize>(&mut self) -> Result<[u8; N], DecodeError> {
        let start = self.offset();
        let bytes = self.bytes()?;
        bytes.try_into().map_err(|_length| DecodeError::new(start, DecodeProblem::Length))
    }

    /// A text string of definite length.
    ///
    /// # Errors
    /// Another item, not UTF-8, or not the shortest head.
    pub fn text(&mut self) -> Result<&'a str, DecodeError> {
        self.item(Decoder::str, |text| string(text.len()))
    }

    /// A truth value.
    ///
    /// # Errors
    /// Another item.
    pub fn bool(&mut self) -> Result<bool, DecodeError> {
        self.item(Decoder::bool, |_| 1)
    }

    /// The head of an array: its number of elements.
    ///
    /// # Errors
    /// Another item, an indefinite length, or not the shortest head.
    pub fn elements(&mut self) -> Result<u64, DecodeError> {
        self.definite(Decoder::array)
    }

    /// The head of a map: its number of entries.
    ///
    /// # Errors
    /// Another item, an indefinite length, or not the shortest head.
    pub fn entries(&mut self) -> Result<u64, DecodeError> {
        self.definite(Decoder::map)
    }

    /// The head of an array of this many elements.
    ///
    /// # Errors
    /// Those of [`Self::elements`]; another number.
    pub fn tuple(&mut self, length: u64) -> Result<(), DecodeError> {
        let start = self.offset();
        if self.elements()? == length {
            Ok(())
        } else {
            Err(DecodeError::new(start, DecodeProblem::Length))
        }
    }

    /// The text that names a format.
    ///
    /// # Errors
    /// Those of [`Self::text`]; another text.
    pub fn format(&mut self, name: &str) -> Result<(), DecodeError> {
        let start = self.offset();
        if self.text().map_err(|e| e.within("format"))? == name {
            Ok(())
        } else {
            Err(DecodeError::new(start, DecodeProblem::UnknownVariant).within("format"))
        }
    }

    /// Says that no item follows.
    ///
    /// # Errors
    /// [`DecodeProblem::TrailingBytes`].
    pub fn end(&self) -> Result<(), DecodeError> {
        if self.offset() == self.decoder.input().len() {
            Ok(())
        } else {
            Err(DecodeError::new(self.offset(), DecodeProblem::TrailingBytes))
        }
    }

    /// A tag.
    ///
    /// # Errors
    /// Another item, or not the shortest head.
    pub fn tag(&mut self) -> Result<u64, DecodeError> {
        self.item(|decoder| decoder.tag().map(Tag::as_u64), |tag| head(*tag))
    }

    fn definite(
        &mut self,
        read: impl FnOnce(&mut Decoder<'a>) -> Result<Option<u64>, minicbor::decode::Error>,
    ) -> Result<u64, DecodeError> {
        let start = self.offset();
        let length = self.item(read, |length| head(length.unwrap_or_default()))?;
        length.ok_or_else(|| DecodeError::new(start, DecodeProblem::NotCanonical))
    }

    /// Reads an item that must take as many bytes as its shortest encoding.
    fn item<T>(
        &mut self,
        read: impl FnOnce(&mut Decoder<'a>) -> Result<T, minicbor::decode::Error>,
        shortest: impl FnOnce(&T) -> usize,
    ) -> Result<T, DecodeError> {
        let start = self.offset();
        let value = read(&mut self.decoder).map_err(|error| {
            if error.is_end_of_input() {
                let end = self.decoder.input().len();
                return DecodeError::new(end, DecodeProblem::Truncated);
            }
            let problem = if error.is_type_mismatch() {
                DecodeProblem::WrongType
            } else if Decoder::new(self.rest(start)).datatype().is_ok_and(|t| t == Type::String) {
                DecodeProblem::Text
            } else {
                DecodeProblem::OutOfRange
            };
            DecodeError::new(start, problem)
        })?;
        if self.offset().saturating_sub(start) == shortest(&value) {
            Ok(value)
        } else {
            Err(DecodeError::new(start, DecodeProblem::NotCanonical))
        }
    }

    fn rest(&self, start: usize) -> &'a [u8] {
        self.decoder.input().get(start..).unwrap_or_default()
    }
}

/// Bytes of the shortest head with this argument (RFC 8949 §3).
const fn head(argument: u64) -> usize {
    match argument {
        0..24 => 1,
        24..0x100 => 2,
        0x100..0x1_0000 => 3,
        0x1_0000..0x1_0000_0000 => 5,
        _ => 9,
    }
}

fn string(length: usize) -> usize {
    head(super::to_u64(length)).saturating_add(length)
}

/// Reads the entries of one map.
#[derive(Debug)]
pub(crate) struct Entries<'r, 'a> {
    reader: &'r mut Reader<'a>,
    start: usize,
    remaining: u64,
    /// The key last read, and where it stands, until its entry is taken.
    pending: Option<(u64, usize)>,
    last: Option<u64>,
}

impl<'r, 'a> Entries<'r, 'a> {
    pub(crate) fn new(reader: &'r mut Reader<'a>) -> Result<Self, DecodeError> {
        let start = reader.offset();
        let remaining = reader.entries()?;
        Ok(Self { reader, start, remaining, pending: None, last: None })
    }

    /// The value of `key`; keys are asked for in ascending order.
    pub(crate) fn entry<T: Value>(&mut self, key: u64, name: &str) -> Result<T, DecodeError> {
        match self.peek()? {
            Some((found, _)) if found == key => {
                self.pending = None;
                T::decode(self.reader).map_err(|error| error.within(name))
            }
            Some((found, at)) if found < key => {
                Err(DecodeError::new(at, DecodeProblem::UnknownField(found)))
            }
            Some(_) | None => T::absent()
                .ok_or_else(|| DecodeError::new(self.start, DecodeProblem::Missing).within(name)),
        }
    }

    /// Checks that every entry was asked for.
    pub(crate) fn end(mut self) -> Result<(), DecodeError> {
        match self.peek()? {
            Some((key, at)) => Err(DecodeError::new(at, DecodeProblem::UnknownField(key))),
            None => Ok(()),
        }
    }

    /// > The keys in every map MUST be sorted in the bytewise lexicographic order of their
    /// > deterministic encodings.
    ///
    /// RFC 8949 §4.2.1; of unsigned keys, ascending. A key that stands twice does not ascend.
    fn peek(&mut self) -> Result<Option<(u64, usize)>, DecodeError> {
        if self.pending.is_none() && self.remaining > 0 {
            let at = self.reader.offset();
            let key = self.reader.uint()?;
            if self.last.is_some_and(|last| key <= last) {
                return Err(DecodeError::new(at, DecodeProblem::NotCanonical));
            }
            self.remaining = self.remaining.saturating_sub(1);
            self.last = Some(key);
            self.pending = Some((key, at));
        }
        Ok(self.pending)
    }
}

/// Writes data items with their shortest heads.
#[derive(Debug, Default)]
pub struct Writer {
    bytes: Vec<u8>,
}

impl Writer {
    /// What was written.
    pub fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    /// An unsigned integer.
    pub fn uint(&mut self, value: u64) {
        self.write(|e| e.u64(value).map(drop));
    }

    /// An integer.
    pub fn int(&mut self, value: i64) {
        self.write(|e| e.i64(value).map(drop));
    }

    /// A byte string.
    pub fn bytes(&mut self, value: &[u8]) {
        self.write(|e| e.bytes(value).map(drop));
    }

    /// A text string.
    pub fn text(&mut self, value: &str) {
        self.write(|e| e.str(value).map(drop));
    }

    /// A truth value.
    pub fn bool(&mut self, value: bool) {
        self.write(|e| e.bool(value).map(drop));
    }

    /// The head of an array of this many elements.
    pub fn elements(&mut self, count: u64) {
        self.write(|e| e.array(count).map(drop));
    }

    /// The head of a map of this many entries.
    pub fn entries(&mut self, count: u64) {
        self.write(|e| e.map(count).map(drop));
    }

    /// A tag.
    pub fn tag(&mut self, tag: u64) {
        self.write(|e| e.tag(Tag::new(tag)).map(drop));
    }

    /// An entry of a map, unless its value is the one that a missing entry stands for.
    pub(crate) fn entry<T: Value>(&mut self, key: u64, value: &T) {
        if !value.is_absent() {
            self.uint(key);
            value.encode(self);
        }
    }

    fn write(
        &mut self,
        body: impl FnOnce(&mut Encoder<&mut Vec<u8>>) -> Result<(), minicbor::encode::Error<Infallible>>,
    ) {
        // Writing into a vector cannot fail: its error type has no value.
        let written = body(&mut Encoder::new(&mut self.bytes));
        debug_assert!(written.is_ok(), "a vector takes every byte");
    }
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
