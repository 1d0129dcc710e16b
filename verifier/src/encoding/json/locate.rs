//! Where in a text a value stands, and where the text stops being JSON.

use alloc::{string::ToString as _, vec::Vec};
use core::fmt;

use serde::de::{Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::{fault::Segment, parser::KeySeed};
use crate::encoding::{DecodeError, DecodeProblem};

/// The ranges of the elements of the array under `key` of the outermost object, or of the object
/// under `outer` in it. For values that [`read`](super::read) has accepted; empty if there is no
/// such array.
pub fn elements(bytes: &[u8], outer: Option<&str>, key: &str) -> Vec<core::ops::Range<usize>> {
    let Ok(text) = core::str::from_utf8(bytes) else { return Vec::new() };
    let mut array = Some(text);
    for key in outer.into_iter().chain([key]) {
        array = array.and_then(|text| child(text, &Segment::Key(key.to_string())));
    }
    let Some(array) = array else { return Vec::new() };
    let mut raw: Vec<&RawValue> = Vec::new();
    let mut deserializer = serde_json::Deserializer::from_str(array);
    let elements = Elements(&mut raw);
    if serde::Deserializer::deserialize_any(&mut deserializer, elements).is_err() {
        return Vec::new();
    }
    let range = |element: &RawValue| {
        let start = distance(text, element.get());
        start..start.saturating_add(element.get().len())
    };
    raw.into_iter().map(range).collect()
}

/// Collects the elements of an array as text.
struct Elements<'e, 'a>(&'e mut Vec<&'a RawValue>);

impl<'a> Visitor<'a> for Elements<'_, 'a> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array")
    }

    fn visit_seq<A: SeqAccess<'a>>(self, mut array: A) -> Result<(), A::Error> {
        while let Some(element) = array.next_element()? {
            self.0.push(element);
        }
        Ok(())
    }
}

/// Finds the text of one value inside another.
struct Child<'c, 'a> {
    segment: &'c Segment,
    found: &'c mut Option<&'a RawValue>,
}

impl<'a> Visitor<'a> for Child<'_, 'a> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array or object")
    }

    fn visit_seq<A: SeqAccess<'a>>(self, mut array: A) -> Result<(), A::Error> {
        let mut index: usize = 0;
        while let Some(element) = array.next_element::<&RawValue>()? {
            if *self.segment == Segment::Index(index) {
                *self.found = Some(element);
                return Err(A::Error::custom("found"));
            }
            index = index.saturating_add(1);
        }
        Ok(())
    }

    fn visit_map<A: MapAccess<'a>>(self, mut object: A) -> Result<(), A::Error> {
        while let Some(key) = object.next_key_seed(KeySeed)? {
            let value = object.next_value::<&RawValue>()?;
            if matches!(self.segment, Segment::Key(name) if **name == *key) {
                *self.found = Some(value);
                return Err(A::Error::custom("found"));
            }
        }
        Ok(())
    }
}

fn child<'a>(text: &'a str, segment: &Segment) -> Option<&'a str> {
    let mut found = None;
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let child = Child { segment, found: &mut found };
    // It ends with an error as soon as it found what it seeks; the text after may be broken.
    serde::Deserializer::deserialize_any(&mut deserializer, child).err();
    found.map(RawValue::get)
}

/// The offset of the value at `path`, or of the last value on the way that is there.
pub(super) fn offset_of(text: &str, path: &[Segment]) -> usize {
    let mut current = text.trim_start_matches([' ', '\t', '\n', '\r']);
    for segment in path {
        match child(current, segment) {
            Some(inner) => current = inner,
            None => break,
        }
    }
    distance(text, current)
}

/// Bytes from the start of `outer` to the start of `inner`, which is a part of it.
pub(super) fn distance(outer: &str, inner: &str) -> usize {
    inner.as_ptr().addr().saturating_sub(outer.as_ptr().addr())
}

/// The number that starts at `offset`, as far as it looks like one.
pub(super) fn number_at(text: &str, offset: usize) -> &str {
    let rest = text.get(offset..).unwrap_or_default();
    let is_part = |c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | '.' | 'e' | 'E');
    let end = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
    rest.get(..end).unwrap_or_default()
}

pub(super) fn is_float(number: &str) -> bool {
    number.contains(['.', 'e', 'E'])
}

/// The byte that `serde_json` stumbled over: its column counts bytes from 1.
pub(super) fn error_offset(text: &str, error: &serde_json::Error) -> usize {
    let line = error.line().saturating_sub(1);
    let before: usize = text.split('\n').take(line).map(|l| l.len().saturating_add(1)).sum();
    before.saturating_add(error.column().saturating_sub(1)).min(text.len())
}

pub(super) fn syntax_error(text: &str, error: &serde_json::Error) -> DecodeError {
    if error.is_eof() {
        return DecodeError::new(text.len(), DecodeProblem::Truncated);
    }
    let offset = error_offset(text, error);
    // A number with an exponent that no float holds is a float all the same.
    let head = text.get(..offset).unwrap_or_default();
    let is_part = |c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | '.' | 'e' | 'E');
    let start = head.trim_end_matches(is_part).len();
    let number = number_at(text, start);
    if number.starts_with(|c: char| c == '-' || c.is_ascii_digit())
        && is_float(number)
        && number.ends_with(|c: char| c.is_ascii_digit())
        && !number.contains("--")
    {
        return DecodeError::new(start, DecodeProblem::Float);
    }
    DecodeError::new(offset, DecodeProblem::Syntax)
}
