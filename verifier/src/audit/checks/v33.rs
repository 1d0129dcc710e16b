//! V33: a direct identifier in clear.

use crate::audit::{
    act::Act,
    check::Check,
    clear::{IdentifierScan, clear_codes, clear_texts},
    finding::{Finding, Severity, Value},
    found::Found,
    ledger::Ledger,
    violation::{Description, Text, ViolationId},
};

pub(in crate::audit) const DESCRIPTION: Description = Description {
    severity: Severity::High,
    heuristic: true,
    english: Text {
        title: "Text in clear that may identify a person",
        happened: "A record of the kind {kind} has a text in clear, as {field}, that looks like {what}.",
        matters: "What stands on the ledger cannot be taken back. No name, number or birth date of a patient may stand there.",
        lawful: "Pseudonyms and sealed details.",
        not_proven: "That it is one: a number can look like another. The text itself is not repeated here.",
    },
};

/// Text in clear that looks like a direct identifier.
#[derive(Debug, Default)]
pub(super) struct DirectIdentifier {
    scan: IdentifierScan,
}

impl Check for DirectIdentifier {
    fn id(&self) -> ViolationId {
        ViolationId::V33
    }

    fn act(&mut self, act: &Act<'_>, ledger: &Ledger<'_>, found: &mut Found) {
        let Some(record) = act.accepted() else { return };
        let patterns = &ledger.policy().patterns;
        // Whoever may write any code can write a name as one.
        let codes = clear_codes(&record.body);
        let codes = codes.into_iter().map(|(field, code)| (field, code.as_str()));
        let found_one = clear_texts(&record.body)
            .into_iter()
            .chain(codes)
            .find_map(|(field, text)| Some((field, self.scan.find(text, patterns)?)));
        if let Some((field, what)) = found_one {
            let finding = Finding::new(self.id(), act)
                .with("kind", Value::word(record.body.kind().name()))
                .with("field", Value::word(field))
                .with("what", Value::word(what));
            found.add(finding);
        }
    }
}
