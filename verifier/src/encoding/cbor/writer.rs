//! Writes data items.

use alloc::vec::Vec;
use core::convert::Infallible;

use minicbor::{Encoder, data::Tag, encode::Error};

use super::Value;

/// The bytes that `body` writes.
pub(crate) fn write(
    body: impl FnOnce(&mut Encoder<&mut Vec<u8>>) -> Result<(), Error<Infallible>>,
) -> Vec<u8> {
    let mut writer = Writer::default();
    writer.write(body);
    writer.bytes
}

/// Room for nearly every entry of the state, so that it is not grown byte by byte.
const SMALL: usize = 128;

/// Writes data items with their shortest heads.
#[derive(Debug)]
pub struct Writer {
    bytes: Vec<u8>,
}

impl Default for Writer {
    fn default() -> Self {
        Self::with_capacity(0)
    }
}

impl Writer {
    /// With room for what is to be written, if its length is about known.
    pub fn with_capacity(bytes: usize) -> Self {
        Self { bytes: Vec::with_capacity(bytes.max(SMALL)) }
    }

    /// What was written.
    pub fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    /// An unsigned integer.
    pub fn uint(&mut self, value: u64) {
        self.write(|e| e.u64(value).map(drop));
    }

    /// An integer.
    pub fn int(&mut self, value: i64) {
        self.write(|e| e.i64(value).map(drop));
    }

    /// A byte string.
    pub fn bytes(&mut self, value: &[u8]) {
        self.write(|e| e.bytes(value).map(drop));
    }

    /// A text string.
    pub fn text(&mut self, value: &str) {
        self.write(|e| e.str(value).map(drop));
    }

    /// A truth value.
    pub fn bool(&mut self, value: bool) {
        self.write(|e| e.bool(value).map(drop));
    }

    /// The head of an array of this many elements.
    pub fn elements(&mut self, count: u64) {
        self.write(|e| e.array(count).map(drop));
    }

    /// The head of a map of this many entries.
    pub fn entries(&mut self, count: u64) {
        self.write(|e| e.map(count).map(drop));
    }

    /// A tag.
    pub fn tag(&mut self, tag: u64) {
        self.write(|e| e.tag(Tag::new(tag)).map(drop));
    }

    /// An entry of a map, unless its value is the one that a missing entry stands for.
    pub(crate) fn entry<T: Value>(&mut self, key: u64, value: &T) {
        if !value.is_absent() {
            self.uint(key);
            value.encode(self);
        }
    }

    fn write(
        &mut self,
        body: impl FnOnce(&mut Encoder<&mut Vec<u8>>) -> Result<(), Error<Infallible>>,
    ) {
        // Writing into a vector cannot fail: its error type has no value.
        let written = body(&mut Encoder::new(&mut self.bytes));
        debug_assert!(written.is_ok(), "a vector takes every byte");
    }
}
