//! The intermediate option of IHE PCF: which data, by time, id, author and encounter; purposes of one's
//! own; breaking the glass.

#[path = "intermediate/resources.rs"]
mod resources;

use vidimus::{contract::rules::ImplicitPolicy, record::consent::Effect};

use crate::{
    access::Data,
    draft::{ANY, Draft, Terms},
    example::{Example, covered, denied, indeterminate, uncovered},
    pcf::{
        ALCOHOL_USE, BLOOD_SUGAR, CLERK, COLLEAGUE, PRACTITIONER, RESEARCHER, TEMPERATURE, example,
        reads, tpo, tpo_but, tpo_with, treats,
    },
};

pub(crate) fn all() -> Vec<Example> {
    vec![
        timeframe(),
        not_timeframe(),
        authored_by(),
        not_authored_by(),
        resources::encounter(),
        resources::not_encounter(),
        resources::data(),
        resources::not_data(),
        purpose(),
        break_glass(),
    ]
}

/// Purposes of every kind, those of emergencies by name: a deny of them leaves nothing to an emergency.
pub(crate) const EVERY_PURPOSE: &[&str] =
    &["HMARKT", "HOPERAT", "HPAYMT", "HRESCH", "PATRQT", "PUBHLTH", "TREAT", "ETREAT"];

const OF_2022: Terms = Terms { data_period: Some((Some("2022-01-01"), Some("2022-12-31"))), ..ANY };
const BY_PRACTITIONER: Terms = Terms { authors: &["Practitioner/ex-practitioner"], ..ANY };

const fn of(start: &'static str, end: &'static str) -> Data {
    Data { period: Some((Some(start), Some(end))), ..TEMPERATURE }
}

const fn by(authors: &'static [&'static str]) -> Data {
    Data { authors, ..TEMPERATURE }
}

fn timeframe() -> Example {
    let rows = vec![
        covered(
            "a physician reads data of 31 December 2022",
            treats(of("2022-12-31", "2022-12-31")),
            "the last day belongs to the span",
        ),
        uncovered(
            "a physician reads data of New Year's Day 2023",
            treats(of("2023-01-01", "2023-01-01")),
            "it lies behind the span",
        ),
        uncovered(
            "a physician reads data from 2021 to 2022",
            treats(of("2021-12-31", "2022-01-01")),
            "part of it lies before the span",
        ),
        uncovered(
            "a physician reads data of unknown date",
            treats(Data { period: None, ..TEMPERATURE }),
            "a permit does not cover what is unsaid",
        ),
        covered(
            "a physician reads data of 2022 in 2024",
            treats(TEMPERATURE).at("2024-05-01"),
            "the span is that of the data, not of the access",
        ),
        uncovered(
            "a researcher reads data of 2022",
            reads(RESEARCHER, &["HRESCH"], TEMPERATURE),
            "research is not named",
        ),
    ];
    let about = "The patient permits TPO with data authored in 2022.";
    example("ex-consent-intermediate-timeframe", about, tpo_with(OF_2022), rows)
}

fn not_timeframe() -> Example {
    let rows = vec![
        denied(
            "a physician reads data of 31 December 2022",
            treats(of("2022-12-31", "2022-12-31")),
            "the last day belongs to the span",
        ),
        covered(
            "a physician reads data of New Year's Day 2023",
            treats(of("2023-01-01", "2023-01-01")),
            "it lies behind the span",
        ),
        denied(
            "a physician reads data from 2021 to 2022",
            treats(of("2021-12-31", "2022-01-01")),
            "part of it lies in the span",
        ),
        denied(
            "a physician reads data of unknown date",
            treats(Data { period: None, ..TEMPERATURE }),
            "it may be of 2022: a deny reaches what is unsaid",
        ),
        uncovered(
            "a researcher reads data of 2022",
            reads(RESEARCHER, &["HRESCH"], TEMPERATURE),
            "an exception goes no further than the consent, which does not speak of research",
        ),
    ];
    let about = "The patient permits TPO, but not with data authored in 2022.";
    example("ex-consent-intermediate-not-timeframe", about, tpo_but(OF_2022), rows)
}

fn authored_by() -> Example {
    let rows = vec![
        covered(
            "a physician reads what the practitioner wrote",
            treats(by(&["Practitioner/ex-practitioner"])),
            "the author is named",
        ),
        uncovered(
            "a physician reads what another wrote",
            treats(by(&["Practitioner/ex-author"])),
            "the author is not named",
        ),
        uncovered(
            "a physician reads what both wrote",
            treats(by(&["Practitioner/ex-author", "Practitioner/ex-practitioner"])),
            "every author must be named",
        ),
        uncovered(
            "a physician reads what nobody knows the author of",
            treats(by(&[])),
            "a permit does not cover what is unsaid",
        ),
        covered(
            "a clerk bills what the practitioner wrote",
            reads(CLERK, &["HPAYMT"], by(&["Practitioner/ex-practitioner"])),
            "whom the consent names is the author, not the reader",
        ),
    ];
    let about = "The patient permits TPO with what one practitioner wrote.";
    example("ex-consent-intermediate-authoredby", about, tpo_with(BY_PRACTITIONER), rows)
}

