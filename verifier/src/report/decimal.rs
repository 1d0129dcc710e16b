//! 64-bit integers as decimal strings: JSON numbers lose digits above 2^53.

use alloc::string::String;

use serde::{Deserialize as _, Deserializer, Serializer, de::Error as _};

/// Writes the decimal digits.
///
/// # Errors
/// The serializer's.
pub fn serialize<S: Serializer>(value: &u64, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(value)
}

/// Reads plain digits.
///
/// # Errors
/// Anything but a decimal string of at most 64 bits.
pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
    let text = String::deserialize(deserializer)?;
    parse(&text).ok_or_else(|| D::Error::custom("expected a decimal string"))
}

pub(super) fn parse(text: &str) -> Option<u64> {
    let plain = text.bytes().all(|byte| byte.is_ascii_digit());
    let canonical = text == "0" || !text.starts_with('0');
    text.parse().ok().filter(|_| plain && canonical)
}
