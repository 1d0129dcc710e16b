//! Deterministic CBOR (RFC 8949 §4.2.1) of files that have one encoding: arrays, texts, byte
//! strings and unsigned integers, without maps, tags, floats and indefinite lengths.
//!
//! Strict by comparison: the head of each value (its type and its argument) is read, encoded again
//! and compared. Content has one spelling only, so bytes that pass are the one encoding of what was
//! read.

use alloc::vec::Vec;
use core::convert::Infallible;

use minicbor::{Decoder, Encoder, encode::Error};

use super::{DecodeError, DecodeProblem, to_u64};

/// Major types (RFC 8949 §3.1).
const UNSIGNED: u8 = 0;
const BYTES: u8 = 2;
const TEXT: u8 = 3;
const ARRAY: u8 = 4;

/// Longest head: the initial byte and an argument of eight.
const LONGEST_HEAD: usize = 9;

/// Longest name of a format.
const LONGEST_FORMAT: usize = 64;

/// The bytes that `body` writes.
pub(crate) fn encode(
    body: impl FnOnce(&mut Encoder<&mut Vec<u8>>) -> Result<(), Error<Infallible>>,
) -> Vec<u8> {
    let mut bytes = Vec::new();
    // Writing into a vector cannot fail: its error type has no value.
    let written = body(&mut Encoder::new(&mut bytes));
    debug_assert!(written.is_ok(), "a vector takes every byte");
    bytes
}

/// Takes values off bytes in order. Each method is told the path of the value, for the error.
#[derive(Debug)]
pub(crate) struct Reader<'a> {
    input: &'a [u8],
    position: usize,
}

impl<'a> Reader<'a> {
    /// A reader at the start of `input`.
    pub(crate) const fn new(input: &'a [u8]) -> Self {
        Self { input, position: 0 }
    }

    /// Offset of the next value.
    pub(crate) const fn position(&self) -> usize {
        self.position
    }

    /// An unsigned integer.
    ///
    /// # Errors
    /// [`DecodeProblem::WrongType`], [`DecodeProblem::NotCanonical`], [`DecodeProblem::Truncated`].
    pub(crate) fn unsigned(&mut self, path: &str) -> Result<u64, DecodeError> {
        self.head(UNSIGNED).map_err(|error| error.within(path))
    }

    /// The head of an array: how many elements follow.
    ///
    /// # Errors
    /// As [`Self::unsigned`].
    pub(crate) fn array(&mut self, path: &str) -> Result<u64, DecodeError> {
        self.head(ARRAY).map_err(|error| error.within(path))
    }

    /// The head of an array of exactly `length` elements.
    ///
    /// # Errors
    /// As [`Self::unsigned`], and [`DecodeProblem::Length`].
    pub(crate) fn array_of(&mut self, path: &str, length: u64) -> Result<(), DecodeError> {
        let start = self.position;
        if self.array(path)? == length {
            return Ok(());
        }
        Err(DecodeError::new(start, DecodeProblem::Length).within(path))
    }

    /// A byte string of exactly `N` bytes.
    ///
    /// # Errors
    /// As [`Self::unsigned`], and [`DecodeProblem::Length`].
    pub(crate) fn bytes<const N: usize>(&mut self, path: &str) -> Result<[u8; N], DecodeError> {
        let mut read = || {
            let start = self.position;
            let length = self.head(BYTES)?;
            if length != to_u64(N) {
                return Err(DecodeError::new(start, DecodeProblem::Length));
            }
            let content = self.content(length)?;
            // `content` has exactly as many bytes as were asked for.
            content.try_into().map_err(|_| DecodeError::new(start, DecodeProblem::Length))
        };
        read().map_err(|error: DecodeError| error.within(path))
    }

