//! Requests and accesses: what is decided, for which moment, and how the two stand to each other.

use vidimus::{
    contract::{
        decision::Verdict,
        outcome::{RequestStanding, ResultCode},
    },
    encoding::hex::{Hash, Identifier},
    record::{
        Body,
        access::{Access, RecipientHalf},
        request::Processing,
        revocation::Revocation,
    },
};

use super::world::{
    CLINIC, GATEWAY, LATENCY, PATIENT, REQUEST, SKEW, STRANGER, World, access, consent, request,
};
use crate::samples::{actor, at, closures, code, codes, key, organization, own, processing};

/// A ledger on which the patient has permitted everything.
fn permitted() -> (World, Hash) {
    let mut world = World::new();
    let id = world.accept(PATIENT, |source| Body::Consent(Box::new(consent(source, 1, None))));
    (world, id)
}

fn recorded(access: Access) -> Body {
    Body::Access(Box::new(access))
}

fn processing_of(access: &mut Access) -> &mut Processing {
    &mut access.by_custodian.as_mut().unwrap().processing
}

#[test]
fn request_is_decided_and_the_access_that_names_it_says_so() {
    let (mut world, version) = permitted();
    let (asked, id) = world.request(1);
    assert_eq!((asked.decision.verdict, asked.request), (Verdict::Covered, None));
    assert_eq!(asked.decision.considered[0].consent, version);
    let done = world.access(1, Some(id));
    assert_eq!(done.decision.verdict, Verdict::Covered);
    assert_eq!(done.request, Some(RequestStanding::Granted));
    let alone = world.access(2, None);
    assert_eq!(alone.request, Some(RequestStanding::NotNamed));
}

#[test]
fn access_that_nothing_covers_is_recorded_with_its_decision() {
    let mut world = World::new();
    let (asked, id) = world.request(1);
    assert_eq!(asked.decision.verdict, Verdict::Uncovered);
    let done = world.access(1, Some(id));
    assert_eq!(done.decision.verdict, Verdict::Uncovered);
    assert_eq!(done.request, Some(RequestStanding::Refused));
}

#[test]
fn access_names_an_open_request_for_the_same_and_no_more() {
    let (mut world, _) = permitted();
    let (_, id) = world.request(1);
    let mut standing = |change: &dyn Fn(&mut Access)| {
        let source = world.source(GATEWAY);
        let mut body = access(source, 1, Some(id), processing());
        change(&mut body);
        world.judged(GATEWAY, &recorded(body)).0.request.unwrap()
    };
    assert_eq!(standing(&|_| {}), RequestStanding::Granted);
    let changes: [fn(&mut Access); 9] = [
        |access| access.event.0[0] ^= 1,
        |access| access.subject.0[0] ^= 1,
        |access| processing_of(access).actor.person.0[0] ^= 1,
        |access| processing_of(access).action = code("D"),
        |access| processing_of(access).purposes = codes(&["HRESCH", "TREAT"]),
        |access| processing_of(access).basis = codes(&["GDPR-9(2)(c)"]),
        |access| processing_of(access).emergency = true,
        |access| {
            processing_of(access).protocol = Some(Hash([5; 32]));
        },
        |access| processing_of(access).closures = closures(&[1], &[2, 3]),
    ];
    for change in changes {
        assert_eq!(standing(&change), RequestStanding::Exceeded);
    }
    let unknown = |access: &mut Access| {
        access.by_custodian.as_mut().unwrap().request = Some(Hash([7; 32]));
    };
    assert_eq!(standing(&unknown), RequestStanding::NotOpen);
}

#[test]
fn request_ends_when_its_time_is_over_and_leaves_nothing() {
    let (mut world, _) = permitted();
    let before = world.contract.state().len();
    let opened = world.now;
    let (_, id) = world.request(1);
    // The request, its block, and where open ones stand; a signer's numbers; two logs.
    let with_request = world.contract.state().len();
    assert_eq!(with_request, before + 3 + 1);
    world.now = opened + REQUEST - 1;
    assert_eq!(world.access(1, Some(id)).request, Some(RequestStanding::Granted));
    world.now = opened + REQUEST;
    assert_eq!(world.access(1, Some(id)).request, Some(RequestStanding::NotOpen));
    assert_eq!(world.contract.state().len(), with_request - 3);
}

#[test]
fn requests_of_several_blocks_end_one_after_the_other() {
    let (mut world, _) = permitted();
    let start = world.now;
    let ids: Vec<_> = (1..=3)
        .map(|event| {
            world.now = start + u64::from(event) * 100_000;
            world.request(event).1
        })
        .collect();
    for over in 1_u8..=3 {
        world.now = start + u64::from(over) * 100_000 + REQUEST;
        let open = ids.iter().zip(1..).map(|(id, event)| world.access(event, Some(*id)).request);
        let open = open.filter(|standing| *standing == Some(RequestStanding::Granted)).count();
        assert_eq!(open, usize::from(3 - over));
    }
}

