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

#[cfg(test)]
mod tests {
    use alloc::{format, string::ToString as _};

    use serde::{Deserialize, Serialize};

    #[derive(Debug, Deserialize, Eq, PartialEq, Serialize)]
    struct Number(#[serde(with = "super")] u64);

    fn read(text: &str) -> Result<Number, serde_json::Error> {
        serde_json::from_str(text)
    }

    #[test]
    fn numbers_of_every_size_are_read_as_they_are_written() {
        for number in [0, 1, 9, 10, 1 << 53, u64::MAX] {
            let text = serde_json::to_string(&Number(number)).unwrap();
            assert_eq!(text, format!("\"{number}\""));
            assert_eq!(read(&text).unwrap(), Number(number));
        }
    }

    #[test]
    fn other_spellings_and_other_types_are_refused() {
        let above = "18446744073709551616";
        for text in ["", "01", "00", "+1", "-1", "-0", " 1", "1 ", "1.0", "1e3", "0x1", "a", above]
        {
            let error = read(&format!("\"{text}\"")).unwrap_err();
            assert!(error.to_string().starts_with("expected a decimal string"), "{text}: {error}");
        }
        for text in ["1", "null", "true", "[\"1\"]"] {
            assert!(read(text).unwrap_err().to_string().starts_with("invalid type"), "{text}");
        }
    }
}
