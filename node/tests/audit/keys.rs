//! V19 to V23: keys, numbers, times, halves.

use vidimus::{
    audit::ViolationId,
    encoding::hex::{Hash, Identifier},
    record::{
        Body,
        access::{Access, Outcome},
        anchor::{Anchor, Anchored},
        consent::Consent,
        instant::Instant,
        organization::{Organization, OrganizationChange},
    },
};

use super::fixture::{
    CLINIC_ID, Fixture, GATEWAY, GOVERNANCE, HOSPITAL_ID, LATENCY, SKEW, STRANGER, World, carried,
    code, disclose, half, key, open, organization, registered,
};

fn anchor(world: &mut World, signer: usize, custodian: &'static str) -> Vec<u8> {
    world.sign(signer, |source| {
        Body::Anchor(Anchor {
            source,
            custodian: organization(custodian),
            subject: None,
            anchored: Anchored::Documents,
            root: Hash([1; 32]),
            leaf_count: 1,
            details: None,
        })
    })
}

/// Breaks the signature, which is last.
fn forge(mut record: Vec<u8>) -> Vec<u8> {
    *record.last_mut().unwrap() ^= 1;
    record
}

fn at(millis: u64) -> Instant {
    Instant::from_millis(millis).unwrap()
}

#[test]
fn records_that_nobody_entitled_signed_are_found() {
    let violation = [(ViolationId::V19, 2, Some(0))];
    let signed = |signer, custodian| {
        Fixture::new().block(move |world| vec![anchor(world, signer, custodian)])
    };
    assert_eq!(signed(STRANGER, HOSPITAL_ID).found(), violation);
    assert_eq!(signed(GATEWAY, "nobody.example").found(), violation);
    assert_eq!(signed(GATEWAY, HOSPITAL_ID).found(), []);
    let forged = Fixture::new().block(|world| vec![forge(anchor(world, GATEWAY, HOSPITAL_ID))]);
    assert_eq!(forged.found(), violation);
    // Refused, but for no reason of this rule: the organization is there already.
    let again = Fixture::new().block(|world| {
        vec![world.sign(GOVERNANCE, |source| {
            Body::Organization(Organization { source, ..registered(CLINIC_ID, &[], &[]) })
        })]
    });
    assert_eq!(again.found(), []);
}

#[test]
fn accesses_of_organizations_that_do_not_take_part_are_found() {
    let unknown = |access: &mut Access| {
        disclose(access);
        half(access).processing.actor.organization = organization("nobody.example");
    };
    assert_eq!(Fixture::new().access(unknown).found(), [(ViolationId::V19, 3, Some(0))]);
    let suspended = Fixture::new().block(|world| {
        vec![world.sign(GOVERNANCE, |source| {
            let change = OrganizationChange::Suspend;
            Body::Organization(Organization { source, change, ..registered(CLINIC_ID, &[], &[]) })
        })]
    });
    assert_eq!(suspended.access(disclose).found(), [(ViolationId::V19, 4, Some(0))]);
    assert_eq!(Fixture::new().access(disclose).found(), []);
}

#[test]
fn records_and_events_that_are_there_already_are_found() {
    let twice = Fixture::new().block(|world| {
        let record = anchor(world, GATEWAY, HOSPITAL_ID);
        vec![record.clone(), record]
    });
    assert_eq!(twice.found(), [(ViolationId::V20, 2, Some(1))]);
    let again = |edit: fn(&mut World) -> Vec<u8>| {
        Fixture::new().access(|_| {}).block(move |world| vec![edit(world)])
    };
    let second = |world: &mut World| {
        let request = world.ids[world.ids.len() - 2];
        world.access(Some(request), |_| {})
    };
    assert_eq!(again(second).found(), [(ViolationId::V20, 4, Some(0))]);
    let asked = |world: &mut World| {
        world.request(|access| {
            access.event = Identifier([1; 16]);
            open(access, &carried());
        })
    };
    assert_eq!(again(asked).found(), [(ViolationId::V20, 4, Some(0))]);
    assert_eq!(Fixture::new().access(|_| {}).access(|_| {}).found(), []);
    let halves = |halves: usize| {
        let fixture = Fixture::new().access(disclose);
        fixture.block(move |world| (0..halves).map(|_| world.recipient_half(|_| {})).collect())
    };
    assert_eq!(halves(2).found(), [(ViolationId::V20, 4, Some(1))]);
    assert_eq!(halves(1).found(), []);
}

