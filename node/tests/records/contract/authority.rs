//! Who acts for a subject: its own key, rotated ones, and chains of delegations.

use vidimus::{
    contract::outcome::ResultCode,
    encoding::hex::{Hash, Identifier},
    record::{
        Body,
        authority::{Authority, Relation},
        consent::Consent,
        delegation::{Delegation, DelegationChange, Right},
        organization::{KeyUse, OrganizationChange, OrganizationRole},
        source::Source,
    },
};

use super::world::{
    COURT, DEVICE, GATEWAY, GOVERNANCE, LATENCY, OFFICER, PATIENT, STRANGER, World, access,
    consent, registered,
};
use crate::samples::{DAY, MORNING, at, key, list, organization, own, period, processing, set};

const PARENT: usize = 60;
const AUNT: usize = 61;

/// Gives the aunt all rights, as the patient.
fn delegation(source: Source) -> Delegation {
    Delegation {
        source,
        subject: key(PATIENT),
        custodian: organization("st-anna.example"),
        change: DelegationChange::Grant,
        grantor: Some(own()),
        delegate: key(AUNT),
        relation: Relation::Proxy,
        rights: set([Right::Consent, Right::Access, Right::Delegate]),
        period: period(MORNING, Some(MORNING + 100 * DAY)),
        majority_at: None,
        own_consent_at: None,
        withdrawn: None,
        details: None,
    }
}

fn by(relation: Relation, delegation: Hash) -> Authority {
    Authority { relation, delegation: Some(delegation) }
}

/// What becomes of a new consent that somebody signs by this right.
fn consents(world: &mut World, signer: usize, grantor: &Authority) -> ResultCode {
    let number = u8::try_from(world.height % 251).unwrap();
    let put = |source| {
        let (consent_id, grantor) = (Identifier([number; 16]), grantor.clone());
        let body = Consent { consent: consent_id, grantor, ..consent(source, 1, None) };
        Body::Consent(Box::new(body))
    };
    world.put(signer, put).0
}

fn grant(world: &mut World, signer: usize, change: impl Fn(&mut Delegation)) -> (ResultCode, Hash) {
    world.put(signer, |source| {
        let mut body = delegation(source);
        change(&mut body);
        Body::Delegation(body)
    })
}

pub(super) fn granted(world: &mut World, signer: usize, change: impl Fn(&mut Delegation)) -> Hash {
    let (code, id) = grant(world, signer, change);
    assert_eq!(code, ResultCode::Accepted);
    id
}

#[test]
fn subject_and_nobody_else_acts_by_its_own_key() {
    let mut world = World::new();
    assert_eq!(consents(&mut world, PATIENT, &own()), ResultCode::Accepted);
    for signer in [STRANGER, GATEWAY, GOVERNANCE, AUNT] {
        assert_eq!(consents(&mut world, signer, &own()), ResultCode::NotAuthorized);
    }
    let unnamed = Authority { relation: Relation::Proxy, delegation: None };
    assert_eq!(consents(&mut world, PATIENT, &unnamed), ResultCode::NotAuthorized);
    let own_by_delegation = by(Relation::Own, Hash([1; 32]));
    assert_eq!(consents(&mut world, PATIENT, &own_by_delegation), ResultCode::NotAuthorized);
}

#[test]
fn delegate_acts_with_the_right_in_the_time_and_as_what_was_given() {
    let mut world = World::new();
    let id = granted(&mut world, PATIENT, |_| {});
    let proxy = by(Relation::Proxy, id);
    assert_eq!(consents(&mut world, AUNT, &proxy), ResultCode::Accepted);
    assert_eq!(consents(&mut world, STRANGER, &proxy), ResultCode::NotAuthorized);
    assert_eq!(consents(&mut world, AUNT, &by(Relation::Parent, id)), ResultCode::NotAuthorized);
    let nowhere = by(Relation::Proxy, Hash([9; 32]));
    assert_eq!(consents(&mut world, AUNT, &nowhere), ResultCode::NotAuthorized);
    let changes: [fn(&mut Delegation); 4] = [
        |d| d.rights = set([Right::Access, Right::Delegate]),
        |d| d.period = period(MORNING + DAY, None),
        |d| d.period = period(MORNING, Some(MORNING + 1_000)),
        |d| d.custodian = organization("clinic.example"),
    ];
    for change in changes {
        let id = granted(&mut world, PATIENT, change);
        let proxy = by(Relation::Proxy, id);
        assert_eq!(consents(&mut world, AUNT, &proxy), ResultCode::NotAuthorized);
    }
}

