//! V16, V18, V25, V34, V38: protected kinds of data, and details that say something else.

use vidimus::{
    audit::{Outcome, SkipReason, ViolationId},
    encoding::hex::Hash,
    record::{
        Body,
        access::{self, Access},
        actor::ActorPattern,
        anchor::{Anchor, Anchored},
        codes::{Code, Effect, System},
        consent::{Consent, Elements, Provision},
        keys::ViewKey,
        sealing::{Carried, Details, Named, ResourceId, SealedCode, Sealer},
    },
};

use super::fixture::{
    Fixture, GATEWAY, HOSPITAL_ID, PATIENT, VIEW_KEY, account, anything, code, disclosure, half,
    key, labelled, list, open, organization, processing, say, seal, sealed, set,
};

const MEDICATION: (System, &str) = (System::Class, "MedicationRequest");
const PART_TWO: (System, &str) = (System::Law, "42CFRPart2");
const HIV: (System, &str) = (System::Sensitivity, "HIV");

/// A consent to treatment by physicians with medication, or with more of these left out.
fn complete(consent: &mut Consent) {
    let class = Code::new(MEDICATION.0, MEDICATION.1).unwrap();
    let sealer = Sealer::new(&ViewKey::new(VIEW_KEY));
    consent.scope = Elements {
        actors: list([ActorPattern {
            organization: None,
            role: Some(code("physician")),
            person: None,
        }]),
        purposes: set([code("TREAT")]),
        classes: set([sealer.seal_provision_code(Effect::Permit, &class)]),
        ..anything()
    };
    say(consent, [Named::new([class], [], []).unwrap()]);
}

/// One class that a part of a consent names.
fn named(class: &str) -> Named {
    Named::new([Code::new(System::Class, class).unwrap()], [], []).unwrap()
}

fn deny_class(class: &str) -> SealedCode {
    let sealer = Sealer::new(&ViewKey::new(VIEW_KEY));
    sealer.seal_provision_code(Effect::Deny, &Code::new(System::Class, class).unwrap())
}

fn part_two(access: &mut Access) {
    open(access, &labelled(&[MEDICATION, PART_TWO]));
    account(access);
}

fn with_complete_consent() -> Fixture {
    Fixture::new().consent(2, complete)
}

#[test]
fn part_two_data_disclosed_against_the_law_are_found() {
    let violation = [(ViolationId::V16, 4, Some(0))];
    let proceedings = |access: &mut Access| {
        part_two(access);
        disclosure(access).legal_proceedings = true;
    };
    assert_eq!(with_complete_consent().access(proceedings).found(), violation);
    let silent = |access: &mut Access| {
        part_two(access);
        disclosure(access).redisclosure_notice = false;
    };
    assert_eq!(with_complete_consent().access(silent).found(), violation);
    let incomplete: [fn(&mut Consent); 2] = [
        |consent| consent.scope.actors = list([]),
        |consent| {
            consent.scope.classes = set([]);
            consent.details = None;
        },
    ];
    for edit in incomplete {
        let fixture = Fixture::new().consent(2, move |consent| {
            complete(consent);
            edit(consent);
        });
        assert_eq!(fixture.access(part_two).found(), violation);
    }
    assert_eq!(with_complete_consent().access(part_two).found(), []);
    // Nothing leaves the hospital; or it is of another kind.
    let at_home = |access: &mut Access| open(access, &labelled(&[MEDICATION, PART_TWO]));
    assert_eq!(Fixture::new().access(at_home).found(), []);
    assert_eq!(Fixture::new().access(account).found(), []);
}

