//! Who acts: organizations, roles and persons, and the patterns that a consent names them by.

use alloc::{borrow::ToOwned as _, string::String};
use core::fmt;

use serde::{Serialize, Serializer};

use super::codes::{CODE_LENGTH, check_token};
use crate::encoding::{
    DecodeError, DecodeProblem,
    cbor::{Reader, Value, Writer, map},
    hex::Hash,
};

/// The permanent id of an organization: 1 to 64 of `a`–`z`, `0`–`9`, `.` and `-`.
///
/// It goes into the derivation of keys, so there is one spelling and no letter that looks like
/// another script's.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct OrganizationId(String);

impl OrganizationId {
    /// The id, or `None` if the text is none.
    pub fn new(text: &str) -> Option<Self> {
        let is_allowed = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b".-".contains(&b);
        ((1..=64).contains(&text.len()) && text.bytes().all(is_allowed))
            .then(|| Self(text.to_owned()))
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for OrganizationId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Serialize for OrganizationId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl Value for OrganizationId {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let start = reader.offset();
        Self::new(reader.text()?).ok_or_else(|| DecodeError::new(start, DecodeProblem::Text))
    }

    fn encode(&self, writer: &mut Writer) {
        writer.text(&self.0);
    }
}

/// A code as it stands in a record: 1 to 64 characters of printable ASCII without spaces. Whether a
/// pinned table knows it is for the table to say.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct CodeText(String);

impl CodeText {
    /// The code, or `None` if the text is none.
    pub fn new(text: &str) -> Option<Self> {
        check_token(text, CODE_LENGTH).is_ok().then(|| Self(text.to_owned()))
    }

    /// The code as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for CodeText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Serialize for CodeText {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl Value for CodeText {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let start = reader.offset();
        Self::new(reader.text()?).ok_or_else(|| DecodeError::new(start, DecodeProblem::Text))
    }

    fn encode(&self, writer: &mut Writer) {
        writer.text(&self.0);
    }
}

map! {
    /// Who acted.
    pub struct Actor {
        /// Pseudonym of the person: 32 bytes that the organization can resolve. Never a name.
        1 => person: Hash,
        /// Role in which the person acted.
        2 => role: CodeText,
        /// Organization for which the person acted.
        3 => organization: OrganizationId,
    }
}

map! {
    /// Whom a consent names: everybody who fits all of what stands here.
    pub struct ActorPattern {
        /// This organization.
        1 => organization: Option<OrganizationId>,
        /// This role.
        2 => role: Option<CodeText>,
        /// This person.
        3 => person: Option<Hash>,
    }
}
