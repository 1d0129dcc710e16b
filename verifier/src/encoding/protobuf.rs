//! The part of protobuf (proto3, as gogoproto writes it) that CometBFT hashes and signs.
//!
//! Protobuf has many encodings of one value; CometBFT writes one of them. Decoders here read
//! fields in any order and [`decode_canonical`] then encodes the value again and compares: what
//! is not byte-identical is refused (ADR-027 of the Cosmos SDK lists the attacks this closes).

use alloc::vec::Vec;

use super::{DecodeError, DecodeProblem, check_canonical, to_u64};

/// A message that can be written and read back byte for byte.
pub trait Message<'a>: Sized {
    /// Reads the fields of one message. Accepts non-canonical encodings; see [`decode_canonical`].
    ///
    /// # Errors
    /// [`DecodeError`] with the offset from the start of `reader`'s outermost input.
    fn decode(reader: Reader<'a>) -> Result<Self, DecodeError>;

    /// Appends the canonical encoding.
    fn encode(&self, writer: &mut Writer);

    /// The canonical encoding as a new vector.
    fn to_bytes(&self) -> Vec<u8> {
        let mut writer = Writer::default();
        self.encode(&mut writer);
        writer.into_bytes()
    }
}

/// A message that was read from its one canonical encoding. Made by [`decode_canonical`].
#[derive(Clone, Debug)]
pub struct Decoded<M>(M);

impl<M> core::ops::Deref for Decoded<M> {
    type Target = M;

    fn deref(&self) -> &M {
        &self.0
    }
}

impl<M> Decoded<M> {
    /// The message, without the proof that its encoding was canonical.
    pub fn into_inner(self) -> M {
        self.0
    }
}

#[cfg(test)]
impl<'a, M: Message<'a>> Decoded<M> {
    /// For tests that show what goes wrong without the canonical encoding.
    pub(crate) fn unchecked(bytes: &'a [u8]) -> Result<Self, DecodeError> {
        M::decode(Reader::new(bytes)).map(Self)
    }
}

/// Decodes `bytes` and demands that encoding the value again gives the same bytes.
///
/// # Errors
/// [`DecodeProblem::NotCanonical`] at the first byte that differs, or what the decoder found.
///
/// # Cost
/// O(n); no hashing.
pub fn decode_canonical<'a, M: Message<'a>>(bytes: &'a [u8]) -> Result<Decoded<M>, DecodeError> {
    let message = M::decode(Reader::new(bytes))?;
    let mut writer = Writer { bytes: Vec::with_capacity(bytes.len()) };
    message.encode(&mut writer);
    check_canonical(bytes, writer.as_bytes())?;
    Ok(Decoded(message))
}

/// Reads the fields of one message in order.
#[derive(Clone, Copy, Debug)]
pub struct Reader<'a> {
    rest: &'a [u8],
    offset: usize,
}

/// The value of one field, by wire type.
#[derive(Clone, Copy, Debug)]
pub enum Value<'a> {
    /// Wire type 0.
    Varint(u64),
    /// Wire type 1.
    Fixed64(u64),
    /// Wire type 2; the reader stands at its first byte.
    Bytes(Reader<'a>),
}

/// One field: its number, its value and the offset of its tag.
#[derive(Clone, Copy, Debug)]
pub struct Field<'a> {
    /// Field number, 1 or more.
    pub number: u64,
    /// The value.
    pub value: Value<'a>,
    /// Offset of the tag.
    pub offset: usize,
}

