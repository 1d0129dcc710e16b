//! Organizations, validators and protocols: what governance and sponsors change.

use vidimus::{
    contract::outcome::ResultCode,
    encoding::hex::{Hash, Identifier},
    record::{
        Body,
        anchor::{Anchor, Anchored},
        organization::{
            KeyUse, Organization, OrganizationChange, OrganizationRole, ValidatorChange,
        },
        protocol::{Protocol, ProtocolStatus},
        review::{Review, ReviewOutcome},
        source::Source,
    },
};

use super::world::{
    CLINIC, DEVICE, GATEWAY, GOVERNANCE, OFFICER, PATIENT, SPONSOR, STRANGER, VALIDATOR, World,
    registered,
};
use crate::samples::{MORNING, codes, key, list, organization, period};

fn change(
    world: &mut World,
    signer: usize,
    change: OrganizationChange,
    mut body: Organization,
) -> ResultCode {
    body.change = change;
    world.put(signer, |source| Body::Organization(Organization { source, ..body })).0
}

#[test]
fn governance_alone_registers_and_changes_organizations() {
    use OrganizationChange::{Register, Reinstate, Suspend, Update};
    let mut world = World::new();
    let lab =
        || registered("lab.example", &[OrganizationRole::Custodian], &[(70, KeyUse::Gateway)]);
    for signer in [STRANGER, GATEWAY, VALIDATOR] {
        assert_eq!(change(&mut world, signer, Register, lab()), ResultCode::NotAuthorized);
    }
    for before in [Update, Suspend, Reinstate] {
        let code = change(&mut world, GOVERNANCE, before, lab());
        assert_eq!(code, ResultCode::UnknownOrganization);
    }
    assert_eq!(change(&mut world, GOVERNANCE, Register, lab()), ResultCode::Accepted);
    assert_eq!(change(&mut world, GOVERNANCE, Register, lab()), ResultCode::Exists);
    for after in [Update, Suspend, Reinstate] {
        assert_eq!(change(&mut world, GOVERNANCE, after, lab()), ResultCode::Accepted);
    }
}

#[test]
fn key_has_one_owner_and_stays_known() {
    use OrganizationChange::{Register, Update};
    let mut world = World::new();
    let roles = [OrganizationRole::Custodian];
    for taken in [GATEWAY, CLINIC, GOVERNANCE] {
        let body = registered("lab.example", &roles, &[(taken, KeyUse::Gateway)]);
        assert_eq!(change(&mut world, GOVERNANCE, Register, body), ResultCode::Keys);
    }
    let body = registered("clinic.example", &roles, &[(71, KeyUse::Gateway)]);
    assert_eq!(change(&mut world, GOVERNANCE, Update, body), ResultCode::Keys);
    let body =
        registered("clinic.example", &roles, &[(CLINIC, KeyUse::Gateway), (71, KeyUse::Gateway)]);
    assert_eq!(change(&mut world, GOVERNANCE, Update, body), ResultCode::Accepted);
}

fn review(source: Source) -> Body {
    Body::Review(Review {
        source,
        subject: key(PATIENT),
        custodian: organization("st-anna.example"),
        access: Hash([1; 32]),
        reviewer: Hash([2; 32]),
        outcome: ReviewOutcome::Justified,
        details: None,
    })
}

#[test]
fn suspended_organization_signs_nothing() {
    let mut world = World::new();
    let body = registered("st-anna.example", &[], &[]);
    change(&mut world, GOVERNANCE, OrganizationChange::Suspend, body.clone());
    let review = |world: &mut World| world.put(OFFICER, review);
    assert_eq!(review(&mut world).0, ResultCode::NotAuthorized);
    change(&mut world, GOVERNANCE, OrganizationChange::Reinstate, body);
    assert_eq!(review(&mut world).0, ResultCode::Accepted);
}

#[test]
fn reviews_and_anchors_are_signed_by_the_keys_for_them() {
    let mut world = World::new();
    let mut put = |signer, is_review: bool| {
        let put = |source| {
            if is_review {
                return review(source);
            }
            Body::Anchor(Anchor {
                source,
                custodian: organization("st-anna.example"),
                subject: None,
                anchored: Anchored::Readings,
                root: Hash([3; 32]),
                leaf_count: 12,
                details: None,
            })
        };
        world.put(signer, put).0
    };
    let (yes, no) = (ResultCode::Accepted, ResultCode::NotAuthorized);
    for (signer, anchor, review) in [
        (GATEWAY, yes, no),
        (DEVICE, yes, no),
        (OFFICER, no, yes),
        (CLINIC, no, no),
        (PATIENT, no, no),
        (GOVERNANCE, no, no),
    ] {
        assert_eq!((put(signer, false), put(signer, true)), (anchor, review), "{signer}");
    }
}

