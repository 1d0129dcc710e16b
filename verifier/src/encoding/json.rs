//! Strict JSON: RFC 8259 without the freedoms that let two readers read one text differently.
//!
//! [`read`] parses one value with `serde_json`'s grammar and refuses besides: a key that stands
//! twice in one object, numbers that are not integers of at most 53 bits (RFC 7493 §2.2: what
//! every reader holds exactly; CometBFT spells 64-bit numbers as strings), nesting, keys and node
//! counts above the limits, and bytes after the value. Decoders then take the [`Value`] apart;
//! what they refuse comes back as a [`Fault`] with the field path. Offsets cost nothing until
//! something is wrong: only then is the text walked again to find the byte.

use alloc::{
    borrow::Cow,
    collections::BTreeSet,
    string::{String, ToString as _},
    vec::Vec,
};
use core::fmt;

use base64::{DecodeError as Base64Error, Engine as _, engine::general_purpose::STANDARD};
use serde::de::{DeserializeSeed, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::{
    DecodeError, DecodeProblem,
    hex::{Address, Hash},
    time::Timestamp,
    to_u64,
};
use crate::limits::Limits;

/// Largest magnitude of a JSON number: 2^53 − 1.
pub const MAX_NUMBER: i64 = 9_007_199_254_740_991;

/// Deepest nesting that the parser itself can follow, whatever the limits say.
pub const MAX_DEPTH: u64 = 120;

/// A parsed value. Objects keep their order and have no key twice.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Value<'a> {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number, at most [`MAX_NUMBER`] in magnitude.
    Integer(i64),
    /// A string.
    String(Cow<'a, str>),
    /// An array.
    Array(Vec<Self>),
    /// An object.
    Object(Vec<(Cow<'a, str>, Self)>),
    /// The value of a key that [`Parts`] leaves out, and the number of its elements if it is an array.
    Omitted(u64),
}

/// Which values are left out of the result, by the key they stand under at any depth.
#[derive(Clone, Copy, Debug, Default)]
pub struct Parts<'k> {
    /// Keys whose values are parsed as strictly as the rest and then dropped.
    pub dropped: &'k [&'k str],
    /// Keys whose values are stepped over: only the grammar is checked, later reading must be strict.
    pub skipped: &'k [&'k str],
}

/// One step from a value to a value inside it.
#[derive(Clone, Debug, Eq, PartialEq)]
enum Segment {
    Key(String),
    Index(usize),
}

/// What is wrong with a value, and on which path.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Fault {
    problem: DecodeProblem,
    /// Innermost first.
    path: Vec<Segment>,
    /// Offset in the text, where the path alone would not find it.
    offset: Option<usize>,
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

    fn into_error(mut self, text: &str) -> DecodeError {
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
    let seed = Seed { parser: &mut parser, depth: 0, keep: true };
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

/// The ranges of the elements of the array under `key` of the outermost object, or of the object
/// under `outer` in it. For values that [`read`] has accepted; empty if there is no such array.
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

struct Parser<'p, 'a> {
    text: &'a str,
    limits: &'p Limits,
    parts: Parts<'p>,
    /// Nodes that may still be kept.
    nodes: u64,
    fault: Option<Fault>,
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
            None => return Err(self.refuse(DecodeProblem::Limit, None)),
        }
        Ok(())
    }
}

struct Seed<'s, 'p, 'a> {
    parser: &'s mut Parser<'p, 'a>,
    /// Containers around this value.
    depth: u64,
    /// Whether the value is part of the result.
    keep: bool,
}

