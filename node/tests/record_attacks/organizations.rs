//! Keys, organizations and validators: who has which, and who says so.

use vidimus::{
    encoding::hex::Hash,
    ledger::cometbft::validator::ValidatorKey,
    record::{
        Body,
        anchor::{Anchor, Anchored},
        instant::Instant,
        organization::{
            KeyUse, Organization, OrganizationChange, OrganizationRole, ValidatorChange,
        },
        protocol::Protocol,
        review::{Review, ReviewOutcome},
    },
};

use super::{
    attack::{Attack, attack},
    fixture::{
        CLINIC, CLINIC_ID, DEVICE, Fixture, GATEWAY, GOVERNANCE, HOSPITAL_ID, OFFICER, PATIENT,
        SPONSOR, STRANGER, World, key, list, organization, registered,
    },
    forge::{edit_payload, one, replace, resign},
};

const CHAIN: &str = "vidimus-simulated";
const OFFICE: [(usize, KeyUse); 3] =
    [(GATEWAY, KeyUse::Gateway), (OFFICER, KeyUse::PrivacyOfficer), (DEVICE, KeyUse::Device)];

/// Governance changes an organization.
fn change(world: &mut World, change: OrganizationChange, body: Organization) -> Vec<u8> {
    world.sign(GOVERNANCE, |source| Body::Organization(Organization { source, change, ..body }))
}

fn hospital() -> Organization {
    registered(HOSPITAL_ID, &[OrganizationRole::Custodian], &OFFICE)
}

/// The hospital is updated to this, as the attacker wants it, or as it is.
fn updated(name: &'static str, expects: &[&'static str], edit: fn(&mut Organization)) -> Attack {
    attack(name, expects, move |strikes| {
        Fixture::new().block(move |world| {
            let mut body = hospital();
            if strikes {
                edit(&mut body);
            }
            vec![change(world, OrganizationChange::Update, body)]
        })
    })
}

/// A record is signed by a key that may not.
fn signed(name: &'static str, signer: usize, record: fn(&mut World) -> Vec<u8>) -> Attack {
    attack(name, &["2/0 not-authorized", "2/0 V19"], move |strikes| {
        one(strikes, record, move |record| resign(&record, signer, CHAIN))
    })
}

fn review(world: &mut World) -> Vec<u8> {
    let access = world.ids[0];
    world.sign(OFFICER, |source| {
        Body::Review(Review {
            source,
            subject: key(PATIENT),
            custodian: organization(HOSPITAL_ID),
            access,
            reviewer: Hash([0x22; 32]),
            outcome: ReviewOutcome::Justified,
            details: None,
        })
    })
}

fn readings(world: &mut World) -> Vec<u8> {
    world.sign(DEVICE, |source| {
        Body::Anchor(Anchor {
            source,
            custodian: organization(HOSPITAL_ID),
            subject: None,
            anchored: Anchored::Readings,
            root: Hash([1; 32]),
            leaf_count: 1,
            details: None,
        })
    })
}

fn request(world: &mut World) -> Vec<u8> {
    world.request(|_| {})
}

fn protocol(world: &mut World) -> Vec<u8> {
    world.protocol(|_| {})
}

fn clinic(world: &mut World) -> Vec<u8> {
    let roles = [OrganizationRole::Custodian, OrganizationRole::Recipient];
    let clinic = registered(CLINIC_ID, &roles, &[(CLINIC, KeyUse::Gateway)]);
    change(world, OrganizationChange::Update, clinic)
}

pub(crate) fn attacks() -> Vec<Attack> {
    [uses(), ends(), registers(), validators(), protocols()].into_iter().flatten().collect()
}

fn uses() -> Vec<Attack> {
    vec![
        signed("a stranger asks as the hospital", STRANGER, request),
        signed("another custodian's gateway asks as the hospital", CLINIC, request),
        signed("a privacy officer asks to open data", OFFICER, request),
        signed("a device asks to open data", DEVICE, request),
        signed("a gateway writes the review", GATEWAY, review),
        signed("a privacy officer anchors readings", OFFICER, readings),
        signed("a hospital writes a sponsor's protocol", GATEWAY, protocol),
        signed("a hospital changes another organization", GATEWAY, clinic),
        signed("an organization changes itself", CLINIC, clinic),
        signed("a stranger changes an organization", STRANGER, clinic),
    ]
}

