//! Consents, and what there is none of.

use super::{Attack, attack, claims, of, proof_of};
use crate::fixture::{STRANGER, key};
use crate::world::{LEDGER, consent_of};
use vidimus::{
    encoding::hex::Identifier, packet::Packet, packet::claim::AbsenceClaim, packet::claim::Absent,
    packet::claim::Claim, packet::claim::ConsentClaim, state::End, state::Proof,
};

pub(super) fn attacks() -> Vec<Attack> {
    let tip = LEDGER.anchor.height;
    let absence = |packet: &mut Packet, absent: Absent, consent: Option<Identifier>| {
        claims(packet, |claims| {
            let Claim::Consent(claim) = &claims[0] else { panic!("a consent") };
            let (key, header, proof) = (claim.subject, claim.header, claim.proof.clone());
            claims[0] = Claim::Absence(AbsenceClaim { absent, key, consent, header, proof });
        });
    };
    vec![
        attack(
            "a consent passes for none",
            "state.value",
            tip,
            consent_of(1, None),
            move |packet| {
                absence(packet, Absent::Consent, Some(Identifier([1; 16])));
            },
        ),
        attack("a revocation passes for none", "state.proof", tip, consent_of(1, None), |packet| {
            // As the consent stood before it was revoked.
            let before = proof_of(&of(&LEDGER, 5, consent_of(1, Some(4))));
            claims(packet, |claims| {
                let Claim::Consent(claim) = &mut claims[0] else { panic!("a consent") };
                let mut proof = Proof::decode(&claim.proof).unwrap();
                proof.end = Proof::decode(&before).unwrap().end;
                claim.proof = proof.encode().into();
            });
        }),
        attack("a consent of somebody else", "state.proof", tip, consent_of(1, None), |packet| {
            claims(packet, |claims| {
                let Claim::Consent(claim) = &mut claims[0] else { panic!("a consent") };
                claim.subject = key(STRANGER);
            });
        }),
        attack(
            "another consent of the patient",
            "state.proof",
            tip,
            consent_of(1, None),
            |packet| {
                claims(packet, |claims| {
                    let Claim::Consent(claim) = &mut claims[0] else { panic!("a consent") };
                    claim.consent = Identifier([2; 16]);
                });
            },
        ),
        attack(
            "none, by the proof that there is none of another",
            "state.proof",
            tip,
            consent_of(9, None),
            |packet| {
                claims(packet, |claims| {
                    let Claim::Absence(claim) = &mut claims[0] else { panic!("an absence") };
                    claim.consent = Some(Identifier([1; 16]));
                });
            },
        ),
        attack(
            "no records, by the proof that there is no consent",
            "state.proof",
            tip,
            consent_of(9, None),
            |packet| {
                claims(packet, |claims| {
                    let Claim::Absence(claim) = &mut claims[0] else { panic!("an absence") };
                    (claim.absent, claim.consent) = (Absent::Subject, None);
                });
            },
        ),
        attack("nothing, by an empty map", "state.proof", tip, consent_of(9, None), |packet| {
            claims(packet, |claims| {
                let Claim::Absence(claim) = &mut claims[0] else { panic!("an absence") };
                claim.proof = Proof { siblings: vec![], end: End::Empty }.encode().into();
            });
        }),
        attack(
            "nothing, by a way that is cut short",
            "state.proof",
            tip,
            consent_of(9, None),
            |packet| {
                claims(packet, |claims| {
                    let Claim::Absence(claim) = &mut claims[0] else { panic!("an absence") };
                    let mut proof = Proof::decode(&claim.proof).unwrap();
                    proof.siblings.pop();
                    claim.proof = proof.encode().into();
                });
            },
        ),
        attack(
            "a consent that there is none of",
            "packet.references",
            tip,
            consent_of(9, None),
            |packet| {
                claims(packet, |claims| {
                    let Claim::Absence(claim) = claims[0].clone() else { panic!("an absence") };
                    claims[0] = Claim::Consent(ConsentClaim {
                        subject: claim.key,
                        consent: claim.consent.unwrap(),
                        header: claim.header,
                        proof: claim.proof,
                    });
                });
            },
        ),
        attack(
            "an absence that names no consent",
            "packet.encoding",
            tip,
            consent_of(9, None),
            |packet| {
                claims(packet, |claims| {
                    let Claim::Absence(claim) = &mut claims[0] else { panic!("an absence") };
                    claim.consent = None;
                });
            },
        ),
    ]
}
