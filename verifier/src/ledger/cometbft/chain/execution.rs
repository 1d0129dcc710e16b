//! Step 3.9: the contract, run again.
//!
//! What a block does is attested by the header after it, so a block waits here for that header.

use alloc::{
    boxed::Box,
    collections::BTreeMap,
    format,
    string::{String, ToString as _},
    vec::Vec,
};
use core::fmt;

use crate::{
    check::CheckId,
    contract::{
        CONTRACT_VERSION, CONTRACT_VERSIONS,
        chunk::StateChunk,
        machine::{Contract, ContractBlock, Executed, code_number},
        outcome,
    },
    encoding::{
        hex::{Hash, PublicKey},
        protobuf::Reader,
        to_u64,
    },
    ledger::cometbft::{
        header::Header,
        places::elements,
        results::{BlockResults, TransactionResult},
        rules::{At, differ, show, within_limit},
        validator::{Validator, ValidatorKey, ValidatorList, ValidatorSet},
    },
    record::{Record, envelope::Envelope, instant::Instant},
    report::{Evidence, Locus, Missing, Reason, SkipReason, Unsupported},
    signature::SignatureRule,
    state::{StateMap, path_of},
    verification::recorder::{Origin, Place, Recorder, Stop},
};

/// The checks of this step.
const CHECKS: [CheckId; 5] = [
    CheckId::ContractState,
    CheckId::ContractResults,
    CheckId::ContractSignature,
    CheckId::ContractAppHash,
    CheckId::ContractValidators,
];

/// What an entry weighs beside its key and its value: leaf, branch, and their hashes.
const ENTRY_BYTES: u64 = 256;

/// A block that waits for the header after it.
#[derive(Debug)]
struct Waiting {
    at: At,
    height: u64,
    time: Instant,
    /// The block's bytes.
    bytes: Vec<u8>,
}

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
    waiting: Option<Waiting>,
    /// Whether a block was run and was as its header says.
    is_run: bool,
}

impl Execution {
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
            self.bytes = self.bytes.saturating_add(weight).saturating_add(ENTRY_BYTES);
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
            waiting.verify(recorder, contract, header, set, given, at)?;
            self.is_run = true;
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

    /// What no header after the last block shows.
    pub(super) fn end(&self, recorder: &mut Recorder) {
        if self.waiting.is_some() {
            for check in CHECKS.into_iter().filter(|check| *check != CheckId::ContractState) {
                recorder.skip(check, SkipReason::Tip);
            }
        }
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
        self.contract = Some(Box::new(contract));
        Ok(())
    }
}

