//! V08: data that the consent does not name.

use crate::audit::{
    finding::Severity,
    violation::{Description, Text},
};

pub(in crate::audit) const DESCRIPTION: Description = Description {
    severity: Severity::High,
    heuristic: false,
    english: Text {
        title: "Data that the consent does not permit",
        happened: "{person} ({role}) of {organization} opened the record for {purposes} at {moment}. Consent {consent} is in force and permits other data: its {element} are not those of the access.",
        matters: "A patient may open one part of a record and keep another closed.",
        lawful: "A consent that names this kind of data, or an access that opens only what is permitted.",
        not_proven: "What the data say. Their labels are the custodian's word.",
    },
};
