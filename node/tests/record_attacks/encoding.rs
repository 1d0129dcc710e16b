//! Bytes that two programs could read differently: each is no record.

use vidimus::{encoding::hex::Identifier, record::envelope::Envelope};
use vidimus_node::{records::sign_payload, test_keys};

use super::{
    attack::{Attack, attack},
    fixture::{PATIENT, World},
    forge::{edit_payload, one, replace},
};

fn consent(world: &mut World) -> Vec<u8> {
    world.consent(|consent| consent.consent = Identifier([2; 16]))
}

/// The bytes of the record are changed.
fn bytes(name: &'static str, edit: fn(&mut Vec<u8>)) -> Attack {
    attack(name, &["2/0 malformed"], move |strikes| {
        one(strikes, consent, move |mut record| {
            edit(&mut record);
            record
        })
    })
}

/// The payload is changed, and signed again by the patient.
fn payload(name: &'static str, edit: fn(&mut Vec<u8>)) -> Attack {
    attack(name, &["2/0 malformed"], move |strikes| {
        one(strikes, consent, move |record| edit_payload(&record, edit))
    })
}

/// The payload is signed under another content type.
fn kind(name: &'static str, content_type: &'static str) -> Attack {
    attack(name, &["2/0 malformed"], move |strikes| {
        one(strikes, consent, move |record| {
            let payload = Envelope::decode(&record).unwrap().payload.to_vec();
            let signer = &test_keys::all()[PATIENT];
            sign_payload(content_type, &payload, signer, "vidimus-simulated")
        })
    })
}

/// The payload's first entry, the source, begins here: a map of the consent's twelve or so entries.
fn first(payload: &mut [u8]) -> &mut u8 {
    assert_eq!(payload[0] & 0xe0, 0xa0, "a map");
    &mut payload[0]
}

pub(crate) fn attacks() -> Vec<Attack> {
    [envelopes(), payloads(), kinds()].into_iter().flatten().collect()
}

fn envelopes() -> Vec<Attack> {
    vec![
        bytes("bytes follow a record", |record| record.push(0)),
        bytes("a record is cut off", |record| {
            record.pop();
        }),
        bytes("a record comes without its tag", |record| {
            record.remove(0);
        }),
        bytes("a record is one with a shared secret", |record| record[0] = 0xd1),
        bytes("a record names the algorithm that the reader shall use", |record| {
            replace(record, &[0xa3, 1, 0x32, 3], &[0xa3, 1, 0x27, 3]);
        }),
        bytes("a header that nobody signs tells the reader something", |record| {
            // An empty map stands between protected header and payload.
            let at = 4 + usize::from(record[3]);
            assert_eq!(record[at], 0xa0);
            record.splice(at..=at, [0xa1, 4, 0x41, 1]);
        }),
        bytes("a record is wrapped in another", |record| {
            let length = u16::try_from(record.len()).unwrap().to_be_bytes();
            record.splice(0..0, [0x59, length[0], length[1]]);
        }),
        attack("a transaction is empty", &["2/0 malformed"], |strikes| {
            one(strikes, consent, |_| vec![])
        }),
        attack("a transaction is a text", &["2/0 malformed"], |strikes| {
            one(strikes, consent, |_| b"{\"consent\":true}".to_vec())
        }),
    ]
}

fn payloads() -> Vec<Attack> {
    vec![
        payload("bytes follow a consent within its record", |payload| payload.push(0)),
        payload("a consent has one entry twice", |payload| {
            // Its subject, again.
            let subject = payload.windows(3).position(|b| b == [2, 0x58, 32]).unwrap();
            let entry = payload[subject..subject + 35].to_vec();
            payload.splice(subject..subject, entry);
            *first(payload) += 1;
        }),
        payload("a consent's entries stand in another order", |payload| {
            let subject = payload.windows(3).position(|b| b == [2, 0x58, 32]).unwrap();
            let entry: Vec<_> = payload.drain(subject..subject + 35).collect();
            payload.splice(1..1, entry);
        }),
        payload("a consent has an entry that no consent has", |payload| {
            payload.extend([0x18, 99, 0]);
            *first(payload) += 1;
        }),
        payload("a consent says nothing instead of leaving it out", |payload| {
            payload.extend([0x11, 0xf6]);
            *first(payload) += 1;
        }),
        payload("a consent has no end of its own", |payload| {
            *first(payload) = 0xbf;
            payload.push(0xff);
        }),
        payload("a number is written longer than need be", |payload| {
            replace(payload, &[0xa4, 1, 1, 2, 2], &[0xa4, 1, 1, 2, 0x18, 2]);
        }),
        payload("a number is written as a fraction", |payload| {
            replace(payload, &[0xa4, 1, 1, 2, 2], &[0xa4, 1, 1, 2, 0xf9, 0x40, 0]);
        }),
        payload("a list is empty instead of left out", |payload| {
            // No provisions, key 13.
            payload.extend([0x0d, 0x80]);
            *first(payload) += 1;
        }),
        payload("a consent is of a format to come", |payload| {
            replace(payload, &[0xa4, 1, 1, 2, 2], &[0xa4, 1, 2, 2, 2]);
        }),
    ]
}

fn kinds() -> Vec<Attack> {
    vec![
        kind("a consent is passed off as a revocation", "application/vidimus.revocation+cbor"),
        kind("a consent is passed off as a delegation", "application/vidimus.delegation+cbor"),
        kind(
            "a consent is passed off as a kind that is reserved",
            "application/vidimus.statement+cbor",
        ),
        kind("a content type is written in capitals", "application/vidimus.Consent+cbor"),
        kind("a content type has a parameter", "application/vidimus.consent+cbor; v=1"),
        attack("the signature over one kind is used for another", &["2/0 malformed"], |strikes| {
            one(
                strikes,
                |world| world.revocation(|_| {}),
                |mut record| {
                    replace(&mut record, b"vidimus.revocation", b"vidimus.delegation");
                    record
                },
            )
        }),
    ]
}
