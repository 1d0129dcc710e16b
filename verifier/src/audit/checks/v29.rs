//! V29: a code or text in clear that reveals a restriction.

use alloc::{string::ToString as _, vec};

use crate::{
    audit::{
        act::Act,
        check::Check,
        clear::{clear_codes, clear_texts},
        finding::{Finding, Severity, Value},
        found::Found,
        ledger::Ledger,
        restriction::{RestrictionScan, is_restriction},
        violation::{Description, Text, ViolationId},
    },
    record::Body,
};

pub(in crate::audit) const DESCRIPTION: Description = Description {
    severity: Severity::High,
    heuristic: false,
    english: Text {
        title: "A code or text in clear reveals that something is restricted",
        happened: "A record of the kind {kind} has {codes} in clear, as {field}.",
        matters: "Whoever reads the ledger learns that this patient keeps something back, or what. That must not be visible to those who treat (Regulation (EU) 2025/327, Art. 8).",
        lawful: "Such codes and words only where they are sealed.",
        not_proven: "That anybody noticed. A word in a text may mean something else.",
    },
};

/// A code or a word in a field that stands in clear, which tells of a restriction.
#[derive(Debug, Default)]
pub(super) struct Revealing {
    scan: RestrictionScan,
}

impl Check for Revealing {
    fn id(&self) -> ViolationId {
        ViolationId::V29
    }

    fn act(&mut self, act: &Act<'_>, _ledger: &Ledger<'_>, found: &mut Found) {
        let Some(record) = act.accepted() else { return };
        let codes = clear_codes(&record.body).into_iter();
        let mut codes = codes.map(|(field, code)| (field, code.as_str()));
        let revealing = codes.find(|(_, code)| is_restriction(code));
        if let Some((field, told)) = revealing.or_else(|| self.find_word(&record.body)) {
            let finding = Finding::new(self.id(), act)
                .with("kind", Value::word(record.body.kind().name()))
                .with("field", Value::word(field))
                .with("codes", Value::Codes(vec![told.to_string()]));
            found.add(finding);
        }
    }
}

impl Revealing {
    /// A word that tells of a restriction, with the field that it stands in.
    fn find_word(&self, body: &Body) -> Option<(&'static str, &'static str)> {
        // What an organization is called tells nothing of any patient.
        if matches!(body, Body::Organization(_)) {
            return None;
        }
        let texts = clear_texts(body).into_iter();
        { texts }.find_map(|(field, text)| Some((field, self.scan.find(text)?)))
    }
}
