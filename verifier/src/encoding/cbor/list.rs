//! Lists with bounds.

use alloc::{format, vec::Vec};
use core::ops::Deref;

use serde::{Serialize, Serializer};

use super::{Reader, Value, Writer};
use crate::encoding::{DecodeError, DecodeProblem, to_u64};

/// Values that room is made for before they are read.
const AHEAD: usize = 32;

/// A list of at least `MIN` and at most `MAX` values. Where it may be empty, an empty one is left out
/// of the map that would hold it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct List<T, const MIN: usize, const MAX: usize>(Vec<T>);

impl<T, const MIN: usize, const MAX: usize> List<T, MIN, MAX> {
    /// The list of these values, or `None` for too few or too many.
    pub fn new(values: Vec<T>) -> Option<Self> {
        (MIN..=MAX).contains(&values.len()).then_some(Self(values))
    }

    /// The values.
    pub fn into_vec(self) -> Vec<T> {
        self.0
    }
}

impl<T, const MAX: usize> Default for List<T, 0, MAX> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T, const MIN: usize, const MAX: usize> Deref for List<T, MIN, MAX> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.0
    }
}

impl<T: Serialize, const MIN: usize, const MAX: usize> Serialize for List<T, MIN, MAX> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<T: Value, const MIN: usize, const MAX: usize> Value for List<T, MIN, MAX> {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let start = reader.offset();
        let fault = |problem| Err(DecodeError::new(start, problem));
        let count = reader.elements()?;
        if count > to_u64(MAX) {
            return fault(DecodeProblem::TooMany(to_u64(MAX)));
        }
        if count < to_u64(MIN) {
            return fault(DecodeProblem::Length);
        }
        if count == 0 {
            return fault(DecodeProblem::NotCanonical);
        }
        // Grows with what is read: a count is a claim, and believed only so far.
        let claimed = usize::try_from(count).unwrap_or(AHEAD);
        let mut values = Vec::with_capacity(claimed.min(AHEAD));
        for index in 0..count {
            let value = T::decode(reader).map_err(|e| e.within(&format!("[{index}]")))?;
            values.push(value);
        }
        Ok(Self(values))
    }

    fn encode(&self, writer: &mut Writer) {
        writer.elements(to_u64(self.0.len()));
        for value in &self.0 {
            value.encode(writer);
        }
    }

    fn absent() -> Option<Self> {
        (MIN == 0).then(|| Self(Vec::new()))
    }

    fn is_absent(&self) -> bool {
        self.0.is_empty()
    }
}
