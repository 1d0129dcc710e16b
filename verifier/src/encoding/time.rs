//! Points in time: seconds and nanoseconds since the Unix epoch, RFC 3339 in text.

use alloc::{format, string::ToString as _};
use core::fmt;

use super::{
    DecodeError,
    protobuf::{Message, Reader, Writer},
};

/// `google.protobuf.Timestamp`: UTC without leap seconds, nanosecond precision, years 1–9999.
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

    /// The last time that protobuf allows, 9999-12-31T23:59:59.999999999Z.
    pub const LAST: Self = Self { seconds: 253_402_300_799, nanos: 999_999_999 };

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
        let (date_time, fraction) = match text.strip_suffix('Z')?.split_once('.') {
            Some((date_time, fraction)) => (date_time, fraction),
            None => (text.strip_suffix('Z')?, ""),
        };
        let (date, clock) = date_time.split_once('T')?;
        let [year, month, day] = fields(date, '-')?;
        let [hour, minute, second] = fields(clock, ':')?;
        let of_day = hour.checked_mul(3600)?.checked_add(minute.checked_mul(60)?)?;
        let days = days_of(year, month, day)?.checked_mul(DAY)?;
        let seconds = days.checked_add(of_day)?.checked_add(second)?;
        let digits = u32::try_from(fraction.len()).ok()?;
        let scale = 10_u32.checked_pow(9_u32.checked_sub(digits)?)?;
        let nanos = if fraction.is_empty() { 0 } else { number(fraction)? };
        let nanos = u32::try_from(nanos).ok()?.checked_mul(scale)?;
        // What is out of range, 30 February or 25 o'clock, comes out as another time's text.
        let time = Self { seconds, nanos };
        (Self::ZERO..=Self::LAST).contains(&time).then_some(time).filter(|t| t.to_string() == text)
    }
}

/// Seconds of a day.
const DAY: i64 = 86_400;

/// Days from 0000-03-01, where a year of this calendar begins, to 1970-01-01.
const EPOCH: i64 = 719_468;

/// Days of 400 years, after which the Gregorian calendar repeats itself.
const ERA: i64 = 146_097;

/// Plain digits.
fn number(text: &str) -> Option<i64> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok())?
}

/// Three numbers between separators.
fn fields(text: &str, separator: char) -> Option<[i64; 3]> {
    let mut parts = text.split(separator).map(number);
    let fields = [parts.next()??, parts.next()??, parts.next()??];
    parts.next().is_none().then_some(fields)
}

/// Days since 1970-01-01 of a date in the proleptic Gregorian calendar.
///
/// Years are counted from March, so that the leap day is the last of its year; a month of such a
/// year then begins on day (153 m + 2) / 5, m = 0 for March
/// ([Hinnant](https://howardhinnant.github.io/date_algorithms.html#days_from_civil)).
fn days_of(year: i64, month: i64, day: i64) -> Option<i64> {
    let year = if month <= 2 { year.checked_sub(1)? } else { year };
    let from_march = month.checked_add(9)?.checked_rem(12)?;
    let of_year = from_march.checked_mul(153)?.checked_add(2)? / 5;
    let leap_days = (year / 4).checked_sub(year / 100)?.checked_add(year / 400)?;
    let days = year.checked_mul(365)?.checked_add(leap_days)?.checked_add(of_year)?;
    days.checked_add(day)?.checked_sub(1)?.checked_sub(EPOCH)
}