impl<'a> Reader<'a> {
    /// A reader at the start of `bytes`.
    pub const fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes, offset: 0 }
    }

    /// Everything not read yet.
    pub const fn rest(&self) -> &'a [u8] {
        self.rest
    }

    /// Offset of the next byte in the outermost input.
    pub const fn offset(&self) -> usize {
        self.offset
    }

    fn error(&self, problem: DecodeProblem) -> DecodeError {
        DecodeError::new(self.offset, problem)
    }

    fn take(&mut self, n: usize) -> Result<&'a [u8], DecodeError> {
        let Some((head, tail)) = self.rest.split_at_checked(n) else {
            return Err(self.error(DecodeProblem::Truncated));
        };
        self.rest = tail;
        self.offset = self.offset.saturating_add(n);
        Ok(head)
    }

    fn varint(&mut self) -> Result<u64, DecodeError> {
        let start = self.offset;
        let mut value: u64 = 0;
        for shift in (0..70_u32).step_by(7) {
            let byte = self.take(1)?.first().copied().unwrap_or_default();
            let bits = u64::from(byte & 0x7f);
            let shifted = bits.checked_shl(shift).unwrap_or_default();
            if shifted.checked_shr(shift) != Some(bits) {
                return Err(DecodeError::new(start, DecodeProblem::Varint));
            }
            value |= shifted;
            if byte < 0x80 {
                return Ok(value);
            }
        }
        Err(DecodeError::new(start, DecodeProblem::Varint))
    }

    /// The next field, or `None` at the end.
    ///
    /// # Errors
    /// Truncation, an over-long varint, field number 0, or a wire type other than 0, 1 and 2.
    pub fn next_field(&mut self) -> Result<Option<Field<'a>>, DecodeError> {
        if self.rest.is_empty() {
            return Ok(None);
        }
        let offset = self.offset;
        let tag = self.varint()?;
        let number = tag >> 3;
        let value = match tag & 7 {
            0 => Value::Varint(self.varint()?),
            1 => {
                let bytes = self.take(8)?;
                Value::Fixed64(u64::from_le_bytes(bytes.try_into().unwrap_or_default()))
            }
            2 => {
                let length = self.varint()?;
                let start = self.offset;
                let length = usize::try_from(length).unwrap_or(usize::MAX);
                Value::Bytes(Reader { rest: self.take(length)?, offset: start })
            }
            _ => return Err(DecodeError::new(offset, DecodeProblem::Tag)),
        };
        if number == 0 {
            return Err(DecodeError::new(offset, DecodeProblem::Tag));
        }
        Ok(Some(Field { number, value, offset }))
    }
}

impl<'a> Field<'a> {
    fn error(&self, problem: DecodeProblem) -> DecodeError {
        DecodeError::new(self.offset, problem)
    }

    /// The error for a field that the message does not have.
    pub fn unknown(&self) -> DecodeError {
        self.error(DecodeProblem::UnknownField(self.number))
    }

    /// A uint64.
    ///
    /// # Errors
    /// [`DecodeProblem::WrongType`].
    pub fn uint64(&self) -> Result<u64, DecodeError> {
        match self.value {
            Value::Varint(value) => Ok(value),
            Value::Fixed64(_) | Value::Bytes(_) => Err(self.error(DecodeProblem::WrongType)),
        }
    }

    /// An int64; negative values come as ten-byte varints.
    ///
    /// # Errors
    /// [`DecodeProblem::WrongType`].
    pub fn int64(&self) -> Result<i64, DecodeError> {
        self.uint64().map(u64::cast_signed)
    }

    /// An int64 that must not be negative, such as a height.
    ///
    /// # Errors
    /// [`DecodeProblem::WrongType`], [`DecodeProblem::OutOfRange`].
    pub fn non_negative(&self) -> Result<u64, DecodeError> {
        u64::try_from(self.int64()?).map_err(|_| self.error(DecodeProblem::OutOfRange))
    }

    /// An int32.
    ///
    /// # Errors
    /// [`DecodeProblem::WrongType`], [`DecodeProblem::OutOfRange`].
    pub fn int32(&self) -> Result<i32, DecodeError> {
        i32::try_from(self.int64()?).map_err(|_| self.error(DecodeProblem::OutOfRange))
    }

    /// A uint32.
    ///
    /// # Errors
    /// [`DecodeProblem::WrongType`], [`DecodeProblem::OutOfRange`].
    pub fn uint32(&self) -> Result<u32, DecodeError> {
        u32::try_from(self.uint64()?).map_err(|_| self.error(DecodeProblem::OutOfRange))
    }

