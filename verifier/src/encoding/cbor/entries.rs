//! Reads the entries of maps.

use super::{Reader, Value};
use crate::encoding::{DecodeError, DecodeProblem};

/// Reads the entries of one map.
#[derive(Debug)]
pub(crate) struct Entries<'r, 'a> {
    reader: &'r mut Reader<'a>,
    start: usize,
    remaining: u64,
    /// The key last read, and where it stands, until its entry is taken.
    pending: Option<(u64, usize)>,
    last: Option<u64>,
}

impl<'r, 'a> Entries<'r, 'a> {
    pub(crate) fn new(reader: &'r mut Reader<'a>) -> Result<Self, DecodeError> {
        let start = reader.offset();
        let remaining = reader.entries()?;
        Ok(Self { reader, start, remaining, pending: None, last: None })
    }

    /// The value of `key`; keys are asked for in ascending order.
    pub(crate) fn entry<T: Value>(&mut self, key: u64, name: &str) -> Result<T, DecodeError> {
        match self.peek()? {
            Some((found, _)) if found == key => {
                self.pending = None;
                T::decode(self.reader).map_err(|error| error.within(name))
            }
            Some((found, at)) if found < key => {
                Err(DecodeError::new(at, DecodeProblem::UnknownField(found)))
            }
            Some(_) | None => T::absent()
                .ok_or_else(|| DecodeError::new(self.start, DecodeProblem::Missing).within(name)),
        }
    }

    /// Refuses the map for what its entries are together.
    pub(crate) fn check(&self, checked: Result<(), DecodeProblem>) -> Result<(), DecodeError> {
        checked.map_err(|problem| DecodeError::new(self.start, problem))
    }

    /// Checks that every entry was asked for.
    pub(crate) fn end(mut self) -> Result<(), DecodeError> {
        match self.peek()? {
            Some((key, at)) => Err(DecodeError::new(at, DecodeProblem::UnknownField(key))),
            None => Ok(()),
        }
    }

    /// > The keys in every map MUST be sorted in the bytewise lexicographic order of their
    /// > deterministic encodings.
    ///
    /// RFC 8949 §4.2.1; of unsigned keys, ascending. A key that stands twice does not ascend.
    fn peek(&mut self) -> Result<Option<(u64, usize)>, DecodeError> {
        if self.pending.is_none() && self.remaining > 0 {
            let at = self.reader.offset();
            let key = self.reader.uint()?;
            if self.last.is_some_and(|last| key <= last) {
                return Err(DecodeError::new(at, DecodeProblem::NotCanonical));
            }
            self.remaining = self.remaining.saturating_sub(1);
            self.last = Some(key);
            self.pending = Some((key, at));
        }
        Ok(self.pending)
    }
}
