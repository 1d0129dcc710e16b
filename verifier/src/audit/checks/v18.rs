//! V18: psychotherapy notes or self-paid care used for payment or operations.

use crate::{
    audit::{
        act::Act,
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
        title: "Specially protected notes used for payment or operations",
        happened: "{person} ({role}) of {organization} opened the record for {purposes} at {moment}. The data are psychotherapy notes, or care that the patient paid for and asked to keep from the insurance.",
        matters: "Such notes are for treatment alone; and who pays for care may keep the insurance out of it (45 CFR 164.508(a)(2), 164.522(a)(1)(vi)).",
        lawful: "An authorization by the patient, or another purpose.",
        not_proven: "That the labels fit the data.",
    },
};

/// Access to psychotherapy notes or self-paid care for payment or operations.
#[derive(Debug)]
pub(super) struct ProtectedNotes;

/// Labels of such data.
const LABELS: [(System, &str); 3] = [
    (System::Sensitivity, "PSYTHPN"),
    (System::Law, "HIPAAPsyNotes"),
    (System::Law, "HIPAASelfPay"),
];

impl Check for ProtectedNotes {
    fn id(&self) -> ViolationId {
        ViolationId::V18
    }

    fn is_of_sealed(&self) -> bool {
        true
    }

    fn act(&mut self, act: &Act<'_>, _ledger: &Ledger<'_>, found: &mut Found) {
        let Some(performed) = act.performed() else { return };
        if performed.has_label(&LABELS) && performed.has_purpose(&["HPAYMT", "HOPERAT"]) {
            found.add(performed.finding(self.id()));
        }
    }
}
