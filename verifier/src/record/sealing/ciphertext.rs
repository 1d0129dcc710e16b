//! Ciphertexts: details as they stand in a record.

use alloc::vec::Vec;

use chacha20poly1305::{
    KeyInit as _, XChaCha20Poly1305, XNonce,
    aead::{Aead as _, Payload},
};
use zeroize::Zeroizing;

use super::Details;
use crate::{
    encoding::{DecodeError, cbor::write, hex::PublicKey},
    record::keys::{ViewKey, derive},
};

/// What the key of details is derived for, and the first part of what they are bound to.
const LABEL: &str = "vidimus/details/1";

/// Bytes of a nonce.
pub const NONCE_LENGTH: usize = 24;

/// Most bytes of a ciphertext, its tag of 16 bytes included.
pub const DETAILS_BYTES: usize = 64 << 10;

/// Which record details belong to. A ciphertext opens in no other place.
#[derive(Clone, Copy, Debug)]
pub struct Binding<'a> {
    /// The kind of the record.
    pub kind: &'a str,
    /// Whom the record concerns.
    pub subject: &'a PublicKey,
    /// The record's own id, which its signer gives it: never the record id, a hash over the
    /// ciphertext too.
    pub event_id: &'a [u8],
}

impl Binding<'_> {
    /// What is authenticated with the ciphertext: the CBOR array `["vidimus/details/1", kind: text,
    /// subject: bytes, event id: bytes]`.
    pub fn to_bytes(&self) -> Vec<u8> {
        write(|e| {
            e.array(4)?.str(LABEL)?.str(self.kind)?;
            e.bytes(&self.subject.0)?.bytes(self.event_id)?;
            Ok(())
        })
    }
}

/// Why details are not sealed or not opened.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum DetailsError {
    /// Longer than [`DETAILS_BYTES`].
    #[error("{length} bytes of details, more than {DETAILS_BYTES}")]
    Length {
        /// Bytes of the ciphertext.
        length: usize,
    },
    /// Another key, another record, or another ciphertext than was sealed.
    #[error("the details do not open with this key in this record")]
    Unopened,
    /// What was sealed is not the encoding of details: the custodian's software is at fault.
    #[error("malformed details: {0}")]
    Malformed(#[from] DecodeError),
}

/// Seals details for one record: XChaCha20-Poly1305 under `HKDF-SHA256(view key,
/// "vidimus/details/1")`, the tag of 16 bytes last.
///
/// `nonce` stands in the record and must be drawn at random for each: two details under one nonce can
/// be read by whoever sees both. This library draws nothing at random.
///
/// # Errors
/// [`DetailsError::Length`].
pub fn seal_details(
    key: &ViewKey,
    nonce: &[u8; NONCE_LENGTH],
    binding: &Binding<'_>,
    details: &Details,
) -> Result<Vec<u8>, DetailsError> {
    let plaintext = Zeroizing::new(details.encode());
    let length = plaintext.len().saturating_add(16);
    let too_long = || DetailsError::Length { length };
    if length > DETAILS_BYTES {
        return Err(too_long());
    }
    let aad = binding.to_bytes();
    let payload = Payload { msg: &plaintext, aad: &aad };
    // The cipher refuses nothing but messages of 2^38 bytes.
    cipher(key).encrypt(&XNonce::from(*nonce), payload).map_err(|_| too_long())
}

/// Opens the details of one record.
///
/// Says nothing of whether the record carries the sealed codes of these details: that is
/// [`Sealer::check_closure`](super::Sealer::check_closure) and
/// [`Sealer::check_provision`](super::Sealer::check_provision).
///
/// # Errors
/// [`DetailsError`].
pub fn open_details(
    key: &ViewKey,
    nonce: &[u8; NONCE_LENGTH],
    binding: &Binding<'_>,
    ciphertext: &[u8],
) -> Result<Details, DetailsError> {
    if ciphertext.len() > DETAILS_BYTES {
        return Err(DetailsError::Length { length: ciphertext.len() });
    }
    let aad = binding.to_bytes();
    let payload = Payload { msg: ciphertext, aad: &aad };
    let plaintext = cipher(key).decrypt(&XNonce::from(*nonce), payload);
    let plaintext = Zeroizing::new(plaintext.map_err(|_| DetailsError::Unopened)?);
    Ok(Details::decode(&plaintext)?)
}

