//! V02: an access under a consent that had expired.

use crate::audit::{
    finding::Severity,
    violation::{Description, Text},
};

pub(in crate::audit) const DESCRIPTION: Description = Description {
    severity: Severity::High,
    heuristic: false,
    english: Text {
        title: "Access after the consent had expired",
        happened: "{person} ({role}) of {organization} opened the record for {purposes} at {moment}. Consent {consent} would permit it, but its time was over.",
        matters: "A consent is given for a time. After it the patient has to be asked again.",
        lawful: "A new version of the consent, recorded before the access.",
        not_proven: "That the patient would have refused.",
    },
};
