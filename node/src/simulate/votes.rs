//! Who votes for what, and the commit that comes of it.

use std::collections::BTreeMap;

use vidimus::{
    encoding::{hex::Address, time::Timestamp},
    ledger::cometbft::{
        block_id::BlockId,
        commit::{BlockIdFlag, Commit, CommitSignature, SignatureBytes},
        validator::{ValidatorKey, ValidatorList},
        vote::{PRECOMMIT, SignBytes},
    },
};

use crate::{
    numbers::{Draw, Use, after},
    test_keys::{self, TestKey},
};

/// Sums that [`VotePlan::commit_exactly`] looks at, at most.
const SUMS: usize = 1 << 20;

/// One validator's vote, not signed yet.
#[derive(Clone, Debug)]
pub struct PlannedVote {
    /// For the block, for nil, or absent.
    pub flag: BlockIdFlag,
    /// The voter's own time.
    pub timestamp: Timestamp,
    /// Address that the entry will name.
    pub address: Address,
    /// The validator's power.
    pub power: u64,
    /// Key that signs; without one the signature is 64 zero bytes.
    pub key: Option<&'static TestKey>,
}

/// What the signatures cover; in a genuine commit the same as what it says.
#[derive(Clone, Debug)]
pub struct SignedFields {
    /// 1 prevote, 2 precommit.
    pub vote_type: u64,
    /// Height.
    pub height: u64,
    /// Round.
    pub round: i32,
    /// Block.
    pub block_id: BlockId,
    /// Chain id.
    pub chain_id: String,
}

/// The votes of one height before they are signed.
#[derive(Clone, Debug)]
pub struct VotePlan {
    /// Height in the simulation.
    pub height: u64,
    /// Height that the commit names.
    pub commit_height: u64,
    /// Round that the commit names.
    pub commit_round: i32,
    /// Block that the commit names.
    pub commit_block_id: BlockId,
    /// What is signed.
    pub signed: SignedFields,
    /// One vote for each validator of the set, in its order.
    pub votes: Vec<PlannedVote>,
}

/// What a plan is drawn for.
#[derive(Debug)]
pub(super) struct VoteContext<'a> {
    pub(super) seed: u64,
    pub(super) height: u64,
    pub(super) round: i32,
    pub(super) block_id: BlockId,
    pub(super) block_time: Timestamp,
    pub(super) chain_id: &'a str,
    pub(super) nil_percent: u8,
    pub(super) absent_percent: u8,
}

impl VotePlan {
    /// Draws votes. Those for the block always keep more than two thirds of the power.
    pub(super) fn draw(list: &ValidatorList, context: &VoteContext<'_>) -> Self {
        let mut draw = Draw::new(context.seed, context.height, Use::Votes);
        let votes = list.validators.iter().map(|validator| {
            let key = match &validator.key {
                ValidatorKey::Ed25519(key) => test_keys::by_public(key),
                ValidatorKey::Unsupported(..) => None,
            };
            // A vote is later than the block (`voteTime`: at least block time + 1 ms).
            let delay = draw.below(900_000_000).saturating_add(300_000_000);
            PlannedVote {
                flag: BlockIdFlag::Commit,
                timestamp: after(context.block_time, delay),
                address: validator.address,
                power: validator.power,
                key,
            }
        });
        let mut plan = Self {
            height: context.height,
            commit_height: context.height,
            commit_round: context.round,
            commit_block_id: context.block_id,
            signed: SignedFields {
                vote_type: PRECOMMIT,
                height: context.height,
                round: context.round,
                block_id: context.block_id,
                chain_id: context.chain_id.to_owned(),
            },
            votes: votes.collect(),
        };
        plan.draw_flags(&mut draw, context);
        plan
    }

    fn draw_flags(&mut self, draw: &mut Draw, context: &VoteContext<'_>) {
        let total = u128::from(self.total_power());
        let mut order: Vec<&mut PlannedVote> = self.votes.iter_mut().collect();
        draw.shuffle(&mut order);
        let mut for_block = total;
        for vote in order {
            let roll = draw.below(100);
            let nil = u64::from(context.nil_percent);
            let absent = nil.saturating_add(u64::from(context.absent_percent));
            let flag = match roll {
                roll if roll < nil => BlockIdFlag::Nil,
                roll if roll < absent => BlockIdFlag::Absent,
                _ => continue,
            };
            let rest = for_block.saturating_sub(u128::from(vote.power));
            if rest.saturating_mul(3) <= total.saturating_mul(2) {
                continue;
            }
            for_block = rest;
            vote.flag = flag;
            if flag == BlockIdFlag::Nil {
                // A nil vote comes when the wait for the block is over.
                let delay = draw.below(2_000_000_000).saturating_add(1_500_000_000);
                vote.timestamp = after(context.block_time, delay);
            }
        }
    }

