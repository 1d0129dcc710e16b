//! V17: research without approval.

use crate::audit::{
    act::Act,
    check::Check,
    finding::{Severity, Value},
    found::Found,
    ledger::Ledger,
    violation::{Description, Text, ViolationId},
};

pub(in crate::audit) const DESCRIPTION: Description = Description {
    severity: Severity::High,
    heuristic: false,
    english: Text {
        title: "Research without the consent or approval that it needs",
        happened: "{person} ({role}) of {organization} opened the record for {purposes} at {moment}: {why}.",
        matters: "Research uses a patient for others. It needs a protocol that somebody approved, and the patient's consent to that version of it.",
        lawful: "An open protocol version on the ledger, in its period, and a consent to that version.",
        not_proven: "That no ethics committee approved it outside the ledger.",
    },
};

/// Research access that no consent to a protocol covers, or without an approved protocol.
#[derive(Debug)]
pub(super) struct Unapproved;

impl Check for Unapproved {
    fn id(&self) -> ViolationId {
        ViolationId::V17
    }

    fn act(&mut self, act: &Act<'_>, ledger: &Ledger<'_>, found: &mut Found) {
        if let Some(finding) = act.uncovered_finding(self.id()) {
            found.add(finding.with("why", Value::word("no consent covers it")));
            return;
        }
        let Some(performed) = act.performed() else { return };
        if !performed.judgement.decision.verdict.permits() || !performed.has_purpose(&["HRESCH"]) {
            return;
        }
        let protocol = performed.half.processing.protocol;
        let moment = performed.moment();
        let Some(why) = ledger.closed_to_research(protocol.as_ref(), moment) else { return };
        let finding = performed.finding(self.id()).with("why", Value::word(why));
        found.add(match protocol {
            Some(protocol) => finding.shown_by(protocol),
            None => finding,
        });
    }
}
