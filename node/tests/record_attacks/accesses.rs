//! Requests, accesses and halves: opening more than was asked for, or than anybody knows of.

use vidimus::{
    encoding::hex::{Hash, Identifier},
    record::{
        access::{Access, Outcome},
        actor::ActorPattern,
        codes::System,
        consent::Consent,
        instant::{Instant, Period},
    },
};

use super::{
    attack::{Attack, attack},
    fixture::{
        CLINIC_ID, Fixture, HOSPITAL_ID, SKEW, account, carried, code, disclose, disclosure, half,
        key, labelled, list, open, organization, set,
    },
};

/// An access to what was asked for, edited by the attacker alone.
fn beyond(name: &'static str, expects: &[&'static str], edit: fn(&mut Access)) -> Attack {
    attack(name, expects, move |strikes| {
        let permit = |consent: &mut Consent| {
            consent.scope.purposes = set([code("TREAT"), code("HPAYMT")]);
        };
        Fixture::with_consent(permit).block(|world| vec![world.request(|_| {})]).block(
            move |world| {
                let request = world.ids.last().copied();
                vec![world.access(request, |access| {
                    if strikes {
                        edit(access);
                    }
                })]
            },
        )
    })
}

/// An access, edited by the attacker alone as its request is.
fn opened(name: &'static str, expects: &[&'static str], edit: fn(&mut Access)) -> Attack {
    attack(name, expects, move |strikes| {
        Fixture::new().access(move |access| {
            if strikes {
                edit(access);
            }
        })
    })
}

/// The same to the clinic, whose half comes next, until the latency is over.
fn disclosed(name: &'static str, expects: &[&'static str], edit: fn(&mut Access)) -> Attack {
    attack(name, expects, move |strikes| {
        Fixture::new()
            .access(disclose)
            .block(move |world| {
                vec![world.recipient_half(|access| {
                    if strikes {
                        edit(access);
                    }
                })]
            })
            .idle(8)
    })
}

pub(crate) fn attacks() -> Vec<Attack> {
    [requests(), times(), halves(), others()].into_iter().flatten().collect()
}

fn requests() -> Vec<Attack> {
    let exceeded = ["3/0 V37"];
    vec![
        beyond("data are opened without a request", &exceeded, |access| {
            half(access).request = None;
        }),
        beyond("data are opened on a request that nobody made", &exceeded, |access| {
            half(access).request = Some(Hash([9; 32]));
        }),
        beyond("a request is used for another event", &exceeded, |access| {
            access.event = Identifier([9; 16]);
            open(access, &carried());
        }),
        beyond("a request is used for another action", &exceeded, |access| {
            half(access).processing.action = code("print");
        }),
        beyond("a request is used for one more purpose", &exceeded, |access| {
            half(access).processing.purposes = set([code("TREAT"), code("HPAYMT")]);
        }),
        beyond("a request is used by somebody else", &exceeded, |access| {
            half(access).processing.actor.person = Hash([0x12; 32]);
        }),
        beyond("a request is used in another role", &exceeded, |access| {
            half(access).processing.actor.role = code("nurse");
        }),
        beyond("a request is used for more data", &exceeded, |access| {
            let class = (System::Class, "MedicationRequest");
            open(access, &labelled(&[class, (System::Sensitivity, "HIV")]));
        }),
        beyond("a request is used with one more lawful basis", &exceeded, |access| {
            half(access).processing.basis = set([code("GDPR-9(2)(h)")]);
        }),
        beyond("a request is used for another patient", &["3/0 V01", "3/0 V37"], |access| {
            access.subject = key(51);
            access.details = None;
        }),
        beyond(
            "a request is declared an emergency when it is used",
            &["3/0 V10", "3/0 V37"],
            |access| {
                half(access).processing.emergency = true;
            },
        ),
    ]
}

