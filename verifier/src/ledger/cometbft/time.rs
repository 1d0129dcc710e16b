//! Block time as the weighted median of the last commit's votes.

use alloc::{collections::BTreeMap, vec::Vec};

use super::{
    commit::{BlockIdFlag, Commit},
    profile::TimeRule,
    validator::Member,
};
use crate::encoding::time::Timestamp;

/// Computes the block time that follows from `last_commit`, weighted by `validators`, the set that
/// signed it. `None` under [`TimeRule::Asserted`], or if no vote carries weight.
///
/// Votes are looked up by address; an address outside of the set carries no weight
/// (CometBFT v0.38.21 `state/state.go` `MedianTime`, `types/time/time.go` `WeightedMedian`):
/// sort by time; starting from half of the total weight, subtract weights until one reaches it.
pub fn compute_median(
    last_commit: &Commit,
    validators: &[Member],
    rule: TimeRule,
) -> Option<Timestamp> {
    let counts = |flag| match rule {
        TimeRule::MedianOfAllVotes => flag != BlockIdFlag::Absent,
        TimeRule::MedianOfCommitVotes => flag == BlockIdFlag::Commit,
        TimeRule::Asserted => false,
    };
    let mut total: u64 = 0;
    let mut times: Vec<(Timestamp, u64)> = Vec::with_capacity(last_commit.signatures.len());
    let mut by_address: Option<BTreeMap<_, _>> = None;
    let votes = last_commit.signatures.iter().enumerate().filter(|(_, vote)| counts(vote.flag));
    for (index, vote) in votes {
        let Some(address) = vote.address else { continue };
        // By address, as nodes do; the validator at the entry's own index nearly always is it.
        let at_index = validators.get(index).filter(|member| member.address == address);
        let member = at_index.or_else(|| {
            let index = || validators.iter().map(|m| (m.address, m)).collect();
            by_address.get_or_insert_with(index).get(&address).copied()
        });
        let Some(member) = member else { continue };
        total = total.saturating_add(member.power);
        times.push((vote.timestamp, member.power));
    }
    times.sort_unstable();
    let mut median = total / 2;
    for (time, weight) in times {
        if median <= weight {
            return Some(time);
        }
        median = median.saturating_sub(weight);
    }
    None
}
