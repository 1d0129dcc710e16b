//! The application of a simulated chain: random transactions with deterministic results, or the
//! consent contract with records.

use std::{fmt, mem};

use vidimus::{
    contract::{
        CONTRACT_VERSION,
        chunk::StateChunk,
        machine::{Contract, ContractBlock, Executed, GenesisError, code_number},
        network::Network,
    },
    encoding::{cbor::List, hex::Hash},
    ledger::cometbft::{
        results::{BlockResults, TransactionResult},
        validator::{ValidatorKey, ValidatorList},
    },
    merkle::sha256,
    record::{envelope::Envelope, instant::Instant, organization::ValidatorChange},
};

use super::updates::ValidatorUpdate;
use crate::numbers::{Draw, Use, to_i64, to_u64};

/// Bytes of a transaction that its result repeats.
const ECHO: usize = 8;

/// The application's state that a simulated chain starts with.
pub fn genesis_hash(chain_id: &str) -> Hash {
    sha256(&[b"vidimus simulated state ", chain_id.as_bytes()])
}

/// Draws a block's transactions: random bytes.
pub(super) fn draw_transactions(
    seed: u64,
    height: u64,
    count: usize,
    bytes: usize,
) -> Vec<Vec<u8>> {
    let mut draw = Draw::new(seed, height, Use::Transactions);
    let transaction = |_| {
        let mut transaction = vec![0; bytes];
        draw.fill(&mut transaction);
        transaction
    };
    (0..count).map(transaction).collect()
}

/// Executes transactions: one in sixteen is refused, the others' first bytes come back.
pub(super) fn execute(transactions: &[Vec<u8>]) -> BlockResults {
    let result = |transaction: &Vec<u8>| {
        let length = to_i64(to_u64(transaction.len()));
        let echo: Vec<u8> = transaction.iter().copied().take(ECHO).collect();
        let refused = echo.first().is_some_and(|byte| byte % 16 == 0);
        TransactionResult {
            code: u32::from(refused),
            data: if refused { Vec::new() } else { echo },
            gas_wanted: length,
            gas_used: length >> 1,
        }
    };
    BlockResults { results: transactions.iter().map(result).collect() }
}

/// The state after a block with these results.
pub(super) fn next_hash(state: &[u8], results: &BlockResults) -> Hash {
    sha256(&[state, &results.compute_hash().0])
}

/// Why the contract does not start on a simulated chain.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ContractGenesisError {
    /// The figures make no ledger.
    #[error(transparent)]
    Config(#[from] super::ConfigError),
    /// The network makes no state.
    #[error(transparent)]
    Network(#[from] GenesisError),
    /// More validators than a network's genesis may name.
    #[error("the network would have too many validators")]
    Validators,
}

/// The transactions of a block of this height and time.
type Records = Box<dyn FnMut(u64, Instant) -> Vec<Vec<u8>>>;

/// The consent contract as the application of a chain.
pub(super) struct ContractApplication {
    contract: Contract,
    records: Records,
    executed: Option<Executed>,
    /// Whether the validators check signatures.
    is_checking: bool,
}

impl fmt::Debug for ContractApplication {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ContractApplication")
            .field("contract", &self.contract)
            .finish_non_exhaustive()
    }
}

impl ContractApplication {
    /// What its version is in headers.
    pub(super) const VERSION: u64 = CONTRACT_VERSION;

    /// The contract of a network whose validators are those of the chain.
    pub(super) fn start(
        network: Network,
        chain_id: &str,
        validators: &ValidatorList,
        records: Records,
    ) -> Result<Self, ContractGenesisError> {
        let changes = validators.validators.iter().filter_map(|validator| match validator.key {
            ValidatorKey::Ed25519(key) => Some(ValidatorChange { key, power: validator.power }),
            ValidatorKey::Unsupported(..) => None,
        });
        let validators = List::new(changes.collect()).ok_or(ContractGenesisError::Validators)?;
        let contract = Contract::start(Network { validators, ..network }, chain_id)?;
        Ok(Self { contract, records, executed: None, is_checking: true })
    }

    /// Validators take every signature for good from now on.
    pub(super) fn stop_checking(&mut self) {
        self.is_checking = false;
    }

    /// The root of the state that stands.
    pub(super) fn app_hash(&self) -> Hash {
        self.contract.state().root().unwrap_or(Hash([0; 32]))
    }

    /// The state that stands, as a snapshot carries it.
    pub(super) fn chunks(&self) -> Vec<Vec<u8>> {
        StateChunk::of_state(self.contract.state()).map(|chunk| chunk.to_bytes()).collect()
    }

    /// Runs the block to come: its transactions, their results, and changes of validators.
    pub(super) fn execute(
        &mut self,
        height: u64,
        time: Instant,
        chain_id: &str,
    ) -> (Vec<Vec<u8>>, BlockResults, Vec<ValidatorUpdate>) {
        let transactions = (self.records)(height, time);
        let slices: Vec<_> = transactions.iter().map(Vec::as_slice).collect();
        let block = ContractBlock { height, time, transactions: &slices };
        let is_checking = self.is_checking;
        let verify = |envelope: &Envelope<'_>| !is_checking || envelope.verify(chain_id).is_ok();
        // The contract wrote this state itself, so it runs.
        let Ok(executed) = self.contract.execute(block, verify) else {
            return (transactions, BlockResults::default(), Vec::new());
        };
        let results = executed.results.iter().map(|result| TransactionResult {
            code: code_number(result.code),
            data: result.data.clone(),
            ..TransactionResult::default()
        });
        let results = BlockResults { results: results.collect() };
        let updates = executed.validators.iter();
        let updates = updates.map(|(key, power)| ValidatorUpdate { key: *key, power: *power });
        let updates = updates.collect();
        self.executed = Some(executed);
        (transactions, results, updates)
    }

    /// Makes what the block did the state.
    pub(super) fn commit(&mut self) -> Hash {
        match mem::take(&mut self.executed) {
            Some(executed) => self.contract.commit(executed),
            None => self.app_hash(),
        }
    }
}
