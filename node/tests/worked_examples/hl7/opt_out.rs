//! Dissents, and what they leave.

use vidimus::{contract::rules::ImplicitPolicy, record::consent::Effect};

use super::{CLERK, DATA, HOSPITAL, OUTSIDER, PHYSICIAN, consent, example, reads, treats};
use crate::{
    access::{Data, Who},
    draft::{ANY, Draft, Terms},
    example::{Example, covered, denied, excepted, implied},
    fields::Root,
};

pub(super) fn all() -> Vec<Example> {
    vec![out(), emergency(), grantor(), pkb()]
}

const KEEPER: (&str, &str) = (
    "provision.actor",
    "a custodian `CST` receives nothing: it is the custodian that the consent names",
);

fn out() -> Example {
    let rows = vec![
        denied("a physician treats", treats(DATA), "the implied consent is withdrawn"),
        denied(
            "a physician elsewhere treats",
            reads(OUTSIDER, &["TREAT"], DATA),
            "the data lies at the hospital, whoever reads it",
        ),
        denied(
            "a clerk bills",
            reads(CLERK, &["HPAYMT"], DATA),
            "the fields name no purpose, so they go further than the text",
        ),
        implied(
            "a physician treats before the dissent",
            treats(DATA).at("2015-11-17"),
            "consent was implied until then",
        ),
        excepted(
            "a physician declares an emergency",
            reads(PHYSICIAN, &["ETREAT"], DATA).declared(),
            "the patient spoke of normal treatment, not of emergencies",
        ),
        denied(
            "a physician writes `ETREAT` and declares nothing",
            reads(PHYSICIAN, &["ETREAT"], DATA),
            "an emergency must be declared",
        ),
    ];
    Example {
        implicit: ImplicitPolicy::BasicNormal,
        ..example(
            "consent-example-Out",
            "Where consent to treatment is implied, the patient withdraws it for the data of one \
             hospital.",
            consent("OPTOUT", Effect::Deny),
            &[("provision.type", "not there; the policy `OPTOUT` denies"), KEEPER],
            rows,
        )
    }
}

fn emergency() -> Example {
    let emergencies = Terms { purposes: &["ETREAT"], ..ANY };
    let consent =
        Draft { provisions: vec![(emergencies, vec![])], ..consent("OPTOUT", Effect::Deny) };
    let rows = vec![
        covered(
            "a physician treats in an emergency",
            reads(PHYSICIAN, &["ETREAT"], DATA),
            "the purpose is named, so nothing is overridden",
        ),
        covered(
            "a physician breaks the glass",
            reads(PHYSICIAN, &["BTG"], DATA),
            "`BTG` is a kind of `ETREAT`",
        ),
        denied("a physician treats", treats(DATA), "`TREAT` is not named"),
        denied(
            "a physician treats in an emergency and otherwise",
            reads(PHYSICIAN, &["ETREAT", "TREAT"], DATA),
            "every purpose must be permitted",
        ),
        denied("a clerk bills", reads(CLERK, &["HPAYMT"], DATA), "everything else is denied"),
    ];
    Example {
        root: Root::Exception,
        ..example(
            "consent-example-Emergency",
            "The patient denies all use of one hospital's data but for emergency treatment.",
            consent,
            &[
                ("provision.type", "not there; the exception to `OPTOUT` permits"),
                KEEPER,
                ("provision.provision", "denies everything else, as the policy does already"),
            ],
            rows,
        )
    }
}

fn grantor() -> Example {
    const REPRESENTATIVE: Who =
        Who { person: "Patient/example", role: "delegate", organization: HOSPITAL };
    const NEIGHBOR: Who = Who { person: "RelatedPerson/neighbor", ..REPRESENTATIVE };
    let permitted = Terms {
        actors: &["Patient/example"],
        actions: &["R", "query"],
        purposes: &["PATRQT"],
        ..ANY
    };
    let consent =
        Draft { provisions: vec![(permitted, vec![])], ..consent("OPTOUT", Effect::Deny) };
    let asks = |who| reads(who, &["PATRQT"], DATA);
    let rows = vec![
        covered("the representative reads", asks(REPRESENTATIVE), "person and action are named"),
        covered(
            "the representative searches for the family",
            reads(REPRESENTATIVE, &["FAMRQT"], DATA).doing("query"),
            "`FAMRQT` is a kind of `PATRQT`",
        ),
        denied(
            "the representative corrects",
            asks(REPRESENTATIVE).doing("U"),
            "access is to read, and no more",
        ),
        denied(
            "the representative researches",
            reads(REPRESENTATIVE, &["HRESCH"], DATA),
            "the purpose is not named",
        ),
        denied("a neighbor reads", asks(NEIGHBOR), "the person is not named"),
        denied("a physician treats", treats(DATA), "everything else is denied"),
    ];
    Example {
        root: Root::Exception,
        ..example(
            "consent-example-grantor",
            "The patient lets a representative read, at the patient's request.",
            consent,
            &[
                ("provision.type", "not there; the exception to `OPTOUT` permits"),
                KEEPER,
                ("provision.purpose", "at the patient's request, by the text"),
            ],
            rows,
        )
    }
}

fn pkb() -> Example {
    const LOW: Data = Data { level: "L", ..DATA };
    const fn labeled(labels: &'static [&'static str]) -> Data {
        Data { labels, ..LOW }
    }
    const TO_HOSPITAL: Terms = Terms { actors: &[HOSPITAL], actions: &["R", "query"], ..ANY };
    let with = |labels| Terms { labels, ..TO_HOSPITAL };
    let exceptions = [&["N"], &["PSY"], &["SPI"], &["SEX"]].map(|labels| with(labels));
    let consent = Draft {
        given: "2016-06-16",
        provisions: vec![(with(&["N"]), exceptions.to_vec())],
        ..consent("OPTOUT", Effect::Deny)
    };
    let rows = vec![
        covered(
            "the hospital reads less than normal data",
            treats(LOW),
            "`L` is below `N`, and no exception reaches it",
        ),
        denied("the hospital reads normal data", treats(DATA), "an exception takes `N` out again"),
        denied(
            "the hospital reads on mental health",
            treats(labeled(&["PSY"])),
            "an exception takes the label out",
        ),
        denied(
            "the hospital reads on alcohol",
            treats(labeled(&["ETHUD"])),
            "`ETHUD` is a kind of `SPI`",
        ),
        covered(
            "the hospital reads on HIV, below normal",
            treats(labeled(&["HIV"])),
            "no exception names the label",
        ),
        denied(
            "the hospital changes less than normal data",
            treats(LOW).doing("U"),
            "the action is not named",
        ),
        denied(
            "a physician elsewhere reads less than normal data",
            reads(OUTSIDER, &["TREAT"], LOW),
            "the organization is not named",
        ),
    ];
    Example {
        root: Root::Exception,
        ..example(
            "consent-example-pkb",
            "A picture of a page with settings, and no text. Read by the levels alone: the policy \
             denies, the root permits one organization to read, what is nested denies again.",
            consent,
            &[
                ("provision.type", "not there; the exception to `OPTOUT` permits"),
                (
                    "provision.provision",
                    "no nested provision has a type; each level says the reverse of the one above, \
                     as in R5. That `N` is permitted and denied is the resource's own doing",
                ),
            ],
            rows,
        )
    }
}
