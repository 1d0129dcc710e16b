//! What stands before the first block that is listed: whoever has it can decide again.

use alloc::{boxed::Box, vec, vec::Vec};

use serde::Serialize;

use crate::{
    contract::{
        entries::{
            ConsentEntry, DelegationEntry, OrganizationEntry, ProtocolEntry, RequestEntry, Table,
        },
        machine::Contract,
        network::Network,
    },
    encoding::{
        cbor::{self, Value},
        hex::{Hash, Identifier, PublicKey},
    },
    record::{Kind, actor::OrganizationId},
};

/// Where the entries are that are told. The others are numbers and logs, or follow from these.
const TOLD: [Table; 5] =
    [Table::Organizations, Table::Consents, Table::Delegations, Table::Requests, Table::Protocols];

/// One thing that stands before the first block.
///
/// As JSON `{"network": …}` or `{"state": …}`, with the fields of `docs/contract.md`.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum StartEntry {
    /// The network's rules, and what it began with.
    Network(Box<Network>),
    /// What an earlier record left in the state.
    State(Standing),
}

/// What an earlier record left in the state, by the kind of that record.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
#[non_exhaustive]
pub enum Standing {
    /// An organization.
    Organization {
        /// Its id.
        id: OrganizationId,
        /// As last registered or updated.
        entry: Box<OrganizationEntry>,
    },
    /// A consent.
    Consent {
        /// Its id.
        id: Identifier,
        /// Its versions that may still matter, and always the last.
        entry: Box<ConsentEntry>,
    },
    /// A delegation.
    Delegation {
        /// Id of its record.
        id: Hash,
        /// Who may act for whom.
        entry: Box<DelegationEntry>,
    },
    /// A request that is open.
    Request {
        /// Id of its record.
        id: Hash,
        /// What was asked for.
        entry: Box<RequestEntry>,
    },
    /// A research protocol.
    Protocol {
        /// Its id.
        id: Identifier,
        /// The version that stands.
        entry: Box<ProtocolEntry>,
    },
}

impl Standing {
    /// What an entry of the state says; nothing of one that is not told, or that no contract wrote.
    fn of(key: &[u8], value: &[u8]) -> Option<Self> {
        let after = |table: Table| key.strip_prefix(table.prefix());
        Some(if let Some(id) = after(Table::Organizations) {
            let id = OrganizationId::new(core::str::from_utf8(id).ok()?)?;
            Self::Organization { id, entry: decode(value)? }
        } else if let Some(subject_and_id) = after(Table::Consents) {
            let (_, id) = subject_and_id.split_last_chunk()?;
            Self::Consent { id: Identifier(*id), entry: decode(value)? }
        } else if let Some(id) = after(Table::Delegations) {
            Self::Delegation { id: Hash::from_slice(id)?, entry: decode(value)? }
        } else if let Some(id) = after(Table::Requests) {
            Self::Request { id: Hash::from_slice(id)?, entry: decode(value)? }
        } else {
            let id = after(Table::Protocols)?;
            Self::Protocol { id: Identifier::from_slice(id)?, entry: decode(value)? }
        })
    }

    /// What kind of record left it.
    pub const fn kind(&self) -> Kind {
        match self {
            Self::Organization { .. } => Kind::Organization,
            Self::Consent { .. } => Kind::Consent,
            Self::Delegation { .. } => Kind::Delegation,
            Self::Request { .. } => Kind::Request,
            Self::Protocol { .. } => Kind::Protocol,
        }
    }

    /// The patient whom it concerns, if it names one.
    pub fn subject(&self) -> Option<&PublicKey> {
        match self {
            Self::Consent { entry, .. } => {
                entry.versions.first().map(|version| &version.consent.subject)
            }
            Self::Delegation { entry, .. } => Some(&entry.subject),
            Self::Request { entry, .. } => Some(&entry.subject),
            Self::Organization { .. } | Self::Protocol { .. } => None,
        }
    }
}

fn decode<T: Value>(value: &[u8]) -> Option<Box<T>> {
    cbor::decode(value).ok().map(Box::new)
}

/// What stands before the first block: the network; then, where that block is not the chain's first,
/// what earlier records left, in the order of the state's paths.
///
/// # Cost
/// Holds the bytes of the entries, and decodes each when it is asked for.
#[derive(Debug)]
pub struct Start {
    network: Option<Box<Network>>,
    entries: vec::IntoIter<(Vec<u8>, Vec<u8>)>,
}

impl Start {
    /// What the contract has before the first block.
    pub(super) fn of(contract: &Contract, is_from_start: bool) -> Self {
        let network = Some(Box::new(contract.network().clone()));
        let entries = contract.state().entries();
        let told = entries.filter(|(key, _)| !is_from_start && is_told(key));
        let told: Vec<_> = told.map(|(key, value)| (key.to_vec(), value.to_vec())).collect();
        Self { network, entries: told.into_iter() }
    }
}

fn is_told(key: &[u8]) -> bool {
    TOLD.iter().any(|table| key.starts_with(table.prefix()))
}

impl Iterator for Start {
    type Item = StartEntry;

    fn next(&mut self) -> Option<StartEntry> {
        if let Some(network) = self.network.take() {
            return Some(StartEntry::Network(network));
        }
        let standing = self.entries.find_map(|(key, value)| Standing::of(&key, &value));
        standing.map(StartEntry::State)
    }
}
