//! What the examples of IHE PCF have in common: people, data, and the consent that most vary.

use vidimus::{contract::rules::ImplicitPolicy, record::consent::Effect};

use crate::{
    access::{Access, Data, Who},
    draft::{ANY, Draft, Terms},
    example::{Example, Row, Source},
    fields::Root,
};

const HOSPITAL: &str = "Organization/ex-organization";
pub(crate) const TPO: &[&str] = &["TREAT", "HPAYMT", "HOPERAT"];

pub(crate) const PRACTITIONER: Who =
    Who { person: "Practitioner/ex-practitioner", role: "physician", organization: HOSPITAL };
pub(crate) const COLLEAGUE: Who =
    Who { person: "Practitioner/ex-author", role: "physician", organization: HOSPITAL };
pub(crate) const CLERK: Who =
    Who { person: "Practitioner/ex-clerk", role: "billing", organization: HOSPITAL };
pub(crate) const QUALITY: Who =
    Who { person: "Practitioner/quality-manager", role: "quality", organization: HOSPITAL };
pub(crate) const RESEARCHER: Who = Who {
    person: "Practitioner/researcher",
    role: "researcher",
    organization: "Organization/ex-org-researcher",
};

/// A measurement of 2020 at an encounter.
pub(crate) const BLOOD_SUGAR: Data = Data {
    class: "Observation",
    level: "N",
    labels: &[],
    resources: &["Observation/ex-bloodSugar"],
    authors: &["Practitioner/ex-author"],
    period: Some((Some("2020-12-05"), Some("2020-12-05"))),
};

/// A sensitive one of 2022.
pub(crate) const ALCOHOL_USE: Data = Data {
    level: "R",
    labels: &["ETHUD"],
    resources: &["Observation/ex-alcoholUse"],
    period: Some((Some("2022-06-13"), Some("2022-06-13"))),
    ..BLOOD_SUGAR
};

/// One that no example names.
pub(crate) const TEMPERATURE: Data = Data {
    resources: &["Observation/temperature"],
    period: Some((Some("2022-03-01"), Some("2022-03-01"))),
    ..BLOOD_SUGAR
};

/// The consent to treatment, payment and operations.
pub(crate) fn tpo() -> Draft {
    Draft {
        given: "2022-06-13",
        grantor: Some("Patient/ex-patient"),
        custodian: HOSPITAL,
        period: None,
        policy: "http://example.org/policies/basePrivacyConsentPolicy.txt",
        decision: Effect::Permit,
        scope: Terms { purposes: TPO, ..ANY },
        provisions: vec![],
        protocol: None,
    }
}

/// Treatment, payment and operations within these terms.
pub(crate) fn tpo_with(scope: Terms) -> Draft {
    Draft { scope: Terms { purposes: TPO, ..scope }, ..tpo() }
}

/// Treatment, payment and operations but for these terms.
pub(crate) fn tpo_but(denied: Terms) -> Draft {
    Draft { provisions: vec![(denied, vec![])], ..tpo() }
}

/// An example where clinicians may treat without any consent, and override one in an emergency.
pub(crate) fn example(
    name: &'static str,
    about: &'static str,
    consent: Draft,
    rows: Vec<Row>,
) -> Example {
    Example {
        name,
        source: Source::Pcf,
        about,
        consent,
        beside: vec![],
        root: Root::Scope,
        implicit: ImplicitPolicy::BasicNormal,
        break_glass: true,
        notes: &[],
        rows,
    }
}

/// Reads data for these purposes, some days after the consent was given.
pub(crate) fn reads(who: Who, purposes: &'static [&'static str], data: Data) -> Access {
    Access::read(who, purposes, data, "2022-07-01")
}

/// A physician reads data to treat.
pub(crate) fn treats(data: Data) -> Access {
    reads(PRACTITIONER, &["TREAT"], data)
}
