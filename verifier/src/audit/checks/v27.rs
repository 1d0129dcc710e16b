//! V27: a disclosure that cannot be accounted for.

use crate::audit::{
    act::Act,
    check::Check,
    finding::{Severity, Value},
    found::Found,
    ledger::Ledger,
    regime::missing_of_accounting,
    violation::{Description, Text, ViolationId},
};

pub(in crate::audit) const DESCRIPTION: Description = Description {
    severity: Severity::High,
    heuristic: false,
    english: Text {
        title: "Disclosure without what an accounting must say",
        happened: "Data left {custodian} at {moment}, for {purposes}, to {organization}, without: {missing}.",
        matters: "A patient may ask to whom their data went, what went, and why (45 CFR 164.528). Without these entries nobody can answer.",
        lawful: "Recipient, description and purpose statement, written down with the disclosure.",
        not_proven: "That the entry does not exist outside the ledger.",
    },
};

/// Disclosure without recipient, description or statement.
#[derive(Debug)]
pub(super) struct Unaccounted;

impl Check for Unaccounted {
    fn id(&self) -> ViolationId {
        ViolationId::V27
    }

    fn act(&mut self, act: &Act<'_>, ledger: &Ledger<'_>, found: &mut Found) {
        let Some(performed) = act.performed() else { return };
        let missing = missing_of_accounting(&performed, ledger);
        if !missing.is_empty() {
            let custodian = Value::organization(&performed.access.custodian);
            let finding = performed.finding(self.id()).with("custodian", custodian);
            found.add(finding.with("missing", Value::Word(missing.join(", "))));
        }
    }
}
