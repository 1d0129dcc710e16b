//! Completeness: for each regime, which of its columns the accesses carry.

use alloc::{
    collections::BTreeMap,
    string::{String, ToString as _},
    vec::Vec,
};

use serde::{Deserialize, Serialize};

use super::{Cell, Presence, Regime};
use crate::{
    audit::{act::Act, ledger::Ledger},
    report::decimal,
};

/// How complete the accesses are that one regime accounts for.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct RegimeEntry {
    /// Which.
    pub regime: Regime,
    /// Performed accesses at custodians under it, or at all if the policy names it.
    #[serde(with = "decimal")]
    pub accesses: u64,
    /// Of them, those that it accounts for.
    #[serde(with = "decimal")]
    pub events: u64,
    /// Of these, those that lack no column.
    #[serde(with = "decimal")]
    pub complete: u64,
    /// What every event is to carry, in the regime's order.
    pub columns: Vec<ColumnEntry>,
}

/// One column that a regime demands.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct ColumnEntry {
    /// Its name.
    pub name: String,
    /// Whether no record is without it, by its format.
    pub always: bool,
    /// Events that lack it.
    #[serde(with = "decimal")]
    pub missing: u64,
    /// Events that have it sealed, so that only a viewing file shows what it says.
    #[serde(with = "decimal")]
    pub sealed: u64,
}

/// Counts, for each regime that an organization of the ledger or the policy names.
#[derive(Debug, Default)]
pub(in crate::audit) struct Completeness(BTreeMap<Regime, RegimeEntry>);

impl Completeness {
    pub(in crate::audit) fn add(&mut self, act: &Act<'_>, ledger: &Ledger<'_>) {
        let Some(performed) = act.performed() else { return };
        for regime in Regime::of_custodian(&performed.access.custodian, ledger) {
            let entry = self.0.entry(regime).or_insert_with(|| RegimeEntry::new(regime));
            add_one(&mut entry.accesses);
            if regime.exclusion(&performed).is_some() {
                continue;
            }
            add_one(&mut entry.events);
            let mut is_complete = true;
            let columns = counted(regime).zip(&mut entry.columns);
            // The others are always there.
            for (column, counts) in columns.filter(|(it, _)| it.presence == Presence::Demanded) {
                match column.cell(&performed) {
                    Cell::Missing => {
                        is_complete = false;
                        add_one(&mut counts.missing);
                    }
                    Cell::Sealed => add_one(&mut counts.sealed),
                    Cell::Codes(_) | Cell::None | Cell::Text(_) => {}
                }
            }
            if is_complete {
                add_one(&mut entry.complete);
            }
        }
    }

    /// A regime that is named stands in the report, also where nothing happened.
    ///
    /// # Cost
    /// One pass over the state.
    pub(in crate::audit) fn end(&mut self, ledger: &Ledger<'_>) {
        for regime in Regime::of_network(ledger) {
            self.0.entry(regime).or_insert_with(|| RegimeEntry::new(regime));
        }
    }

    pub(in crate::audit) fn into_entries(self) -> Vec<RegimeEntry> {
        self.0.into_values().collect()
    }
}

impl RegimeEntry {
    fn new(regime: Regime) -> Self {
        let columns = counted(regime).map(|column| ColumnEntry {
            name: column.name.to_string(),
            always: column.presence == Presence::Always,
            missing: 0,
            sealed: 0,
        });
        Self { regime, accesses: 0, events: 0, complete: 0, columns: columns.collect() }
    }
}

/// Columns that some provision asks for, those too that no record can lack.
fn counted(regime: Regime) -> impl Iterator<Item = &'static super::Column> {
    let columns = regime.columns().iter();
    columns.filter(|column| column.presence != Presence::Known && column.source != "added")
}

fn add_one(count: &mut u64) {
    *count = count.saturating_add(1);
}
