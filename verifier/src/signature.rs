//! Ed25519 signatures: which ones a rule accepts, and how many are verified at once.
//!
//! In go a key, the signed bytes and a signature, one by one ([`verify_one`]) or gathered in a
//! [`Batch`]; out comes which of them fail. The two ways accept the same signatures, in any order
//! and in any partition into batches. The module does not know what the bytes mean or whether the
//! key had a say: that is for whoever pushed them.
//!
//! ```text
//! push(key, message, signature)…        to_bytes ──▶ Web Worker ──▶ from_bytes
//!              ▼                            ▲                           ▼
//!            Batch ─────────────────────────┴─▶ verify ──▶ Discharged { batch id, failed }
//! ```
//!
//! A signature is R ‖ S (RFC 8032 §5.1.6), a key is A; k is SHA-512(R ‖ A ‖ message) mod L over the
//! bytes as received, B the base point and L = 2^252 + 27742317777372353535851937790883648493 its
//! order. Implementations disagree on signatures that no honest signer makes, so a ledger has to be
//! judged by the rule that its own nodes follow: see [`SignatureRule`], and for the sets as data
//! [`SignatureRule::admits`].
//!
//! # Examples
//! The first vector of RFC 8032 §7.1:
//! ```
//! use data_encoding::HEXLOWER;
//! use vidimus::signature::{Batch, SignatureRule, verify_one};
//!
//! let decode = |text: &str| HEXLOWER.decode(text.as_bytes()).unwrap();
//! let key: [u8; 32] =
//!     decode("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a").try_into().unwrap();
//! let signature: [u8; 64] = decode(concat!(
//!     "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155",
//!     "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
//! )).try_into().unwrap();
//!
//! assert_eq!(verify_one(SignatureRule::Consent, &key, b"", &signature), Ok(()));
//!
//! let mut batch = Batch::new(SignatureRule::Consent);
//! batch.push(&key, b"", &signature);
//! batch.push(&key, b"another message", &signature);
//! assert_eq!(batch.verify().failed(), [1]);
//! ```

mod batch;
mod canonical;
mod discharged;

use core::fmt;

use ed25519_dalek::Verifier as _;
use ed25519_zebra::{Signature, VerificationKey};

pub use self::batch::{Batch, BatchDecodeError, BatchDecodeProblem};
pub use self::discharged::Discharged;

/// Which Ed25519 signatures are accepted.
///
/// | | [`Zip215`](Self::Zip215) | [`GoEd25519`](Self::GoEd25519) | [`Consent`](Self::Consent) |
/// |---|---|---|---|
/// | S | < L | < L | < L |
/// | A, encoding | any of a point | any of a point | the canonical one |
/// | A, point | any | any | not of small order |
/// | R, encoding | any of a point | the canonical one | the canonical one |
/// | equation | \[8\]\[S\]B = \[8\]R + \[8\]\[k\]A | \[S\]B = R + \[k\]A | \[8\]\[S\]B = \[8\]R + \[8\]\[k\]A |
/// | in batches | by one equation | one by one | by one equation |
///
/// Only a cofactored equation (both sides times 8) has the same solutions singly and in a batch,
/// which is why `GoEd25519` is never batched. Sources: `docs/verification.md`; [ZIP 215];
/// [`crypto/ed25519`] of Go; Chalkias, Garillot, Nikolaenko, [Taming the many EdDSAs], Algorithm 2.
///
/// [ZIP 215]: https://zips.z.cash/zip-0215
/// [`crypto/ed25519`]: https://github.com/golang/go/blob/go1.22.0/src/crypto/ed25519/ed25519.go
/// [Taming the many EdDSAs]: https://eprint.iacr.org/2020/1244
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
#[non_exhaustive]
pub enum SignatureRule {
    /// ZIP 215: votes from the profile `cometbft-0.38` on (`curve25519-voi`,
    /// `VerifyOptionsZIP_215`).
    Zip215,
    /// Go's `crypto/ed25519`: votes of the profiles before `cometbft-0.38`.
    GoEd25519,
    /// Records of the contract: nobody but the holder of the key can make a signature that fits, and
    /// nobody can make a second one out of a first.
    Consent,
}

