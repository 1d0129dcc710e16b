//! V01: an access that nothing covers.

use crate::audit::{
    finding::Severity,
    violation::{Description, Text},
};

pub(in crate::audit) const DESCRIPTION: Description = Description {
    severity: Severity::High,
    heuristic: false,
    english: Text {
        title: "Access that nothing covers",
        happened: "{person} ({role}) of {organization} opened the record for {purposes} at {moment}; no consent and no lawful basis on the ledger covers it.",
        matters: "Whoever opens a record without the patient's word or a law behind it breaks confidentiality.",
        lawful: "A consent of the patient in force at that moment, or a lawful basis that the network accepts.",
        not_proven: "That there was no consent on paper; nor that one recorded later was not given before.",
    },
};
