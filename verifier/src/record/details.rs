//! What only a viewing key opens.

use alloc::vec::Vec;
use core::fmt;

use serde::{Serialize, Serializer};

use crate::encoding::{
    DecodeError, DecodeProblem,
    cbor::{Reader, Set, Value, Writer, byte_values, map},
    hex::SealedCode,
    to_u64,
};

/// Bytes of a ciphertext: 16 (the tag alone) to 65,536.
#[derive(Clone, Eq, PartialEq)]
pub struct Ciphertext(Vec<u8>);

impl Ciphertext {
    /// Most bytes of a ciphertext, tag included.
    pub const MAX: usize = 64 << 10;

    /// The ciphertext, or `None` for too few or too many bytes.
    pub fn new(bytes: Vec<u8>) -> Option<Self> {
        (16..=Self::MAX).contains(&bytes.len()).then_some(Self(bytes))
    }

    /// The bytes.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for Ciphertext {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} sealed bytes", self.0.len())
    }
}

impl Serialize for Ciphertext {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&::hex::encode_upper(&self.0))
    }
}

impl Value for Ciphertext {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let start = reader.offset();
        let bytes = reader.bytes()?;
        if bytes.len() > Self::MAX {
            return Err(DecodeError::new(start, DecodeProblem::TooMany(to_u64(Self::MAX))));
        }
        Self::new(bytes.to_vec()).ok_or_else(|| DecodeError::new(start, DecodeProblem::Length))
    }

    fn encode(&self, writer: &mut Writer) {
        writer.bytes(&self.0);
    }
}

/// A nonce of XChaCha20-Poly1305.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Nonce(pub [u8; 24]);

impl Serialize for Nonce {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&::hex::encode_upper(self.0))
    }
}

byte_values! { Nonce }

map! {
    /// Open codes and texts, encrypted under the key of the subject and the custodian.
    pub struct SealedDetails {
        /// Drawn at random for every record.
        1 => nonce: Nonce,
        /// Ciphertext and tag.
        2 => ciphertext: Ciphertext,
    }
}

/// Sealed codes, or ids of resources, of one element in ascending order: at most 256.
pub type SealedSet = Set<SealedCode, 0, 256>;

map! {
    /// What provisions of one effect may name to reach the data, sealed.
    pub struct Closure {
        /// Whatever codes they may name. Never none, since all data has a level of confidentiality.
        1 => codes: Set<SealedCode, 1, 1_024>,
        /// The resources that are opened.
        2 => resources: SealedSet,
        /// Who authored them.
        3 => authors: SealedSet,
    }
}

map! {
    /// What provisions may name to reach the data, by the provisions' effect.
    pub struct Closures checked by Closures::check_counts {
        /// What a permit may name.
        1 => permit: Closure,
        /// What a deny may name.
        2 => deny: Closure,
    }
}

impl Closures {
    /// The same resources, and the same authors, are sealed for both effects: whoever carries fewer for
    /// permits hides from them what is opened.
    fn check_counts(&self) -> Result<(), DecodeProblem> {
        let Self { permit, deny } = self;
        let counts = |closure: &Closure| (closure.resources.len(), closure.authors.len());
        if counts(permit) == counts(deny) { Ok(()) } else { Err(DecodeProblem::Length) }
    }
}
