//! What a decoder refuses about a value, and the way to it.

use alloc::{
    string::{String, ToString as _},
    vec::Vec,
};

use super::locate::{is_float, number_at, offset_of};
use crate::encoding::{DecodeError, DecodeProblem, to_u64};

/// One step from a value to a value inside it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum Segment {
    Key(String),
    Index(usize),
}

/// What is wrong with a value, and on which path.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Fault {
    pub(super) problem: DecodeProblem,
    /// Innermost first.
    pub(super) path: Vec<Segment>,
    /// Offset in the text, where the path alone would not find it.
    pub(super) offset: Option<usize>,
}

impl From<DecodeProblem> for Fault {
    fn from(problem: DecodeProblem) -> Self {
        Self { problem, path: Vec::new(), offset: None }
    }
}

impl Fault {
    /// The same fault one object further out.
    #[must_use]
    pub fn within(mut self, key: &str) -> Self {
        self.path.push(Segment::Key(key.to_string()));
        self
    }

    /// The same fault one array further out.
    #[must_use]
    pub fn at(mut self, index: usize) -> Self {
        self.path.push(Segment::Index(index));
        self
    }

    pub(super) fn into_error(mut self, text: &str) -> DecodeError {
        self.path.reverse();
        let offset = self.offset.unwrap_or_else(|| offset_of(text, &self.path));
        if self.problem == DecodeProblem::Float && !is_float(number_at(text, offset)) {
            // A whole number that no machine integer holds; or minus zero.
            self.problem = DecodeProblem::OutOfRange;
        }
        let mut path = String::new();
        for segment in &self.path {
            match segment {
                Segment::Key(key) if path.is_empty() => path.push_str(key),
                Segment::Key(key) => {
                    path.push('.');
                    path.push_str(key);
                }
                Segment::Index(index) => {
                    path.push('[');
                    path.push_str(&index.to_string());
                    path.push(']');
                }
            }
        }
        DecodeError { offset: to_u64(offset), path, problem: self.problem }
    }
}
