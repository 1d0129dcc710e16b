//! V30: looking into the audit trail itself.

use crate::audit::{
    act::Act,
    check::Check,
    finding::Severity,
    found::Found,
    ledger::Ledger,
    options::AuditOptions,
    report::SkipReason,
    violation::{Description, Text, ViolationId},
};

pub(in crate::audit) const DESCRIPTION: Description = Description {
    severity: Severity::Medium,
    heuristic: false,
    english: Text {
        title: "Access to the audit trail itself",
        happened: "Who looked into the audit trail is not written on the ledger.",
        matters: "The trail says a lot about patients. Who reads it should be known too.",
        lawful: "A log of whoever reads the trail, kept by whoever shows it.",
        not_proven: "Anything: no ledger can show it.",
    },
};

/// Never looked for.
#[derive(Debug)]
pub(super) struct AuditTrail;

impl Check for AuditTrail {
    fn id(&self) -> ViolationId {
        ViolationId::V30
    }

    fn skip(&self, _options: &AuditOptions) -> Option<SkipReason> {
        Some(SkipReason::Outside)
    }

    fn act(&mut self, _act: &Act<'_>, _ledger: &Ledger<'_>, _found: &mut Found) {}
}