    /// A length-delimited value as a reader of its content.
    ///
    /// # Errors
    /// [`DecodeProblem::WrongType`].
    pub fn message(&self) -> Result<Reader<'a>, DecodeError> {
        match self.value {
            Value::Bytes(reader) => Ok(reader),
            Value::Varint(_) | Value::Fixed64(_) => Err(self.error(DecodeProblem::WrongType)),
        }
    }

    /// The message that the field `name` holds.
    ///
    /// # Errors
    /// [`DecodeProblem::WrongType`]; what the message's decoder finds, within `name`.
    pub fn decode<M: Message<'a>>(&self, name: &str) -> Result<M, DecodeError> {
        M::decode(self.message()?).map_err(|error| error.within(name))
    }

    /// A byte string.
    ///
    /// # Errors
    /// [`DecodeProblem::WrongType`].
    pub fn bytes(&self) -> Result<&'a [u8], DecodeError> {
        Ok(self.message()?.rest)
    }

    /// UTF-8 text.
    ///
    /// # Errors
    /// [`DecodeProblem::WrongType`], [`DecodeProblem::Text`].
    pub fn text(&self) -> Result<&'a str, DecodeError> {
        core::str::from_utf8(self.bytes()?).map_err(|_| self.error(DecodeProblem::Text))
    }

    /// A byte string that is empty or has exactly `N` bytes.
    ///
    /// # Errors
    /// [`DecodeProblem::WrongType`], [`DecodeProblem::Length`].
    pub fn optional_array<const N: usize>(&self) -> Result<Option<[u8; N]>, DecodeError> {
        let bytes = self.bytes()?;
        if bytes.is_empty() {
            return Ok(None);
        }
        bytes.try_into().map(Some).map_err(|_| self.error(DecodeProblem::Length))
    }
}

/// Appends fields in the order of the calls; zero scalars and empty byte strings are left out.
#[derive(Clone, Debug, Default)]
pub struct Writer {
    bytes: Vec<u8>,
}

impl Writer {
    /// What was written.
    pub fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    /// What was written, still in the writer.
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Empties the writer and keeps its memory.
    pub fn clear(&mut self) {
        self.bytes.clear();
    }

    /// A bare varint.
    pub fn varint(&mut self, mut value: u64) {
        while value >= 0x80 {
            self.bytes.push(u8::try_from(value & 0x7f).unwrap_or_default() | 0x80);
            value >>= 7;
        }
        self.bytes.push(u8::try_from(value).unwrap_or_default());
    }

    /// A bare signed varint (zigzag), as Go's `binary.PutVarint` writes it.
    pub fn zigzag(&mut self, value: i64) {
        let doubled = value.cast_unsigned() << 1;
        self.varint(if value < 0 { !doubled } else { doubled });
    }

