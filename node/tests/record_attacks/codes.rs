//! Codes that no table has, innocent ones beside denied ones, emergencies that are none, and codes
//! that say in clear what must be sealed.

use vidimus::{
    encoding::hex::{Hash, SealedCode},
    record::{
        Body,
        access::Access,
        actor::ActorPattern,
        codes::{Code, System},
        consent::{Consent, Effect, Elements, Provision},
        keys::ViewKey,
        review::{Review, ReviewOutcome},
        sealing::{Named, Sealer},
    },
};

use super::{
    attack::{Attack, attack},
    fixture::{
        Fixture, HOSPITAL_ID, OFFICER, PATIENT, VIEW_KEY, account, anything, code, disclosure,
        half, key, labelled, list, open, organization, say, set,
    },
};

const MEDICATION: (System, &str) = (System::Class, "MedicationRequest");
const DENIED: [&str; 2] = ["3/0 V09", "3/0 V37"];
/// Denied, as far as somebody can tell who does not know the code.
const DOUBTFUL: [&str; 3] = ["3/0 V09", "3/0 V36", "3/0 V37"];

/// A consent without a word on purposes but for what it denies; an access edited by the attacker.
fn despite(
    name: &'static str,
    expects: &[&'static str],
    denies: fn(&mut Consent) -> Elements,
    edit: fn(&mut Access),
) -> Attack {
    attack(name, expects, move |strikes| {
        let denying = move |consent: &mut Consent| {
            let elements = denies(consent);
            consent.provisions = list([Provision { elements, exceptions: list([]) }]);
            consent.scope = anything();
        };
        Fixture::with_consent(denying).access(move |access| {
            if strikes {
                edit(access);
            }
        })
    })
}

/// An access under the fixture's consent to treatment, edited by the attacker.
fn treated(name: &'static str, expects: &[&'static str], edit: fn(&mut Access)) -> Attack {
    attack(name, expects, move |strikes| {
        Fixture::new().access(move |access| {
            if strikes {
                edit(access);
            }
        })
    })
}

fn purposes(access: &mut Access, purposes: &[&str]) {
    half(access).processing.purposes = set(purposes.iter().map(|text| code(text)));
}

fn emergency(access: &mut Access) {
    purposes(access, &["BTG"]);
    let processing = &mut half(access).processing;
    processing.emergency = true;
    processing.justification = Some(Hash([0x33; 32]));
}

pub(crate) fn attacks() -> Vec<Attack> {
    [unknown(), added(), emergencies(), bases(), shown(), kinds()].into_iter().flatten().collect()
}

fn unknown() -> Vec<Attack> {
    let marketing = |_: &mut Consent| Elements { purposes: set([code("HMARKT")]), ..anything() };
    vec![
        despite("a denied purpose goes by a new name", &DOUBTFUL, marketing, |access| {
            purposes(access, &["HMARKT-2031"]);
        }),
        despite(
            "a denied role goes by a new name",
            &DOUBTFUL,
            |_| {
                let role = Some(code("nurse"));
                let pattern = ActorPattern { organization: None, person: None, role };
                Elements { actors: list([pattern]), ..anything() }
            },
            |access| half(access).processing.actor.role = code("nurse-2031"),
        ),
        despite(
            "a denied action goes by a new name",
            &DOUBTFUL,
            |_| Elements { actions: set([code("print")]), ..anything() },
            |access| half(access).processing.action = code("print-2031"),
        ),
        despite(
            "a denied label goes by a new name",
            &DOUBTFUL,
            |consent| {
                say(consent, [named(System::Sensitivity, "HIV")]);
                Elements { labels: set([sealed(System::Sensitivity, "HIV")]), ..anything() }
            },
            |access| open(access, &labelled(&[MEDICATION, (System::Sensitivity, "HIV-2031")])),
        ),
        despite(
            "a denied class goes by a new name",
            &DOUBTFUL,
            |consent| {
                say(consent, [named(System::Class, "Observation")]);
                Elements { classes: set([sealed(System::Class, "Observation")]), ..anything() }
            },
            |access| open(access, &labelled(&[(System::Class, "Observation-2031")])),
        ),
        treated(
            "a purpose that nobody knows is passed off as treatment",
            &["3/0 V06", "3/0 V36", "3/0 V37"],
            |access| {
                purposes(access, &["TREAT-2031"]);
            },
        ),
    ]
}

fn sealed(system: System, text: &str) -> SealedCode {
    let code = Code::new(system, text).unwrap();
    Sealer::new(&ViewKey::new(VIEW_KEY)).seal_provision_code(Effect::Deny, &code)
}

fn named(system: System, text: &str) -> Named {
    Named::new([Code::new(system, text).unwrap()], [], []).unwrap()
}

fn added() -> Vec<Attack> {
    let marketing = |_: &mut Consent| Elements { purposes: set([code("HMARKT")]), ..anything() };
    let printing = |_: &mut Consent| Elements { actions: set([code("print")]), ..anything() };
    vec![
        despite("an innocent purpose stands beside a denied one", &DENIED, marketing, |access| {
            purposes(access, &["HMARKT", "TREAT"]);
        }),
        despite(
            "a purpose that nobody knows stands beside a denied one",
            &DOUBTFUL,
            marketing,
            |access| {
                purposes(access, &["HMARKT", "XYZ-2031"]);
            },
        ),
        despite("a lawful basis is claimed against a deny", &DENIED, printing, |access| {
            half(access).processing.action = code("print");
            half(access).processing.basis = set([code("GDPR-9(2)(h)")]);
        }),
        treated(
            "a second purpose is slipped under a consent to one",
            &["3/0 V06", "3/0 V37"],
            |access| {
                purposes(access, &["HPAYMT", "TREAT"]);
            },
        ),
        // A deny of treatment but for payment: whoever adds payment to treatment gets nothing by it.
        attack("a purpose is added to get by the exception to a deny", &DENIED, |strikes| {
            let payment = |consent: &mut Consent| {
                let elements = Elements { purposes: set([code("HPAYMT")]), ..anything() };
                consent.decision = Effect::Deny;
                consent.scope = anything();
                consent.provisions = list([Provision { elements, exceptions: list([]) }]);
            };
            Fixture::with_consent(payment).access(move |access| {
                purposes(access, if strikes { &["HPAYMT", "TREAT"] } else { &["HPAYMT"] });
            })
        }),
    ]
}

