//! Records as somebody writes them who keeps to no format.

use vidimus::record::{Record, envelope::Envelope};
use vidimus_node::{
    records::{sign, sign_payload},
    simulate::Config,
    test_keys,
};

use super::fixture::{Fixture, World};

/// The record itself, or what the attacker makes of it.
pub(crate) fn either(
    strikes: bool,
    record: Vec<u8>,
    forge: impl FnOnce(Vec<u8>) -> Vec<u8>,
) -> Vec<u8> {
    if strikes { forge(record) } else { record }
}

/// One record in the second block, or what the attacker makes of it.
pub(crate) fn one(
    strikes: bool,
    record: impl FnOnce(&mut World) -> Vec<u8> + 'static,
    forge: impl FnOnce(Vec<u8>) -> Vec<u8> + 'static,
) -> Fixture {
    Fixture::new().block(move |world| vec![either(strikes, record(world), forge)])
}

/// The same body, signed by somebody for a ledger.
pub(crate) fn resign(record: &[u8], signer: usize, chain: &str) -> Vec<u8> {
    let body = Record::decode(record, &Config::default().chain_id).unwrap().0.body;
    sign(&body, &test_keys::all()[signer], chain)
}

/// The payload, edited and signed again by the same key.
pub(crate) fn edit_payload(record: &[u8], edit: impl FnOnce(&mut Vec<u8>)) -> Vec<u8> {
    let envelope = Envelope::decode(record).unwrap();
    let content_type = format!("application/vidimus.{}+cbor", envelope.kind);
    let mut payload = envelope.payload.to_vec();
    edit(&mut payload);
    let signer = test_keys::by_public(&envelope.signer).unwrap();
    sign_payload(&content_type, &payload, signer, &Config::default().chain_id)
}

/// Replaces what stands once.
pub(crate) fn replace(bytes: &mut Vec<u8>, old: &[u8], new: &[u8]) {
    let at: Vec<_> = (0..bytes.len()).filter(|at| bytes[*at..].starts_with(old)).collect();
    assert_eq!(at.len(), 1, "{old:02X?} in {bytes:02X?}");
    bytes.splice(at[0]..at[0] + old.len(), new.iter().copied());
}

/// Puts another key in the place of the one that signed.
pub(crate) fn replace_signer(record: &mut Vec<u8>, key: &[u8; 32]) {
    let signer = Envelope::decode(record).unwrap().signer;
    let identifier = |key: &[u8; 32]| [&[4, 0x58, 32][..], key].concat();
    replace(record, &identifier(&signer.0), &identifier(key));
}
