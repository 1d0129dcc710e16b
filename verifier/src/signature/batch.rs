//! Many signatures under one rule, verified together.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;
use core::fmt;

use ed25519_dalek::{Verifier as _, VerifyingKey};
use ed25519_zebra::{Signature, batch};
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::SeedableRng as _;
use sha2::{Digest as _, Sha256};

use super::{Discharged, SignatureRule};

/// First bytes of an encoded batch.
const MAGIC: &[u8; 16] = b"vidimus/batch/1\n";

/// Bytes of an entry with an empty message: key 32, signature 64, length 8.
const ENTRY_MIN: usize = 104;

/// Up to this many signatures one equation costs more than verifying one by one.
const SINGLE_MAX: usize = 3;

/// Signatures to verify, with their keys and messages, under one rule.
///
/// One arena holds all entries; nothing is allocated for a single one. A place in the batch is
/// zero-based, in the order of [`push`](Self::push).
#[derive(Clone)]
pub struct Batch {
    rule: SignatureRule,
    /// Number of entries.
    len: usize,
    /// The entries as [`to_bytes`](Self::to_bytes) writes them.
    entries: Vec<u8>,
    /// SHA-256 over the encoding so far, so that the id costs no second pass.
    hasher: Sha256,
}

impl Batch {
    /// An empty batch.
    pub fn new(rule: SignatureRule) -> Self {
        let mut hasher = Sha256::new();
        hasher.update(MAGIC);
        hasher.update([rule.code()]);
        Self { rule, len: 0, entries: Vec::new(), hasher }
    }

    /// Appends a signature; nothing about it is checked before [`verify`](Self::verify).
    ///
    /// # Cost
    /// One copy and one SHA-256 of the message.
    pub fn push(&mut self, key: &[u8; 32], message: &[u8], signature: &[u8; 64]) {
        let start = self.entries.len();
        self.entries.reserve(ENTRY_MIN.saturating_add(message.len()));
        self.entries.extend_from_slice(key);
        self.entries.extend_from_slice(signature);
        self.entries.extend_from_slice(&length(message.len()));
        self.entries.extend_from_slice(message);
        self.hasher.update(self.entries.get(start..).unwrap_or_default());
        self.len = self.len.saturating_add(1);
    }

    /// The rule.
    pub const fn rule(&self) -> SignatureRule {
        self.rule
    }

    /// Number of signatures.
    pub const fn len(&self) -> usize {
        self.len
    }

    /// Whether there is no signature.
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// SHA-256 of [`to_bytes`](Self::to_bytes): rule, keys, messages, signatures and their order.
    pub fn id(&self) -> [u8; 32] {
        let mut hasher = self.hasher.clone();
        hasher.update(length(self.len));
        hasher.finalize().into()
    }

    /// The bytes with which a batch crosses to a Web Worker; one encoding for each batch.
    ///
    /// | bytes | |
    /// |---|---|
    /// | 16 | `"vidimus/batch/1\n"` |
    /// | 1 | [code](SignatureRule::code) of the rule |
    /// | for each signature: 32 | key |
    /// | 64 | signature |
    /// | 8 | bytes of the message, little-endian |
    /// | as said | message |
    /// | last 8 | number of signatures, little-endian |
    pub fn to_bytes(&self) -> Vec<u8> {
        let around = MAGIC.len().saturating_add(9);
        let mut bytes = Vec::with_capacity(self.entries.len().saturating_add(around));
        bytes.extend_from_slice(MAGIC);
        bytes.push(self.rule.code());
        bytes.extend_from_slice(&self.entries);
        bytes.extend_from_slice(&length(self.len));
        bytes
    }