impl Waiting {
    /// Runs the block, and compares with what the header after it commits to.
    fn verify(
        &self,
        recorder: &mut Recorder,
        contract: &mut Contract,
        header: &Header,
        set: &ValidatorSet,
        given: Option<&BlockResults>,
        at: At,
    ) -> Result<(), Stop> {
        let transactions: Vec<_> = self.transactions().map(|reader| reader.rest()).collect();
        let block =
            ContractBlock { height: self.height, time: self.time, transactions: &transactions };
        // Signatures are checked in batches, with all others: if taking them for good gives what the
        // header commits to, then they must be. If not, some are not, and are told apart one by one.
        let mut accepted = self.run(contract, block, |_| true)?;
        let claimed = header.last_results_hash;
        let mut computed = results(&accepted);
        let mut hash = computed.compute_hash();
        let is_optimistic = claimed == Some(hash);
        if !is_optimistic {
            let chain_id = &*header.chain_id;
            let mut verify = |envelope: &Envelope<'_>| {
                let holds = envelope.verify(chain_id).is_ok();
                if holds {
                    recorder.pass(CheckId::ContractSignature);
                }
                holds
            };
            accepted = self.run(contract, block, &mut verify)?;
            computed = results(&accepted);
            hash = computed.compute_hash();
        }
        recorder.require(CheckId::ContractResults, claimed == Some(hash), || {
            self.difference(given, &computed).unwrap_or_else(|| {
                (at.locus("header.last_results_hash"), differ(&show(claimed), &hash))
            })
        })?;
        if is_optimistic {
            self.oblige(recorder, &header.chain_id);
        }
        let next = following(set, &accepted.validators);
        let root = contract.commit(accepted);
        recorder.require(CheckId::ContractAppHash, header.app_hash == root.0, || {
            (at.locus("header.app_hash"), differ(&show_bytes(&header.app_hash), &root))
        })?;
        let is_next = header.next_validators_hash == Some(next);
        recorder.require(CheckId::ContractValidators, is_next, || {
            let claimed = show(header.next_validators_hash);
            (at.locus("header.next_validators_hash"), differ(&claimed, &next))
        })
    }

    fn run(
        &self,
        contract: &Contract,
        block: ContractBlock<'_>,
        verify: impl FnMut(&Envelope<'_>) -> bool,
    ) -> Result<Executed, Stop> {
        contract.execute(block, verify).map_err(|_| {
            let locus = Box::new(self.at.locus("block"));
            Stop::Inconclusive(Reason::Unsupported(Unsupported::Contract), locus)
        })
    }

    fn transactions(&self) -> impl Iterator<Item = Reader<'_>> {
        let data = elements(Reader::new(&self.bytes), 2).next();
        data.into_iter().flat_map(|data| elements(data, 1))
    }

    /// Asks for the signatures of all records to be checked.
    fn oblige(&self, recorder: &mut Recorder, chain_id: &str) {
        for (index, transaction) in self.transactions().enumerate() {
            let bytes = transaction.rest();
            // What is no record has no signature to be checked.
            let Ok((_, envelope)) = Record::decode(bytes, chain_id) else { continue };
            // The signature is the last of a record.
            let before = bytes.len().saturating_sub(envelope.signature.len());
            let within = transaction.offset().saturating_add(before);
            let origin = Origin {
                check: CheckId::ContractSignature,
                height: self.height,
                place: Place::Record,
                index,
                offset: self.at.offset.saturating_add(to_u64(within)),
            };
            let message = envelope.signed_bytes(chain_id);
            let (key, signature) = (&envelope.signer.0, &envelope.signature);
            recorder.oblige(SignatureRule::Consent, key, &message, signature, origin);
            recorder.pass(CheckId::ContractSignature);
        }
    }

    /// The first transaction whose result is another than was given with the block, and both results.
    fn difference(
        &self,
        given: Option<&BlockResults>,
        computed: &BlockResults,
    ) -> Option<(Locus, Evidence)> {
        let pairs = given?.results.iter().zip(&computed.results);
        let mut pairs = pairs.zip(self.transactions()).enumerate();
        let (index, ((claimed, computed), transaction)) =
            pairs.find(|(_, ((claimed, computed), _))| claimed != computed)?;
        let offset = self.at.offset.saturating_add(to_u64(transaction.offset()));
        let locus = Locus { offset: Some(offset), ..self.at.locus(&format!("block.txs[{index}]")) };
        Some((locus, differ(&shown(claimed), &shown(computed))))
    }
}

/// What the contract says of each transaction, in CometBFT's words: it asks for no gas.
fn results(executed: &Executed) -> BlockResults {
    let result = |result: &outcome::TransactionResult| TransactionResult {
        code: code_number(result.code),
        data: result.data.clone(),
        gas_wanted: 0,
        gas_used: 0,
    };
    BlockResults { results: executed.results.iter().map(result).collect() }
}

/// The hash of the set after `set`, with these powers changed.
fn following(set: &ValidatorSet, changes: &BTreeMap<PublicKey, u64>) -> Hash {
    if changes.is_empty() {
        return set.hash();
    }
    let mut powers: BTreeMap<_, _> =
        set.members().iter().map(|member| (member.key, member.power)).collect();
    powers.extend(changes);
    let validators =
        powers.into_iter().filter(|(_, power)| *power > 0).filter_map(|(key, power)| {
            let key = ValidatorKey::Ed25519(key);
            Some(Validator { address: key.compute_address()?, key, power })
        });
    let mut list = ValidatorList { validators: validators.collect() };
    list.sort();
    list.compute_hash()
}

fn show_bytes(bytes: &[u8]) -> String {
    if bytes.is_empty() { "(empty)".to_string() } else { ::hex::encode_upper(bytes) }
}

fn shown(result: &TransactionResult) -> String {
    format!("code {}, data {}", result.code, show_bytes(&result.data))
}