impl Seed<'_, '_, '_> {
    fn deeper<E: serde::de::Error>(&mut self) -> Result<u64, E> {
        let depth = self.depth.saturating_add(1);
        if depth > self.parser.limits.json_depth.min(MAX_DEPTH) {
            return Err(self.parser.refuse(DecodeProblem::Limit, None));
        }
        Ok(depth)
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

    fn visit_borrowed_str<E: serde::de::Error>(self, value: &'a str) -> Result<Value<'a>, E> {
        Ok(Value::String(Cow::Borrowed(value)))
    }

    fn visit_str<E: serde::de::Error>(self, value: &str) -> Result<Value<'a>, E> {
        Ok(if self.keep { Value::String(Cow::Owned(value.to_string())) } else { Value::Null })
    }

    fn visit_seq<A: SeqAccess<'a>>(mut self, mut array: A) -> Result<Value<'a>, A::Error> {
        let depth = self.deeper()?;
        let mut values = Vec::new();
        let mut index: usize = 0;
        loop {
            let seed = Seed { parser: self.parser, depth, keep: self.keep };
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
        Ok(if self.keep { Value::Array(values) } else { Value::Omitted(to_u64(index)) })
    }

    fn visit_map<A: MapAccess<'a>>(mut self, mut object: A) -> Result<Value<'a>, A::Error> {
        let depth = self.deeper()?;
        let mut members: Vec<(Cow<'a, str>, Value<'a>)> = Vec::new();
        let mut keys = Keys::default();
        while let Some(key) = object.next_key_seed(KeySeed)? {
            if to_u64(key.len()) > self.parser.limits.json_string_bytes {
                return Err(self.parser.refuse(DecodeProblem::Limit, None));
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
                let seed = Seed { parser: self.parser, depth, keep };
                object.next_value_seed(seed).map(|value| match value {
                    value if keep => value,
                    value => Value::Omitted(value.elements().unwrap_or_default()),
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
        Ok(Value::Omitted(0))
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

struct KeySeed;

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
        Ok(Value::Omitted(0))
    }

    fn visit_bool<E: serde::de::Error>(self, _: bool) -> Result<Value<'a>, E> {
        Ok(Value::Omitted(0))
    }

    fn visit_i64<E: serde::de::Error>(self, _: i64) -> Result<Value<'a>, E> {
        Ok(Value::Omitted(0))
    }

    fn visit_u64<E: serde::de::Error>(self, _: u64) -> Result<Value<'a>, E> {
        Ok(Value::Omitted(0))
    }

    fn visit_f64<E: serde::de::Error>(self, _: f64) -> Result<Value<'a>, E> {
        Ok(Value::Omitted(0))
    }

    fn visit_str<E: serde::de::Error>(self, _: &str) -> Result<Value<'a>, E> {
        Ok(Value::Omitted(0))
    }

    fn visit_seq<A: SeqAccess<'a>>(self, mut array: A) -> Result<Value<'a>, A::Error> {
        let mut count: u64 = 0;
        while array.next_element::<IgnoredAny>()?.is_some() {
            count = count.saturating_add(1);
        }
        Ok(Value::Omitted(count))
    }

    fn visit_map<A: MapAccess<'a>>(self, mut object: A) -> Result<Value<'a>, A::Error> {
        while object.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Value::Omitted(0))
    }
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
fn offset_of(text: &str, path: &[Segment]) -> usize {
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
fn distance(outer: &str, inner: &str) -> usize {
    inner.as_ptr().addr().saturating_sub(outer.as_ptr().addr())
}

/// The number that starts at `offset`, as far as it looks like one.
fn number_at(text: &str, offset: usize) -> &str {
    let rest = text.get(offset..).unwrap_or_default();
    let is_part = |c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | '.' | 'e' | 'E');
    let end = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
    rest.get(..end).unwrap_or_default()
}

fn is_float(number: &str) -> bool {
    number.contains(['.', 'e', 'E'])
}

/// The byte that `serde_json` stumbled over: its column counts bytes from 1.
fn error_offset(text: &str, error: &serde_json::Error) -> usize {
    let line = error.line().saturating_sub(1);
    let before: usize = text.split('\n').take(line).map(|l| l.len().saturating_add(1)).sum();
    before.saturating_add(error.column().saturating_sub(1)).min(text.len())
}