    /// Reads what [`to_bytes`](Self::to_bytes) wrote.
    ///
    /// Nothing is allocated before the whole input is found sound, and then as much as it holds.
    ///
    /// # Errors
    /// [`BatchDecodeError`] with [`Header`](BatchDecodeProblem::Header),
    /// [`UnknownRule`](BatchDecodeProblem::UnknownRule),
    /// [`Truncated`](BatchDecodeProblem::Truncated), [`Count`](BatchDecodeProblem::Count) or
    /// [`TrailingBytes`](BatchDecodeProblem::TrailingBytes).
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, BatchDecodeError> {
        let rest = bytes
            .strip_prefix(MAGIC)
            .ok_or_else(|| BatchDecodeError::new(0, BatchDecodeProblem::Header))?;
        let truncated = || BatchDecodeError::new(bytes.len(), BatchDecodeProblem::Truncated);
        let (&code, rest) = rest.split_first().ok_or_else(truncated)?;
        let rule = SignatureRule::from_code(code).ok_or_else(|| {
            BatchDecodeError::new(MAGIC.len(), BatchDecodeProblem::UnknownRule(code))
        })?;
        let (entries, count) = rest.split_last_chunk().ok_or_else(truncated)?;

        let at = |rest: &[u8]| bytes.len().saturating_sub(count.len()).saturating_sub(rest.len());
        let claimed = u64::from_le_bytes(*count);
        let len = usize::try_from(claimed)
            .ok()
            .filter(|len| *len <= entries.len() / ENTRY_MIN)
            .ok_or_else(|| BatchDecodeError::new(at(&[]), BatchDecodeProblem::Count(claimed)))?;
        let mut rest = entries;
        for _ in 0..len {
            (_, rest) = Entry::read(rest)
                .ok_or_else(|| BatchDecodeError::new(at(rest), BatchDecodeProblem::Truncated))?;
        }
        if !rest.is_empty() {
            return Err(BatchDecodeError::new(at(rest), BatchDecodeProblem::TrailingBytes));
        }

        let mut batch = Self::new(rule);
        batch.len = len;
        batch.hasher.update(entries);
        batch.entries = entries.to_vec();
        Ok(batch)
    }

    /// Verifies all signatures and returns which of them fail.
    ///
    /// The outcome is that of [`verify_one`](super::verify_one) for each, except that a signature
    /// that fails goes unnoticed with a probability of 2^-128 (see the comment on the weights in the
    /// source). Keys and signatures that do not decode fail at their own place. Places are told
    /// apart up to `u32::MAX`; a failure further on is reported there.
    ///
    /// # Cost
    /// n signatures of m distinct keys that all hold: n + m point decompressions and one multiscalar
    /// multiplication of n + m + 1 points ([`GoEd25519`](SignatureRule::GoEd25519): m decompressions
    /// and n double scalar multiplications). One that fails costs at most twice that in addition; any
    /// number of them at most log2 n times that, and n single verifications.
    pub fn verify(&self) -> Discharged {
        let batch_id = self.id();
        let failed = match self.rule {
            SignatureRule::Zip215 | SignatureRule::Consent => self.verify_together(batch_id),
            SignatureRule::GoEd25519 => self.verify_each(),
        };
        let places = failed.into_iter().map(|place| u32::try_from(place).unwrap_or(u32::MAX));
        Discharged::new(batch_id, places.collect())
    }

    /// The places that fail by the cofactored equation.
    fn verify_together(&self, seed: [u8; 32]) -> Vec<usize> {
        let mut failed = Vec::new();
        let mut queue = Vec::with_capacity(self.len);
        for (place, entry) in self.entries().enumerate() {
            let admitted =
                entry.filter(|entry| self.rule.check_encodings(entry.key, entry.signature).is_ok());
            match admitted {
                Some(Entry { key, signature, message }) => {
                    let signature = Signature::from_bytes(signature);
                    queue.push((place, batch::Item::from(((*key).into(), signature, message))));
                }
                None => failed.push(place),
            }
        }
        // The equation of a batch is a sum in which each signature's own equation is weighted with a
        // number of 128 bits. If some do not hold, the sum is zero for one weight of any of these at
        // most, the others given. That bounds the error by 2^-128 as long as the weights cannot be
        // known before the signatures are chosen. This library has no source of randomness, so they
        // are the stream of ChaCha20 under a hash of everything that enters the equation: rule, keys,
        // messages, signatures, order. Whoever changes any of it to fit the weights gets all weights
        // anew, so nothing is left but to try about 2^128 batches, which is no less than forging one
        // signature costs. BIP 340 ("Batch Verification") derives its weights the same way. The parts
        // of a batch that fails draw on from the same stream.
        let mut weights = ChaCha20Rng::from_seed(seed);
        bisect(&queue, Known::Nothing, &mut weights, &mut failed);
        failed
    }

