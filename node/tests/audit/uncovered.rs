//! V01 to V09, V35, V36, V37: accesses that no consent covers.

use std::{cell::Cell, rc::Rc};

use vidimus::{
    audit::ViolationId,
    contract::rules::CombiningRule,
    encoding::hex::{Hash, Identifier},
    record::{
        access::{Access, ConsentReference},
        actor::ActorPattern,
        codes::{Code, System},
        consent::{Consent, ConsentStatus, Effect, Provision},
        instant::Instant,
        keys::ViewKey,
        sealing::{Named, Sealer},
    },
};

use super::{
    emergencies::emergency,
    fixture::{
        CLINIC_ID, Fixture, HOSPITAL_ID, VIEW_KEY, World, anything, code, half, labelled, list,
        open, organization, period, say, set,
    },
};

/// What the access of a ledger's last block is. Its request is refused for the same reason: V37.
fn refused(id: ViolationId, height: u64) -> [(ViolationId, u64, Option<u64>); 2] {
    [(id, height, Some(0)), (ViolationId::V37, height, Some(0))]
}

/// The only consent is edited; the access is the same.
fn under(edit: impl FnOnce(&mut Consent) + 'static) -> Vec<(ViolationId, u64, Option<u64>)> {
    Fixture::with_consent(edit).access(|_| {}).found()
}

/// The access alone is edited.
fn of(edit: impl Fn(&mut Access) + Clone + 'static) -> Vec<(ViolationId, u64, Option<u64>)> {
    Fixture::new().access(edit).found()
}

fn now(consent: &Consent) -> u64 {
    consent.given_at.as_millis()
}

/// A second consent beside the fixture's.
fn other(world: &mut World, edit: impl FnOnce(&mut Consent)) -> Vec<u8> {
    world.consent(|consent| {
        consent.consent = Identifier([2; 16]);
        edit(consent);
    })
}

fn names_clinic(consent: &mut Consent) {
    consent.scope.actors = list([named(CLINIC_ID)]);
}

fn named(id: &str) -> ActorPattern {
    ActorPattern { organization: Some(organization(id)), person: None, role: None }
}

/// Where in its judgement the reason of the ledger's first finding stands.
fn rule_path(fixture: Fixture) -> String {
    fixture.run().findings[0].rule_path.clone().unwrap()
}

#[test]
fn access_that_nothing_is_about_is_found() {
    let none = Fixture::without_consent().idle(1).access(|_| {});
    assert_eq!(none.found(), refused(ViolationId::V01, 3));
    // What the patient said at another custodian is no word here.
    let elsewhere = under(|consent| consent.custodian = organization(CLINIC_ID));
    assert_eq!(elsewhere, refused(ViolationId::V01, 3));
    assert_eq!(of(|_| {}), []);
}

#[test]
fn access_under_an_expired_consent_is_found() {
    let lasting = |millis| {
        move |consent: &mut Consent| {
            consent.period = period(now(consent), Some(now(consent) + millis));
        }
    };
    assert_eq!(under(lasting(1)), refused(ViolationId::V02, 3));
    assert_eq!(under(lasting(60_000)), []);
    let inactive = under(|consent| consent.status = ConsentStatus::Inactive);
    assert_eq!(inactive, refused(ViolationId::V02, 3));
    // What it would not permit had not expired for this.
    let unrelated = under(move |consent| {
        lasting(1)(consent);
        consent.scope.purposes = set([code("HPAYMT")]);
    });
    assert_eq!(unrelated, refused(ViolationId::V01, 3));
    // Its scope ends, though it is in force.
    let scope = |millis| {
        move |consent: &mut Consent| {
            consent.scope.period = Some(period(now(consent), Some(now(consent) + millis)));
        }
    };
    assert_eq!(under(scope(1)), refused(ViolationId::V02, 3));
    assert_eq!(under(scope(60_000)), []);
}

