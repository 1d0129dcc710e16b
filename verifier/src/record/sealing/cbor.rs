//! Deterministic CBOR (RFC 8949 §4.2.1) of what is sealed: few types, definite lengths.

use alloc::{format, vec::Vec};

use minicbor::{Decoder, decode};

use crate::encoding::{DecodeError, DecodeProblem};

/// Reads items one after another. Whether lengths and numbers are the shortest is for the caller, who
/// encodes again and compares.
pub(super) struct Input<'b> {
    decoder: Decoder<'b>,
}

impl<'b> Input<'b> {
    pub(super) fn new(bytes: &'b [u8]) -> Self {
        Self { decoder: Decoder::new(bytes) }
    }

    /// An unsigned integer.
    pub(super) fn number(&mut self) -> Result<u64, DecodeError> {
        self.item(Decoder::u64)
    }

    /// Text.
    pub(super) fn text(&mut self) -> Result<&'b str, DecodeError> {
        self.item(Decoder::str)
    }

    /// The number of entries of a map.
    pub(super) fn map(&mut self) -> Result<u64, DecodeError> {
        let at = self.decoder.position();
        self.item(Decoder::map)?.ok_or_else(|| DecodeError::new(at, DecodeProblem::NotCanonical))
    }

    /// The number of elements of an array.
    pub(super) fn length(&mut self) -> Result<u64, DecodeError> {
        let at = self.decoder.position();
        self.item(Decoder::array)?.ok_or_else(|| DecodeError::new(at, DecodeProblem::NotCanonical))
    }

    /// The elements of an array of at most `most`, each read by `read`.
    pub(super) fn array<T>(
        &mut self,
        most: u64,
        mut read: impl FnMut(&mut Self) -> Result<T, DecodeError>,
    ) -> Result<Vec<T>, DecodeError> {
        let length = self.checked(|input| match input.length()? {
            length if length <= most => Ok(Ok(length)),
            _ => Ok(Err(DecodeProblem::Length)),
        })?;
        let element = |index| read(self).map_err(|error| error.within(&format!("[{index}]")));
        (0..length).map(element).collect()
    }

    /// What `read` takes off; a problem that it finds stands at the byte where it started.
    pub(super) fn checked<T>(
        &mut self,
        read: impl FnOnce(&mut Self) -> Result<Result<T, DecodeProblem>, DecodeError>,
    ) -> Result<T, DecodeError> {
        let at = self.decoder.position();
        read(self)?.map_err(|problem| DecodeError::new(at, problem))
    }

    /// Refuses bytes after the last item.
    pub(super) fn end(&self) -> Result<(), DecodeError> {
        let at = self.decoder.position();
        if at == self.decoder.input().len() {
            return Ok(());
        }
        Err(DecodeError::new(at, DecodeProblem::TrailingBytes))
    }

    fn item<T>(
        &mut self,
        read: impl FnOnce(&mut Decoder<'b>) -> Result<T, decode::Error>,
    ) -> Result<T, DecodeError> {
        let at = self.decoder.position();
        read(&mut self.decoder).map_err(|error| {
            let problem = if error.is_end_of_input() {
                DecodeProblem::Truncated
            } else if error.is_type_mismatch() {
                DecodeProblem::WrongType
            } else {
                // All that is left is text that is not UTF-8.
                DecodeProblem::Text
            };
            DecodeError::new(at, problem)
        })
    }
}