    /// A text of at most `most` bytes.
    ///
    /// # Errors
    /// As [`Self::unsigned`], [`DecodeProblem::Length`], and [`DecodeProblem::Text`] if it is not
    /// UTF-8.
    pub(crate) fn text(&mut self, path: &str, most: usize) -> Result<&'a str, DecodeError> {
        let mut read = || {
            let start = self.position;
            let length = self.head(TEXT)?;
            if length > to_u64(most) {
                return Err(DecodeError::new(start, DecodeProblem::Length));
            }
            let first = self.position;
            core::str::from_utf8(self.content(length)?).map_err(|error| {
                DecodeError::new(first.saturating_add(error.valid_up_to()), DecodeProblem::Text)
            })
        };
        read().map_err(|error: DecodeError| error.within(path))
    }

    /// The text that names a format.
    ///
    /// # Errors
    /// As [`Self::text`], and [`DecodeProblem::UnknownVariant`] for any other text.
    pub(crate) fn format(&mut self, name: &str) -> Result<(), DecodeError> {
        let start = self.position;
        if self.text("format", LONGEST_FORMAT)? == name {
            return Ok(());
        }
        Err(DecodeError::new(start, DecodeProblem::UnknownVariant).within("format"))
    }

    /// Asserts that nothing follows.
    ///
    /// # Errors
    /// [`DecodeProblem::TrailingBytes`] at the first byte that does, at `path`.
    pub(crate) fn end(&self, path: &str) -> Result<(), DecodeError> {
        if self.position == self.input.len() {
            return Ok(());
        }
        Err(DecodeError::new(self.position, DecodeProblem::TrailingBytes).within(path))
    }

    /// The argument of a head that is of this type, and the shortest for its argument.
    fn head(&mut self, major: u8) -> Result<u64, DecodeError> {
        let start = self.position;
        let rest = self.input.get(start..).unwrap_or_default();
        let mut head = rest.get(..LONGEST_HEAD).unwrap_or(rest).to_vec();
        let Some(initial) = head.first_mut() else { return Err(self.truncated()) };
        if *initial >> 5 != major {
            return Err(DecodeError::new(start, DecodeProblem::WrongType));
        }
        // Without its type, a head of any type is an unsigned integer (RFC 8949 §3).
        *initial &= 0x1f;
        let mut decoder = Decoder::new(&head);
        let argument = match decoder.u64() {
            Ok(argument) => argument,
            Err(error) if error.is_end_of_input() => return Err(self.truncated()),
            // An indefinite length, or an argument of a size that is reserved.
            Err(_) => return Err(DecodeError::new(start, DecodeProblem::WrongType)),
        };
        let length = decoder.position();
        // RFC 8949 §4.2.1: "Preferred serialization MUST be used." Encode again and compare.
        let canonical = encode(|e| e.u64(argument).map(|_| ()));
        if head.get(..length) != Some(canonical.as_slice()) {
            return Err(DecodeError::new(start, DecodeProblem::NotCanonical));
        }
        self.position = start.saturating_add(length);
        Ok(argument)
    }

    /// The next `length` bytes. That many must be there: nothing is set aside for a claim.
    fn content(&mut self, length: u64) -> Result<&'a [u8], DecodeError> {
        let end = usize::try_from(length).ok().and_then(|n| self.position.checked_add(n));
        let content = end.and_then(|end| self.input.get(self.position..end));
        let content = content.ok_or_else(|| self.truncated())?;
        self.position = self.position.saturating_add(content.len());
        Ok(content)
    }

    fn truncated(&self) -> DecodeError {
        DecodeError::new(self.input.len(), DecodeProblem::Truncated)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused<'a, T>(
        bytes: &'a [u8],
        read: impl FnOnce(&mut Reader<'a>) -> Result<T, DecodeError>,
    ) -> (DecodeProblem, u64) {
        let error = read(&mut Reader::new(bytes)).map(|_| ()).unwrap_err();
        assert_eq!(error.path, "x");
        (error.problem, error.offset)
    }

    #[test]
    fn integers_of_every_width_are_read_in_their_shortest_form_only() {
        for (value, width) in [
            (0_u64, 1_usize),
            (23, 1),
            (24, 2),
            (255, 2),
            (256, 3),
            (65_535, 3),
            (65_536, 5),
            (u64::from(u32::MAX), 5),
            (u64::from(u32::MAX) + 1, 9),
            (u64::MAX, 9),
        ] {
            let bytes = encode(|e| e.u64(value).map(|_| ()));
            assert_eq!(bytes.len(), width, "{value}");
            let mut reader = Reader::new(&bytes);
            assert_eq!(reader.unsigned("x"), Ok(value));
            assert_eq!(reader.end("x"), Ok(()));
            for end in 0..width {
                let cut = refused(&bytes[..end], |r| r.unsigned("x"));
                assert_eq!(cut, (DecodeProblem::Truncated, to_u64(end)));
            }
        }
        for longer in [
            &[0x18, 0x17][..],
            &[0x19, 0, 0xff],
            &[0x1a, 0, 0, 0xff, 0xff],
            &[0x1b, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff],
        ] {
            assert_eq!(refused(longer, |r| r.unsigned("x")), (DecodeProblem::NotCanonical, 0));
        }
    }

    #[test]
    fn other_types_and_indefinite_lengths_are_refused() {
        let wrong = (DecodeProblem::WrongType, 0);
        for initial in [0x20, 0x40, 0x60, 0x80, 0xa0, 0xc0, 0xf4, 0x1c, 0x1f] {
            assert_eq!(refused(&[initial, 0, 0xff], |r| r.unsigned("x")), wrong, "{initial:x}");
        }
        assert_eq!(refused(&[0x9f, 0xff], |r| r.array("x")), wrong);
        assert_eq!(refused(&[0x5f, 0x41, 0, 0xff], |r| r.bytes::<1>("x")), wrong);
        assert_eq!(refused(&[0x7f, 0x61, 0x61, 0xff], |r| r.text("x", 9)), wrong);
    }

    #[test]
    fn lengths_are_compared_before_the_content_is_looked_at() {
        let (bytes, text) =
            ([[0x5b].as_slice(), &[0xff; 8]].concat(), b"\x7b\xff\xff\xff\xff\0\0\0\0");
        assert_eq!(refused(&bytes, |r| r.bytes::<32>("x")), (DecodeProblem::Length, 0));
        assert_eq!(refused(text, |r| r.text("x", 100)), (DecodeProblem::Length, 0));
        // Where any length goes, the content must be there.
        assert_eq!(refused(text, |r| r.text("x", usize::MAX)), (DecodeProblem::Truncated, 9));
        assert_eq!(refused(&[0x82], |r| r.array_of("x", 3)), (DecodeProblem::Length, 0));
        assert_eq!(refused(&[0x42, 1], |r| r.bytes::<2>("x")), (DecodeProblem::Truncated, 2));
        assert_eq!(refused(&[1, 2], |r| r.unsigned("y").and_then(|_| r.end("x"))).1, 1);
    }

    #[test]
    fn text_is_utf8_and_a_format_is_its_own() {
        assert_eq!(refused(&[0x62, 0x61, 0xff], |r| r.text("x", 2)), (DecodeProblem::Text, 2));
        let mut reader = Reader::new(b"\x63abc\x63abd");
        assert_eq!(reader.format("abc"), Ok(()));
        let error = reader.format("abc").unwrap_err();
        assert_eq!((error.problem, error.offset), (DecodeProblem::UnknownVariant, 4));
        assert_eq!(error.path, "format");
    }
}
