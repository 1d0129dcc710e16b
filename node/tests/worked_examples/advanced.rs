//! The advanced option of IHE PCF: labels and confidentiality. Data with a label is restricted.

use vidimus::record::consent::Effect;

use crate::{
    access::Data,
    draft::{ANY, Draft, Terms},
    example::{Example, covered, denied, uncovered},
    intermediate::EVERY_PURPOSE,
    pcf::{
        ALCOHOL_USE, BLOOD_SUGAR, CLERK, COLLEAGUE, PRACTITIONER, RESEARCHER, TPO, example, reads,
        tpo, tpo_with, treats,
    },
};

pub(crate) fn all() -> Vec<Example> {
    vec![
        normal(),
        normal_restricted(),
        normal_not_restricted(),
        focused_restricted(),
        focused_psy(),
        focused_psy_or_sdv(),
        break_glass_restricted(),
    ]
}

const LOW: Data = Data { level: "L", ..BLOOD_SUGAR };
const RESTRICTED: Data = Data { level: "R", ..BLOOD_SUGAR };
const VERY_RESTRICTED: Data = Data { level: "V", ..BLOOD_SUGAR };
const PSY: Data = Data { labels: &["PSY"], ..RESTRICTED };
const SDV: Data = Data { labels: &["SDV"], ..RESTRICTED };
const PSY_AND_SDV: Data = Data { labels: &["PSY", "SDV"], ..RESTRICTED };
/// A label without the level that it asks for.
const MISLABELED_PSY: Data = Data { level: "N", ..PSY };

const NORMAL: Terms = Terms { labels: &["N"], ..ANY };
const NAMED: &[&str] = &["Practitioner/ex-practitioner"];

fn normal() -> Example {
    let rows = vec![
        covered("a physician treats", treats(BLOOD_SUGAR), "the data is normal"),
        covered("a physician reads less than normal data", treats(LOW), "`L` is below `N`"),
        uncovered("a physician reads restricted data", treats(RESTRICTED), "`R` is above `N`"),
        uncovered("a physician reads on alcohol", treats(ALCOHOL_USE), "it is restricted"),
        uncovered(
            "a researcher reads normal data",
            reads(RESEARCHER, &["HRESCH"], BLOOD_SUGAR),
            "research is not named",
        ),
    ];
    let about = "The patient permits TPO with normal data.";
    example("ex-consent-advanced-normal", about, tpo_with(NORMAL), rows)
}

fn normal_restricted() -> Example {
    let rows = vec![
        covered("a physician treats", treats(BLOOD_SUGAR), "`N` is named"),
        covered("a physician reads restricted data", treats(RESTRICTED), "`R` is named"),
        covered("a physician reads on alcohol", treats(ALCOHOL_USE), "it is restricted"),
        uncovered(
            "a physician reads very restricted data",
            treats(VERY_RESTRICTED),
            "`V` is above `R`",
        ),
        uncovered(
            "a researcher reads restricted data",
            reads(RESEARCHER, &["HRESCH"], RESTRICTED),
            "research is not named",
        ),
    ];
    let consent = tpo_with(Terms { labels: &["N", "R"], ..ANY });
    let about = "The patient permits TPO with normal and restricted data.";
    example("ex-consent-advanced-normal-restricted", about, consent, rows)
}

fn normal_not_restricted() -> Example {
    let denied_data = Terms { labels: &["R"], ..ANY };
    let consent = Draft { provisions: vec![(denied_data, vec![])], ..tpo_with(NORMAL) };
    let rows = vec![
        covered("a physician treats", treats(BLOOD_SUGAR), "the data is normal"),
        covered("a physician reads less than normal data", treats(LOW), "`L` is below `N`"),
        uncovered(
            "a physician reads restricted data",
            treats(RESTRICTED),
            "it is outside of what the consent is about, so its exception is not needed",
        ),
        uncovered("a physician reads very restricted data", treats(VERY_RESTRICTED), "so is this"),
    ];
    let about = "The patient permits TPO with normal data, and expressly not with restricted data.";
    example("ex-consent-advanced-normal-not-restricted", about, consent, rows)
}

/// Why a permit in a permit is written the other way round.
const NO_LEVEL: (&str, &str) = (
    "provision.securityLabel",
    "an exception says the reverse of its consent, so the permit in the permit is turned round: TPO \
     with all data, but for what is above `N`, but for the named person",
);

fn focused_restricted() -> Example {
    let above_normal = Terms { labels: &["R"], ..ANY };
    let to_named = Terms { actors: NAMED, ..above_normal };
    let consent = Draft { provisions: vec![(above_normal, vec![to_named])], ..tpo() };
    let rows = vec![
        covered("any physician treats", reads(COLLEAGUE, &["TREAT"], BLOOD_SUGAR), "normal data"),
        covered(
            "the practitioner reads restricted data",
            treats(RESTRICTED),
            "the person is named",
        ),
        denied(
            "another physician reads restricted data",
            reads(COLLEAGUE, &["TREAT"], RESTRICTED),
            "the person is not named",
        ),
        denied(
            "the practitioner reads very restricted data",
            treats(VERY_RESTRICTED),
            "`V` is above `R`",
        ),
        uncovered(
            "the practitioner researches restricted data",
            reads(PRACTITIONER, &["HRESCH"], RESTRICTED),
            "research is not named, for nobody",
        ),
    ];
    Example {
        notes: &[
            NO_LEVEL,
            ("provision.provision", "a deny of `R` and above, but up to `R` to the person"),
        ],
        ..example(
            "ex-consent-advanced-normal-focused-restricted",
            "The patient permits TPO with normal data, and one practitioner restricted data too.",
            consent,
            rows,
        )
    }
}

