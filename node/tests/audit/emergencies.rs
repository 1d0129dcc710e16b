//! V10 to V13: emergencies.

use vidimus::{
    audit::{AuditPolicy, SkipReason, ViolationId},
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

/// The patient permits emergencies by name, so that nobody need review them.
fn foreseen() -> Fixture {
    Fixture::with_consent(|consent| consent.scope.purposes = set([code("TREAT"), code("BTG")]))
}

fn by(person: u8) -> impl Fn(&mut Access) + Clone {
    move |access: &mut Access| {
        emergency(access);
        half(access).processing.actor.person = Hash([person; 32]);
    }
}

#[test]
fn emergency_that_exceeds_the_threshold_is_found_once() {
    let found = |policy: &str, persons: &[u8]| {
        let mut fixture = foreseen();
        fixture.policy = AuditPolicy::from_toml(policy).unwrap();
        persons.iter().fold(fixture, |fixture, person| fixture.access(by(*person))).found()
    };
    let actor = "[emergencies]\nwindow = \"1h\"\nactor = 1";
    assert_eq!(found(actor, &[1, 1, 1]), [(ViolationId::V12, 5, Some(0))]);
    assert_eq!(found(actor, &[1, 2, 3]), []);
    let organization = "[emergencies]\nwindow = \"1h\"\norganization = 2";
    assert_eq!(found(organization, &[1, 2, 3, 4]), [(ViolationId::V12, 7, Some(0))]);
    assert_eq!(found(organization, &[1, 1]), []);
    // A block takes about a second: with its request each is two after the one before.
    let short = "[emergencies]\nwindow = \"1s\"\nactor = 1";
    assert_eq!(found(short, &[1, 1, 1]), []);
    let report = foreseen().access(emergency).run();
    let entry = report.violations.iter().find(|entry| entry.id == ViolationId::V12).unwrap();
    assert_eq!(entry.reason, Some(SkipReason::Policy));
}

#[test]
fn emergency_of_somebody_who_treats_nobody_is_found() {
    let as_role = |role: &'static str, is_declared: bool| {
        let fixture = foreseen().access(move |access| {
            emergency(access);
            half(access).processing.emergency = is_declared;
            half(access).processing.actor.role = code(role);
        });
        fixture.found()
    };
    let violation = [(ViolationId::V13, 3, Some(0))];
    assert_eq!(as_role("billing", true), violation);
    assert_eq!(as_role("billing", false), violation);
    assert_eq!(as_role("nobody-knows", false), violation);
    assert_eq!(as_role("clinician", true), []);
    assert_eq!(as_role("paramedic", false), []);
    // The flag alone is enough.
    let declared = Fixture::new().access(|access| {
        half(access).processing.emergency = true;
        half(access).processing.justification = Some(Hash([0x33; 32]));
        half(access).processing.actor.role = code("billing");
    });
    assert_eq!(declared.found(), violation);
}
