//! The grammar of `serde_json`, and what is refused besides while it runs.

use alloc::{borrow::Cow, collections::BTreeSet, string::ToString as _, vec::Vec};
use core::fmt;

use serde::de::{DeserializeSeed, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::{
    MAX_DEPTH, MAX_NUMBER, Omitted, Parts, Value,
    fault::{Fault, Segment},
    locate::distance,
};
use crate::{
    encoding::{DecodeProblem, to_u64},
    limits::Limits,
};

pub(super) struct Parser<'p, 'a> {
    pub(super) text: &'a str,
    pub(super) limits: &'p Limits,
    pub(super) parts: Parts<'p>,
    /// Nodes that may still be kept.
    pub(super) nodes: u64,
    pub(super) fault: Option<Fault>,
}

impl Parser<'_, '_> {
    /// Notes a fault and gives the error that unwinds the parser.
    fn refuse<E: serde::de::Error>(&mut self, problem: DecodeProblem, offset: Option<usize>) -> E {
        self.fault = Some(Fault { problem, path: Vec::new(), offset });
        E::custom("refused")
    }

    /// Adds a step to the path while a fault unwinds the parser.
    fn unwind(&mut self, segment: impl FnOnce() -> Segment) {
        if let Some(fault) = &mut self.fault {
            fault.path.push(segment());
        }
    }

    fn count_node<E: serde::de::Error>(&mut self) -> Result<(), E> {
        match self.nodes.checked_sub(1) {
            Some(nodes) => self.nodes = nodes,
            None => return Err(self.refuse(DecodeProblem::Limit("block_transactions"), None)),
        }
        Ok(())
    }
}

pub(super) struct Seed<'s, 'p, 'a> {
    pub(super) parser: &'s mut Parser<'p, 'a>,
    /// Containers around this value.
    pub(super) depth: u64,
    /// Whether the value is part of the result.
    pub(super) keep: bool,
    /// Whether a limit bounds the strings in it.
    pub(super) is_bounded: bool,
}

impl Seed<'_, '_, '_> {
    fn deeper<E: serde::de::Error>(&mut self) -> Result<u64, E> {
        let depth = self.depth.saturating_add(1);
        if depth > self.parser.limits.json_depth.min(MAX_DEPTH) {
            return Err(self.parser.refuse(DecodeProblem::Limit("json_depth"), None));
        }
        Ok(depth)
    }

    fn check_length<E: serde::de::Error>(&mut self, text: &str) -> Result<(), E> {
        if self.is_bounded && to_u64(text.len()) > self.parser.limits.json_string_bytes {
            return Err(self.parser.refuse(DecodeProblem::Limit("json_string_bytes"), None));
        }
        Ok(())
    }

    fn integer<E: serde::de::Error>(self, number: Option<i64>) -> Result<Value<'static>, E> {
        match number.filter(|number| number.unsigned_abs() <= MAX_NUMBER.unsigned_abs()) {
            Some(number) => Ok(Value::Integer(number)),
            None => Err(self.parser.refuse(DecodeProblem::OutOfRange, None)),
        }
    }
}

impl<'a> DeserializeSeed<'a> for Seed<'_, '_, 'a> {
    type Value = Value<'a>;

    fn deserialize<D: serde::Deserializer<'a>>(self, from: D) -> Result<Value<'a>, D::Error> {
        from.deserialize_any(self)
    }
}

