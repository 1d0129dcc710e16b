//! V13: emergency treatment by somebody who treats nobody.

use crate::{
    audit::{
        act::{Act, is_a},
        check::Check,
        finding::Severity,
        found::Found,
        ledger::Ledger,
        violation::{Description, Text, ViolationId},
    },
    record::codes::System,
};

pub(in crate::audit) const DESCRIPTION: Description = Description {
    severity: Severity::High,
    heuristic: false,
    english: Text {
        title: "Emergency claimed by somebody who does not treat patients",
        happened: "{person} ({role}) of {organization} opened the record for {purposes} at {moment} as an emergency.",
        matters: "The exception for emergencies is for those who treat the patient. Nobody else needs it.",
        lawful: "A clinician's role, or another purpose with a consent or a lawful basis of its own.",
        not_proven: "That the person's role on the ledger is their role at work.",
    },
};

/// Emergency, by flag or purpose, of a role that is no clinician.
#[derive(Debug)]
pub(super) struct NotAClinician;

impl Check for NotAClinician {
    fn id(&self) -> ViolationId {
        ViolationId::V13
    }

    fn act(&mut self, act: &Act<'_>, _ledger: &Ledger<'_>, found: &mut Found) {
        let Some(performed) = act.performed() else { return };
        let processing = &performed.half.processing;
        let is_emergency = processing.emergency || performed.has_purpose(&["ETREAT"]);
        let treats = is_a(System::Role, &processing.actor.role, &["clinician"]);
        if is_emergency && !treats {
            found.add(performed.finding(self.id()));
        }
    }
}
