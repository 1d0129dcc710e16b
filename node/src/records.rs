//! Signs records with the published test keys.

use vidimus::{encoding::cbor::Writer, record::Body};

use crate::test_keys::TestKey;

/// The record that `key` signs to put `body` on the ledger `chain_id`.
pub fn sign(body: &Body, key: &TestKey, chain_id: &str) -> Vec<u8> {
    let content_type = format!("application/vidimus.{}+cbor", body.kind());
    sign_payload(&content_type, &body.to_bytes(), key, chain_id)
}

/// Signs a payload that may be no body at all, under any content type: what an attacker can do.
///
/// Written head by head, apart from the library's own encoder, which the tests hold against it.
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
