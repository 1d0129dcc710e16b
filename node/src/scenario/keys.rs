//! Whoever signs, with the numbers and links of their records.

use vidimus::encoding::hex::{Hash, PublicKey};
use vidimus_keys::SubjectKey;

use crate::{records::Signer, test_keys::TestKey};

/// A key of the ring.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(super) struct KeyId(usize);

/// A test key of an organization or a delegate, or a patient's.
#[derive(Debug)]
pub(super) enum AnyKey {
    Test(TestKey),
    Subject(SubjectKey),
}

impl Signer for AnyKey {
    fn public(&self) -> PublicKey {
        match self {
            Self::Test(key) => key.public(),
            Self::Subject(key) => key.public(),
        }
    }

    fn sign(&self, message: &[u8]) -> [u8; 64] {
        match self {
            Self::Test(key) => Signer::sign(key, message),
            Self::Subject(key) => key.sign(message),
        }
    }
}

/// A key and where its records stand.
#[derive(Debug)]
pub(super) struct Signing {
    pub(super) key: AnyKey,
    /// Number of its last record that was accepted.
    pub(super) sequence: u64,
    /// That record.
    pub(super) last: Option<Hash>,
}

/// All keys of a scenario.
#[derive(Debug)]
pub(super) struct KeyRing {
    seed: u64,
    keys: Vec<Signing>,
}

impl KeyRing {
    pub(super) fn new(seed: u64) -> Self {
        Self { seed, keys: Vec::new() }
    }

    /// A TEST KEY for what the label says.
    pub(super) fn test(&mut self, label: &str) -> KeyId {
        self.add(AnyKey::Test(TestKey::of_scenario(self.seed, label)))
    }

    pub(super) fn add(&mut self, key: AnyKey) -> KeyId {
        self.keys.push(Signing { key, sequence: 0, last: None });
        KeyId(self.keys.len().saturating_sub(1))
    }

    pub(super) fn signing(&mut self, id: KeyId) -> Option<&mut Signing> {
        self.keys.get_mut(id.0)
    }

    pub(super) fn public(&self, id: KeyId) -> Option<PublicKey> {
        Some(self.keys.get(id.0)?.key.public())
    }
}
