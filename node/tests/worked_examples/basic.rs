//! The basic option of IHE PCF: a policy, a span, purposes.

use vidimus::record::consent::Effect;

use crate::{
    draft::{ANY, Draft, Terms},
    example::{Example, Row, covered, denied, excepted, implied, uncovered},
    pcf::{
        ALCOHOL_USE, BLOOD_SUGAR, CLERK, PRACTITIONER, QUALITY, RESEARCHER, example, reads, tpo,
        treats,
    },
};

pub(crate) fn all() -> Vec<Example> {
    vec![treat(), infant(), ink(), expired(), reject(), research()]
}

/// What becomes of accesses under the consent to treatment, payment and operations.
fn of_tpo() -> Vec<Row> {
    vec![
        covered("a physician treats", treats(BLOOD_SUGAR), "treatment is named"),
        covered(
            "a physician treats, with sensitive data",
            treats(ALCOHOL_USE),
            "the consent says nothing of labels, so it is about all data",
        ),
        covered(
            "a clerk checks whether the insurer pays",
            reads(CLERK, &["ELIGVER"], BLOOD_SUGAR),
            "`ELIGVER` is a kind of payment",
        ),
        covered(
            "a quality manager looks into it",
            reads(QUALITY, &["HQUALIMP"], BLOOD_SUGAR),
            "`HQUALIMP` is a kind of operations",
        ),
        uncovered(
            "a researcher reads",
            reads(RESEARCHER, &["HRESCH"], BLOOD_SUGAR),
            "research is not named",
        ),
        uncovered(
            "a physician treats and advertises",
            reads(PRACTITIONER, &["HMARKT", "TREAT"], BLOOD_SUGAR),
            "every purpose must be permitted, and marketing is not",
        ),
        uncovered(
            "a quality manager looks into it before the consent was given",
            reads(QUALITY, &["HQUALIMP"], BLOOD_SUGAR).at("2022-06-12"),
            "no consent was in force then, and the implicit policy is for treatment alone",
        ),
        excepted(
            "a physician declares an emergency",
            reads(PRACTITIONER, &["BTG"], BLOOD_SUGAR).declared(),
            "treatment does not stand for breaking the glass; the network allows it, with a review",
        ),
    ]
}

fn treat() -> Example {
    example("ex-consent-basic-treat", "The patient permits TPO.", tpo(), of_tpo())
}

fn infant() -> Example {
    let consent = Draft { grantor: Some("Patient/ex-mother"), ..tpo() };
    let about = "A mother permits TPO with the data of her infant. She signs by a delegation, \
                 as a parent.";
    example("ex-consent-basic-treat-infant", about, consent, of_tpo())
}

fn ink() -> Example {
    let about = "The patient permits TPO on paper, with a signature in ink. What the scanned paper \
                 is, decides nothing.";
    example("ex-consent-basic-ink", about, tpo(), of_tpo())
}

fn expired() -> Example {
    let consent = Draft { period: Some((None, Some("2022-12-31"))), ..tpo() };
    let pays = |at| reads(CLERK, &["HPAYMT"], BLOOD_SUGAR).at(at);
    let rows = vec![
        covered("a clerk bills in July", pays("2022-07-01"), "payment is named, in the span"),
        covered(
            "a clerk bills in the last millisecond",
            pays("2022-12-31T23:59:59.999Z"),
            "the last day belongs to the span",
        ),
        uncovered(
            "a clerk bills on New Year's Day",
            pays("2023-01-01"),
            "the consent has ended, and the implicit policy is for treatment alone",
        ),
        implied(
            "a physician treats on New Year's Day",
            treats(BLOOD_SUGAR).at("2023-01-01"),
            "where no consent is in force the implicit policy decides",
        ),
        uncovered(
            "a clerk bills before the consent was given",
            pays("2022-06-12T23:59:59.999Z"),
            "the span has no start, so it begins with the consent",
        ),
    ];
    let about = "The patient permits TPO until the end of 2022.";
    example("ex-consent-expired-treat", about, consent, rows)
}

fn reject() -> Example {
    let consent = Draft { decision: Effect::Deny, ..tpo() };
    let rows = vec![
        denied("a physician treats", treats(BLOOD_SUGAR), "the implicit policy is overridden"),
        denied("a clerk bills", reads(CLERK, &["HPAYMT"], BLOOD_SUGAR), "payment is named"),
        denied(
            "a physician treats and researches",
            reads(PRACTITIONER, &["HRESCH", "TREAT"], BLOOD_SUGAR),
            "one denied purpose is enough",
        ),
        uncovered(
            "a researcher reads",
            reads(RESEARCHER, &["HRESCH"], BLOOD_SUGAR),
            "the consent does not speak of research, and nothing permits it",
        ),
        denied(
            "a physician writes `ETREAT` and declares nothing",
            reads(PRACTITIONER, &["ETREAT"], BLOOD_SUGAR),
            "a deny of treatment reaches its kinds",
        ),
        excepted(
            "a physician declares an emergency",
            reads(PRACTITIONER, &["BTG"], BLOOD_SUGAR).declared(),
            "the patient did not speak of emergencies, and the network allows them",
        ),
        denied(
            "a clerk declares an emergency",
            reads(CLERK, &["BTG"], BLOOD_SUGAR).declared(),
            "only who treats people may",
        ),
        implied(
            "a physician treats before the dissent",
            treats(BLOOD_SUGAR).at("2022-06-12"),
            "the implicit policy held until then",
        ),
    ];
    example("ex-consent-basic-reject", "The patient denies TPO.", consent, rows)
}

fn research() -> Example {
    let consent = Draft {
        given: "2023-06-24",
        policy: "http://example.org/policies/researchPrivacyConsentPolicy.txt",
        scope: Terms { purposes: &["HRESCH"], ..ANY },
        ..tpo()
    };
    let researches = |purposes| reads(RESEARCHER, purposes, BLOOD_SUGAR).at("2023-07-01");
    let rows = vec![
        covered("a researcher reads", researches(&["HRESCH"]), "research is named"),
        covered(
            "a researcher reads for a clinical trial",
            researches(&["CLINTRCH"]),
            "`CLINTRCH` is a kind of research",
        ),
        uncovered(
            "a researcher advertises",
            researches(&["HMARKT", "HRESCH"]),
            "every purpose must be permitted, and marketing is not",
        ),
        uncovered(
            "a researcher reads before the consent was given",
            researches(&["HRESCH"]).at("2023-06-23"),
            "no consent was in force then",
        ),
        uncovered(
            "a researcher reads under a protocol",
            researches(&["CLINTRCH"]).under("FooBar"),
            "access under a protocol needs consent to that version of it",
        ),
        uncovered(
            "a physician treats",
            treats(BLOOD_SUGAR).at("2023-07-01"),
            "a consent is in force, so the implicit policy is not asked: who consents to research \
             alone restates what else shall go on",
        ),
    ];
    let about = "The patient permits research of every kind.";
    example("ex-consent-basic-research", about, consent, rows)
}
