//! Envelopes that are none.

use vidimus::encoding::DecodeProblem;
use vidimus_node::records::{sign, sign_payload};

use super::{Fault, Refused, sample};
use crate::CHAIN;

/// A signed sample whose bytes are edited; `edit` gives the fault's offset.
fn envelope(
    name: &'static str,
    problem: DecodeProblem,
    path: &'static str,
    edit: impl FnOnce(&mut Vec<u8>) -> usize,
) -> Refused {
    let (body, key) = sample("review, least");
    let mut bytes = sign(&body, key, CHAIN);
    let offset = edit(&mut bytes);
    Refused { name, bytes, fault: Fault::Malformed { problem, offset, path } }
}

fn content_type(name: &'static str, content_type: &str) -> Refused {
    let (body, key) = sample("review, least");
    let bytes = sign_payload(content_type, &body.to_bytes(), key, CHAIN);
    let fault = Fault::Malformed {
        problem: DecodeProblem::UnknownVariant,
        // d2 84 58 length a3 01 32 03
        offset: 8,
        path: "protected.content_type",
    };
    Refused { name, bytes, fault }
}

pub(super) fn all() -> Vec<Refused> {
    use DecodeProblem::{Length, OutOfRange, TrailingBytes, Truncated, UnknownVariant, WrongType};
    /// Offset of the protected header, and of what follows it.
    fn after_protected(bytes: &[u8]) -> usize {
        4 + usize::from(bytes[3])
    }
    vec![
        envelope("envelope without its tag", WrongType, "", |bytes| {
            bytes.remove(0);
            0
        }),
        envelope("envelope with the tag of COSE_Mac0", OutOfRange, "", |bytes| {
            bytes[0] = 0xD1;
            0
        }),
        envelope("envelope of five elements", OutOfRange, "", |bytes| {
            bytes[1] = 0x85;
            1
        }),
        envelope(
            "header that does not begin with the algorithm",
            OutOfRange,
            "protected",
            |bytes| {
                bytes[5] = 2;
                5
            },
        ),
        envelope(
            "algorithm EdDSA, which does not name the curve",
            UnknownVariant,
            "protected.alg",
            |bytes| {
                bytes[6] = 0x27;
                6
            },
        ),
        content_type("kind that is reserved", "application/vidimus.statement+cbor"),
        content_type("kind in capitals", "application/vidimus.Review+cbor"),
        content_type("kind with a parameter", "application/vidimus.review+cbor; v=1"),
        envelope("key identifier of 31 bytes", Length, "protected.kid", |bytes| {
            let end = after_protected(bytes);
            bytes.remove(end - 1);
            bytes[end - 33] = 31;
            bytes[3] -= 1;
            end - 34
        }),
        envelope("entry in the unprotected header", OutOfRange, "unprotected", |bytes| {
            let at = after_protected(bytes);
            bytes.splice(at..=at, [0xA1, 0, 0]);
            at
        }),
        envelope("payload that is elsewhere", WrongType, "payload", |bytes| {
            let at = after_protected(bytes) + 1;
            let end = bytes.len() - 66;
            bytes.splice(at..end, [0xF6]);
            at
        }),
        envelope("signature of 63 bytes", Length, "signature", |bytes| {
            bytes.pop();
            let at = bytes.len() - 65;
            bytes[at + 1] = 63;
            at
        }),
        envelope("byte after the envelope", TrailingBytes, "", |bytes| {
            bytes.push(0);
            bytes.len() - 1
        }),
        envelope("envelope that is cut", Truncated, "signature", |bytes| {
            bytes.pop();
            bytes.len()
        }),
        Refused {
            name: "nothing at all",
            bytes: Vec::new(),
            fault: Fault::Malformed { problem: Truncated, offset: 0, path: "" },
        },
    ]
}
