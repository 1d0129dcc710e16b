//! V25: sensitive data without a label.

use alloc::{
    string::{String, ToString as _},
    vec::Vec,
};

use crate::{
    audit::{
        act::Act,
        check::Check,
        finding::{Severity, Value},
        found::Found,
        ledger::Ledger,
        options::AuditOptions,
        report::SkipReason,
        violation::{Description, Text, ViolationId},
    },
    record::codes::System,
};

pub(in crate::audit) const DESCRIPTION: Description = Description {
    severity: Severity::Medium,
    heuristic: false,
    english: Text {
        title: "Sensitive data without a label",
        happened: "{person} ({role}) of {organization} opened the record for {purposes} at {moment}. Data of the kind {classes} bear no label of sensitivity.",
        matters: "Labels are what consents and denials match. Sensitive data without one pass by every denial.",
        lawful: "A label of sensitivity on data of this kind.",
        not_proven: "That these data are sensitive: the policy says that their kind is.",
    },
};

/// Opened data of a class that the policy lists, without a sensitivity label.
#[derive(Debug)]
pub(super) struct Unlabelled;

impl Check for Unlabelled {
    fn id(&self) -> ViolationId {
        ViolationId::V25
    }

    fn skip(&self, options: &AuditOptions) -> Option<SkipReason> {
        options.policy.sensitive_classes.is_empty().then_some(SkipReason::Policy)
    }

    fn is_of_sealed(&self) -> bool {
        true
    }

    fn act(&mut self, act: &Act<'_>, ledger: &Ledger<'_>, found: &mut Found) {
        let (Some(performed), Some(carried)) = (act.performed(), act.carried()) else { return };
        let codes = carried.codes();
        let sensitive = &ledger.policy().sensitive_classes;
        let classes: Vec<String> = codes
            .iter()
            .filter(|code| code.system() == System::Class && sensitive.contains(code.text()))
            .map(|code| code.text().to_string())
            .collect();
        let is_labelled = codes.iter().any(|code| code.system() == System::Sensitivity);
        if !classes.is_empty() && !is_labelled {
            found.add(performed.finding(self.id()).with("classes", Value::Codes(classes)));
        }
    }
}