    /// Sum of all powers.
    pub fn total_power(&self) -> u64 {
        self.votes.iter().fold(0, |sum, vote| vote.power.saturating_add(sum))
    }

    /// Sum of the powers that vote for the block.
    pub fn commit_power(&self) -> u64 {
        let votes = self.votes.iter().filter(|vote| vote.flag == BlockIdFlag::Commit);
        votes.fold(0, |sum, vote| vote.power.saturating_add(sum))
    }

    /// Lets validators of exactly `power` vote for the block; the others' flag is `otherwise`.
    ///
    /// Returns `false`, and changes nothing, if no validators have that power together.
    pub fn commit_exactly(&mut self, power: u64, otherwise: BlockIdFlag) -> bool {
        // Each sum that can be reached, with the vote that reached it and the sum before that.
        let mut sums: BTreeMap<u64, Option<(usize, u64)>> = BTreeMap::from([(0, None)]);
        for (index, vote) in self.votes.iter().enumerate() {
            if sums.len() > SUMS {
                return false;
            }
            let before: Vec<u64> = sums.keys().copied().collect();
            for sum in before {
                let with = sum.saturating_add(vote.power);
                if with <= power {
                    sums.entry(with).or_insert(Some((index, sum)));
                }
            }
        }
        if !sums.contains_key(&power) {
            return false;
        }
        for vote in &mut self.votes {
            vote.flag = otherwise;
        }
        let mut rest = power;
        while let Some(Some((index, before))) = sums.get(&rest).copied() {
            if let Some(vote) = self.votes.get_mut(index) {
                vote.flag = BlockIdFlag::Commit;
            }
            rest = before;
        }
        true
    }

    /// Signs.
    ///
    /// # Cost
    /// One signature for each vote that is not absent.
    pub(super) fn sign(&self) -> Commit {
        let SignedFields { vote_type, height, round, block_id, chain_id } = &self.signed;
        let bytes = |id| SignBytes::new(*vote_type, *height, *round, id, chain_id);
        let (for_block, for_nil) = (bytes(Some(block_id)), bytes(None));
        let entry = |vote: &PlannedVote| {
            let bytes = match vote.flag {
                BlockIdFlag::Absent => return CommitSignature::ABSENT,
                BlockIdFlag::Commit => &for_block,
                BlockIdFlag::Nil => &for_nil,
            };
            let zeros = || SignatureBytes::from_slice(&[0; 64]).unwrap_or(SignatureBytes::EMPTY);
            CommitSignature {
                flag: vote.flag,
                address: Some(vote.address),
                timestamp: vote.timestamp,
                signature: vote.key.map_or_else(zeros, |key| key.sign(&bytes.at(&vote.timestamp))),
            }
        };
        Commit {
            height: self.commit_height,
            round: self.commit_round,
            block_id: self.commit_block_id,
            signatures: self.votes.iter().map(entry).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simulate::{config::GENESIS_TIME, updates};

    fn plan(powers: &[u64], nil_percent: u8, absent_percent: u8) -> VotePlan {
        let list = updates::draw_genesis(1, powers.len(), powers);
        let context = VoteContext {
            seed: 1,
            height: 1,
            round: 0,
            block_id: BlockId::default(),
            block_time: GENESIS_TIME,
            chain_id: "c",
            nil_percent,
            absent_percent,
        };
        VotePlan::draw(&list, &context)
    }

    #[test]
    fn quorum_remains_whatever_the_percentages() {
        for (nil, absent) in [(100, 0), (0, 100), (50, 50), (33, 33)] {
            let plan = plan(&[3, 1, 4, 1, 5, 9, 2, 6], nil, absent);
            assert!(plan.commit_power().saturating_mul(3) > plan.total_power().saturating_mul(2));
        }
        assert_eq!(plan(&[1; 4], 100, 0).commit_power(), 3);
    }

    #[test]
    fn votes_of_an_exact_power_are_found() {
        let mut plan = plan(&[5, 5, 3, 1, 1], 0, 0);
        for power in [0, 1, 9, 10, 11, 15] {
            assert!(plan.commit_exactly(power, BlockIdFlag::Absent));
            assert_eq!(plan.commit_power(), power);
        }
        assert!(!plan.commit_exactly(16, BlockIdFlag::Absent));
        assert_eq!(plan.commit_power(), 15);
    }
}
