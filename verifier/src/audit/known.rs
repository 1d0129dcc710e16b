//! What was ever recorded: the contract looks at what is in force, the audit at what ended too.

use alloc::{
    collections::{BTreeMap, BTreeSet},
    vec::Vec,
};

use super::{act::Act, ledger::Ledger, protocols::KnownProtocols};
use crate::{
    contract::entries::{ConsentEntry, Table},
    encoding::{
        hex::{Identifier, PublicKey},
        to_u64,
    },
    record::Body,
    state::StateMap,
};

/// What an id weighs beside itself.
const ID_BYTES: u64 = 24;

/// Ids of consents by subject, and versions of protocols. What the consents say stands in the
/// contract's state.
#[derive(Debug, Default)]
pub(super) struct Known {
    pub(super) protocols: KnownProtocols,
    consents: BTreeMap<PublicKey, BTreeSet<Identifier>>,
    count: u64,
}

impl Known {
    /// Those of a state that a snapshot starts with.
    pub(super) fn of_state(state: &StateMap) -> Self {
        let protocols = KnownProtocols::of_state(state);
        let mut known = Self { protocols, ..Self::default() };
        let prefix = Table::Consents.key(&[]);
        for (key, _) in state.entries() {
            let Some((subject, consent)) =
                key.strip_prefix(prefix.as_slice()).and_then(|rest| rest.split_first_chunk::<32>())
            else {
                continue;
            };
            if let Ok(consent) = <[u8; 16]>::try_from(consent) {
                known.insert(PublicKey(*subject), Identifier(consent));
            }
        }
        known
    }

    pub(super) fn add(&mut self, act: &Act<'_>) {
        let Some(record) = act.accepted() else { return };
        match &record.body {
            Body::Consent(consent) => self.insert(consent.subject, consent.consent),
            Body::Protocol(protocol) => self.protocols.insert(record.id, protocol),
            Body::Organization(_)
            | Body::Revocation(_)
            | Body::Delegation(_)
            | Body::Request(_)
            | Body::Access(_)
            | Body::Review(_)
            | Body::Anchor(_) => {}
        }
    }

    fn insert(&mut self, subject: PublicKey, consent: Identifier) {
        if self.consents.entry(subject).or_default().insert(consent) {
            self.count = self.count.saturating_add(1);
        }
    }

    pub(super) fn weight(&self) -> u64 {
        let subjects = to_u64(self.consents.len()).saturating_mul(ID_BYTES.saturating_add(56));
        let subjects = subjects.saturating_add(self.protocols.weight());
        subjects.saturating_add(self.count.saturating_mul(ID_BYTES.saturating_add(16)))
    }
}

impl Ledger<'_> {
    /// Every consent of the subject that was ever recorded, with the versions that may still matter
    /// and always the last; in the order of their ids.
    pub(super) fn consents(&self, subject: &PublicKey) -> Vec<ConsentEntry> {
        let ids = self.known.consents.get(subject);
        ids.into_iter().flatten().filter_map(|id| self.consent(subject, id)).collect()
    }
}
