//! What stands on the ledger after a block, as the checks ask for it.

use alloc::sync::Arc;

use super::{act::Place, known::Known, options::AuditOptions, policy::AuditPolicy};
use crate::{
    contract::{
        entries::{
            ConsentEntry, DelegationEntry, OrganizationEntry, ProtocolEntry, SubjectEntry, Table,
        },
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
    pub(super) known: &'a Known,
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

    pub(super) fn organization(&self, id: &OrganizationId) -> Option<Arc<OrganizationEntry>> {
        self.contract.organization(id)
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

    /// The key that signs for a subject: its own, until a rotation.
    pub(super) fn subject_key(&self, subject: &PublicKey) -> PublicKey {
        self.subject(subject).and_then(|entry| entry.key).unwrap_or(*subject)
    }

    pub(super) fn subject(&self, subject: &PublicKey) -> Option<SubjectEntry> {
        self.read(Table::Subjects, &[&subject.0])
    }

    /// An entry of the state. The contract wrote it: one that is none was not.
    fn read<T: Value>(&self, table: Table, parts: &[&[u8]]) -> Option<T> {
        cbor::decode(self.contract.state().get(&table.key(parts))?).ok()
    }
}