#[test]
fn moment_is_the_records_own_where_it_is_believed_and_else_the_blocks() {
    let (mut world, _) = permitted();
    world.now += 10 * LATENCY;
    for (ahead, behind, is_believed) in [
        (0, 0, true),
        (SKEW, 0, true),
        (SKEW + 1, 0, false),
        (0, LATENCY, true),
        (0, LATENCY + 1, false),
    ] {
        let mut source = world.source(GATEWAY);
        source.recorded_at = at(world.now + ahead - behind);
        let expected = if is_believed { source.recorded_at } else { at(world.now) };
        let (judgement, _) =
            world.judged(GATEWAY, &recorded(access(source, 1, None, processing())));
        assert_eq!((judgement.at, judgement.is_block_time), (expected, !is_believed));
    }
}

#[test]
fn recipients_half_is_recorded_without_a_decision() {
    let (mut world, _) = permitted();
    let half = |world: &mut World, signer, organization_id: &str| {
        let source = world.source(signer);
        let body = access(source, 1, None, processing());
        let mut actor = actor();
        actor.organization = organization(organization_id);
        let by_recipient = Some(RecipientHalf { actor, client: code("c"), server: code("s") });
        recorded(Access { by_custodian: None, by_recipient, ..body })
    };
    let body = half(&mut world, CLINIC, "clinic.example");
    let (result, _) = world.put_signed(CLINIC, &body);
    assert_eq!((result.code, result.data.len()), (ResultCode::Accepted, 0));
    for (signer, id, code) in [
        (STRANGER, "clinic.example", ResultCode::NotAuthorized),
        (GATEWAY, "clinic.example", ResultCode::NotAuthorized),
        (CLINIC, "nobody.example", ResultCode::UnknownOrganization),
    ] {
        let body = half(&mut world, signer, id);
        assert_eq!(world.put_signed(signer, &body).0.code, code);
    }
}

#[test]
fn access_with_both_halves_or_none_is_malformed() {
    let mut world = World::new();
    let source = world.source(GATEWAY);
    let mut body = access(source, 1, None, processing());
    body.by_recipient =
        Some(RecipientHalf { actor: actor(), client: code("c"), server: code("s") });
    let both = recorded(body.clone());
    (body.by_custodian, body.by_recipient) = (None, None);
    for body in [both, recorded(body)] {
        assert_eq!(world.put_signed(GATEWAY, &body).0.code, ResultCode::Malformed);
    }
}

#[test]
fn only_a_gateway_of_the_custodian_asks_and_opens() {
    let mut world = World::new();
    for signer in [STRANGER, CLINIC, PATIENT, super::world::OFFICER, super::world::DEVICE] {
        let source = world.source(signer);
        let asked = Body::Request(Box::new(request(source, 1, processing())));
        assert_eq!(world.put_signed(signer, &asked).0.code, ResultCode::NotAuthorized);
        let source = world.source(signer);
        let done = recorded(access(source, 1, None, processing()));
        assert_eq!(world.put_signed(signer, &done).0.code, ResultCode::NotAuthorized);
    }
}

/// A gateway that dates a request back before a revocation is authorized to nothing.
#[test]
fn request_is_decided_for_its_block_whatever_date_it_bears() {
    let (mut world, id) = permitted();
    world.now += 60_000;
    world.accept(PATIENT, |source| {
        Body::Revocation(Revocation {
            source,
            subject: key(PATIENT),
            consent: Identifier([1; 16]),
            version: id,
            custodian: organization("st-anna.example"),
            grantor: own(),
            details: None,
        })
    });
    let mut source = world.source(GATEWAY);
    source.recorded_at = at(world.now - 30_000);
    let asked = Body::Request(Box::new(request(source, 1, processing())));
    let (judgement, id) = world.judged(GATEWAY, &asked);
    assert_eq!(judgement.decision.verdict, Verdict::Uncovered);
    assert!(judgement.is_block_time);
    assert_eq!(world.access(1, Some(id)).request, Some(RequestStanding::Refused));
}

#[test]
fn request_that_is_asked_after_the_access_opens_nothing() {
    let (mut world, _) = permitted();
    world.now += 60_000;
    let opened = world.now;
    let (_, id) = world.request(1);
    for (before, standing) in [
        (0, RequestStanding::Granted),
        (SKEW, RequestStanding::Granted),
        (SKEW + 1, RequestStanding::NotOpen),
    ] {
        let mut source = world.source(GATEWAY);
        source.recorded_at = at(opened - before);
        let (done, _) = world.judged(GATEWAY, &recorded(access(source, 1, Some(id), processing())));
        assert_eq!(done.request, Some(standing), "{before}");
    }
}
