//! Points in time: seconds and nanoseconds since the Unix epoch, RFC 3339 in text.

use alloc::{format, string::ToString as _};
use core::fmt;

use super::{
    DecodeError,
    protobuf::{Message, Reader, Writer},
};

/// `google.protobuf.Timestamp`: UTC without leap seconds, nanosecond precision, 0001-01-01 to 9999-12-30T22:00:00Z.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct Timestamp {
    /// Seconds since 1970-01-01T00:00:00Z, negative before.
    pub seconds: i64,
    /// Nanoseconds within the second, 0 ≤ nanos < 10⁹.
    pub nanos: u32,
}

impl Timestamp {
    /// Go's zero time, 0001-01-01T00:00:00Z: the timestamp of an absent vote.
    pub const ZERO: Self = Self { seconds: -62_135_596_800, nanos: 0 };

    /// Nanoseconds since the Unix epoch.
    pub fn as_nanos(self) -> i128 {
        i128::from(self.seconds)
            .saturating_mul(1_000_000_000)
            .saturating_add(i128::from(self.nanos))
    }

    /// From RFC 3339 as Go prints it (`RFC3339Nano`): UTC as `Z`, a fraction without trailing zeros.
    ///
    /// Any other spelling of the same time gives `None`, so that one time has one text.
    pub fn parse(text: &str) -> Option<Self> {
        let parsed: jiff::Timestamp = text.parse().ok()?;
        // jiff counts towards zero: before 1970 both parts are negative.
        let (seconds, nanos) = (parsed.as_second(), parsed.subsec_nanosecond());
        let (seconds, nanos) = if nanos < 0 {
            (seconds.checked_sub(1)?, nanos.checked_add(1_000_000_000)?)
        } else {
            (seconds, nanos)
        };
        let time = Self { seconds, nanos: u32::try_from(nanos).ok()? };
        (time.to_string() == text).then_some(time)
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let nanos = i32::try_from(self.nanos).unwrap_or_default();
        match jiff::Timestamp::new(self.seconds, nanos) {
            Ok(time) => f.write_str(&format!("{time}")),
            Err(_) => write!(f, "{}.{:09} s since 1970", self.seconds, self.nanos),
        }
    }
}

impl serde::Serialize for Timestamp {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for Timestamp {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = alloc::string::String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| serde::de::Error::custom("expected RFC 3339 time in UTC"))
    }
}

impl<'a> Message<'a> for Timestamp {
    fn decode(mut reader: Reader<'a>) -> Result<Self, DecodeError> {
        let mut time = Self { seconds: 0, nanos: 0 };
        let start = reader.offset();
        while let Some(field) = reader.next_field()? {
            match field.number {
                1 => time.seconds = field.int64()?,
                2 => time.nanos = field.uint32()?,
                _ => return Err(field.unknown()),
            }
        }
        // protobuf: "from 0001-01-01T00:00:00Z to 9999-12-31T23:59:59.999999999Z"; the last 26
        // hours are left out so that every time has an RFC 3339 text in every zone (jiff's bound).
        let in_range = (Self::ZERO.seconds..253_402_207_200).contains(&time.seconds)
            && time.nanos < 1_000_000_000;
        if !in_range {
            return Err(DecodeError::new(start, super::DecodeProblem::OutOfRange));
        }
        Ok(time)
    }

    fn encode(&self, writer: &mut Writer) {
        writer.int64(1, self.seconds);
        writer.uint64(2, u64::from(self.nanos));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_of_every_precision_round_trips() {
        for text in [
            "0001-01-01T00:00:00Z",
            "1969-12-31T23:59:59.5Z",
            "1970-01-01T00:00:00Z",
            "2026-11-23T07:28:36.113296749Z",
            "2020-04-28T15:48:20.640286Z",
            "9999-12-30T21:59:59.999Z",
        ] {
            let time = Timestamp::parse(text).unwrap_or_else(|| panic!("{text}"));
            assert_eq!(time.to_string(), text);
        }
        assert_eq!(Timestamp::parse("0001-01-01T00:00:00Z"), Some(Timestamp::ZERO));
    }

    #[test]
    fn other_spellings_of_a_time_are_refused() {
        for text in [
            "2026-11-23T07:28:36.1000Z",
            "2026-11-23t07:28:36Z",
            "2026-11-23T07:28:36+00:00",
            "2026-11-23 07:28:36Z",
            "2026-11-23T07:28:60Z",
            "2026-11-23T07:28Z",
            "+002026-11-23T07:28:36Z",
            "2026-11-23T07:28:36Z[UTC]",
            "",
        ] {
            assert_eq!(Timestamp::parse(text), None, "{text}");
        }
    }

    #[test]
    fn zero_time_has_the_encoding_of_an_absent_vote() {
        assert_eq!(
            Timestamp::ZERO.to_bytes(),
            [0x08, 0x80, 0x92, 0xb8, 0xc3, 0x98, 0xfe, 0xff, 0xff, 0xff, 0x01]
        );
    }
}
