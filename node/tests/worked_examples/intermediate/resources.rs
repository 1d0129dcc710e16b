//! Data by id: some resources, and what was written at an encounter.

use crate::{
    access::Data,
    draft::{ANY, Terms},
    example::{Example, covered, denied, uncovered},
    pcf::{ALCOHOL_USE, BLOOD_SUGAR, TEMPERATURE, example, tpo_but, tpo_with, treats},
};

const fn named(resources: &'static [&'static str]) -> Data {
    Data { resources, ..BLOOD_SUGAR }
}

/// An encounter, and what was written at it.
const ENCOUNTER: &[&str] = &[
    "Encounter/ex-encounter",
    "Observation/ex-alcoholUse",
    "Observation/ex-bloodPressure",
    "Observation/ex-bloodSugar",
    "Observation/ex-weight",
    "Observation/ex-weight-2",
];
const AT_ENCOUNTER: Terms = Terms { resources: ENCOUNTER, ..ANY };

pub(super) fn encounter() -> Example {
    let rows = vec![
        covered("a physician reads a measurement of it", treats(BLOOD_SUGAR), "it is listed"),
        covered(
            "a physician reads the encounter",
            treats(Data { class: "Encounter", ..named(&["Encounter/ex-encounter"]) }),
            "it is listed itself",
        ),
        uncovered("a physician reads another measurement", treats(TEMPERATURE), "it is not listed"),
        uncovered(
            "a physician reads both",
            treats(named(&["Observation/ex-bloodSugar", "Observation/temperature"])),
            "every one must be listed",
        ),
        uncovered(
            "a physician reads all there is",
            treats(named(&[])),
            "which resources it opens is unsaid",
        ),
    ];
    Example {
        notes: &[
            (
                "provision.data.related",
                "records know no relation between resources; what is related is listed when the \
                 consent is signed, and what comes later needs a new version",
            ),
            ("provision.data.instance", "the encounter, and what was written at it"),
        ],
        ..example(
            "ex-consent-intermediate-encounter",
            "The patient permits TPO with the data of one encounter.",
            tpo_with(AT_ENCOUNTER),
            rows,
        )
    }
}

pub(super) fn not_encounter() -> Example {
    let rows = vec![
        denied("a physician reads a measurement of it", treats(BLOOD_SUGAR), "it is listed"),
        denied(
            "a physician reads the encounter",
            treats(Data { class: "Encounter", ..named(&["Encounter/ex-encounter"]) }),
            "it is listed itself",
        ),
        covered("a physician reads another measurement", treats(TEMPERATURE), "it is not listed"),
        denied(
            "a physician reads both",
            treats(named(&["Observation/ex-bloodSugar", "Observation/temperature"])),
            "one of them is listed",
        ),
        denied(
            "a physician reads all there is",
            treats(named(&[])),
            "which resources it opens is unsaid, so a deny reaches it",
        ),
    ];
    Example {
        notes: &[(
            "provision.provision",
            "what is related to the encounter is listed when the consent is signed; what comes \
             later needs a new version",
        )],
        ..example(
            "ex-consent-intermediate-not-encounter",
            "The patient permits TPO, but not with the data of one encounter.",
            tpo_but(AT_ENCOUNTER),
            rows,
        )
    }
}

pub(super) fn data() -> Example {
    let rows = vec![
        covered("a physician reads the blood sugar", treats(BLOOD_SUGAR), "it is named"),
        covered(
            "a physician reads the alcohol use",
            treats(ALCOHOL_USE),
            "it is named, whatever its label",
        ),
        covered(
            "a physician reads both weights",
            treats(named(&["Observation/ex-weight", "Observation/ex-weight-2"])),
            "each is named",
        ),
        uncovered("a physician reads the temperature", treats(TEMPERATURE), "it is not named"),
        uncovered(
            "a physician reads the temperature along with a weight",
            treats(named(&["Observation/ex-weight", "Observation/temperature"])),
            "every one must be named",
        ),
    ];
    let about = "The patient permits TPO with six resources by name.";
    example("ex-consent-intermediate-data", about, tpo_with(AT_ENCOUNTER), rows)
}

pub(super) fn not_data() -> Example {
    let denied_data = Terms { resources: &["Observation/ex-alcoholUse"], ..ANY };
    let rows = vec![
        denied("a physician reads the alcohol use", treats(ALCOHOL_USE), "it is named"),
        covered("a physician reads the blood sugar", treats(BLOOD_SUGAR), "it is not named"),
        covered(
            "a physician reads another note on alcohol",
            treats(Data { resources: &["Observation/other"], ..ALCOHOL_USE }),
            "the exception names a resource, not a label",
        ),
        denied(
            "a physician reads the alcohol use along with a weight",
            treats(Data {
                resources: &["Observation/ex-alcoholUse", "Observation/ex-weight"],
                ..ALCOHOL_USE
            }),
            "one of them is named",
        ),
        denied(
            "a physician reads all there is",
            treats(named(&[])),
            "which resources it opens is unsaid, so a deny reaches it",
        ),
    ];
    let about = "The patient permits TPO, but not with one resource.";
    example("ex-consent-intermediate-not-data", about, tpo_but(denied_data), rows)
}
