//! Consents over time: versions, revocations, and what covers an access that comes late.

use vidimus::{
    contract::{decision::Verdict, outcome::ResultCode},
    encoding::hex::{Hash, Identifier},
    record::{
        Body,
        consent::{Consent, ConsentStatus, Effect},
        revocation::Revocation,
        source::Source,
    },
};

use super::world::{GATEWAY, LATENCY, PATIENT, STRANGER, World, access, consent};
use crate::samples::{MORNING, at, key, organization, own, period, processing};

fn give(world: &mut World, version: u64, previous: Option<Hash>, decision: Effect) -> Hash {
    world.accept(PATIENT, |source| {
        Body::Consent(Box::new(Consent { decision, ..consent(source, version, previous) }))
    })
}

fn revocation(source: Source, version: Hash) -> Revocation {
    Revocation {
        source,
        subject: key(PATIENT),
        consent: Identifier([1; 16]),
        version,
        custodian: organization("st-anna.example"),
        grantor: own(),
        details: None,
    }
}

/// What is decided of an access that happened at this moment and is recorded now.
fn verdict_at(world: &mut World, moment: u64) -> Verdict {
    let mut source = world.source(GATEWAY);
    source.recorded_at = at(moment);
    world
        .judged(GATEWAY, &Body::Access(Box::new(access(source, 1, None, processing()))))
        .0
        .decision
        .verdict
}

fn verdict(world: &mut World) -> Verdict {
    let now = world.now;
    verdict_at(world, now)
}

#[test]
fn revocation_ends_a_consent_and_late_accesses_keep_what_covered_them() {
    let mut world = World::new();
    let before = world.now - 1;
    let given = world.now;
    let id = give(&mut world, 1, None, Effect::Permit);
    assert_eq!(verdict(&mut world), Verdict::Covered);
    let during = world.now;
    let revoked = world.now + 1_000;
    world.now = revoked;
    world.accept(PATIENT, |source| Body::Revocation(revocation(source, id)));
    assert_eq!(verdict(&mut world), Verdict::Uncovered);
    for (moment, expected) in [
        (before, Verdict::Uncovered),
        (given, Verdict::Covered),
        (during, Verdict::Covered),
        (revoked - 1, Verdict::Covered),
        (revoked, Verdict::Uncovered),
    ] {
        assert_eq!(verdict_at(&mut world, moment), expected, "{moment}");
    }
}

#[test]
fn later_version_replaces_the_earlier_from_its_block_on() {
    let mut world = World::new();
    let first = give(&mut world, 1, None, Effect::Permit);
    let during = world.now;
    world.now += 1_000;
    let second = give(&mut world, 2, Some(first), Effect::Deny);
    assert_eq!(verdict(&mut world), Verdict::Denied);
    assert_eq!(verdict_at(&mut world, during), Verdict::Covered);
    give(&mut world, 3, Some(second), Effect::Permit);
    assert_eq!(verdict(&mut world), Verdict::Covered);
}

/// What the consent itself says of when it was given changes nothing.
#[test]
fn consent_covers_nothing_from_before_its_block() {
    let mut world = World::new();
    let happened = world.now;
    world.now += 60_000;
    world.accept(PATIENT, |source| {
        let given_at = at(MORNING);
        Body::Consent(Box::new(Consent { given_at, ..consent(source, 1, None) }))
    });
    assert_eq!(verdict_at(&mut world, happened), Verdict::Uncovered);
    assert_eq!(verdict(&mut world), Verdict::Covered);
}

#[test]
fn only_an_active_consent_within_its_period_covers() {
    for (status, start, end, expected) in [
        (ConsentStatus::Active, 0, None, Verdict::Covered),
        (ConsentStatus::Draft, 0, None, Verdict::Uncovered),
        (ConsentStatus::Inactive, 0, None, Verdict::Uncovered),
        (ConsentStatus::NotDone, 0, None, Verdict::Uncovered),
        (ConsentStatus::EnteredInError, 0, None, Verdict::Uncovered),
        (ConsentStatus::Unknown, 0, None, Verdict::Uncovered),
        (ConsentStatus::Active, 3_600_000, None, Verdict::Uncovered),
        (ConsentStatus::Active, 0, Some(61_000), Verdict::Uncovered),
        (ConsentStatus::Active, 0, Some(61_001), Verdict::Covered),
    ] {
        let mut world = World::new();
        world.accept(PATIENT, |source| {
            let period = period(MORNING + start, end.map(|end| MORNING + end));
            Body::Consent(Box::new(Consent { status, period, ..consent(source, 1, None) }))
        });
        assert_eq!(verdict(&mut world), expected, "{status:?} {start} {end:?}");
    }
}

