//! Where consent to care is implied: what patients withhold from it.

use vidimus::{contract::rules::ImplicitPolicy, record::consent::Effect};

use super::{CLERK, DATA, HOSPITAL, OUTSIDER, PHYSICIAN, consent, example, reads, treats};
use crate::{
    access::{Data, Who},
    draft::{ANY, Draft, Terms},
    example::{Example, Row, covered, denied, implied, uncovered},
    fields::Root,
};

pub(super) fn all() -> Vec<Example> {
    vec![not_author(), not_org(), not_them(), not_this(), not_time()]
}

/// Care but for these terms, and these terms again but for those.
fn care_but(denied: Terms, exceptions: Vec<Terms>) -> Draft {
    Draft {
        scope: Terms { purposes: &["TREAT"], ..ANY },
        provisions: vec![(denied, exceptions)],
        ..consent("OPTIN", Effect::Permit)
    }
}

const CARE: (&str, &str) = (
    "scope.purpose",
    "consent is implied for care alone; the consent restates that, since no implicit policy is \
     asked once a consent is in force",
);
const WITHHELD: (&str, &str) =
    ("provision.type", "not there; the exception to `OPTIN` denies, as the text does");

fn withheld(
    name: &'static str,
    about: &'static str,
    consent: Draft,
    notes: &'static [(&'static str, &'static str)],
    rows: Vec<Row>,
) -> Example {
    Example {
        root: Root::Exception,
        implicit: ImplicitPolicy::BasicNormal,
        ..example(name, about, consent, notes, rows)
    }
}

fn not_author() -> Example {
    const fn by(authors: &'static [&'static str]) -> Data {
        Data { authors, ..DATA }
    }
    let rows = vec![
        denied(
            "a physician reads what the hospital wrote",
            treats(by(&[HOSPITAL])),
            "the author is named",
        ),
        denied(
            "a physician elsewhere reads it",
            reads(OUTSIDER, &["TREAT"], by(&[HOSPITAL])),
            "it is withheld from every provider",
        ),
        covered(
            "a physician reads what a practice wrote",
            treats(by(&["Organization/elsewhere"])),
            "the author is not named",
        ),
        denied(
            "a physician reads what both wrote",
            treats(by(&["Organization/elsewhere", HOSPITAL])),
            "one named author is enough",
        ),
        denied(
            "a physician reads what nobody knows the author of",
            treats(by(&[])),
            "it may be the hospital: a deny reaches what is unsaid",
        ),
        uncovered(
            "a clerk bills what a practice wrote",
            reads(CLERK, &["HPAYMT"], by(&["Organization/elsewhere"])),
            "consent is implied for care alone",
        ),
    ];
    withheld(
        "consent-example-notAuthor",
        "The patient withholds what one hospital wrote.",
        care_but(Terms { authors: &[HOSPITAL], ..ANY }, vec![]),
        &[
            CARE,
            WITHHELD,
            ("provision.actor", "the custodian `CST` stands for who wrote the data, by the text"),
            ("provision.data.authoredby", "the hospital"),
        ],
        rows,
    )
}

fn not_org() -> Example {
    let rows = vec![
        denied("a physician of the clinic treats", treats(DATA), "the organization is named"),
        denied(
            "a physician of the clinic corrects",
            treats(DATA).doing("U"),
            "the organization is named",
        ),
        denied(
            "a physician of the clinic prints",
            treats(DATA).doing("print"),
            "every disclosure is withheld, by the text",
        ),
        covered(
            "a physician elsewhere treats",
            reads(OUTSIDER, &["TREAT"], DATA),
            "the organization is not named",
        ),
        uncovered(
            "a physician elsewhere researches",
            reads(OUTSIDER, &["HRESCH"], DATA),
            "consent is implied for care alone",
        ),
        implied(
            "a physician of the clinic treats before the dissent",
            treats(DATA).at("2015-11-17"),
            "consent was implied until then",
        ),
    ];
    withheld(
        "consent-example-notOrg",
        "The patient withholds everything from one clinic.",
        care_but(Terms { actors: &[HOSPITAL], ..ANY }, vec![]),
        &[
            CARE,
            (
                "provision.action",
                "the text withholds every disclosure; to name reading and correcting would leave \
                 printing and export",
            ),
        ],
        rows,
    )
}

