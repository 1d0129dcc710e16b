//! Consents and documents, and what there is none of.

use super::{Attack, access, attack, claims, of, proof_of};
use crate::fixture::{STRANGER, key};
use crate::world::{DOCUMENT, LEDGER, consent_of, digest, document_proof};
use vidimus::{
    encoding::hex::Identifier, merkle::anchor_tree::AnchorTree, merkle::anchor_tree::DocumentProof,
    merkle::anchor_tree::Salt, packet::Packet, packet::build::Wanted, packet::claim::AbsenceClaim,
    packet::claim::Absent, packet::claim::Claim, packet::claim::ConsentClaim, state::End,
    state::Proof,
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
        attack(
            "a document under the root of another batch",
            "document.included",
            tip,
            Wanted::Document(document_proof()),
            |packet| {
                document(packet, |proof| proof.claimed_root.0[0] ^= 1);
            },
        ),
        attack(
            "a document at another place of the batch",
            "document.included",
            tip,
            Wanted::Document(document_proof()),
            |packet| {
                document(packet, |proof| {
                    let digests =
                        [digest(b"0"), digest(b"1"), digest(b"2"), digest(b"3"), digest(b"4")];
                    proof.inclusion = AnchorTree::new(&digests).unwrap().proof(3).unwrap();
                });
            },
        ),
        attack(
            "a document alone in its batch",
            "document.included",
            tip,
            Wanted::Document(document_proof()),
            |packet| {
                document(packet, |proof| {
                    let tree = AnchorTree::new(&[digest(DOCUMENT)]).unwrap();
                    (proof.inclusion, proof.claimed_root) =
                        (tree.proof(0).unwrap(), tree.head().root);
                });
            },
        ),
        attack(
            "a document behind another salt",
            "document.included",
            tip,
            Wanted::Document(document_proof()),
            |packet| {
                document(packet, |proof| proof.salt = Salt::from_bytes([1; 32]));
            },
        ),
        attack(
            "an anchor that is no anchor",
            "packet.references",
            tip,
            Wanted::Document(document_proof()),
            |packet| {
                let other = of(&LEDGER, LEDGER.anchor.height, access());
                claims(packet, |claims| {
                    // A record of the log needs no header but the last.
                    let Claim::Record(mut claim) = other.claims[0].clone() else {
                        panic!("a record")
                    };
                    claim.log.as_mut().unwrap().header = 2;
                    claims[0] = Claim::Record(claim);
                });
            },
        ),
        attack(
            "an anchor that is claimed later",
            "packet.references",
            tip,
            Wanted::Document(document_proof()),
            |packet| {
                claims(packet, |claims| claims.swap(0, 1));
            },
        ),
    ]
}

fn document(packet: &mut Packet, edit: impl FnOnce(&mut DocumentProof)) {
    claims(packet, |claims| {
        let Claim::Document(claim) = &mut claims[1] else { panic!("a document") };
        let mut proof = DocumentProof::decode(&claim.proof).unwrap();
        edit(&mut proof);
        claim.proof = proof.to_bytes().into();
    });
}