/// The labels to the named person alone, at whatever level they are, and else nothing above normal.
fn focused_on(labels: &'static [&'static str]) -> Draft {
    let to_named = Terms { actors: NAMED, labels, ..ANY };
    let labeled = Terms { labels, ..ANY };
    let above_normal = Terms { labels: &["R"], ..ANY };
    Draft {
        provisions: vec![
            (labeled, vec![Terms { actors: NAMED, ..ANY }]),
            (above_normal, vec![to_named]),
        ],
        ..tpo()
    }
}

fn focused_psy() -> Example {
    let rows = vec![
        covered("any physician treats", reads(COLLEAGUE, &["TREAT"], BLOOD_SUGAR), "normal data"),
        covered("the practitioner reads on mental health", treats(PSY), "label and person fit"),
        denied(
            "another physician reads on mental health",
            reads(COLLEAGUE, &["TREAT"], PSY),
            "the person is not named",
        ),
        denied(
            "the practitioner reads on violence",
            treats(SDV),
            "`SDV` is not named, and it is restricted",
        ),
        denied(
            "the practitioner reads restricted data without a label",
            treats(RESTRICTED),
            "the person may read mental health data, not all that is restricted",
        ),
        denied(
            "another physician reads on mental health, labelled as normal",
            reads(COLLEAGUE, &["TREAT"], MISLABELED_PSY),
            "nobody but the person reads what has the label",
        ),
        uncovered(
            "the practitioner researches mental health",
            reads(PRACTITIONER, &["HRESCH"], PSY),
            "research is not named, for nobody",
        ),
    ];
    Example {
        notes: &[
            NO_LEVEL,
            (
                "provision.provision",
                "a deny of the label but to the person, and of what is above normal but of the \
                 label to the person",
            ),
        ],
        ..example(
            "ex-consent-advanced-normal-focused-psy",
            "The patient permits TPO with normal data, and mental health data to one practitioner \
             alone.",
            focused_on(&["PSY"]),
            rows,
        )
    }
}

fn focused_psy_or_sdv() -> Example {
    let rows = vec![
        covered("any physician treats", reads(COLLEAGUE, &["TREAT"], BLOOD_SUGAR), "normal data"),
        covered("the practitioner reads on mental health", treats(PSY), "label and person fit"),
        covered("the practitioner reads on violence", treats(SDV), "so does the other label"),
        covered(
            "the practitioner reads data with both labels",
            treats(PSY_AND_SDV),
            "repetitions are alternatives, and both are named",
        ),
        denied(
            "another physician reads on violence",
            reads(COLLEAGUE, &["TREAT"], SDV),
            "the person is not named",
        ),
        denied("the practitioner reads on alcohol", treats(ALCOHOL_USE), "`ETHUD` is not named"),
        denied(
            "a clerk bills for mental health",
            reads(CLERK, &["HPAYMT"], PSY),
            "not named either",
        ),
    ];
    Example {
        notes: &[
            NO_LEVEL,
            (
                "provision.provision",
                "a deny of the labels but to the person, and of what is above normal but of the \
                 labels to the person",
            ),
        ],
        ..example(
            "ex-consent-advanced-normal-focused-psy-or-sdv",
            "The patient permits TPO with normal data, and data on mental health or sexual and \
             domestic violence to one practitioner alone.",
            focused_on(&["PSY", "SDV"]),
            rows,
        )
    }
}

fn break_glass_restricted() -> Example {
    let for_tpo = Terms { purposes: TPO, ..NORMAL };
    let broken = Terms { actors: NAMED, purposes: &["BTG"], labels: &["R"], ..ANY };
    let consent = Draft {
        decision: Effect::Deny,
        scope: Terms { purposes: EVERY_PURPOSE, ..ANY },
        provisions: vec![(for_tpo, vec![]), (broken, vec![])],
        ..tpo()
    };
    let rows = vec![
        covered("a physician treats", treats(BLOOD_SUGAR), "normal data"),
        denied("a physician reads restricted data", treats(RESTRICTED), "the glass is not broken"),
        covered(
            "the practitioner breaks the glass",
            reads(PRACTITIONER, &["BTG"], RESTRICTED).declared(),
            "the exception names purpose, level and person",
        ),
        denied(
            "the practitioner breaks the glass to very restricted data",
            reads(PRACTITIONER, &["BTG"], VERY_RESTRICTED).declared(),
            "`V` is above `R`",
        ),
        denied(
            "a physician outside of the group breaks the glass",
            reads(COLLEAGUE, &["BTG"], RESTRICTED).declared(),
            "the deny names emergencies, so the network's rule does not override it",
        ),
        denied(
            "a researcher reads normal data",
            reads(RESEARCHER, &["HRESCH"], BLOOD_SUGAR),
            "research is not named",
        ),
    ];
    Example {
        notes: &[
            (
                "provision.type",
                "two permits side by side, which are exceptions to a deny of all that neither names",
            ),
            (
                "provision.purpose",
                "all purposes by name, emergencies among them, so that none but the group breaks \
                 the glass; TPO stands in the first exception",
            ),
            ("provision.securityLabel", "`N` stands in the first exception"),
            (
                "provision.provision",
                "TPO with normal data; and the group's member in place of the group",
            ),
        ],
        ..example(
            "ex-consent-advanced-normal-break-glass-restricted",
            "The patient permits TPO with normal data, and restricted data to a group of persons \
             who break the glass.",
            consent,
            rows,
        )
    }
}
