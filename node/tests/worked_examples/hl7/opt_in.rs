//! Consents that permit, or that a permit in them explains.

use vidimus::record::consent::Effect;

use super::{CLERK, DATA, HOSPITAL, OUTSIDER, PHYSICIAN, consent, example, reads, treats};
use crate::{
    access::{Data, Who},
    draft::{ANY, Draft, Terms},
    example::{Example, covered, denied, excepted, uncovered},
};

pub(super) fn all() -> Vec<Example> {
    vec![basic(), signature(), smart_on_fhir()]
}

fn basic() -> Example {
    let of = |start, end| Data { period: Some((Some(start), Some(end))), ..DATA };
    let scope = Terms {
        purposes: &["TREAT"],
        data_period: Some((Some("1964-01-01"), Some("2016-01-01"))),
        ..ANY
    };
    let consent = Draft { given: "2016-05-11", scope, ..consent("OPTIN", Effect::Permit) };
    let rows = vec![
        covered("a physician treats with old data", treats(DATA), "purpose and span are met"),
        covered(
            "a physician reads data of 1 January 2016",
            treats(of("2016-01-01", "2016-01-01")),
            "the last day belongs to the span",
        ),
        uncovered(
            "a physician reads data of 2 January 2016",
            treats(of("2016-01-02", "2016-01-02")),
            "it was collected later",
        ),
        uncovered(
            "a clerk bills",
            reads(CLERK, &["HPAYMT"], DATA),
            "the text speaks of treatment alone",
        ),
        uncovered(
            "a physician treats before the consent was given",
            treats(DATA).at("2016-05-10"),
            "no consent was in force then",
        ),
        excepted(
            "a physician declares an emergency",
            reads(PHYSICIAN, &["ERTREAT"], DATA).declared(),
            "normal treatment is no emergency; the network allows it, with a review",
        ),
    ];
    example(
        "consent-example-basic",
        "The patient makes all that a hospital collected available for normal treatment.",
        consent,
        &[
            ("provision.type", "not there; the policy `OPTIN` permits"),
            ("provision.purpose", "treatment, by the text"),
            (
                "provision.period",
                "as the consent's own span it would have ended before the consent was given; the \
                 text speaks of data that was collected",
            ),
            (
                "provision.dataPeriod",
                "the span of the data. A record's begins with 1970, which is what 1964 becomes",
            ),
        ],
        rows,
    )
}

fn signature() -> Example {
    const RECIPIENT: Who = Who { person: "Practitioner/13", ..OUTSIDER };
    const REPORT: Data = Data {
        class: "discharge-report",
        authors: &["Practitioner/xcda-author"],
        resources: &["DocumentReference/discharge"],
        ..DATA
    };
    let documents = Terms {
        classes: &["discharge-report", "patient-summary"],
        authors: &["Practitioner/xcda-author"],
        ..ANY
    };
    let consent = Draft {
        given: "2016-05-26T00:41:10-04:00",
        grantor: Some("Patient/72"),
        period: Some((Some("2015-10-10"), Some("2016-10-10"))),
        scope: Terms { actors: &["Practitioner/13"], ..ANY },
        provisions: vec![(documents, vec![])],
        ..consent("OPTIN", Effect::Deny)
    };
    let rows = vec![
        covered(
            "the recipient reads a discharge report",
            reads(RECIPIENT, &["TREAT"], REPORT),
            "class and author are named",
        ),
        covered(
            "the recipient reads it on the last evening",
            reads(RECIPIENT, &["TREAT"], REPORT).at("2016-10-10T23:59:59.999Z"),
            "the last day belongs to the span",
        ),
        uncovered(
            "the recipient reads it a day later",
            reads(RECIPIENT, &["TREAT"], REPORT).at("2016-10-11"),
            "the consent has ended",
        ),
        uncovered(
            "the recipient reads it before the signature",
            reads(RECIPIENT, &["TREAT"], REPORT).at("2016-05-26T04:41:09Z"),
            "the span had begun, but no consent holds before it is signed",
        ),
        denied(
            "the recipient reads another's discharge report",
            reads(RECIPIENT, &["TREAT"], Data { authors: &["Practitioner/f005"], ..REPORT }),
            "the author is not named",
        ),
        denied(
            "the recipient reads a measurement",
            reads(RECIPIENT, &["TREAT"], Data { class: "Observation", ..REPORT }),
            "the class is not named",
        ),
        uncovered(
            "another physician reads a discharge report",
            reads(OUTSIDER, &["TREAT"], REPORT),
            "the consent does not speak of others, and nothing permits it",
        ),
    ];
    example(
        "consent-example-signature",
        "For a year, and by a signed consent, one practitioner receives the discharge reports and \
         summaries that one author wrote.",
        consent,
        &[
            ("provision.type", "not there; the permit in it is an exception to a deny"),
            (
                "provision.provision",
                "records name neither media types nor documents by LOINC: `18842-5` and `34133-9` \
                 are the classes `discharge-report` and `patient-summary`; an actor `AUT` is the \
                 author of the data",
            ),
        ],
        rows,
    )
}

fn smart_on_fhir() -> Example {
    const APP: Who =
        Who { person: "RelatedPerson/peter", role: "relative", organization: HOSPITAL };
    const PRESCRIPTION: Data = Data { class: "MedicationRequest", ..DATA };
    let prescriptions = Terms { actions: &["R", "query"], classes: &["MedicationRequest"], ..ANY };
    let consent = Draft {
        given: "2016-06-23T17:02:33+10:00",
        grantor: Some("RelatedPerson/peter"),
        period: Some((Some("2016-06-23T17:02:33+10:00"), Some("2016-06-23T17:32:33+10:00"))),
        provisions: vec![(prescriptions, vec![])],
        ..consent("OPTIN", Effect::Deny)
    };
    let in_session = |data| reads(APP, &["FAMRQT"], data).at("2016-06-23T07:02:33Z");
    let rows = vec![
        covered(
            "the app reads a prescription as the session begins",
            in_session(PRESCRIPTION),
            "action and class are named",
        ),
        covered(
            "the app searches prescriptions in its last millisecond",
            in_session(PRESCRIPTION).doing("query").at("2016-06-23T07:32:32.999Z"),
            "the span is half an hour",
        ),
        uncovered(
            "the app reads a prescription as it ends",
            in_session(PRESCRIPTION).at("2016-06-23T07:32:33Z"),
            "a time is an end, unlike a day",
        ),
        denied("the app reads a measurement", in_session(DATA), "the class is not named"),
        denied(
            "the app changes a prescription",
            in_session(PRESCRIPTION).doing("U"),
            "the action is not named",
        ),
        denied(
            "a physician reads a measurement meanwhile",
            treats(DATA).at("2016-06-23T07:10:00Z"),
            "the root names nobody, so it is about everybody",
        ),
    ];
    example(
        "consent-example-smartonfhir",
        "For half an hour an app that a relative opened may read prescriptions.",
        consent,
        &[("provision.type", "not there; the permit in it is an exception to a deny")],
        rows,
    )
}
