//! A patient's keys, derived from one seed.
//!
//! [`PatientSeed`] is the one secret that a patient keeps. For each custodian it yields a
//! [`SubjectKey`], whose public half is the pseudonym there, and a view key. Two custodians' records
//! of one patient have nothing in common, unless the patient shows a viewing file.
//!
//! ```text
//! PatientSeed ──"vidimus/subject/1", custodian──▶ SubjectKey ──public──▶ pseudonym
//!             └─"vidimus/view/1",    custodian──▶ ViewKey
//! ```
//!
//! This is a crate of its own because the verifier's library holds no code that signs
//! (`docs/decisions/0014-keys-apart-from-the-verifier.md`). Nothing here draws a random number: where a
//! seed comes from is for the caller.
#![no_std]
#![forbid(unsafe_code)]

extern crate alloc;

use alloc::string::String;
use core::fmt;

use ed25519_dalek::{Signer as _, SigningKey};
use vidimus::{
    encoding::hex::PublicKey,
    record::{
        keys::{CustodianId, ViewKey, derive},
        view::{ViewConflict, ViewingFile},
    },
};
use zeroize::Zeroizing;

/// What the seed of a subject's signing key is derived for.
const SUBJECT: &[u8] = b"vidimus/subject/1";

/// What a view key is derived for.
const VIEW: &[u8] = b"vidimus/view/1";

/// The one secret of a patient: 32 bytes, drawn at random. Never printed; overwritten when dropped.
#[derive(Clone)]
pub struct PatientSeed(Zeroizing<[u8; 32]>);

/// A text that is no seed. It does not repeat the text.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("a seed is 64 hex digits and at most a line feed after them, nothing else")]
pub struct SeedError;

impl PatientSeed {
    /// The seed of these bytes.
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// Reads the content of a seed file: 64 hex digits of either case, and one line feed or none.
    ///
    /// # Errors
    /// [`SeedError`]: a seed with white space, a prefix or a digit too few may be one that was damaged,
    /// and every other seed has other keys.
    pub fn parse(text: &str) -> Result<Self, SeedError> {
        let digits = text.strip_suffix('\n').unwrap_or(text);
        let mut seed = Zeroizing::new([0; 32]);
        hex::decode_to_slice(digits, seed.as_mut_slice()).map_err(|_| SeedError)?;
        Ok(Self(seed))
    }

    /// The patient's key at a custodian: Ed25519 with the seed
    /// `HKDF-SHA256(seed, "vidimus/subject/1" 0x00 custodian)`.
    ///
    /// # Cost
    /// One multiplication of the base point.
    pub fn subject_key(&self, custodian: &CustodianId) -> SubjectKey {
        SubjectKey(SigningKey::from_bytes(&self.derive(SUBJECT, custodian)))
    }

    /// The key that opens what the custodian's records seal:
    /// `HKDF-SHA256(seed, "vidimus/view/1" 0x00 custodian)`.
    pub fn view_key(&self, custodian: &CustodianId) -> ViewKey {
        ViewKey::new(*self.derive(VIEW, custodian))
    }

    /// The viewing file of the patient's records at these custodians.
    ///
    /// # Errors
    /// [`ViewConflict`]: never in practice, since two custodians would have to yield one key.
    pub fn viewing_file(&self, custodians: &[CustodianId]) -> Result<ViewingFile, ViewConflict> {
        let mut file = ViewingFile::default();
        for custodian in custodians {
            let subject = self.subject_key(custodian).public();
            file.insert(custodian.clone(), subject, self.view_key(custodian))?;
        }
        Ok(file)
    }

    fn derive(&self, purpose: &[u8], custodian: &CustodianId) -> Zeroizing<[u8; 32]> {
        derive(&self.0, &[purpose, &[0], custodian.as_str().as_bytes()])
    }
}

impl fmt::Debug for PatientSeed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PatientSeed(..)")
    }
}

