//! V14, V15, V17, V32: who acts for the patient, and research.

use vidimus::{
    audit::ViolationId,
    encoding::hex::{Hash, Identifier},
    record::{
        Body,
        access::Access,
        authority::{Authority, Relation},
        codes::System,
        consent::Consent,
        delegation::{Delegation, DelegationChange, Right},
        organization::OrganizationChange,
        protocol::{Protocol, ProtocolStatus},
        source::Source,
    },
};

use super::fixture::{
    CLINIC_ID, COURT, COURT_ID, DELEGATE, Fixture, GOVERNANCE, PATIENT, STRANGER, World, code,
    half, key, labelled, open, organization, period, registered, set,
};

fn authority(relation: Relation, delegation: Hash) -> Authority {
    Authority { relation, delegation: Some(delegation) }
}

/// Somebody gives the second record, a delegation.
pub(super) fn delegated(signer: usize, edit: impl FnOnce(&mut Delegation) + 'static) -> Fixture {
    Fixture::new().block(move |world| vec![world.delegation(signer, edit)])
}

/// An access by the delegation that is this record.
pub(super) fn acting(fixture: Fixture, relation: Relation, record: usize) -> Fixture {
    fixture.access_naming(move |access, ids| {
        half(access).processing.delegate = Some(authority(relation, ids[record]));
    })
}

/// The patient's proxy acts by a delegation that is edited.
fn by_proxy(edit: impl FnOnce(&mut Delegation) + 'static) -> Vec<(ViolationId, u64, Option<u64>)> {
    acting(delegated(PATIENT, edit), Relation::Proxy, 1).found()
}

pub(super) fn withdraw(
    signer: usize,
    record: usize,
    by: Option<Authority>,
) -> impl FnOnce(&mut World) -> Vec<Vec<u8>> {
    move |world| {
        let withdrawn = world.ids[record];
        vec![world.delegation(signer, |delegation| {
            delegation.change = DelegationChange::Withdraw;
            delegation.withdrawn = Some(withdrawn);
            delegation.grantor = by;
        })]
    }
}

pub(super) const OWN: Option<Authority> =
    Some(Authority { relation: Relation::Own, delegation: None });

#[test]
fn delegate_without_the_right_is_found() {
    let violation = [(ViolationId::V14, 4, Some(0))];
    assert_eq!(by_proxy(|_| {}), []);
    assert_eq!(by_proxy(|delegation| delegation.rights = set([Right::Consent])), violation);
    assert_eq!(by_proxy(|delegation| delegation.relation = Relation::Guardian), violation);
    let elsewhere = by_proxy(|delegation| delegation.custodian = organization(CLINIC_ID));
    assert_eq!(elsewhere, violation);
    let lasting = |millis| {
        move |delegation: &mut Delegation| {
            let now = delegation.source.recorded_at.as_millis();
            delegation.period = period(now, Some(now + millis));
        }
    };
    assert_eq!(by_proxy(lasting(500)), violation);
    assert_eq!(by_proxy(lasting(60_000)), []);
    // The first record is a consent.
    let named = |authority: Authority| {
        move |access: &mut Access| half(access).processing.delegate = Some(authority.clone())
    };
    let consent = acting(delegated(PATIENT, |_| {}), Relation::Proxy, 0);
    assert_eq!(consent.found(), violation);
    let none = Authority { relation: Relation::Proxy, delegation: None };
    assert_eq!(Fixture::new().access(named(none)).found(), [(ViolationId::V14, 3, Some(0))]);
    let own = Authority { relation: Relation::Own, delegation: None };
    assert_eq!(Fixture::new().access(named(own)).found(), []);
}

#[test]
fn withdrawn_delegation_gives_nothing_from_then_on() {
    let given = || delegated(PATIENT, |_| {});
    let before = acting(given().block(withdraw(PATIENT, 1, OWN)), Relation::Proxy, 1);
    assert_eq!(before.found(), [(ViolationId::V14, 5, Some(0))]);
    let after = acting(given(), Relation::Proxy, 1).block(withdraw(PATIENT, 1, OWN));
    assert_eq!(after.found(), []);
}

#[test]
fn delegation_rests_on_those_before_it() {
    let given = || {
        let both = set([Right::Access, Right::Delegate]);
        delegated(PATIENT, move |delegation| delegation.rights = both).block(|world| {
            let first = world.ids[1];
            vec![world.delegation(DELEGATE, |delegation| {
                delegation.grantor = Some(authority(Relation::Proxy, first));
                delegation.delegate = key(STRANGER);
            })]
        })
    };
    assert_eq!(acting(given(), Relation::Proxy, 2).found(), []);
    let withdrawn = acting(given().block(withdraw(PATIENT, 1, OWN)), Relation::Proxy, 2);
    assert_eq!(withdrawn.found(), [(ViolationId::V14, 6, Some(0))]);
}

