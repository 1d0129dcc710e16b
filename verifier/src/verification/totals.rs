//! The figures of a verification: of one block, and of all blocks that are settled.

use alloc::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
    vec::Vec,
};

use super::trust::Provisional;
use crate::{
    check::CheckId,
    encoding::{hex::Address, to_u64},
    ledger::cometbft::{commit::BlockIdFlag, validator::ValidatorSet},
    limits::Limits,
    report::{BlockPoint, Counts, Finding, SkipReason},
};

/// Number of checks in the catalogue.
const CHECKS: usize = CheckId::ALL.len();

/// Votes of one commit, to be counted for each validator.
#[derive(Debug)]
pub(super) struct Votes {
    pub(super) set: Arc<ValidatorSet>,
    pub(super) flags: Vec<BlockIdFlag>,
}

/// Figures of one block (and, at the end, of what follows the last).
#[derive(Debug)]
pub(super) struct BlockRecord {
    /// The order of the last thing that was checked for it.
    pub(super) end: u64,
    pub(super) point: Option<BlockPoint>,
    pub(super) transactions: u64,
    pub(super) new_set: bool,
    pub(super) votes: Vec<Votes>,
    pub(super) findings: Vec<Finding>,
    pub(super) passed: [u32; CHECKS],
    pub(super) skipped: Vec<(CheckId, SkipReason)>,
    pub(super) test_keys: bool,
    pub(super) anchors_met: Vec<u64>,
}

impl BlockRecord {
    pub(super) fn new() -> Self {
        Self {
            end: 0,
            point: None,
            transactions: 0,
            new_set: false,
            votes: Vec::new(),
            findings: Vec::new(),
            passed: [0; CHECKS],
            skipped: Vec::new(),
            test_keys: false,
            anchors_met: Vec::new(),
        }
    }
}

/// Votes of one validator.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct VoteCounts {
    pub(super) commit: u64,
    pub(super) nil: u64,
    pub(super) absent: u64,
    pub(super) test_key: bool,
}

/// What stands out, as far as the limit goes; the rest is counted.
#[derive(Debug, Default)]
pub(super) struct Findings {
    pub(super) listed: Vec<Finding>,
    pub(super) omitted: u64,
}

impl Findings {
    fn extend(&mut self, more: Vec<Finding>, limits: &Limits) {
        for finding in more {
            if to_u64(self.listed.len()) < limits.findings {
                self.listed.push(finding);
            } else {
                add_one(&mut self.omitted);
            }
        }
    }
}

/// Figures that hold: their blocks and signatures are settled.
#[derive(Debug)]
pub(super) struct Totals {
    pub(super) counts: Counts,
    pub(super) first: Option<BlockPoint>,
    pub(super) last: Option<BlockPoint>,
    pub(super) participation: BTreeMap<Address, VoteCounts>,
    pub(super) findings: Provisional<Findings>,
    pub(super) passed: [u64; CHECKS],
    pub(super) skipped: BTreeMap<(CheckId, SkipReason), u64>,
    pub(super) participants_omitted: u64,
    pub(super) test_keys: bool,
    pub(super) anchors_met: BTreeSet<u64>,
}

impl Totals {
    pub(super) fn new() -> Self {
        Self {
            counts: Counts::default(),
            first: None,
            last: None,
            participation: BTreeMap::new(),
            findings: Provisional::default(),
            passed: [0; CHECKS],
            skipped: BTreeMap::new(),
            participants_omitted: 0,
            test_keys: false,
            anchors_met: BTreeSet::new(),
        }
    }

    pub(super) fn add(&mut self, record: BlockRecord, limits: &Limits) {
        if let Some(point) = record.point {
            self.first = self.first.or(Some(point));
            self.last = Some(point);
            self.counts.blocks = self.counts.blocks.saturating_add(1);
        }
        self.counts.transactions = self.counts.transactions.saturating_add(record.transactions);
        self.test_keys |= record.test_keys;
        self.anchors_met.extend(record.anchors_met);
        if record.new_set {
            self.counts.validator_sets = self.counts.validator_sets.saturating_add(1);
        }
        for votes in record.votes {
            self.add_votes(&votes, limits);
        }
        self.findings.update(|findings| findings.extend(record.findings, limits));
        for (total, passed) in self.passed.iter_mut().zip(record.passed) {
            *total = total.saturating_add(u64::from(passed));
        }
        for (check, reason) in record.skipped {
            let count = self.skipped.entry((check, reason)).or_insert(0);
            *count = count.saturating_add(1);
        }
    }

    fn add_votes(&mut self, votes: &Votes, limits: &Limits) {
        for (member, flag) in votes.set.members().iter().zip(&votes.flags) {
            match flag {
                BlockIdFlag::Commit => {}
                BlockIdFlag::Nil => add_one(&mut self.counts.nil),
                BlockIdFlag::Absent => add_one(&mut self.counts.absent),
            }
            if *flag != BlockIdFlag::Absent {
                add_one(&mut self.counts.commit_signatures);
            }
            let is_known = self.participation.contains_key(&member.address);
            if !is_known && to_u64(self.participation.len()) >= limits.participants {
                add_one(&mut self.participants_omitted);
                continue;
            }
            let entry = self.participation.entry(member.address).or_insert_with(|| VoteCounts {
                test_key: crate::test_keys::contains(&member.key),
                ..VoteCounts::default()
            });
            add_one(match flag {
                BlockIdFlag::Commit => &mut entry.commit,
                BlockIdFlag::Nil => &mut entry.nil,
                BlockIdFlag::Absent => &mut entry.absent,
            });
        }
    }
}

fn add_one(count: &mut u64) {
    *count = count.saturating_add(1);
}
