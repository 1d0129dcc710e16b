//! Finds one record, and what shows it: its block, or far below the anchor a log that it stands in.

use alloc::{boxed::Box, vec::Vec};

use super::{Attested, BuildError, Held, log::Log, log_leaf, log_path::LogPath};
use crate::{
    encoding::{hex::Hash, protobuf::Message as _, to_u64},
    ledger::cometbft::results::TransactionResult,
    merkle::{leaf_hash, position::position, proof::path, sha256},
    packet::{
        Bytes,
        claim::{Claim, InBlock, InLog, RecordClaim},
    },
    record::Record,
    state::{Proof, SubjectLog},
};

/// Blocks between a record and an anchor above it from which on the log is used: about there its proof
/// is smaller than the hashes of the headers between.
const FAR: u64 = 16;

/// One record that is looked for.
#[derive(Debug, Default)]
pub(super) struct Search {
    /// The log that it will stand in, as it is before its block.
    log: Option<(Log, SubjectLog)>,
    found: Option<Found>,
}

/// The record with what shows it.
#[derive(Debug)]
struct Found {
    height: u64,
    index: u64,
    transaction: Vec<u8>,
    result: TransactionResult,
    shown: Shown,
}

#[derive(Debug)]
enum Shown {
    Block { size: u64, transactions: Vec<Hash>, results: Vec<Hash> },
    Log { log: Log, path: LogPath, end: Option<(u64, Proof)> },
}

impl Search {
    /// Looks at a block. A record that was refused may be sent again, and accepted: then that is the one.
    pub(super) fn look(
        &mut self,
        block: &impl Attested,
        before: Option<&Held>,
        now: &Held,
        start: u64,
        is_wanted: impl Fn(&Record, Option<&TransactionResult>) -> bool,
    ) -> Result<(), BuildError> {
        let height = now.header.height;
        if let Some(before) = before {
            let results = block.results_before();
            if let Some(found) = &mut self.found {
                found.grow(before, block);
            }
            if self.is_open()
                && let Some((index, _)) = find(before, Some(results), &is_wanted)
            {
                let log = self.log.take();
                let found = Found::new(before, block, index, log, start);
                let is_better = |found: &Found| self.found.is_none() || found.is_accepted();
                self.found = found.filter(is_better).or_else(|| self.found.take());
            }
        }
        if height == start
            && let Some(Found { shown: Shown::Log { log, end, .. }, .. }) = &mut self.found
        {
            *end = Some((height, log.prove(block)?));
        }
        if self.is_open() {
            let log = find(now, None, &is_wanted).and_then(|(_, record)| Log::of(&record.body));
            self.log = log.and_then(|log| log.read(block).map(|known| (log, known)));
        }
        Ok(())
    }

    /// Whether the record, or one that was accepted, may still come.
    fn is_open(&self) -> bool {
        !self.found.as_ref().is_some_and(Found::is_accepted)
    }

    /// The headers that it needs.
    pub(super) fn heights(&self) -> Vec<u64> {
        match &self.found {
            Some(Found { height, shown: Shown::Block { .. }, .. }) => {
                Vec::from([*height, height.saturating_add(1)])
            }
            Some(Found { shown: Shown::Log { end, .. }, .. }) => {
                end.iter().map(|(end, _)| *end).collect()
            }
            None => Vec::new(),
        }
    }

    /// The claim, for headers of these heights.
    pub(super) fn claim(self, heights: &[u64]) -> Option<Claim> {
        let index_of = |height: u64| heights.binary_search(&height).ok().map(to_u64);
        let Found { height, index, transaction, result, shown } = self.found?;
        let (block, log) = match shown {
            Shown::Block { size, transactions, results } => {
                let (header, next) = (index_of(height)?, index_of(height.saturating_add(1))?);
                let (transactions, results) = (transactions.into(), results.into());
                (Some(InBlock { header, next, size, transactions, results }), None)
            }
            Shown::Log { log, path, end } => {
                let (end, proof) = end?;
                let (entry, proof) = (path.index(), proof.encode().into());
                let (header, path) = (index_of(end)?, path.path().into());
                let organization = log.organization();
                (None, Some(InLog { header, height, organization, proof, entry, path }))
            }
        };
        Some(Claim::Record(Box::new(RecordClaim {
            transaction: transaction.into(),
            index,
            code: Some(u64::from(result.code)).filter(|code| *code != 0),
            data: Some(Bytes::from(result.data)).filter(|data| !data.is_empty()),
            block,
            log,
        })))
    }
}

/// The first that is wanted, before others one that was accepted. Of the block that was just run no
/// results are known yet.
fn find<'a>(
    held: &'a Held,
    results: Option<&[TransactionResult]>,
    is_wanted: impl Fn(&Record, Option<&TransactionResult>) -> bool,
) -> Option<(usize, &'a Record)> {
    let result = |index: &usize| results.and_then(|results| results.get(*index));
    let found = held.records.iter().filter(|(index, record)| is_wanted(record, result(index)));
    let is_refused = |index: &usize| result(index).is_some_and(|result| result.code != 0);
    found
        .min_by_key(|(index, _)| (is_refused(index), *index))
        .map(|(index, record)| (*index, record))
}

impl Found {
    fn is_accepted(&self) -> bool {
        self.result.code == 0
    }

    fn new(
        held: &Held,
        block: &impl Attested,
        index: usize,
        log: Option<(Log, SubjectLog)>,
        start: u64,
    ) -> Option<Self> {
        let results = block.results_before();
        let (height, result) = (held.header.height, results.get(index)?.clone());
        let is_far = start > height.saturating_add(FAR) && result.code == 0;
        let shown = if let Some((mut log, known)) = log.filter(|_| is_far) {
            let mut path = LogPath::new(known.range().clone());
            for (other, record, result) in held.accepted(results) {
                if log.has(record, block) {
                    let leaf = log_leaf(height, other, record, result);
                    if other < index {
                        path.push_before(leaf);
                    } else {
                        path.push(leaf);
                    }
                }
            }
            Shown::Log { log, path, end: None }
        } else {
            let transactions = held.transactions.iter();
            let digests: Vec<Hash> = transactions.map(|bytes| sha256(&[bytes])).collect();
            let leaves = results.iter().map(|result| leaf_hash(&result.to_bytes()));
            Shown::Block {
                size: to_u64(digests.len()),
                transactions: position(&digests, index)?,
                results: path(&leaves.collect::<Vec<_>>(), index)?,
            }
        };
        let transaction = held.transactions.get(index)?.clone();
        Some(Self { height, index: to_u64(index), transaction, result, shown })
    }

    /// Takes what the log grew by.
    fn grow(&mut self, held: &Held, block: &impl Attested) {
        let Shown::Log { log, path, end: None } = &mut self.shown else { return };
        for (index, record, result) in held.accepted(block.results_before()) {
            if log.has(record, block) {
                path.push(log_leaf(held.header.height, index, record, result));
            }
        }
    }
}