/// Blocks with another consent each, edited, with the blocks' records in the order of `swap`.
fn consents(edits: Vec<fn(&mut Consent)>, swapped: bool) -> Fixture {
    Fixture::new().block(move |world| {
        let mut number = 1;
        let sign = |edit: fn(&mut Consent)| {
            number += 1;
            world.consent(|consent| {
                consent.consent = Identifier([number; 16]);
                edit(consent);
            })
        };
        let mut records: Vec<_> = edits.into_iter().map(sign).collect();
        if swapped {
            records.reverse();
        }
        records
    })
}

#[test]
fn gaps_and_wrong_links_are_found() {
    let skip: fn(&mut Consent) = |consent| consent.source.sequence += 1;
    let next: fn(&mut Consent) = |_| {};
    assert_eq!(consents(vec![skip], false).found(), [(ViolationId::V21, 2, Some(0))]);
    assert_eq!(consents(vec![skip, next], false).found(), [(ViolationId::V21, 2, Some(0))]);
    assert_eq!(consents(vec![next, skip], true).found(), [(ViolationId::V21, 2, Some(0))]);
    let astray: fn(&mut Consent) = |consent| consent.source.previous = Some(Hash([9; 32]));
    assert_eq!(consents(vec![astray], false).found(), [(ViolationId::V21, 2, Some(0))]);
    // The record before it comes after it: then there is nothing yet to link to.
    assert_eq!(consents(vec![next, astray], true).found(), []);
    // Its number says where it stands.
    let unlinked: fn(&mut Consent) = |consent| consent.source.previous = None;
    assert_eq!(consents(vec![next, unlinked], false).found(), []);
    assert_eq!(consents(vec![unlinked, skip], false).found(), [(ViolationId::V21, 2, Some(1))]);
    // Out of order, and nothing is missing.
    assert_eq!(consents(vec![next, next, next], true).found(), []);
}

#[test]
fn gap_below_the_window_is_found_though_more_records_follow() {
    let skip: fn(&mut Consent) = |consent| consent.source.sequence += 1;
    let fixture = consents(vec![skip], false);
    let leap = fixture.consent(9, |consent| consent.source.sequence += 2_000);
    let found = [(ViolationId::V21, 2, Some(0)), (ViolationId::V21, 3, Some(0))];
    assert_eq!(leap.found(), found);
}

#[test]
fn numbers_known_at_the_start_are_no_gap() {
    let mut fixture = Fixture::new().access(|_| {}).access(|_| {}).access(|_| {});
    fixture.omitted = 4;
    assert_eq!(fixture.found(), []);
    let mut fixture = Fixture::new().idle(3).consent(2, |consent| consent.source.sequence += 1);
    fixture.omitted = 3;
    assert_eq!(fixture.found(), [(ViolationId::V21, 5, Some(0))]);
}

#[test]
fn times_that_cannot_be_are_found() {
    let dated = |shift: i64| {
        Fixture::new().idle(8).block(move |world| {
            let now = world.now.as_millis();
            vec![world.sign(GATEWAY, |mut source| {
                source.recorded_at = at(now.saturating_add_signed(shift));
                Body::Anchor(Anchor {
                    source,
                    custodian: organization(HOSPITAL_ID),
                    subject: None,
                    anchored: Anchored::Documents,
                    root: Hash([1; 32]),
                    leaf_count: 1,
                    details: None,
                })
            })]
        })
    };
    let (latency, skew) = (LATENCY.cast_signed(), SKEW.cast_signed());
    let violation = [(ViolationId::V22, 10, Some(0))];
    assert_eq!(dated(-latency - 1).found(), violation);
    assert_eq!(dated(-latency).found(), []);
    assert_eq!(dated(skew + 1).found(), violation);
    assert_eq!(dated(skew).found(), []);
}

#[test]
fn times_that_run_backwards_are_found() {
    let now: fn(&mut Consent) = |_| {};
    let earlier: fn(&mut Consent) =
        |consent| consent.source.recorded_at = at(consent.source.recorded_at.as_millis() - 1);
    // The first stands in the block before, more than a millisecond ago.
    assert_eq!(consents(vec![earlier, now], false).found(), []);
    assert_eq!(consents(vec![now, earlier], false).found(), [(ViolationId::V22, 2, Some(1))]);
    // The one before it comes after it: several nodes of a gateway may send in any order.
    assert_eq!(consents(vec![now, earlier], true).found(), []);
    assert_eq!(consents(vec![earlier, now], true).found(), []);
}

