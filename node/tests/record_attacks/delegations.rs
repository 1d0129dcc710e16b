//! Somebody acts for the patient without the right: chains that end, go round, or were never begun.

use vidimus::{
    encoding::hex::{Hash, Identifier},
    record::{
        authority::{Authority, Relation},
        delegation::{Delegation, DelegationChange, Right},
        instant::Instant,
    },
};

use super::{
    attack::{Attack, attack},
    fixture::{
        CLINIC_ID, DELEGATE, Fixture, PATIENT, STRANGER, World, key, organization, period, set,
    },
};

/// The first of many delegates in a row.
const FIRST: usize = 60;
const OWN: Option<Authority> = Some(Authority { relation: Relation::Own, delegation: None });

pub(super) fn by(relation: Relation, delegation: Hash) -> Authority {
    Authority { relation, delegation: Some(delegation) }
}

pub(super) fn all_rights(delegation: &mut Delegation) {
    delegation.rights = set([Right::Consent, Right::Access, Right::Delegate]);
}

/// The patient gives all rights to a proxy, edited; then the proxy consents.
fn granted(
    name: &'static str,
    expects: &[&'static str],
    edit: fn(&mut Delegation, now: u64),
) -> Attack {
    attack(name, expects, move |strikes| {
        let given = move |world: &mut World| {
            vec![world.delegation(PATIENT, |delegation| {
                all_rights(delegation);
                if strikes {
                    let now = delegation.source.recorded_at.as_millis();
                    edit(delegation, now);
                }
            })]
        };
        Fixture::new().block(given).block(|world| vec![consent(world, DELEGATE, 1, |_| {})])
    })
}

/// A delegate consents by the delegation that is this record.
pub(super) fn consent(
    world: &mut World,
    signer: usize,
    record: usize,
    edit: impl FnOnce(&mut Authority),
) -> Vec<u8> {
    let mut grantor = by(Relation::Proxy, world.ids[record]);
    edit(&mut grantor);
    world.consent_by(signer, |consent| {
        consent.consent = Identifier([2; 16]);
        consent.grantor = grantor;
    })
}

/// The proxy names another delegation, or another relation, than there is.
fn named(name: &'static str, edit: fn(&mut Authority)) -> Attack {
    attack(name, &["3/0 not-authorized", "3/0 V14"], move |strikes| {
        Fixture::new().block(|world| vec![world.delegation(PATIENT, all_rights)]).block(
            move |world| {
                vec![consent(world, DELEGATE, 1, |authority| {
                    if strikes {
                        edit(authority);
                    }
                })]
            },
        )
    })
}

fn withdraw(world: &mut World, signer: usize, record: usize, by: Option<Authority>) -> Vec<u8> {
    let withdrawn = world.ids[record];
    world.delegation(signer, |delegation| {
        delegation.change = DelegationChange::Withdraw;
        delegation.withdrawn = Some(withdrawn);
        delegation.grantor = by;
    })
}

/// A delegate hands rights on, edited.
fn hand_on(
    world: &mut World,
    signer: usize,
    record: usize,
    edit: impl FnOnce(&mut Delegation),
) -> Vec<u8> {
    let first = world.ids[record];
    world.delegation(signer, |delegation| {
        all_rights(delegation);
        delegation.grantor = Some(by(Relation::Proxy, first));
        edit(delegation);
    })
}

pub(crate) fn attacks() -> Vec<Attack> {
    [rights(), chains(), handed_on()].into_iter().flatten().collect()
}

fn rights() -> Vec<Attack> {
    let refused = ["3/0 not-authorized", "3/0 V14"];
    vec![
        granted("a delegate who may look consents", &refused, |delegation, _| {
            delegation.rights = set([Right::Access]);
        }),
        granted("a delegation that ended is used", &refused, |delegation, now| {
            delegation.period = period(now, Some(now + 1));
        }),
        granted("a delegation is used before it begins", &refused, |delegation, now| {
            delegation.period = period(now + 60_000, None);
        }),
        granted("a delegation at another custodian is used", &refused, |delegation, _| {
            delegation.custodian = organization(CLINIC_ID);
        }),
        granted("a delegation to somebody else is used", &refused, |delegation, _| {
            delegation.delegate = key(STRANGER);
        }),
        granted(
            "a delegation of another patient is used",
            &["2/0 not-authorized", "2/0 V32", "3/0 not-authorized", "3/0 V14"],
            |delegation, _| delegation.subject = key(STRANGER),
        ),
        granted(
            "somebody delegates to be the patient",
            &["2/0 malformed", "3/0 not-authorized", "3/0 V14"],
            |delegation, _| delegation.relation = Relation::Own,
        ),
        named("a delegation that nobody gave is used", |authority| {
            authority.delegation = Some(Hash([9; 32]));
        }),
        named("a proxy calls himself a guardian", |authority| {
            authority.relation = Relation::Guardian;
        }),
        named("a proxy names no delegation", |authority| authority.delegation = None),
    ]
}

fn chains() -> Vec<Attack> {
    let refused = ["4/0 not-authorized", "4/0 V14"];
    vec![
        attack("a delegation that was withdrawn is used", &refused, |strikes| {
            Fixture::new()
                .block(|world| vec![world.delegation(PATIENT, all_rights)])
                .block(
                    move |world| {
                        if strikes { vec![withdraw(world, PATIENT, 1, OWN)] } else { vec![] }
                    },
                )
                .block(|world| vec![consent(world, DELEGATE, 1, |_| {})])
        }),
        attack(
            "a delegate hands his rights to himself and outlives the withdrawal",
            &["5/0 not-authorized", "5/0 V14"],
            |strikes| {
                Fixture::new()
                    .block(|world| vec![world.delegation(PATIENT, all_rights)])
                    .block(|world| vec![hand_on(world, DELEGATE, 1, |_| {})])
                    .block(
                        move |world| {
                            if strikes { vec![withdraw(world, PATIENT, 1, OWN)] } else { vec![] }
                        },
                    )
                    .block(|world| vec![consent(world, DELEGATE, 2, |_| {})])
            },
        ),
        attack(
            "two delegates hand their rights to each other beyond the end",
            &["5/0 not-authorized", "5/0 V14"],
            |strikes| {
                Fixture::new()
                    .block(move |world| {
                        vec![world.delegation(PATIENT, |delegation| {
                            all_rights(delegation);
                            let now = delegation.source.recorded_at.as_millis();
                            // Over before the fifth block.
                            let end = if strikes { 2_500 } else { 60_000 };
                            delegation.period = period(now, Some(now + end));
                        })]
                    })
                    .block(|world| {
                        vec![hand_on(world, DELEGATE, 1, |d| d.delegate = key(STRANGER))]
                    })
                    .block(|world| vec![hand_on(world, STRANGER, 2, |_| {})])
                    .block(|world| vec![consent(world, DELEGATE, 3, |_| {})])
            },
        ),
    ]
}

fn handed_on() -> Vec<Attack> {
    let refused = ["4/0 not-authorized", "4/0 V14"];
    vec![
        attack(
            "a delegate hands on what he does not have",
            &["3/0 not-authorized", "3/0 V14"],
            |strikes| {
                Fixture::new()
                    .block(move |world| {
                        vec![world.delegation(PATIENT, |delegation| {
                            all_rights(delegation);
                            if strikes {
                                delegation.rights = set([Right::Access, Right::Delegate]);
                            }
                        })]
                    })
                    .block(|world| vec![hand_on(world, DELEGATE, 1, |_| {})])
            },
        ),
        attack(
            "a delegate who may not hand on does",
            &["3/0 not-authorized", "3/0 V14"],
            |strikes| {
                Fixture::new()
                    .block(move |world| {
                        vec![world.delegation(PATIENT, |delegation| {
                            all_rights(delegation);
                            if strikes {
                                delegation.rights = set([Right::Consent, Right::Access]);
                            }
                        })]
                    })
                    .block(|world| {
                        vec![hand_on(world, DELEGATE, 1, |d| d.rights = set([Right::Access]))]
                    })
            },
        ),
        attack("a chain has nine delegates", &["11/0 not-authorized", "11/0 V14"], |strikes| {
            let fixture = Fixture::new().block(|world| vec![world.delegation(PATIENT, all_rights)]);
            // Nine delegations; of the honest chain the eighth is used.
            let fixture = (1..9).fold(fixture, |fixture, nth| {
                fixture.block(move |world| {
                    vec![hand_on(world, FIRST + nth - 1, nth, |d| {
                        d.delegate = key(FIRST + nth);
                    })]
                })
            });
            let nth = if strikes { 9 } else { 8 };
            fixture.block(move |world| vec![consent(world, FIRST + nth - 1, nth, |_| {})])
        }),
        attack("a delegate withdraws what is not his to withdraw", &refused, |strikes| {
            Fixture::new()
                .block(|world| vec![world.delegation(PATIENT, all_rights)])
                .block(|world| vec![world.delegation(PATIENT, |d| d.delegate = key(STRANGER))])
                .block(move |world| {
                    let own = Some(by(Relation::Proxy, world.ids[1]));
                    let (signer, own) = if strikes { (DELEGATE, own) } else { (PATIENT, OWN) };
                    vec![withdraw(world, signer, 2, own)]
                })
        }),
        attack(
            "a delegate dates a consent back into a delegation that ended",
            &["5/0 not-authorized", "5/0 V14"],
            |strikes| {
                Fixture::new()
                    .block(move |world| {
                        vec![world.delegation(PATIENT, |delegation| {
                            all_rights(delegation);
                            let now = delegation.source.recorded_at.as_millis();
                            let end = if strikes { 1_000 } else { 60_000 };
                            delegation.period = period(now, Some(now + end));
                        })]
                    })
                    .idle(2)
                    .block(|world| {
                        let first = world.ids[1];
                        vec![world.consent_by(DELEGATE, |consent| {
                            let at = consent.source.recorded_at.as_millis() - 2_500;
                            consent.source.recorded_at = Instant::from_millis(at).unwrap();
                            consent.consent = Identifier([2; 16]);
                            consent.grantor = by(Relation::Proxy, first);
                        })]
                    })
            },
        ),
    ]
}