impl<'a> Visitor<'a> for Seed<'_, '_, 'a> {
    type Value = Value<'a>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E: serde::de::Error>(self) -> Result<Value<'a>, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E: serde::de::Error>(self, value: bool) -> Result<Value<'a>, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E: serde::de::Error>(self, value: i64) -> Result<Value<'a>, E> {
        self.integer(Some(value))
    }

    fn visit_u64<E: serde::de::Error>(self, value: u64) -> Result<Value<'a>, E> {
        self.integer(i64::try_from(value).ok())
    }

    fn visit_f64<E: serde::de::Error>(self, _: f64) -> Result<Value<'a>, E> {
        Err(self.parser.refuse(DecodeProblem::Float, None))
    }

    fn visit_borrowed_str<E: serde::de::Error>(mut self, value: &'a str) -> Result<Value<'a>, E> {
        self.check_length(value)?;
        Ok(Value::String(Cow::Borrowed(value)))
    }

    fn visit_str<E: serde::de::Error>(mut self, value: &str) -> Result<Value<'a>, E> {
        self.check_length(value)?;
        Ok(if self.keep {
            Value::String(Cow::Owned(value.to_string()))
        } else {
            Value::Omitted(Omitted::Scalar)
        })
    }

    fn visit_seq<A: SeqAccess<'a>>(mut self, mut array: A) -> Result<Value<'a>, A::Error> {
        let depth = self.deeper()?;
        let mut values = Vec::new();
        let mut index: usize = 0;
        loop {
            let seed =
                Seed { parser: self.parser, depth, keep: self.keep, is_bounded: self.is_bounded };
            let value = match array.next_element_seed(seed) {
                Ok(Some(value)) => value,
                Ok(None) => break,
                Err(error) => {
                    self.parser.unwind(|| Segment::Index(index));
                    return Err(error);
                }
            };
            index = index.saturating_add(1);
            if self.keep {
                self.parser.count_node()?;
                values.push(value);
            }
        }
        Ok(if self.keep {
            Value::Array(values)
        } else {
            Value::Omitted(Omitted::Array(to_u64(index)))
        })
    }

    fn visit_map<A: MapAccess<'a>>(mut self, mut object: A) -> Result<Value<'a>, A::Error> {
        let depth = self.deeper()?;
        let mut members: Vec<(Cow<'a, str>, Value<'a>)> = Vec::new();
        let mut keys = Keys::default();
        while let Some(key) = object.next_key_seed(KeySeed)? {
            if to_u64(key.len()) > self.parser.limits.json_string_bytes {
                return Err(self.parser.refuse(DecodeProblem::Limit("json_string_bytes"), None));
            }
            if !keys.insert(&key, &members) {
                let offset = match &key {
                    Cow::Borrowed(key) => Some(distance(self.parser.text, key).saturating_sub(1)),
                    Cow::Owned(_) => None,
                };
                let error = self.parser.refuse(DecodeProblem::DuplicateKey, offset);
                self.parser.unwind(|| Segment::Key(key.to_string()));
                return Err(error);
            }
            // What is dropped still goes through a few nodes at a time: its keys.
            let value = if self.parser.parts.skipped.contains(&&*key) {
                object.next_value_seed(Skip)
            } else {
                let keep = self.keep && !self.parser.parts.dropped.contains(&&*key);
                let is_bounded =
                    self.is_bounded && keep && !self.parser.parts.long.contains(&&*key);
                let seed = Seed { parser: self.parser, depth, keep, is_bounded };
                object.next_value_seed(seed).map(|value| {
                    let is_scalar =
                        matches!(value, Value::Bool(_) | Value::Integer(_) | Value::String(_));
                    if is_scalar && !keep { Value::Omitted(Omitted::Scalar) } else { value }
                })
            };
            let value = match value {
                Ok(value) => value,
                Err(error) => {
                    self.parser.unwind(|| Segment::Key(key.to_string()));
                    return Err(error);
                }
            };
            self.parser.count_node()?;
            members.push((key, value));
        }
        if self.keep {
            return Ok(Value::Object(members));
        }
        // Its nodes are free again.
        self.parser.nodes = self.parser.nodes.saturating_add(to_u64(members.len()));
        Ok(Value::Omitted(Omitted::Object))
    }
}

/// The keys of one object: a list while it is short, a tree when it grows.
#[derive(Default)]
struct Keys<'a> {
    tree: BTreeSet<Cow<'a, str>>,
}

impl<'a> Keys<'a> {
    fn insert(&mut self, key: &str, members: &[(Cow<'a, str>, Value<'a>)]) -> bool {
        if members.len() < 24 {
            return members.iter().all(|(other, _)| other != key);
        }
        // All but those that stand in the tree already: the last one, once there is a tree.
        let known = self.tree.len();
        self.tree.extend(members.iter().skip(known).map(|(other, _)| other.clone()));
        !self.tree.contains(key)
    }
}

pub(super) struct KeySeed;

impl<'a> DeserializeSeed<'a> for KeySeed {
    type Value = Cow<'a, str>;

    fn deserialize<D: serde::Deserializer<'a>>(self, from: D) -> Result<Cow<'a, str>, D::Error> {
        from.deserialize_str(self)
    }
}

impl<'a> Visitor<'a> for KeySeed {
    type Value = Cow<'a, str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_borrowed_str<E: serde::de::Error>(self, key: &'a str) -> Result<Cow<'a, str>, E> {
        Ok(Cow::Borrowed(key))
    }

    fn visit_str<E: serde::de::Error>(self, key: &str) -> Result<Cow<'a, str>, E> {
        Ok(Cow::Owned(key.to_string()))
    }
}

/// Steps over a value and counts the elements of an array.
struct Skip;

impl<'a> DeserializeSeed<'a> for Skip {
    type Value = Value<'a>;

    fn deserialize<D: serde::Deserializer<'a>>(self, from: D) -> Result<Value<'a>, D::Error> {
        from.deserialize_any(self)
    }
}

