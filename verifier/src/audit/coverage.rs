//! Coverage: how many of what, over the whole ledger.

use alloc::{
    collections::BTreeMap,
    string::{String, ToString as _},
};

use serde::{Deserialize, Serialize};

use super::act::Act;
use crate::{contract::outcome::ResultCode, record::Body, report::decimal_map};

/// Counts by name, as decimal strings in JSON.
type Counts = BTreeMap<String, u64>;

/// How many of what the blocks hold.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub struct Coverage {
    /// Accepted records by kind.
    #[serde(with = "decimal_map")]
    pub records: Counts,
    /// Refused transactions by result code.
    #[serde(with = "decimal_map")]
    pub refused: Counts,
    /// Requests by verdict of their decision.
    #[serde(with = "decimal_map")]
    pub requests: Counts,
    /// Performed accesses by verdict of their decision.
    #[serde(with = "decimal_map")]
    pub accesses: Counts,
    /// Custodians' halves by outcome.
    #[serde(with = "decimal_map")]
    pub outcomes: Counts,
    /// Accesses and requests by purpose.
    #[serde(with = "decimal_map")]
    pub purposes: Counts,
}

/// Most purposes that are counted by name: anybody may invent some.
const PURPOSES: usize = 256;

impl Coverage {
    pub(super) fn add(&mut self, act: &Act<'_>) {
        let Some(record) = act.accepted() else {
            count(&mut self.refused, act.code.name());
            return;
        };
        debug_assert!(act.code == ResultCode::Accepted, "only these are accepted");
        count(&mut self.records, record.body.kind().name());
        let verdict = act.judgement.map(|judgement| judgement.decision.verdict.name());
        if let (Body::Request(_), Some(verdict)) = (&record.body, verdict) {
            count(&mut self.requests, verdict);
        }
        if let Body::Access(access) = &record.body
            && access.by_custodian.is_some()
        {
            count(&mut self.outcomes, access.outcome.name());
        }
        if let (Some(performed), Some(verdict)) = (act.performed(), verdict) {
            count(&mut self.accesses, verdict);
            for purpose in performed.half.processing.purposes.iter() {
                let purpose = purpose.as_str();
                if self.purposes.contains_key(purpose) || self.purposes.len() < PURPOSES {
                    count(&mut self.purposes, purpose);
                }
            }
        }
    }
}

fn count(counts: &mut Counts, name: &str) {
    match counts.get_mut(name) {
        Some(count) => *count = count.saturating_add(1),
        None => {
            counts.insert(name.to_string(), 1);
        }
    }
}