fn cipher(key: &ViewKey) -> XChaCha20Poly1305 {
    let key = derive(key.expose(), &[LABEL.as_bytes()]);
    XChaCha20Poly1305::new(&(*key).into())
}

#[cfg(test)]
mod tests {
    use alloc::{collections::BTreeMap, format};

    use super::*;
    use crate::{
        encoding::DecodeProblem,
        record::{
            codes::{Code, System},
            sealing::{Carried, Named, ResourceId, TextKind},
        },
    };

    const SUBJECT: PublicKey = PublicKey([3; 32]);
    const NONCE: [u8; NONCE_LENGTH] = [9; NONCE_LENGTH];

    fn key() -> ViewKey {
        ViewKey::new([1; 32])
    }

    fn binding() -> Binding<'static> {
        Binding { kind: "access", subject: &SUBJECT, event_id: b"event" }
    }

    fn details() -> Details {
        let level = Code::new(System::Confidentiality, "R").unwrap();
        let carried = Carried::new([level], [], []).unwrap();
        let texts = BTreeMap::from([(TextKind::Note, "text".into())]);
        Details::new(Some(carried), Vec::new(), texts).unwrap()
    }

    #[test]
    fn details_come_back_as_they_were_sealed() {
        for details in [details(), Details::default()] {
            let sealed = seal_details(&key(), &NONCE, &binding(), &details).unwrap();
            assert_eq!(sealed.len(), details.encode().len() + 16);
            assert_eq!(open_details(&key(), &NONCE, &binding(), &sealed), Ok(details));
        }
    }

    #[test]
    fn ciphertext_opens_with_its_key_in_its_record_alone() {
        let sealed = seal_details(&key(), &NONCE, &binding(), &details()).unwrap();
        let unopened = |key: &ViewKey, nonce, binding: &Binding<'_>, sealed: &[u8]| {
            let opened = open_details(key, nonce, binding, sealed);
            assert_eq!(opened, Err(DetailsError::Unopened));
        };
        unopened(&ViewKey::new([2; 32]), &NONCE, &binding(), &sealed);
        unopened(&key(), &[8; NONCE_LENGTH], &binding(), &sealed);
        unopened(&key(), &NONCE, &Binding { kind: "request", ..binding() }, &sealed);
        let subject = PublicKey([4; 32]);
        unopened(&key(), &NONCE, &Binding { subject: &subject, ..binding() }, &sealed);
        unopened(&key(), &NONCE, &Binding { event_id: b"event2", ..binding() }, &sealed);
        for byte in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[byte] ^= 1;
            unopened(&key(), &NONCE, &binding(), &changed);
            unopened(&key(), &NONCE, &binding(), &sealed[..byte]);
        }
    }

    #[test]
    fn ciphertexts_end_at_their_limit() {
        let id = |n, i| ResourceId::new(&format!("{n}/{i:0>120}")).unwrap();
        let wide = [1, 2, 3].map(|n| Named::new([], (0..256).map(|i| id(n, i)), []).unwrap());
        let long = Details::new(None, wide.into(), BTreeMap::new()).unwrap();
        let length = long.encode().len() + 16;
        assert!(length > DETAILS_BYTES);
        let error = seal_details(&key(), &NONCE, &binding(), &long);
        assert_eq!(error, Err(DetailsError::Length { length }));
        let error = open_details(&key(), &NONCE, &binding(), &alloc::vec![0; DETAILS_BYTES + 1]);
        assert_eq!(error, Err(DetailsError::Length { length: DETAILS_BYTES + 1 }));
        let error = open_details(&key(), &NONCE, &binding(), &alloc::vec![0; DETAILS_BYTES]);
        assert_eq!(error, Err(DetailsError::Unopened), "long, and no ciphertext");
    }

    #[test]
    fn sealed_bytes_that_are_no_details_are_malformed() {
        let aad = binding().to_bytes();
        let payload = Payload { msg: &[0xa1, 0x04, 0x80], aad: &aad };
        let sealed = cipher(&key()).encrypt(&XNonce::from(NONCE), payload).unwrap();
        let error = DecodeError::new(1, DecodeProblem::UnknownField(4));
        let opened = open_details(&key(), &NONCE, &binding(), &sealed);
        assert_eq!(opened, Err(DetailsError::Malformed(error)));
    }
}
