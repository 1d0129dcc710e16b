//! JSON as Go's encoder writes it, for answers whose keys have an order.

use std::fmt::{Display, Write as _};

use vidimus::encoding::hex::Hash;

/// An object in the making.
#[derive(Debug)]
pub(super) struct Object(String);

impl Object {
    pub(super) fn new() -> Self {
        Self(String::from("{"))
    }

    /// A member whose value is JSON already.
    pub(super) fn raw(mut self, key: &str, value: impl Display) -> Self {
        if self.0.len() > 1 {
            self.0.push(',');
        }
        // Writing to a string cannot fail.
        let written = write!(self.0, r#""{key}":{value}"#);
        debug_assert!(written.is_ok(), "a string takes every character");
        self
    }

    /// A member whose value is text that needs no escapes: digits, hex, base64, a time.
    pub(super) fn plain(self, key: &str, value: impl Display) -> Self {
        self.raw(key, format_args!(r#""{value}""#))
    }

    /// A member whose value is any text.
    pub(super) fn text(self, key: &str, value: &str) -> Self {
        self.raw(key, text(value))
    }

    /// A hash in upper-case hex, or the empty text.
    pub(super) fn hash(self, key: &str, hash: Option<Hash>) -> Self {
        match hash {
            Some(hash) => self.plain(key, hash),
            None => self.plain(key, ""),
        }
    }

    /// Bytes in base64, or null for none.
    pub(super) fn bytes(self, key: &str, bytes: &[u8]) -> Self {
        if bytes.is_empty() { self.raw(key, "null") } else { self.plain(key, base64(bytes)) }
    }

    pub(super) fn end(mut self) -> String {
        self.0.push('}');
        self.0
    }
}

/// An array of JSON values.
pub(super) fn array(values: impl IntoIterator<Item = String>) -> String {
    let mut array = String::from("[");
    for value in values {
        if array.len() > 1 {
            array.push(',');
        }
        array.push_str(&value);
    }
    array.push(']');
    array
}

/// An array, or null if it is empty: a nil slice of Go.
pub(super) fn array_or_null(values: impl IntoIterator<Item = String>) -> String {
    let array = array(values);
    if array == "[]" { "null".to_owned() } else { array }
}

/// Bytes in standard base64.
pub(super) fn base64(bytes: &[u8]) -> String {
    data_encoding::BASE64.encode(bytes)
}

/// Text with Go's escapes, those for HTML included.
pub(super) fn text(value: &str) -> String {
    let mut text = String::from("\"");
    for character in value.chars() {
        match character {
            '"' => text.push_str("\\\""),
            '\\' => text.push_str("\\\\"),
            '\n' => text.push_str("\\n"),
            '\r' => text.push_str("\\r"),
            '\t' => text.push_str("\\t"),
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' | '\0'..='\u{1f}' => {
                let written = write!(text, "\\u{:04x}", u32::from(character));
                debug_assert!(written.is_ok(), "a string takes every character");
            }
            _ => text.push(character),
        }
    }
    text.push('"');
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_escaped_as_go_does() {
        assert_eq!(text("a<b>\"\\\u{1}\u{e9}"), "\"a\\u003cb\\u003e\\\"\\\\\\u0001\u{e9}\"");
    }

    #[test]
    fn empty_slices_are_null_where_go_has_none() {
        assert_eq!(array_or_null(Vec::new()), "null");
        assert_eq!(array(["1".to_owned(), "2".to_owned()]), "[1,2]");
        assert_eq!(Object::new().bytes("a", &[]).hash("b", None).end(), r#"{"a":null,"b":""}"#);
    }
}