fn ends() -> Vec<Attack> {
    let refused = ["3/0 not-authorized", "3/0 V19"];
    vec![
        attack("a suspended hospital asks", &refused, |strikes| {
            Fixture::new()
                .block(move |world| {
                    let body = registered(HOSPITAL_ID, &[], &[]);
                    let suspended = OrganizationChange::Suspend;
                    if strikes { vec![change(world, suspended, body)] } else { vec![] }
                })
                .block(|world| vec![request(world)])
        }),
        attack("a key that was revoked asks", &refused, |strikes| revoked(strikes, 0)),
        attack("a key that was revoked dates its request before that", &refused, |strikes| {
            revoked(strikes, 2_500)
        }),
        attack("a key that was taken from its use asks", &refused, |strikes| {
            Fixture::new()
                .block(move |world| {
                    let mut uses = OFFICE;
                    if strikes {
                        uses[0].1 = KeyUse::Device;
                    }
                    let body = registered(HOSPITAL_ID, &[OrganizationRole::Custodian], &uses);
                    vec![change(world, OrganizationChange::Update, body)]
                })
                .block(|world| vec![request(world)])
        }),
        attack(
            "a hospital that is no custodian any more asks",
            &["3/0 unknown-organization", "3/0 V19"],
            |strikes| {
                Fixture::new()
                    .block(move |world| {
                        let recipient = OrganizationRole::Recipient;
                        let custodian = OrganizationRole::Custodian;
                        let role = if strikes { recipient } else { custodian };
                        let body = registered(HOSPITAL_ID, &[role], &OFFICE);
                        vec![change(world, OrganizationChange::Update, body)]
                    })
                    .block(|world| vec![request(world)])
            },
        ),
    ]
}

/// The gateway's key is revoked as of its block; then it asks, dated so much before.
fn revoked(strikes: bool, earlier: u64) -> Fixture {
    Fixture::new()
        .block(move |world| {
            let mut body = hospital();
            let mut keys: Vec<_> = body.keys.iter().cloned().collect();
            keys[0].revoked_at = strikes.then_some(world.now);
            body.keys = list(keys);
            vec![change(world, OrganizationChange::Update, body)]
        })
        .block(move |world| {
            vec![world.request(|access| {
                let at = access.source.recorded_at.as_millis() - earlier;
                access.source.recorded_at = Instant::from_millis(at).unwrap();
            })]
        })
}

fn registers() -> Vec<Attack> {
    vec![
        attack("an organization is registered a second time", &["2/0 exists"], |strikes| {
            Fixture::new().block(move |world| {
                let id = if strikes { CLINIC_ID } else { "another.example" };
                vec![change(world, OrganizationChange::Register, registered(id, &[], &[]))]
            })
        }),
        attack("two organizations have one key", &["2/0 keys"], |strikes| {
            Fixture::new().block(move |world| {
                let owned = if strikes { GATEWAY } else { STRANGER };
                let body = registered("another.example", &[], &[(owned, KeyUse::Gateway)]);
                vec![change(world, OrganizationChange::Register, body)]
            })
        }),
        updated("an organization gets a key that governs", &["2/0 keys"], |body| {
            let mut keys = OFFICE.to_vec();
            keys.push((GOVERNANCE, KeyUse::Gateway));
            *body = registered(HOSPITAL_ID, &[OrganizationRole::Custodian], &keys);
        }),
        updated("a key that signed is dropped", &["2/0 keys"], |body| {
            *body = registered(HOSPITAL_ID, &[OrganizationRole::Custodian], &OFFICE[1..]);
        }),
        updated(
            "somebody who is not registered is changed",
            &["2/0 unknown-organization", "2/0 V19"],
            |body| {
                body.organization = organization("st-anna.exarnple");
            },
        ),
        attack(
            "an organization's name is written in other letters",
            &["2/0 malformed"],
            |strikes| {
                // Cyrillic а, of two bytes, for "an".
                let alike = |record: Vec<u8>| {
                    edit_payload(&record, |payload| {
                        replace(payload, b"clinic.example", "clinic.ехаmp".as_bytes());
                    })
                };
                one(strikes, clinic, alike)
            },
        ),
        attack("an organization's name is written in capitals", &["2/0 malformed"], |strikes| {
            let capital = |record: Vec<u8>| {
                edit_payload(&record, |payload| {
                    replace(payload, b"clinic.example", b"Clinic.example");
                })
            };
            one(strikes, clinic, capital)
        }),
    ]
}

