//! What records seal, in the open: the codes, resources and authors that a provision names or an
//! access carries.

use alloc::{collections::BTreeSet, string::String};
use core::fmt;

use crate::record::codes::{Code, CodeError, Element, System, check_token};

/// Most bytes of a resource's id.
pub const RESOURCE_LENGTH: usize = 128;

/// Most codes of one element of a provision or an access.
const ELEMENT_CODES: usize = 64;

/// Most resources, and most authors, of a provision or an access.
const IDS: usize = 256;

/// The id of a resource at its custodian, such as `Observation/1`, or `Practitioner/1` of an author: 1
/// to 128 characters of printable ASCII without spaces.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct ResourceId(String);

impl ResourceId {
    /// The resource of this id.
    ///
    /// # Errors
    /// [`CodeError`], with the bounds of an id in place of a code's.
    pub fn new(text: &str) -> Result<Self, CodeError> {
        check_token(text, RESOURCE_LENGTH)?;
        Ok(Self(text.into()))
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ResourceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Why codes and ids are not what a record seals.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ContentError {
    /// A code of a system that stands on the ledger in clear.
    #[error("codes of the system {system} are not sealed")]
    NotSealed {
        /// The system.
        system: System,
    },
    /// An access has one level of confidentiality: the highest of what it opens.
    #[error("{count} levels of confidentiality in place of one")]
    Confidentiality {
        /// How many there are.
        count: usize,
    },
    /// More codes or ids than one element may have.
    #[error("{count} in the element {element}, which is too many")]
    TooMany {
        /// The element.
        element: Element,
        /// How many there are.
        count: usize,
    },
    /// A text that is too long, or holds control characters other than line feeds.
    #[error("a text that is empty, too long or holds control characters")]
    Text,
    /// More provisions than one record may have.
    #[error("{count} provisions, which is too many")]
    Provisions {
        /// How many there are.
        count: usize,
    },
}

/// Codes and ids within their limits.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(super) struct Content {
    pub(super) codes: BTreeSet<Code>,
    pub(super) resources: BTreeSet<ResourceId>,
    pub(super) authors: BTreeSet<ResourceId>,
}

/// What a request or access opens: resources that have the same labels and classes, and the highest
/// confidentiality among them.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Carried(Content);

impl Carried {
    /// What opens `resources` by `authors` that have `codes`: labels, classes and one level of
    /// confidentiality.
    ///
    /// # Errors
    /// [`ContentError`].
    pub fn new(
        codes: impl IntoIterator<Item = Code>,
        resources: impl IntoIterator<Item = ResourceId>,
        authors: impl IntoIterator<Item = ResourceId>,
    ) -> Result<Self, ContentError> {
        let content = Content::new(codes, resources, authors)?;
        match content.count(Element::Confidentiality) {
            1 => Ok(Self(content)),
            count => Err(ContentError::Confidentiality { count }),
        }
    }

    /// The codes in order.
    pub fn codes(&self) -> &BTreeSet<Code> {
        &self.0.codes
    }

    /// The resources in order.
    pub fn resources(&self) -> &BTreeSet<ResourceId> {
        &self.0.resources
    }

    /// The authors in order.
    pub fn authors(&self) -> &BTreeSet<ResourceId> {
        &self.0.authors
    }

    pub(super) fn content(&self) -> &Content {
        &self.0
    }
}

/// What a provision names of what is sealed. Codes of one element are alternatives.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Named(Content);

impl Named {
    /// What names `codes`, `resources` and `authors`.
    ///
    /// # Errors
    /// [`ContentError`].
    pub fn new(
        codes: impl IntoIterator<Item = Code>,
        resources: impl IntoIterator<Item = ResourceId>,
        authors: impl IntoIterator<Item = ResourceId>,
    ) -> Result<Self, ContentError> {
        Content::new(codes, resources, authors).map(Self)
    }

    /// The codes in order.
    pub fn codes(&self) -> &BTreeSet<Code> {
        &self.0.codes
    }

    /// The resources in order.
    pub fn resources(&self) -> &BTreeSet<ResourceId> {
        &self.0.resources
    }

    /// The authors in order.
    pub fn authors(&self) -> &BTreeSet<ResourceId> {
        &self.0.authors
    }

    pub(super) fn content(&self) -> &Content {
        &self.0
    }
}

impl Content {
    fn new(
        codes: impl IntoIterator<Item = Code>,
        resources: impl IntoIterator<Item = ResourceId>,
        authors: impl IntoIterator<Item = ResourceId>,
    ) -> Result<Self, ContentError> {
        let content = Self {
            codes: codes.into_iter().collect(),
            resources: resources.into_iter().collect(),
            authors: authors.into_iter().collect(),
        };
        if let Some(code) = content.codes.iter().find(|code| !code.system().element().is_sealed()) {
            return Err(ContentError::NotSealed { system: code.system() });
        }
        for element in Element::SEALED {
            let count = content.count(element);
            if count > if element.holds_ids() { IDS } else { ELEMENT_CODES } {
                return Err(ContentError::TooMany { element, count });
            }
        }
        Ok(content)
    }

    fn count(&self, element: Element) -> usize {
        let is_there = |code: &&Code| code.system().element() == element;
        if element == Element::Author {
            self.authors.len()
        } else if element == Element::Resource {
            self.resources.len()
        } else {
            self.codes.iter().filter(is_there).count()
        }
    }
}

#[cfg(test)]
mod tests {
    use alloc::{format, vec::Vec};

    use super::*;

    fn code(system: System, text: &str) -> Code {
        Code::new(system, text).unwrap()
    }

    #[test]
    fn access_has_one_level_of_confidentiality_and_a_provision_any_number() {
        let levels: Vec<_> = ["N", "R"].map(|level| code(System::Confidentiality, level)).into();
        for count in [0, 2] {
            let codes = levels.iter().take(count).cloned();
            assert_eq!(Carried::new(codes, [], []), Err(ContentError::Confidentiality { count }));
        }
        assert!(Carried::new(levels[..1].to_vec(), [], []).is_ok());
        assert!(Named::new([], [], []).is_ok() && Named::new(levels, [], []).is_ok());
    }

    #[test]
    fn codes_that_stand_in_clear_are_not_sealed() {
        for system in System::ALL.into_iter().filter(|system| !system.element().is_sealed()) {
            let error = Named::new([code(system, "X")], [], []);
            assert_eq!(error, Err(ContentError::NotSealed { system }));
        }
    }

    #[test]
    fn elements_end_at_their_limits() {
        let labels = |count| (0..count).map(|n| code(System::Sensitivity, &format!("L{n}")));
        let ids = |count| (0..count).map(|n| ResourceId::new(&format!("Observation/{n}")).unwrap());
        assert!(Named::new(labels(64), ids(256), ids(256)).is_ok());
        let too_many = |element, count| Err(ContentError::TooMany { element, count });
        assert_eq!(Named::new(labels(65), [], []), too_many(Element::Label, 65));
        assert_eq!(Named::new([], ids(257), []), too_many(Element::Resource, 257));
        assert_eq!(Named::new([], [], ids(257)), too_many(Element::Author, 257));
    }

    #[test]
    fn ids_of_resources_are_one_word() {
        assert!(ResourceId::new(&"r".repeat(128)).is_ok());
        assert_eq!(ResourceId::new(&"r".repeat(129)), Err(CodeError::Length { length: 129 }));
        assert_eq!(ResourceId::new("a b"), Err(CodeError::Character { position: 1 }));
    }
}
