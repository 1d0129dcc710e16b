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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        encoding::hex::{Address, PublicKey},
        ledger::cometbft::{
            block_id::BlockId,
            commit::{CommitSignature, SignatureBytes},
        },
    };

    /// Votes of validators by number at seconds.
    fn commit(votes: &[(u8, BlockIdFlag, i64)]) -> Commit {
        let vote = |(validator, flag, seconds): &(u8, BlockIdFlag, i64)| CommitSignature {
            flag: *flag,
            address: Some(Address([*validator; 20])),
            timestamp: Timestamp { seconds: *seconds, nanos: 0 },
            signature: SignatureBytes::EMPTY,
        };
        let signatures = votes.iter().map(vote).collect();
        Commit { height: 1, round: 0, block_id: BlockId::default(), signatures }
    }

    #[test]
    fn weight_is_that_of_the_address_wherever_the_vote_stands() {
        use BlockIdFlag::{Absent, Commit as For, Nil};
        let member = |number: u8, power| Member {
            address: Address([number; 20]),
            key: PublicKey([number; 32]),
            power,
        };
        let members = [member(1, 10), member(2, 3), member(3, 4)];
        let all = TimeRule::MedianOfAllVotes;
        let for_block = TimeRule::MedianOfCommitVotes;
        for (votes, rule, expected) in [
            ([(1, For, 30), (2, For, 10), (3, For, 20)], all, Some(30)),
            // In another order, the weights go with the addresses.
            ([(3, For, 20), (1, For, 30), (2, For, 10)], all, Some(30)),
            ([(2, For, 10), (3, For, 20), (1, For, 30)], for_block, Some(30)),
            // Without the heaviest, half of seven, rounded down, is the three at 10.
            ([(1, Absent, 30), (2, For, 10), (3, For, 20)], all, Some(10)),
            ([(1, Nil, 30), (2, For, 20), (3, For, 10)], for_block, Some(10)),
            ([(1, Nil, 30), (2, For, 10), (3, For, 20)], all, Some(30)),
            ([(9, For, 30), (2, For, 20), (3, For, 10)], all, Some(10)),
            ([(1, For, 30), (2, For, 10), (3, For, 20)], TimeRule::Asserted, None),
            ([(7, For, 30), (8, For, 10), (9, For, 20)], all, None),
        ] {
            let time = compute_median(&commit(&votes), &members, rule);
            assert_eq!(time.map(|time| time.seconds), expected, "{votes:?} {rule:?}");
        }
    }
}
