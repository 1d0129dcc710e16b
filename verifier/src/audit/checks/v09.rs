//! V09: an access that a consent denies.

use crate::audit::{
    finding::Severity,
    violation::{Description, Text},
};

pub(in crate::audit) const DESCRIPTION: Description = Description {
    severity: Severity::Critical,
    heuristic: false,
    english: Text {
        title: "Access that the patient had forbidden",
        happened: "{person} ({role}) of {organization} opened the record for {purposes} at {moment}, although consent {consent} denies it and no emergency was declared.",
        matters: "A prohibition that is overridden without a reason is none. It is the gravest breach of what a patient decides.",
        lawful: "Not to open the record, or a declared emergency that is reviewed.",
        not_proven: "That whoever opened it saw the prohibition: hospitals must not show that there is one.",
    },
};