#[test]
fn access_under_a_revoked_consent_is_found() {
    // The request came before, and was granted.
    let between = Fixture::new()
        .block(|world| vec![world.request(|_| {})])
        .block(|world| vec![world.revocation(|_| {})])
        .block(|world| {
            let request = world.ids[1];
            vec![world.access(Some(request), |_| {})]
        });
    assert_eq!(between.found(), [(ViolationId::V03, 4, Some(0))]);
    let after = Fixture::new().access(|_| {}).block(|world| vec![world.revocation(|_| {})]);
    assert_eq!(after.found(), []);
}

#[test]
fn access_before_its_consent_is_found() {
    let from =
        |millis| move |consent: &mut Consent| consent.period = period(now(consent) + millis, None);
    assert_eq!(under(from(60_000)), refused(ViolationId::V04, 3));
    assert_eq!(under(from(1)), []);
    let scope = under(|consent| consent.scope.period = Some(period(now(consent) + 60_000, None)));
    assert_eq!(scope, refused(ViolationId::V04, 3));
    let draft = under(|consent| consent.status = ConsentStatus::Draft);
    assert_eq!(draft, refused(ViolationId::V04, 3));
}

#[test]
fn access_before_its_consent_was_recorded_is_found() {
    let asked = || Fixture::without_consent().block(|world| vec![world.request(|_| {})]);
    let opened = |millis: i64| {
        move |world: &mut World| {
            let request = world.ids[0];
            world.access(Some(request), move |access| {
                let at = access.source.recorded_at.as_millis().checked_add_signed(millis);
                access.source.recorded_at = Instant::from_millis(at.unwrap()).unwrap();
            })
        }
    };
    // It was opened a block before the consent, and recorded a block after it.
    let late = asked()
        .idle(2)
        .block(|world| vec![world.consent(|_| {})])
        .block(move |world| vec![opened(-1_500)(world)]);
    assert_eq!(late.found(), refused(ViolationId::V04, 5));
    // In one block the order counts, whatever the clocks say.
    for millis in [-100, 0, 100] {
        let access_first =
            asked().block(move |world| vec![opened(millis)(world), world.consent(|_| {})]);
        assert_eq!(access_first.found(), refused(ViolationId::V04, 2));
    }
    // The consent is first: only the request was too early.
    let consent_first = asked().block(move |world| vec![world.consent(|_| {}), opened(0)(world)]);
    assert_eq!(consent_first.found(), [(ViolationId::V37, 2, Some(1))]);
}

#[test]
fn access_by_somebody_else_is_found() {
    assert_eq!(under(names_clinic), refused(ViolationId::V05, 3));
    let both = |consent: &mut Consent| {
        consent.scope.actors = list([named(CLINIC_ID), named(HOSPITAL_ID)]);
    };
    assert_eq!(under(both), []);
}

#[test]
fn access_for_another_purpose_is_found() {
    let billed = |access: &mut Access| {
        half(access).processing.purposes = set([code("TREAT"), code("HPAYMT")]);
    };
    assert_eq!(of(billed), refused(ViolationId::V06, 3));
    let permitted = Fixture::with_consent(|consent| {
        consent.scope.purposes = set([code("TREAT"), code("HPAYMT")]);
    });
    assert_eq!(permitted.access(billed).found(), []);
}

#[test]
fn another_action_is_found() {
    let reading = |consent: &mut Consent| consent.scope.actions = set([code("R")]);
    let printed = |access: &mut Access| half(access).processing.action = code("print");
    let found = Fixture::with_consent(reading).access(printed).found();
    assert_eq!(found, refused(ViolationId::V07, 3));
    assert_eq!(under(reading), []);
}

