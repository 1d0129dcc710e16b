//! Makes packets: whoever has a ledger shows its blocks in a row, with proofs of the state before each.
//!
//! ```text
//! Wanted ─▶ Builder ◀─ Attested, block after block ─ StateMap of a snapshot, or a node's own
//!              └─ finish ─▶ Packet
//! ```
//!
//! A builder believes what it is shown: it is the packet that is verified, by whoever holds an anchor.

mod log;
mod log_path;
mod path;
mod pending;
mod search;
mod stream;

use alloc::{
    collections::{BTreeMap, BTreeSet},
    vec::Vec,
};

use self::{path::Path, pending::Pending};
pub use self::{
    pending::Wanted,
    stream::{SnapshotBuilder, StreamError},
};
use super::Packet;
use crate::{
    encoding::{cbor::List, hex::Hash, protobuf::Message as _, to_u64},
    ledger::cometbft::{
        commit::Commit, header::Header, results::TransactionResult, validator::ValidatorList,
    },
    merkle::leaf_hash,
    record::Record,
    state::{LogEntry, Proof, result_hash},
};

/// A block of the ledger, its header, and the state that the header's app hash is of.
pub trait Attested {
    /// Its header.
    fn header(&self) -> &Header;
    /// The commit over it, if there is one.
    fn commit(&self) -> Option<&Commit>;
    /// The set that signs it.
    fn validators(&self) -> &ValidatorList;
    /// The set that signs the next one.
    fn next_validators(&self) -> &ValidatorList;
    /// Its transactions.
    fn transactions(&self) -> &[&[u8]];
    /// Results of the block before.
    fn results_before(&self) -> &[TransactionResult];
    /// Proof of a key in the state after the block before; `None` if there is no such state.
    fn prove(&self, key: &[u8]) -> Option<Proof>;
}

/// Why there is no packet.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum BuildError {
    /// No block at the height of the anchor.
    #[error("there is no block {height}, which the anchor is for")]
    Start {
        /// The height.
        height: u64,
    },
    /// What the packet is to be about is not on the ledger, or not in its blocks here.
    #[error("number {number} of what is wanted, a {kind}, is not in these blocks")]
    NotFound {
        /// Which of what is wanted, from 1.
        number: usize,
        /// What it is.
        kind: &'static str,
    },
    /// A record that is to be withheld is in no list, and would not have been.
    #[error(
        "the record {id} is to be withheld, and is not among those of a subject that are listed"
    )]
    NotListed {
        /// Its id.
        id: Hash,
    },
    /// A consent of two subjects: its id says not whose is meant.
    #[error("number {number} of what is wanted: consents of two subjects have that id; say whose")]
    Ambiguous {
        /// Which of what is wanted, from 1.
        number: usize,
    },
    /// No state to prove it from.
    #[error("there is no state of the contract to prove anything from")]
    NoState,
    /// Heights that are not here.
    #[error("block {height} is wanted, and is not among those that are attested here")]
    Height {
        /// The first that is missing.
        height: u64,
    },
    /// A header that no link reaches from the anchor.
    #[error(
        "block {height} cannot be reached from the anchor: a commit or blocks between are missing"
    )]
    Unreachable {
        /// Its height.
        height: u64,
    },
    /// More than a packet has room for.
    #[error("a packet has no room for that much")]
    TooMuch,
}

/// Collects what a packet needs, in one pass over the blocks.
///
/// # Cost
/// Memory: the records that are wanted, and 165 bytes for each block between the first that is wanted
/// and an anchor above it.
#[derive(Debug)]
pub struct Builder {
    path: Path,
    pending: Vec<Pending>,
    start: u64,
    last: u64,
    /// The block before, of which the results are to come.
    before: Option<Held>,
}

/// A block whose results come with the next, and its records by index.
#[derive(Debug)]
struct Held {
    header: Header,
    transactions: Vec<Vec<u8>>,
    records: BTreeMap<usize, Record>,
}

impl Held {
    fn of(block: &impl Attested) -> Self {
        let header = block.header().clone();
        let transactions: Vec<_> =
            block.transactions().iter().map(|bytes| bytes.to_vec()).collect();
        let records = transactions.iter().enumerate().filter_map(|(index, bytes)| {
            Some((index, Record::decode(bytes, &header.chain_id).ok()?.0))
        });
        let records = records.collect();
        Self { header, transactions, records }
    }

    /// The records with their results, as far as they were accepted.
    fn accepted<'a>(
        &'a self,
        results: &'a [TransactionResult],
    ) -> impl Iterator<Item = (usize, &'a Record, &'a TransactionResult)> {
        let with_results = self
            .records
            .iter()
            .filter_map(|(index, record)| Some((*index, record, results.get(*index)?)));
        with_results.filter(|(_, _, result)| result.code == 0)
    }
}

/// The leaf of a record in a log.
fn log_leaf(height: u64, index: usize, record: &Record, result: &TransactionResult) -> Hash {
    let entry = LogEntry {
        height,
        index: to_u64(index),
        record_id: record.id,
        result_hash: result_hash(result.code, &result.data),
    };
    leaf_hash(&entry.encode())
}

impl Builder {
    /// A packet for an anchor at `start`, of a ledger whose last block is `last`.
    pub fn new(start: u64, last: u64, wanted: Vec<Wanted>) -> Self {
        let pending = wanted.into_iter().map(Pending::new).collect();
        Self { path: Path::new(start), pending, start, last, before: None }
    }

    /// Takes the next block.
    ///
    /// # Errors
    /// [`BuildError::NoState`], [`BuildError::Unreachable`].
    pub fn block(&mut self, block: &impl Attested) -> Result<(), BuildError> {
        let header = block.header();
        let now = Held::of(block);
        for pending in &mut self.pending {
            pending.look(block, self.before.as_ref(), &now, (self.start, self.last))?;
        }
        let heights = self.heights();
        if let Some(before) = &self.before
            && heights.contains(&before.header.height)
        {
            self.path.want_before(&before.header);
        }
        self.path.block(block, heights.contains(&header.height))?;
        self.before = Some(now);
        Ok(())
    }

    /// The headers that are needed, as far as they are known.
    fn heights(&self) -> BTreeSet<u64> {
        self.pending.iter().flat_map(Pending::heights).collect()
    }

    /// Height of the last block that was taken.
    pub fn shown(&self) -> Option<u64> {
        self.before.as_ref().map(|before| before.header.height)
    }

    /// The packet.
    ///
    /// # Errors
    /// What is missing.
    pub fn finish(self) -> Result<Packet, BuildError> {
        let heights = self.heights();
        let parts = self.path.finish(&heights)?;
        if let Some(id) = self.pending.iter().find_map(|pending| pending.not_listed(&self.pending))
        {
            return Err(BuildError::NotListed { id });
        }
        let mut claims = Vec::new();
        for (pending, number) in self.pending.into_iter().zip(1..) {
            pending.claim(number, &parts.heights, &mut claims)?;
        }
        let bytes = |header: &Header| header.to_bytes().into();
        Ok(Packet {
            headers: list(parts.headers.iter().map(bytes))?,
            start: parts.start,
            sets: list(parts.sets.iter().map(|set| set.to_bytes().into()))?,
            commits: list(parts.commits.iter().map(|commit| commit.to_bytes().into()))?,
            links: list(parts.links)?,
            claims: list(claims)?,
        })
    }
}

fn list<T, const MIN: usize, const MAX: usize>(
    values: impl IntoIterator<Item = T>,
) -> Result<List<T, MIN, MAX>, BuildError> {
    List::new(values.into_iter().collect()).ok_or(BuildError::TooMuch)
}
