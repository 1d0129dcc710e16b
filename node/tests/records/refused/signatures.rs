//! Signatures that are not accepted, over bodies that are right.

use vidimus::signature::SignatureError;
use vidimus_node::{
    records::sign,
    test_keys::{self, TestKey},
};

use super::{Fault, Refused, replace, sample};
use crate::CHAIN;

/// Replaces the key identifier, behind its label 4; the key stands in the payload too.
fn replace_signer(bytes: &mut Vec<u8>, key: &TestKey, other: &[u8; 32]) {
    let kid = |key: &[u8; 32]| [&[4, 0x58, 32][..], key].concat();
    replace(bytes, &kid(&key.public().0), &kid(other));
}

fn signature(
    name: &'static str,
    error: SignatureError,
    edit: impl FnOnce(&mut Vec<u8>, &TestKey),
) -> Refused {
    let (body, key) = sample("consent, least");
    let mut bytes = sign(&body, key, CHAIN);
    edit(&mut bytes, key);
    Refused { name, bytes, fault: Fault::Signature(error) }
}

/// Order of the base point, little-endian (RFC 8032 §5.1).
const ORDER: [u8; 32] = [
    0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
];

/// y = 1, the identity: canonically, and as 1 + p.
const IDENTITY: [u8; 32] = {
    let mut bytes = [0; 32];
    bytes[0] = 1;
    bytes
};
const IDENTITY_PLUS_P: [u8; 32] = {
    let mut bytes = [0xFF; 32];
    bytes[0] = 0xEE;
    bytes[31] = 0x7F;
    bytes
};

pub(super) fn all() -> Vec<Refused> {
    use SignatureError::{KeyNotCanonical, KeySmallOrder, Mismatch, PointNotCanonical};
    vec![
        signature("key of somebody else", Mismatch, |bytes, key| {
            replace_signer(bytes, key, &test_keys::all()[99].public().0);
        }),
        signature("record of another ledger", Mismatch, |bytes, key| {
            *bytes = sign(&sample("consent, least").0, key, "vidimus-test-2");
        }),
        signature("signature over the payload alone", Mismatch, |bytes, key| {
            let end = bytes.len();
            let signature = key.sign(&sample("consent, least").0.to_bytes());
            bytes[end - 64..].copy_from_slice(signature.as_slice());
        }),
        signature("S plus the order of the base point", Mismatch, |bytes, _| {
            let start = bytes.len() - 32;
            let mut carry = 0;
            for (byte, add) in bytes[start..].iter_mut().zip(ORDER) {
                let sum = u16::from(*byte) + u16::from(add) + carry;
                *byte = sum.to_le_bytes()[0];
                carry = sum >> 8;
            }
        }),
        signature(
            "key of small order, which accepts every message",
            KeySmallOrder,
            |bytes, key| {
                replace_signer(bytes, key, &IDENTITY);
                let start = bytes.len() - 64;
                bytes[start..start + 32].copy_from_slice(&IDENTITY);
                bytes[start + 32..].fill(0);
            },
        ),
        signature("key in a second encoding", KeyNotCanonical, |bytes, key| {
            replace_signer(bytes, key, &IDENTITY_PLUS_P);
        }),
        signature("R in a second encoding", PointNotCanonical, |bytes, _| {
            let start = bytes.len() - 64;
            bytes[start..start + 32].copy_from_slice(&IDENTITY_PLUS_P);
        }),
        signature("one changed character of a consent", Mismatch, |bytes, _| {
            replace(bytes, b"st-anna", b"st-annb");
        }),
    ]
}
