//! The versions of research protocols that were ever recorded.

use alloc::collections::BTreeMap;

use super::ledger::Ledger;
use crate::{
    contract::entries::{ProtocolEntry, Table},
    encoding::{
        cbor,
        hex::{Hash, Identifier},
        to_u64,
    },
    record::{
        instant::{Instant, Period},
        protocol::{Protocol, ProtocolStatus},
    },
    state::StateMap,
};

/// What a version weighs with its key.
const VERSION_BYTES: u64 = 128;

/// Versions by the id of their record: an access names one, and the state keeps only the last.
#[derive(Debug, Default)]
pub(super) struct KnownProtocols {
    versions: BTreeMap<Hash, (Identifier, ProtocolStatus, Period)>,
}

impl KnownProtocols {
    /// Those of a state that a snapshot starts with.
    pub(super) fn of_state(state: &StateMap) -> Self {
        let mut known = Self::default();
        let prefix = Table::Protocols.key(&[]);
        let entries = state.entries().filter(|(key, _)| key.starts_with(&prefix));
        for entry in entries.filter_map(|(_, value)| cbor::decode::<ProtocolEntry>(value).ok()) {
            known.insert(entry.id, &entry.protocol);
        }
        known
    }

    pub(super) fn insert(&mut self, id: Hash, protocol: &Protocol) {
        self.versions.insert(id, (protocol.protocol, protocol.status, protocol.period.clone()));
    }

    pub(super) fn weight(&self) -> u64 {
        to_u64(self.versions.len()).saturating_mul(VERSION_BYTES)
    }
}

impl Ledger<'_> {
    /// Why data could not be used at the moment for research that names this version, if it could not.
    pub(super) fn closed_to_research(
        &self,
        named: Option<&Hash>,
        at: Instant,
    ) -> Option<&'static str> {
        let Some(named) = named else { return Some("no protocol is named") };
        let Some((id, status, period)) = self.known.protocols.versions.get(named) else {
            // It may have been superseded before the first block that is there.
            return self.is_from_start.then_some("the protocol version is not on the ledger");
        };
        let stands = self.protocol(id).map(|entry| entry.protocol.status);
        if *status == ProtocolStatus::Closed || stands == Some(ProtocolStatus::Closed) {
            Some("the protocol is closed")
        } else if !period.contains(at) {
            Some("the protocol is not in its period")
        } else {
            None
        }
    }
}
