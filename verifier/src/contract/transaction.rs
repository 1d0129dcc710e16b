//! One transaction at work: what it reads, what it writes, who signed it.

use alloc::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use super::{
    decoded::DecodedOrganizations,
    entries::{NETWORK, OrganizationEntry, Table},
    network::Network,
    outcome::ResultCode,
    sequence::UsedNumbers,
};
use crate::{
    encoding::{
        cbor::{self, Value},
        hex::{Hash, PublicKey},
    },
    record::{actor::OrganizationId, instant::Instant, source::Source},
    state::{LogEntry, Overlay, ReadState, SubjectLog},
};

/// Where in the ledger a transaction stands.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Position {
    pub(super) height: u64,
    pub(super) index: u64,
    /// Time of the block.
    pub(super) time: Instant,
}

/// A transaction's view of the state: what it writes is kept apart until it is accepted.
pub(super) struct Transaction<'a, S> {
    pub(super) network: &'a Network,
    organizations: &'a DecodedOrganizations,
    pub(super) at: Position,
    /// Id of the record.
    pub(super) id: Hash,
    pub(super) signer: PublicKey,
    pub(super) state: Overlay<'a, S>,
    /// Requests that it opens.
    pub(super) opened: Option<Hash>,
    /// Powers of validators that it changes.
    pub(super) validators: BTreeMap<PublicKey, u64>,
}

/// Reads an entry of a state that this contract wrote.
///
/// # Errors
/// [`ResultCode::State`]: a state that was proven may still hold what no contract wrote.
pub(super) fn read<T: Value>(state: &impl ReadState, key: &[u8]) -> Result<Option<T>, ResultCode> {
    let decode = |bytes| cbor::decode(bytes).map_err(|_| ResultCode::State);
    state.get(key).map(decode).transpose()
}

/// The network that the state is of.
pub(super) fn read_network(state: &impl ReadState) -> Result<Network, ResultCode> {
    read(state, NETWORK)?.ok_or(ResultCode::State)
}

impl<'a, S: ReadState> Transaction<'a, S> {
    pub(super) fn new(
        network: &'a Network,
        organizations: &'a DecodedOrganizations,
        block: &'a S,
        at: Position,
        id: Hash,
        signer: PublicKey,
    ) -> Self {
        let state = Overlay::new(block);
        let (opened, validators) = (None, BTreeMap::new());
        Self { network, organizations, at, id, signer, state, opened, validators }
    }

    pub(super) fn read<T: Value>(
        &self,
        table: Table,
        parts: &[&[u8]],
    ) -> Result<Option<T>, ResultCode> {
        read(&self.state, &table.key(parts))
    }

    pub(super) fn write(&mut self, table: Table, parts: &[&[u8]], value: &impl Value) {
        self.state.insert(&table.key(parts), cbor::encode(value));
    }

    /// Takes the record's sequence number: no record of a signer counts twice.
    pub(super) fn take_number(&mut self, source: &Source) -> Result<(), ResultCode> {
        let signer = self.signer.0;
        let numbers = self.read::<UsedNumbers>(Table::Numbers, &[&signer])?;
        let mut numbers = numbers.unwrap_or_default();
        numbers.take(source.sequence)?;
        self.write(Table::Numbers, &[&signer], &numbers);
        Ok(())
    }

    pub(super) fn organization(
        &self,
        id: &OrganizationId,
    ) -> Result<Option<Arc<OrganizationEntry>>, ResultCode> {
        let bytes = self.state.get(&Table::Organizations.key(&[id.as_str().as_bytes()]));
        let entry = bytes.map(|bytes| self.organizations.get(id, bytes));
        entry.transpose().map_err(|_| ResultCode::State)
    }

    /// The moment of what a record is about: its own time where that is believed, else the block's.
    ///
    /// > −skew ≤ block time − recorded_at ≤ latency limit
    pub(super) fn moment(&self, source: &Source) -> (Instant, bool) {
        let (block, recorded) = (self.at.time.as_millis(), source.recorded_at.as_millis());
        let limits = &self.network.limits;
        let is_believed = recorded <= block.saturating_add(limits.skew)
            && block <= recorded.saturating_add(limits.latency);
        if is_believed { (source.recorded_at, false) } else { (self.at.time, true) }
    }

    /// Appends the record to the logs of the subject and of the registered organizations that it
    /// concerns.
    pub(super) fn log(
        &mut self,
        subject: Option<&PublicKey>,
        organizations: &BTreeSet<&OrganizationId>,
        entry: &LogEntry,
    ) -> Result<(), ResultCode> {
        if let Some(subject) = subject {
            self.append(&Table::SubjectLogs.key(&[&subject.0]), entry)?;
        }
        for organization in organizations {
            if self.organization(organization)?.is_some() {
                let key = Table::OrganizationLogs.key(&[organization.as_str().as_bytes()]);
                self.append(&key, entry)?;
            }
        }
        Ok(())
    }

    fn append(&mut self, key: &[u8], entry: &LogEntry) -> Result<(), ResultCode> {
        let log = self.state.get(key).map(SubjectLog::decode).transpose();
        let mut log = log.map_err(|_| ResultCode::State)?.unwrap_or_default();
        log.push(entry);
        self.state.insert(key, log.encode());
        Ok(())
    }
}
