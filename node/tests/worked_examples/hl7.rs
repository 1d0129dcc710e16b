//! The examples of HL7 FHIR R4, most of them of one patient at one hospital.

#[path = "hl7/opt_in.rs"]
mod opt_in;
#[path = "hl7/opt_out.rs"]
mod opt_out;
#[path = "hl7/withheld.rs"]
mod withheld;

use vidimus::{contract::rules::ImplicitPolicy, record::consent::Effect};

use crate::{
    access::{Access, Data, Who},
    draft::{ANY, Draft},
    example::{Example, Row, Source},
    fields::Root,
};

pub(crate) fn all() -> Vec<Example> {
    [opt_in::all(), opt_out::all(), withheld::all()].concat()
}

const HOSPITAL: &str = "Organization/f001";

const PHYSICIAN: Who =
    Who { person: "Practitioner/f005", role: "physician", organization: HOSPITAL };
const CLERK: Who = Who { person: "Practitioner/clerk", role: "billing", organization: HOSPITAL };
const OUTSIDER: Who = Who {
    person: "Practitioner/outside",
    role: "physician",
    organization: "Organization/elsewhere",
};

/// A measurement of 2014 at the hospital.
const DATA: Data = Data {
    class: "Observation",
    level: "N",
    labels: &[],
    resources: &["Observation/f001"],
    authors: &["Practitioner/f005"],
    period: Some((Some("2014-05-01"), Some("2014-05-01"))),
};

/// A consent to, or a dissent from, everything at the hospital.
fn consent(policy: &'static str, decision: Effect) -> Draft {
    Draft {
        given: "2015-11-18",
        grantor: None,
        custodian: HOSPITAL,
        period: None,
        policy,
        decision,
        scope: ANY,
        provisions: vec![],
        protocol: None,
    }
}

/// An example on a network where nothing is permitted without a consent or in an emergency.
fn example(
    name: &'static str,
    about: &'static str,
    consent: Draft,
    notes: &'static [(&'static str, &'static str)],
    rows: Vec<Row>,
) -> Example {
    Example {
        name,
        source: Source::Hl7,
        about,
        consent,
        beside: vec![],
        root: Root::Scope,
        implicit: ImplicitPolicy::Deny,
        break_glass: true,
        notes,
        rows,
    }
}

/// Reads data for these purposes, after every consent was given that has not ended.
fn reads(who: Who, purposes: &'static [&'static str], data: Data) -> Access {
    Access::read(who, purposes, data, "2016-07-01")
}

fn treats(data: Data) -> Access {
    reads(PHYSICIAN, &["TREAT"], data)
}