impl<'a> Visitor<'a> for Skip {
    type Value = Value<'a>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E: serde::de::Error>(self) -> Result<Value<'a>, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E: serde::de::Error>(self, _: bool) -> Result<Value<'a>, E> {
        Ok(Value::Omitted(Omitted::Scalar))
    }

    fn visit_i64<E: serde::de::Error>(self, _: i64) -> Result<Value<'a>, E> {
        Ok(Value::Omitted(Omitted::Scalar))
    }

    fn visit_u64<E: serde::de::Error>(self, _: u64) -> Result<Value<'a>, E> {
        Ok(Value::Omitted(Omitted::Scalar))
    }

    fn visit_f64<E: serde::de::Error>(self, _: f64) -> Result<Value<'a>, E> {
        Ok(Value::Omitted(Omitted::Scalar))
    }

    fn visit_str<E: serde::de::Error>(self, _: &str) -> Result<Value<'a>, E> {
        Ok(Value::Omitted(Omitted::Scalar))
    }

    fn visit_seq<A: SeqAccess<'a>>(self, mut array: A) -> Result<Value<'a>, A::Error> {
        let mut count: u64 = 0;
        while array.next_element::<IgnoredAny>()?.is_some() {
            count = count.saturating_add(1);
        }
        Ok(Value::Omitted(Omitted::Array(count)))
    }

    fn visit_map<A: MapAccess<'a>>(self, mut object: A) -> Result<Value<'a>, A::Error> {
        while object.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Value::Omitted(Omitted::Object))
    }
}

#[cfg(test)]
mod tests {
    use alloc::{format, string::String};

    use super::*;
    use crate::encoding::json::{
        read,
        tests::{parse, refused},
    };

    #[test]
    fn numbers_that_readers_hold_differently_are_refused() {
        assert_eq!(parse("9007199254740991"), Ok(Value::Integer(MAX_NUMBER)));
        assert_eq!(parse("-9007199254740991"), Ok(Value::Integer(-MAX_NUMBER)));
        for text in
            ["9007199254740992", "9007199254740993", "-9007199254740993", "1".repeat(40).as_str()]
        {
            assert_eq!(refused(&format!("[1,{text}]")), (DecodeProblem::OutOfRange, 3), "{text}");
        }
        for text in ["1.0", "0.5", "1e2", "1E400", "-1E400", "-1.5e-3", "1e-400"] {
            assert_eq!(refused(&format!("[1,{text}]")), (DecodeProblem::Float, 3), "{text}");
        }
        for text in [".5", "+1.5", "e5", "E+400"] {
            assert_eq!(refused(&format!("[1,{text}]")), (DecodeProblem::Syntax, 3), "{text}");
        }
        assert_eq!(refused("-0"), (DecodeProblem::OutOfRange, 0));
    }

