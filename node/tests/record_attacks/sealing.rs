//! Sealed codes that are not those of the data. Only a viewing file shows that.

use vidimus::{
    encoding::hex::SealedCode,
    record::{
        access::Access,
        codes::{Code, System},
        consent::{Consent, Effect, Elements, Provision},
        details::Closure,
        keys::ViewKey,
        sealing::{Carried, Details, Named, ResourceId, Sealer},
    },
};

use super::{
    attack::{Attack, attack},
    fixture::{
        Fixture, VIEW_KEY, anything, carried, half, key, labelled, list, open, say, seal, sealed,
        set,
    },
};

const MEDICATION: (System, &str) = (System::Class, "MedicationRequest");

fn sealer() -> Sealer {
    Sealer::new(&ViewKey::new(VIEW_KEY))
}

fn provision_code(effect: Effect, system: System, text: &str) -> SealedCode {
    sealer().seal_provision_code(effect, &Code::new(system, text).unwrap())
}

fn without(closure: &mut Closure, code: &SealedCode) {
    let kept: Vec<_> = closure.codes.iter().filter(|other| *other != code).copied().collect();
    assert_eq!(kept.len() + 1, closure.codes.len(), "the code was there");
    closure.codes = set(kept);
}

fn with(closure: &mut Closure, code: SealedCode) {
    closure.codes = set(closure.codes.iter().copied().chain([code]));
}

/// The patient permits treatment, but nothing of substance abuse.
fn denies_substance_abuse(consent: &mut Consent) {
    let labels = set([provision_code(Effect::Deny, System::Sensitivity, "SUD")]);
    let elements = Elements { labels, ..anything() };
    consent.provisions = list([Provision { elements, exceptions: list([]) }]);
    say(consent, [named(System::Sensitivity, "SUD")]);
}

fn named(system: System, text: &str) -> Named {
    Named::new([Code::new(system, text).unwrap()], [], []).unwrap()
}

/// Data of a kind of substance abuse, which stands under it.
fn of_alcohol(access: &mut Access) {
    open(access, &labelled(&[MEDICATION, (System::Sensitivity, "ETHUD")]));
}

/// The closure of what is opened leaves out what the patient denies.
fn ancestor_left_out(name: &'static str, is_viewed: bool, expects: &[&'static str]) -> Attack {
    let denied = ["3/0 V09", "3/0 V37"];
    attack(name, expects, move |strikes| {
        let mut fixture = Fixture::with_consent(denies_substance_abuse);
        fixture.view = is_viewed;
        fixture.access(move |access| {
            of_alcohol(access);
            if strikes {
                let sealed = provision_code(Effect::Deny, System::Sensitivity, "SUD");
                without(&mut half(access).processing.closures.deny, &sealed);
            }
        })
    })
    .instead_of(&denied)
}

/// The patient permits observations alone; medication is opened as if it were one.
fn code_added(name: &'static str, is_viewed: bool, expects: &[&'static str]) -> Attack {
    let observation = || provision_code(Effect::Permit, System::Class, "Observation");
    attack(name, expects, move |strikes| {
        let mut fixture = Fixture::with_consent(move |consent| {
            consent.scope.classes = set([observation()]);
            say(consent, [named(System::Class, "Observation")]);
        });
        fixture.view = is_viewed;
        fixture.access(move |access| {
            if strikes {
                with(&mut half(access).processing.closures.permit, observation());
            }
        })
    })
    .instead_of(&["3/0 V08", "3/0 V37"])
}

/// What is asked for is asked honestly; the details of the access are the attacker's.
fn details(name: &'static str, edit: fn(&mut Access)) -> Attack {
    attack(name, &["3/0 V38"], move |strikes| {
        Fixture::new().block(|world| vec![world.request(|_| {})]).block(move |world| {
            let request = world.ids.last().copied();
            vec![world.access(request, |access| {
                if strikes {
                    edit(access);
                }
            })]
        })
    })
}

/// A resource with labels and a level.
fn resource(labels: &[&str], level: &str, ids: &[&str]) -> Carried {
    let labels = labels.iter().map(|text| Code::new(System::Sensitivity, text).unwrap());
    let class = Code::new(MEDICATION.0, MEDICATION.1).unwrap();
    let level = Code::new(System::Confidentiality, level).unwrap();
    let ids = ids.iter().map(|id| ResourceId::new(id).unwrap());
    Carried::new(labels.chain([class, level]), ids, []).unwrap()
}