    /// Bytes as they are.
    pub fn raw(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    fn tag(&mut self, number: u32, wire_type: u64) {
        self.varint((u64::from(number) << 3) | wire_type);
    }

    /// A uint64 or uint32 field.
    pub fn uint64(&mut self, number: u32, value: u64) {
        if value != 0 {
            self.tag(number, 0);
            self.varint(value);
        }
    }

    /// An int64 or int32 field.
    pub fn int64(&mut self, number: u32, value: i64) {
        self.uint64(number, value.cast_unsigned());
    }

    /// An sfixed64 field.
    pub fn sfixed64(&mut self, number: u32, value: u64) {
        if value != 0 {
            self.tag(number, 1);
            self.bytes.extend_from_slice(&value.to_le_bytes());
        }
    }

    /// A bytes or string field.
    pub fn bytes(&mut self, number: u32, value: &[u8]) {
        if !value.is_empty() {
            self.repeated_bytes(number, value);
        }
    }

    /// An element of a repeated bytes field, which is written even when it is empty.
    pub fn repeated_bytes(&mut self, number: u32, value: &[u8]) {
        self.tag(number, 2);
        self.varint(to_u64(value.len()));
        self.bytes.extend_from_slice(value);
    }

    /// An embedded message, written even when it is empty (gogoproto's non-nullable fields).
    pub fn message(&mut self, number: u32, body: impl FnOnce(&mut Self)) {
        self.tag(number, 2);
        self.delimited(body);
    }

    /// A length and the body that is so long.
    pub fn delimited(&mut self, body: impl FnOnce(&mut Self)) {
        let start = self.bytes.len();
        body(self);
        let end = self.bytes.len();
        // The length stands before the body: append it, then rotate it into place.
        self.varint(to_u64(end.saturating_sub(start)));
        let width = self.bytes.len().saturating_sub(end);
        if let Some(tail) = self.bytes.get_mut(start..) {
            tail.rotate_right(width);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn varint_above_64_bits_is_refused_at_its_first_byte() {
        let bytes = [0x08, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x02];
        let error = Reader::new(&bytes).next_field().unwrap_err();
        assert_eq!((error.offset, error.problem), (1, DecodeProblem::Varint));
    }

    #[test]
    fn largest_varint_is_read() {
        let mut writer = Writer::default();
        writer.uint64(1, u64::MAX);
        let field = Reader::new(writer.as_bytes()).next_field().unwrap().unwrap();
        assert_eq!(field.uint64().unwrap(), u64::MAX);
        assert_eq!(field.int64().unwrap(), -1);
    }

    #[test]
    fn signed_varints_alternate_around_zero() {
        let written = |value| {
            let mut writer = Writer::default();
            writer.zigzag(value);
            writer.into_bytes()
        };
        assert_eq!([0, -1, 1, -64, 64].map(written), [&[0][..], &[1], &[2], &[127], &[128, 1]]);
        assert_eq!(written(i64::MIN), [255, 255, 255, 255, 255, 255, 255, 255, 255, 1]);
        assert_eq!(written(i64::MAX), [254, 255, 255, 255, 255, 255, 255, 255, 255, 1]);
    }

    #[test]
    fn length_beyond_the_end_is_truncation_and_allocates_nothing() {
        let error = Reader::new(&[0x0a, 0xff, 0xff, 0xff, 0xff, 0x0f]).next_field().unwrap_err();
        assert_eq!(error.problem, DecodeProblem::Truncated);
    }

    #[test]
    fn message_lengths_of_every_width_stand_before_their_body() {
        for n in [0_usize, 1, 127, 128, 16_383, 16_384, 70_000] {
            let mut writer = Writer::default();
            writer.message(4, |w| w.raw(&alloc::vec![7; n]));
            let field = Reader::new(writer.as_bytes()).next_field().unwrap().unwrap();
            assert_eq!(field.bytes().unwrap().len(), n);
        }
    }

    #[test]
    fn field_of_eight_bytes_is_read_and_is_no_varint() {
        let field = Reader::new(&[0x09, 1, 0, 0, 0, 0, 0, 0, 0]).next_field().unwrap().unwrap();
        assert_eq!(field.number, 1);
        assert_eq!(field.uint64().unwrap_err().problem, DecodeProblem::WrongType);
        let error = Reader::new(&[0x09, 1, 0]).next_field().unwrap_err();
        assert_eq!(error.problem, DecodeProblem::Truncated);
    }

    #[test]
    fn other_encoding_is_refused_at_the_first_byte_that_differs() {
        use crate::encoding::time::Timestamp;
        // Seconds 1, nanoseconds 0 written out, which proto3 leaves out.
        let error = decode_canonical::<Timestamp>(&[0x08, 1, 0x10, 0]).unwrap_err();
        assert_eq!((error.offset, error.problem), (2, DecodeProblem::NotCanonical));
        // Nanoseconds before seconds.
        let error = decode_canonical::<Timestamp>(&[0x10, 1, 0x08, 1]).unwrap_err();
        assert_eq!((error.offset, error.problem), (0, DecodeProblem::NotCanonical));
    }
}
