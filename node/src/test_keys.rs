//! The 256 published TEST KEYS that simulated validators sign with.
//!
//! Anybody can compute them, so a signature by one proves nothing: the verifier knows the public
//! halves ([`vidimus::test_keys`]) and says TEST KEYS in every report that meets one. They must
//! never stand in the validator set of a real network.

use std::{collections::BTreeMap, sync::OnceLock};

use ed25519_dalek::{Signer as _, SigningKey};
use vidimus::{
    encoding::hex::{Address, PublicKey},
    ledger::cometbft::{commit::SignatureBytes, validator::ValidatorKey},
    merkle::sha256,
};

/// Number of test keys.
pub const COUNT: usize = 256;

/// A key pair that everybody knows.
#[derive(Clone, Debug)]
pub struct TestKey {
    signing: SigningKey,
    public: PublicKey,
    address: Address,
}

impl TestKey {
    /// The key of a number: its seed is SHA-256 of `"vidimus test key "` and the decimal number.
    fn new(index: usize) -> Self {
        Self::derived(&[index.to_string().as_bytes()])
    }

    /// The TEST KEY of a scenario for what `label` says. Whoever knows the scenario's seed, which
    /// stands in its files, can compute it.
    pub(crate) fn of_scenario(seed: u64, label: &str) -> Self {
        Self::derived(&[b"of scenario ", seed.to_string().as_bytes(), b" ", label.as_bytes()])
    }

    fn derived(name: &[&[u8]]) -> Self {
        let prefix: &[u8] = b"vidimus test key ";
        let seed = sha256(&[&[prefix], name].concat());
        let signing = SigningKey::from_bytes(&seed.0);
        let public = PublicKey(signing.verifying_key().to_bytes());
        let address = ValidatorKey::Ed25519(public).compute_address().unwrap_or(Address([0; 20]));
        Self { signing, public, address }
    }

    /// The public half.
    pub fn public(&self) -> PublicKey {
        self.public
    }

    /// The validator address of the key.
    pub fn address(&self) -> Address {
        self.address
    }

    /// Signs a message as any Ed25519 signer does (RFC 8032 §5.1.6).
    ///
    /// # Cost
    /// One multiplication of the base point.
    pub fn sign(&self, message: &[u8]) -> SignatureBytes {
        let signature = self.signing.sign(message).to_bytes();
        SignatureBytes::from_slice(&signature).unwrap_or(SignatureBytes::EMPTY)
    }
}

/// All test keys in order of their number, 0 to 255.
pub fn all() -> &'static [TestKey] {
    static KEYS: OnceLock<Vec<TestKey>> = OnceLock::new();
    KEYS.get_or_init(|| (0..COUNT).map(TestKey::new).collect())
}

/// The test key with this public half.
pub fn by_public(public: &PublicKey) -> Option<&'static TestKey> {
    static INDEX: OnceLock<BTreeMap<PublicKey, &'static TestKey>> = OnceLock::new();
    let index = INDEX.get_or_init(|| all().iter().map(|key| (key.public, key)).collect());
    index.get(public).copied()
}

/// The content of `verifier/src/test_keys.bin`: the public halves one after another.
pub fn public_bytes() -> Vec<u8> {
    all().iter().flat_map(|key| key.public.0).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../verifier/src/test_keys.bin");

    /// `VIDIMUS_BLESS=1` writes the file anew.
    #[test]
    fn file_of_the_verifier_holds_these_keys() {
        if std::env::var_os("VIDIMUS_BLESS").is_some() {
            std::fs::write(FILE, public_bytes()).unwrap();
        }
        assert_eq!(std::fs::read(FILE).unwrap(), public_bytes());
    }

    #[test]
    fn keys_differ_and_are_found_by_their_public_half() {
        for key in all() {
            assert_eq!(by_public(&key.public()).unwrap().address(), key.address());
        }
        assert_eq!(
            all().iter().map(|key| key.public).collect::<std::collections::BTreeSet<_>>().len(),
            COUNT
        );
        assert!(by_public(&PublicKey([0; 32])).is_none());
    }
}
