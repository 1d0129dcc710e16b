//! Code systems, and the elements of provisions and accesses in which their codes stand.

use core::fmt;

use super::{
    Table, action, basis, class, confidentiality, directive, law, obligation, purpose, refrain,
    role, sensitivity,
};

/// A code system: which table a code is looked up in.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
#[non_exhaustive]
pub enum System {
    /// Purposes of use, `v3-ActReason`.
    Purpose,
    /// Why information is sensitive, `v3-ActCode`.
    Sensitivity,
    /// How confidential it is, `v3-Confidentiality`.
    Confidentiality,
    /// Laws that mark information, `v3-ActCode`.
    Law,
    /// What a recipient must not do, `v3-ActCode`.
    Refrain,
    /// What a recipient must do, `v3-ActCode`.
    Obligation,
    /// Legal bases of an access other than consent, our own.
    Basis,
    /// What is done to a record, our own.
    Action,
    /// As what a person or machine acts, our own.
    Role,
    /// Kinds of consent directives, `v3-ActCode`.
    Directive,
    /// Categories of data: FHIR resource types and kinds of documents, our own.
    Class,
}

impl System {
    /// Every system, by [number](Self::number).
    pub const ALL: [Self; 11] = [
        Self::Purpose,
        Self::Sensitivity,
        Self::Confidentiality,
        Self::Law,
        Self::Refrain,
        Self::Obligation,
        Self::Basis,
        Self::Action,
        Self::Role,
        Self::Directive,
        Self::Class,
    ];

    /// The number of the system in encodings; never changed, never given to another system.
    pub const fn number(self) -> u8 {
        match self {
            Self::Purpose => 1,
            Self::Sensitivity => 2,
            Self::Confidentiality => 3,
            Self::Law => 4,
            Self::Refrain => 5,
            Self::Obligation => 6,
            Self::Basis => 7,
            Self::Action => 8,
            Self::Role => 9,
            Self::Directive => 10,
            Self::Class => 11,
        }
    }

    /// The system with this [number](Self::number).
    pub fn from_number(number: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|system| system.number() == number)
    }

    /// The name of the system, in lower case: also what is sealed with a code.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Purpose => "purpose",
            Self::Sensitivity => "sensitivity",
            Self::Confidentiality => "confidentiality",
            Self::Law => "law",
            Self::Refrain => "refrain",
            Self::Obligation => "obligation",
            Self::Basis => "basis",
            Self::Action => "action",
            Self::Role => "role",
            Self::Directive => "directive",
            Self::Class => "class",
        }
    }

    /// The pinned table of the system.
    pub const fn table(self) -> &'static Table {
        match self {
            Self::Purpose => &purpose::TABLE,
            Self::Sensitivity => &sensitivity::TABLE,
            Self::Confidentiality => &confidentiality::TABLE,
            Self::Law => &law::TABLE,
            Self::Refrain => &refrain::TABLE,
            Self::Obligation => &obligation::TABLE,
            Self::Basis => &basis::TABLE,
            Self::Action => &action::TABLE,
            Self::Role => &role::TABLE,
            Self::Directive => &directive::TABLE,
            Self::Class => &class::TABLE,
        }
    }

    /// The element of a provision, and of an access, in which codes of the system stand.
    pub const fn element(self) -> Element {
        match self {
            Self::Purpose => Element::Purpose,
            Self::Sensitivity | Self::Law | Self::Refrain | Self::Obligation => Element::Label,
            Self::Confidentiality => Element::Confidentiality,
            Self::Basis => Element::Basis,
            Self::Action => Element::Action,
            Self::Role => Element::Role,
            Self::Directive => Element::Directive,
            Self::Class => Element::Class,
        }
    }
}

impl fmt::Display for System {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// An element of a provision: the codes in one are alternatives, and a provision matches where each
/// element that it has does.
///
/// Confidentiality is an element of its own, since it is an order and not a label among others.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
#[non_exhaustive]
pub enum Element {
    /// What is done.
    Action,
    /// Who authored the data, by the ids of their resources. Sealed; no codes stand here.
    Author,
    /// The legal basis.
    Basis,
    /// Categories of data. Sealed.
    Class,
    /// The confidentiality. Sealed.
    Confidentiality,
    /// The kind of a consent directive.
    Directive,
    /// Labels of the data but its confidentiality. Sealed.
    Label,
    /// Purposes of use.
    Purpose,
    /// Single resources, by their ids. Sealed; no codes stand here.
    Resource,
    /// As what somebody acts.
    Role,
}

impl Element {
    /// The elements that never stand on the ledger in clear.
    pub const SEALED: [Self; 5] =
        [Self::Author, Self::Class, Self::Confidentiality, Self::Label, Self::Resource];

    /// The name of the element, in lower case.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Action => "action",
            Self::Author => "author",
            Self::Basis => "basis",
            Self::Class => "class",
            Self::Confidentiality => "confidentiality",
            Self::Directive => "directive",
            Self::Label => "label",
            Self::Purpose => "purpose",
            Self::Resource => "resource",
            Self::Role => "role",
        }
    }

    /// Whether the element is one of [`Self::SEALED`].
    pub fn is_sealed(self) -> bool {
        Self::SEALED.contains(&self)
    }

    /// Whether ids of resources stand here, and no codes.
    pub const fn holds_ids(self) -> bool {
        matches!(self, Self::Author | Self::Resource)
    }
}

impl fmt::Display for Element {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_names_its_system_and_no_other_number_names_one() {
        let named = (0..=u8::MAX).filter_map(|n| System::from_number(n).map(|system| (n, system)));
        assert!(named.eq((1..).zip(System::ALL)));
        assert!(System::ALL.is_sorted(), "order of codes is the order of numbers");
    }
}
