//! Times that records assert, and spans of them.

use core::fmt;

use serde::{Serialize, Serializer};

use crate::encoding::{
    DecodeError, DecodeProblem,
    cbor::{Entries, Reader, Value, Writer},
    time::Timestamp,
};

/// A moment: whole milliseconds since 1970-01-01T00:00:00Z, up to the end of the year 9999.
///
/// Asserted by whoever signs; only its distance to the block's time is ever checked.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Instant(u64);

impl Instant {
    /// 9999-12-31T23:59:59.999Z.
    pub const MAX: Self = Self(253_402_300_799_999);

    /// The moment this many milliseconds after 1970, or `None` after the year 9999.
    pub fn from_millis(millis: u64) -> Option<Self> {
        (millis <= Self::MAX.0).then_some(Self(millis))
    }

    /// Milliseconds since 1970.
    pub const fn as_millis(self) -> u64 {
        self.0
    }

    /// So many milliseconds later, or the last instant that there is.
    #[must_use]
    pub fn saturating_add(self, millis: u64) -> Self {
        Self(self.0.saturating_add(millis).min(Self::MAX.0))
    }

    /// The moment of a block, cut to milliseconds; times before 1970 become 1970.
    pub fn of_block(time: &Timestamp) -> Self {
        let millis = time.as_nanos().div_euclid(1_000_000);
        Self(u64::try_from(millis).unwrap_or_default().min(Self::MAX.0))
    }
}

impl fmt::Display for Instant {
    /// RFC 3339 in UTC, with milliseconds where there are any.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let millis = u32::try_from(self.0 % 1000).unwrap_or_default();
        let nanos = millis.saturating_mul(1_000_000);
        let seconds = i64::try_from(self.0 / 1000).unwrap_or_default();
        write!(f, "{}", Timestamp { seconds, nanos })
    }
}

impl Serialize for Instant {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl Value for Instant {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let start = reader.offset();
        Self::from_millis(reader.uint()?)
            .ok_or_else(|| DecodeError::new(start, DecodeProblem::OutOfRange))
    }

    fn encode(&self, writer: &mut Writer) {
        writer.uint(self.0);
    }
}

/// The span from `start` up to, not including, `end`; without `end`, for ever. Never empty.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Period {
    start: Instant,
    end: Option<Instant>,
}

impl Value for Period {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let at = reader.offset();
        let mut entries = Entries::new(reader)?;
        let (start, end) = (entries.entry(1, "start")?, entries.entry(2, "end")?);
        entries.end()?;
        Self::new(start, end)
            .ok_or_else(|| DecodeError::new(at, DecodeProblem::OutOfRange).within("end"))
    }

    fn encode(&self, writer: &mut Writer) {
        writer.entries(if self.end.is_some() { 2 } else { 1 });
        writer.entry(1, &self.start);
        writer.entry(2, &self.end);
    }
}

impl Period {
    /// Keys and names of the map's entries, in order.
    pub const FIELDS: &'static [(u64, &'static str)] = &[(1, "start"), (2, "end")];

    /// The span, or `None` if it would be empty.
    pub fn new(start: Instant, end: Option<Instant>) -> Option<Self> {
        end.is_none_or(|end| start < end).then_some(Self { start, end })
    }

    /// First moment of the span.
    pub const fn start(&self) -> Instant {
        self.start
    }

    /// First moment after the span.
    pub const fn end(&self) -> Option<Instant> {
        self.end
    }

    /// Whether the span has begun at `instant` and has not ended.
    pub fn contains(&self, instant: Instant) -> bool {
        self.start <= instant && self.end.is_none_or(|end| instant < end)
    }

    /// Whether all of `other` lies in the span.
    pub fn covers(&self, other: &Self) -> bool {
        let ends_before = |end: Instant| other.end.is_some_and(|other_end| other_end <= end);
        self.start <= other.start && self.end.is_none_or(ends_before)
    }

    /// Whether the spans share a moment.
    pub fn overlaps(&self, other: &Self) -> bool {
        let begins_before =
            |start: Instant, end: Option<Instant>| end.is_none_or(|end| start < end);
        begins_before(self.start, other.end) && begins_before(other.start, self.end)
    }
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString as _;

    use super::*;

    fn at(millis: u64) -> Instant {
        Instant::from_millis(millis).unwrap()
    }

    fn span(start: u64, end: impl Into<Option<u64>>) -> Period {
        Period::new(at(start), end.into().map(at)).unwrap()
    }

    #[test]
    fn text_has_the_milliseconds_and_the_last_moment_is_of_the_year_9999() {
        assert_eq!(at(0).to_string(), "1970-01-01T00:00:00Z");
        assert_eq!(at(1_769_000_000_120).to_string(), "2026-01-21T12:53:20.12Z");
        assert_eq!(Instant::MAX.to_string(), "9999-12-31T23:59:59.999Z");
        assert_eq!(Instant::from_millis(Instant::MAX.0 + 1), None);
    }

    #[test]
    fn moment_of_a_block_is_cut_to_milliseconds() {
        let of = |seconds, nanos| Instant::of_block(&Timestamp { seconds, nanos }).as_millis();
        assert_eq!(of(1, 999_999), 1_000);
        assert_eq!(of(1, 999_999_999), 1_999);
        assert_eq!(of(-1, 0), 0);
    }

    #[test]
    fn span_holds_its_first_moment_and_not_its_end() {
        let held: alloc::vec::Vec<_> = (0..6).filter(|t| span(2, 4).contains(at(*t))).collect();
        assert_eq!(held, [2, 3]);
        assert!(span(2, None).contains(Instant::MAX));
    }

    #[test]
    fn span_has_a_moment() {
        assert_eq!(Period::new(at(4), Some(at(4))), None);
        assert_eq!(Period::new(at(4), Some(at(3))), None);
        assert!(Period::new(at(4), Some(at(5))).is_some());
    }

    #[test]
    fn spans_cover_and_overlap_as_their_moments_do() {
        let ends = || (1..6).map(Some).chain([None]);
        let spans = || {
            let starts = (0..5).flat_map(move |start| ends().map(move |end| (start, end)));
            starts.filter_map(|(start, end)| Period::new(at(start), end.map(at)))
        };
        // Beyond 6 nothing changes: the moments up to 9 stand for ever.
        let moments = |span: &Period| {
            (0..10).filter(|moment| span.contains(at(*moment))).collect::<alloc::vec::Vec<_>>()
        };
        for (x, y) in spans().flat_map(|x| spans().map(move |y| (x.clone(), y))) {
            let (xs, ys) = (moments(&x), moments(&y));
            assert_eq!(x.overlaps(&y), xs.iter().any(|moment| ys.contains(moment)), "{x:?} {y:?}");
            assert_eq!(x.covers(&y), ys.iter().all(|moment| xs.contains(moment)), "{x:?} {y:?}");
        }
    }
}
