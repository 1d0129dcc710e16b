//! Demands: what an access lacks by a regime, for how long records are kept, and who is under it.

use alloc::{collections::BTreeSet, vec::Vec};
use core::mem;

use super::{Cell, Regime, part2};
use crate::{
    audit::{act::Performed, ledger::Ledger},
    contract::entries::{OrganizationEntry, Table},
    encoding::cbor,
    record::actor::OrganizationId,
};

/// Milliseconds of a year of 365 days.
const YEAR: u64 = 365 * 86_400_000;

impl Regime {
    /// For how many milliseconds records are kept; none where the law names no span.
    pub(in crate::audit) const fn retention(self) -> Option<u64> {
        match self {
            Self::Hipaa => Some(6 * YEAR),
            Self::Ehds | Self::Part2 => Some(3 * YEAR),
            Self::Gdpr | Self::Part11 => None,
        }
    }

    /// Those that a custodian is under: its own, and the policy's.
    pub(in crate::audit) fn of_custodian(
        custodian: &OrganizationId,
        ledger: &Ledger<'_>,
    ) -> Vec<Self> {
        let entry = ledger.organization(custodian);
        let is_own = |regime: Self| {
            let regimes = entry.iter().flat_map(|entry| entry.organization.regimes.iter());
            regimes.into_iter().any(|code| code.as_str() == regime.name())
        };
        let is_demanded =
            |regime: &Self| ledger.policy().regimes.contains(regime.name()) || is_own(*regime);
        Self::ALL.into_iter().filter(is_demanded).collect()
    }

    /// Those that any organization is under, and the policy's.
    pub(in crate::audit) fn of_network(ledger: &Ledger<'_>) -> BTreeSet<Self> {
        let prefix = Table::Organizations.key(&[]);
        let entries = ledger.contract.state().entries();
        let entries = entries.filter(|(key, _)| key.starts_with(&prefix));
        let entries =
            entries.filter_map(|(_, value)| cbor::decode::<OrganizationEntry>(value).ok());
        let mut named = ledger.policy().regimes.clone();
        for entry in entries {
            named.extend(entry.organization.regimes.iter().map(|code| code.as_str().into()));
        }
        Self::ALL.into_iter().filter(|regime| named.contains(regime.name())).collect()
    }

    /// What it demands of this access that is missing: nothing where it does not account for the
    /// access. Where only what is sealed says whether it does, nobody knows that anything is.
    pub(in crate::audit) fn missing(self, performed: &Performed<'_>) -> Missing {
        if self.exclusion(performed).is_some() {
            return Missing::default();
        }
        let mut missing = self.missing_of_any(performed);
        if self == Self::Part2 && !part2::is_open(performed) {
            let may_be_missing = mem::take(&mut missing.columns);
            if performed.act.stays_sealed() {
                missing.sealed.extend(may_be_missing);
            }
        }
        missing
    }

    /// The same as if it accounted for every access.
    pub(in crate::audit) fn missing_of_any(self, performed: &Performed<'_>) -> Missing {
        let mut missing = Missing::default();
        for column in self.demanded() {
            let cell = column.cell(performed);
            if cell.is_missing() {
                missing.columns.insert(column.name);
            } else if cell == Cell::Sealed && performed.act.stays_sealed() {
                missing.sealed.insert(column.name);
            }
        }
        missing
    }
}

/// The demanded columns that an access lacks, by name.
#[derive(Debug, Default)]
pub(in crate::audit) struct Missing {
    /// Those that are not on record.
    pub(in crate::audit) columns: BTreeSet<&'static str>,
    /// Those of which only a viewing file that nobody gave would show it.
    pub(in crate::audit) sealed: BTreeSet<&'static str>,
}
