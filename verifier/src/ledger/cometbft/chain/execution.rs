//! Step 3.9: the contract, run again.
//!
//! What a block does is attested by the header after it, so a block waits here for that header.

mod waiting;

use alloc::{boxed::Box, string::ToString as _, vec::Vec};
use core::fmt;

use waiting::{Waiting, show_bytes};

use crate::{
    audit::{self, Audit, AuditOptions},
    check::CheckId,
    contract::{CONTRACT_VERSION, CONTRACT_VERSIONS, chunk::StateChunk, machine::Contract},
    encoding::{hex::Hash, to_u64},
    ledger::cometbft::{
        header::Header,
        results::BlockResults,
        rules::{At, differ, show, within_limit},
        validator::ValidatorSet,
    },
    limits::Limits,
    record::instant::Instant,
    report::{Locus, Missing, Reason, SkipReason, Unsupported},
    state::{StateMap, path_of},
    verification::{
        recorder::{Recorder, Stop},
        trust::Provisional,
    },
};

/// The checks of this step.
const CHECKS: [CheckId; 5] = [
    CheckId::ContractState,
    CheckId::ContractResults,
    CheckId::ContractSignature,
    CheckId::ContractAppHash,
    CheckId::ContractValidators,
];

/// The application of a chain, as far as it can be run again.
#[derive(Debug, Default)]
pub(super) struct Execution {
    /// The state, until the first header shows whether it is the right one.
    state: StateMap,
    /// Path of its last entry: they ascend.
    last_path: Option<Hash>,
    /// What it weighs in memory.
    bytes: u64,
    /// Where the last chunk of the state stands.
    chunk: Option<At>,
    /// Application version of the first header.
    version: Option<u64>,
    /// Whether blocks are of a version of the contract that is not here.
    is_other_version: bool,
    contract: Option<Box<Contract>>,
    /// What is asked of the audit.
    audit_options: AuditOptions,
    limits: Limits,
    audit: Provisional<Option<Box<Audit>>>,
    waiting: Option<Waiting>,
    /// Whether a block was run and was as its header says.
    is_run: bool,
}

impl Execution {
    pub(super) fn new(audit_options: AuditOptions, limits: Limits) -> Self {
        Self { audit_options, limits, ..Self::default() }
    }

    /// What the audit came to, as far as the blocks are trusted.
    pub(super) fn into_audit(self) -> Provisional<Option<Box<Audit>>> {
        self.audit
    }

    pub(super) fn audit_mut(&mut self) -> &mut Provisional<Option<Box<Audit>>> {
        &mut self.audit
    }

    /// Takes a chunk of the state before the first block.
    pub(super) fn state(
        &mut self,
        recorder: &mut Recorder,
        bytes: &[u8],
        limit: u64,
        at: At,
    ) -> Result<(), Stop> {
        self.chunk = Some(at);
        let failed = |error: &dyn fmt::Display, offset: u64| {
            let offset = Some(at.offset.saturating_add(offset));
            let locus = Locus { offset, ..at.locus("state") };
            (locus, differ(&error.to_string(), &"entries in ascending order of their paths"))
        };
        let mut reader = StateChunk::entries(bytes);
        loop {
            let offset = reader.offset();
            let (key, value) = match reader.next_entry() {
                Ok(Some(entry)) => entry,
                Ok(None) => return Ok(()),
                Err(error) => {
                    return recorder
                        .require(CheckId::ContractState, false, || failed(&error, error.offset));
                }
            };
            let weight = to_u64(key.len()).saturating_add(to_u64(value.len()));
            let weight = weight.saturating_add(StateMap::ENTRY_BYTES);
            self.bytes = self.bytes.saturating_add(weight);
            within_limit(self.bytes, limit, "state_bytes", at)?;
            let path = path_of(key);
            recorder.require(
                CheckId::ContractState,
                self.last_path.is_none_or(|last| last < path),
                || failed(&"an entry out of order", offset),
            )?;
            self.last_path = Some(path);
            self.state.insert(key, value.to_vec());
        }
    }

    /// Why records on the chain cannot be asked about, if they cannot.
    pub(super) fn missing(&self) -> Option<Reason> {
        if self.is_other_version {
            return Some(Reason::Unsupported(Unsupported::Contract));
        }
        let is_ours = self.version == Some(CONTRACT_VERSION);
        (is_ours && self.contract.is_none()).then_some(Reason::Incomplete(Missing::State))
    }

    /// Whether the contract runs on the chain and is run again here.
    pub(super) fn is_executed(&self) -> bool {
        self.is_run && self.contract.is_some()
    }

