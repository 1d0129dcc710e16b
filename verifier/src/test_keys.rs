//! The 256 published test keys. Whoever sees one among the validators looks at a test ledger.

use alloc::collections::BTreeSet;

use crate::{
    encoding::hex::{Address, PublicKey},
    ledger::cometbft::validator::ValidatorKey,
};

/// Public keys of the seeds `SHA-256("vidimus test key " ‖ decimal index)`, 0 ≤ index < 256, concatenated.
const KEYS: &[u8] = include_bytes!("test_keys.bin");

/// Whether `key` is a published test key: anybody can sign with it.
pub fn contains(key: &PublicKey) -> bool {
    KEYS.chunks_exact(PublicKey::LENGTH).any(|test_key| test_key == key.0)
}

/// The addresses of validators that have one of them.
pub(crate) fn addresses() -> BTreeSet<Address> {
    let keys = KEYS.chunks_exact(PublicKey::LENGTH).filter_map(PublicKey::from_slice);
    keys.filter_map(|key| ValidatorKey::Ed25519(key).compute_address()).collect()
}

/// One of them.
#[cfg(test)]
pub(crate) fn first() -> PublicKey {
    PublicKey::from_slice(&KEYS[..PublicKey::LENGTH]).unwrap()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn first_and_last_test_key_are_known_and_what_lies_across_two_is_not() {
        let at = |offset: usize| PublicKey::from_slice(&KEYS[offset..offset + 32]).unwrap();
        assert_eq!(KEYS.len(), 256 * 32);
        assert!(contains(&at(0)) && contains(&at(255 * 32)));
        assert!(!contains(&at(16)) && !contains(&PublicKey([0; 32])));
    }

    #[test]
    fn addresses_are_those_of_the_keys() {
        let first = ValidatorKey::Ed25519(first()).compute_address().unwrap();
        assert!(addresses().contains(&first));
        assert_eq!(addresses().len(), 256);
    }
}