/// Year, month and day of a number of days since 1970-01-01: [`days_of`] backwards.
fn date_of(days: i64) -> Option<(i64, i64, i64)> {
    let days = days.checked_add(EPOCH)?;
    let (era, of_era) = (days.checked_div_euclid(ERA)?, days.checked_rem_euclid(ERA)?);
    let leap_days = (of_era / 1_460).checked_sub(of_era / 36_524)?.checked_add(of_era / 146_096)?;
    let year = of_era.checked_sub(leap_days)? / 365;
    let before = year.checked_mul(365)?.checked_add(year / 4)?.checked_sub(year / 100)?;
    let of_year = of_era.checked_sub(before)?;
    let from_march = of_year.checked_mul(5)?.checked_add(2)? / 153;
    let begin = from_march.checked_mul(153)?.checked_add(2)? / 5;
    let day = of_year.checked_sub(begin)?.checked_add(1)?;
    let month = from_march.checked_add(2)?.checked_rem(12)?.checked_add(1)?;
    let year = era.checked_mul(400)?.checked_add(year)?;
    Some((if month <= 2 { year.checked_add(1)? } else { year }, month, day))
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (days, rest) = (self.seconds.div_euclid(DAY), self.seconds.rem_euclid(DAY));
        let (year, month, day) = date_of(days).ok_or(fmt::Error)?;
        let (hour, minute, second) = (rest / 3600, rest / 60 % 60, rest % 60);
        write!(f, "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}")?;
        if self.nanos > 0 {
            let digits = format!("{:09}", self.nanos);
            write!(f, ".{}", digits.trim_end_matches('0'))?;
        }
        f.write_str("Z")
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
        // protobuf: "from 0001-01-01T00:00:00Z to 9999-12-31T23:59:59.999999999Z", nanos 0..10⁹.
        let in_range = (Self::ZERO..=Self::LAST).contains(&time) && time.nanos < 1_000_000_000;
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
            "9999-12-31T23:59:59.999Z",
        ] {
            let time = Timestamp::parse(text).unwrap_or_else(|| panic!("{text}"));
            assert_eq!(time.to_string(), text);
        }
        assert_eq!(Timestamp::parse("0001-01-01T00:00:00Z"), Some(Timestamp::ZERO));
    }

    #[test]
    fn text_is_that_of_jiff_for_every_day_and_odd_times() {
        // From 0001-01-01 to 9999-12-30, with a second that moves through the day.
        for day in (-719_162..2_932_896_i64).step_by(13) {
            let seconds = day * DAY + (day * 7_919).rem_euclid(DAY);
            let nanos = u32::try_from((day * 104_729).rem_euclid(1_000_000_000)).unwrap();
            let time = Timestamp { seconds, nanos };
            let whole = jiff::Timestamp::from_second(seconds).unwrap();
            let fraction = jiff::SignedDuration::from_nanos(i64::from(nanos));
            let oracle = whole.checked_add(fraction).unwrap();
            let text = time.to_string();
            assert_eq!(text, oracle.to_string());
            assert_eq!(Timestamp::parse(&text), Some(time));
        }
    }

    #[test]
    fn dates_that_do_not_exist_are_refused() {
        for text in [
            "2026-02-29T00:00:00Z",
            "2026-13-01T00:00:00Z",
            "2026-00-01T00:00:00Z",
            "2026-01-00T00:00:00Z",
            "2026-04-31T00:00:00Z",
            "2026-01-01T24:00:00Z",
            "2026-01-01T00:60:00Z",
            "0000-12-31T00:00:00Z",
            "10000-01-01T00:00:00Z",
            "2026-01-01T00:00:00.Z",
            "2026-01-01T00:00:00.1234567891Z",
            "99999999999999999999-01-01T00:00:00Z",
        ] {
            assert_eq!(Timestamp::parse(text), None, "{text}");
        }
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

    #[test]
    fn encoded_time_has_less_than_a_second_of_nanoseconds_and_lies_in_range() {
        let decoded = |seconds: i64, nanos: u64| {
            let mut writer = Writer::default();
            writer.int64(1, seconds);
            writer.uint64(2, nanos);
            Timestamp::decode(Reader::new(writer.as_bytes())).map_err(|error| error.problem)
        };
        let out_of_range = Err(crate::encoding::DecodeProblem::OutOfRange);
        assert!(decoded(5, 999_999_999).is_ok());
        assert_eq!(decoded(5, 1_000_000_000), out_of_range);
        assert!(decoded(Timestamp::LAST.seconds, 999_999_999).is_ok());
        assert_eq!(decoded(Timestamp::LAST.seconds + 1, 0), out_of_range);
        assert_eq!(decoded(Timestamp::ZERO.seconds - 1, 0), out_of_range);
    }
}
