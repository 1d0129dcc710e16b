//! V10, V11: emergencies.

use vidimus::{
    audit::ViolationId,
    encoding::hex::Hash,
    record::{
        Body,
        access::Access,
        review::{Review, ReviewOutcome},
    },
};

use super::fixture::{Fixture, HOSPITAL_ID, OFFICER, PATIENT, code, half, key, organization, set};

/// Medication is opened in an emergency, with a reason.
pub(super) fn emergency(access: &mut Access) {
    let processing = &mut half(access).processing;
    processing.purposes = set([code("BTG")]);
    processing.emergency = true;
    processing.justification = Some(Hash([0x33; 32]));
}

fn review(fixture: Fixture) -> Fixture {
    fixture.block(|world| {
        let access = world.ids.last().copied().unwrap();
        vec![world.sign(OFFICER, |source| {
            Body::Review(Review {
                source,
                subject: key(PATIENT),
                custodian: organization(HOSPITAL_ID),
                access,
                reviewer: Hash([0x22; 32]),
                outcome: ReviewOutcome::Justified,
                details: None,
            })
        })]
    })
}

#[test]
fn emergency_without_a_justification_is_found() {
    let unjustified = |access: &mut Access| {
        emergency(access);
        half(access).processing.justification = None;
    };
    let found = review(Fixture::new().access(unjustified)).found();
    assert_eq!(found, [(ViolationId::V10, 3, Some(0))]);
    assert_eq!(review(Fixture::new().access(emergency)).found(), []);
}

#[test]
fn emergency_that_nobody_reviews_in_time_is_found_when_the_time_is_over() {
    let violation = [(ViolationId::V11, 3, Some(0))];
    assert_eq!(Fixture::new().access(emergency).idle(8).found(), violation);
    assert_eq!(review(Fixture::new().access(emergency)).idle(8).found(), []);
    // It is not too late yet; then it is.
    assert_eq!(Fixture::new().access(emergency).idle(2).found(), []);
    assert_eq!(review(Fixture::new().access(emergency).idle(8)).found(), violation);
}