fn syntax_error(text: &str, error: &serde_json::Error) -> DecodeError {
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

/// The members of an object.
#[derive(Clone, Copy, Debug)]
pub struct Object<'v, 'a> {
    members: &'v [(Cow<'a, str>, Value<'a>)],
}

impl<'v, 'a> Object<'v, 'a> {
    /// Whether there is a member of this name.
    pub fn has(&self, key: &str) -> bool {
        self.member(key).is_some()
    }

    /// The names of the members in order.
    pub fn keys(&self) -> impl Iterator<Item = &'v str> + use<'v, 'a> {
        self.members.iter().map(|(key, _)| &**key)
    }

    fn member(&self, key: &str) -> Option<&'v Value<'a>> {
        self.members.iter().find(|(name, _)| name == key).map(|(_, value)| value)
    }

    /// Refuses members with other names than these.
    ///
    /// # Errors
    /// [`DecodeProblem::UnknownField`] with the member's position, from 1.
    pub fn only(&self, known: &[&str]) -> Result<(), Fault> {
        for (position, (key, _)) in (1_u64..).zip(self.members) {
            if !known.contains(&&**key) {
                return Err(Fault::from(DecodeProblem::UnknownField(position)).within(key));
            }
        }
        Ok(())
    }

    /// Reads a member that must be there.
    ///
    /// # Errors
    /// [`DecodeProblem::Missing`], or what `read` finds.
    pub fn required<T>(
        &self,
        key: &str,
        read: impl FnOnce(&'v Value<'a>) -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        self.member(key)
            .ok_or_else(|| Fault::from(DecodeProblem::Missing))
            .and_then(read)
            .map_err(|fault| fault.within(key))
    }

    /// Reads a member that may be absent or `null`.
    ///
    /// # Errors
    /// What `read` finds.
    pub fn optional<T>(
        &self,
        key: &str,
        read: impl FnOnce(&'v Value<'a>) -> Result<T, Fault>,
    ) -> Result<Option<T>, Fault> {
        match self.member(key) {
            None | Some(Value::Null) => Ok(None),
            Some(value) => read(value).map(Some).map_err(|fault| fault.within(key)),
        }
    }

    /// Reads the one member that is there of two spellings.
    ///
    /// # Errors
    /// [`DecodeProblem::DuplicateKey`] if both are, [`DecodeProblem::Missing`] if none is, or what
    /// `read` finds.
    pub fn either<T>(
        &self,
        keys: [&str; 2],
        read: impl FnOnce(&'v Value<'a>) -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        let [first, second] = keys;
        match (self.has(first), self.has(second)) {
            (true, true) => Err(Fault::from(DecodeProblem::DuplicateKey).within(second)),
            (false, true) => self.required(second, read),
            (true | false, false) => self.required(first, read),
        }
    }
}

impl<'a> Value<'a> {
    /// The members of an object.
    ///
    /// # Errors
    /// [`DecodeProblem::WrongType`].
    pub fn object(&self) -> Result<Object<'_, 'a>, Fault> {
        let Self::Object(members) = self else { return Err(DecodeProblem::WrongType.into()) };
        Ok(Object { members })
    }

    /// The elements of an array; `null` is an empty one, as Go prints it.
    ///
    /// # Errors
    /// [`DecodeProblem::WrongType`].
    pub fn list(&self) -> Result<&[Self], Fault> {
        if self.is_null() {
            return Ok(&[]);
        }
        let Self::Array(values) = self else { return Err(DecodeProblem::WrongType.into()) };
        Ok(values)
    }

    /// Whether this is `null`.
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// The number of elements of an array, read or omitted.
    pub fn elements(&self) -> Option<u64> {
        if let Self::Omitted(count) = self {
            return Some(*count);
        }
        self.list().ok().map(|values| to_u64(values.len()))
    }

    /// Reads each element of a [`Self::list`].
    ///
    /// # Errors
    /// [`DecodeProblem::WrongType`], or what `read` finds.
    pub fn each<T>(&self, read: impl Fn(&Self) -> Result<T, Fault>) -> Result<Vec<T>, Fault> {
        let values = self.list()?.iter().enumerate();
        values.map(|(index, value)| read(value).map_err(|fault| fault.at(index))).collect()
    }

