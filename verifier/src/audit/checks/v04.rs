//! V04: an access before the consent began, or was recorded.

use crate::audit::{
    finding::Severity,
    violation::{Description, Text},
};

pub(in crate::audit) const DESCRIPTION: Description = Description {
    severity: Severity::High,
    heuristic: false,
    english: Text {
        title: "Access before the consent held",
        happened: "{person} ({role}) of {organization} opened the record for {purposes} at {moment}. Consent {consent} would permit it, but began, or was recorded, only later.",
        matters: "A consent that is written down after the fact can be made to fit any access.",
        lawful: "A consent that is recorded before the record is opened.",
        not_proven: "That the patient had not agreed before it was recorded.",
    },
};