#[test]
fn version_that_does_not_follow_is_refused() {
    let mut world = World::new();
    let mut put = |version, previous, custodian: &str| {
        let put = |source| {
            let custodian = organization(custodian);
            Body::Consent(Box::new(Consent { custodian, ..consent(source, version, previous) }))
        };
        world.put(PATIENT, put)
    };
    let (here, elsewhere) = ("st-anna.example", "clinic.example");
    assert_eq!(put(2, None, here).0, ResultCode::Version);
    assert_eq!(put(0, None, here).0, ResultCode::Version);
    assert_eq!(put(1, Some(Hash([1; 32])), here).0, ResultCode::Version);
    assert_eq!(put(1, None, "nobody.example").0, ResultCode::UnknownOrganization);
    assert_eq!(put(1, None, "trials.example").0, ResultCode::UnknownOrganization);
    let (code, first) = put(1, None, here);
    assert_eq!(code, ResultCode::Accepted);
    for (version, previous) in
        [(1, None), (1, Some(first)), (2, None), (3, Some(first)), (2, Some(Hash([1; 32])))]
    {
        assert_eq!(put(version, previous, here).0, ResultCode::Version, "{version} {previous:?}");
    }
    assert_eq!(put(2, Some(first), elsewhere).0, ResultCode::Version);
    assert_eq!(put(2, Some(first), here).0, ResultCode::Accepted);
}

/// A patient who takes a consent back never fails for not having seen a later version.
#[test]
fn revocation_of_an_earlier_version_ends_the_one_that_stands() {
    let mut world = World::new();
    let first = give(&mut world, 1, None, Effect::Permit);
    let second = give(&mut world, 2, Some(first), Effect::Permit);
    let revoked = world.accept(PATIENT, |source| Body::Revocation(revocation(source, first)));
    assert_eq!(verdict(&mut world), Verdict::Uncovered);
    // What was signed before the revocation and kept back does not bring the consent back.
    let kept_back = |source| Body::Consent(Box::new(consent(source, 3, Some(second))));
    assert_eq!(world.put(PATIENT, kept_back).0, ResultCode::Version);
    assert_eq!(verdict(&mut world), Verdict::Uncovered);
    give(&mut world, 3, Some(revoked), Effect::Permit);
    assert_eq!(verdict(&mut world), Verdict::Covered);
}

#[test]
fn revocation_of_nothing_or_by_a_stranger_is_refused() {
    let mut world = World::new();
    let nothing = world.put(PATIENT, |source| Body::Revocation(revocation(source, Hash([1; 32]))));
    assert_eq!(nothing.0, ResultCode::UnknownRecord);
    let id = give(&mut world, 1, None, Effect::Permit);
    for (signer, custodian, code) in [
        (STRANGER, "st-anna.example", ResultCode::NotAuthorized),
        (GATEWAY, "st-anna.example", ResultCode::NotAuthorized),
        (PATIENT, "clinic.example", ResultCode::UnknownRecord),
    ] {
        let put = |source| {
            let custodian = organization(custodian);
            Body::Revocation(Revocation { custodian, ..revocation(source, id) })
        };
        assert_eq!(world.put(signer, put).0, code);
    }
    assert_eq!(verdict(&mut world), Verdict::Covered);
}

/// What is not in force takes no room.
#[test]
fn drafts_and_ended_periods_leave_room_for_other_consents() {
    let mut world = World::new();
    for number in 1..=130_u8 {
        world.accept(PATIENT, |source| {
            let mut body =
                Consent { consent: Identifier([number + 1; 16]), ..consent(source, 1, None) };
            if number % 2 == 0 {
                body.status = ConsentStatus::Draft;
            } else {
                body.period = period(MORNING, Some(MORNING + 1));
            }
            Body::Consent(Box::new(body))
        });
        world.now += LATENCY;
    }
    give(&mut world, 1, None, Effect::Permit);
    assert_eq!(verdict(&mut world), Verdict::Covered);
}

/// Sixty-four at once; those that ended long ago make room.
#[test]
fn subject_has_room_for_as_many_consents_as_are_decided_over() {
    let mut world = World::new();
    let numbered = |number: u8, source| {
        let consent = Consent { consent: Identifier([number; 16]), ..consent(source, 1, None) };
        Body::Consent(Box::new(consent))
    };
    let ids: Vec<_> =
        (1..=64).map(|n| world.accept(PATIENT, |source| numbered(n, source))).collect();
    assert_eq!(world.put(PATIENT, |source| numbered(65, source)).0, ResultCode::Limit);
    world.accept(PATIENT, |source| Body::Revocation(revocation(source, ids[0])));
    assert_eq!(world.put(PATIENT, |source| numbered(65, source)).0, ResultCode::Limit);
    world.now += LATENCY;
    world.accept(PATIENT, |source| numbered(65, source));
    // The one that was listed no more still has its versions.
    assert_eq!(world.put(PATIENT, |source| numbered(1, source)).0, ResultCode::Version);
}

#[test]
fn versions_without_end_are_refused_until_time_passes() {
    let mut world = World::new();
    let mut last = give(&mut world, 1, None, Effect::Permit);
    for version in 2..=16 {
        last = give(&mut world, version, Some(last), Effect::Permit);
    }
    let next = |source| Body::Consent(Box::new(consent(source, 17, Some(last))));
    assert_eq!(world.put(PATIENT, next).0, ResultCode::Limit);
    world.now += LATENCY;
    let next = |source| Body::Consent(Box::new(consent(source, 17, Some(last))));
    assert_eq!(world.put(PATIENT, next).0, ResultCode::Accepted);
}
