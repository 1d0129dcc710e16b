//! V15: a parent or guardian whose time is over.

use crate::{
    audit::{
        act::Act,
        check::Check,
        delegate::of_age,
        finding::{Severity, Value},
        found::Found,
        ledger::Ledger,
        violation::{Description, Text, ViolationId},
    },
    record::{authority::Relation, codes::System},
};

pub(in crate::audit) const DESCRIPTION: Description = Description {
    severity: Severity::High,
    heuristic: false,
    english: Text {
        title: "Parent or guardian where the patient decides alone",
        happened: "{person} opened the record at {moment} as {relation} of a patient who decides alone: {why}.",
        matters: "Young people who may decide alone, wholly or on some care, must be able to keep it to themselves.",
        lawful: "An access by the patient, or by somebody whom the patient chose after coming of age.",
        not_proven: "That the patient would have minded.",
    },
};

/// Access by a parent or guardian after majority or the age of own consent, or to data that is the
/// young person's own.
#[derive(Debug)]
pub(super) struct PastGuardian;

impl Check for PastGuardian {
    fn id(&self) -> ViolationId {
        ViolationId::V15
    }

    fn is_of_sealed(&self) -> bool {
        true
    }

    fn act(&mut self, act: &Act<'_>, ledger: &Ledger<'_>, found: &mut Found) {
        let Some(performed) = act.performed() else { return };
        let Some(authority) = &performed.half.processing.delegate else { return };
        if !matches!(authority.relation, Relation::Parent | Relation::Guardian) {
            return;
        }
        let is_own = || performed.has_label(&[(System::Sensitivity, "ADOL")]);
        let why = of_age(authority, &performed, ledger)
            .or_else(|| is_own().then_some("the data are labelled as an adolescent's own"));
        let Some(why) = why else { return };
        let finding = performed
            .finding(self.id())
            .with("relation", Value::word(authority.relation.name()))
            .with("why", Value::word(why));
        found.add(match authority.delegation {
            Some(delegation) => finding.shown_by(delegation),
            None => finding,
        });
    }
}