/// Governance changes validators with a record of the hospital.
fn powers(
    name: &'static str,
    expects: &[&'static str],
    changes: fn(bool) -> Vec<ValidatorChange>,
) -> Attack {
    attack(name, expects, move |strikes| {
        Fixture::new().block(move |world| {
            let validators = list(changes(strikes));
            let body = Organization { validators, ..hospital() };
            vec![change(world, OrganizationChange::Update, body)]
        })
    })
}

fn power(index: usize, power: u64) -> ValidatorChange {
    ValidatorChange { key: key(index), power }
}

fn validators() -> Vec<Attack> {
    let refused = ["2/0 validators"];
    vec![
        powers("a validator that there is not is removed", &refused, |strikes| {
            vec![power(STRANGER, u64::from(!strikes))]
        }),
        powers("a validator gets more power than may be", &refused, |strikes| {
            vec![power(STRANGER, if strikes { u64::MAX } else { 1 })]
        }),
        powers("one record gives a validator two powers", &refused, |strikes| {
            vec![power(STRANGER, 1), power(if strikes { STRANGER } else { PATIENT }, 2)]
        }),
        attack("all validators are removed at once", &refused, |strikes| {
            let genesis = Fixture::new().write();
            let set = genesis.blocks[0].validators.list().validators.clone();
            let keys: Vec<_> = set.iter().map(|validator| validator.key.clone()).collect();
            let kept = usize::from(!strikes);
            Fixture::new().block(move |world| {
                let removed = keys.iter().skip(kept).filter_map(|key| match key {
                    ValidatorKey::Ed25519(key) => Some(ValidatorChange { key: *key, power: 0 }),
                    ValidatorKey::Unsupported(..) => None,
                });
                let body = Organization { validators: list(removed), ..hospital() };
                vec![change(world, OrganizationChange::Update, body)]
            })
        }),
        // Such a change is none: the chain goes on.
        attack("a validator comes and goes within one block", &[], |strikes| {
            Fixture::new().block(move |world| {
                let mut set = |power_now| {
                    let validators = list([power(STRANGER, power_now)]);
                    let body = Organization { validators, ..hospital() };
                    change(world, OrganizationChange::Update, body)
                };
                if strikes { vec![set(7), set(0)] } else { vec![] }
            })
        }),
    ]
}

fn protocols() -> Vec<Attack> {
    let next = |name: &'static str, expects: &[&'static str], edit: fn(&mut Protocol)| {
        attack(name, expects, move |strikes| {
            Fixture::new().block(|world| vec![protocol(world)]).block(move |world| {
                let previous = world.ids.last().copied();
                vec![world.protocol(|protocol| {
                    (protocol.version, protocol.previous) = (2, previous);
                    if strikes {
                        edit(protocol);
                    }
                })]
            })
        })
    };
    vec![
        next("a protocol's version is left out", &["3/0 version"], |p| p.version = 3),
        next("a protocol begins anew", &["3/0 version"], |protocol| {
            (protocol.version, protocol.previous) = (1, None);
        }),
        next("a protocol follows what it did not", &["3/0 version"], |protocol| {
            protocol.previous = Some(Hash([9; 32]));
        }),
        attack("a sponsor takes over another's protocol", &["4/0 version"], |strikes| {
            let other = "others.example";
            Fixture::new()
                .block(move |world| {
                    let (roles, uses) =
                        ([OrganizationRole::Sponsor], [(STRANGER, KeyUse::Sponsor)]);
                    let body = registered(other, &roles, &uses);
                    vec![change(world, OrganizationChange::Register, body)]
                })
                .block(|world| vec![protocol(world)])
                .block(move |world| {
                    let previous = world.ids.last().copied();
                    let record = world.protocol(|protocol| {
                        (protocol.version, protocol.previous) = (2, previous);
                    });
                    if !strikes {
                        return vec![record];
                    }
                    let body = vidimus::record::Record::decode(&record, CHAIN).unwrap().0.body;
                    let Body::Protocol(mut body) = body else { return vec![record] };
                    vec![world.sign(STRANGER, |source| {
                        (body.source, body.sponsor) = (source, organization(other));
                        Body::Protocol(body)
                    })]
                })
        }),
        attack(
            "a sponsor's key ends with what it may not sign",
            &["2/0 not-authorized", "2/0 V19"],
            |strikes| one(strikes, readings, |record| resign(&record, SPONSOR, CHAIN)),
        ),
    ]
}
