//! Versions out of order, dates that are none, consents that end or are another's.

use vidimus::{
    encoding::hex::{Hash, Identifier},
    record::{
        consent::{Consent, ConsentStatus},
        instant::Instant,
        revocation::Revocation,
    },
};

use super::{
    attack::{Attack, attack},
    fixture::{CLINIC_ID, Fixture, LATENCY, SKEW, World, code, organization, period, set},
};

/// The patient's consent goes on, edited.
fn follow(world: &mut World, edit: impl FnOnce(&mut Consent)) -> Vec<u8> {
    let previous = world.ids[0];
    world.consent(|consent| {
        (consent.version, consent.previous) = (2, Some(previous));
        edit(consent);
    })
}

/// The second version, edited by the attacker alone.
fn version(name: &'static str, edit: fn(&mut Consent)) -> Attack {
    attack(name, &["2/0 version"], move |strikes| {
        Fixture::new().block(move |world| {
            vec![follow(world, |consent| {
                if strikes {
                    edit(consent);
                }
            })]
        })
    })
}

/// The revocation, edited by the attacker alone.
fn revocation(name: &'static str, edit: fn(&mut Revocation)) -> Attack {
    attack(name, &["2/0 unknown-record"], move |strikes| {
        Fixture::new().block(move |world| {
            vec![world.revocation(|revocation| {
                if strikes {
                    edit(revocation);
                }
            })]
        })
    })
}

/// A consent, edited by the attacker alone, before an access that it should cover.
fn cover(name: &'static str, expects: &[&'static str], edit: fn(&mut Consent)) -> Attack {
    attack(name, expects, move |strikes| {
        let consent = move |consent: &mut Consent| {
            if strikes {
                edit(consent);
            }
        };
        Fixture::with_consent(consent).access(|_| {})
    })
}

fn shift(at: Instant, millis: i64) -> Instant {
    Instant::from_millis(at.as_millis().checked_add_signed(millis).unwrap()).unwrap()
}

/// A consent whose time is shifted, after the chain is older than that.
fn dated(name: &'static str, millis: i64) -> Attack {
    attack(name, &["9/0 V22"], move |strikes| {
        Fixture::without_consent().idle(8).block(move |world| {
            vec![world.consent(|consent| {
                let at = &mut consent.source.recorded_at;
                *at = shift(*at, if strikes { millis } else { millis.signum() });
            })]
        })
    })
}

pub(crate) fn attacks() -> Vec<Attack> {
    [versions(), revocations(), dates(), others()].into_iter().flatten().collect()
}

fn versions() -> Vec<Attack> {
    vec![
        version("a first version comes a second time", |consent| {
            (consent.version, consent.previous) = (1, None);
        }),
        version("a version is left out", |consent| consent.version = 3),
        version("a version follows one that nobody knows", |consent| {
            consent.previous = Some(Hash([9; 32]));
        }),
        version("a later version comes before any", |consent| {
            consent.consent = Identifier([2; 16]);
        }),
        version("another custodian's consent is continued", |consent| {
            consent.custodian = organization(CLINIC_ID);
        }),
        version("the last number that there is follows the first", |consent| {
            consent.version = u64::MAX;
        }),
        attack("two versions follow the same one", &["2/1 version"], |strikes| {
            Fixture::new().block(move |world| {
                (0..=u8::from(strikes)).map(|_| follow(world, |_| {})).collect()
            })
        }),
        attack(
            "a consent that was revoked goes on as if it were not",
            &["3/0 version"],
            |strikes| {
                Fixture::new().block(|world| vec![world.revocation(|_| {})]).block(move |world| {
                    let revocation = world.ids[1];
                    vec![follow(world, |consent| {
                        if !strikes {
                            consent.previous = Some(revocation);
                        }
                    })]
                })
            },
        ),
    ]
}

