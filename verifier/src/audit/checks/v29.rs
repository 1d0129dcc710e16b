//! V29: a code in clear that reveals a restriction.

use alloc::{string::ToString as _, vec};

use crate::{
    audit::{
        act::Act,
        check::Check,
        clear::clear_codes,
        finding::{Finding, Severity, Value},
        found::Found,
        ledger::Ledger,
        violation::{Description, Text, ViolationId},
    },
    record::codes::{Code, System},
};

pub(in crate::audit) const DESCRIPTION: Description = Description {
    severity: Severity::High,
    heuristic: false,
    english: Text {
        title: "A code in clear reveals that something is restricted",
        happened: "A record of the kind {kind} has {codes} in clear, as {field}.",
        matters: "Whoever reads the ledger learns that this patient keeps something back, or what. That must not be visible to those who treat (Regulation (EU) 2025/327, Art. 8).",
        lawful: "Such codes only where they are sealed.",
        not_proven: "That anybody noticed.",
    },
};

/// A directive, refrain or sensitivity code in a field that stands in clear.
#[derive(Debug)]
pub(super) struct RevealingCode;

impl Check for RevealingCode {
    fn id(&self) -> ViolationId {
        ViolationId::V29
    }

    fn act(&mut self, act: &Act<'_>, _ledger: &Ledger<'_>, found: &mut Found) {
        let Some(record) = act.accepted() else { return };
        let reveals = |text: &str| {
            [System::Directive, System::Refrain, System::Sensitivity]
                .into_iter()
                .any(|system| Code::new(system, text).is_ok_and(|code| code.lookup().is_some()))
        };
        let codes = clear_codes(&record.body);
        if let Some((field, code)) = codes.into_iter().find(|(_, code)| reveals(code.as_str())) {
            let finding = Finding::new(self.id(), act)
                .with("kind", Value::word(record.body.kind().name()))
                .with("field", Value::word(field))
                .with("codes", Value::Codes(vec![code.as_str().to_string()]));
            found.add(finding);
        }
    }
}
