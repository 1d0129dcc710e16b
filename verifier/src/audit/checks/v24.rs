//! V24: a column that a regime demands is missing.

use alloc::{
    collections::BTreeSet,
    string::{String, ToString as _},
    vec::Vec,
};

use crate::audit::{
    act::Act,
    check::Check,
    finding::{Severity, Value},
    found::Found,
    ledger::Ledger,
    regime::Regime,
    violation::{Description, Text, ViolationId},
};

pub(in crate::audit) const DESCRIPTION: Description = Description {
    severity: Severity::Medium,
    heuristic: false,
    english: Text {
        title: "What the law demands to be recorded is missing",
        happened: "{person} ({role}) of {organization} opened the record for {purposes} at {moment}, and the record lacks what {regime} demands: {columns}.",
        matters: "Each law names what must be written down of an access, so that the patient and the authority can understand it.",
        lawful: "The missing entries, with the access.",
        not_proven: "That the entry does not exist elsewhere.",
    },
};

/// Access without a column of a regime that its custodian, or the policy, is under.
#[derive(Debug, Default)]
pub(super) struct MissingColumn {
    /// Whether a column was demanded that stayed sealed.
    has_sealed: bool,
}

impl Check for MissingColumn {
    fn id(&self) -> ViolationId {
        ViolationId::V24
    }

    fn is_of_sealed(&self) -> bool {
        self.has_sealed
    }

    fn act(&mut self, act: &Act<'_>, ledger: &Ledger<'_>, found: &mut Found) {
        let Some(performed) = act.performed() else { return };
        let (mut regimes, mut columns) = (Vec::<String>::new(), BTreeSet::new());
        for regime in Regime::of_custodian(&performed.access.custodian, ledger) {
            let missing = regime.missing(&performed);
            self.has_sealed |= !missing.sealed.is_empty();
            if !missing.columns.is_empty() {
                regimes.push(regime.name().to_string());
                columns.extend(missing.columns);
            }
        }
        if !columns.is_empty() {
            let columns: Vec<&str> = columns.into_iter().collect();
            let finding = performed
                .finding(self.id())
                .with("regime", Value::Word(regimes.join(", ")))
                .with("columns", Value::Word(columns.join(", ")));
            found.add(finding);
        }
    }
}
