//! Strict JSON: RFC 8259 without the freedoms that let two readers read one text differently.
//!
//! [`read`] parses one value with `serde_json`'s grammar and refuses besides: a key that stands
//! twice in one object, numbers that are not integers of at most 53 bits (RFC 7493 §2.2: what
//! every reader holds exactly; CometBFT spells 64-bit numbers as strings), nesting, keys, strings and
//! node counts above the limits, and bytes after the value. Decoders then take the [`Value`] apart;
//! what they refuse comes back as a [`Fault`] with the field path. Offsets cost nothing until
//! something is wrong: only then is the text walked again to find the byte.

mod fault;
mod locate;
mod object;
mod parser;
mod value;

use serde::de::DeserializeSeed as _;

pub use fault::Fault;
pub use locate::elements;
pub use object::Object;
pub use value::{Omitted, Value};

use locate::{error_offset, syntax_error};
use parser::{Parser, Seed};

use super::{DecodeError, DecodeProblem};
use crate::limits::Limits;

/// Largest magnitude of a JSON number: 2^53 − 1.
pub const MAX_NUMBER: i64 = 9_007_199_254_740_991;

/// Deepest nesting that the parser itself can follow, whatever the limits say.
pub const MAX_DEPTH: u64 = 120;

/// Which values are left out of the result, by the key they stand under at any depth.
#[derive(Clone, Copy, Debug, Default)]
pub struct Parts<'k> {
    /// Keys whose values are parsed as strictly as the rest and then dropped. Their strings may be
    /// of any length.
    pub dropped: &'k [&'k str],
    /// Keys whose values are stepped over: only the grammar is checked, later reading must be strict.
    pub skipped: &'k [&'k str],
    /// Keys whose strings, at any depth below, may be longer than `limits.json_string_bytes`.
    pub long: &'k [&'k str],
}

/// Parses one value, which must fill `bytes` but for white space, and takes it apart with `body`.
///
/// # Errors
/// [`DecodeError`] with the offset in `bytes` and the path from the outermost value: every
/// deviation from the grammar, what the module refuses besides, and the faults of `body`.
///
/// # Cost
/// O(n) time; memory for the nodes that are kept, at most twice `limits.block_transactions` and
/// a hundred thousand.
pub fn read<'a, T>(
    bytes: &'a [u8],
    limits: &Limits,
    parts: Parts<'_>,
    body: impl FnOnce(&Value<'a>) -> Result<T, Fault>,
) -> Result<T, DecodeError> {
    let text = match core::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => return Err(DecodeError::new(error.valid_up_to(), DecodeProblem::Text)),
    };
    let nodes = limits.block_transactions.saturating_mul(2).saturating_add(100_000);
    let mut parser = Parser { text, limits, parts, nodes, fault: None };
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let seed = Seed { parser: &mut parser, depth: 0, keep: true, is_bounded: true };
    let parsed = seed.deserialize(&mut deserializer);
    if let Some(fault) = parser.fault {
        return Err(fault.into_error(text));
    }
    let value = parsed.map_err(|error| syntax_error(text, &error))?;
    if let Err(error) = deserializer.end() {
        let offset = error_offset(text, &error);
        return Err(DecodeError::new(offset, DecodeProblem::TrailingBytes));
    }
    body(&value).map_err(|fault| fault.into_error(text))
}

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;

    use super::*;

    pub(super) fn parse(text: &str) -> Result<Value<'_>, DecodeError> {
        read(text.as_bytes(), &Limits::default(), Parts::default(), |value| Ok(value.clone()))
    }

    pub(super) fn refused(text: &str) -> (DecodeProblem, u64) {
        let error = parse(text).unwrap_err();
        (error.problem, error.offset)
    }

    #[test]
    fn values_of_every_type_are_read() {
        let value = parse(r#"{"a":[null,true,-5,"x\u00e9\ud83d\ude00"],"b":{}}"#).unwrap();
        let expected = Value::Object(alloc::vec![
            (
                "a".into(),
                Value::Array(alloc::vec![
                    Value::Null,
                    Value::Bool(true),
                    Value::Integer(-5),
                    Value::String("x\u{e9}\u{1f600}".into()),
                ])
            ),
            ("b".into(), Value::Object(Vec::new())),
        ]);
        assert_eq!(value, expected);
    }

    #[test]
    fn bytes_after_the_value_are_refused_where_they_start() {
        assert_eq!(refused("[1] \n x"), (DecodeProblem::TrailingBytes, 6));
        assert_eq!(refused("1 2"), (DecodeProblem::TrailingBytes, 2));
        assert_eq!(refused(""), (DecodeProblem::Truncated, 0));
        assert_eq!(refused("\u{feff}1"), (DecodeProblem::Syntax, 0));
    }
}
