//! Deterministic CBOR (RFC 8949 §4.2.1).

use alloc::vec::Vec;
use core::convert::Infallible;

use minicbor::{Encoder, encode::Error};

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