#[test]
fn access_to_other_data_is_found() {
    let classes = |text: &'static str| {
        move |consent: &mut Consent| {
            let class = Code::new(System::Class, text).unwrap();
            let sealer = Sealer::new(&ViewKey::new(VIEW_KEY));
            consent.scope.classes = set([sealer.seal_provision_code(Effect::Permit, &class)]);
            say(consent, [Named::new([class], [], []).unwrap()]);
        }
    };
    assert_eq!(under(classes("Observation")), refused(ViolationId::V08, 3));
    assert_eq!(under(classes("MedicationRequest")), []);
    let dated = |consent: &mut Consent| consent.scope.data_period = Some(period(0, Some(1_000)));
    assert_eq!(under(dated), refused(ViolationId::V08, 3));
    let old = |access: &mut Access| {
        half(access).processing.data_period = Some(period(10, Some(20)));
    };
    assert_eq!(Fixture::with_consent(dated).access(old).found(), []);
    assert_eq!(
        rule_path(Fixture::with_consent(dated).access(|_| {})),
        "decision.considered[0].unmet"
    );
}

#[test]
fn access_that_a_consent_denies_is_found_unless_it_is_an_emergency() {
    let deny = |consent: &mut Consent| consent.decision = Effect::Deny;
    assert_eq!(under(deny), refused(ViolationId::V09, 3));
    assert_eq!(
        rule_path(Fixture::with_consent(deny).access(|_| {})),
        "decision.considered[0].effect"
    );
    assert_eq!(Fixture::with_consent(deny).access(emergency).found(), []);
    let but_nurses = |role: &'static str| {
        move |consent: &mut Consent| {
            let pattern = ActorPattern { organization: None, person: None, role: Some(code(role)) };
            let elements =
                vidimus::record::consent::Elements { actors: list([pattern]), ..anything() };
            consent.provisions = list([Provision { elements, exceptions: list([]) }]);
        }
    };
    assert_eq!(under(but_nurses("physician")), refused(ViolationId::V09, 3));
    let denied = Fixture::with_consent(but_nurses("physician")).access(|_| {});
    assert_eq!(rule_path(denied), "decision.considered[0].provision");
    assert_eq!(under(but_nurses("nurse")), []);
}

#[test]
fn deny_of_the_newest_consent_is_the_one_that_counts() {
    let ledger = |newest: Effect| {
        let mut fixture = Fixture::with_consent(|consent| consent.decision = Effect::Deny);
        fixture.network.rules.combining = CombiningRule::NewestWins;
        fixture.block(move |world| vec![other(world, |consent| consent.decision = newest)])
    };
    let denied = || ledger(Effect::Deny).access(|_| {});
    assert_eq!(denied().found(), refused(ViolationId::V09, 4));
    assert_eq!(rule_path(denied()), "decision.considered[1].effect");
    assert_eq!(ledger(Effect::Permit).access(|_| {}).found(), []);
}

#[test]
fn permit_that_goes_furthest_says_what_is_missing() {
    let beside = |edit: fn(&mut Consent)| {
        Fixture::with_consent(names_clinic)
            .block(move |world| vec![other(world, edit)])
            .access(|_| {})
            .found()
    };
    let dated = |consent: &mut Consent| consent.scope.data_period = Some(period(0, Some(1_000)));
    assert_eq!(beside(dated), refused(ViolationId::V08, 4));
    let paid = |consent: &mut Consent| consent.scope.purposes = set([code("HPAYMT")]);
    assert_eq!(beside(paid), refused(ViolationId::V06, 4));
    // One that is about a research protocol is about something else.
    let research = |consent: &mut Consent| consent.protocol = Some(Hash([0x55; 32]));
    assert_eq!(beside(research), refused(ViolationId::V05, 4));
    // A deny of something else is no permit.
    let deny = |consent: &mut Consent| {
        consent.decision = Effect::Deny;
        consent.scope.purposes = set([code("HPAYMT")]);
    };
    assert_eq!(beside(deny), refused(ViolationId::V05, 4));
}

