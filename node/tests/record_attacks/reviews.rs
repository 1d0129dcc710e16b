//! Reviews of emergencies by those who should not.

use vidimus::{
    encoding::hex::Hash,
    record::{
        Body,
        review::{Review, ReviewOutcome},
    },
};

use super::{
    attack::{Attack, attack},
    fixture::{Fixture, HOSPITAL_ID, OFFICER, PATIENT, World, code, half, key, organization, set},
};

/// The person who opens data in this fixture.
const PHYSICIAN: Hash = Hash([0x11; 32]);

pub(super) fn review(world: &mut World, access: Hash, reviewer: Hash) -> Vec<u8> {
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

pub(super) fn emergency() -> Fixture {
    Fixture::new().access(|access| {
        let processing = &mut half(access).processing;
        processing.purposes = set([code("BTG")]);
        processing.emergency = true;
        processing.justification = Some(Hash([0x33; 32]));
    })
}

pub(crate) fn attacks() -> Vec<Attack> {
    vec![attack("somebody reviews their own emergency", &["3/0 V11"], |strikes| {
        let reviewer = if strikes { PHYSICIAN } else { Hash([0x22; 32]) };
        emergency()
            .block(move |world| {
                let access = world.ids.last().copied().unwrap();
                vec![review(world, access, reviewer)]
            })
            .idle(8)
    })]
}
