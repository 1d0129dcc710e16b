//! What was ever recorded: the contract looks at what is in force, the audit at what ended too.

use alloc::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    vec::Vec,
};

use super::{act::Act, ledger::Ledger, protocols::KnownProtocols};
use crate::{
    contract::{
        entries::{ConsentEntry, Table},
        network::Network,
    },
    encoding::{
        cbor,
        hex::{Hash, Identifier, PublicKey},
        to_u64,
    },
    record::{
        Body,
        consent::{Consent, ConsentStatus},
        instant::Instant,
    },
    state::StateMap,
};

/// What an id, a subject and a version in error weigh.
const ID_BYTES: u64 = 32;
const SUBJECT_BYTES: u64 = 96;
const ERROR_BYTES: u64 = 160;

/// Most consents of a subject that are looked at beside those in force (docs/audit.md, words): so
/// that an access costs the same however many there are.
const LAST: usize = 256;

/// Ids of consents by subject, versions of consents that were entered in error, and versions of
/// protocols. What the consents say stands in the contract's state.
#[derive(Debug, Default)]
pub(super) struct Known {
    pub(super) protocols: KnownProtocols,
    /// In the order in which their last versions were recorded.
    consents: BTreeMap<PublicKey, VecDeque<Identifier>>,
    /// How many those are.
    count: u64,
    /// The state drops them when another version takes their place.
    errors: BTreeMap<(PublicKey, Identifier), Vec<InError>>,
    /// How many those are.
    error_count: u64,
}

/// A version that was entered in error, and for how long it stood.
#[derive(Clone, Copy, Debug)]
struct InError {
    id: Hash,
    from: Instant,
    until: Option<Instant>,
}

impl Known {
    /// Those of a state that a snapshot starts with.
    pub(super) fn of_state(state: &StateMap) -> Self {
        let protocols = KnownProtocols::of_state(state);
        let mut known = Self { protocols, ..Self::default() };
        let prefix = Table::Consents.key(&[]);
        let entries = state.entries().filter(|(key, _)| key.starts_with(&prefix));
        let mut last = Vec::new();
        for entry in entries.filter_map(|(_, value)| cbor::decode::<ConsentEntry>(value).ok()) {
            for version in entry.versions.iter() {
                known.add_version(version.id, version.from, &version.consent);
            }
            let version = entry.versions.last();
            last.extend(version.map(|version| {
                let Consent { subject, consent, .. } = version.consent;
                (version.height, version.index, subject, consent)
            }));
        }
        last.sort_unstable();
        for (_, _, subject, consent) in last {
            known.insert(subject, consent);
        }
        known
    }

    pub(super) fn add(&mut self, act: &Act<'_>, network: &Network) {
        let Some(record) = act.accepted() else { return };
        match &record.body {
            Body::Consent(consent) => {
                self.insert(consent.subject, consent.consent);
                // As the contract has it: from its block, or from when it says that it was signed.
                let (block, signed) = (act.place.time, consent.source.recorded_at);
                let is_believed = signed <= block.saturating_add(network.limits.skew);
                let from = if is_believed { signed.max(block) } else { block };
                self.add_version(record.id, from, consent);
                self.forget_errors(consent, block, network.limits.latency);
            }
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
        let consents = self.consents.entry(subject).or_default();
        match consents.iter().position(|known| *known == consent) {
            Some(at) => drop(consents.remove(at)),
            None if consents.len() == LAST => drop(consents.pop_front()),
            None => self.count = self.count.saturating_add(1),
        }
        consents.push_back(consent);
    }

    /// A version stands: the one before it no longer does.
    fn add_version(&mut self, id: Hash, from: Instant, consent: &Consent) {
        let key = (consent.subject, consent.consent);
        if let Some(last) = self.errors.get_mut(&key).and_then(|versions| versions.last_mut()) {
            last.until = last.until.or(Some(from));
        }
        if consent.status == ConsentStatus::EnteredInError {
            self.errors.entry(key).or_default().push(InError { id, from, until: None });
            self.error_count = self.error_count.saturating_add(1);
        }
    }

    /// Forgets the versions that no access happened under any more: one that comes later still has the
    /// moment of its block.
    fn forget_errors(&mut self, consent: &Consent, now: Instant, latency: u64) {
        let key = (consent.subject, consent.consent);
        let Some(versions) = self.errors.get_mut(&key) else { return };
        let before = versions.len();
        versions.retain(|it| it.until.is_none_or(|until| until.saturating_add(latency) >= now));
        let forgotten = to_u64(before.saturating_sub(versions.len()));
        self.error_count = self.error_count.saturating_sub(forgotten);
        if versions.is_empty() {
            self.errors.remove(&key);
        }
    }

    pub(super) fn weight(&self) -> u64 {
        let subjects = to_u64(self.consents.len()).saturating_mul(SUBJECT_BYTES);
        let errors = self.error_count.saturating_mul(ERROR_BYTES);
        let ids = self.count.saturating_mul(ID_BYTES);
        [subjects, errors, ids].into_iter().fold(self.protocols.weight(), u64::saturating_add)
    }
}

impl Ledger<'_> {
    /// The consents of the subject that may be in force, and the last of the others; each with the
    /// versions that may still matter and always the last; in the order of their ids.
    pub(super) fn consents(&self, subject: &PublicKey) -> Vec<ConsentEntry> {
        let in_force = self.subject(subject).into_iter().flat_map(|entry| entry.consents.to_vec());
        let last = self.known.consents.get(subject).into_iter().flatten().copied();
        let ids: BTreeSet<_> = in_force.chain(last).collect();
        ids.iter().filter_map(|id| self.consent(subject, id)).collect()
    }

    /// The version of the consent that stood at the moment, if it was entered in error.
    pub(super) fn consent_in_error(
        &self,
        subject: &PublicKey,
        consent: &Identifier,
        at: Instant,
    ) -> Option<Hash> {
        let versions = self.known.errors.get(&(*subject, *consent))?;
        let stood =
            |version: &&InError| version.from <= at && version.until.is_none_or(|until| at < until);
        versions.iter().find(stood).map(|version| version.id)
    }
}