#[test]
fn of_consents_that_ended_the_first_reason_is_named() {
    let ended = |edit: fn(&mut Consent)| {
        Fixture::new()
            .block(move |world| vec![other(world, edit)])
            .block(|world| vec![world.revocation(|_| {})])
            .access(|_| {})
            .found()
    };
    let expired = |consent: &mut Consent| {
        consent.period = period(now(consent), Some(now(consent) + 500));
    };
    assert_eq!(ended(expired), refused(ViolationId::V03, 5));
    let wrong = |consent: &mut Consent| consent.status = ConsentStatus::EnteredInError;
    assert_eq!(ended(wrong), refused(ViolationId::V35, 5));
    // One that is in force and permits others is named only if none that ended would do.
    assert_eq!(ended(names_clinic), refused(ViolationId::V03, 5));
}

#[test]
fn access_under_a_consent_entered_in_error_is_found() {
    let corrected = |status| {
        Fixture::new().block(move |world| {
            let previous = world.ids[0];
            vec![world.consent(|consent| {
                consent.version = 2;
                consent.previous = Some(previous);
                consent.status = status;
            })]
        })
    };
    let wrong = corrected(ConsentStatus::EnteredInError).access(|_| {}).found();
    assert_eq!(wrong, refused(ViolationId::V35, 4));
    assert_eq!(corrected(ConsentStatus::Active).access(|_| {}).found(), []);
}

#[test]
fn reference_to_a_consent_entered_in_error_is_found_whatever_covers_the_access() {
    let referring = |number: u8| {
        let wrong = |consent: &mut Consent| consent.status = ConsentStatus::EnteredInError;
        Fixture::new().block(move |world| vec![other(world, wrong)]).access_naming(
            move |access, ids| {
                let (consent, version) = (Identifier([number; 16]), ids[usize::from(number) - 1]);
                half(access).consents = list([ConsentReference { consent, version }]);
            },
        )
    };
    assert_eq!(referring(2).found(), [(ViolationId::V35, 4, Some(0))]);
    assert_eq!(referring(1).found(), []);
}

#[test]
fn version_in_error_is_remembered_when_a_later_one_took_its_place() {
    // Three versions, then a request, then an access that happened when one of the versions came.
    let found = |second: ConsentStatus, happened_with: u64| {
        let moment = Rc::new(Cell::new(None));
        let version = |number: u64, status| {
            let moment = Rc::clone(&moment);
            move |world: &mut World| {
                if number == happened_with {
                    moment.set(Some(world.now));
                }
                let previous = world.ids.last().copied();
                vec![other(world, |consent| {
                    consent.version = number;
                    consent.previous = previous.filter(|_| number > 1);
                    consent.status = status;
                })]
            }
        };
        let (active, id) = (ConsentStatus::Active, Identifier([2; 16]));
        let fixture = Fixture::new()
            .block(version(1, active))
            .block(version(2, second))
            .block(version(3, active))
            .block(|world| vec![world.request(|_| {})]);
        let fixture = fixture.block(move |world| {
            let (request, version) = (world.ids.last().copied(), world.ids[3]);
            vec![world.access(request, |access| {
                access.source.recorded_at = moment.get().unwrap();
                half(access).consents = list([ConsentReference { consent: id, version }]);
            })]
        });
        fixture.found()
    };
    // Its time is before that of its request.
    let late = (ViolationId::V22, 6, Some(0));
    let wrong = ConsentStatus::EnteredInError;
    assert_eq!(found(wrong, 2), [late, (ViolationId::V35, 6, Some(0))]);
    assert_eq!(found(wrong, 1), [late]);
    assert_eq!(found(wrong, 3), [late]);
    assert_eq!(found(ConsentStatus::Inactive, 2), [late]);
}

/// Many drafts that would permit nothing at home.
fn drafts(world: &mut World, count: u16) -> Vec<Vec<u8>> {
    let draft = |number: u16| {
        let mut id = [9; 16];
        id[..2].copy_from_slice(&number.to_be_bytes());
        world.consent(|consent| {
            consent.consent = Identifier(id);
            consent.status = ConsentStatus::Draft;
            names_clinic(consent);
        })
    };
    (0..count).map(draft).collect()
}

