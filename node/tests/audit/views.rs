//! The patient's list: who opened what, whose word that is, and what else is found about them.

use vidimus::{
    audit::{Event, Finding, Side, ViewCollector, Views, ViolationId},
    encoding::hex::Hash,
    limits::Limits,
    record::{
        Body,
        access::Access,
        authority::{Authority, Relation},
        codes::System,
        organization::{Organization, OrganizationChange},
    },
};

use super::{
    delegates::{OWN, acting, delegated, withdraw},
    emergencies::emergency,
    fixture::{
        CLINIC_ID, Fixture, GOVERNANCE, HOSPITAL_ID, PATIENT, STRANGER, World, code, disclose,
        half, key, labelled, open, registered, viewing_file,
    },
    second_pass::{anchors, options, verified},
};

/// What the list of the patient has: the same whether findings come before the accesses or after them, with
/// each finding about the patient in one place.
fn views(fixture: Fixture) -> Views {
    let ledger = fixture.write();
    let (report, trusted) = verified(&ledger, anchors(&ledger), Limits::default()).conclude();
    assert_eq!(report.verdict.code, "verified", "{:?}", report.verdict);
    let mut pass = trusted.unwrap().second_pass(options());
    pass.feed(&ledger.container);
    pass.finish().unwrap();
    let (acts, findings) = (pass.take_acts(), pass.take_findings());
    let [late, early] = [false, true].map(|is_early| {
        let mut collector = ViewCollector::new(viewing_file());
        if is_early {
            for finding in &findings {
                collector.add_finding(finding);
            }
        }
        for act in &acts {
            collector.add(act);
        }
        if !is_early {
            for finding in &findings {
                collector.add_finding(finding);
            }
        }
        collector.finish()
    });
    assert_eq!(late, early);
    let of_patient = findings.iter().filter(|finding| finding.subject == Some(key(PATIENT)));
    let mut found: Vec<_> = of_patient.map(place).collect();
    let at = |event: &Event| (event.height, Some(event.index));
    let at_events =
        late.events.iter().flat_map(|event| event.findings.iter().map(move |id| (at(event), *id)));
    let mut listed: Vec<_> = at_events.chain(late.other_findings.iter().map(place)).collect();
    found.sort();
    listed.sort();
    assert_eq!(listed, found);
    late
}

fn place(finding: &Finding) -> ((u64, Option<u64>), ViolationId) {
    ((finding.height, finding.index), finding.id)
}

/// Where the events of the list stand, and whose half each is.
fn halves(views: &Views) -> Vec<(u64, Side)> {
    views.events.iter().map(|event| (event.height, event.by)).collect()
}

fn others(views: &Views) -> Vec<((u64, Option<u64>), ViolationId)> {
    views.other_findings.iter().map(place).collect()
}

/// The network suspends an organization.
fn suspend(id: &'static str) -> impl FnOnce(&mut World) -> Vec<Vec<u8>> {
    move |world| {
        vec![world.sign(GOVERNANCE, |source| {
            let change = OrganizationChange::Suspend;
            Body::Organization(Organization { source, change, ..registered(id, &[], &[]) })
        })]
    }
}

fn recipient(edit: impl FnOnce(&mut Access) + 'static) -> impl FnOnce(&mut World) -> Vec<Vec<u8>> {
    move |world| vec![world.recipient_half(edit)]
}

#[test]
fn views_say_who_looked_and_what_is_wrong_with_it() {
    let views = views(Fixture::new().access(emergency).idle(8));
    let event = &views.events[0];
    assert_eq!((views.events.len(), event.height, event.index), (1, 3, 0));
    assert_eq!((&*event.role, &*event.organization), ("physician", "st-anna.example"));
    assert_eq!((event.by, &*event.code), (Side::Custodian, "accepted"));
    assert_eq!(event.verdict.as_deref(), Some("covered-by-exception"));
    assert_eq!(event.ground.as_deref(), Some("emergency"));
    assert_eq!(event.classes.as_deref(), Some(&["MedicationRequest".to_owned()][..]));
    assert!(event.emergency && views.one_patient);
    assert_eq!(event.findings, [ViolationId::V11]);
    assert_eq!(views.organizations[0].emergencies, 1);
    assert_eq!(views.hours.iter().flatten().sum::<u64>(), 1);
    assert_eq!(views.purposes["BTG"], 1);
}

#[test]
fn what_a_recipient_recorded_and_the_custodian_did_not_is_listed() {
    let asked = || Fixture::new().block(|world| vec![world.request(disclose)]);
    let alone = views(asked().block(recipient(|_| {})).idle(8));
    assert_eq!(halves(&alone), [(3, Side::Recipient)]);
    let event = &alone.events[0];
    assert_eq!((&*event.code, &*event.organization), ("accepted", CLINIC_ID));
    assert_eq!((&event.action, &event.verdict, event.purposes.len()), (&None, &None, 0));
    assert_eq!(event.findings, [ViolationId::V23]);
    // It may still be recorded, and until then it is not.
    let recent = views(asked().block(recipient(|_| {})));
    assert_eq!(
        (halves(&recent), &*recent.events[0].findings),
        (vec![(3, Side::Recipient)], &[][..])
    );
    // Nobody performed it, as far as the custodian says.
    assert_eq!(alone.organizations, []);
}