    #[test]
    fn duplicate_keys_are_found_at_any_depth_and_number() {
        assert_eq!(refused(r#"{"a":{"b":1,"b":2}}"#), (DecodeProblem::DuplicateKey, 12));
        // Spelled differently, it is the same key; then the offset is that of the first.
        assert_eq!(refused(r#"{"a":1,"\u0061":2}"#).0, DecodeProblem::DuplicateKey);
        let many = |n: usize| {
            let members: Vec<String> = (0..n).map(|i| format!("\"k{i}\":0,")).collect();
            members.concat()
        };
        for n in [1, 23, 24, 25, 26, 500] {
            for twice in [0, n / 2, n - 1] {
                let head = format!("{{{}", many(n));
                let text = format!("{head}\"k{twice}\":1}}");
                assert_eq!(refused(&text), (DecodeProblem::DuplicateKey, to_u64(head.len())));
            }
            assert!(parse(&format!("{{{}\"z\":1}}", many(n))).is_ok());
        }
    }

    #[test]
    fn dropped_values_are_as_strict_and_skipped_ones_are_not_read() {
        let parts = Parts { dropped: &["d"], skipped: &["s"], long: &[] };
        let read = |text: &'static str| {
            read(text.as_bytes(), &Limits::default(), parts, |value| Ok(value.clone()))
        };
        let expected = Value::Object(alloc::vec![
            ("d".into(), Value::Omitted(Omitted::Array(2))),
            ("s".into(), Value::Omitted(Omitted::Array(3))),
        ]);
        assert_eq!(read(r#"{"d":[{"x":1},"y"],"s":[1.5,{"a":1,"a":2},[]]}"#), Ok(expected));
        for text in [r#"{"d":{"x":[1.5]}}"#, r#"{"d":[{"x":1,"x":2}]}"#, r#"{"s":[1,]}"#] {
            assert!(read(text).is_err(), "{text}");
        }
        let error = read(r#"{"d":{"x":[1.5]}}"#).unwrap_err();
        assert_eq!((error.offset, error.path.as_str()), (11, "d.x[0]"));
    }

    #[test]
    fn values_that_are_left_out_keep_their_type() {
        let parts = Parts { dropped: &["d"], skipped: &["s"], long: &[] };
        for (text, expected) in [
            ("null", Value::Null),
            ("true", Value::Omitted(Omitted::Scalar)),
            ("-7", Value::Omitted(Omitted::Scalar)),
            (r#""a""#, Value::Omitted(Omitted::Scalar)),
            (r#""\n""#, Value::Omitted(Omitted::Scalar)),
            ("[]", Value::Omitted(Omitted::Array(0))),
            (r#"[null,"\n",{"a":[1,2,3]}]"#, Value::Omitted(Omitted::Array(3))),
            ("{}", Value::Omitted(Omitted::Object)),
            (r#"{"a":[],"b":1}"#, Value::Omitted(Omitted::Object)),
        ] {
            for key in ["d", "s"] {
                let text = format!("{{\"{key}\":{text}}}");
                let found = read(text.as_bytes(), &Limits::default(), parts, |value| {
                    value.object()?.required(key, |value| Ok(value.clone()))
                });
                assert_eq!(found, Ok(expected.clone()), "{text}");
            }
        }
    }

    #[test]
    fn nesting_is_bounded_by_the_limits_and_by_the_stack() {
        let nested = |n: usize| format!("{}{}", "[".repeat(n), "]".repeat(n));
        assert!(parse(&nested(64)).is_ok());
        assert_eq!(refused(&nested(65)), (DecodeProblem::Limit("json_depth"), 64));
        assert_eq!(refused(&nested(100_000)), (DecodeProblem::Limit("json_depth"), 64));
        let limits = Limits { json_depth: u64::MAX, ..Limits::default() };
        let bomb = nested(100_000);
        let error = read(bomb.as_bytes(), &limits, Parts::default(), |_| Ok(())).unwrap_err();
        assert_eq!((error.problem, error.offset), (DecodeProblem::Limit("json_depth"), MAX_DEPTH));
    }

    #[test]
    fn strings_are_bounded_unless_their_key_says_otherwise() {
        let limits = Limits { json_string_bytes: 4, ..Limits::default() };
        let parts = Parts { dropped: &["d"], skipped: &["s"], long: &["l"] };
        let read = |text: &str| {
            let error = read(text.as_bytes(), &limits, parts, |_| Ok(())).err()?;
            Some((error.problem, error.offset, error.path))
        };
        let limit = DecodeProblem::Limit("json_string_bytes");
        for (text, offset, path) in [
            (r#"["1234","12345"]"#, 8, "[1]"),
            (r#"{"a":[{"b":"12345"}]}"#, 11, "a[0].b"),
            // Escapes count as what they stand for.
            (r#"{"a":"1234\n"}"#, 5, "a"),
            (r#"{"l":"12345","a":"12345"}"#, 17, "a"),
            (r#"{"12345":1}"#, 0, ""),
            (r#"{"d":{"12345":1}}"#, 5, "d"),
        ] {
            assert_eq!(read(text), Some((limit, offset, path.to_string())), "{text}");
        }
        for text in [
            r#"{"a":"\u00e9\u00e9"}"#,
            r#"{"1234":1}"#,
            r#"{"l":"12345"}"#,
            r#"{"l":[{"a":["12345","12345\n"]}]}"#,
            r#"{"d":"12345"}"#,
            r#"{"d":[{"a":["12345","12345\n"]}]}"#,
            r#"{"s":["12345"]}"#,
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn nodes_are_bounded() {
        let limits = Limits { block_transactions: 10, ..Limits::default() };
        let text = format!("[{}0]", "0,".repeat(100_020));
        let error = read(text.as_bytes(), &limits, Parts::default(), |_| Ok(())).unwrap_err();
        assert_eq!(error.problem, DecodeProblem::Limit("block_transactions"));
        let dropped = format!("{{\"a\":{text}}}");
        let parts = Parts { dropped: &["a"], ..Parts::default() };
        assert_eq!(read(dropped.as_bytes(), &limits, parts, |_| Ok(())), Ok(()));
    }

    #[test]
    fn lone_surrogates_and_control_characters_are_refused() {
        for text in [r#""\ud800""#, r#""\ud800x""#, r#""\udc00""#, r#""\ud800\u0041""#, "\"\t\""] {
            assert_eq!(refused(text).0, DecodeProblem::Syntax, "{text}");
        }
        assert_eq!(refused(r#""\u12zz""#).0, DecodeProblem::Syntax);
    }
}