fn emergencies() -> Vec<Attack> {
    let other = ["3/0 V06", "3/0 V37"];
    vec![
        treated("an emergency is not declared", &other, |access| purposes(access, &["ETREAT"])),
        treated("an emergency has no justification", &["3/0 V10"], |access| {
            emergency(access);
            half(access).processing.justification = None;
        }),
        treated("an emergency serves marketing too", &other, |access| {
            emergency(access);
            purposes(access, &["BTG", "HMARKT"]);
        }),
        treated("an emergency is declared for payment", &other, |access| {
            emergency(access);
            purposes(access, &["HPAYMT"]);
        }),
        treated(
            "somebody who treats nobody declares an emergency",
            &["3/0 V06", "3/0 V13", "3/0 V37"],
            |access| {
                emergency(access);
                half(access).processing.actor.role = code("patient");
            },
        ),
        attack(
            "an emergency is declared against a deny that foresaw it",
            &["4/0 V09", "4/0 V37"],
            |strikes| {
                Fixture::new()
                    .consent(2, move |consent| {
                        consent.decision = Effect::Deny;
                        let purpose = if strikes { "BTG" } else { "HMARKT" };
                        consent.scope.purposes = set([code(purpose)]);
                    })
                    .access(emergency)
            },
        ),
        attack("an emergency is reviewed by nobody", &["3/0 V11"], |strikes| {
            Fixture::new()
                .access(emergency)
                .block(move |world| {
                    let access = world.ids.last().copied().unwrap();
                    let mut review = |access| {
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
                    };
                    // The attacker's review is of another access.
                    vec![review(if strikes { Hash([9; 32]) } else { access })]
                })
                .idle(8)
        }),
    ]
}

fn bases() -> Vec<Attack> {
    let lawful = |basis: &'static str| {
        move |strikes: bool| {
            let mut fixture = Fixture::without_consent();
            fixture.network.rules.lawful_bases = set([code("GDPR-9(2)(h)")]);
            fixture.idle(1).access(move |access| {
                let named = if strikes { basis } else { "GDPR-9(2)(h)" };
                half(access).processing.basis = set([code(named)]);
            })
        }
    };
    let nothing = ["3/0 V01", "3/0 V37"];
    vec![
        attack(
            "a lawful basis is claimed that the network does not accept",
            &nothing,
            lawful("GDPR-9(2)(i)"),
        ),
        attack("consent is claimed as a lawful basis", &nothing, lawful("GDPR-9(2)(a)")),
        attack("research is done without a protocol", &["3/0 V17"], |strikes| {
            Fixture::with_consent(|consent| {
                consent.scope.purposes = set([code("HRESCH"), code("TREAT")]);
            })
            .access(move |access| purposes(access, &[if strikes { "HRESCH" } else { "TREAT" }]))
        }),
    ]
}

fn shown() -> Vec<Attack> {
    let basis = |name, shown: &'static str| {
        attack(name, &["2/0 V29"], move |strikes| {
            Fixture::new().consent(2, move |consent| {
                consent.basis = set([code(if strikes { shown } else { "GDPR-9(2)(a)" })]);
            })
        })
    };
    vec![
        basis("a consent tells that there is an opt-out", "OPTOUT"),
        basis("a consent tells that something must not be passed on", "NORDSLCD"),
        basis("a consent tells what it is about", "HIV"),
        basis("a consent tells which law protects what it is about", "Part2-2.31"),
        attack("an access tells from which ward it came", &["3/0 V29"], |strikes| {
            Fixture::new().access(move |access| {
                half(access).client = code(if strikes { "psychiatric-ward-7" } else { "ward-7" });
            })
        }),
        treated("an access tells what it opens", &["2/0 V29", "3/0 V29"], |access| {
            half(access).processing.basis = set([code("HIV")]);
        }),
    ]
}

fn kinds() -> Vec<Attack> {
    let part_two = |access: &mut Access| {
        open(access, &labelled(&[MEDICATION, (System::Law, "42CFRPart2")]));
    };
    vec![
        attack("psychotherapy notes are used for payment", &["3/0 V18"], |strikes| {
            Fixture::with_consent(|consent| {
                consent.scope.purposes = set([code("HPAYMT"), code("TREAT")]);
            })
            .access(move |access| {
                open(access, &labelled(&[MEDICATION, (System::Sensitivity, "PSYTHPN")]));
                purposes(access, &[if strikes { "HPAYMT" } else { "TREAT" }]);
            })
        }),
        attack(
            "substance abuse data leave by a consent to anything",
            &["3/0 V16"],
            move |strikes| {
                Fixture::new().access(move |access| {
                    part_two(access);
                    if strikes {
                        account(access);
                        disclosure(access).legal_proceedings = true;
                    }
                })
            },
        ),
    ]
}
