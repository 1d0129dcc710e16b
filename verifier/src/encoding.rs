//! Byte encodings: protobuf as CometBFT writes it, deterministic CBOR, strict JSON, hex and RFC 3339
//! time.

pub mod cbor;
pub mod hex;
pub mod json;
pub mod protobuf;
pub mod time;

use alloc::{format, string::String};
use core::fmt;

/// Why bytes are not what they should be. The reason is a closed list; place and name are beside it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum DecodeProblem {
    /// The bytes end inside a value.
    Truncated,
    /// Bytes follow the end of the value.
    TrailingBytes,
    /// A varint of more than ten bytes, or above 2^64 − 1.
    Varint,
    /// A field number 0, or a wire type this format does not use here.
    Tag,
    /// A field that the message does not have.
    UnknownField(u64),
    /// A field or item of another type than the schema's.
    WrongType,
    /// A required part is absent.
    Missing,
    /// A number outside its range.
    OutOfRange,
    /// A byte string of a length that the field does not allow.
    Length,
    /// Not the one canonical encoding of its value.
    NotCanonical,
    /// Not UTF-8, or a character that the field does not allow.
    Text,
    /// An unknown variant.
    UnknownVariant,
    /// More than the field of this name in [`crate::limits::Limits`] allows.
    Limit(&'static str),
    /// More elements, or bytes of text, than the format itself has room for.
    TooMany(u64),
    /// A key that stands twice in one JSON object.
    DuplicateKey,
    /// JSON that the grammar of RFC 8259 does not allow.
    Syntax,
    /// A number with a fraction or an exponent.
    Float,
}

impl fmt::Display for DecodeProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Truncated => f.write_str("the bytes end inside a value"),
            Self::TrailingBytes => f.write_str("bytes follow the end of the value"),
            Self::Varint => f.write_str("a varint longer than 64 bits"),
            Self::Tag => f.write_str("a tag that this format does not use"),
            Self::UnknownField(number) => write!(f, "field {number} is not in the schema"),
            Self::WrongType => f.write_str("a value of another type than the schema's"),
            Self::Missing => f.write_str("a required part is absent"),
            Self::OutOfRange => f.write_str("a number outside its range"),
            Self::Length => f.write_str("a length that the field does not allow"),
            Self::NotCanonical => f.write_str("not the canonical encoding of its value"),
            Self::Text => f.write_str("text that the field does not allow"),
            Self::UnknownVariant => f.write_str("an unknown variant"),
            Self::Limit(name) => write!(f, "above the limit `{name}`"),
            Self::TooMany(most) => write!(f, "longer than {most}, the most that the format allows"),
            Self::DuplicateKey => f.write_str("a key stands twice in one object"),
            Self::Syntax => f.write_str("not JSON (RFC 8259)"),
            Self::Float => f.write_str("a number with a fraction or an exponent"),
        }
    }
}

/// Bytes that do not decode: what is wrong, at which byte, at which field.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{problem} at byte {offset}, {path}")]
pub struct DecodeError {
    /// Zero-based offset of the offending byte from the start of the decoded input.
    pub offset: u64,
    /// Field path from the outermost message, such as `last_commit.signatures[3].timestamp`.
    pub path: String,
    /// What is wrong there.
    pub problem: DecodeProblem,
}

impl DecodeError {
    /// An error at `offset` with an empty path; enclosing decoders prepend their field with [`Self::within`].
    pub fn new(offset: usize, problem: DecodeProblem) -> Self {
        Self { offset: to_u64(offset), path: String::new(), problem }
    }

    /// The same error one message further out: `segment` stands before the path.
    #[must_use]
    pub fn within(mut self, segment: &str) -> Self {
        self.path = if self.path.is_empty() || self.path.starts_with('[') {
            format!("{segment}{}", self.path)
        } else {
            format!("{segment}.{}", self.path)
        };
        self
    }

    /// The same error in an input that starts `base` bytes into a larger one.
    #[must_use]
    pub fn shifted(mut self, base: u64) -> Self {
        self.offset = self.offset.saturating_add(base);
        self
    }
}

/// Checks that bytes are the one encoding of what they decode to, which is `canonical`.
///
/// # Errors
/// [`DecodeProblem::NotCanonical`] at the first byte that differs.
pub(crate) fn check_canonical(bytes: &[u8], canonical: &[u8]) -> Result<(), DecodeError> {
    if bytes == canonical {
        return Ok(());
    }
    let same = bytes.iter().zip(canonical).take_while(|(given, again)| given == again).count();
    Err(DecodeError::new(same, DecodeProblem::NotCanonical))
}

/// A length or index as u64; `usize` has at most 64 bits on every target of this crate.
pub(crate) fn to_u64(n: usize) -> u64 {
    u64::try_from(n).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString as _;

    use super::*;

    #[test]
    fn error_names_what_where_and_in_which_field() {
        let error = DecodeError::new(3, DecodeProblem::Limit("x"));
        assert_eq!(error.to_string(), "above the limit `x` at byte 3, ");
        let error = error.within("[2]").within("list").within("body").shifted(40);
        assert_eq!(error.to_string(), "above the limit `x` at byte 43, body.list[2]");
    }
}
