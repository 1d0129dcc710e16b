//! Demands: what a regime wants to be written down of an access (V24), for how long it is kept, and
//! who is under it.

use alloc::{collections::BTreeSet, vec::Vec};

use super::Regime;
use crate::{
    audit::{
        act::{Opened, Performed},
        ledger::Ledger,
    },
    contract::{
        decision::Ground,
        entries::{OrganizationEntry, Table},
    },
    encoding::cbor,
    record::{actor::OrganizationId, codes::System},
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

    /// The columns that it demands of this access and that are missing.
    pub(in crate::audit) fn missing(
        self,
        performed: &Performed<'_>,
        ledger: &Ledger<'_>,
    ) -> Vec<&'static str> {
        let (half, judgement) = (performed.half, performed.judgement);
        let mut missing = Vec::new();
        match self {
            Self::Hipaa => missing = missing_of_accounting(performed, ledger),
            Self::Ehds => {
                let has_classes = match &performed.act.opened {
                    // Nobody can tell.
                    Opened::Sealed => true,
                    Opened::Nothing | Opened::Unopenable => false,
                    Opened::Details(details) => details.carried().is_some_and(|carried| {
                        carried.codes().iter().any(|code| code.system() == System::Class)
                    }),
                };
                if !has_classes {
                    missing.push("categories of data");
                }
                if half.origin.is_none() {
                    missing.push("origin of the data");
                }
            }
            Self::Gdpr => {
                let decision = &judgement.decision;
                let is_covered = decision.verdict.permits()
                    && matches!(decision.ground, Ground::Consent | Ground::LawfulBasis);
                if half.processing.basis.is_empty() && !is_covered {
                    missing.push("lawful basis");
                }
            }
            Self::Part2 if performed.is_disclosure() => {
                let accounting = missing_of_accounting(performed, ledger);
                missing.extend(accounting.into_iter().filter(|column| *column != DESCRIPTION));
                let is_part2 = performed.has_label(&[(System::Law, "42CFRPart2")]);
                let disclosure = half.disclosure.as_ref();
                if is_part2 && disclosure.is_none_or(|it| !it.redisclosure_notice) {
                    missing.push("redisclosure notice");
                }
            }
            Self::Part2 => {}
            Self::Part11 => {
                let source = &performed.access.source;
                if source.sequence > 1 && source.previous.is_none() {
                    missing.push("link to the record before");
                }
            }
        }
        missing
    }
}

/// What of a disclosure was disclosed.
const DESCRIPTION: &str = "description";

/// What an accounting of disclosures must say and this one does not (45 CFR 164.528(b)(2)).
pub(in crate::audit) fn missing_of_accounting(
    performed: &Performed<'_>,
    ledger: &Ledger<'_>,
) -> Vec<&'static str> {
    if !performed.is_disclosure() {
        return Vec::new();
    }
    let disclosure = performed.half.disclosure.as_ref();
    let is_named = disclosure.is_some_and(|disclosure| {
        let recipient = disclosure.recipient.as_ref();
        recipient.is_some_and(|id| ledger.organization(id).is_some())
            || (disclosure.name.is_some() && disclosure.address.is_some())
    });
    let columns = [
        ("recipient", is_named),
        (DESCRIPTION, disclosure.is_some_and(|it| it.description.is_some())),
        ("statement of purpose", disclosure.is_some_and(|it| it.statement.is_some())),
    ];
    let missing = columns.into_iter().filter(|(_, is_there)| !is_there);
    missing.map(|(column, _)| column).collect()
}
