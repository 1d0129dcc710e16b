//! The state machine: a block of transactions in, results and the next state out.

use alloc::{borrow::ToOwned as _, collections::BTreeMap, string::String, sync::Arc, vec::Vec};

use super::{
    decoded::DecodedOrganizations,
    entries::{
        BLOCK_REQUESTS, KeyEntry, NETWORK, OrganizationEntry, Table, VALIDATORS, ValidatorEntry,
        ValidatorTotals,
    },
    network::Network,
    outcome::{Judgement, ResultCode, TransactionResult},
    requests::{close_expired, note_opened},
    transaction::{Position, Transaction, read, read_network},
};
use crate::{
    encoding::{
        DecodeError, cbor,
        hex::{Hash, PublicKey},
    },
    record::{
        Body, Record,
        actor::OrganizationId,
        envelope::Envelope,
        instant::Instant,
        organization::{KeyUse, OrganizationChange, OrganizationRole},
    },
    state::{Changes, LogEntry, Overlay, ReadState, StateMap, result_hash},
};

/// A block, as far as the contract sees it.
#[derive(Clone, Copy, Debug)]
pub struct ContractBlock<'a> {
    /// Its height.
    pub height: u64,
    /// Its time.
    pub time: Instant,
    /// Its transactions, each the bytes of one record.
    pub transactions: &'a [&'a [u8]],
}

/// What a block would do.
#[derive(Debug)]
pub struct Executed {
    /// A result for each transaction.
    pub results: Vec<TransactionResult>,
    /// What each transaction is, as far as it is a record, and how it was judged.
    pub transacted: Vec<Transacted>,
    /// New powers of validators, 0 for those that leave: for the height after the next.
    pub validators: BTreeMap<PublicKey, u64>,
    changes: Changes,
}

/// A transaction, read.
#[derive(Debug)]
pub struct Transacted {
    /// The record, or why the bytes are none: where in them, and at which field.
    pub record: Result<Record, DecodeError>,
    /// What its result data say, if it has any.
    pub judgement: Option<Judgement>,
}

/// The network's genesis makes no state.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("the genesis is not sound: {}", .0.name())]
pub struct GenesisError(pub ResultCode);

/// A state that is proven and that still no contract wrote.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("the state is not one that this contract wrote")]
pub struct ForeignStateError;

/// The contract of one ledger at one height.
#[derive(Debug)]
pub struct Contract {
    chain_id: String,
    network: Network,
    organizations: DecodedOrganizations,
    state: StateMap,
}

impl Contract {
    /// The contract at the beginning of a ledger.
    ///
    /// # Errors
    /// [`GenesisError`] where an organization is not registered but changed, a key has two owners, or
    /// the validators are none that a network can have.
    pub fn start(network: Network, chain_id: &str) -> Result<Self, GenesisError> {
        let mut state = StateMap::default();
        state.insert(NETWORK, cbor::encode(&network));
        let changes = begin(&network, &state).map_err(GenesisError)?;
        state.apply(changes);
        state.commit();
        Ok(Self::new(network, state, chain_id))
    }

    /// The contract of a state that was proven.
    ///
    /// # Errors
    /// [`ForeignStateError`] where the state has no network.
    pub fn resume(mut state: StateMap, chain_id: &str) -> Result<Self, ForeignStateError> {
        let network = read_network(&state).map_err(|_| ForeignStateError)?;
        state.commit();
        Ok(Self::new(network, state, chain_id))
    }

    fn new(network: Network, state: StateMap, chain_id: &str) -> Self {
        let organizations = DecodedOrganizations::default();
        Self { chain_id: chain_id.to_owned(), network, organizations, state }
    }

    /// An organization as it stands.
    pub(crate) fn organization(&self, id: &OrganizationId) -> Option<Arc<OrganizationEntry>> {
        let bytes = self.state.get(&Table::Organizations.key(&[id.as_str().as_bytes()]))?;
        self.organizations.get(id, bytes).ok()
    }

    /// The rules of the network.
    pub fn network(&self) -> &Network {
        &self.network
    }

    /// The state.
    pub fn state(&self) -> &StateMap {
        &self.state
    }

    /// Whether these, each once, are the validators that the state names, with their powers.
    pub fn has_validators(&self, set: impl Iterator<Item = (PublicKey, u64)>) -> bool {
        let mut count = 0_u64;
        let is_named = |(key, power): (PublicKey, u64)| {
            count = count.saturating_add(1);
            power_before(&self.state, &key) == Ok(power)
        };
        let are_named = { set }.all(is_named);
        let totals = read::<ValidatorTotals>(&self.state, VALIDATORS);
        are_named && totals.is_ok_and(|totals| totals.is_some_and(|t| t.count == count))
    }