#[test]
fn consents_that_ended_are_looked_at_as_far_as_the_last_256() {
    let ledger = |later: u16| {
        let wrong = |consent: &mut Consent| consent.status = ConsentStatus::EnteredInError;
        let fixture = Fixture::with_consent(wrong).block(move |world| drafts(world, later));
        fixture.access(|_| {}).found()
    };
    assert_eq!(ledger(255), refused(ViolationId::V35, 4));
    assert_eq!(ledger(256), refused(ViolationId::V01, 4));
}

#[test]
fn consent_in_force_is_looked_at_however_many_came_after_it() {
    let fixture = Fixture::with_consent(names_clinic).block(|world| drafts(world, 300));
    assert_eq!(fixture.access(|_| {}).found(), refused(ViolationId::V05, 4));
}

#[test]
fn consent_that_did_not_hold_is_named_with_its_state() {
    let told = |edit: fn(&mut Consent)| {
        let report = Fixture::with_consent(edit).access(|_| {}).run();
        let finding = report.findings.iter().find(|it| it.id == ViolationId::V02).unwrap();
        finding.tell(ViolationId::V02.description().english.happened)
    };
    let expired = told(|consent| consent.period = period(now(consent), Some(now(consent) + 500)));
    assert!(expired.ends_with("would permit it, but its time was over."), "{expired}");
    let not_done = told(|consent| consent.status = ConsentStatus::NotDone);
    assert!(not_done.ends_with("but it was never completed."), "{not_done}");
    let unknown = told(|consent| consent.status = ConsentStatus::Unknown);
    assert!(unknown.ends_with("but nobody knows whether it was given."), "{unknown}");
    let inactive = told(|consent| consent.status = ConsentStatus::Inactive);
    assert!(inactive.ends_with("but it was not active."), "{inactive}");
}

#[test]
fn unknown_codes_are_named_unless_they_are_sealed() {
    let told = |edit: fn(&mut Access)| {
        let report = Fixture::with_consent(names_clinic).access(edit).run();
        let finding = report.findings.iter().find(|it| it.id == ViolationId::V36).unwrap();
        finding.tell(ViolationId::V36.description().english.happened)
    };
    let unknown = told(|access| {
        let processing = &mut half(access).processing;
        processing.action = code("beam");
        processing.purposes = set([code("TREAT"), code("NEW-IN-2031")]);
    });
    assert!(unknown.contains("no table knows (action beam, purpose NEW-IN-2031)"), "{unknown}");
    let sealed = told(|access| {
        open(access, &labelled(&[(System::Sensitivity, "NEW-IN-2031")]));
    });
    assert!(sealed.contains("no table knows (a sealed label)"), "{sealed}");
}

#[test]
fn access_that_nobody_can_decide_is_found_beside_its_reason() {
    let reading = |consent: &mut Consent| consent.scope.actions = set([code("R")]);
    let unknown = |access: &mut Access| half(access).processing.action = code("beam");
    let at = |id| (id, 3, Some(0));
    let expected = [at(ViolationId::V07), at(ViolationId::V36), at(ViolationId::V37)];
    assert_eq!(Fixture::with_consent(reading).access(unknown).found(), expected);
    // Who permits every action permits one that nobody knows.
    assert_eq!(of(unknown), []);
}

#[test]
fn access_without_a_granted_request_is_found() {
    let found = |id: fn(&World) -> Option<Hash>, edit: fn(&mut Access)| {
        let fixture = Fixture::new().block(|world| vec![world.request(|_| {})]);
        fixture.block(move |world| vec![world.access(id(world), edit)]).found()
    };
    let violation = [(ViolationId::V37, 3, Some(0))];
    let asked = |world: &World| world.ids.last().copied();
    assert_eq!(found(asked, |_| {}), []);
    assert_eq!(found(|_| None, |_| {}), violation);
    assert_eq!(found(|_| Some(Hash([0x66; 32])), |_| {}), violation);
    let beyond = |access: &mut Access| half(access).processing.action = code("print");
    assert_eq!(found(asked, beyond), violation);
}