fn revocations() -> Vec<Attack> {
    vec![
        revocation("a revocation names another custodian", |revocation| {
            revocation.custodian = organization(CLINIC_ID);
        }),
        revocation("a revocation names a consent that was never given", |revocation| {
            revocation.consent = Identifier([9; 16]);
        }),
        attack(
            "data are opened after the consent was revoked",
            &["4/0 V03", "4/0 V37"],
            |strikes| {
                let revoke = move |world: &mut World| {
                    if strikes { vec![world.revocation(|_| {})] } else { vec![] }
                };
                Fixture::new().block(revoke).access(|_| {})
            },
        ),
        attack(
            "data are opened on a request from before the revocation",
            &["4/0 V03"],
            |strikes| {
                Fixture::new()
                    .block(|world| vec![world.request(|_| {})])
                    .block(
                        move |world| {
                            if strikes { vec![world.revocation(|_| {})] } else { vec![] }
                        },
                    )
                    .block(|world| {
                        let request = world.ids[1];
                        vec![world.access(Some(request), |_| {})]
                    })
            },
        ),
    ]
}

fn dates() -> Vec<Attack> {
    vec![
        attack(
            "a consent is back-dated to cover what was opened before it",
            &["5/0 V04", "5/0 V37"],
            |strikes| {
                let backdated = |consent: &mut Consent| {
                    let at = shift(consent.given_at, -3_000);
                    (consent.source.recorded_at, consent.given_at) = (at, at);
                    consent.period = period(at.as_millis(), None);
                };
                // Whoever asks before there is a consent is refused.
                Fixture::without_consent()
                    .block(move |world| if strikes { vec![world.request(|_| {})] } else { vec![] })
                    .idle(2)
                    .block(move |world| {
                        let consent = world.consent(backdated);
                        if strikes { vec![consent] } else { vec![consent, world.request(|_| {})] }
                    })
                    .block(move |world| {
                        let request = world.ids[usize::from(!strikes)];
                        let opened = if strikes { -1_500 } else { 0 };
                        vec![world.access(Some(request), |access| {
                            let at = &mut access.source.recorded_at;
                            *at = shift(*at, opened);
                        })]
                    })
            },
        ),
        attack(
            "a first version is withheld until somebody asks",
            &["3/0 V01", "3/0 V37"],
            |strikes| {
                let consent = |world: &mut World, millis: i64| {
                    world.consent(|consent| {
                        let at = shift(consent.given_at, millis);
                        (consent.source.recorded_at, consent.given_at) = (at, at);
                    })
                };
                Fixture::without_consent()
                    .block(move |world| if strikes { vec![] } else { vec![consent(world, 0)] })
                    .access(|_| {})
                    .block(move |world| if strikes { vec![consent(world, -3_000)] } else { vec![] })
            },
        ),
        dated("a consent is back-dated beyond what may come late", -(LATENCY.cast_signed() + 1)),
        dated("a consent is dated ahead of every clock", SKEW.cast_signed() + 1),
        cover("data are opened under a consent that ended", &["3/0 V02", "3/0 V37"], |consent| {
            let now = consent.given_at.as_millis();
            consent.period = period(now, Some(now + 1));
        }),
        cover("data are opened before a consent begins", &["3/0 V04", "3/0 V37"], |consent| {
            let now = consent.given_at.as_millis();
            consent.period = period(now + 60_000, None);
        }),
    ]
}

fn others() -> Vec<Attack> {
    vec![
        cover("a consent at another custodian is used", &["3/0 V01", "3/0 V37"], |consent| {
            consent.custodian = organization(CLINIC_ID);
        }),
        cover("a draft is used as a consent", &["3/0 V04", "3/0 V37"], |consent| {
            consent.status = ConsentStatus::Draft;
        }),
        cover("a consent entered in error is used", &["3/0 V35", "3/0 V37"], |consent| {
            consent.status = ConsentStatus::EnteredInError;
        }),
        cover("a consent to research is used for treatment", &["3/0 V06", "3/0 V37"], |consent| {
            consent.scope.purposes = set([code("HRESCH")]);
        }),
        cover(
            "a consent names a custodian whose name looks alike",
            &["1/0 unknown-organization", "3/0 V01", "3/0 V37"],
            |consent| {
                consent.custodian = organization("st-anna.exarnple");
            },
        ),
    ]
}
