//! V10: an emergency without a reason.

use crate::audit::{
    act::Act,
    check::Check,
    finding::Severity,
    found::Found,
    ledger::Ledger,
    violation::{Description, Text, ViolationId},
};

pub(in crate::audit) const DESCRIPTION: Description = Description {
    severity: Severity::High,
    heuristic: false,
    english: Text {
        title: "Emergency access without a justification",
        happened: "{person} ({role}) of {organization} opened the record as an emergency at {moment} and gave no reason.",
        matters: "An emergency overrides what the patient decided. Without a reason nobody can review whether there was one.",
        lawful: "A justification, written down with the access.",
        not_proven: "That there was no emergency.",
    },
};

/// Access declared an emergency, without a justification.
#[derive(Debug)]
pub(super) struct UnjustifiedEmergency;

impl Check for UnjustifiedEmergency {
    fn id(&self) -> ViolationId {
        ViolationId::V10
    }

    fn act(&mut self, act: &Act<'_>, _ledger: &Ledger<'_>, found: &mut Found) {
        let Some(performed) = act.performed() else { return };
        let processing = &performed.half.processing;
        if processing.emergency && processing.justification.is_none() {
            found.add(performed.finding(self.id()));
        }
    }
}
