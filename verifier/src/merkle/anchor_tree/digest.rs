//! Salted digests: what a document becomes before anything about it is published.

use core::fmt;

use sha2::{Digest as _, Sha256};

use crate::encoding::hex::Hash;

/// First bytes of what is hashed: no hash that serves another purpose starts with them.
const DOMAIN: &[u8; 19] = b"vidimus/document/1\0";

/// 32 random bytes that hide a document's content behind its digest, drawn anew for each document.
///
/// Without it the digest of a document can be found by trying: a form with a name, a date and one
/// of four laboratory values has few possible contents. Whoever holds the salt can try, so it goes
/// where the document goes and nowhere else. It is left out of [`fmt::Debug`], which ends in logs.
#[derive(Clone, Copy, Eq, PartialEq)]
pub struct Salt([u8; Self::LENGTH]);

impl Salt {
    /// Number of bytes.
    pub const LENGTH: usize = 32;

    /// The salt of these bytes. They must come from the operating system's random source; the
    /// library has none.
    pub const fn from_bytes(bytes: [u8; Self::LENGTH]) -> Self {
        Self(bytes)
    }

    /// The bytes.
    pub const fn as_bytes(&self) -> &[u8; Self::LENGTH] {
        &self.0
    }
}

impl fmt::Debug for Salt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Salt(..)")
    }
}

/// A document's salted digest: 32 bytes, upper-case hex in text.
///
/// `SHA-256("vidimus/document/1" 0x00 ‖ salt ‖ content)`. The salt has a fixed length, so no byte
/// of it can be taken for content. Whoever knows neither salt nor content learns nothing from it.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct SaltedDigest(Hash);

impl SaltedDigest {
    /// A digest that was computed before, by [`DocumentHasher`] or a device that follows the same
    /// rule.
    ///
    /// Does not make a plain SHA-256 of a document a salted one: nothing in 32 bytes tells.
    pub const fn from_hash(hash: Hash) -> Self {
        Self(hash)
    }

    /// The digest as a hash.
    pub const fn as_hash(&self) -> &Hash {
        &self.0
    }

    /// The bytes, which are those of a leaf.
    pub const fn as_bytes(&self) -> &[u8; Hash::LENGTH] {
        self.0.as_bytes()
    }
}

impl fmt::Display for SaltedDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

/// Computes the [`SaltedDigest`] of a document that arrives in chunks.
///
/// # Examples
/// ```
/// use vidimus::merkle::anchor_tree::{DocumentHasher, Salt};
///
/// let salt = Salt::from_bytes([7; 32]); // In earnest: 32 bytes from the operating system.
/// let mut hasher = DocumentHasher::new(&salt);
/// hasher.update(b"first chunk, ");
/// hasher.update(b"second chunk");
/// let digest = hasher.finish();
///
/// let mut hasher = DocumentHasher::new(&salt);
/// hasher.update(b"first chunk, second chunk");
/// assert_eq!(hasher.finish(), digest);
/// ```
#[derive(Clone)]
pub struct DocumentHasher(Sha256);

impl DocumentHasher {
    /// For a document with this salt.
    pub fn new(salt: &Salt) -> Self {
        Self(Sha256::new().chain_update(DOMAIN).chain_update(salt.0))
    }

    /// Appends bytes of the content.
    ///
    /// # Cost
    /// O(n) in the length of the chunk; no memory is kept.
    pub fn update(&mut self, chunk: &[u8]) {
        self.0.update(chunk);
    }

    /// The digest of what was appended.
    pub fn finish(self) -> SaltedDigest {
        SaltedDigest(Hash(self.0.finalize().into()))
    }
}

/// The state follows from the salt, and is left out as the salt is.
impl fmt::Debug for DocumentHasher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DocumentHasher(..)")
    }
}

#[cfg(test)]
mod tests {
    use alloc::format;

    use super::*;
    use crate::merkle::sha256;

    const CONTENT: &[u8] = b"blood pressure 118/76";

    fn digest(salt: [u8; 32], chunks: &[&[u8]]) -> SaltedDigest {
        let mut hasher = DocumentHasher::new(&Salt::from_bytes(salt));
        for chunk in chunks {
            hasher.update(chunk);
        }
        hasher.finish()
    }

    #[test]
    fn digest_is_the_hash_of_domain_salt_and_content() {
        let salt = [9; 32];
        let bytes = [b"vidimus/document/1".as_slice(), &[0], &salt, CONTENT].concat();
        assert_eq!(digest(salt, &[CONTENT]).as_hash(), &sha256(&[&bytes]));
        assert_eq!(digest(salt, &[]).as_hash(), &sha256(&[&bytes[..51]]), "an empty document");
    }

    #[test]
    fn chunks_of_every_size_give_the_same_digest() {
        let whole = digest([1; 32], &[CONTENT]);
        for size in 1..CONTENT.len() {
            let chunks: alloc::vec::Vec<_> = CONTENT.chunks(size).collect();
            assert_eq!(digest([1; 32], &chunks), whole);
        }
    }

    #[test]
    fn salt_and_content_do_not_run_into_each_other() {
        let shifted = digest([0x62; 32], &[b"ab"]);
        assert_ne!(shifted, digest([0x62; 32], &[b"bab"]));
        assert_ne!(shifted, digest([0x61; 32], &[b"ab"]), "another salt, another digest");
        assert_ne!(shifted, digest([0x62; 32], &[b"ab", b"\0"]));
    }

    #[test]
    fn salt_and_state_are_not_printed() {
        let salt = Salt::from_bytes([0xab; 32]);
        assert_eq!(format!("{salt:?}"), "Salt(..)");
        assert_eq!(format!("{:?}", DocumentHasher::new(&salt)), "DocumentHasher(..)");
    }
}
