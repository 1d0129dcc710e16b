//! Signs records with test keys.

use vidimus::{
    encoding::{cbor::Writer, hex::PublicKey},
    record::Body,
};
use vidimus_keys::SubjectKey;

use crate::test_keys::TestKey;

/// Whoever signs records: an organization by a test key, a patient by the key of a seed.
pub trait Signer {
    /// The public half.
    fn public(&self) -> PublicKey;

    /// Signs a message (RFC 8032 §5.1.6): R ‖ S.
    fn sign(&self, message: &[u8]) -> [u8; 64];
}

impl Signer for TestKey {
    fn public(&self) -> PublicKey {
        self.public()
    }

    fn sign(&self, message: &[u8]) -> [u8; 64] {
        // It signs with Ed25519, so it is as long.
        self.sign(message).as_slice().try_into().unwrap_or([0; 64])
    }
}

impl Signer for SubjectKey {
    fn public(&self) -> PublicKey {
        self.public()
    }

    fn sign(&self, message: &[u8]) -> [u8; 64] {
        self.sign(message)
    }
}

/// The record that `key` signs to put `body` on the ledger `chain_id`.
pub fn sign(body: &Body, key: &impl Signer, chain_id: &str) -> Vec<u8> {
    let content_type = format!("application/vidimus.{}+cbor", body.kind());
    sign_payload(&content_type, &body.to_bytes(), key, chain_id)
}

/// Signs a payload that may be no body at all, under any content type: what an attacker can do.
///
/// Written head by head, apart from the library's own encoder, which the tests hold against it.
pub fn sign_payload(
    content_type: &str,
    payload: &[u8],
    key: &impl Signer,
    chain_id: &str,
) -> Vec<u8> {
    let mut protected = Writer::default();
    protected.entries(3);
    protected.uint(1);
    protected.int(-19);
    protected.uint(3);
    protected.text(content_type);
    protected.uint(4);
    protected.bytes(&key.public().0);
    let protected = protected.into_bytes();
    let mut signed = Writer::default();
    signed.elements(4);
    signed.text("Signature1");
    signed.bytes(&protected);
    signed.bytes(&[b"vidimus/record/1\0", chain_id.as_bytes()].concat());
    signed.bytes(payload);
    let mut writer = Writer::default();
    writer.tag(18);
    writer.elements(4);
    writer.bytes(&protected);
    writer.entries(0);
    writer.bytes(payload);
    writer.bytes(&key.sign(&signed.into_bytes()));
    writer.into_bytes()
}