    /// Runs the block before `header`, or at the first, proves the state.
    ///
    /// `set` signs the block of the header, `next` the one after it as far as it is known, and `given`
    /// are the results that came with the snapshot.
    pub(super) fn header(
        &mut self,
        recorder: &mut Recorder,
        header: &Header,
        (set, next): (&ValidatorSet, &ValidatorSet),
        given: Option<&BlockResults>,
        chain_id: &str,
        at: At,
    ) -> Result<(), Stop> {
        if let (Some(waiting), Some(contract)) = (self.waiting.take(), &mut self.contract) {
            let executed = waiting.verify(recorder, contract, header, set, given, at)?;
            self.is_run = true;
            waiting.audit(&mut self.audit, contract, &executed, &self.limits)?;
        }
        let is_first = self.version.is_none();
        let version = *self.version.get_or_insert(header.version_app);
        let is_change = version != header.version_app;
        let is_contract = CONTRACT_VERSIONS.contains(&header.version_app);
        if (is_contract && header.version_app != CONTRACT_VERSION)
            || (is_change && (is_contract || version == CONTRACT_VERSION))
        {
            // A contract of another version decides otherwise.
            self.is_other_version = true;
            self.contract = None;
        }
        match (is_first && !self.is_other_version, version) {
            (true, CONTRACT_VERSION) => self.start(recorder, header, next, chain_id, at),
            (true, _) => self.other_application(recorder),
            (false, _) => Ok(()),
        }
    }

    /// The block of the last header waits for the next one.
    pub(super) fn wait(&mut self, header: &Header, bytes: &[u8], at: At) {
        if self.contract.is_some() {
            let (height, time) = (header.height, Instant::of_block(&header.time));
            self.waiting = Some(Waiting { at, height, time, bytes: bytes.to_vec() });
        }
    }

    /// What no header after the last block shows. It is run and looked at all the same.
    pub(super) fn end(&mut self, recorder: &mut Recorder, chain_id: &str) -> Result<(), Stop> {
        let (Some(waiting), Some(contract)) = (self.waiting.take(), &mut self.contract) else {
            return Ok(());
        };
        for check in CHECKS.into_iter().filter(|check| *check != CheckId::ContractState) {
            recorder.skip(check, SkipReason::Tip);
        }
        let transactions: Vec<_> = waiting.transactions().map(|reader| reader.rest()).collect();
        let mut executed =
            waiting.run(contract, &transactions, |envelope| envelope.verify(chain_id).is_ok())?;
        let transacted = core::mem::take(&mut executed.transacted);
        let results = core::mem::take(&mut executed.results);
        contract.commit(executed);
        waiting.audit(&mut self.audit, contract, &(results, transacted), &self.limits)?;
        let last = waiting.place();
        self.audit.update(|audit| {
            if let Some(audit) = audit {
                audit.end(contract, last);
            }
        });
        Ok(())
    }

    fn other_application(&self, recorder: &mut Recorder) -> Result<(), Stop> {
        let Some(at) = self.chunk else { return Ok(()) };
        recorder.require(CheckId::SnapshotOrder, false, || {
            let claimed = "a state of the contract";
            (at.locus("state"), differ(&claimed, &"none: another application runs on the chain"))
        })
    }

    fn start(
        &mut self,
        recorder: &mut Recorder,
        header: &Header,
        next: &ValidatorSet,
        chain_id: &str,
        at: At,
    ) -> Result<(), Stop> {
        let Some(chunk) = self.chunk else {
            for check in CHECKS {
                recorder.skip(check, SkipReason::NotGiven);
            }
            return Ok(());
        };
        let mut state = core::mem::take(&mut self.state);
        let root = state.commit();
        recorder.require(CheckId::ContractState, header.app_hash == root.0, || {
            (at.locus("header.app_hash"), differ(&show_bytes(&header.app_hash), &root))
        })?;
        let contract = match Contract::resume(state, chain_id) {
            Ok(contract) => contract,
            Err(error) => {
                return recorder.require(CheckId::ContractState, false, || {
                    (chunk.locus("state"), differ(&error, &"a state with a network"))
                });
            }
        };
        if header.last_block_id.is_zero() {
            // Nothing but what follows from the network: no consent that nobody gave.
            let genesis = Contract::start(contract.network().clone(), chain_id);
            let genesis = genesis.ok().and_then(|genesis| genesis.state().root().ok());
            recorder.require(CheckId::ContractState, genesis == Some(root), || {
                (chunk.locus("state"), differ(&root, &show(genesis)))
            })?;
        } else {
            recorder.skip(CheckId::ContractState, SkipReason::RangeStart);
        }
        if header.next_validators_hash == Some(next.hash()) {
            let is_set = contract.has_validators(next.members().iter().map(|m| (m.key, m.power)));
            recorder.require(CheckId::ContractValidators, is_set, || {
                let claimed = show(header.next_validators_hash);
                (
                    at.locus("header.next_validators_hash"),
                    differ(&claimed, &"the state's validators"),
                )
            })?;
        }
        let is_from_start = header.last_block_id.is_zero();
        let first = audit::Place {
            height: header.height,
            index: None,
            offset: at.offset,
            time: Instant::of_block(&header.time),
        };
        let options = core::mem::take(&mut self.audit_options);
        let audit = Audit::start(options, &self.limits, &contract, first, is_from_start);
        self.audit.update(|none| *none = Some(Box::new(audit)));
        self.contract = Some(Box::new(contract));
        Ok(())
    }
}