#[test]
fn guardian_of_a_suspended_authority_has_no_proof() {
    let given = || {
        delegated(COURT, |delegation| {
            delegation.grantor = None;
            delegation.relation = Relation::Guardian;
        })
    };
    assert_eq!(acting(given(), Relation::Guardian, 1).found(), []);
    let suspended = given().block(|world| {
        vec![world.sign(GOVERNANCE, |source: Source| {
            let mut court = registered(COURT_ID, &[], &[]);
            (court.source, court.change) = (source, OrganizationChange::Suspend);
            Body::Organization(court)
        })]
    });
    let found = acting(suspended, Relation::Guardian, 1).found();
    assert_eq!(found, [(ViolationId::V14, 5, Some(0))]);
}

#[test]
fn refused_word_of_a_delegate_is_found() {
    // The proxy may look, and says what only the patient or a proxy for consents may say.
    let spoken = |rights: &[Right]| {
        let rights = set(rights.iter().copied());
        delegated(PATIENT, move |delegation| delegation.rights = rights).block(|world| {
            let first = world.ids[1];
            vec![world.consent_by(DELEGATE, |consent| {
                consent.consent = Identifier([2; 16]);
                consent.grantor = authority(Relation::Proxy, first);
            })]
        })
    };
    assert_eq!(spoken(&[Right::Access]).found(), [(ViolationId::V14, 3, Some(0))]);
    assert_eq!(spoken(&[Right::Consent]).found(), []);
    // Nor does it help to name a delegation that nobody gave.
    let forged = Fixture::new().block(|world| {
        vec![world.consent_by(STRANGER, |consent| {
            consent.consent = Identifier([2; 16]);
            consent.grantor = authority(Relation::Proxy, Hash([9; 32]));
        })]
    });
    assert_eq!(forged.found(), [(ViolationId::V14, 2, Some(0))]);
    // Nobody but a guardian authority gives rights without having any.
    let court = |signer| {
        delegated(signer, |delegation| {
            delegation.grantor = None;
            delegation.relation = Relation::Guardian;
        })
    };
    assert_eq!(court(STRANGER).found(), [(ViolationId::V14, 2, Some(0))]);
    assert_eq!(court(COURT).found(), []);
}

#[test]
fn parent_of_somebody_of_age_is_found() {
    let at = |relation, edit: fn(&mut Delegation, u64)| {
        let fixture = delegated(PATIENT, move |delegation| {
            let now = delegation.source.recorded_at.as_millis();
            delegation.relation = relation;
            edit(delegation, now);
        });
        acting(fixture, relation, 1).found()
    };
    let violation = [(ViolationId::V15, 4, Some(0))];
    let soon: fn(&mut Delegation, u64) =
        |delegation, now| delegation.majority_at = Some(period(now + 500, None).start());
    let later: fn(&mut Delegation, u64) =
        |delegation, now| delegation.majority_at = Some(period(now + 60_000, None).start());
    assert_eq!(at(Relation::Parent, soon), violation);
    assert_eq!(at(Relation::Parent, later), []);
    assert_eq!(at(Relation::Guardian, soon), violation);
    // Whom the patient chose stays chosen.
    assert_eq!(at(Relation::Proxy, soon), []);
    let own_consent: fn(&mut Delegation, u64) =
        |delegation, now| delegation.own_consent_at = Some(period(now + 500, None).start());
    assert_eq!(at(Relation::Guardian, own_consent), violation);
    // The delegation ends with majority: it gives no right either, for a reason of its own.
    let both: fn(&mut Delegation, u64) = |delegation, now| {
        delegation.majority_at = Some(period(now + 500, None).start());
        delegation.period = period(now, Some(now + 500));
    };
    let expected = [(ViolationId::V14, 4, Some(0)), (ViolationId::V15, 4, Some(0))];
    assert_eq!(at(Relation::Parent, both), expected);
}

#[test]
fn guardian_who_opens_what_is_the_young_persons_own_is_found() {
    let opened = |relation, label: &'static str, is_viewed: bool| {
        let mut fixture = delegated(PATIENT, move |delegation| delegation.relation = relation);
        fixture.view = is_viewed;
        let carried =
            labelled(&[(System::Class, "MedicationRequest"), (System::Sensitivity, label)]);
        fixture
            .access_naming(move |access, ids| {
                open(access, &carried);
                half(access).processing.delegate = Some(authority(relation, ids[1]));
            })
            .found()
    };
    let violation = [(ViolationId::V15, 4, Some(0))];
    assert_eq!(opened(Relation::Guardian, "ADOL", true), violation);
    assert_eq!(opened(Relation::Guardian, "PDS", true), []);
    assert_eq!(opened(Relation::Proxy, "ADOL", true), []);
    assert_eq!(opened(Relation::Guardian, "ADOL", false), []);
}