#[test]
fn what_both_recorded_is_listed_once() {
    let asked = || Fixture::new().block(|world| vec![world.request(disclose)]);
    let both = views(Fixture::new().access(disclose).block(recipient(|_| {})).idle(8));
    assert_eq!((halves(&both), others(&both)), (vec![(3, Side::Custodian)], vec![]));
    let before = views(asked().block(|world| {
        let request = world.ids.last().copied();
        vec![world.recipient_half(|_| {}), world.access(request, disclose)]
    }));
    assert_eq!((halves(&before), before.events[0].index), (vec![(3, Side::Custodian)], 1));
    // What is found at the half that is not listed is.
    let client =
        |access: &mut Access| access.by_recipient.as_mut().unwrap().client = code("ward-8");
    let differing = views(Fixture::new().access(disclose).block(recipient(client)));
    assert_eq!(halves(&differing), [(3, Side::Custodian)]);
    assert_eq!(others(&differing), [((4, Some(0)), ViolationId::V23)]);
}

/// The custodian's half of the same event is about somebody else: of this patient it says nothing.
#[test]
fn half_of_another_patient_confirms_nothing() {
    let fixture = Fixture::new().block(|world| vec![world.request(disclose)]);
    let views = views(fixture.block(|world| {
        let request = world.ids.last().copied();
        let other = |access: &mut Access| {
            disclose(access);
            access.subject = key(51);
        };
        vec![world.access(request, other), world.recipient_half(|_| {})]
    }));
    assert_eq!(halves(&views), [(3, Side::Recipient)]);
    assert_eq!(views.events[0].findings, [ViolationId::V23]);
}

#[test]
fn refused_access_is_listed_with_what_it_says_and_why_it_is_refused() {
    let as_patient = |access: &mut Access| half(access).processing.actor.role = code("patient");
    let refused = views(Fixture::new().block(suspend(HOSPITAL_ID)).access(as_patient));
    assert_eq!(halves(&refused), [(4, Side::Custodian)]);
    let event = &refused.events[0];
    assert_eq!((&*event.code, event.is_accepted(), event.own), ("not-authorized", false, false));
    assert_eq!((event.action.as_deref(), &event.verdict), (Some("R"), &None));
    assert_eq!(event.classes.as_deref(), Some(&["MedicationRequest".to_owned()][..]));
    assert_eq!(event.findings, [ViolationId::V19]);
    // The request was refused too, and is no access.
    assert_eq!(others(&refused), [((3, Some(0)), ViolationId::V19)]);
    assert_eq!(refused.organizations, []);

    let clinic = Fixture::new().access(disclose).block(suspend(CLINIC_ID)).block(recipient(|_| {}));
    let clinic = views(clinic);
    assert_eq!(halves(&clinic), [(3, Side::Custodian), (5, Side::Recipient)]);
    assert_eq!(clinic.events[1].code, "not-authorized");
    assert_eq!(clinic.events[1].findings, [ViolationId::V19]);
    // A refused half of the custodian confirms nothing.
    let unconfirmed = Fixture::new().block(|world| vec![world.request(disclose)]);
    let unconfirmed = unconfirmed.block(suspend(HOSPITAL_ID)).block(|world| {
        let request = world.ids[1];
        vec![world.access(Some(request), disclose), world.recipient_half(|_| {})]
    });
    let unconfirmed = views(unconfirmed);
    assert_eq!(halves(&unconfirmed), [(4, Side::Custodian), (4, Side::Recipient)]);
    let codes: Vec<_> = unconfirmed.events.iter().map(|event| &*event.code).collect();
    assert_eq!(codes, ["not-authorized", "accepted"]);
}

#[test]
fn what_somebody_tried_in_the_patients_name_is_found_beside_the_accesses() {
    let forged = Fixture::new()
        .access(|_| {})
        .block(|world| vec![world.consent_by(STRANGER, |consent| consent.consent.0 = [2; 16])]);
    let views = views(forged);
    assert_eq!((halves(&views), &*views.events[0].findings), (vec![(3, Side::Custodian)], &[][..]));
    assert_eq!(others(&views), [((4, Some(0)), ViolationId::V32)]);
    assert!(views.other_findings[0].record.is_some());
}

/// The only event is the last one; whether it is the patient's own, and what is found at it.
fn own(fixture: Fixture) -> (bool, Vec<ViolationId>) {
    let views = views(fixture);
    assert_eq!(views.events.len(), 1);
    (views.events[0].own, views.events[0].findings.clone())
}

#[test]
fn access_is_the_patients_own_if_the_custodian_says_so_and_no_delegation_fails() {
    let by = |role: &'static str| {
        Fixture::new().access(move |access| half(access).processing.actor.role = code(role))
    };
    let found = |ids: &[ViolationId], is_own: bool| (is_own, ids.to_vec());
    assert_eq!(own(by("patient")), found(&[], true));
    assert_eq!(own(by("guardian")), found(&[], true));
    assert_eq!(own(by("physician")), found(&[], false));
    let given = || delegated(PATIENT, |_| {});
    assert_eq!(own(acting(given(), Relation::Proxy, 1)), found(&[], true));

    let withdrawn = acting(given().block(withdraw(PATIENT, 1, OWN)), Relation::Proxy, 1);
    assert_eq!(own(withdrawn), found(&[ViolationId::V14], false));
    // A curious employee, recorded as the patient with a delegation that never was.
    let curious = Fixture::new().access(|access| {
        let processing = &mut half(access).processing;
        processing.actor.role = code("patient");
        let delegation = Some(Hash([9; 32]));
        processing.delegate = Some(Authority { relation: Relation::Proxy, delegation });
    });
    assert_eq!(own(curious), found(&[ViolationId::V14], false));
    let guardian = delegated(PATIENT, |delegation| delegation.relation = Relation::Guardian);
    let guardian = guardian.access_naming(|access, ids| {
        let codes = [(System::Class, "MedicationRequest"), (System::Sensitivity, "ADOL")];
        open(access, &labelled(&codes));
        let delegation = Some(ids[1]);
        half(access).processing.delegate =
            Some(Authority { relation: Relation::Guardian, delegation });
    });
    assert_eq!(own(guardian), found(&[ViolationId::V15], false));
}
