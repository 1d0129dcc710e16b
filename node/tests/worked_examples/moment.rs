//! Moments and spans as FHIR writes them.

use vidimus::{
    encoding::time::Timestamp,
    record::instant::{Instant, Period},
};

use crate::build::at;

const MINUTE: u64 = 60_000;
const DAY: u64 = 1_440 * MINUTE;

/// Start and end as FHIR has them: the end lies in the span.
pub(crate) type Span = (Option<&'static str>, Option<&'static str>);

/// The first moment of a day or time: `2022-06-13`, `2016-06-23T17:02:33+10:00`. Days are those of UTC.
pub(crate) fn first(text: &str) -> Instant {
    let Some((_, clock)) = text.split_once('T') else {
        return first(&format!("{text}T00:00:00Z"));
    };
    let Some(sign) = clock.find(['+', '-']) else {
        return Instant::of_block(&Timestamp::parse(text).unwrap());
    };
    let (local, offset) = text.split_at(text.len() - clock.len() + sign);
    let (hours, minutes) = offset.trim_start_matches(['+', '-']).split_once(':').unwrap();
    let number = |text: &str| text.parse::<u64>().unwrap();
    let offset_millis = (number(hours) * 60 + number(minutes)) * MINUTE;
    let local = first(&format!("{local}Z")).as_millis();
    at(if offset.starts_with('+') { local - offset_millis } else { local + offset_millis })
}

/// The first moment that lies no longer in a day; of a time, that time.
fn past(text: &str) -> Instant {
    let length = if text.contains('T') { 0 } else { DAY };
    first(text).saturating_add(length)
}

/// A span of FHIR as one of records. One that has no start begins at `default`.
pub(crate) fn period((start, end): Span, default: &str) -> Period {
    Period::new(first(start.unwrap_or(default)), end.map(past)).unwrap()
}

#[test]
fn ends_of_days_lie_in_the_span_and_times_are_those_of_their_zone() {
    let of_2022 = period((Some("2022-01-01"), Some("2022-12-31")), "2022-06-13");
    assert!(of_2022.contains(first("2022-12-31T23:59:59.999Z")));
    assert!(!of_2022.contains(first("2023-01-01")));
    assert_eq!(first("2016-06-23T17:02:33+10:00"), first("2016-06-23T07:02:33Z"));
    assert_eq!(first("2016-05-26T00:41:10-04:00"), first("2016-05-26T04:41:10Z"));
}
