//! What an attacker can do without a refusal or a finding: neither contract nor audit has a rule for it.

use vidimus::{
    encoding::{
        cbor::Text,
        hex::{Hash, Identifier},
    },
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
        DELEGATE, Fixture, HOSPITAL_ID, OFFICER, PATIENT, World, account, code, disclosure, half,
        key, organization, set,
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
        // V33 looks at texts, systems and origins, as they stand there.
        attack("an e-mail address is broken by a character of no width", &[], |strikes| {
            let name = if strikes { "jane.doe\u{200b}@mail.example" } else { "Dr. Example" };
            Fixture::new().access(move |access| {
                account(access);
                disclosure(access).name = Text::new(name);
            })
        }),
        attack("an e-mail address stands among the lawful bases", &[], |strikes| {
            Fixture::new().access(move |access| {
                let basis = if strikes { "jane.doe@mail.example" } else { "GDPR-9(2)(h)" };
                half(access).processing.basis = set([code(basis)]);
            })
        }),
    ]
}