#[test]
fn consent_is_as_complete_as_the_part_that_permits() {
    let elements = |consent: &mut Consent| std::mem::replace(&mut consent.scope, anything());
    let by_provision = move |consent: &mut Consent| {
        complete(consent);
        consent.decision = Effect::Deny;
        let elements = elements(consent);
        consent.provisions = list([Provision { elements, exceptions: list([]) }]);
    };
    assert_eq!(Fixture::new().consent(2, by_provision).access(part_two).found(), []);
    // Scope and provision bound it together.
    let by_both = move |consent: &mut Consent| {
        complete(consent);
        consent.decision = Effect::Deny;
        let mut elements = elements(consent);
        consent.scope.purposes = std::mem::take(&mut elements.purposes);
        consent.provisions = list([Provision { elements, exceptions: list([]) }]);
    };
    assert_eq!(Fixture::new().consent(2, by_both).access(part_two).found(), []);
    // It permits anybody, and denies some things to the physician alone.
    let in_a_denial = move |consent: &mut Consent| {
        complete(consent);
        let mut elements = elements(consent);
        elements.actions = set([code("export")]);
        elements.classes = set([deny_class("MedicationRequest")]);
        say(consent, [named("MedicationRequest")]);
        consent.provisions = list([Provision { elements, exceptions: list([]) }]);
    };
    let violation = [(ViolationId::V16, 4, Some(0))];
    assert_eq!(Fixture::new().consent(2, in_a_denial).access(part_two).found(), violation);
    // It permits anybody, denies medication, and permits that to the physician.
    let by_exception = move |consent: &mut Consent| {
        complete(consent);
        let exception = elements(consent);
        let elements = Elements { classes: set([deny_class("MedicationRequest")]), ..anything() };
        consent.provisions = list([Provision { elements, exceptions: list([exception]) }]);
        say(consent, [named("MedicationRequest"), named("MedicationRequest")]);
    };
    assert_eq!(Fixture::new().consent(2, by_exception).access(part_two).found(), []);
}

#[test]
fn notes_used_for_payment_or_operations_are_found() {
    let labels = [
        (System::Sensitivity, "PSYTHPN"),
        (System::Law, "HIPAAPsyNotes"),
        (System::Law, "HIPAASelfPay"),
    ];
    let fixture = || {
        Fixture::new().consent(2, |consent| {
            consent.scope.purposes = set([code("HPAYMT"), code("HOPERAT"), code("TREAT")]);
        })
    };
    let access = |label, purpose| {
        move |access: &mut Access| {
            open(access, &labelled(&[MEDICATION, label]));
            half(access).processing.purposes = set([code(purpose)]);
        }
    };
    for (label, purpose) in labels.into_iter().zip(["HPAYMT", "HQUALIMP", "ELIGVER"]) {
        let found = fixture().access(access(label, purpose)).found();
        assert_eq!(found, [(ViolationId::V18, 4, Some(0))]);
        assert_eq!(fixture().access(access(label, "TREAT")).found(), []);
    }
    assert_eq!(fixture().access(access((System::Sensitivity, "PSY"), "HPAYMT")).found(), []);
}

#[test]
fn sensitive_classes_without_a_label_are_found() {
    let policy = "[sensitive]\nclasses = [\"MedicationRequest\"]\n";
    let fixture = || Fixture::new().policy(policy);
    assert_eq!(fixture().access(|_| {}).found(), [(ViolationId::V25, 3, Some(0))]);
    let labelled_so = |access: &mut Access| open(access, &labelled(&[MEDICATION, HIV]));
    assert_eq!(fixture().access(labelled_so).found(), []);
    let of_another = |access: &mut Access| open(access, &labelled(&[(System::Class, "Goal")]));
    assert_eq!(fixture().access(of_another).found(), []);
}

/// Opens a resource with labels and a level.
fn resource(labels: &[&str], level: &str, id: &str) -> impl Fn(&mut Access) + Clone + 'static {
    let labels = labels.iter().map(|text| Code::new(System::Sensitivity, text).unwrap());
    let class = Code::new(MEDICATION.0, MEDICATION.1).unwrap();
    let level = Code::new(System::Confidentiality, level).unwrap();
    let codes = labels.chain([class, level]);
    let carried = Carried::new(codes, [ResourceId::new(id).unwrap()], []).unwrap();
    move |access: &mut Access| open(access, &carried)
}