#[test]
fn delegation_of_one_subject_is_none_of_another() {
    let mut world = World::new();
    let of_other = |d: &mut Delegation| d.subject = key(STRANGER);
    let id = granted(&mut world, STRANGER, of_other);
    assert_eq!(consents(&mut world, AUNT, &by(Relation::Proxy, id)), ResultCode::NotAuthorized);
}

#[test]
fn withdrawn_delegation_gives_nothing_whatever_date_the_delegate_writes() {
    let mut world = World::new();
    let id = granted(&mut world, PATIENT, |_| {});
    let withdraw = |d: &mut Delegation| {
        (d.change, d.withdrawn) = (DelegationChange::Withdraw, Some(id));
    };
    assert_eq!(grant(&mut world, STRANGER, withdraw).0, ResultCode::NotAuthorized);
    assert_eq!(grant(&mut world, PATIENT, withdraw).0, ResultCode::Accepted);
    let proxy = by(Relation::Proxy, id);
    assert_eq!(consents(&mut world, AUNT, &proxy), ResultCode::NotAuthorized);
    let back_dated = |mut source: Source| {
        source.recorded_at = at(source.recorded_at.as_millis() - 60_000);
        let body = Consent { grantor: proxy.clone(), ..consent(source, 1, None) };
        Body::Consent(Box::new(body))
    };
    assert_eq!(world.put(AUNT, back_dated).0, ResultCode::NotAuthorized);
}

#[test]
fn withdrawal_names_what_it_withdraws() {
    let mut world = World::new();
    granted(&mut world, PATIENT, |_| {});
    for (withdrawn, code) in
        [(None, ResultCode::Malformed), (Some(Hash([1; 32])), ResultCode::UnknownRecord)]
    {
        let change = |d: &mut Delegation| {
            (d.change, d.withdrawn) = (DelegationChange::Withdraw, withdrawn);
        };
        assert_eq!(grant(&mut world, PATIENT, change).0, code);
    }
}

/// Each of a chain must hold: a link that is withdrawn takes along all that hangs on it.
#[test]
fn chain_of_delegations_holds_as_long_as_each_of_it() {
    let mut world = World::new();
    let first = granted(&mut world, PATIENT, |_| {});
    let second = granted(&mut world, AUNT, |d| {
        (d.grantor, d.delegate) = (Some(by(Relation::Proxy, first)), key(STRANGER));
    });
    let proxy = by(Relation::Proxy, second);
    assert_eq!(consents(&mut world, STRANGER, &proxy), ResultCode::Accepted);
    let withdraw = |d: &mut Delegation| {
        (d.change, d.withdrawn) = (DelegationChange::Withdraw, Some(first));
    };
    assert_eq!(grant(&mut world, PATIENT, withdraw).0, ResultCode::Accepted);
    assert_eq!(consents(&mut world, STRANGER, &proxy), ResultCode::NotAuthorized);
}

#[test]
fn delegate_without_the_right_to_delegate_gives_nothing_on() {
    let mut world = World::new();
    let id = granted(&mut world, PATIENT, |d| d.rights = set([Right::Consent]));
    let onward = |d: &mut Delegation| d.grantor = Some(by(Relation::Proxy, id));
    assert_eq!(grant(&mut world, AUNT, onward).0, ResultCode::NotAuthorized);
}

#[test]
fn chain_longer_than_eight_gives_nothing() {
    let mut world = World::new();
    let mut id = granted(&mut world, PATIENT, |d| d.delegate = key(110));
    for link in 1..=8 {
        let (code, next) = grant(&mut world, 109 + link, |d| {
            (d.grantor, d.delegate) = (Some(by(Relation::Proxy, id)), key(110 + link));
        });
        assert_eq!(code, ResultCode::Accepted, "{link}");
        let can = consents(&mut world, 110 + link, &by(Relation::Proxy, next));
        let expected = if link < 8 { ResultCode::Accepted } else { ResultCode::NotAuthorized };
        assert_eq!(can, expected, "{link}");
        id = next;
    }
}

#[test]
fn parent_appointed_by_an_authority_acts_until_majority() {
    let mut world = World::new();
    let majority = world.now + 5_000;
    let appoint = |d: &mut Delegation| {
        (d.grantor, d.delegate, d.relation) = (None, key(PARENT), Relation::Parent);
        d.majority_at = Some(at(majority));
    };
    for signer in [STRANGER, GATEWAY, PATIENT] {
        assert_eq!(grant(&mut world, signer, appoint).0, ResultCode::NotAuthorized);
    }
    let id = granted(&mut world, COURT, appoint);
    let parent = by(Relation::Parent, id);
    assert_eq!(consents(&mut world, PARENT, &parent), ResultCode::Accepted);
    world.now = majority;
    assert_eq!(consents(&mut world, PARENT, &parent), ResultCode::NotAuthorized);
    assert_eq!(consents(&mut world, PATIENT, &own()), ResultCode::Accepted);
}