    /// Text.
    ///
    /// # Errors
    /// [`DecodeProblem::WrongType`], [`DecodeProblem::Length`] for text of more than `most` bytes.
    pub fn text(&self, most: usize) -> Result<&str, Fault> {
        let Self::String(text) = self else { return Err(DecodeProblem::WrongType.into()) };
        if text.len() > most {
            return Err(DecodeProblem::Length.into());
        }
        Ok(text)
    }

    /// `true` or `false`.
    ///
    /// # Errors
    /// [`DecodeProblem::WrongType`].
    pub fn bool(&self) -> Result<bool, Fault> {
        let Self::Bool(value) = self else { return Err(DecodeProblem::WrongType.into()) };
        Ok(*value)
    }

    /// An integer: a number, or its decimal digits in a string, without plus and leading zeros.
    ///
    /// # Errors
    /// [`DecodeProblem::WrongType`], [`DecodeProblem::NotCanonical`], [`DecodeProblem::OutOfRange`].
    pub fn integer<N: TryFrom<i128>>(&self) -> Result<N, Fault> {
        let number = if let Self::Integer(number) = self {
            i128::from(*number)
        } else {
            decimal(self.text(usize::MAX)?)?
        };
        N::try_from(number).map_err(|_| DecodeProblem::OutOfRange.into())
    }

    /// Bytes: hex digits of either case, an array of integers, or nothing as `null`.
    ///
    /// # Errors
    /// [`DecodeProblem::WrongType`], [`DecodeProblem::Text`], [`DecodeProblem::OutOfRange`].
    pub fn hex(&self) -> Result<Vec<u8>, Fault> {
        if let Self::String(text) = self {
            return super::hex::decode(text).ok_or_else(|| DecodeProblem::Text.into());
        }
        self.each(Self::integer)
    }

    /// Bytes: canonical base64 (RFC 4648 §4, padded, zero trailing bits), an array of integers, or
    /// nothing as `null`.
    ///
    /// # Errors
    /// [`DecodeProblem::WrongType`], [`DecodeProblem::Text`], [`DecodeProblem::NotCanonical`],
    /// [`DecodeProblem::OutOfRange`].
    pub fn base64(&self) -> Result<Vec<u8>, Fault> {
        let mut bytes = Vec::new();
        self.append_base64(&mut bytes)?;
        Ok(bytes)
    }

    /// Appends [`Self::base64`] to `bytes`.
    ///
    /// # Errors
    /// As [`Self::base64`]; `bytes` then end with unspecified ones.
    pub fn append_base64(&self, bytes: &mut Vec<u8>) -> Result<(), Fault> {
        let Self::String(text) = self else {
            bytes.extend(self.each(Self::integer::<u8>)?);
            return Ok(());
        };
        STANDARD.decode_vec(text.as_bytes(), bytes).map_err(|error| match error {
            // Padding in the wrong place is another spelling; anything else is no base64 at all.
            Base64Error::InvalidByte(_, byte) if byte != b'=' => DecodeProblem::Text.into(),
            Base64Error::InvalidByte(..)
            | Base64Error::InvalidLength(_)
            | Base64Error::InvalidLastSymbol(..)
            | Base64Error::InvalidPadding => DecodeProblem::NotCanonical.into(),
        })
    }

    /// A hash in [`Self::hex`], absent if empty.
    ///
    /// # Errors
    /// As [`Self::hex`], and [`DecodeProblem::Length`].
    pub fn hash(&self) -> Result<Option<Hash>, Fault> {
        let bytes = self.hex()?;
        exact(&bytes, Hash::from_slice)
    }

    /// An address in [`Self::hex`], absent if empty.
    ///
    /// # Errors
    /// As [`Self::hex`], and [`DecodeProblem::Length`].
    pub fn address(&self) -> Result<Option<Address>, Fault> {
        let bytes = self.hex()?;
        exact(&bytes, Address::from_slice)
    }

