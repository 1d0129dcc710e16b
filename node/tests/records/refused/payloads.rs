//! Payloads that are no body of their kind, signed all the same.

use vidimus::encoding::DecodeProblem;
use vidimus_node::records::sign_payload;

use super::{Fault, Refused, find, replace, sample};
use crate::CHAIN;

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

pub(super) fn all() -> Vec<Refused> {
    [shapes(), closures(), bounds()].into_iter().flatten().collect()
}

#[expect(clippy::too_many_lines, reason = "a list of cases")]
fn shapes() -> Vec<Refused> {
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
            "payload.processing.closures.permit.codes[1]",
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
            "payload.processing.closures.permit.codes[0]",
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

/// Accesses that would answer to no provision, or to other provisions by effect.
fn closures() -> Vec<Refused> {
    use DecodeProblem::{Length, Missing};
    // The one code of a permit closure, and what is left of the closure without it.
    let without_code = |bytes: &mut Vec<u8>, code: u8| {
        let at = find(bytes, &[0xA1, 1, 0x81, 0x50, code]);
        bytes[at] = 0xA0;
        bytes.drain(at + 1..at + 20);
        at
    };
    vec![
        payload(
            "permit closure without a code",
            "request, least",
            Missing,
            "payload.processing.closures.permit.codes",
            |bytes| without_code(bytes, 1),
        ),
        payload(
            "deny closure without a code",
            "request, least",
            Missing,
            "payload.processing.closures.deny.codes",
            |bytes| without_code(bytes, 2),
        ),
        payload(
            "deny closure with an empty set of codes",
            "request, least",
            Length,
            "payload.processing.closures.deny.codes",
            |bytes| {
                let at = find(bytes, &[0x81, 0x50, 2]);
                bytes.splice(at..at + 18, [0x80]);
                at
            },
        ),
        payload(
            "access without a deny closure",
            "access, full",
            Missing,
            "payload.by_custodian.processing.closures.deny",
            |bytes| {
                let at = find(bytes, &[0xA2, 1, 0xA3, 1, 0x83, 0x50, 1]);
                let deny = find(bytes, &[2, 0xA3, 1, 0x83, 0x50, 4]);
                bytes[at] = 0xA1;
                // Three codes, two resources and an author, each of 17 bytes behind its set's head.
                bytes.drain(deny..deny + 2 + 2 + 51 + 2 + 34 + 2 + 17);
                at
            },
        ),
        payload(
            "access with fewer resources for permits than for denials",
            "access, full",
            Length,
            "payload.by_custodian.processing.closures",
            |bytes| {
                let at = find(bytes, &[0x82, 0x50, 7]);
                bytes[at] = 0x81;
                bytes.drain(at + 18..at + 35);
                find(bytes, &[0xA2, 1, 0xA3, 1, 0x83, 0x50, 1])
            },
        ),
        payload(
            "access with more authors for permits than for denials",
            "access, full",
            Length,
            "payload.by_custodian.processing.closures",
            |bytes| {
                let at = find(bytes, &[3, 0x81, 0x50, 12]);
                bytes.drain(at..at + 19);
                let deny = find(bytes, &[2, 0xA3, 1, 0x83, 0x50, 4]);
                bytes[deny + 1] = 0xA2;
                find(bytes, &[0xA2, 1, 0xA3, 1, 0x83, 0x50, 1])
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
            "consent that names too much",
            "consent, least",
            TooMany(256),
            "payload",
            |bytes| {
                // A scope of 256 labels and a class.
                let mut scope = vec![12, 0xA2, 7, 0x99, 1, 0];
                for n in 0..256_u128 {
                    scope.push(0x50);
                    scope.extend(n.to_be_bytes());
                }
                scope.extend([8, 0x81, 0x50]);
                scope.extend([1; 16]);
                replace(bytes, &[11, 2, 12, 0xA0], &[&[11, 2][..], &scope].concat());
                0
            },
        ),
        payload(
            "too many sealed codes",
            "request, least",
            TooMany(1_024),
            "payload.processing.closures.permit.codes",
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
            "payload.processing.closures.permit.codes",
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
