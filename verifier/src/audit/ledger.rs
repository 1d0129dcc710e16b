//! What stands on the ledger after a block, as the checks ask for it.

use alloc::vec::Vec;

use super::{act::Place, known::KnownConsents, options::AuditOptions, policy::AuditPolicy};
use crate::{
    contract::{
        entries::{ConsentEntry, DelegationEntry, OrganizationEntry, ProtocolEntry, Table},
        machine::Contract,
        network::Network,
    },
    encoding::{
        cbor::{self, Value},
        hex::{Hash, Identifier, PublicKey},
    },
    record::actor::OrganizationId,
    state::ReadState as _,
};

/// The state after the block of a transaction, and what is asked of the audit.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ledger<'a> {
    pub(super) options: &'a AuditOptions,
    pub(super) known: &'a KnownConsents,
    pub(super) contract: &'a Contract,
    /// The transaction, or the first or last block.
    pub(super) place: Place,
    /// Whether the first block is the chain's.
    pub(super) is_from_start: bool,
}

impl<'a> Ledger<'a> {
    pub(super) fn network(&self) -> &'a Network {
        self.contract.network()
    }

    pub(super) fn policy(&self) -> &'a AuditPolicy {
        &self.options.policy
    }

    pub(super) fn organization(&self, id: &OrganizationId) -> Option<OrganizationEntry> {
        self.read(Table::Organizations, &[id.as_str().as_bytes()])
    }

    pub(super) fn delegation(&self, id: &Hash) -> Option<DelegationEntry> {
        self.read(Table::Delegations, &[&id.0])
    }

    pub(super) fn protocol(&self, id: &Identifier) -> Option<ProtocolEntry> {
        self.read(Table::Protocols, &[&id.0])
    }

    pub(super) fn consent(&self, subject: &PublicKey, id: &Identifier) -> Option<ConsentEntry> {
        self.read(Table::Consents, &[&subject.0, &id.0])
    }

    /// The standing versions of all protocols.
    pub(super) fn protocols(&self) -> Vec<ProtocolEntry> {
        let prefix = Table::Protocols.key(&[]);
        let entries = self.contract.state().entries();
        let entries = entries.filter(|(key, _)| key.starts_with(&prefix));
        entries.filter_map(|(_, value)| cbor::decode(value).ok()).collect()
    }

    /// An entry of the state. The contract wrote it: one that is none was not.
    fn read<T: Value>(&self, table: Table, parts: &[&[u8]]) -> Option<T> {
        cbor::decode(self.contract.state().get(&table.key(parts))?).ok()
    }
}