/// A patient's signing key at one custodian. Its public half is made with it and never taken from a
/// caller: signing under a foreign one gives the key away (RUSTSEC-2022-0093).
#[derive(Clone)]
pub struct SubjectKey(SigningKey);

impl SubjectKey {
    /// The public half, which is the patient's pseudonym.
    pub fn public(&self) -> PublicKey {
        PublicKey(self.0.verifying_key().to_bytes())
    }

    /// Signs a message (RFC 8032 §5.1.6): R ‖ S, 64 bytes.
    pub fn sign(&self, message: &[u8]) -> [u8; 64] {
        self.0.sign(message).to_bytes()
    }
}

impl fmt::Debug for SubjectKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SubjectKey({})", self.public())
    }
}

/// One line for each custodian: the subject's key there, a space, the custodian's id.
pub fn listing(seed: &PatientSeed, custodians: &[CustodianId]) -> String {
    let line = |id: &CustodianId| alloc::format!("{} {id}\n", seed.subject_key(id).public());
    custodians.iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use alloc::format;

    use vidimus::signature::{SignatureError, SignatureRule, verify_one};

    use super::*;

    fn seed() -> PatientSeed {
        PatientSeed::new([7; 32])
    }

    fn custodian(text: &str) -> CustodianId {
        text.parse().unwrap()
    }

    #[test]
    fn custodians_get_keys_that_have_nothing_in_common() {
        let (a, b) = (custodian("a"), custodian("b"));
        assert_ne!(seed().subject_key(&a).public(), seed().subject_key(&b).public());
        assert_ne!(seed().view_key(&a), seed().view_key(&b));
        assert_ne!(*seed().derive(SUBJECT, &a), *seed().derive(VIEW, &a));
        assert_ne!(seed().view_key(&a), PatientSeed::new([8; 32]).view_key(&a));
    }

    #[test]
    fn signatures_are_those_of_the_pseudonym_by_the_rule_for_records() {
        let key = seed().subject_key(&custodian("a"));
        let signature = key.sign(b"a consent");
        let verify = |message: &[u8]| {
            verify_one(SignatureRule::Consent, &key.public().0, message, &signature)
        };
        assert_eq!(verify(b"a consent"), Ok(()));
        assert_eq!(verify(b"another"), Err(SignatureError::Mismatch));
    }

    #[test]
    fn seeds_are_read_strictly() {
        let digits = "07".repeat(32);
        for text in [digits.clone(), format!("{digits}\n")] {
            let read = PatientSeed::parse(&text).unwrap();
            assert_eq!(*read.0, *seed().0);
        }
        assert!(PatientSeed::parse(&"aB".repeat(32)).is_ok());
        for text in [
            "",
            "\n",
            digits.split_at(1).1,
            digits.split_at(2).1,
            &format!("{digits}7"),
            &format!("{digits}07"),
            &format!(" {digits}"),
            &format!("{digits} "),
            &format!("{digits}\r\n"),
            &format!("{digits}\n\n"),
            &format!("0x{digits}"),
            &digits.replace('7', "g"),
        ] {
            assert_eq!(PatientSeed::parse(text).unwrap_err(), SeedError, "{text:?}");
        }
    }

    #[test]
    fn viewing_file_opens_every_custodian_once() {
        let (a, b) = (custodian("a"), custodian("b"));
        let file = seed().viewing_file(&[a.clone(), b.clone(), a.clone()]).unwrap();
        assert_eq!(file.subjects().len(), 2);
        for id in [a, b] {
            let subject = seed().subject_key(&id).public();
            assert_eq!(file.view_key(&subject), Some(&seed().view_key(&id)));
            assert!(
                listing(&seed(), core::slice::from_ref(&id)).starts_with(&format!("{subject} "))
            );
        }
    }

    #[test]
    fn secrets_are_not_printed() {
        let key = seed().subject_key(&custodian("a"));
        assert_eq!(format!("{:?}", seed()), "PatientSeed(..)");
        assert_eq!(format!("{key:?}"), format!("SubjectKey({})", key.public()));
    }
}
