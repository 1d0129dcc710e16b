//! V06: an access for a purpose that the consent does not name.

use crate::audit::{
    finding::Severity,
    violation::{Description, Text},
};

pub(in crate::audit) const DESCRIPTION: Description = Description {
    severity: Severity::High,
    heuristic: false,
    english: Text {
        title: "Access for a purpose that the consent does not permit",
        happened: "{person} ({role}) of {organization} opened the record for {purposes} at {moment}. Consent {consent} is in force and permits other purposes.",
        matters: "Data given for one purpose must not be used for another.",
        lawful: "A consent that names every purpose of the access.",
        not_proven: "What the data were really used for.",
    },
};
