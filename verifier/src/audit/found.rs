//! What is found: counted, and the first of each violation kept.

use alloc::{collections::BTreeMap, vec::Vec};

use super::{finding::Finding, violation::ViolationId};
use crate::encoding::to_u64;

/// Findings of one violation.
#[derive(Clone, Debug, Default)]
pub(super) struct FoundOfOne {
    pub(super) count: u64,
    pub(super) listed: Vec<Finding>,
}

/// Findings, as far as the limit for each violation goes; the rest is counted.
#[derive(Debug)]
pub(super) struct Found {
    limit: u64,
    by_id: BTreeMap<ViolationId, FoundOfOne>,
}

impl Found {
    pub(super) fn new(limit: u64) -> Self {
        Self { limit, by_id: BTreeMap::new() }
    }

    pub(super) fn add(&mut self, finding: Finding) {
        let of_one = self.by_id.entry(finding.id).or_default();
        of_one.count = of_one.count.saturating_add(1);
        if to_u64(of_one.listed.len()) < self.limit {
            of_one.listed.push(finding);
        }
    }

    /// Takes out what was found since this was last asked for.
    pub(super) fn take_new(&mut self) -> Vec<Finding> {
        let listed = self.by_id.values_mut().map(|of_one| core::mem::take(&mut of_one.listed));
        listed.flatten().collect()
    }

    pub(super) fn take(&mut self, id: ViolationId) -> FoundOfOne {
        self.by_id.remove(&id).unwrap_or_default()
    }
}
