//! Signs records with the published test keys.

use vidimus::{
    encoding::cbor::Writer,
    record::{
        Body,
        envelope::{Envelope, signed_bytes},
    },
};

use crate::test_keys::TestKey;

/// The record that `key` signs to put `body` on the ledger `chain_id`.
pub fn sign(body: &Body, key: &TestKey, chain_id: &str) -> Vec<u8> {
    let payload = body.to_bytes();
    let (kind, signer) = (body.kind(), key.public());
    let message = signed_bytes(kind, &signer, &payload, chain_id);
    let mut signature = [0; 64];
    // A signature has 64 bytes.
    for (slot, byte) in signature.iter_mut().zip(key.sign(&message).as_slice()) {
        *slot = *byte;
    }
    Envelope { kind, signer, payload: &payload, payload_offset: 0, signature }.to_bytes()
}

/// Signs a payload that may be no body at all, under any content type: what an attacker can do.
pub fn sign_payload(content_type: &str, payload: &[u8], key: &TestKey, chain_id: &str) -> Vec<u8> {
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
    writer.bytes(key.sign(&signed.into_bytes()).as_slice());
    writer.into_bytes()
}
