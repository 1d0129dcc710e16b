//! The log that shows a record far below the anchor.

use alloc::collections::BTreeMap;

use super::{Attested, BuildError};
use crate::{
    contract::entries::{KeyEntry, Table},
    encoding::{cbor, hex::PublicKey},
    record::{Body, Record, actor::OrganizationId},
    state::{End, Proof, SubjectLog},
};

/// Whose log it is.
#[derive(Clone, Debug)]
pub(super) enum Log {
    Subject(PublicKey),
    Organization {
        id: OrganizationId,
        /// Of signers that were met, whether they sign for the organization.
        signers: BTreeMap<PublicKey, bool>,
    },
}

impl Log {
    /// The log of the record's subject, or without one that of an organization that it names.
    pub(super) fn of(body: &Body) -> Option<Self> {
        if let Some(subject) = body.subject() {
            return Some(Self::Subject(*subject));
        }
        let id = body.organizations().pop_first()?.clone();
        Some(Self::Organization { id, signers: BTreeMap::new() })
    }

    /// The organization, if it is one's.
    pub(super) fn organization(&self) -> Option<OrganizationId> {
        match self {
            Self::Subject(_) => None,
            Self::Organization { id, .. } => Some(id.clone()),
        }
    }

    /// Its proof in the state before a block.
    pub(super) fn prove(&self, block: &impl Attested) -> Result<Proof, BuildError> {
        let key = match self {
            Self::Subject(subject) => Table::SubjectLogs.key(&[&subject.0]),
            Self::Organization { id, .. } => Table::OrganizationLogs.key(&[id.as_str().as_bytes()]),
        };
        block.prove(&key).ok_or(BuildError::NoState)
    }

    /// Itself as it stood before a block.
    pub(super) fn read(&self, block: &impl Attested) -> Option<SubjectLog> {
        match self.prove(block).ok()?.end {
            End::Value(value) => SubjectLog::decode(&value).ok(),
            End::Empty | End::Other { .. } => Some(SubjectLog::default()),
        }
    }

    /// Whether an accepted record stands in it: it is about the subject, names the organization, or is
    /// signed by one of its keys. `block` is the one after the record's.
    pub(super) fn has(&mut self, record: &Record, block: &impl Attested) -> bool {
        match self {
            Self::Subject(subject) => record.body.subject() == Some(&*subject),
            Self::Organization { id, signers } => {
                record.body.organizations().contains(&*id)
                    || *signers
                        .entry(record.signer)
                        .or_insert_with(|| signs_for(&record.signer, id, block))
            }
        }
    }
}

fn signs_for(signer: &PublicKey, id: &OrganizationId, block: &impl Attested) -> bool {
    let entry = block.prove(&Table::Keys.key(&[&signer.0])).and_then(|proof| match proof.end {
        End::Value(value) => cbor::decode::<KeyEntry>(&value).ok(),
        End::Empty | End::Other { .. } => None,
    });
    entry.is_some_and(|entry| entry.organization == *id)
}