fn not_them() -> Example {
    const NURSE: Who = Who { person: "Practitioner/f204", role: "nurse", organization: HOSPITAL };
    let rows = vec![
        denied("the nurse treats", reads(NURSE, &["TREAT"], DATA), "the person is named"),
        denied(
            "the nurse treats at another organization",
            reads(Who { organization: "Organization/elsewhere", ..NURSE }, &["TREAT"], DATA),
            "the person is named, wherever they work",
        ),
        denied(
            "the nurse exports",
            reads(NURSE, &["TREAT"], DATA).doing("export"),
            "every access is withheld, by the text",
        ),
        covered(
            "another nurse treats",
            reads(Who { person: "Practitioner/f205", ..NURSE }, &["TREAT"], DATA),
            "the person is not named",
        ),
        covered("a physician treats", treats(DATA), "the person is not named"),
        uncovered(
            "a physician advertises",
            reads(PHYSICIAN, &["HMARKT"], DATA),
            "consent is implied for care alone",
        ),
    ];
    withheld(
        "consent-example-notThem",
        "The patient withholds everything from one nurse.",
        care_but(Terms { actors: &["Practitioner/f204"], ..ANY }, vec![]),
        &[
            CARE,
            WITHHELD,
            (
                "provision.action",
                "the text withholds every access; to name reading and correcting would leave \
                 printing and export",
            ),
        ],
        rows,
    )
}

fn not_this() -> Example {
    const ORDERER: Who = Who { person: "Practitioner/primary", ..OUTSIDER };
    const ORDER: &[&str] = &["Task/example3", "ServiceRequest/order", "Observation/result"];
    const RESULT: Data = Data { resources: &["Observation/result"], ..DATA };
    let orderer = Terms { actors: &["Practitioner/primary"], ..ANY };
    let rows = vec![
        denied("a physician reads a result", treats(RESULT), "it is listed"),
        denied(
            "a physician reads the order",
            treats(Data { class: "ServiceRequest", resources: &["ServiceRequest/order"], ..DATA }),
            "it is listed",
        ),
        denied(
            "a physician reads a result and a measurement",
            treats(Data { resources: &["Observation/f001", "Observation/result"], ..DATA }),
            "one of them is listed",
        ),
        covered(
            "the provider who ordered reads a result",
            reads(ORDERER, &["TREAT"], RESULT),
            "it is withheld from all others",
        ),
        covered("a physician reads a measurement", treats(DATA), "it is not listed"),
    ];
    withheld(
        "consent-example-notThis",
        "The patient withholds an order and its results from all but the provider who ordered.",
        care_but(Terms { resources: ORDER, ..ANY }, vec![orderer]),
        &[
            CARE,
            WITHHELD,
            (
                "provision.data.related",
                "records know no relation between resources; what is related is listed when the \
                 consent is signed, and what comes later needs a new version",
            ),
            ("provision.data.instance", "the task, the order and its result"),
            ("provision.provision", "who ordered, whom the text leaves out"),
        ],
        rows,
    )
}

fn not_time() -> Example {
    const JANUARY: Option<(Option<&str>, Option<&str>)> =
        Some((Some("2015-01-01"), Some("2015-02-01")));
    let of = |start, end| treats(Data { period: Some((Some(start), Some(end))), ..DATA });
    let rows = vec![
        denied(
            "a physician reads data of 1 February 2015",
            of("2015-02-01", "2015-02-01"),
            "the last day belongs to the span",
        ),
        covered(
            "a physician reads data of 2 February 2015",
            of("2015-02-02", "2015-02-02"),
            "it lies behind the span",
        ),
        covered(
            "a physician reads data of New Year's Eve",
            of("2014-12-31", "2014-12-31"),
            "it lies before the span",
        ),
        denied(
            "a physician reads data of the turn of the year",
            of("2014-12-31", "2015-01-01"),
            "part of it lies in the span",
        ),
        denied(
            "a physician reads data of unknown date",
            treats(Data { period: None, ..DATA }),
            "it may be of then: a deny reaches what is unsaid",
        ),
    ];
    withheld(
        "consent-example-notTime",
        "The patient withholds data of one month.",
        care_but(Terms { data_period: JANUARY, ..ANY }, vec![]),
        &[
            CARE,
            WITHHELD,
            (
                "provision.period",
                "as the consent's own span it would have ended before the consent was given; the \
                 text speaks of records of that time",
            ),
            ("provision.dataPeriod", "the span of the data"),
        ],
        rows,
    )
}
