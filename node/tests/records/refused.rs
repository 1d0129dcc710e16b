//! Records that are none, or whose signature is not accepted, with what is wrong by hand.

use serde_json::{Value, json};
use vidimus::{encoding::DecodeProblem, record::Body, signature::SignatureError};
use vidimus_node::{
    records::{sign, sign_payload},
    test_keys::{self, TestKey},
};

use crate::{CHAIN, samples};

/// A record with one fault.
pub(crate) struct Refused {
    pub(crate) name: &'static str,
    pub(crate) bytes: Vec<u8>,
    fault: Fault,
}

enum Fault {
    Malformed { problem: DecodeProblem, offset: usize, path: &'static str },
    Signature(SignatureError),
}

impl Refused {
    /// What the vector says.
    pub(crate) fn expected(&self) -> Value {
        match &self.fault {
            Fault::Malformed { problem, offset, path } => {
                json!({ "malformed": problem.to_string(), "offset": offset, "path": path })
            }
            Fault::Signature(error) => json!({ "signature": error.to_string() }),
        }
    }
}

fn sample(name: &str) -> (Body, &'static TestKey) {
    let found = samples::all().into_iter().find(|(found, ..)| *found == name);
    let (_, body, key) = found.unwrap();
    (body, &test_keys::all()[key])
}

/// Where `pattern` stands, which it does once.
fn find(bytes: &[u8], pattern: &[u8]) -> usize {
    let found: Vec<_> = (0..bytes.len()).filter(|at| bytes[*at..].starts_with(pattern)).collect();
    assert_eq!(found.len(), 1, "{pattern:02X?} in {bytes:02X?}");
    found[0]
}

/// Replaces `old`, which stands once; returns where it stood.
fn replace(bytes: &mut Vec<u8>, old: &[u8], new: &[u8]) -> usize {
    let at = find(bytes, old);
    bytes.splice(at..at + old.len(), new.iter().copied());
    at
}

/// Replaces the key identifier, behind its label 4; the key stands in the payload too.
fn replace_signer(bytes: &mut Vec<u8>, key: &TestKey, other: &[u8; 32]) {
    let kid = |key: &[u8; 32]| [&[4, 0x58, 32][..], key].concat();
    replace(bytes, &kid(&key.public().0), &kid(other));
}

/// A sample whose payload is edited and signed again; `edit` gives the fault's offset in it.
fn payload(
    name: &'static str,
    of: &str,
    problem: DecodeProblem,
    path: &'static str,
    edit: impl FnOnce(&mut Vec<u8>) -> usize,
) -> Refused {
    let (body, key) = sample(of);
    let mut payload = body.to_bytes();
    let at = edit(&mut payload);
    let content_type = format!("application/vidimus.{}+cbor", body.kind());
    let bytes = sign_payload(&content_type, &payload, key, CHAIN);
    // Head and bytes of the signature are the last 66.
    let offset = bytes.len() - 66 - payload.len() + at;
    Refused { name, bytes, fault: Fault::Malformed { problem, offset, path } }
}

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

pub(crate) fn all() -> Vec<Refused> {
    let mut all = envelopes();
    all.extend(payloads());
    all.extend(bounds());
    all.extend(signatures());
    all
}

fn envelopes() -> Vec<Refused> {
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

#[expect(clippy::too_many_lines, reason = "a list of cases")]
fn payloads() -> Vec<Refused> {
    use DecodeProblem::{
        Length, Missing, NotCanonical, OutOfRange, Text, TrailingBytes, Truncated, UnknownField,
        UnknownVariant, WrongType,
    };
    vec![
        payload("payload that is empty", "review, least", Truncated, "payload", |bytes| {
            bytes.clear();
            0
        }),
        payload("payload that is a list", "review, least", WrongType, "payload", |bytes| {
            bytes[0] = 0x86;
            0
        }),
        payload(
            "payload of indefinite length",
            "review, least",
            NotCanonical,
            "payload",
            |bytes| {
                bytes[0] = 0xBF;
                bytes.push(0xFF);
                0
            },
        ),
        payload("byte after the payload", "review, least", TrailingBytes, "payload", |bytes| {
            bytes.push(0);
            bytes.len() - 1
        }),
        payload(
            "entry that no review has",
            "review, least",
            UnknownField(99),
            "payload",
            |bytes| {
                bytes[0] += 1;
                bytes.extend([0x18, 99, 0]);
                bytes.len() - 3
            },
        ),
        payload("review of nobody", "review, least", Missing, "payload.subject", |bytes| {
            bytes[0] -= 1;
            let at = find(bytes, &[2, 0x58, 32]);
            bytes.drain(at..at + 35);
            0
        }),
        payload("body of another kind", "anchor, least", WrongType, "payload.custodian", |bytes| {
            let (review, _) = sample("review, least");
            *bytes = review.to_bytes();
            find(bytes, &[2, 0x58, 32]) + 1
        }),
        payload(
            "format of the future",
            "review, least",
            UnknownVariant,
            "payload.source.schema",
            |bytes| {
                bytes[4] = 2;
                4
            },
        ),
        payload(
            "sequence number as text",
            "review, least",
            WrongType,
            "payload.source.sequence",
            |bytes| {
                bytes.splice(6..7, *b"\x611");
                6
            },
        ),
        payload(
            "sequence number as a float",
            "review, least",
            WrongType,
            "payload.source.sequence",
            |bytes| {
                bytes.splice(6..7, [0xF9, 0x3C, 0]);
                6
            },
        ),
        payload(
            "sequence number with a longer head",
            "review, least",
            NotCanonical,
            "payload.source.sequence",
            |bytes| {
                bytes.splice(6..7, [0x18, 1]);
                6
            },
        ),
        payload(
            "time after the year 9999",
            "review, least",
            OutOfRange,
            "payload.source.recorded_at",
            |bytes| {
                let at = find(bytes, &[4, 0x1B]) + 1;
                bytes[at + 1..at + 9].fill(0xFF);
                at
            },
        ),
        payload(
            "period that ends before it starts",
            "consent, full",
            OutOfRange,
            "payload.period.end",
            |bytes| {
                // Entry 9: a start and an end, each a head and eight bytes.
                let at = find(bytes, &[9, 0xA2, 1, 0x1B]) + 1;
                bytes.splice(at + 12..at + 21, [1]);
                at
            },
        ),
        payload("organization in capitals", "review, least", Text, "payload.custodian", |bytes| {
            replace(bytes, b"st-anna", b"ST-anna") - 1
        }),
        payload(
            "name with an escape character",
            "organization, full",
            Text,
            "payload.name",
            |bytes| replace(bytes, b"St. Anna", b"St.\x1BAnna") - 1,
        ),
        payload("name that is not UTF-8", "organization, full", Text, "payload.name", |bytes| {
            replace(bytes, b"St. Anna", b"St.\xC0Anna") - 1
        }),
        payload(
            "null for what is missing",
            "request, full",
            WrongType,
            "payload.processing.protocol",
            |bytes| {
                let old = [&[5, 0x58, 32][..], &[0x22; 32]].concat();
                replace(bytes, &old, &[5, 0xF6]) + 1
            },
        ),
        payload(
            "emergency that is none",
            "request, full",
            NotCanonical,
            "payload.processing.emergency",
            |bytes| replace(bytes, &[7, 0xF5, 8], &[7, 0xF4, 8]) + 1,
        ),
        payload(
            "request without a purpose",
            "request, least",
            Length,
            "payload.processing.purposes",
            |bytes| replace(bytes, b"\x03\x81\x65TREAT", b"\x03\x80") + 1,
        ),
        payload(
            "purposes out of order",
            "request, full",
            NotCanonical,
            "payload.processing.purposes[1]",
            |bytes| replace(bytes, b"\x82\x63BTG\x66ETREAT", b"\x82\x66ETREAT\x63BTG"),
        ),
        payload(
            "purpose that stands twice",
            "request, full",
            NotCanonical,
            "payload.processing.purposes[1]",
            |bytes| replace(bytes, b"\x82\x63BTG\x66ETREAT", b"\x82\x63BTG\x63BTG"),
        ),
        payload(
            "sealed codes out of order",
            "request, full",
            NotCanonical,
            "payload.processing.closures.permit[1]",
            |bytes| {
                let at = find(bytes, &[0x83, 0x50, 1]);
                bytes[at + 2..at + 18].fill(9);
                at
            },
        ),
        payload(
            "sealed code of 15 bytes",
            "request, least",
            Length,
            "payload.processing.closures.permit[0]",
            |bytes| {
                let at = find(bytes, &[0x81, 0x50, 1]);
                bytes[at + 1] = 0x4F;
                bytes.remove(at + 2);
                at + 1
            },
        ),
        payload(
            "consent of unknown status",
            "consent, least",
            UnknownVariant,
            "payload.status",
            |bytes| replace(bytes, &[8, 2, 9, 0xA1], &[8, 9, 9, 0xA1]) + 1,
        ),
        payload(
            "exception to an exception to an exception",
            "consent, full",
            UnknownField(11),
            "payload.provisions[0].exceptions[0]",
            |bytes| replace(bytes, b"\xA1\x03\x81\x63BTG", b"\xA2\x03\x81\x63BTG\x0B\x80") + 7,
        ),
        payload(
            "ciphertext without room for its tag",
            "request, full",
            Length,
            "payload.details.ciphertext",
            |bytes| {
                let at = find(bytes, &[2, 0x58, 40]) + 1;
                bytes.splice(at..at + 42, [0x4F].into_iter().chain([0; 15]));
                at
            },
        ),
    ]
}

fn bounds() -> Vec<Refused> {
    use DecodeProblem::{Text, TooMany};
    vec![
        payload(
            "role that is too long",
            "request, least",
            Text,
            "payload.processing.actor.role",
            |bytes| {
                let long = [&[0x78, 65][..], &[b'x'; 65]].concat();
                replace(bytes, b"\x69physician", &long)
            },
        ),
        payload(
            "too many exceptions",
            "consent, full",
            TooMany(32),
            "payload.provisions[0].exceptions",
            |bytes| {
                let one = b"\xA1\x03\x81\x63BTG";
                let many = [&[0x98, 33][..], &one.repeat(33)].concat();
                replace(bytes, b"\x81\xA1\x03\x81\x63BTG", &many)
            },
        ),
        payload(
            "too many sealed codes",
            "request, least",
            TooMany(1_024),
            "payload.processing.closures.permit",
            |bytes| {
                let at = find(bytes, &[0x81, 0x50, 1]);
                let mut codes = vec![0x99, 4, 1];
                for n in 0..1_025_u128 {
                    codes.push(0x50);
                    codes.extend(n.to_be_bytes());
                }
                bytes.splice(at..at + 18, codes);
                at
            },
        ),
        payload(
            "list that claims more than there is memory",
            "request, least",
            TooMany(1_024),
            "payload.processing.closures.permit",
            |bytes| {
                let at = find(bytes, &[0x81, 0x50, 1]);
                bytes.splice(at..=at, [0x9B, 255, 255, 255, 255, 255, 255, 255, 255]);
                at
            },
        ),
        payload(
            "ciphertext that is too long",
            "request, full",
            TooMany(65_536),
            "payload.details.ciphertext",
            |bytes| {
                let at = find(bytes, &[2, 0x58, 40]) + 1;
                bytes.splice(at..at + 42, [0x5A, 0, 1, 0, 1].into_iter().chain([0].repeat(65_537)));
                at
            },
        ),
    ]
}

fn signatures() -> Vec<Refused> {
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
