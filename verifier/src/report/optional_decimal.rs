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

#[cfg(test)]
mod tests {
    use alloc::{format, string::ToString as _};

    use serde::{Deserialize, Serialize};

    #[derive(Debug, Deserialize, Eq, PartialEq, Serialize)]
    struct Number(#[serde(with = "super")] Option<u64>);

    fn read(text: &str) -> Result<Number, serde_json::Error> {
        serde_json::from_str(text)
    }

    #[test]
    fn numbers_and_their_absence_are_read_as_they_are_written() {
        for (number, expected) in
            [(None, "null"), (Some(0), "\"0\""), (Some(u64::MAX), "\"18446744073709551615\"")]
        {
            let text = serde_json::to_string(&Number(number)).unwrap();
            assert_eq!(text, expected);
            assert_eq!(read(&text).unwrap(), Number(number));
        }
    }

    #[test]
    fn other_spellings_and_other_types_are_refused() {
        for text in ["", "01", "+1", "-1", "null", "18446744073709551616"] {
            let error = read(&format!("\"{text}\"")).unwrap_err();
            assert!(error.to_string().starts_with("expected a decimal string"), "{text}: {error}");
        }
        for text in ["1", "false", "[]"] {
            assert!(read(text).unwrap_err().to_string().starts_with("invalid type"), "{text}");
        }
    }
}