#[test]
fn labels_that_go_missing_are_found() {
    let fixture =
        || Fixture::new().consent(2, |consent| consent.scope.purposes = set([code("HOPERAT")]));
    let strict = || resource(&["HIV"], "R", "A/1");
    let fewer = || resource(&[], "R", "A/1");
    let lower = || resource(&["HIV"], "N", "A/1");
    let violation = [(ViolationId::V34, 6, Some(0))];
    assert_eq!(fixture().access(strict()).access(fewer()).found(), violation);
    assert_eq!(fixture().access(strict()).access(lower()).found(), violation);
    // The other way round; another resource; or somebody has labelled it anew.
    assert_eq!(fixture().access(fewer()).access(strict()).found(), []);
    assert_eq!(fixture().access(strict()).access(resource(&[], "N", "A/2")).found(), []);
    let labelling = |id| {
        let now = resource(&[], "N", id);
        move |access: &mut Access| {
            now(access);
            half(access).processing.purposes = set([code("LABELING")]);
        }
    };
    let relabelled = |id| fixture().access(strict()).access(labelling(id)).access(lower());
    assert_eq!(relabelled("A/1").found(), []);
    assert_eq!(relabelled("A/2").found(), [(ViolationId::V34, 8, Some(0))]);
}

#[test]
fn whoever_labels_anew_may_open_what_is_labelled_as_before() {
    let fixture =
        Fixture::new().consent(2, |consent| consent.scope.purposes = set([code("HOPERAT")]));
    let labelling = |access: &mut Access| {
        resource(&["HIV"], "R", "A/1")(access);
        half(access).processing.purposes = set([code("LABELING")]);
    };
    let relabelled = fixture.access(resource(&["HIV"], "R", "A/1")).access(labelling);
    let lower = resource(&[], "M", "A/1");
    assert_eq!(
        relabelled.access(resource(&[], "N", "A/1")).access(lower).found(),
        [(ViolationId::V34, 10, Some(0))]
    );
}

#[test]
fn levels_without_a_place_in_the_order_are_neither_higher_nor_lower() {
    let levels = |levels: &[&str]| {
        let access = |fixture: Fixture, level: &&str| fixture.access(resource(&[], level, "A/1"));
        levels.iter().fold(Fixture::new(), access).found()
    };
    assert_eq!(levels(&["R", "S"]), []);
    assert_eq!(levels(&["S", "U"]), []);
    assert_eq!(levels(&["R", "S", "N"]), [(ViolationId::V34, 7, Some(0))]);
}

#[test]
fn label_of_a_narrower_kind_takes_the_place_of_a_wider_one() {
    let labels = |before, after| {
        let fixture = Fixture::new().access(resource(&[before], "R", "A/1"));
        fixture.access(resource(&[after], "R", "A/1")).found()
    };
    assert_eq!(labels("SUD", "OPIOIDUD"), []);
    assert_eq!(labels("OPIOIDUD", "SUD"), [(ViolationId::V34, 5, Some(0))]);
}

#[test]
fn details_that_say_something_else_than_is_sealed_are_found() {
    // The request asks for more than its details say, and the access opens what these say.
    let request = Fixture::new().block(|world| {
        vec![world.request(|access| {
            half(access).processing.closures = processing(&labelled(&[MEDICATION, HIV])).closures;
        })]
    });
    let request = request.block(|world| {
        let request = world.ids.last().copied();
        vec![world.access(request, |_| {})]
    });
    assert_eq!(request.found(), [(ViolationId::V38, 2, Some(0))]);
    let access = |edit: fn(&mut Access)| {
        let fixture = Fixture::new().block(|world| vec![world.request(|_| {})]);
        fixture.block(move |world| {
            let request = world.ids.last().copied();
            vec![world.access(request, edit)]
        })
    };
    let violation = [(ViolationId::V38, 3, Some(0))];
    let other = |access: &mut Access| {
        let carried = labelled(&[MEDICATION, HIV]);
        access.details = Some(sealed("access", &access.subject, &access.event.0, &carried));
    };
    assert_eq!(access(other).found(), violation);
    let unopenable = |access: &mut Access| {
        access.details =
            Some(sealed("request", &key(PATIENT), &access.event.0, &labelled(&[MEDICATION])));
    };
    assert_eq!(access(unopenable).found(), violation);
    let silent = |access: &mut Access| {
        let details = Details::default();
        access.details = Some(seal("access", &access.subject, &access.event.0, &details));
    };
    assert_eq!(access(silent).found(), violation);
    let without: fn(&mut Access) = |access| access.details = None;
    assert_eq!(access(without).found(), violation);
    assert_eq!(access(|_| {}).found(), []);
    // What was not opened needs no details.
    let denied = |access: &mut Access| {
        access.details = None;
        access.outcome = access::Outcome::Denied;
    };
    assert_eq!(access(denied).found(), []);
}

