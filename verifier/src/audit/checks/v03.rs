//! V03: an access under a consent that had been revoked.

use crate::audit::{
    finding::Severity,
    violation::{Description, Text},
};

pub(in crate::audit) const DESCRIPTION: Description = Description {
    severity: Severity::High,
    heuristic: false,
    english: Text {
        title: "Access after the consent had been revoked",
        happened: "{person} ({role}) of {organization} opened the record for {purposes} at {moment}. Consent {consent} would permit it, but had been revoked.",
        matters: "Taking a consent back must be as easy as giving it, and must work at once.",
        lawful: "Not to open the record, or another basis than this consent.",
        not_proven: "That whoever opened it knew of the revocation.",
    },
};