impl SignatureRule {
    /// Every rule.
    pub const ALL: [Self; 3] = [Self::Zip215, Self::GoEd25519, Self::Consent];

    /// The number of the rule in encodings; never changed, never given to another rule.
    pub const fn code(self) -> u8 {
        match self {
            Self::Zip215 => 1,
            Self::GoEd25519 => 2,
            Self::Consent => 3,
        }
    }

    /// The rule with this [code](Self::code).
    pub fn from_code(code: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|rule| rule.code() == code)
    }

    /// Whether a signature with this peculiarity is accepted when all else about it is right: the
    /// acceptance set as data, pinned by the [CCTV] vectors.
    ///
    /// The vectors' remaining flag, `reencoded_k`, marks a k computed over canonical instead of
    /// received bytes. No rule admits it; where A is of small order the equation may hold all the
    /// same, since \[k\]A then depends on k modulo 8 at most (and \[8\]\[k\]A not at all).
    ///
    /// [CCTV]: https://github.com/C2SP/CCTV/tree/1e3d2860d46e94e777e1b17c7a6f2436387e3ecc/ed25519
    pub const fn admits(self, case: EdgeCase) -> bool {
        match case {
            EdgeCase::LowOrderR | EdgeCase::LowOrderComponentA | EdgeCase::LowOrderComponentR => {
                true
            }
            EdgeCase::LowOrderA | EdgeCase::NonCanonicalA => !matches!(self, Self::Consent),
            EdgeCase::LowOrderResidue => !matches!(self, Self::GoEd25519),
            EdgeCase::NonCanonicalR => matches!(self, Self::Zip215),
        }
    }
}

/// What may be peculiar about a key and signature: the flags of the CCTV vectors.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
#[non_exhaustive]
pub enum EdgeCase {
    /// A is one of the eight points of small order.
    LowOrderA,
    /// R is one of the eight points of small order.
    LowOrderR,
    /// A has a component of small order: it is no multiple of B.
    LowOrderComponentA,
    /// R has a component of small order: it is no multiple of B.
    LowOrderComponentR,
    /// \[S\]B − R − \[k\]A is of small order and not zero.
    LowOrderResidue,
    /// A is not the canonical encoding of its point (RFC 8032 §5.1.2).
    NonCanonicalA,
    /// R is not the canonical encoding of its point (RFC 8032 §5.1.2).
    NonCanonicalR,
}

impl EdgeCase {
    /// Every case.
    pub const ALL: [Self; 7] = [
        Self::LowOrderA,
        Self::LowOrderR,
        Self::LowOrderComponentA,
        Self::LowOrderComponentR,
        Self::LowOrderResidue,
        Self::NonCanonicalA,
        Self::NonCanonicalR,
    ];

    /// The flag's name in the CCTV vectors.
    pub const fn name(self) -> &'static str {
        match self {
            Self::LowOrderA => "low_order_A",
            Self::LowOrderR => "low_order_R",
            Self::LowOrderComponentA => "low_order_component_A",
            Self::LowOrderComponentR => "low_order_component_R",
            Self::LowOrderResidue => "low_order_residue",
            Self::NonCanonicalA => "non_canonical_A",
            Self::NonCanonicalR => "non_canonical_R",
        }
    }
}

impl fmt::Display for EdgeCase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Why a signature is not accepted.
///
/// The check that failed is that of whoever asked, since a signature means nothing by itself.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum SignatureError {
    /// A is no encoding of a curve point.
    #[error("the key is not the encoding of a curve point")]
    KeyNotPoint,
    /// A is not the canonical encoding of its point, which the rule asks for.
    #[error("the key is not canonically encoded")]
    KeyNotCanonical,
    /// A is of small order, which the rule forbids: such a key accepts messages nobody signed.
    #[error("the key is of small order")]
    KeySmallOrder,
    /// R is not the canonical encoding of its point, which the rule asks for.
    #[error("the signature's point is not canonically encoded")]
    PointNotCanonical,
    /// S is not below L, R is no encoding of a point, or the equation does not hold.
    #[error("the signature does not fit the key and the message")]
    Mismatch,
}