    /// A time: RFC 3339 as Go prints it, or `{"seconds": …, "nanos": …}`.
    ///
    /// # Errors
    /// [`DecodeProblem::WrongType`], [`DecodeProblem::Text`], [`DecodeProblem::OutOfRange`] and
    /// those of [`Self::integer`].
    pub fn time(&self) -> Result<Timestamp, Fault> {
        if let Self::String(text) = self {
            return Timestamp::parse(text).ok_or_else(|| DecodeProblem::Text.into());
        }
        let object = self.object()?;
        object.only(&["seconds", "nanos"])?;
        let seconds: i64 = object.required("seconds", Self::integer)?;
        let nanos: u32 = object.required("nanos", Self::integer)?;
        let years = Timestamp::ZERO.seconds..=253_402_300_799;
        if !years.contains(&seconds) {
            return Err(Fault::from(DecodeProblem::OutOfRange).within("seconds"));
        }
        if nanos >= 1_000_000_000 {
            return Err(Fault::from(DecodeProblem::OutOfRange).within("nanos"));
        }
        Ok(Timestamp { seconds, nanos })
    }
}

fn exact<T>(bytes: &[u8], from: impl FnOnce(&[u8]) -> Option<T>) -> Result<Option<T>, Fault> {
    if bytes.is_empty() {
        return Ok(None);
    }
    from(bytes).map(Some).ok_or_else(|| DecodeProblem::Length.into())
}

fn decimal(text: &str) -> Result<i128, Fault> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(DecodeProblem::Text.into());
    }
    if digits.starts_with('0') && text != "0" {
        return Err(DecodeProblem::NotCanonical.into());
    }
    if digits.len() > 20 {
        return Err(DecodeProblem::OutOfRange.into());
    }
    text.parse().map_err(|_| DecodeProblem::OutOfRange.into())
}

#[cfg(test)]
mod tests {
    use alloc::format;

    use super::*;