#[test]
fn record_that_claims_to_be_the_patients_is_found() {
    let consent = |signer| {
        Fixture::new().block(move |world| {
            vec![world.consent_by(signer, |consent| consent.consent = Identifier([2; 16]))]
        })
    };
    assert_eq!(consent(STRANGER).found(), [(ViolationId::V32, 2, Some(0))]);
    assert_eq!(consent(PATIENT).found(), []);
    let delegation = delegated(STRANGER, |_| {});
    assert_eq!(delegation.found(), [(ViolationId::V32, 2, Some(0))]);
}

#[test]
fn patient_who_asks_for_too_much_is_no_forger() {
    // What a court gave the patient cannot take back; the network refuses it as not authorized.
    let given = delegated(COURT, |delegation| {
        delegation.grantor = None;
        delegation.relation = Relation::Guardian;
    });
    assert_eq!(given.block(withdraw(PATIENT, 1, OWN)).found(), []);
    // A key that was replaced is the patient's no longer.
    let rotated = delegated(PATIENT, |delegation| {
        delegation.change = DelegationChange::Rotate;
        delegation.delegate = key(DELEGATE);
    });
    let old =
        rotated.block(|world| vec![world.consent(|consent| consent.consent = Identifier([2; 16]))]);
    assert_eq!(old.found(), [(ViolationId::V32, 3, Some(0))]);
}

/// A protocol, consent to it, and perhaps its next version; then research under the record that is
/// named, if any is.
fn research(
    edit: impl FnOnce(&mut Protocol) + 'static,
    next: Option<ProtocolStatus>,
    named: Option<usize>,
) -> Vec<(ViolationId, u64, Option<u64>)> {
    let next_version = move |world: &mut World| {
        let first = world.ids[0];
        next.map(|status| {
            world.protocol(|protocol| {
                (protocol.version, protocol.previous) = (2, Some(first));
                protocol.status = status;
            })
        })
    };
    Fixture::without_consent()
        .block(|world| vec![world.protocol(edit)])
        .block(move |world| next_version(world).into_iter().collect())
        .block(move |world| {
            let protocol = named.map(|record| world.ids[record]);
            vec![world.consent(|consent: &mut Consent| {
                consent.scope.purposes = set([code("HRESCH")]);
                consent.protocol = protocol;
            })]
        })
        .access_naming(move |access, ids| {
            let processing = &mut half(access).processing;
            processing.purposes = set([code("CLINTRCH")]);
            processing.protocol = named.map(|record| ids[record]);
        })
        .found()
}

#[test]
fn research_without_an_open_protocol_is_found() {
    let violation = [(ViolationId::V17, 5, Some(0))];
    assert_eq!(research(|_| {}, None, Some(0)), []);
    assert_eq!(research(|_| {}, None, None), violation);
    // The second version is open too, and the first was consented to.
    assert_eq!(research(|_| {}, Some(ProtocolStatus::Open), Some(0)), []);
    assert_eq!(research(|_| {}, Some(ProtocolStatus::Closed), Some(0)), violation);
    assert_eq!(research(|_| {}, Some(ProtocolStatus::Closed), Some(1)), violation);
    assert_eq!(research(|p| p.status = ProtocolStatus::Closed, None, Some(0)), violation);
    // Once closed, a version stays closed whatever follows it.
    let reopened =
        research(|p| p.status = ProtocolStatus::Closed, Some(ProtocolStatus::Open), Some(0));
    assert_eq!(reopened, violation);
    let over = research(|p| p.period = period(0, Some(1_000)), None, Some(0));
    assert_eq!(over, violation);
}

#[test]
fn research_under_a_protocol_that_is_not_on_the_ledger_is_found() {
    let named = |protocol: Hash| {
        let consent = Fixture::with_consent(move |consent| {
            consent.scope.purposes = set([code("HRESCH")]);
            consent.protocol = Some(protocol);
        });
        consent.access(move |access| {
            half(access).processing.purposes = set([code("HRESCH")]);
            half(access).processing.protocol = Some(protocol);
        })
    };
    assert_eq!(named(Hash([0x55; 32])).found(), [(ViolationId::V17, 3, Some(0))]);
}

#[test]
fn research_that_no_consent_covers_is_found() {
    let expected = [(ViolationId::V17, 3, Some(0)), (ViolationId::V37, 3, Some(0))];
    let searching = |access: &mut Access| half(access).processing.purposes = set([code("HRESCH")]);
    // No consent is in force; the request is refused for the same reason.
    assert_eq!(Fixture::without_consent().idle(1).access(searching).found(), expected);
    // The only permit is to another protocol.
    let other = Fixture::with_consent(|consent| {
        consent.scope.purposes = set([code("HRESCH")]);
        consent.protocol = Some(Hash([0x55; 32]));
    });
    assert_eq!(other.access(searching).found(), expected);
    // A permit in force to treatment says what is missing: the purpose.
    let found = Fixture::new().access(searching).found();
    assert_eq!(found[0], (ViolationId::V06, 3, Some(0)));
}
