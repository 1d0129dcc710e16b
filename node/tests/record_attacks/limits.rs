//! Lists and texts beyond their limits, and more of everything than a state has room for.

use vidimus::{
    encoding::{cbor::Text, hex::Identifier},
    record::{
        Body,
        actor::ActorPattern,
        consent::{Consent, Elements, Provision},
        organization::{KeyUse, Organization, OrganizationChange, OrganizationRole},
    },
};

use super::{
    attack::{Attack, attack},
    fixture::{
        CLINIC, CLINIC_ID, Fixture, GOVERNANCE, World, anything, code, half, list, registered, set,
    },
    forge::{edit_payload, replace},
};

/// A list with as much as it may hold; the attacker writes one element more, as the last.
fn list_with_one_more(
    name: &'static str,
    record: fn(&mut World) -> Vec<u8>,
    head: &'static [u8],
    longer: &'static [u8],
    last: &'static [u8],
    one_more: &'static [u8],
) -> Attack {
    attack(name, &["2/0 malformed"], move |strikes| {
        Fixture::new().block(move |world| {
            let record = record(world);
            if !strikes {
                return vec![record];
            }
            vec![edit_payload(&record, |payload| {
                replace(payload, head, longer);
                replace(payload, last, &[last, one_more].concat());
            })]
        })
    })
}

/// `A00`, `A01` and so on.
fn numbered(count: usize) -> impl Iterator<Item = vidimus::record::actor::CodeText> {
    (0..count).map(|number| code(&format!("A{number:02}")))
}

fn asked(world: &mut World) -> Vec<u8> {
    world.request(|access| half(access).processing.purposes = set(numbered(16)))
}

fn consent(world: &mut World) -> Vec<u8> {
    world.consent(|consent| {
        consent.consent = Identifier([2; 16]);
        consent.scope.purposes = set(numbered(64));
    })
}

fn clinic(world: &mut World, edit: impl FnOnce(&mut Organization)) -> Vec<u8> {
    let roles = [OrganizationRole::Custodian, OrganizationRole::Recipient];
    let mut clinic = registered(CLINIC_ID, &roles, &[(CLINIC, KeyUse::Gateway)]);
    edit(&mut clinic);
    world.sign(GOVERNANCE, |source| {
        let change = OrganizationChange::Update;
        Body::Organization(Organization { source, change, ..clinic })
    })
}

/// A consent that names as much as it may: four times 63 roles and a purpose.
fn full(consent: &mut Consent) {
    let pattern = ActorPattern { organization: None, role: Some(code("nurse")), person: None };
    let part = |purpose| Elements {
        actors: list(vec![pattern.clone(); 63]),
        purposes: set([code(purpose)]),
        ..anything()
    };
    let provision = |purpose| Provision { elements: part(purpose), exceptions: list([]) };
    consent.consent = Identifier([2; 16]);
    consent.scope = part("A00");
    consent.provisions = list([provision("A00"), provision("A00"), provision("B00")]);
}

pub(crate) fn attacks() -> Vec<Attack> {
    [lists(), room()].into_iter().flatten().collect()
}

fn lists() -> Vec<Attack> {
    vec![
        list_with_one_more(
            "a request has seventeen purposes",
            asked,
            b"\x90\x63A00",
            b"\x91\x63A00",
            b"\x63A15",
            b"\x63A16",
        ),
        list_with_one_more(
            "a consent names sixty-five purposes",
            consent,
            b"\x98\x40\x63A00",
            b"\x98\x41\x63A00",
            b"\x63A63",
            b"\x63A64",
        ),
        list_with_one_more(
            "an organization is under nine regimes",
            |world| clinic(world, |clinic| clinic.regimes = set(numbered(8))),
            b"\x88\x63A00",
            b"\x89\x63A00",
            b"\x63A07",
            b"\x63A08",
        ),
        list_with_one_more(
            "a name has more bytes than a name may have",
            |world| {
                clinic(world, |clinic| clinic.name = Text::new(&format!("<{}>", "n".repeat(126))))
            },
            b"\x78\x80<",
            b"\x78\x81<",
            b"n>",
            b"n",
        ),
        attack("a list says that it has four billion elements", &["2/0 malformed"], |strikes| {
            Fixture::new().block(move |world| {
                let record = asked(world);
                let endless = |payload: &mut Vec<u8>| {
                    replace(payload, b"\x90\x63A00", b"\x9a\xff\xff\xff\xff\x63A00");
                };
                vec![if strikes { edit_payload(&record, endless) } else { record }]
            })
        }),
        attack(
            "a text says that it has more bytes than there are",
            &["2/0 malformed"],
            |strikes| {
                Fixture::new().block(move |world| {
                    let record = asked(world);
                    let endless = |payload: &mut Vec<u8>| {
                        replace(payload, b"\x63A00", b"\x7b\xff\xff\xff\xff\xff\xff\xff\xffA00");
                    };
                    vec![if strikes { edit_payload(&record, endless) } else { record }]
                })
            },
        ),
        attack("a code has more characters than a code may have", &["2/0 malformed"], |strikes| {
            Fixture::new().block(move |world| {
                let record = world.request(|access| {
                    half(access).processing.action = code(&"R".repeat(64));
                });
                let longer = |payload: &mut Vec<u8>| {
                    replace(payload, b"\x78\x40RR", b"\x78\x41RRR");
                };
                vec![if strikes { edit_payload(&record, longer) } else { record }]
            })
        }),
        attack("a consent names more in all than it may", &["2/0 malformed"], |strikes| {
            Fixture::new().block(move |world| {
                let record = world.consent(full);
                // Each list is within its bound, the purposes of the last part too.
                let more = |payload: &mut Vec<u8>| {
                    replace(payload, b"\x81\x63B00", b"\x82\x63B00\x63B01");
                };
                vec![if strikes { edit_payload(&record, more) } else { record }]
            })
        }),
    ]
}

/// Consents, one record each, with ids of their own.
fn many(world: &mut World, count: u8) -> Vec<Vec<u8>> {
    let one = |number: u8| world.consent(|consent| consent.consent = Identifier([number; 16]));
    (2..2 + count).map(one).collect()
}

fn room() -> Vec<Attack> {
    vec![
        attack(
            "a patient has more consents than can be looked through",
            &["2/63 limit"],
            |strikes| Fixture::new().block(move |world| many(world, 63 + u8::from(strikes))),
        ),
        attack("a consent changes more often than can be kept", &["2/15 limit"], |strikes| {
            Fixture::new().block(move |world| {
                let next = |version| {
                    let previous = world.ids.last().copied();
                    world.consent(|consent| {
                        (consent.version, consent.previous) = (version, previous);
                    })
                };
                (2..=16 + u64::from(strikes)).map(next).collect()
            })
        }),
    ]
}
