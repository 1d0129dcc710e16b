//! Objects: members that are there, absent, or spelled in two ways.

use alloc::borrow::Cow;

use super::{Fault, Value};
use crate::encoding::DecodeProblem;

/// The members of an object.
#[derive(Clone, Copy, Debug)]
pub struct Object<'v, 'a> {
    pub(super) members: &'v [(Cow<'a, str>, Value<'a>)],
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
        self.only_if(|key| known.contains(&key))
    }

    /// Refuses members whose names are not known.
    ///
    /// # Errors
    /// As [`Self::only`].
    pub fn only_if(&self, is_known: impl Fn(&str) -> bool) -> Result<(), Fault> {
        for (position, (key, _)) in (1_u64..).zip(self.members) {
            if !is_known(key) {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        encoding::json::{Parts, read},
        limits::Limits,
    };

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
