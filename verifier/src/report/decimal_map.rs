//! Counts by name, each a decimal string.

use alloc::{
    collections::BTreeMap,
    string::{String, ToString as _},
};

use serde::{Deserialize as _, Deserializer, Serializer, de::Error as _};

/// Writes the decimal digits of each.
///
/// # Errors
/// The serializer's.
pub fn serialize<S: Serializer>(
    counts: &BTreeMap<String, u64>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_map(counts.iter().map(|(name, count)| (name, count.to_string())))
}

/// Reads plain digits.
///
/// # Errors
/// Anything but an object of decimal strings of at most 64 bits.
pub fn deserialize<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<BTreeMap<String, u64>, D::Error> {
    let counts = BTreeMap::<String, String>::deserialize(deserializer)?.into_iter();
    let read = |(name, text): (String, String)| {
        let count = super::decimal::parse(&text);
        count.map(|count| (name, count)).ok_or_else(|| D::Error::custom("expected decimal strings"))
    };
    counts.map(read).collect()
}