    /// The places that fail by an equation that cannot be batched.
    fn verify_each(&self) -> Vec<usize> {
        let mut keys = BTreeMap::new();
        let mut holds = |Entry { key, signature, message }: Entry<'_>| {
            let decode = || VerifyingKey::from_bytes(key).ok();
            let key: &Option<VerifyingKey> = keys.entry(*key).or_insert_with(decode);
            let signature = Signature::from_bytes(signature);
            key.as_ref().is_some_and(|key| key.verify(message, &signature).is_ok())
        };
        self.entries()
            .enumerate()
            .filter(|(_, entry)| !entry.is_some_and(&mut holds))
            .map(|(place, _)| place)
            .collect()
    }

    /// All entries in order; `None`, which nothing in this module leads to, is one that fails.
    fn entries(&self) -> impl Iterator<Item = Option<Entry<'_>>> {
        let mut rest = self.entries.as_slice();
        (0..self.len).map(move |_| {
            let (entry, tail) = Entry::read(rest)?;
            rest = tail;
            Some(entry)
        })
    }
}

impl fmt::Debug for Batch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Batch")
            .field("rule", &self.rule)
            .field("len", &self.len)
            .field("bytes", &self.entries.len())
            .finish_non_exhaustive()
    }
}

/// One signature of a batch, in place.
#[derive(Clone, Copy)]
struct Entry<'a> {
    key: &'a [u8; 32],
    signature: &'a [u8; 64],
    message: &'a [u8],
}

impl<'a> Entry<'a> {
    /// The entry that `bytes` begin with, and what follows it.
    fn read(bytes: &'a [u8]) -> Option<(Self, &'a [u8])> {
        let (key, rest) = bytes.split_first_chunk()?;
        let (signature, rest) = rest.split_first_chunk()?;
        let (len, rest) = rest.split_first_chunk()?;
        let len = usize::try_from(u64::from_le_bytes(*len)).ok()?;
        let (message, rest) = rest.split_at_checked(len)?;
        Some((Self { key, signature, message }, rest))
    }
}

/// What is known of a part of a batch before it is looked at.
#[derive(Clone, Copy, Eq, PartialEq)]
enum Known {
    /// Nothing.
    Nothing,
    /// It fails as a whole, since it did together with a half that holds.
    Fails,
    /// Too many fail beside it for an equation over many to be worth its cost.
    ManyFailNearby,
}

/// Appends to `failed` the places in `part` of the signatures that fail.
fn bisect(
    part: &[(usize, batch::Item)],
    known: Known,
    weights: &mut ChaCha20Rng,
    failed: &mut Vec<usize>,
) {
    if part.len() <= SINGLE_MAX || known == Known::ManyFailNearby {
        for (place, item) in part {
            if item.clone().verify_single().is_err() {
                failed.push(*place);
            }
        }
        return;
    }
    if known == Known::Nothing && holds(part, weights) {
        return;
    }
    let (left, right) = part.split_at(part.len() / 2);
    let before = failed.len();
    bisect(left, Known::Nothing, weights, failed);
    let known = match failed.len().saturating_sub(before) {
        0 => Known::Fails,
        found if found > left.len() / 4 => Known::ManyFailNearby,
        _ => Known::Nothing,
    };
    bisect(right, known, weights, failed);
}

/// Whether all signatures of `part` hold; keys that occur more than once cost once.
fn holds(part: &[(usize, batch::Item)], weights: &mut ChaCha20Rng) -> bool {
    let mut verifier = batch::Verifier::new();
    for (_, item) in part {
        verifier.queue(item.clone());
    }
    verifier.verify(weights).is_ok()
}

/// A length as the encodings write it; `usize` has at most 64 bits on every target of this crate.
fn length(len: usize) -> [u8; 8] {
    u64::try_from(len).unwrap_or(u64::MAX).to_le_bytes()
}

