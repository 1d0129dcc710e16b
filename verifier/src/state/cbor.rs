//! Deterministic CBOR (RFC 8949 §4.2.1), read strictly: what is decoded is encoded again and
//! compared.

use alloc::vec::Vec;

use minicbor::{Decoder, decode};

use crate::encoding::{DecodeError, DecodeProblem, check_canonical, hex::Hash};

/// The value that `read` takes from `bytes`, all of them, in the encoding that `encode` gives it.
///
/// # Errors
/// What `read` says, [`DecodeProblem::TrailingBytes`], or [`DecodeProblem::NotCanonical`] at the
/// first byte that would be another.
pub(super) fn decoded<T>(
    bytes: &[u8],
    read: impl FnOnce(&mut Decoder<'_>) -> Result<T, DecodeError>,
    encode: impl FnOnce(&T) -> Vec<u8>,
) -> Result<T, DecodeError> {
    let mut decoder = Decoder::new(bytes);
    let value = read(&mut decoder)?;
    if decoder.position() != bytes.len() {
        return Err(DecodeError::new(decoder.position(), DecodeProblem::TrailingBytes));
    }
    check_canonical(bytes, &encode(&value))?;
    Ok(value)
}

/// The head of an array of `length` items.
pub(super) fn array(decoder: &mut Decoder<'_>, length: u64) -> Result<(), DecodeError> {
    let offset = decoder.position();
    match decoder.array().map_err(|error| failed(&error, offset))? {
        Some(claimed) if claimed == length => Ok(()),
        Some(_) => Err(DecodeError::new(offset, DecodeProblem::Length)),
        None => Err(DecodeError::new(offset, DecodeProblem::NotCanonical)),
    }
}

/// An item called `name`, read by `item`.
pub(super) fn field<'b, T>(
    decoder: &mut Decoder<'b>,
    name: &str,
    item: impl FnOnce(&mut Decoder<'b>) -> Result<T, decode::Error>,
) -> Result<T, DecodeError> {
    let offset = decoder.position();
    item(decoder).map_err(|error| failed(&error, offset).within(name))
}

/// A byte string of 32 bytes, called `name`.
pub(super) fn hash(decoder: &mut Decoder<'_>, name: &str) -> Result<Hash, DecodeError> {
    let offset = decoder.position();
    Hash::from_slice(field(decoder, name, Decoder::bytes)?)
        .ok_or_else(|| DecodeError::new(offset, DecodeProblem::Length).within(name))
}

/// What the decoder found wrong with the item at `offset`.
fn failed(error: &decode::Error, offset: usize) -> DecodeError {
    let problem =
        if error.is_end_of_input() { DecodeProblem::Truncated } else { DecodeProblem::WrongType };
    DecodeError::new(offset, problem)
}
