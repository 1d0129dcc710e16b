//! Fixed-size byte values that people read as upper-case hex.

use alloc::string::String;
use core::fmt;

macro_rules! fixed_bytes {
    ($(#[$meta:meta])* $name:ident, $len:literal) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Eq, Hash, Ord, PartialEq, PartialOrd)]
        pub struct $name(pub [u8; $len]);

        impl $name {
            /// Number of bytes.
            pub const LENGTH: usize = $len;

            /// The bytes.
            pub const fn as_bytes(&self) -> &[u8; $len] {
                &self.0
            }

            /// From exactly the right number of bytes.
            pub fn from_slice(bytes: &[u8]) -> Option<Self> {
                bytes.try_into().ok().map(Self)
            }

            /// From hex digits of either case.
            pub fn from_hex(text: &str) -> Option<Self> {
                Self::from_slice(&decode(text)?)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&::hex::encode_upper(self.0))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = String::deserialize(deserializer)?;
                Self::from_hex(&text).ok_or_else(|| {
                    serde::de::Error::custom(concat!("expected hex of ", $len, " bytes"))
                })
            }
        }
    };
}

fixed_bytes! {
    /// A SHA-256 digest: 32 bytes, upper-case hex in text and JSON.
    Hash, 32
}
fixed_bytes! {
    /// A validator's address: the first 20 bytes of SHA-256 of its Ed25519 key.
    Address, 20
}
fixed_bytes! {
    /// An Ed25519 public key as encoded (RFC 8032 §5.1.2): 32 bytes.
    PublicKey, 32
}

fixed_bytes! {
    /// A number drawn at random by whoever makes a consent, an event or a protocol: 16 bytes.
    Identifier, 16
}
fixed_bytes! {
    /// A sealed code of a record: the first 16 bytes of an HMAC-SHA256, see [`crate::record::sealing`].
    SealedCode, 16
}

impl Hash {
    /// Lower-case hex, as the command line tools of SHA-256 print it.
    pub fn to_lower_hex(&self) -> String {
        ::hex::encode(self.0)
    }
}

/// Bytes of hex text in either case; `None` for odd lengths and other characters.
pub fn decode(text: &str) -> Option<alloc::vec::Vec<u8>> {
    ::hex::decode(text).ok()
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString as _;

    use super::*;

    #[test]
    fn digest_is_written_in_either_case_and_read_in_both() {
        let mut hash = Hash([0xAB; 32]);
        hash.0[31] = 0x01;
        let (upper, lower) = (hash.to_string(), hash.to_lower_hex());
        assert_eq!(upper, ["AB"; 31].concat() + "01");
        assert_eq!(lower, ["ab"; 31].concat() + "01");
        assert_eq!([Hash::from_hex(&upper), Hash::from_hex(&lower)], [Some(hash); 2]);
        assert_eq!(Hash::from_hex(lower.trim_start_matches("ab")), None);
    }
}