#[test]
fn authority_withdraws_what_it_gave_and_nothing_else() {
    let mut world = World::new();
    let of_patient = granted(&mut world, PATIENT, |_| {});
    let appointed = granted(&mut world, COURT, |d| {
        (d.grantor, d.delegate, d.relation) = (None, key(PARENT), Relation::Guardian);
    });
    for (id, code) in [(of_patient, ResultCode::NotAuthorized), (appointed, ResultCode::Accepted)] {
        let withdraw = |d: &mut Delegation| {
            (d.change, d.withdrawn, d.grantor) = (DelegationChange::Withdraw, Some(id), None);
        };
        assert_eq!(grant(&mut world, COURT, withdraw).0, code);
    }
    let guardian = by(Relation::Guardian, appointed);
    assert_eq!(consents(&mut world, PARENT, &guardian), ResultCode::NotAuthorized);
}

#[test]
fn guardians_of_a_suspended_authority_have_no_rights_until_it_is_reinstated() {
    let mut world = World::new();
    let id = granted(&mut world, COURT, |d| {
        (d.grantor, d.delegate, d.relation) = (None, key(PARENT), Relation::Guardian);
    });
    let guardian = by(Relation::Guardian, id);
    for (change, expected) in [
        (OrganizationChange::Suspend, ResultCode::NotAuthorized),
        (OrganizationChange::Reinstate, ResultCode::Accepted),
    ] {
        world.accept(GOVERNANCE, |source| {
            let mut body = registered("court.example", &[], &[]);
            (body.source, body.change) = (source, change);
            Body::Organization(body)
        });
        assert_eq!(consents(&mut world, PARENT, &guardian), expected);
    }
}

#[test]
fn rotation_moves_the_authority_and_not_the_subject() {
    let mut world = World::new();
    let rotate = |d: &mut Delegation| {
        (d.change, d.delegate, d.relation) =
            (DelegationChange::Rotate, key(STRANGER), Relation::Own);
    };
    for signer in [STRANGER, AUNT, COURT] {
        assert_eq!(grant(&mut world, signer, rotate).0, ResultCode::NotAuthorized);
    }
    assert_eq!(consents(&mut world, PATIENT, &own()), ResultCode::Accepted);
    granted(&mut world, PATIENT, rotate);
    assert_eq!(consents(&mut world, PATIENT, &own()), ResultCode::NotAuthorized);
    assert_eq!(consents(&mut world, STRANGER, &own()), ResultCode::Accepted);
    // The old key does not take itself back.
    let back = |d: &mut Delegation| {
        (d.change, d.delegate, d.relation) =
            (DelegationChange::Rotate, key(PATIENT), Relation::Own);
    };
    assert_eq!(grant(&mut world, PATIENT, back).0, ResultCode::NotAuthorized);
}

#[test]
fn nobody_is_made_the_subject_by_a_grant() {
    let mut world = World::new();
    let own_relation = |d: &mut Delegation| d.relation = Relation::Own;
    assert_eq!(grant(&mut world, PATIENT, own_relation).0, ResultCode::Malformed);
}

/// Keys of organizations: periods end for what happens later, revocation for what comes later.
#[test]
fn key_of_an_organization_signs_in_its_period_and_never_once_revoked() {
    let mut world = World::new();
    let start = world.now;
    let change = |world: &mut World, end: Option<u64>, revoked: Option<u64>| {
        world.accept(GOVERNANCE, |source| {
            let roles = [OrganizationRole::Custodian];
            let keys = [
                (GATEWAY, KeyUse::Gateway),
                (OFFICER, KeyUse::PrivacyOfficer),
                (DEVICE, KeyUse::Device),
            ];
            let mut body = registered("st-anna.example", &roles, &keys);
            (body.source, body.change) = (source, OrganizationChange::Update);
            let mut grants = body.keys.to_vec();
            grants[0].period = period(MORNING, end);
            grants[0].revoked_at = revoked.map(at);
            body.keys = list(grants);
            Body::Organization(body)
        })
    };
    let code = |world: &mut World, moment: u64| {
        let mut source = world.source(GATEWAY);
        source.recorded_at = at(moment);
        let body = access(source, 1, None, processing());
        let body = Body::Access(Box::new(body));
        world.put_signed(GATEWAY, &body).0.code
    };
    let end = start + 10_000;
    change(&mut world, Some(end), None);
    assert_eq!(code(&mut world, start), ResultCode::Accepted);
    world.now = end + 1_000;
    assert_eq!(code(&mut world, end + 1_000), ResultCode::NotAuthorized);
    assert_eq!(code(&mut world, end - 1), ResultCode::Accepted);
    world.now = end + 2 * LATENCY;
    assert_eq!(code(&mut world, end - 1), ResultCode::NotAuthorized);
    let now = world.now;
    change(&mut world, None, Some(now + 10_000));
    assert_eq!(code(&mut world, now), ResultCode::Accepted);
    world.now = now + 10_000;
    assert_eq!(code(&mut world, now), ResultCode::NotAuthorized);
}