#[test]
fn halves_without_the_other_are_found_when_the_latency_is_over() {
    let recipient =
        |edit: fn(&mut Access)| move |world: &mut World| vec![world.recipient_half(edit)];
    let violation = [(ViolationId::V23, 3, Some(0))];
    assert_eq!(Fixture::new().access(disclose).idle(8).found(), violation);
    assert_eq!(Fixture::new().access(disclose).idle(4).found(), []);
    let both = || Fixture::new().access(disclose).block(recipient(|_| {}));
    assert_eq!(both().idle(8).found(), []);
    // Before or after: the halves come in any order.
    let before = Fixture::new().block(|world| vec![world.request(disclose)]);
    let before = before.block(|world| {
        let request = world.ids.last().copied();
        vec![world.recipient_half(|_| {}), world.access(request, disclose)]
    });
    assert_eq!(before.idle(8).found(), []);
    let alone = Fixture::new().block(|world| vec![world.request(disclose)]);
    assert_eq!(alone.block(recipient(|_| {})).idle(8).found(), violation);
    // What was denied was not received.
    let denied = |access: &mut Access| {
        disclose(access);
        access.outcome = Outcome::Denied;
    };
    assert_eq!(Fixture::new().access(denied).idle(8).found(), []);
}

#[test]
fn halves_that_met_wait_for_nothing_more() {
    let twice = |again: fn(&mut World) -> Vec<u8>| {
        let both =
            Fixture::new().access(disclose).block(|world| vec![world.recipient_half(|_| {})]);
        both.block(move |world| vec![again(world)]).idle(8).found()
    };
    let repeated = [(ViolationId::V20, 5, Some(0))];
    assert_eq!(twice(|world| world.recipient_half(|_| {})), repeated);
    let opened = |world: &mut World| {
        let request = world.ids[world.ids.len() - 3];
        world.access(Some(request), disclose)
    };
    assert_eq!(twice(opened), repeated);
}

#[test]
fn what_both_say_was_denied_is_no_lone_half() {
    let denied = |access: &mut Access| {
        disclose(access);
        access.outcome = Outcome::Denied;
    };
    let both = || {
        Fixture::new()
            .access(denied)
            .block(|world| vec![world.recipient_half(|access| access.outcome = Outcome::Denied)])
    };
    assert_eq!(both().idle(8).found(), []);
    // Once more, and then it is opened: what was denied is answered, and so is the event.
    let opened = |world: &mut World| {
        let request = world.ids[world.ids.len() - 2];
        vec![world.access(Some(request), disclose)]
    };
    let repeated = (ViolationId::V20, 4, Some(0));
    let again = Fixture::new().access(denied).block(opened);
    assert_eq!(again.idle(8).found(), [repeated, (ViolationId::V23, 4, Some(0))]);
    let answered = Fixture::new().access(denied).block(opened);
    let answered = answered.block(|world| vec![world.recipient_half(|_| {})]);
    assert_eq!(answered.idle(8).found(), [repeated]);
}

#[test]
fn halves_that_differ_are_found_at_the_later() {
    let differing: [fn(&mut Access); 5] = [
        |access| access.by_recipient.as_mut().unwrap().actor.person = Hash([0x99; 32]),
        |access| access.by_recipient.as_mut().unwrap().client = code("ward-8"),
        |access| access.by_recipient.as_mut().unwrap().server = code("ehr-2"),
        |access| access.subject = key(51),
        |access| access.outcome = Outcome::Failure,
    ];
    // The custodian says that it was denied, and so that nobody opened anything.
    let denied = |access: &mut Access| {
        disclose(access);
        access.outcome = Outcome::Denied;
    };
    let fixture = Fixture::new().access(denied).block(|world| vec![world.recipient_half(|_| {})]);
    assert_eq!(fixture.idle(8).found(), [(ViolationId::V23, 4, Some(0))]);
    // The custodian says that it was one of its own.
    let own = |world: &mut World| {
        let request = world.ids[world.ids.len() - 2];
        vec![world.access(Some(request), |_| {})]
    };
    let fixture = Fixture::new().block(|world| vec![world.request(|_| {})]);
    let fixture = fixture.block(|world| vec![world.recipient_half(|_| {})]).block(own);
    assert_eq!(fixture.idle(8).found(), [(ViolationId::V23, 4, Some(0))]);
    for edit in differing {
        let fixture =
            Fixture::new().access(disclose).block(move |world| vec![world.recipient_half(edit)]);
        assert_eq!(fixture.idle(8).found(), [(ViolationId::V23, 4, Some(0))]);
    }
}
