//! Members that are known and not taken over: their types are checked, and nothing else.

use crate::encoding::{
    DecodeProblem,
    json::{Fault, Object, Omitted, Value},
};

/// Members that an object may have. Each may be absent or `null`.
pub(super) struct Members(pub(super) &'static [(&'static str, Type)]);

/// Types of members.
#[derive(Clone, Copy)]
pub(super) enum Type {
    Bool,
    Text,
    Texts,
    Integer,
    Unsigned,
    Time,
    Hex,
    Hash,
    Address,
    Base64,
    Transactions,
    Object(&'static Members),
    Objects(&'static Members),
    /// An object into which no decoder looks.
    AnyObject,
    /// A list into which no decoder looks.
    AnyList,
}

/// A key of any type, on which nothing depends.
pub(super) const KEY: Members = Members(&[("type", Type::Text), ("value", Type::Base64)]);

impl Members {
    /// Checks an object that has no others.
    pub(super) fn check(&self, value: &Value<'_>) -> Result<(), Fault> {
        self.check_beside(&[], value.object()?)
    }

    /// Checks an object that has no others but those that are read.
    pub(super) fn check_beside(&self, read: &[&str], object: Object<'_, '_>) -> Result<(), Fault> {
        object
            .only_if(|key| read.contains(&key) || self.0.iter().any(|(known, _)| *known == key))?;
        let check = |(key, of): &(&str, Type)| object.optional(key, |value| of.check(value));
        self.0.iter().try_for_each(|member| check(member).map(drop))
    }
}

impl Type {
    fn check(self, value: &Value<'_>) -> Result<(), Fault> {
        let wrong = || Fault::from(DecodeProblem::WrongType);
        match self {
            Self::Bool => value.bool().map(drop),
            Self::Text => value.text(usize::MAX).map(drop),
            Self::Texts => value.each(|text| Self::Text.check(text)).map(drop),
            Self::Integer => value.integer::<i64>().map(drop),
            Self::Unsigned => value.integer::<u64>().map(drop),
            Self::Time => value.time().map(drop),
            Self::Hex => value.hex().map(drop),
            Self::Hash => value.hash().map(drop),
            Self::Address => value.address().map(drop),
            Self::Base64 => value.base64().map(drop),
            Self::Transactions => value.each(|bytes| Self::Base64.check(bytes)).map(drop),
            Self::Object(members) => members.check(value),
            Self::Objects(members) => value.each(|value| members.check(value)).map(drop),
            Self::AnyObject if *value == Value::Omitted(Omitted::Object) => Ok(()),
            Self::AnyObject => Err(wrong()),
            Self::AnyList => value.elements().map(drop).ok_or_else(wrong),
        }
    }
}
