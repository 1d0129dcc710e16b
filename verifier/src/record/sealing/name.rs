//! Names: what sealed codes are computed from.

use alloc::vec::Vec;
use core::fmt;

use super::ResourceId;
use crate::record::codes::{Code, Concept, Effect, Element, mapped, names};

/// Sealed codes that a label, or a level of confidentiality, has in each closure.
///
/// Without filling up to one number the size of a closure would tell how deep in its table a label
/// stands, which for the deepest ones is nearly the label itself.
pub const SEALED_PER_CODE: usize = 6;

/// What a sealed code was computed from.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
#[non_exhaustive]
pub enum Name {
    /// Any code of the element: what a deny of an unmapped code is sealed as.
    Any(Element),
    /// An author.
    Author(ResourceId),
    /// A code.
    Code(Code),
    /// The filling of a code's sealed codes, and its number in 1 to [`SEALED_PER_CODE`].
    Filling(Code, usize),
    /// A resource.
    Resource(ResourceId),
    /// The marker of an unmapped code in the element.
    Unmapped(Element),
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Any(element) => write!(f, "any {element}"),
            Self::Author(author) => write!(f, "author {author}"),
            Self::Code(code) => write!(f, "{code}"),
            Self::Filling(code, number) => write!(f, "{code}, filling {number}"),
            Self::Resource(resource) => write!(f, "resource {resource}"),
            Self::Unmapped(element) => write!(f, "unmapped {element}"),
        }
    }
}

/// What a provision's sealed code is computed from.
pub(super) fn provision_name(effect: Effect, code: &Code) -> Name {
    match (mapped(code), effect) {
        (Some(concept), _) => Name::Code(concept.code()),
        (None, Effect::Permit) => Name::Code(code.clone()),
        (None, Effect::Deny) => Name::Any(code.system().element()),
    }
}

/// What the sealed codes of one carried code are computed from.
pub(super) fn closure_names(effect: Effect, code: &Code) -> Vec<Name> {
    let element = code.system().element();
    let concept = mapped(code);
    let names = concept.map_or_else(Vec::new, |concept| names(effect, concept));
    let mut closure = Vec::new();
    if matches!(element, Element::Label | Element::Confidentiality) {
        let code = concept.map_or_else(|| code.clone(), Concept::code);
        let numbers = names.len().saturating_add(1)..=SEALED_PER_CODE;
        closure.extend(numbers.map(|number| Name::Filling(code.clone(), number)));
    }
    closure.extend(names.into_iter().map(|name| Name::Code(name.code())));
    if effect == Effect::Deny {
        closure.push(Name::Any(element));
        closure.extend(concept.is_none().then_some(Name::Unmapped(element)));
    }
    closure
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::codes::System;

    /// The names of a closure of one code as people read them.
    fn read(effect: Effect, system: System, text: &str) -> Vec<alloc::string::String> {
        let code = Code::new(system, text).unwrap();
        let mut names: Vec<_> =
            closure_names(effect, &code).iter().map(alloc::string::ToString::to_string).collect();
        names.sort();
        names
    }

    #[test]
    fn label_is_filled_up_to_six_sealed_codes() {
        assert_eq!(
            read(Effect::Permit, System::Sensitivity, "SUD"),
            [
                "sensitivity SPI",
                "sensitivity SUD",
                "sensitivity SUD, filling 3",
                "sensitivity SUD, filling 4",
                "sensitivity SUD, filling 5",
                "sensitivity SUD, filling 6",
            ]
        );
        assert_eq!(
            read(Effect::Deny, System::Sensitivity, "SUD"),
            [
                "any label",
                "sensitivity ETH",
                "sensitivity SPI",
                "sensitivity SUD",
                "sensitivity SUD, filling 4",
                "sensitivity SUD, filling 5",
                "sensitivity SUD, filling 6",
            ]
        );
    }

    #[test]
    fn unmapped_code_leaves_a_marker_for_denials_and_nothing_to_name_for_permits() {
        assert_eq!(read(Effect::Permit, System::Class, "Unheard"), [""; 0]);
        assert_eq!(read(Effect::Deny, System::Class, "Unheard"), ["any class", "unmapped class"]);
        assert_eq!(read(Effect::Deny, System::Class, "Goal"), ["any class", "class Goal"]);
        let filling = (1..=6).map(|number| alloc::format!("confidentiality X, filling {number}"));
        let filling: Vec<_> = filling.collect();
        assert_eq!(read(Effect::Permit, System::Confidentiality, "X"), filling);
        let marked = ["any confidentiality".into()].into_iter().chain(filling);
        let marked: Vec<_> = marked.chain(["unmapped confidentiality".into()]).collect();
        assert_eq!(read(Effect::Deny, System::Confidentiality, "X"), marked);
    }

    #[test]
    fn no_code_has_more_names_than_are_filled_up() {
        for system in System::ALL.into_iter().filter(|system| system.element().is_sealed()) {
            for code in system.table().concepts().map(Concept::code) {
                for effect in Effect::ALL {
                    let count = mapped(&code).map_or(0, |concept| names(effect, concept).len());
                    assert!(count <= SEALED_PER_CODE, "{effect} {code}: {count}");
                }
            }
        }
    }
}