#[test]
fn request_without_details_leaves_them_to_its_access() {
    let fixture = Fixture::new().block(|world| vec![world.request(|access| access.details = None)]);
    let fixture = fixture.block(|world| {
        let request = world.ids.last().copied();
        vec![world.access(request, |_| {})]
    });
    assert_eq!(fixture.found(), []);
}

#[test]
fn details_of_records_that_carry_no_sealed_codes_are_not_looked_at() {
    let fixture = Fixture::new().block(|world| {
        vec![world.sign(GATEWAY, |source| {
            let subject = key(PATIENT);
            Body::Anchor(Anchor {
                source,
                custodian: organization(HOSPITAL_ID),
                subject: Some(subject),
                anchored: Anchored::Resources,
                root: Hash([1; 32]),
                leaf_count: 1,
                details: Some(sealed("access", &subject, &[1; 32], &labelled(&[MEDICATION]))),
            })
        })]
    });
    assert_eq!(fixture.found(), []);
}

#[test]
fn consent_that_does_not_say_what_it_seals_is_found() {
    let silent = |consent: &mut Consent| {
        complete(consent);
        consent.details = None;
    };
    assert_eq!(Fixture::new().consent(2, silent).found(), [(ViolationId::V38, 2, Some(0))]);
    let in_a_provision = |consent: &mut Consent| {
        let elements = Elements { classes: set([deny_class("Goal")]), ..anything() };
        consent.provisions = list([Provision { elements, exceptions: list([]) }]);
    };
    let found = Fixture::new().consent(2, in_a_provision).found();
    assert_eq!(found, [(ViolationId::V38, 2, Some(0))]);
    assert_eq!(Fixture::new().consent(2, complete).found(), []);
}

#[test]
fn consents_whose_details_name_something_else_are_found() {
    let violation = [(ViolationId::V38, 2, Some(0))];
    let other = move |consent: &mut Consent| {
        complete(consent);
        say(consent, [named("Observation")]);
    };
    assert_eq!(Fixture::new().consent(2, other).found(), violation);
    let more = move |consent: &mut Consent| {
        complete(consent);
        say(consent, [named("MedicationRequest"), named("Observation")]);
    };
    assert_eq!(Fixture::new().consent(2, more).found(), violation);
    // Scope, provision, exception, next provision; each sealed by its effect.
    let tree = move |swapped: bool| {
        move |consent: &mut Consent| {
            let sealer = Sealer::new(&ViewKey::new(VIEW_KEY));
            let part = |effect, text| Elements {
                classes: set([
                    sealer.seal_provision_code(effect, &Code::new(System::Class, text).unwrap())
                ]),
                ..anything()
            };
            let (permit, deny) = (Effect::Permit, Effect::Deny);
            consent.provisions = list([
                Provision {
                    elements: part(deny, "Condition"),
                    exceptions: list([part(permit, "Observation"), anything()]),
                },
                Provision { elements: part(deny, "Procedure"), exceptions: list([]) },
            ]);
            let mut order = ["Condition", "Observation", "Procedure"].map(named);
            if swapped {
                order.swap(1, 2);
            }
            say(consent, order);
        }
    };
    assert_eq!(Fixture::new().consent(2, tree(true)).found(), violation);
    assert_eq!(Fixture::new().consent(2, tree(false)).found(), []);
}

#[test]
fn what_depends_on_opened_data_is_skipped_without_a_viewing_file() {
    let reasons = |view| {
        let mut fixture = Fixture::new();
        fixture.view = view;
        let violations = fixture.run().violations;
        [ViolationId::V16, ViolationId::V18, ViolationId::V25, ViolationId::V34, ViolationId::V38]
            .map(|id| {
                let entry = violations.iter().find(|entry| entry.id == id).unwrap();
                (entry.outcome, entry.reason)
            })
    };
    let (skip, none) = (Outcome::Skip, (Outcome::None, None));
    let (sealed, policy) = ((skip, Some(SkipReason::Sealed)), (skip, Some(SkipReason::Policy)));
    assert_eq!(reasons(false), [sealed, sealed, policy, sealed, sealed]);
    assert_eq!(reasons(true), [none, none, policy, none, none]);
}
