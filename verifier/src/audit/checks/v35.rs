//! V35: a consent that was entered in error.

use crate::{
    audit::{
        act::Act,
        check::Check,
        finding::{Severity, Value},
        found::Found,
        ledger::Ledger,
        violation::{Description, Text, ViolationId},
    },
    record::access::ConsentReference,
};

pub(in crate::audit) const DESCRIPTION: Description = Description {
    severity: Severity::High,
    heuristic: false,
    english: Text {
        title: "Access under a consent that was entered in error",
        happened: "{person} ({role}) of {organization} opened the record for {purposes} at {moment}, relying on consent {consent}, which is marked as entered in error.",
        matters: "A consent that was entered in error was never given.",
        lawful: "A consent that the patient gave.",
        not_proven: "That whoever opened the record could know of the error.",
    },
};

/// Access that only a consent entered in error would cover, or that refers to one.
#[derive(Debug)]
pub(super) struct EnteredInError;

impl Check for EnteredInError {
    fn id(&self) -> ViolationId {
        ViolationId::V35
    }

    fn act(&mut self, act: &Act<'_>, ledger: &Ledger<'_>, found: &mut Found) {
        if let Some(finding) = act.uncovered_finding(self.id()) {
            found.add(finding);
            return;
        }
        let Some(performed) = act.performed() else { return };
        let at = performed.moment();
        let wrong = |reference: &ConsentReference| {
            ledger.consent_in_error(performed.subject(), &reference.consent, at)
        };
        if let Some(consent) = performed.half.consents.iter().find_map(wrong) {
            let finding = performed.finding(self.id());
            found.add(finding.with("consent", Value::Record(consent)).shown_by(consent));
        }
    }
}
