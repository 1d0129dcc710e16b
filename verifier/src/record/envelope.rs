//! The signed envelope around every record: `COSE_Sign1` (RFC 9052 §4.2).

use alloc::{string::String, vec::Vec};

use super::Kind;
use crate::{
    encoding::{
        DecodeError, DecodeProblem,
        cbor::{Reader, Writer},
        hex::{Hash, PublicKey},
        to_u64,
    },
    merkle::sha256,
    signature::{SignatureError, SignatureRule, verify_one},
};

/// Tag of `COSE_Sign1` (RFC 9052 §2).
const TAG: u64 = 18;
/// Label of the algorithm in a protected header (RFC 9052 §3.1).
const ALGORITHM: u64 = 1;
/// Label of the content type.
const CONTENT_TYPE: u64 = 3;
/// Label of the key identifier.
const KEY_ID: u64 = 4;
/// Ed25519, fully specified (RFC 9864 §2.2).
const ED25519: i64 = -19;
/// First element of what is signed (RFC 9052 §4.4).
const CONTEXT: &str = "Signature1";
/// What binds a record to its ledger, before the chain id.
const DOMAIN: &[u8] = b"vidimus/record/1\0";
/// Bytes of the heads before the parts of what is signed, at most.
const HEADS: usize = 32;

/// A record as it stands on the ledger: who signed which bytes, not yet verified.
///
/// The one encoding of a header and a payload: no unprotected header, no detached payload, the key
/// itself as key identifier, one algorithm.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Envelope<'a> {
    /// What the payload is, by its content type.
    pub kind: Kind,
    /// Key that signed.
    pub signer: PublicKey,
    /// Deterministic CBOR of the record's body.
    pub payload: &'a [u8],
    /// Offset of the payload's first byte in the envelope.
    pub payload_offset: usize,
    /// Signature over [`signed_bytes`](Self::signed_bytes).
    pub signature: [u8; 64],
}

impl<'a> Envelope<'a> {
    /// Reads an envelope that fills `bytes`.
    ///
    /// # Errors
    /// Whatever is not the one encoding of an envelope, with its offset.
    pub fn decode(bytes: &'a [u8]) -> Result<Self, DecodeError> {
        let mut reader = Reader::new(bytes);
        exactly(&mut reader, Reader::tag, TAG)?;
        exactly(&mut reader, Reader::elements, 4)?;
        let protected = reader.bytes().map_err(|e| e.within("protected"))?;
        // The header is the last part of its byte string.
        let base = reader.offset().saturating_sub(protected.len());
        let (kind, signer) =
            decode_protected(protected).map_err(|e| e.shifted(to_u64(base)).within("protected"))?;
        exactly(&mut reader, Reader::entries, 0).map_err(|e| e.within("unprotected"))?;
        let payload = reader.bytes().map_err(|e| e.within("payload"))?;
        let payload_offset = reader.offset().saturating_sub(payload.len());
        let signature = reader.array().map_err(|e| e.within("signature"))?;
        reader.end()?;
        Ok(Self { kind, signer, payload, payload_offset, signature })
    }

    /// The envelope's one encoding.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut writer = Writer::default();
        writer.tag(TAG);
        writer.elements(4);
        writer.bytes(&protected(self.kind, &self.signer));
        writer.entries(0);
        writer.bytes(self.payload);
        writer.bytes(&self.signature);
        writer.into_bytes()
    }

    /// What the signature covers on the ledger `chain_id`: the `Sig_structure` of RFC 9052 §4.4.
    pub fn signed_bytes(&self, chain_id: &str) -> Vec<u8> {
        signed_bytes(self.kind, &self.signer, self.payload, chain_id)
    }

    /// The record's id on the ledger `chain_id`: SHA-256 of the signed bytes.
    ///
    /// The signature is no part of it, so that no second signature makes a second record.
    pub fn id(&self, chain_id: &str) -> Hash {
        sha256(&[&self.signed_bytes(chain_id)])
    }

    /// Verifies the signature under [`SignatureRule::Consent`].
    ///
    /// # Errors
    /// That of [`verify_one`].
    ///
    /// # Cost
    /// One signature; in a batch about half.
    pub fn verify(&self, chain_id: &str) -> Result<(), SignatureError> {
        let message = self.signed_bytes(chain_id);
        verify_one(SignatureRule::Consent, &self.signer.0, &message, &self.signature)
    }
}

/// The bytes that `signer` signs to put `payload` on the ledger `chain_id`.
///
/// ```text
/// [ "Signature1", protected header, "vidimus/record/1" 0x00 chain id, payload ]
/// ```
pub fn signed_bytes(kind: Kind, signer: &PublicKey, payload: &[u8], chain_id: &str) -> Vec<u8> {
    let domain = [DOMAIN, chain_id.as_bytes()].concat();
    let protected = protected(kind, signer);
    let parts = [CONTEXT.len(), protected.len(), domain.len(), payload.len(), HEADS];
    let mut writer = Writer::with_capacity(parts.into_iter().fold(0, usize::saturating_add));
    writer.elements(4);
    writer.text(CONTEXT);
    writer.bytes(&protected);
    writer.bytes(&domain);
    writer.bytes(payload);
    writer.into_bytes()
}

fn protected(kind: Kind, signer: &PublicKey) -> Vec<u8> {
    let mut writer = Writer::default();
    writer.entries(3);
    writer.uint(ALGORITHM);
    writer.int(ED25519);
    writer.uint(CONTENT_TYPE);
    writer.text(&content_type(kind));
    writer.uint(KEY_ID);
    writer.bytes(&signer.0);
    writer.into_bytes()
}

fn content_type(kind: Kind) -> String {
    alloc::format!("application/vidimus.{}+cbor", kind.name())
}

fn decode_protected(bytes: &[u8]) -> Result<(Kind, PublicKey), DecodeError> {
    let mut reader = Reader::new(bytes);
    exactly(&mut reader, Reader::entries, 3)?;
    exactly(&mut reader, Reader::uint, ALGORITHM)?;
    // The algorithm is ours, never the message's: any other is refused.
    let at = reader.offset();
    if reader.int().map_err(|e| e.within("alg"))? != ED25519 {
        return Err(DecodeError::new(at, DecodeProblem::UnknownVariant).within("alg"));
    }
    exactly(&mut reader, Reader::uint, CONTENT_TYPE)?;
    let at = reader.offset();
    let text = reader.text().map_err(|e| e.within("content_type"))?;
    let kind = Kind::ALL.iter().copied().find(|kind| content_type(*kind) == text);
    let kind = kind.ok_or_else(|| {
        DecodeError::new(at, DecodeProblem::UnknownVariant).within("content_type")
    })?;
    exactly(&mut reader, Reader::uint, KEY_ID)?;
    let signer = PublicKey(reader.array().map_err(|e| e.within("kid"))?);
    reader.end()?;
    Ok((kind, signer))
}

/// Reads an item that has one value only.
fn exactly<'a>(
    reader: &mut Reader<'a>,
    read: impl FnOnce(&mut Reader<'a>) -> Result<u64, DecodeError>,
    expected: u64,
) -> Result<(), DecodeError> {
    let at = reader.offset();
    if read(reader)? == expected {
        Ok(())
    } else {
        Err(DecodeError::new(at, DecodeProblem::OutOfRange))
    }
}
