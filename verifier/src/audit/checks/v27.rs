//! V27: a disclosure that cannot be accounted for.

use alloc::{vec, vec::Vec};

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
    severity: Severity::High,
    heuristic: false,
    english: Text {
        title: "Disclosure without what an accounting must say",
        happened: "{person} ({role}) of {organization} let data leave {custodian} at {moment}, for {purposes}, without: {missing}.",
        matters: "A patient may ask to whom their data went, and by 45 CFR 164.528 what went and why. Without these entries nobody can answer.",
        lawful: "Recipient, description and purpose statement, written down with the disclosure.",
        not_proven: "That the entry does not exist outside the ledger.",
    },
};

/// Columns that say to whom data went, what went, and why.
const ACCOUNT: [&str; 3] = ["recipient", "description", "statement"];

/// Disclosure without recipient, description or statement, where a law asks for it.
#[derive(Debug, Default)]
pub(super) struct Unaccounted {
    /// Whether one of these was demanded and stayed sealed.
    has_sealed: bool,
}

impl Check for Unaccounted {
    fn id(&self) -> ViolationId {
        ViolationId::V27
    }

    fn is_of_sealed(&self) -> bool {
        self.has_sealed
    }

    fn act(&mut self, act: &Act<'_>, ledger: &Ledger<'_>, found: &mut Found) {
        let Some(performed) = act.performed() else { return };
        if !performed.is_disclosure() {
            return;
        }
        let regimes = Regime::of_custodian(&performed.access.custodian, ledger);
        // Under no law that anybody names, each disclosure is one to be accounted for.
        let by_regime: Vec<_> = if regimes.is_empty() {
            vec![Regime::Hipaa.missing_of_any(&performed)]
        } else {
            regimes.into_iter().map(|regime| regime.missing(&performed)).collect()
        };
        let is_sealed =
            |column: &str| by_regime.iter().any(|missing| missing.sealed.contains(column));
        let is_missing =
            |column: &str| by_regime.iter().any(|missing| missing.columns.contains(column));
        self.has_sealed |= ACCOUNT.into_iter().any(is_sealed);
        let missing: Vec<_> = ACCOUNT.into_iter().filter(|column| is_missing(column)).collect();
        if !missing.is_empty() {
            let custodian = Value::organization(&performed.access.custodian);
            let finding = performed.finding(self.id()).with("custodian", custodian);
            found.add(finding.with("missing", Value::Word(missing.join(", "))));
        }
    }
}
