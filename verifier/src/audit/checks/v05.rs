//! V05: an access by somebody whom the consent does not name.

use crate::audit::{
    finding::Severity,
    violation::{Description, Text},
};

pub(in crate::audit) const DESCRIPTION: Description = Description {
    severity: Severity::High,
    heuristic: false,
    english: Text {
        title: "Access by somebody whom the consent does not permit",
        happened: "{person} ({role}) of {organization} opened the record for {purposes} at {moment}. Consent {consent} is in force and permits others.",
        matters: "A patient who names who may look has not let everybody in.",
        lawful: "A consent that names this person, role or organization.",
        not_proven: "That the person is not who the patient meant: the ledger compares pseudonyms.",
    },
};
