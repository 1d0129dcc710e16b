//! Valid proofs of one claim in another.

use super::{Attack, all, attack_on, claims, of, proof_of};
use crate::fixture::{STRANGER, key};
use crate::world::{LEDGER, consent_of, document_proof, id, patient};
use std::collections::BTreeSet;
use vidimus::packet::{Bytes, Packet, build::Wanted, claim::Claim};

pub(super) fn attacks() -> Vec<Attack> {
    [proofs(), records(), headers()].into_iter().flatten().collect()
}

fn on(
    name: &'static str,
    expects: &'static str,
    wanted: Vec<Wanted>,
    edit: impl Fn(&mut Packet) + 'static,
) -> Attack {
    attack_on(&LEDGER, name, expects, LEDGER.anchor.height, wanted, edit)
}

/// All records of the subject who gave one consent.
fn stranger() -> Wanted {
    let withhold = BTreeSet::new();
    Wanted::Subject { subject: key(STRANGER), from: None, to: None, withhold }
}

fn record(height: u64) -> Wanted {
    Wanted::Record(id(&LEDGER, height, 0))
}

/// The proof of the state in a claim.
fn proof(claim: &mut Claim) -> &mut Bytes {
    match claim {
        Claim::Subject(claim) => &mut claim.proof,
        Claim::Consent(claim) => &mut claim.proof,
        Claim::Absence(claim) => &mut claim.proof,
        Claim::Record(claim) => &mut claim.log.as_mut().unwrap().proof,
        _ => panic!("a claim with a proof"),
    }
}

/// Two claims show what the other should.
fn swap_proofs(packet: &mut Packet) {
    claims(packet, |claims| {
        let [one, two] = &mut claims[..] else { panic!("two claims") };
        std::mem::swap(proof(one), proof(two));
    });
}

fn proofs() -> Vec<Attack> {
    let swapped = |name, one: Wanted, two| on(name, "state.proof", vec![one, two], swap_proofs);
    let nobody = || Wanted::NoSigner { key: key(99), to: None };
    vec![
        swapped("logs of two subjects swapped", all(), stranger()),
        swapped("entries of two consents swapped", consent_of(1, None), consent_of(2, None)),
        swapped(
            "a consent that stands and one that does not",
            consent_of(1, None),
            consent_of(9, None),
        ),
        swapped(
            "a consent that does not stand and one that does",
            consent_of(9, None),
            consent_of(1, None),
        ),
        swapped("a log for a consent", consent_of(1, None), all()),
        swapped("a consent for a log", all(), consent_of(1, None)),
        swapped("a consent for no signer", nobody(), consent_of(1, None)),
        swapped("a log for no signer", nobody(), all()),
        swapped("a log for an entry's", record(3), stranger()),
        swapped("one consent at two blocks", consent_of(1, Some(4)), consent_of(1, None)),
        swapped("one subject at two blocks", patient(None, Some(4), &[]), all()),
        swapped("one absence at two blocks", consent_of(9, Some(3)), consent_of(9, None)),
    ]
}

fn records() -> Vec<Attack> {
    vec![
        on("records of two subjects swapped", "log.complete", vec![all(), stranger()], |packet| {
            claims(packet, |claims| {
                let [Claim::Subject(one), Claim::Subject(two)] = &mut claims[..] else {
                    panic!("two subjects")
                };
                std::mem::swap(&mut one.records, &mut two.records);
            });
        }),
        on("entries of two records swapped", "log.entry", vec![record(3), record(6)], |packet| {
            claims(packet, |claims| {
                let [Claim::Record(one), Claim::Record(two)] = &mut claims[..] else {
                    panic!("two records")
                };
                std::mem::swap(&mut one.log, &mut two.log);
            });
        }),
        attack_on(
            &LEDGER,
            "blocks of two records swapped",
            "record.transaction",
            7,
            vec![record(3), record(6)],
            |packet| {
                claims(packet, |claims| {
                    let [Claim::Record(one), Claim::Record(two)] = &mut claims[..] else {
                        panic!("two records")
                    };
                    std::mem::swap(&mut one.block, &mut two.block);
                });
            },
        ),
        attack_on(
            &LEDGER,
            "results of two records swapped",
            "record.result",
            7,
            vec![record(3), record(6)],
            |packet| {
                claims(packet, |claims| {
                    let [Claim::Record(one), Claim::Record(two)] = &mut claims[..] else {
                        panic!("two records")
                    };
                    std::mem::swap(&mut one.data, &mut two.data);
                });
            },
        ),
        on(
            "a document under another record",
            "packet.references",
            vec![record(3), Wanted::Document(document_proof())],
            |packet| {
                claims(packet, |claims| {
                    let Claim::Document(claim) = &mut claims[2] else { panic!("a document") };
                    claim.record = 0;
                });
            },
        ),
    ]
}

/// Proofs whose state is that of another header than the one they are for: one block makes the difference.
fn headers() -> Vec<Attack> {
    vec![
        on(
            "a consent before its revocation, in the state after it",
            "state.proof",
            vec![consent_of(1, Some(4)), consent_of(1, Some(5))],
            swap_headers,
        ),
        at_another_block("a state that is one block too old", 4),
        at_another_block("a state that is one block too new", 6),
        on(
            "an entry in the log before it was entered",
            "state.proof",
            vec![record(6), consent_of(1, Some(5))],
            |packet| {
                claims(packet, |claims| {
                    let [Claim::Record(record), Claim::Consent(consent)] = &mut claims[..] else {
                        panic!("a record and a consent")
                    };
                    record.log.as_mut().unwrap().header = consent.header;
                });
            },
        ),
        on(
            "none at one block passes for none at another",
            "state.proof",
            vec![consent_of(2, Some(3)), consent_of(2, Some(4))],
            |packet| {
                claims(packet, |claims| {
                    let [Claim::Absence(one), Claim::Consent(two)] = &mut claims[..] else {
                        panic!("an absence and a consent")
                    };
                    one.header = two.header;
                });
            },
        ),
    ]
}

/// Records up to block 5, with the state after another block.
fn at_another_block(name: &'static str, to: u64) -> Attack {
    on(name, "state.proof", vec![patient(None, Some(5), &[])], move |packet| {
        let other = of(&LEDGER, LEDGER.anchor.height, patient(None, Some(to), &[]));
        claims(packet, |claims| *proof(&mut claims[0]) = proof_of(&other));
    })
}

fn swap_headers(packet: &mut Packet) {
    claims(packet, |claims| {
        let [Claim::Consent(one), Claim::Consent(two)] = &mut claims[..] else {
            panic!("two consents")
        };
        std::mem::swap(&mut one.header, &mut two.header);
    });
}