pub(crate) fn attacks() -> Vec<Attack> {
    [closures(), resources(), sealed_details()].into_iter().flatten().collect()
}

fn closures() -> Vec<Attack> {
    vec![
        ancestor_left_out(
            "a closure leaves out the ancestor that is denied",
            true,
            &["2/0 V38", "3/0 V38"],
        ),
        // Nobody without the view key can know; the report says that V38 was skipped.
        ancestor_left_out("a closure leaves it out where nobody has a viewing file", false, &[]),
        code_added(
            "a closure says that data are of a kind that is permitted",
            true,
            &["2/0 V38", "3/0 V38"],
        ),
        code_added("a closure says so where nobody has a viewing file", false, &[]),
        attack("a closure for permits is used for denies", &["2/0 V38", "3/0 V38"], |strikes| {
            Fixture::with_consent(denies_substance_abuse).access(move |access| {
                of_alcohol(access);
                let closures = &mut half(access).processing.closures;
                if strikes {
                    closures.deny.codes = set(closures.permit.codes.iter().copied());
                }
            })
        })
        .instead_of(&["3/0 V09", "3/0 V37"]),
    ]
}

fn resources() -> Vec<Attack> {
    let permitted = |consent: &mut Consent| {
        let id = ResourceId::new("A/1").unwrap();
        consent.scope.resources = set([sealer().seal_provision_resource(Effect::Permit, &id)]);
        say(consent, [Named::new([], [id], []).unwrap()]);
    };
    vec![
        attack(
            "a second resource slips under a permit of one",
            &["3/0 V08", "3/0 V37"],
            move |strikes| {
                Fixture::with_consent(permitted).access(move |access| {
                    let ids: &[&str] = if strikes { &["A/1", "A/2"] } else { &["A/1"] };
                    open(access, &resource(&[], "N", ids));
                })
            },
        ),
        attack(
            "no resource is named where one is permitted",
            &["3/0 V08", "3/0 V37"],
            move |strikes| {
                Fixture::with_consent(permitted).access(move |access| {
                    let ids: &[&str] = if strikes { &[] } else { &["A/1"] };
                    open(access, &resource(&[], "N", ids));
                })
            },
        ),
        attack("a resource loses its label from one access to the next", &["5/0 V34"], |strikes| {
            Fixture::new().access(|access| open(access, &resource(&["HIV"], "R", &["A/1"]))).access(
                move |access| {
                    let labels: &[&str] = if strikes { &[] } else { &["HIV"] };
                    open(access, &resource(labels, "R", &["A/1"]));
                },
            )
        }),
        attack(
            "a resource loses confidentiality from one access to the next",
            &["5/0 V34"],
            |strikes| {
                Fixture::new().access(|access| open(access, &resource(&[], "R", &["A/1"]))).access(
                    move |access| {
                        let level = if strikes { "N" } else { "R" };
                        open(access, &resource(&[], level, &["A/1"]));
                    },
                )
            },
        ),
    ]
}

fn sealed_details() -> Vec<Attack> {
    vec![
        details("details say more than is sealed", |access| {
            let more = labelled(&[MEDICATION, (System::Sensitivity, "HIV")]);
            access.details = Some(sealed("access", &access.subject, &access.event.0, &more));
        }),
        details("details are those of another kind of record", |access| {
            let (subject, event) = (&access.subject, &access.event.0);
            access.details = Some(sealed("request", subject, event, &carried()));
        }),
        details("details are those of another event", |access| {
            access.details = Some(sealed("access", &access.subject, &[9; 16], &carried()));
        }),
        details("details are those of another patient", |access| {
            access.details = Some(sealed("access", &key(51), &access.event.0, &carried()));
        }),
        details("details say nothing", |access| {
            let (subject, event) = (&access.subject, &access.event.0);
            access.details = Some(seal("access", subject, event, &Details::default()));
        }),
        attack("a consent's details say what it does not seal", &["2/0 V38"], |strikes| {
            Fixture::new().consent(2, move |consent| {
                let class = "MedicationRequest";
                consent.scope.classes = set([provision_code(Effect::Permit, System::Class, class)]);
                let said = if strikes { "Observation" } else { class };
                say(consent, [named(System::Class, said)]);
            })
        }),
    ]
}
