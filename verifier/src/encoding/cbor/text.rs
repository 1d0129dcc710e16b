//! Text with a bound.

use alloc::{borrow::ToOwned as _, string::String};
use core::{fmt, ops::Deref};

use serde::{Serialize, Serializer};

use super::{Reader, Value, Writer};
use crate::encoding::{DecodeError, DecodeProblem, to_u64};

/// UTF-8 text of 1 to `MAX` bytes without control characters.
///
/// Text may still deceive the eye (other directions, no width, look-alikes): whoever shows it makes
/// such characters visible.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Text<const MAX: usize>(String);

impl<const MAX: usize> Text<MAX> {
    /// The text, or `None` if it is empty, too long or holds control characters.
    pub fn new(text: &str) -> Option<Self> {
        Self::check(text).ok().map(|()| Self(text.to_owned()))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn check(text: &str) -> Result<(), DecodeProblem> {
        if text.len() > MAX {
            Err(DecodeProblem::TooMany(to_u64(MAX)))
        } else if text.is_empty() {
            Err(DecodeProblem::Length)
        } else if text.chars().any(char::is_control) {
            Err(DecodeProblem::Text)
        } else {
            Ok(())
        }
    }
}

impl<const MAX: usize> Deref for Text<MAX> {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl<const MAX: usize> fmt::Display for Text<MAX> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<const MAX: usize> Serialize for Text<MAX> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<const MAX: usize> Value for Text<MAX> {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let start = reader.offset();
        let text = reader.text()?;
        Self::check(text).map_err(|problem| DecodeError::new(start, problem))?;
        Ok(Self(text.to_owned()))
    }

    fn encode(&self, writer: &mut Writer) {
        writer.text(&self.0);
    }
}
