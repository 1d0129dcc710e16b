//! V02: an access under a consent that had expired, or was inactive.

use crate::audit::{
    finding::Severity,
    violation::{Description, Text},
};

pub(in crate::audit) const DESCRIPTION: Description = Description {
    severity: Severity::High,
    heuristic: false,
    english: Text {
        title: "Access under a consent that had ended or was not active",
        happened: "{person} ({role}) of {organization} opened the record for {purposes} at {moment}. Consent {consent} would permit it, but {why}.",
        matters: "A consent is given for a time. After it, and where it was never in force, the patient has to be asked.",
        lawful: "A new version of the consent, recorded before the access.",
        not_proven: "That the patient would have refused.",
    },
};