/// Bytes that are not an encoded batch or outcome: what is wrong, at which byte.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{problem} at byte {offset}")]
#[non_exhaustive]
pub struct BatchDecodeError {
    /// Zero-based offset of the offending byte.
    pub offset: u64,
    /// What is wrong there.
    pub problem: BatchDecodeProblem,
}

impl BatchDecodeError {
    /// An error at `offset`.
    pub(super) fn new(offset: usize, problem: BatchDecodeProblem) -> Self {
        Self { offset: u64::try_from(offset).unwrap_or(u64::MAX), problem }
    }
}

/// Why bytes are not an encoded batch or outcome.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum BatchDecodeProblem {
    /// The first bytes are not those of the encoding in this version.
    #[error("not the encoding of this version")]
    Header,
    /// No rule has this code.
    #[error("no signature rule has the code {0}")]
    UnknownRule(u8),
    /// The bytes end inside a value.
    #[error("the bytes end inside a value")]
    Truncated,
    /// More signatures are claimed than the bytes can hold.
    #[error("{0} signatures do not fit into the bytes")]
    Count(u64),
    /// Bytes follow the last signature claimed.
    #[error("bytes follow the last signature")]
    TrailingBytes,
    /// The outcome's digest is not that of its bytes.
    #[error("the digest does not fit the bytes")]
    Digest,
    /// The outcome's places are not strictly ascending.
    #[error("the failed places are not strictly ascending")]
    Order,
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec;

    use curve25519_dalek::scalar::Scalar;
    use ed25519_zebra::{SigningKey, VerificationKeyBytes};

    fn key(seed: u8) -> SigningKey {
        SigningKey::from([seed; 32])
    }

    fn public(seed: u8) -> [u8; 32] {
        VerificationKeyBytes::from(&key(seed)).into()
    }

    fn sign(seed: u8, message: &[u8]) -> [u8; 64] {
        key(seed).sign(message).to_bytes()
    }

    /// `n` signatures of `keys` keys; those at `wrong` are over another message.
    fn batch(rule: SignatureRule, n: u8, keys: u8, wrong: &[u32]) -> Batch {
        let mut batch = Batch::new(rule);
        for place in 0..n {
            let seed = place.checked_rem(keys).unwrap();
            let message = vec![place; usize::from(place)];
            let fails = wrong.contains(&u32::from(place));
            let signed: &[u8] = if fails { b"another message" } else { &message };
            let signature = sign(seed, signed);
            batch.push(&public(seed), &message, &signature);
        }
        batch
    }

    #[test]
    fn bisection_finds_the_one_failure_at_every_place_of_every_small_batch() {
        for n in 1..20_u8 {
            for wrong in 0..u32::from(n) {
                for rule in SignatureRule::ALL {
                    assert_eq!(batch(rule, n, 3, &[wrong]).verify().failed(), [wrong], "of {n}");
                }
            }
        }
    }

    #[test]
    fn bisection_finds_every_set_of_failures_of_a_batch_of_nine() {
        for mask in 0..1_u32 << 9 {
            let wrong: Vec<u32> = (0..9).filter(|place| mask >> place & 1 == 1).collect();
            assert_eq!(batch(SignatureRule::Zip215, 9, 2, &wrong).verify().failed(), wrong);
        }
    }

    #[test]
    fn batch_without_failures_is_clean_at_every_size() {
        for n in [0, 1, 2, 3, 4, 5, 64, 200] {
            for rule in SignatureRule::ALL {
                let discharged = batch(rule, n, 5, &[]).verify();
                assert!(discharged.is_clean(), "{n} under {rule:?}");
            }
        }
    }

    #[test]
    fn batch_in_which_all_fail_lists_all() {
        let all: Vec<u32> = (0..70).collect();
        for rule in SignatureRule::ALL {
            assert_eq!(batch(rule, 70, 70, &all).verify().failed(), all);
        }
    }

    #[test]
    fn errors_that_cancel_out_in_an_unweighted_sum_are_both_found() {
        let shift = |signature: &mut [u8; 64], by: Scalar| {
            let half: [u8; 32] = signature[32..].try_into().unwrap();
            let moved = Scalar::from_canonical_bytes(half).unwrap() + by;
            signature[32..].copy_from_slice(moved.as_bytes());
        };
        for rule in SignatureRule::ALL {
            let mut batch = batch(rule, 8, 1, &[]);
            for by in [Scalar::ONE, -Scalar::ONE] {
                let mut signature = sign(1, b"message");
                shift(&mut signature, by);
                batch.push(&public(1), b"message", &signature);
            }
            assert_eq!(batch.verify().failed(), [8, 9], "{rule:?}");
        }
    }

    #[test]
    fn keys_and_signatures_that_do_not_decode_fail_at_their_place_alone() {
        // y = 2 is on no point of the curve; S of all ones is far above L.
        let no_point = {
            let mut y = [0; 32];
            y[0] = 2;
            y
        };
        for rule in SignatureRule::ALL {
            let mut batch = batch(rule, 6, 2, &[]);
            batch.push(&no_point, b"", &sign(1, b""));
            batch.push(&public(1), b"", &sign(1, b""));
            let mut no_point_in_signature = sign(1, b"");
            no_point_in_signature[..32].copy_from_slice(&no_point);
            batch.push(&public(1), b"", &no_point_in_signature);
            let mut large = sign(1, b"");
            large[32..].fill(0xff);
            batch.push(&public(1), b"", &large);
            batch.push(&public(1), b"", &sign(1, b""));
            assert_eq!(batch.verify().failed(), [6, 8, 9], "{rule:?}");
        }
    }

    #[test]
    fn batches_and_outcomes_cross_threads() {
        fn crosses<T: Send + Sync>() {}
        crosses::<Batch>();
        crosses::<Discharged>();
    }

    #[test]
    fn entry_that_cannot_be_read_fails() {
        for rule in SignatureRule::ALL {
            let mut batch = batch(rule, 5, 2, &[]);
            batch.len = 7;
            assert_eq!(batch.verify().failed(), [5, 6]);
        }
    }

    #[test]
    fn id_is_the_digest_of_the_encoding() {
        for rule in SignatureRule::ALL {
            for n in [0, 1, 7] {
                let batch = batch(rule, n, 2, &[]);
                let digest: [u8; 32] = Sha256::digest(batch.to_bytes()).into();
                assert_eq!(batch.id(), digest);
                assert_eq!(Batch::from_bytes(&batch.to_bytes()).unwrap().id(), digest);
            }
        }
    }

    #[test]
    fn decoding_names_the_offending_byte() {
        let bytes = batch(SignatureRule::Zip215, 2, 1, &[]).to_bytes();
        // Header 17, entries 104 and 105, count 8.
        assert_eq!(bytes.len(), 234);
        let error = |bytes: &[u8]| Batch::from_bytes(bytes).unwrap_err();
        let with = |at: usize, byte: u8| {
            let mut b = bytes.clone();
            b[at] = byte;
            error(&b)
        };
        let expect = |offset, problem| BatchDecodeError { offset, problem };
        assert_eq!(error(b""), expect(0, BatchDecodeProblem::Header));
        assert_eq!(with(14, b'2'), expect(0, BatchDecodeProblem::Header));
        assert_eq!(error(&bytes[..16]), expect(16, BatchDecodeProblem::Truncated));
        assert_eq!(error(&bytes[..24]), expect(24, BatchDecodeProblem::Truncated));
        assert_eq!(with(16, 0), expect(16, BatchDecodeProblem::UnknownRule(0)));
        assert_eq!(with(226, 3), expect(226, BatchDecodeProblem::Count(3)));
        assert_eq!(with(226, 1), expect(121, BatchDecodeProblem::TrailingBytes));
        assert_eq!(with(113, 2), expect(123, BatchDecodeProblem::Truncated));
        assert_eq!(with(217, 2), expect(121, BatchDecodeProblem::Truncated));
    }

    #[test]
    fn batch_knows_how_many_signatures_it_holds() {
        for n in 0..3 {
            let batch = batch(SignatureRule::Consent, n, 1.max(n), &[]);
            assert_eq!((batch.len(), batch.is_empty()), (usize::from(n), n == 0));
        }
    }
}
