//! Keys of a subject at one custodian.
//!
//! A subject is an Ed25519 key, the pseudonym under which one custodian's records stand, and beside it
//! a [`ViewKey`] that opens what they seal. Patients derive both from one seed, so that nothing on the
//! ledger joins what two custodians write of them. That derivation needs the secret half of the
//! subject's key and stands in the crate `vidimus-keys`; this library verifies, and holds no secret
//! that could sign.

use alloc::string::String;
use core::{fmt, str::FromStr};

use hkdf::Hkdf;
use sha2::Sha256;
use zeroize::Zeroizing;

use super::codes::{CODE_LENGTH, check_token};

/// Who holds records: 1 to 64 characters of printable ASCII without spaces.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct CustodianId(String);

impl CustodianId {
    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for CustodianId {
    type Err = CustodianIdError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        check_token(text, CODE_LENGTH).map_err(|_| CustodianIdError)?;
        Ok(Self(text.into()))
    }
}

impl fmt::Display for CustodianId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A text that is no custodian's id.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("a custodian's id is 1 to 64 characters of printable ASCII without spaces")]
pub struct CustodianIdError;

/// Opens what the records of one subject at one custodian seal: 32 bytes that the patient derives, and
/// the custodian's gateway holds. It signs nothing.
///
/// Never printed: not by `Debug`, which all else here derives. Overwritten when dropped.
#[derive(Clone, Eq, PartialEq)]
pub struct ViewKey(Zeroizing<[u8; Self::LENGTH]>);

impl ViewKey {
    /// Number of bytes.
    pub const LENGTH: usize = 32;

    /// The key of these bytes.
    pub fn new(bytes: [u8; Self::LENGTH]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// The bytes, for whoever writes a viewing file or hands the key to a gateway.
    pub fn expose(&self) -> &[u8; Self::LENGTH] {
        &self.0
    }
}

impl fmt::Debug for ViewKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ViewKey(..)")
    }
}

/// HKDF-SHA256 (RFC 5869) without salt: 32 bytes from a secret, for the purpose that `info` says.
///
/// `info` is the concatenation of the parts.
pub fn derive(secret: &[u8; 32], info: &[&[u8]]) -> Zeroizing<[u8; 32]> {
    let mut derived = Zeroizing::new([0; 32]);
    expand(&Hkdf::new(None, secret), info, &mut derived);
    derived
}

#[expect(clippy::expect_used, reason = "HKDF-SHA256 gives up to 8,160 bytes (RFC 5869 §2.3)")]
fn expand(hkdf: &Hkdf<Sha256>, info: &[&[u8]], derived: &mut [u8; 32]) {
    hkdf.expand_multi_info(info, derived).expect("32 bytes are one block");
}

#[cfg(test)]
mod tests {
    use alloc::format;

    use hmac::{Hmac, KeyInit as _, Mac as _};

    use super::*;

    #[test]
    fn derivation_is_that_of_rfc_5869_word_for_word() {
        let mac = |key: &[u8], message: &[u8]| -> [u8; 32] {
            let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap();
            mac.update(message);
            mac.finalize().into_bytes().into()
        };
        // §2.2: without a salt it is as many zeros as a hash has bytes. §2.3: T(1) for one block.
        let extracted = mac(&[0; 32], &[7; 32]);
        let expanded = mac(&extracted, b"purpose\0context\x01");
        assert_eq!(*derive(&[7; 32], &[b"purpose", b"\0", b"context"]), expanded);
    }

    #[test]
    fn custodians_have_ids_that_stand_in_one_word() {
        for text in ["", "a b", "a\n", "a\0", "klinik-\u{fc}ber", &"a".repeat(65)] {
            assert_eq!(text.parse::<CustodianId>(), Err(CustodianIdError), "{text:?}");
        }
        assert_eq!("st-mary.example".parse::<CustodianId>().unwrap().as_str(), "st-mary.example");
    }

    #[test]
    fn view_keys_are_not_printed() {
        let key = ViewKey::new([0xab; 32]);
        assert_eq!(format!("{key:?} {:#?}", Some(&key)), "ViewKey(..) Some(\n    ViewKey(..),\n)");
    }
}
