//! The consents that were ever given: the contract looks at those in force, the audit at those that
//! ended too.

use alloc::{
    collections::{BTreeMap, BTreeSet},
    vec::Vec,
};

use super::{act::Act, ledger::Ledger};
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

/// Ids of consents by subject. What the consents say stands in the contract's state.
#[derive(Debug, Default)]
pub(super) struct KnownConsents {
    consents: BTreeMap<PublicKey, BTreeSet<Identifier>>,
    count: u64,
}

impl KnownConsents {
    /// Those of a state that a snapshot starts with.
    pub(super) fn of_state(state: &StateMap) -> Self {
        let mut known = Self::default();
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
        if let Some(Body::Consent(consent)) = act.accepted().map(|record| &record.body) {
            self.insert(consent.subject, consent.consent);
        }
    }

    fn insert(&mut self, subject: PublicKey, consent: Identifier) {
        if self.consents.entry(subject).or_default().insert(consent) {
            self.count = self.count.saturating_add(1);
        }
    }

    pub(super) fn weight(&self) -> u64 {
        let subjects = to_u64(self.consents.len()).saturating_mul(ID_BYTES.saturating_add(56));
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
