//! What an attacker can do without a refusal or a finding: neither contract nor audit has a rule for it.

use vidimus::{
    encoding::hex::{Hash, Identifier},
    record::{
        Body,
        authority::{Authority, Relation},
        delegation::Right,
        instant::Instant,
        review::{Review, ReviewOutcome},
    },
};

use super::{
    attack::{Attack, attack},
    fixture::{
        DELEGATE, Fixture, HOSPITAL_ID, OFFICER, PATIENT, World, code, half, key, organization, set,
    },
};

/// The person who opens data in this fixture.
const PHYSICIAN: Hash = Hash([0x11; 32]);

fn review(world: &mut World, access: Hash, reviewer: Hash) -> Vec<u8> {
    world.sign(OFFICER, |source| {
        Body::Review(Review {
            source,
            subject: key(PATIENT),
            custodian: organization(HOSPITAL_ID),
            access,
            reviewer,
            outcome: ReviewOutcome::Justified,
            details: None,
        })
    })
}

fn emergency() -> Fixture {
    Fixture::new().access(|access| {
        let processing = &mut half(access).processing;
        processing.purposes = set([code("BTG")]);
        processing.emergency = true;
        processing.justification = Some(Hash([0x33; 32]));
    })
}

pub(crate) fn attacks() -> Vec<Attack> {
    vec![
        attack("somebody reviews their own emergency", &[], |strikes| {
            let reviewer = if strikes { PHYSICIAN } else { Hash([0x22; 32]) };
            emergency()
                .block(move |world| {
                    let access = world.ids.last().copied().unwrap();
                    vec![review(world, access, reviewer)]
                })
                .idle(8)
        }),
        attack("an access that is not there is reviewed", &[], |strikes| {
            emergency()
                .block(move |world| {
                    let access = world.ids.last().copied().unwrap();
                    let mut records = vec![review(world, access, Hash([0x22; 32]))];
                    if strikes {
                        records.push(review(world, Hash([9; 32]), Hash([0x22; 32])));
                    }
                    records
                })
                .idle(8)
        }),
        // V15 is about accesses; the contract stops parents alone.
        attack("a guardian consents after majority", &[], |strikes| {
            Fixture::new()
                .block(move |world| {
                    vec![world.delegation(PATIENT, |delegation| {
                        let now = delegation.source.recorded_at.as_millis();
                        let majority = now + if strikes { 500 } else { 60_000 };
                        delegation.rights = set([Right::Consent]);
                        delegation.relation = Relation::Guardian;
                        delegation.majority_at = Some(Instant::from_millis(majority).unwrap());
                    })]
                })
                .block(|world| {
                    let delegation = world.ids.last().copied();
                    vec![world.consent_by(DELEGATE, |consent| {
                        consent.consent = Identifier([2; 16]);
                        consent.grantor = Authority { relation: Relation::Guardian, delegation };
                    })]
                })
        }),
    ]
}
