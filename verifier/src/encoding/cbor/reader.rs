//! Reads data items, each with its one head.

use minicbor::{
    Decoder,
    data::{Tag, Type},
};

use crate::encoding::{DecodeError, DecodeProblem, to_u64};

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
pub(super) const fn head(argument: u64) -> usize {
    match argument {
        0..24 => 1,
        24..0x100 => 2,
        0x100..0x1_0000 => 3,
        0x1_0000..0x1_0000_0000 => 5,
        _ => 9,
    }
}

fn string(length: usize) -> usize {
    head(to_u64(length)).saturating_add(length)
}
