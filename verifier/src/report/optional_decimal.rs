//! Like [`decimal`](super::decimal), or null.

use alloc::string::String;

use serde::{Deserialize as _, Deserializer, Serializer, de::Error as _};

/// Writes the decimal digits, or null.
///
/// # Errors
/// The serializer's.
pub fn serialize<S: Serializer>(value: &Option<u64>, serializer: S) -> Result<S::Ok, S::Error> {
    match value {
        Some(value) => serializer.collect_str(value),
        None => serializer.serialize_none(),
    }
}

/// Reads plain digits, or null.
///
/// # Errors
/// Anything else.
pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u64>, D::Error> {
    let text = Option::<String>::deserialize(deserializer)?;
    text.map(|text| {
        super::decimal::parse(&text).ok_or_else(|| D::Error::custom("expected a decimal string"))
    })
    .transpose()
}