fn not_authored_by() -> Example {
    let rows = vec![
        denied(
            "a physician reads what the practitioner wrote",
            reads(COLLEAGUE, &["TREAT"], by(&["Practitioner/ex-practitioner"])),
            "the author is named",
        ),
        denied(
            "the practitioner reads what they wrote",
            treats(by(&["Practitioner/ex-practitioner"])),
            "the exception says nothing of readers",
        ),
        covered(
            "a physician reads what another wrote",
            treats(by(&["Practitioner/ex-author"])),
            "the author is not named",
        ),
        denied(
            "a physician reads what both wrote",
            treats(by(&["Practitioner/ex-author", "Practitioner/ex-practitioner"])),
            "one named author is enough",
        ),
        denied(
            "a physician reads what nobody knows the author of",
            treats(by(&[])),
            "it may be the named one: a deny reaches what is unsaid",
        ),
    ];
    let about = "The patient permits TPO, but not with what one practitioner wrote.";
    example("ex-consent-intermediate-not-authoredby", about, tpo_but(BY_PRACTITIONER), rows)
}

fn purpose() -> Example {
    let policy = "https://profiles.ihe.net/ITI/PCF/Policy-basic-normal";
    let scope =
        Terms { actors: &["Organization/ex-org-researcher"], purposes: &["CLINTRCH"], ..ANY };
    let consent = Draft { policy, scope, protocol: Some("FooBar"), ..tpo() };
    let treatment = Terms { actors: &["clinician"], purposes: &["TREAT"], ..ANY };
    let elsewhere = crate::access::Who { organization: "Organization/university", ..RESEARCHER };
    let trial = reads(RESEARCHER, &["CLINTRCH"], BLOOD_SUGAR).under("FooBar");
    let rows = vec![
        covered("the organization reads for the project", trial, "both are named"),
        uncovered(
            "another organization reads for the project",
            reads(elsewhere, &["CLINTRCH"], BLOOD_SUGAR).under("FooBar"),
            "it is not named",
        ),
        uncovered(
            "the organization reads for another project",
            reads(RESEARCHER, &["CLINTRCH"], BLOOD_SUGAR).under("BarFoo"),
            "a consent to one protocol covers no other",
        ),
        uncovered(
            "the organization reads for no project",
            reads(RESEARCHER, &["CLINTRCH"], BLOOD_SUGAR),
            "a consent to a protocol covers nothing outside of it",
        ),
        indeterminate(
            "the organization names the project as its purpose",
            reads(RESEARCHER, &["FooBar"], BLOOD_SUGAR),
            "no table knows the code, so no permit covers it",
        ),
        covered(
            "a physician treats",
            treats(BLOOD_SUGAR),
            "the policy that the consent accepts permits it, restated beside it",
        ),
        uncovered(
            "a clerk bills",
            reads(CLERK, &["HPAYMT"], BLOOD_SUGAR),
            "`basic-normal` is for treatment alone",
        ),
    ];
    Example {
        beside: vec![Draft { policy, scope: treatment, ..tpo() }],
        notes: &[
            (
                "provision.purpose",
                "`FooBar` is a code of the project's own, which no table knows and no permit \
                 covers; the project is a protocol, its purpose `CLINTRCH`",
            ),
            ("protocol", "the version of the project's protocol"),
        ],
        ..example(
            "ex-consent-intermediate-purpose",
            "The patient accepts `basic-normal` and permits a research project of one organization \
             beside it. A second consent restates the policy, since no implicit policy is asked \
             once a consent is in force.",
            consent,
            rows,
        )
    }
}

fn break_glass() -> Example {
    let permitted = Terms { actors: &["Practitioner/ex-practitioner"], purposes: &["BTG"], ..ANY };
    let consent = Draft {
        policy: "https://profiles.ihe.net/ITI/PCF/Policy-break-glass-only",
        decision: Effect::Deny,
        scope: Terms { purposes: EVERY_PURPOSE, ..ANY },
        provisions: vec![(permitted, vec![])],
        ..tpo()
    };
    let rows = vec![
        covered(
            "the practitioner breaks the glass",
            reads(PRACTITIONER, &["BTG"], ALCOHOL_USE).declared(),
            "the exception names purpose and person",
        ),
        denied(
            "the practitioner treats",
            treats(ALCOHOL_USE),
            "the exception is for breaking the glass",
        ),
        denied(
            "the practitioner breaks the glass and advertises",
            reads(PRACTITIONER, &["BTG", "HMARKT"], ALCOHOL_USE).declared(),
            "every purpose must be permitted",
        ),
        denied(
            "a physician outside of the group breaks the glass",
            reads(COLLEAGUE, &["BTG"], ALCOHOL_USE).declared(),
            "the deny names emergencies, so the network's rule does not override it",
        ),
        denied(
            "the practitioner treats in an emergency, the glass unbroken",
            reads(PRACTITIONER, &["ETREAT"], ALCOHOL_USE).declared(),
            "`BTG` is a kind of `ETREAT`, not the other way round",
        ),
        denied(
            "a clerk bills",
            reads(CLERK, &["HPAYMT"], BLOOD_SUGAR),
            "everything else is denied",
        ),
    ];
    Example {
        implicit: ImplicitPolicy::BreakGlassOnly,
        notes: &[
            (
                "provision.purpose",
                "all purposes by name, emergencies among them: a deny that names none would give \
                 way to whoever treats people and declares an emergency",
            ),
            ("provision.provision", "the group's member in place of the group, which may change"),
        ],
        ..example(
            "ex-dissent-intermediate-break-glass",
            "The patient denies everything but breaking the glass, and that to a group of persons.",
            consent,
            rows,
        )
    }
}
