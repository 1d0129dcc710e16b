//! Lists that ascend.

use alloc::{format, vec::Vec};
use core::ops::Deref;

use serde::{Serialize, Serializer};

use super::{List, Reader, Value, Writer};
use crate::encoding::{DecodeError, DecodeProblem};

/// A list of at least `MIN` and at most `MAX` different values in ascending order: one encoding for
/// one set.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Set<T, const MIN: usize, const MAX: usize>(List<T, MIN, MAX>);

impl<T: Ord, const MIN: usize, const MAX: usize> Set<T, MIN, MAX> {
    /// The set of these values, or `None` for too few or too many.
    pub fn new(mut values: Vec<T>) -> Option<Self> {
        values.sort_unstable();
        values.dedup();
        List::new(values).map(Self)
    }

    /// Whether `value` is in the set.
    ///
    /// # Cost
    /// O(log n) comparisons.
    pub fn has(&self, value: &T) -> bool {
        self.binary_search(value).is_ok()
    }
}

impl<T, const MAX: usize> Default for Set<T, 0, MAX> {
    fn default() -> Self {
        Self(List::default())
    }
}

impl<T, const MIN: usize, const MAX: usize> Deref for Set<T, MIN, MAX> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.0
    }
}

impl<T: Serialize, const MIN: usize, const MAX: usize> Serialize for Set<T, MIN, MAX> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<T: Value + Ord, const MIN: usize, const MAX: usize> Value for Set<T, MIN, MAX> {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let start = reader.offset();
        let list = List::<T, MIN, MAX>::decode(reader)?;
        let descent = list.iter().zip(list.iter().skip(1)).position(|(a, b)| a >= b);
        match descent {
            Some(index) => Err(DecodeError::new(start, DecodeProblem::NotCanonical)
                .within(&format!("[{}]", index.saturating_add(1)))),
            None => Ok(Self(list)),
        }
    }

    fn encode(&self, writer: &mut Writer) {
        self.0.encode(writer);
    }

    fn absent() -> Option<Self> {
        List::absent().map(Self)
    }

    fn is_absent(&self) -> bool {
        self.0.is_absent()
    }
}