    fn parse(text: &str) -> Result<Value<'_>, DecodeError> {
        read(text.as_bytes(), &Limits::default(), Parts::default(), |value| Ok(value.clone()))
    }

    fn refused(text: &str) -> (DecodeProblem, u64) {
        let error = parse(text).unwrap_err();
        (error.problem, error.offset)
    }

    /// What `take` finds in the one element of an array.
    fn taken<T: fmt::Debug>(
        element: &str,
        take: impl FnOnce(&Value<'static>) -> Result<T, Fault>,
    ) -> Result<T, DecodeError> {
        // Leaked, so that methods of `Value` serve as they are; there are few of them.
        let text: &'static str = format!("{{\"a\":[0, {element}]}}").leak();
        read(text.as_bytes(), &Limits::default(), Parts::default(), |value| {
            let object = value.object()?;
            object.required("a", |array| match array.list()? {
                [_, element] => take(element).map_err(|fault| fault.at(1)),
                _ => Err(DecodeProblem::Missing.into()),
            })
        })
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
    fn numbers_that_readers_hold_differently_are_refused() {
        assert_eq!(parse("9007199254740991"), Ok(Value::Integer(MAX_NUMBER)));
        assert_eq!(parse("-9007199254740991"), Ok(Value::Integer(-MAX_NUMBER)));
        for text in
            ["9007199254740992", "9007199254740993", "-9007199254740993", "1".repeat(40).as_str()]
        {
            assert_eq!(refused(&format!("[1,{text}]")), (DecodeProblem::OutOfRange, 3), "{text}");
        }
        for text in ["1.0", "0.5", "1e2", "1E400", "-1.5e-3", "1e-400"] {
            assert_eq!(refused(&format!("[1,{text}]")), (DecodeProblem::Float, 3), "{text}");
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
        let parts = Parts { dropped: &["d"], skipped: &["s"] };
        let read = |text: &'static str| {
            read(text.as_bytes(), &Limits::default(), parts, |value| Ok(value.clone()))
        };
        let expected = Value::Object(alloc::vec![
            ("d".into(), Value::Omitted(2)),
            ("s".into(), Value::Omitted(3)),
        ]);
        assert_eq!(read(r#"{"d":[{"x":1},"y"],"s":[1.5,{"a":1,"a":2},[]]}"#), Ok(expected));
        for text in [r#"{"d":{"x":[1.5]}}"#, r#"{"d":[{"x":1,"x":2}]}"#, r#"{"s":[1,]}"#] {
            assert!(read(text).is_err(), "{text}");
        }
        let error = read(r#"{"d":{"x":[1.5]}}"#).unwrap_err();
        assert_eq!((error.offset, error.path.as_str()), (11, "d.x[0]"));
    }

    #[test]
    fn nesting_is_bounded_by_the_limits_and_by_the_stack() {
        let nested = |n: usize| format!("{}{}", "[".repeat(n), "]".repeat(n));
        assert!(parse(&nested(64)).is_ok());
        assert_eq!(refused(&nested(65)), (DecodeProblem::Limit, 64));
        assert_eq!(refused(&nested(1_000_000)), (DecodeProblem::Limit, 64));
        let limits = Limits { json_depth: u64::MAX, ..Limits::default() };
        let bomb = nested(1_000_000);
        let error = read(bomb.as_bytes(), &limits, Parts::default(), |_| Ok(())).unwrap_err();
        assert_eq!((error.problem, error.offset), (DecodeProblem::Limit, MAX_DEPTH));
    }

    #[test]
    fn nodes_are_bounded() {
        let limits = Limits { block_transactions: 10, ..Limits::default() };
        let text = format!("[{}0]", "0,".repeat(100_020));
        let error = read(text.as_bytes(), &limits, Parts::default(), |_| Ok(())).unwrap_err();
        assert_eq!(error.problem, DecodeProblem::Limit);
        let dropped = format!("{{\"a\":{text}}}");
        let parts = Parts { dropped: &["a"], skipped: &[] };
        assert_eq!(read(dropped.as_bytes(), &limits, parts, |_| Ok(())), Ok(()));
    }

    #[test]
    fn bytes_after_the_value_are_refused_where_they_start() {
        assert_eq!(refused("[1] \n x"), (DecodeProblem::TrailingBytes, 6));
        assert_eq!(refused("1 2"), (DecodeProblem::TrailingBytes, 2));
        assert_eq!(refused(""), (DecodeProblem::Truncated, 0));
        assert_eq!(refused("\u{feff}1"), (DecodeProblem::Syntax, 0));
    }

    #[test]
    fn lone_surrogates_and_control_characters_are_refused() {
        for text in [r#""\ud800""#, r#""\ud800x""#, r#""\udc00""#, r#""\ud800\u0041""#, "\"\t\""] {
            assert_eq!(refused(text).0, DecodeProblem::Syntax, "{text}");
        }
        assert_eq!(refused(r#""\u12zz""#).0, DecodeProblem::Syntax);
    }

    #[test]
    fn base64_has_one_spelling() {
        let base64 = |text: &str| taken(text, Value::base64).map_err(|error| error.problem);
        assert_eq!(base64("\"QQ==\""), Ok(alloc::vec![0x41]));
        assert_eq!(base64("\"\""), Ok(Vec::new()));
        assert_eq!(base64("null"), Ok(Vec::new()));
        assert_eq!(base64("[0, 255]"), Ok(alloc::vec![0, 255]));
        for text in ["QR==", "QQ=", "QQ", "QQ==QQ==", "Q==="] {
            let quoted = format!("\"{text}\"");
            assert_eq!(base64(&quoted), Err(DecodeProblem::NotCanonical), "{text}");
        }
        for text in ["QQ!=", "Q Q=", "Q-_=", "=QQ=", "QQ==\\n"] {
            let error = base64(&format!("\"{text}\"")).unwrap_err();
            assert!(matches!(error, DecodeProblem::Text | DecodeProblem::NotCanonical), "{text}");
        }
        assert_eq!(base64("[256]"), Err(DecodeProblem::OutOfRange));
        assert_eq!(base64("[-1]"), Err(DecodeProblem::OutOfRange));
        assert_eq!(base64("true"), Err(DecodeProblem::WrongType));
        let error = taken("\"QR==\"", Value::base64).unwrap_err();
        assert_eq!((error.offset, error.path.as_str()), (9, "a[1]"));
        let error = taken("[1, 2, 300]", Value::base64).unwrap_err();
        assert_eq!((error.offset, error.path.as_str()), (16, "a[1][2]"));
    }

    #[test]
    fn integers_have_one_spelling_in_a_string() {
        let integer = |text: &str| taken(text, Value::integer::<i64>).map_err(|e| e.problem);
        assert_eq!(integer("7"), Ok(7));
        assert_eq!(integer("\"-9223372036854775808\""), Ok(i64::MIN));
        assert_eq!(integer("\"0\""), Ok(0));
        for text in ["07", "00", "-0", "-01"] {
            let quoted = format!("\"{text}\"");
            assert_eq!(integer(&quoted), Err(DecodeProblem::NotCanonical), "{text}");
        }
        for text in ["", "-", "+1", "1 ", "0x1", "1.0", "1e3", "\u{0661}"] {
            assert_eq!(integer(&format!("\"{text}\"")), Err(DecodeProblem::Text), "{text}");
        }
        for text in ["\"9223372036854775808\"", "\"99999999999999999999999999999\""] {
            assert_eq!(integer(text), Err(DecodeProblem::OutOfRange), "{text}");
        }
        assert_eq!(integer("null"), Err(DecodeProblem::WrongType));
    }

    #[test]
    fn hashes_and_times_of_every_dialect_are_read() {
        let hex = "aB".repeat(32);
        let hash = |text: &str| taken(text, Value::hash).map_err(|error| error.problem);
        assert_eq!(hash(&format!("\"{hex}\"")), Ok(Some(Hash([0xab; 32]))));
        assert_eq!(hash(&format!("[{}171]", "171,".repeat(31))), Ok(Some(Hash([0xab; 32]))));
        assert_eq!((hash("\"\""), hash("null"), hash("[]")), (Ok(None), Ok(None), Ok(None)));
        assert_eq!(hash("\"AB\""), Err(DecodeProblem::Length));
        assert_eq!(hash("\"ABC\""), Err(DecodeProblem::Text));
        let time = |text: &str| taken(text, Value::time).map_err(|error| error.problem);
        let expected = Timestamp { seconds: -1, nanos: 500_000_000 };
        assert_eq!(time("\"1969-12-31T23:59:59.5Z\""), Ok(expected));
        assert_eq!(time(r#"{"seconds":"-1","nanos":500000000}"#), Ok(expected));
        assert_eq!(time(r#"{"seconds":-1,"nanos":1000000000}"#), Err(DecodeProblem::OutOfRange));
        assert_eq!(time(r#"{"seconds":253402300800,"nanos":0}"#), Err(DecodeProblem::OutOfRange));
        assert_eq!(time("\"1969-12-31T23:59:59.50Z\""), Err(DecodeProblem::Text));
    }

    #[test]
    fn members_are_known_present_and_single() {
        let text = br#"{"parts":1,"part_set_header":2,"x":{"y":null}}"#;
        let fault = |body: fn(Object<'_, '_>) -> Result<(), Fault>| {
            let error = read(text, &Limits::default(), Parts::default(), |v| body(v.object()?))
                .unwrap_err();
            (error.problem, error.offset, error.path)
        };
        assert_eq!(
            fault(|o| o.only(&["parts", "part_set_header"])),
            (DecodeProblem::UnknownField(3), 35, "x".into())
        );
        assert_eq!(
            fault(|o| o.required("x", |x| x.object()?.required("z", |_| Ok(())))),
            (DecodeProblem::Missing, 35, "x.z".into())
        );
        assert_eq!(
            fault(|o| o.either(["parts", "part_set_header"], |_| Ok(()))),
            (DecodeProblem::DuplicateKey, 29, "part_set_header".into())
        );
    }
}
