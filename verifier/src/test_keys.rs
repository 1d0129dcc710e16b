//! The 256 published test keys. Whoever sees one among the validators looks at a test ledger.

use crate::encoding::hex::PublicKey;

/// Public keys of the seeds `SHA-256("vidimus test key " ‖ decimal index)`, 0 ≤ index < 256, concatenated.
const KEYS: &[u8] = include_bytes!("test_keys.bin");

/// Whether `key` is a published test key: anybody can sign with it.
pub fn contains(key: &PublicKey) -> bool {
    KEYS.chunks_exact(PublicKey::LENGTH).any(|test_key| test_key == key.0)
}
