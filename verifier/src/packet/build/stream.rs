//! Makes a packet from a snapshot, in one pass.

use alloc::{string::String, vec::Vec};

use super::{Attested, BuildError, Builder, Wanted};
use crate::{
    anchor::Anchors,
    contract::{
        chunk::StateChunk,
        machine::{Contract, ContractBlock, Executed, code_number},
    },
    encoding::{
        DecodeError,
        protobuf::{Message, decode_canonical},
        to_u64,
    },
    ledger::cometbft::{
        block::Block,
        commit::Commit,
        header::Header,
        results::{BlockResults, TransactionResult},
        validator::ValidatorList,
    },
    limits::Limits,
    packet::Packet,
    record::instant::Instant,
    snapshot::{Item, Kind, Manifest, Reader, SnapshotError},
    state::{Proof, StateMap},
};

/// Why a snapshot gives no packet.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum StreamError {
    /// The bytes are no snapshot.
    #[error(transparent)]
    Snapshot(#[from] SnapshotError),
    /// An item is not what it should be.
    #[error("item at byte {offset}: {source}")]
    Item {
        /// Where it stands.
        offset: u64,
        /// What is wrong with it.
        source: DecodeError,
    },
    /// More than the limit of this name allows.
    #[error("above the limit `{0}`")]
    Limit(&'static str),
    /// No anchor for a block of the snapshot.
    #[error("no anchor is for a block from {first} to {last}")]
    Anchor {
        /// First block.
        first: u64,
        /// Last block.
        last: u64,
    },
    /// The blocks do not have what is needed.
    #[error(transparent)]
    Build(#[from] BuildError),
}

/// Runs the contract over a snapshot, and shows the blocks to a [`Builder`].
///
/// Nothing is verified but what the contract needs. What comes out is worth what the packet proves: give it
/// to [`Verification`](crate::Verification) with the anchor.
///
/// # Cost
/// Less than one verification: no commit's signatures, and those of records only in blocks that have a
/// wrong one. Memory: the state, two blocks, and what the builder keeps.
#[derive(Debug)]
pub struct SnapshotBuilder {
    reader: Reader,
    limits: Limits,
    anchors: Anchors,
    wanted: Vec<Wanted>,
    builder: Option<Builder>,
    manifest: Option<Manifest>,
    state: StateMap,
    state_bytes: u64,
    contract: Option<Contract>,
    /// Set of the block to come, and of the one after it if that is another.
    set: ValidatorList,
    next_set: Option<ValidatorList>,
    /// The last block, which waits for the commit over it.
    waiting: Option<Waiting>,
    results_before: Vec<TransactionResult>,
}

/// A block that was read.
#[derive(Debug)]
struct Waiting {
    header: Header,
    bytes: Vec<u8>,
    validators: ValidatorList,
}

impl SnapshotBuilder {
    /// A packet for the anchor of these that is highest within the snapshot.
    pub fn new(anchors: Anchors, limits: Limits, wanted: Vec<Wanted>) -> Self {
        Self {
            reader: Reader::new(limits.clone()),
            limits,
            anchors,
            wanted,
            builder: None,
            manifest: None,
            state: StateMap::default(),
            state_bytes: 0,
            contract: None,
            set: ValidatorList::default(),
            next_set: None,
            waiting: None,
            results_before: Vec::new(),
        }
    }

    /// Takes the next bytes of the snapshot.
    ///
    /// # Errors
    /// [`StreamError`].
    pub fn feed(&mut self, chunk: &[u8]) -> Result<(), StreamError> {
        self.reader.feed(chunk);
        while let Some(item) = self.reader.next_item()? {
            match item {
                Item::Manifest(manifest) => self.manifest(manifest)?,
                Item::Payload { kind, bytes, offset } => self.item(kind, bytes, offset)?,
                Item::End => {}
            }
        }
        Ok(())
    }

    /// The packet, once all bytes are in.
    ///
    /// # Errors
    /// [`StreamError`].
    pub fn finish(mut self) -> Result<Packet, StreamError> {
        self.reader.finish()?;
        self.show(None)?;
        let builder = self.builder.ok_or(BuildError::NoState)?;
        Ok(builder.finish()?)
    }

    fn manifest(&mut self, manifest: Manifest) -> Result<(), StreamError> {
        let (first, last) = (manifest.first, manifest.last);
        let heights = self.anchors.anchors.iter().map(|anchor| anchor.height);
        let start = heights.filter(|height| (first..=last).contains(height)).max();
        let start = start.ok_or(StreamError::Anchor { first, last })?;
        let wanted = core::mem::take(&mut self.wanted);
        self.builder = Some(Builder::new(start, last, wanted));
        self.manifest = Some(manifest);
        Ok(())
    }

    fn item(&mut self, kind: Kind, bytes: Vec<u8>, offset: u64) -> Result<(), StreamError> {
        match kind {
            Kind::State => self.state(&bytes, offset),
            Kind::Validators => {
                let list: ValidatorList = decoded(&bytes, offset)?;
                if self.set.validators.is_empty() {
                    self.set = list;
                } else {
                    self.next_set = Some(list);
                }
                Ok(())
            }
            Kind::Block => self.block(bytes, offset),
            Kind::Commit => self.show(Some(&decoded(&bytes, offset)?)),
            Kind::Manifest
            | Kind::Genesis
            | Kind::ConsensusParams
            | Kind::BlockResults
            | Kind::LightBlock
            | Kind::End => Ok(()),
        }
    }

    fn state(&mut self, bytes: &[u8], offset: u64) -> Result<(), StreamError> {
        let failed = |source| StreamError::Item { offset, source };
        let mut entries = StateChunk::entries(bytes);
        while let Some((key, value)) = entries.next_entry().map_err(failed)? {
            let weight = to_u64(key.len()).saturating_add(to_u64(value.len()));
            self.state_bytes = self.state_bytes.saturating_add(weight);
            if self.state_bytes > self.limits.state_bytes {
                return Err(StreamError::Limit("state_bytes"));
            }
            self.state.insert(key, value.to_vec());
        }
        Ok(())
    }

    fn block(&mut self, bytes: Vec<u8>, offset: u64) -> Result<(), StreamError> {
        let block: Block<'_> = decoded(&bytes, offset)?;
        let (header, last_commit) = (block.header, block.last_commit);
        let is_first = self.waiting.is_none();
        // The block before is shown with the commit over it; then it is run, as this header says.
        self.show(Some(&last_commit))?;
        if is_first {
            let state = core::mem::take(&mut self.state);
            self.contract = Contract::resume(state, &header.chain_id).ok();
        }
        self.execute(&header)?;
        let validators = self.set.clone();
        if let Some(next) = self.next_set.take() {
            self.set = next;
        }
        self.waiting = Some(Waiting { header, bytes, validators });
        Ok(())
    }

    /// Shows the block that waits to the builder, if it was not shown before.
    fn show(&mut self, commit: Option<&Commit>) -> Result<(), StreamError> {
        let (Some(waiting), Some(builder)) = (&self.waiting, &mut self.builder) else {
            return Ok(());
        };
        if builder.shown() == Some(waiting.header.height) {
            return Ok(());
        }
        let block: Block<'_> = decoded(&waiting.bytes, 0)?;
        builder.block(&Shown {
            waiting,
            commit,
            next: &self.set,
            transactions: &block.transactions,
            results_before: &self.results_before,
            state: self.contract.as_ref().map(Contract::state),
        })?;
        Ok(())
    }

    /// Runs the block that waits, so that the results are those that the next header commits to.
    fn execute(&mut self, next: &Header) -> Result<(), StreamError> {
        let (Some(waiting), Some(contract)) = (self.waiting.take(), &mut self.contract) else {
            return Ok(());
        };
        let block: Block<'_> = decoded(&waiting.bytes, 0)?;
        let block = ContractBlock {
            height: waiting.header.height,
            time: Instant::of_block(&waiting.header.time),
            transactions: &block.transactions,
        };
        let chain_id: &String = &waiting.header.chain_id;
        // As a verification does: signatures are taken for good, unless the results then differ.
        let mut executed = contract.execute(block, |_| true).map_err(|_| BuildError::NoState)?;
        let mut results = results_of(&executed);
        if next.last_results_hash != Some(results.compute_hash()) {
            executed = contract
                .execute(block, |envelope| envelope.verify(chain_id).is_ok())
                .map_err(|_| BuildError::NoState)?;
            results = results_of(&executed);
        }
        contract.commit(executed);
        self.results_before = results.results;
        Ok(())
    }
}

fn results_of(executed: &Executed) -> BlockResults {
    let results = executed.results.iter().map(|result| TransactionResult {
        code: code_number(result.code),
        data: result.data.clone(),
        gas_wanted: 0,
        gas_used: 0,
    });
    BlockResults { results: results.collect() }
}

fn decoded<'a, M: Message<'a>>(bytes: &'a [u8], offset: u64) -> Result<M, StreamError> {
    let decoded = decode_canonical::<M>(bytes);
    decoded
        .map(crate::encoding::protobuf::Decoded::into_inner)
        .map_err(|source| StreamError::Item { offset, source })
}

/// A block of a snapshot, and the state before it.
struct Shown<'a> {
    waiting: &'a Waiting,
    commit: Option<&'a Commit>,
    next: &'a ValidatorList,
    transactions: &'a [&'a [u8]],
    results_before: &'a [TransactionResult],
    state: Option<&'a StateMap>,
}

impl Attested for Shown<'_> {
    fn header(&self) -> &Header {
        &self.waiting.header
    }

    fn commit(&self) -> Option<&Commit> {
        self.commit
    }

    fn validators(&self) -> &ValidatorList {
        &self.waiting.validators
    }

    fn next_validators(&self) -> &ValidatorList {
        self.next
    }

    fn transactions(&self) -> &[&[u8]] {
        self.transactions
    }

    fn results_before(&self) -> &[TransactionResult] {
        self.results_before
    }

    fn prove(&self, key: &[u8]) -> Option<Proof> {
        self.state?.prove(key).ok()
    }
}