/// The powers that a record gives, and what becomes of it.
fn validators(world: &mut World, changes: &[(usize, u64)]) -> (ResultCode, Vec<(usize, u64)>) {
    let mut body = registered("clinic.example", &[], &[(CLINIC, KeyUse::Gateway)]);
    body.change = OrganizationChange::Update;
    let change =
        |(index, power): &(usize, u64)| ValidatorChange { key: key(*index), power: *power };
    body.validators = list(changes.iter().map(change));
    let source = world.source(GOVERNANCE);
    let body = Body::Organization(Organization { source, ..body });
    let test_key = &vidimus_node::test_keys::all()[GOVERNANCE];
    let bytes = vidimus_node::records::sign(&body, test_key, crate::CHAIN);
    let executed = world.execute(&[bytes]);
    let index = |of| (0..256).find(|index| key(*index) == of).unwrap();
    let mut updates: Vec<_> =
        executed.validators.iter().map(|(of, power)| (index(*of), *power)).collect();
    updates.sort_unstable();
    let code = executed.results[0].code;
    world.contract.commit(executed);
    world.height += 1;
    (code, updates)
}

#[test]
fn validators_join_leave_and_change_their_power() {
    let mut world = World::new();
    let mut change = |changes: &[(usize, u64)]| validators(&mut world, changes);
    let joins = [(VALIDATOR + 1, 7), (VALIDATOR + 9, 5)];
    assert_eq!(change(&joins), (ResultCode::Accepted, joins.to_vec()));
    let leaves = [(VALIDATOR, 0)];
    assert_eq!(change(&leaves), (ResultCode::Accepted, leaves.to_vec()));
    assert_eq!(change(&leaves), (ResultCode::Validators, vec![]));
    assert_eq!(change(&[(VALIDATOR + 20, 0)]), (ResultCode::Validators, vec![]));
    let too_much = [(VALIDATOR + 1, u64::MAX / 16)];
    assert_eq!(change(&too_much), (ResultCode::Validators, vec![]));
    let all = [1, 2, 3, 9].map(|n| (VALIDATOR + n, 0));
    assert_eq!(change(&all), (ResultCode::Validators, vec![]));
    assert_eq!(change(&all[1..]).0, ResultCode::Accepted);
    assert_eq!(change(&all[..1]), (ResultCode::Validators, vec![]));
}

fn version(source: Source, sponsor: &str, version: u64, previous: Option<Hash>) -> Body {
    Body::Protocol(Protocol {
        source,
        sponsor: organization(sponsor),
        protocol: Identifier([9; 16]),
        version,
        previous,
        status: ProtocolStatus::Open,
        period: period(MORNING, None),
        purposes: codes(&["CLINTRCH"]),
        approval: None,
        document: Hash([8; 32]),
    })
}

/// The first version of a protocol.
pub(super) fn protocol(world: &mut World) -> Hash {
    world.accept(SPONSOR, |source| version(source, "trials.example", 1, None))
}

#[test]
fn protocol_versions_of_a_sponsor_follow_one_another() {
    let mut world = World::new();
    let mut put = |signer, sponsor: &str, number, previous| {
        world.put(signer, |source| version(source, sponsor, number, previous))
    };
    let sponsor = "trials.example";
    assert_eq!(put(STRANGER, sponsor, 1, None).0, ResultCode::NotAuthorized);
    assert_eq!(put(SPONSOR, "clinic.example", 1, None).0, ResultCode::UnknownOrganization);
    assert_eq!(put(SPONSOR, sponsor, 2, None).0, ResultCode::Version);
    let (code, first) = put(SPONSOR, sponsor, 1, None);
    assert_eq!(code, ResultCode::Accepted);
    assert_eq!(put(SPONSOR, sponsor, 1, None).0, ResultCode::Version);
    assert_eq!(put(SPONSOR, sponsor, 2, Some(Hash([1; 32]))).0, ResultCode::Version);
    assert_eq!(put(SPONSOR, sponsor, 3, Some(first)).0, ResultCode::Version);
    assert_eq!(put(SPONSOR, sponsor, 2, Some(first)).0, ResultCode::Accepted);
}

/// CometBFT halts over the removal of a validator that it does not know.
#[test]
fn validator_that_comes_and_goes_in_one_block_is_no_change() {
    let mut world = World::new();
    let mut records = Vec::new();
    for (newcomer, old) in [(5, 11), (0, 10)] {
        let mut body = registered("clinic.example", &[], &[(CLINIC, KeyUse::Gateway)]);
        (body.change, body.source) = (OrganizationChange::Update, world.source(GOVERNANCE));
        let changes = [(VALIDATOR + 9, newcomer), (VALIDATOR, old)];
        let change = |(index, power)| ValidatorChange { key: key(index), power };
        body.validators = list(changes.map(change));
        let test_key = &vidimus_node::test_keys::all()[GOVERNANCE];
        records.push(vidimus_node::records::sign(
            &Body::Organization(body),
            test_key,
            crate::CHAIN,
        ));
    }
    let executed = world.execute(&records);
    assert!(executed.results.iter().all(|result| result.code == ResultCode::Accepted));
    assert!(executed.validators.is_empty(), "{:?}", executed.validators);
}

#[test]
fn key_stands_once_in_a_change_of_validators() {
    let mut world = World::new();
    let twice = [(VALIDATOR, u64::MAX), (VALIDATOR, 5)];
    assert_eq!(validators(&mut world, &twice), (ResultCode::Validators, vec![]));
    let beyond = [(VALIDATOR + 9, u64::MAX), (VALIDATOR + 8, u64::MAX)];
    assert_eq!(validators(&mut world, &beyond), (ResultCode::Validators, vec![]));
}
