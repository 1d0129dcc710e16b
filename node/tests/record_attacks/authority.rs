//! Somebody signs as the patient: with a key of their own, one that was replaced, or none.

use vidimus::encoding::hex::{Identifier, PublicKey};
use vidimus::record::{
    authority::{Authority, Relation},
    delegation::{Delegation, DelegationChange},
};

use super::{
    attack::{Attack, attack},
    fixture::{DELEGATE, Fixture, GATEWAY, OFFICER, PATIENT, STRANGER, World, key},
    forge::{one, replace_signer, resign},
};

const CHAIN: &str = "vidimus-simulated";
const FORGED: [&str; 2] = ["2/0 signature", "2/0 V31"];
const NOT_THEIRS: [&str; 2] = ["2/0 not-authorized", "2/0 V32"];

/// Order of the base point, little-endian (RFC 8032 §5.1).
const ORDER: [u8; 32] = [
    0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
];

/// y = 1, the identity, of order one: canonically, and as 1 + p. And y = −1, of order two.
const SMALL: [[u8; 32]; 3] = {
    let (mut one, mut one_more, mut minus_one) = ([0; 32], [0xff; 32], [0xff; 32]);
    one[0] = 1;
    (one_more[0], one_more[31]) = (0xee, 0x7f);
    (minus_one[0], minus_one[31]) = (0xec, 0x7f);
    [one, one_more, minus_one]
};

fn consent(world: &mut World) -> Vec<u8> {
    world.consent(|consent| consent.consent = Identifier([2; 16]))
}

/// The signature of the second consent, or its signer, is another.
fn signature(name: &'static str, forge: fn(&mut Vec<u8>)) -> Attack {
    attack(name, &FORGED, move |strikes| {
        one(strikes, consent, move |mut record| {
            forge(&mut record);
            record
        })
    })
}

/// A subject whose key accepts every message gives a consent: R = A, S = 0.
fn small_order(name: &'static str, point: [u8; 32]) -> Attack {
    attack(name, &FORGED, move |strikes| {
        let subject = if strikes { PublicKey(point) } else { key(STRANGER) };
        Fixture::new().block(move |world| {
            let mut record = world.consent_by(STRANGER, |consent| {
                consent.consent = Identifier([2; 16]);
                consent.subject = subject;
            });
            if strikes {
                replace_signer(&mut record, &point);
                let start = record.len() - 64;
                record[start..start + 32].copy_from_slice(&SMALL[0]);
                record[start + 32..].fill(0);
            }
            vec![record]
        })
    })
}

/// A record of the patient is signed by a stranger.
fn stranger(name: &'static str, record: fn(&mut World) -> Vec<u8>) -> Attack {
    attack(name, &NOT_THEIRS, move |strikes| {
        one(strikes, record, |record| resign(&record, STRANGER, CHAIN))
    })
}

/// The patient takes a new key; then somebody signs, or the new key does.
fn after_rotation(name: &'static str, signer: usize, expects: &[&'static str]) -> Attack {
    attack(name, expects, move |strikes| {
        Fixture::new().block(|world| vec![world.delegation(PATIENT, rotate)]).block(move |world| {
            let signer = if strikes { signer } else { DELEGATE };
            vec![world.consent_by(signer, |consent| consent.consent = Identifier([2; 16]))]
        })
    })
}

fn rotate(delegation: &mut Delegation) {
    delegation.change = DelegationChange::Rotate;
}

pub(crate) fn attacks() -> Vec<Attack> {
    [signatures(), keys(), rotations()].into_iter().flatten().collect()
}

fn signatures() -> Vec<Attack> {
    vec![
        signature("one bit of a signature is another", |record| *record.last_mut().unwrap() ^= 1),
        signature("a signature says the same with a higher S", |record| {
            let start = record.len() - 32;
            let mut carry = 0;
            for (byte, add) in record[start..].iter_mut().zip(ORDER) {
                let sum = u16::from(*byte) + u16::from(add) + carry;
                *byte = sum.to_le_bytes()[0];
                carry = sum >> 8;
            }
        }),
        signature("a signature's point has a second encoding", |record| {
            let start = record.len() - 64;
            record[start..start + 32].copy_from_slice(&SMALL[1]);
        }),
        signature("a signature is all zeros", |record| {
            let start = record.len() - 64;
            record[start..].fill(0);
        }),
        signature("a stranger's signature is passed off as the patient's", |record| {
            *record = resign(record, STRANGER, CHAIN);
            replace_signer(record, &key(PATIENT).0);
        }),
        signature("the patient's signature is passed off as a stranger's", |record| {
            replace_signer(record, &key(STRANGER).0);
        }),
        signature("a key of the signer has a second encoding", |record| {
            replace_signer(record, &SMALL[1]);
        }),
        small_order("a subject's key is the identity", SMALL[0]),
        small_order("a subject's key is the identity in a second encoding", SMALL[1]),
        small_order("a subject's key has order two", SMALL[2]),
    ]
}

fn keys() -> Vec<Attack> {
    vec![
        stranger("a stranger consents as the patient", consent),
        stranger("a stranger revokes as the patient", |world| world.revocation(|_| {})),
        stranger("a stranger delegates as the patient", |world| world.delegation(PATIENT, |_| {})),
        stranger("a stranger takes the patient's pseudonym over", |world| {
            world.delegation(PATIENT, rotate)
        }),
        attack("the hospital consents as the patient", &NOT_THEIRS, |strikes| {
            one(strikes, consent, |record| resign(&record, GATEWAY, CHAIN))
        }),
        attack("the privacy officer revokes as the patient", &NOT_THEIRS, |strikes| {
            let revocation = |world: &mut World| world.revocation(|_| {});
            one(strikes, revocation, |record| resign(&record, OFFICER, CHAIN))
        }),
        attack("a patient consents for another patient", &NOT_THEIRS, |strikes| {
            Fixture::new().block(move |world| {
                vec![world.consent(|consent| {
                    consent.consent = Identifier([2; 16]);
                    if strikes {
                        consent.subject = key(STRANGER);
                    }
                })]
            })
        }),
    ]
}

fn rotations() -> Vec<Attack> {
    let replaced = ["3/0 not-authorized", "3/0 V32"];
    vec![
        after_rotation("a key that the patient replaced consents", PATIENT, &replaced),
        after_rotation("a stranger consents after the patient's key changed", STRANGER, &replaced),
        attack("a replaced key makes itself the patient's again", &replaced, |strikes| {
            Fixture::new().block(|world| vec![world.delegation(PATIENT, rotate)]).block(
                move |world| {
                    let signer = if strikes { PATIENT } else { DELEGATE };
                    vec![world.delegation(signer, |delegation| {
                        rotate(delegation);
                        delegation.delegate = key(PATIENT);
                    })]
                },
            )
        }),
        attack(
            "a delegate takes the patient's pseudonym over",
            &["3/0 not-authorized", "3/0 V14"],
            |strikes| {
                Fixture::new().block(|world| vec![world.delegation(PATIENT, |_| {})]).block(
                    move |world| {
                        let first = world.ids[1];
                        let signer = if strikes { DELEGATE } else { PATIENT };
                        vec![world.delegation(signer, |delegation| {
                            rotate(delegation);
                            if strikes {
                                let relation = Relation::Proxy;
                                let delegation_id = Some(first);
                                delegation.grantor =
                                    Some(Authority { relation, delegation: delegation_id });
                            }
                        })]
                    },
                )
            },
        ),
    ]
}
