//! V07: an action that the consent does not name.

use crate::audit::{
    finding::Severity,
    violation::{Description, Text},
};

pub(in crate::audit) const DESCRIPTION: Description = Description {
    severity: Severity::High,
    heuristic: false,
    english: Text {
        title: "Action that the consent does not permit",
        happened: "{person} ({role}) of {organization} did this with the record at {moment}: {action}. Consent {consent} is in force and permits other actions.",
        matters: "To read is not to copy, print or hand on.",
        lawful: "A consent that names this action.",
        not_proven: "What became of the data afterwards.",
    },
};