/// Verifies that `signature` over `message` is accepted under `key` by `rule`.
///
/// Source: the rows of [`SignatureRule`], from the top. Does not say anything about who holds `key`.
///
/// # Errors
/// - [`SignatureError::KeyNotCanonical`], [`KeySmallOrder`](SignatureError::KeySmallOrder),
///   [`PointNotCanonical`](SignatureError::PointNotCanonical): [`SignatureRule::Consent`] only.
/// - [`SignatureError::KeyNotPoint`]: no rule accepts anything under this key.
/// - [`SignatureError::Mismatch`]: all else.
///
/// # Cost
/// One SHA-512 of the message, at most two point decompressions and one double scalar
/// multiplication; in a [`Batch`] about half.
pub fn verify_one(
    rule: SignatureRule,
    key: &[u8; 32],
    message: &[u8],
    signature: &[u8; 64],
) -> Result<(), SignatureError> {
    rule.check_encodings(key, signature)?;
    let signature = Signature::from_bytes(signature);
    match rule {
        SignatureRule::Zip215 | SignatureRule::Consent => VerificationKey::try_from(*key)
            .map_err(|_not_a_point| SignatureError::KeyNotPoint)?
            .verify(&signature, message)
            .map_err(|_invalid| SignatureError::Mismatch),
        SignatureRule::GoEd25519 => ed25519_dalek::VerifyingKey::from_bytes(key)
            .map_err(|_not_a_point| SignatureError::KeyNotPoint)?
            .verify(message, &signature)
            .map_err(|_invalid| SignatureError::Mismatch),
    }
}

impl SignatureRule {
    /// Checks what the rule asks for beyond ZIP 215 and needs no curve arithmetic.
    fn check_encodings(self, key: &[u8; 32], signature: &[u8; 64]) -> Result<(), SignatureError> {
        match self {
            // Go compares R as encoded bytes with [S]B − [k]A, which holds canonical bytes alone.
            Self::Zip215 | Self::GoEd25519 => Ok(()),
            Self::Consent => canonical::check(key, signature),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rule_of_consents_refuses_a_key_under_which_all_is_signed() {
        // A and R are the neutral element and S is zero: the equation holds for every message.
        let (mut key, mut signature) = ([0; 32], [0; 64]);
        (key[0], signature[0]) = (1, 1);
        let verify = |rule| verify_one(rule, &key, b"anything", &signature);
        assert_eq!(verify(SignatureRule::Zip215), Ok(()));
        assert_eq!(verify(SignatureRule::GoEd25519), Ok(()));
        assert_eq!(verify(SignatureRule::Consent), Err(SignatureError::KeySmallOrder));
    }

    /// The names of the vectors' flags, which differ.
    #[test]
    fn every_edge_case_is_shown_by_its_flag() {
        let names = EdgeCase::ALL.map(|case| alloc::format!("{case}"));
        assert_eq!(names, EdgeCase::ALL.map(EdgeCase::name));
        assert_eq!((&*names[0], &*names[6]), ("low_order_A", "non_canonical_R"));
    }

    #[test]
    fn every_code_names_its_rule_and_no_other_number_names_one() {
        let named: alloc::vec::Vec<_> = (0..=u8::MAX)
            .filter_map(|code| Some((code, SignatureRule::from_code(code)?)))
            .collect();
        assert_eq!(
            named,
            [
                (1, SignatureRule::Zip215),
                (2, SignatureRule::GoEd25519),
                (3, SignatureRule::Consent)
            ]
        );
    }
}