    /// Runs a block and leaves the state as it is. Whoever runs it says which signatures are right:
    /// one by one, or all, to be checked later in batches.
    ///
    /// # Errors
    /// [`ForeignStateError`] where the state holds what no contract writes.
    ///
    /// # Cost
    /// Without signatures: a few entries read and written for each transaction, and for each access
    /// those of all the subject's consents.
    pub fn execute(
        &self,
        block: ContractBlock<'_>,
        mut verify: impl FnMut(&Envelope<'_>) -> bool,
    ) -> Result<Executed, ForeignStateError> {
        let mut overlay = Overlay::new(&self.state);
        close_expired(&mut overlay, block.time).map_err(|_| ForeignStateError)?;
        let (mut results, mut transacted) = (Vec::new(), Vec::new());
        let (mut validators, mut opened) = (BTreeMap::new(), Vec::new());
        for (index, bytes) in (0..).zip(block.transactions) {
            let at = Position { height: block.height, index, time: block.time };
            let (record, envelope) = match Record::decode(bytes, &self.chain_id) {
                Ok(decoded) => decoded,
                Err(error) => {
                    results.push(TransactionResult::refused(ResultCode::Malformed));
                    transacted.push(Transacted { record: Err(error), judgement: None });
                    continue;
                }
            };
            let outcome = if verify(&envelope) {
                self.transact(&overlay, at, &record, opened.len())
            } else {
                Err(ResultCode::Signature)
            };
            let mut judgement = None;
            results.push(match outcome {
                Ok(accepted) => {
                    overlay.apply(accepted.changes);
                    validators.extend(accepted.validators);
                    opened.extend(accepted.opened);
                    judgement = accepted.judgement;
                    TransactionResult { code: ResultCode::Accepted, data: accepted.data }
                }
                Err(code) => TransactionResult::refused(code),
            });
            transacted.push(Transacted { record: Ok(record), judgement });
        }
        // A validator that comes and goes within the block is no change: CometBFT halts over one.
        validators.retain(|key, power| power_before(&self.state, key) != Ok(*power));
        note_opened(&mut overlay, &self.network, block.height, block.time, opened)
            .map_err(|_| ForeignStateError)?;
        Ok(Executed { results, transacted, validators, changes: overlay.into_changes() })
    }

    /// Makes what a block does the state; its root is the app hash of the next header.
    pub fn commit(&mut self, executed: Executed) -> Hash {
        self.state.apply(executed.changes);
        self.state.commit()
    }

    fn transact<S: ReadState>(
        &self,
        block: &S,
        at: Position,
        record: &Record,
        opened: usize,
    ) -> Result<Accepted, ResultCode> {
        let Record { id, signer, body } = record;
        let mut transaction =
            Transaction::new(&self.network, &self.organizations, block, at, *id, *signer);
        transaction.take_number(body.source())?;
        let judgement = transaction.apply(body)?;
        if transaction.opened.is_some() && opened >= BLOCK_REQUESTS {
            return Err(ResultCode::Limit);
        }
        let data = judgement.as_ref().map_or_else(Vec::new, cbor::encode);
        let result_hash = result_hash(code_number(ResultCode::Accepted), &data);
        let entry = LogEntry { height: at.height, index: at.index, record_id: *id, result_hash };
        let signing = transaction.read::<KeyEntry>(Table::Keys, &[&signer.0])?;
        let mut concerned = body.organizations();
        concerned.extend(signing.as_ref().map(|entry| &entry.organization));
        transaction.log(body.subject(), &concerned, &entry)?;
        let Transaction { state, validators, opened, .. } = transaction;
        Ok(Accepted { changes: state.into_changes(), data, judgement, validators, opened })
    }
}

/// What an accepted transaction does.
struct Accepted {
    changes: Changes,
    data: Vec<u8>,
    judgement: Option<Judgement>,
    validators: BTreeMap<PublicKey, u64>,
    opened: Option<Hash>,
}

/// The number of a result code, as the block's results have it.
pub fn code_number(code: ResultCode) -> u32 {
    u32::try_from(code.code()).unwrap_or(u32::MAX)
}

fn power_before(state: &StateMap, key: &PublicKey) -> Result<u64, ResultCode> {
    let entry = read::<ValidatorEntry>(state, &Table::Validators.key(&[&key.0]))?;
    Ok(entry.map_or(0, |entry| entry.power))
}

/// What the genesis writes beside the network itself.
fn begin(network: &Network, state: &StateMap) -> Result<Changes, ResultCode> {
    let at = Position { height: 0, index: 0, time: Instant::MAX };
    let nobody = PublicKey([0; 32]);
    let organizations = DecodedOrganizations::default();
    let id = Hash([0; 32]);
    let mut transaction = Transaction::new(network, &organizations, state, at, id, nobody);
    for organization in network.organizations.iter() {
        if organization.change != OrganizationChange::Register {
            return Err(ResultCode::UnknownOrganization);
        }
        transaction.change_organization(organization)?;
    }
    transaction.change_validators(&network.validators)?;
    Ok(transaction.state.into_changes())
}

impl<S: ReadState> Transaction<'_, S> {
    fn apply(&mut self, body: &Body) -> Result<Option<Judgement>, ResultCode> {
        match body {
            Body::Organization(body) => self.organization_record(body).map(|()| None),
            Body::Consent(body) => self.consent_record(body).map(|()| None),
            Body::Revocation(body) => self.revocation_record(body).map(|()| None),
            Body::Delegation(body) => self.delegation_record(body).map(|()| None),
            Body::Request(body) => self.request_record(body).map(Some),
            Body::Access(body) => self.access_record(body),
            Body::Review(body) => {
                let (role, key_use) = (OrganizationRole::Custodian, KeyUse::PrivacyOfficer);
                self.verify_organization(&body.custodian, role, &[key_use], &body.source)?;
                Ok(None)
            }
            Body::Anchor(body) => {
                let (role, uses) = (OrganizationRole::Custodian, [KeyUse::Gateway, KeyUse::Device]);
                self.verify_organization(&body.custodian, role, &uses, &body.source)?;
                Ok(None)
            }
            Body::Protocol(body) => self.protocol_record(body).map(|()| None),
        }
    }
}