fn times() -> Vec<Attack> {
    vec![
        attack("a request is used when its time is over", &["33/0 V37"], |strikes| {
            // The request is open for twenty seconds.
            let asked_early = move |fixture: Fixture, asked: bool, idle| {
                let fixture = fixture
                    .block(move |world| if asked { vec![world.request(|_| {})] } else { vec![] });
                fixture.idle(idle)
            };
            let fixture = asked_early(Fixture::new(), strikes, 29);
            asked_early(fixture, !strikes, 0).block(|world| {
                let request = world.ids.last().copied();
                vec![world.access(request, |_| {})]
            })
        }),
        // It is dated before the gateway's record before it, too.
        attack("data were opened before anybody asked", &["11/0 V22", "11/0 V37"], |strikes| {
            let earlier = if strikes { SKEW + 2_500 } else { 0 };
            Fixture::new().idle(8).block(|world| vec![world.request(|_| {})]).block(move |world| {
                let request = world.ids.last().copied();
                vec![world.access(request, |access| {
                    let at = access.source.recorded_at.as_millis() - earlier;
                    access.source.recorded_at = Instant::from_millis(at).unwrap();
                })]
            })
        }),
        attack("an access is reported when it is too late to check", &["10/0 V22"], |strikes| {
            Fixture::new().block(|world| vec![world.request(|_| {})]).idle(7).block(move |world| {
                let (request, now) = (world.ids.last().copied(), world.now.as_millis());
                let at = now - if strikes { 6_001 } else { 0 };
                vec![world.access(request, |access| {
                    access.source.recorded_at = Instant::from_millis(at).unwrap();
                })]
            })
        }),
    ]
}

fn halves() -> Vec<Attack> {
    let differs = ["4/0 V23"];
    vec![
        disclosed("the recipient names another person", &differs, |access| {
            access.by_recipient.as_mut().unwrap().actor.person = Hash([0x99; 32]);
        }),
        disclosed("the recipient names another system", &differs, |access| {
            access.by_recipient.as_mut().unwrap().server = code("ehr-2");
        }),
        disclosed("the recipient names another patient", &differs, |access| {
            access.subject = key(51);
        }),
        disclosed("the recipient says that it was denied what it got", &differs, |access| {
            access.outcome = Outcome::Denied;
        }),
        attack("the custodian says that it denied what was received", &differs, |strikes| {
            let denied = move |access: &mut Access| {
                disclose(access);
                if strikes {
                    access.outcome = Outcome::Denied;
                }
            };
            Fixture::new().access(denied).block(|world| vec![world.recipient_half(|_| {})]).idle(8)
        }),
        disclosed("the recipient names another event", &["3/0 V23", "4/0 V23"], |access| {
            access.event = Identifier([9; 16]);
        }),
        disclosed(
            "the recipient signs as another organization",
            &["3/0 V23", "4/0 not-authorized", "4/0 V19"],
            |access| {
                access.by_recipient.as_mut().unwrap().actor.organization =
                    organization(HOSPITAL_ID);
            },
        ),
        attack("the recipient keeps silent", &["3/0 V23"], |strikes| {
            Fixture::new()
                .access(disclose)
                .block(
                    move |world| {
                        if strikes { vec![] } else { vec![world.recipient_half(|_| {})] }
                    },
                )
                .idle(8)
        }),
        attack("the custodian keeps silent of what was received", &["3/0 V23"], |strikes| {
            Fixture::new()
                .block(|world| vec![world.request(disclose)])
                .block(move |world| {
                    let request = world.ids.last().copied();
                    let mut records = vec![world.recipient_half(|_| {})];
                    records.extend((!strikes).then(|| world.access(request, disclose)));
                    records
                })
                .idle(8)
        }),
    ]
}

fn others() -> Vec<Attack> {
    vec![
        opened("data are opened by an organization that nobody knows", &["3/0 V19"], |access| {
            disclose(access);
            half(access).processing.actor.organization = organization("cl1nic.example");
        }),
        opened("data leave the hospital without an account", &["3/0 V27"], |access| {
            account(access);
            disclosure(access).statement = None;
        }),
        opened("data leave the hospital to nobody that is named", &["3/0 V27"], |access| {
            account(access);
            disclosure(access).recipient = None;
        }),
        opened("data leave the hospital by an account that nobody wrote", &["3/0 V27"], |access| {
            account(access);
            open(access, &carried());
        }),
        attack(
            "a consent to one organization is used by another",
            &["3/0 V05", "3/0 V37"],
            |strikes| {
                Fixture::with_consent(move |consent| {
                    let id = if strikes { CLINIC_ID } else { HOSPITAL_ID };
                    let organization = Some(organization(id));
                    let pattern = ActorPattern { organization, person: None, role: None };
                    consent.scope.actors = list([pattern]);
                })
                .access(|_| {})
            },
        ),
        attack("data of another time are opened", &["3/0 V08", "3/0 V37"], |strikes| {
            let at = |millis| Instant::from_millis(millis).unwrap();
            Fixture::with_consent(move |consent| {
                consent.scope.data_period = Period::new(at(0), Some(at(1_000)));
            })
            .access(move |access| {
                let end = if strikes { 2_000 } else { 1_000 };
                half(access).processing.data_period = Period::new(at(10), Some(at(end)));
            })
        }),
    ]
}
