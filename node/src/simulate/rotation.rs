//! The rotation of proposers (CometBFT v0.38.21 `types/validator_set.go`).
//!
//! No header commits to priorities; they are kept so that proposers rotate as in a real network
//! and `/validators` shows what a node shows.

use std::{cmp::Reverse, collections::BTreeMap, sync::Arc};

use vidimus::{
    encoding::hex::{Address, Hash},
    ledger::cometbft::validator::ValidatorList,
};

use super::updates::{self, ValidatorUpdate};
use crate::numbers::{to_i64, to_u64};

/// A validator set with the priorities that decide who proposes.
#[derive(Clone, Debug)]
pub struct RotatedSet {
    list: Arc<ValidatorList>,
    hash: Hash,
    priorities: BTreeMap<Address, i64>,
    proposer: Option<Address>,
}

impl RotatedSet {
    /// The first set of a chain (`NewValidatorSet`).
    pub(super) fn new(list: ValidatorList) -> Self {
        let priorities = list.validators.iter().map(|v| (v.address, 0)).collect();
        let hash = list.compute_hash();
        let mut set = Self { list: Arc::new(list), hash, priorities, proposer: None };
        set.turn();
        set
    }

    /// The set with changes applied, before its turn.
    pub(super) fn changed(&self, changes: &[ValidatorUpdate]) -> Self {
        let mut set = self.clone();
        if !changes.is_empty() {
            set.replace(updates::apply(&self.list, changes));
        }
        set
    }

    /// Lets the next validator propose: once for each height.
    pub(super) fn turn(&mut self) {
        self.increment(1);
    }

    /// Puts another list in place; validators that are new start far back in the row.
    ///
    /// > priority of a new validator: −1.125 × total power
    pub(super) fn replace(&mut self, list: ValidatorList) {
        let total = total_power(&list);
        let newcomer = total.saturating_add(total >> 3).saturating_neg();
        let known = std::mem::take(&mut self.priorities);
        let priority = |address: Address| known.get(&address).copied().unwrap_or(newcomer);
        self.priorities =
            list.validators.iter().map(|v| (v.address, priority(v.address))).collect();
        self.hash = list.compute_hash();
        self.list = Arc::new(list);
        self.rescale();
    }

    /// The validators.
    pub fn list(&self) -> &ValidatorList {
        &self.list
    }

    /// Hash of the list, as headers commit to it.
    pub fn hash(&self) -> Hash {
        self.hash
    }

    /// Priority of a validator; 0 for others.
    pub fn priority(&self, address: &Address) -> i64 {
        self.priorities.get(address).copied().unwrap_or_default()
    }

    /// Who proposes in a round.
    pub fn proposer(&self, round: i32) -> Option<Address> {
        if round <= 0 {
            return self.proposer;
        }
        let mut set = self.clone();
        set.increment(round);
        set.proposer
    }

    /// `IncrementProposerPriority`.
    fn increment(&mut self, times: i32) {
        self.rescale();
        let total = total_power(&self.list);
        for _ in 0..times {
            for validator in &self.list.validators {
                if let Some(priority) = self.priorities.get_mut(&validator.address) {
                    *priority = priority.saturating_add(to_i64(validator.power));
                }
            }
            // > ties: the lower address
            let foremost = self.priorities.iter_mut().max_by_key(|(a, p)| (**p, Reverse(**a)));
            if let Some((address, priority)) = foremost {
                *priority = priority.saturating_sub(total);
                self.proposer = Some(*address);
            }
        }
    }

    /// `RescalePriorities` to a window of twice the total power, then `shiftByAvgProposerPriority`.
    fn rescale(&mut self) {
        let window = total_power(&self.list).saturating_mul(2);
        let (least, most) = self
            .priorities
            .values()
            .fold((i64::MAX, i64::MIN), |(least, most), p| (least.min(*p), most.max(*p)));
        let spread = most.saturating_sub(least);
        let ratio = spread.saturating_add(window).saturating_sub(1).checked_div(window);
        if let (Some(ratio), true) = (ratio, spread > window) {
            for priority in self.priorities.values_mut() {
                *priority = priority.checked_div(ratio).unwrap_or_default();
            }
        }
        let sum = self.priorities.values().fold(0_i64, |sum, p| sum.saturating_add(*p));
        let count = to_i64(to_u64(self.priorities.len()));
        let average = sum.checked_div_euclid(count).unwrap_or_default();
        for priority in self.priorities.values_mut() {
            *priority = priority.saturating_sub(average);
        }
    }
}

/// Sum of the powers.
pub(super) fn total_power(list: &ValidatorList) -> i64 {
    to_i64(list.validators.iter().fold(0, |sum, v| v.power.saturating_add(sum)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn validators_propose_in_proportion_to_their_power() {
        let list = updates::draw_genesis(3, 3, &[1, 2, 3]);
        let power: BTreeMap<Address, u64> =
            list.validators.iter().map(|v| (v.address, v.power)).collect();
        let mut set = RotatedSet::new(list);
        let mut turns: BTreeMap<Address, u64> = BTreeMap::new();
        for _ in 0..60 {
            let turn = turns.entry(set.proposer(0).unwrap()).or_default();
            *turn = turn.saturating_add(1);
            set.turn();
        }
        assert!(power.iter().all(|(address, power)| turns[address] == power.saturating_mul(10)));
    }

    #[test]
    fn later_round_has_the_proposer_of_the_next_turn() {
        let set = RotatedSet::new(updates::draw_genesis(3, 5, &[]));
        let mut next = set.changed(&[]);
        next.turn();
        assert_eq!(set.proposer(1), next.proposer(0));
    }
}
