//! V36: a decision that nobody can make.

use alloc::{format, string::String, vec::Vec};

use crate::{
    audit::{
        act::Act,
        check::Check,
        finding::{Severity, Value},
        found::Found,
        ledger::Ledger,
        violation::{Description, Text, ViolationId},
    },
    contract::{
        decision::Verdict,
        matching::{Unmapped, unmapped_codes},
    },
    record::codes::Element,
};

pub(in crate::audit) const DESCRIPTION: Description = Description {
    severity: Severity::Info,
    heuristic: false,
    english: Text {
        title: "Access whose lawfulness cannot be decided",
        happened: "{person} ({role}) of {organization} opened the record for {purposes} at {moment}. It has codes that no table knows ({unknown}), so that nobody can say whether it is permitted; it was not.",
        matters: "A new or mistyped code must not open a record. It may also hide that a consent denies the access.",
        lawful: "Codes of the tables that the network decides by.",
        not_proven: "That the code was meant to deceive.",
    },
};

/// Performed access with an indeterminate decision.
#[derive(Debug)]
pub(super) struct Indeterminate;

impl Check for Indeterminate {
    fn id(&self) -> ViolationId {
        ViolationId::V36
    }

    fn act(&mut self, act: &Act<'_>, _ledger: &Ledger<'_>, found: &mut Found) {
        if let Some(performed) = act.performed()
            && performed.judgement.decision.verdict == Verdict::Indeterminate
        {
            let unknown: Vec<_> = unmapped_codes(&performed.half.processing).map(name).collect();
            let finding = performed.finding(self.id()).by_rule("decision.verdict".into());
            found.add(finding.with("unknown", Value::Word(unknown.join(", "))));
        }
    }
}

/// A code that no table knows, as far as it is in clear.
fn name(code: Unmapped<'_>) -> String {
    match code {
        Unmapped::Clear(system, text) => format!("{} {text}", system.name()),
        Unmapped::Sealed(Element::Confidentiality) => "a sealed level of confidentiality".into(),
        Unmapped::Sealed(element) => format!("a sealed {}", element.name()),
    }
}