/// Within the latency a date may lie back; the right must be there when the record comes, too.
#[test]
fn delegate_does_not_act_after_the_end_under_an_earlier_date() {
    let mut world = World::new();
    let end = world.now + 5_000;
    let proxy = granted(&mut world, PATIENT, |d| d.period = period(MORNING, Some(end)));
    let parent = granted(&mut world, COURT, |d| {
        (d.grantor, d.delegate, d.relation) = (None, key(PARENT), Relation::Parent);
        d.majority_at = Some(at(end));
    });
    world.now = end + 1_000;
    for (signer, grantor) in
        [(AUNT, by(Relation::Proxy, proxy)), (PARENT, by(Relation::Parent, parent))]
    {
        let back_dated = |mut source: Source| {
            source.recorded_at = at(end - 1);
            Body::Consent(Box::new(Consent { grantor, ..consent(source, 1, None) }))
        };
        assert_eq!(world.put(signer, back_dated).0, ResultCode::NotAuthorized);
    }
}

#[test]
fn parent_is_appointed_until_a_majority() {
    let mut world = World::new();
    let for_ever = |d: &mut Delegation| {
        (d.grantor, d.delegate, d.relation) = (None, key(PARENT), Relation::Parent);
    };
    assert_eq!(grant(&mut world, COURT, for_ever).0, ResultCode::Malformed);
}

#[test]
fn nobody_gives_on_what_they_do_not_have() {
    let mut world = World::new();
    let first = granted(&mut world, PATIENT, |d| d.rights = set([Right::Delegate, Right::Access]));
    let on = |rights: &'static [Right]| {
        move |d: &mut Delegation| {
            d.grantor = Some(by(Relation::Proxy, first));
            (d.delegate, d.rights) = (key(STRANGER), set(rights.iter().copied()));
        }
    };
    assert_eq!(grant(&mut world, AUNT, on(&[Right::Consent])).0, ResultCode::NotAuthorized);
    assert_eq!(grant(&mut world, AUNT, on(&[Right::Access])).0, ResultCode::Accepted);
}

#[test]
fn delegate_withdraws_what_hangs_on_its_own_delegation_and_nothing_else() {
    let mut world = World::new();
    let aunt = granted(&mut world, PATIENT, |_| {});
    let other = granted(&mut world, PATIENT, |d| d.delegate = key(STRANGER));
    let court = granted(&mut world, COURT, |d| {
        (d.grantor, d.delegate, d.relation) = (None, key(PARENT), Relation::Guardian);
    });
    let below = granted(&mut world, AUNT, |d| {
        (d.grantor, d.delegate) = (Some(by(Relation::Proxy, aunt)), key(STRANGER));
    });
    let withdraw = |id: Hash, grantor: Authority, custodian: &'static str| {
        move |d: &mut Delegation| {
            (d.change, d.withdrawn) = (DelegationChange::Withdraw, Some(id));
            (d.grantor, d.custodian) = (Some(grantor.clone()), organization(custodian));
        }
    };
    let proxy = || by(Relation::Proxy, aunt);
    let here = "st-anna.example";
    for (signer, id, grantor, custodian, code) in [
        (AUNT, other, proxy(), here, ResultCode::NotAuthorized),
        (AUNT, court, proxy(), here, ResultCode::NotAuthorized),
        (PATIENT, court, own(), here, ResultCode::NotAuthorized),
        (PATIENT, other, own(), "clinic.example", ResultCode::UnknownRecord),
        (AUNT, below, proxy(), here, ResultCode::Accepted),
        (PATIENT, other, own(), here, ResultCode::Accepted),
    ] {
        assert_eq!(grant(&mut world, signer, withdraw(id, grantor, custodian)).0, code, "{signer}");
    }
}

#[test]
fn delegation_is_about_a_registered_custodian() {
    let mut world = World::new();
    let elsewhere = |d: &mut Delegation| d.custodian = organization("nobody.example");
    assert_eq!(grant(&mut world, PATIENT, elsewhere).0, ResultCode::UnknownOrganization);
}
