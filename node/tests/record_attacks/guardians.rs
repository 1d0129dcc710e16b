//! Parents of those who came of age, and guardians whom nobody entitled appoints.

use vidimus::record::{
    Body, authority::Relation, delegation::Delegation, instant::Instant,
    organization::OrganizationChange, source::Source,
};

use super::{
    attack::{Attack, attack},
    delegations::{all_rights, by, consent},
    fixture::{
        COURT, COURT_ID, DELEGATE, Fixture, GOVERNANCE, PATIENT, STRANGER, World, half, registered,
    },
};

pub(crate) fn attacks() -> Vec<Attack> {
    [ages(), courts()].into_iter().flatten().collect()
}

/// The patient's parent or guardian opens a record.
fn of_age(name: &'static str, relation: Relation, majority: bool) -> Attack {
    attack(name, &["4/0 V15"], move |strikes| {
        Fixture::new()
            .block(move |world| {
                vec![world.delegation(PATIENT, |delegation| {
                    let now = delegation.source.recorded_at.as_millis();
                    let soon = Some(Instant::from_millis(now + 500).unwrap());
                    let later = Some(Instant::from_millis(now + 60_000).unwrap());
                    delegation.relation = relation;
                    delegation.majority_at = if strikes && majority { soon } else { later };
                    delegation.own_consent_at = if strikes && !majority { soon } else { later };
                })]
            })
            .access_naming(move |access, ids| {
                half(access).processing.delegate = Some(by(relation, ids[1]));
            })
    })
}

/// The patient's parent or guardian consents.
fn consents(name: &'static str, relation: Relation) -> Attack {
    attack(name, &["3/0 not-authorized", "3/0 V14"], move |strikes| {
        Fixture::new()
            .block(move |world| {
                vec![world.delegation(PATIENT, |delegation| {
                    all_rights(delegation);
                    let now = delegation.source.recorded_at.as_millis();
                    let majority = now + if strikes { 500 } else { 60_000 };
                    delegation.relation = relation;
                    delegation.majority_at = Some(Instant::from_millis(majority).unwrap());
                })]
            })
            .block(move |world| vec![consent(world, DELEGATE, 1, |own| own.relation = relation)])
    })
}

fn ages() -> Vec<Attack> {
    vec![
        of_age("a parent opens the record of a child that came of age", Relation::Parent, true),
        of_age("a guardian opens the record after majority", Relation::Guardian, true),
        of_age("a parent opens what the young patient may decide alone", Relation::Parent, false),
        consents("a parent consents for a child that came of age", Relation::Parent),
        consents("a guardian consents after majority", Relation::Guardian),
        attack("a parent is given rights without end", &["2/0 malformed"], |strikes| {
            Fixture::new().block(move |world| {
                vec![world.delegation(PATIENT, |delegation| {
                    let later = delegation.source.recorded_at.as_millis() + 60_000;
                    delegation.relation = Relation::Parent;
                    delegation.majority_at =
                        (!strikes).then(|| Instant::from_millis(later).unwrap());
                })]
            })
        }),
    ]
}

fn guardian(delegation: &mut Delegation) {
    all_rights(delegation);
    delegation.grantor = None;
    delegation.relation = Relation::Guardian;
}

fn courts() -> Vec<Attack> {
    vec![
        attack(
            "somebody who is no guardian authority appoints a guardian",
            &["2/0 not-authorized", "2/0 V14"],
            |strikes| {
                let signer = if strikes { STRANGER } else { COURT };
                Fixture::new().block(move |world| vec![world.delegation(signer, guardian)])
            },
        ),
        attack(
            "a suspended guardian authority appoints a guardian",
            &["3/0 not-authorized", "3/0 V14"],
            |strikes| {
                Fixture::new()
                    .block(move |world| if strikes { vec![suspend(world)] } else { vec![] })
                    .block(|world| vec![world.delegation(COURT, guardian)])
            },
        ),
        attack(
            "the guardian of a suspended authority consents",
            &["4/0 not-authorized", "4/0 V14"],
            |strikes| {
                Fixture::new()
                    .block(|world| vec![world.delegation(COURT, guardian)])
                    .block(move |world| if strikes { vec![suspend(world)] } else { vec![] })
                    .block(|world| {
                        vec![consent(world, DELEGATE, 1, |own| own.relation = Relation::Guardian)]
                    })
            },
        ),
    ]
}

fn suspend(world: &mut World) -> Vec<u8> {
    world.sign(GOVERNANCE, |source: Source| {
        let mut court = registered(COURT_ID, &[], &[]);
        (court.source, court.change) = (source, OrganizationChange::Suspend);
        Body::Organization(court)
    })
}
