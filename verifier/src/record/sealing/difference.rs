//! Differences: a record whose sealed codes are not those of the details that it seals.

use alloc::{
    collections::{BTreeMap, BTreeSet},
    vec::Vec,
};

use super::{Carried, Name, Named, SealedCode, Sealer};
use crate::record::{
    codes::{Effect, Element},
    details::Closure,
};

/// A sealed code that the record carries and its details do not yield.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ExtraCode {
    /// The element in which it stands; `None` for the codes of a closure, which are one set.
    pub element: Option<Element>,
    /// The sealed code.
    pub sealed: SealedCode,
    /// What it was computed from, if that is a code of the pinned tables.
    pub name: Option<Name>,
}

/// What a record claims to be about against what its opened details say: the contract decided on the
/// former.
#[derive(Clone, Debug, Default, Eq, PartialEq, thiserror::Error)]
#[error("{} sealed codes are missing and {} are too many", missing.len(), extra.len())]
pub struct Difference {
    /// What the details yield and the record does not carry, in the order of the sealed codes of one
    /// element. A deny of it was passed over.
    pub missing: Vec<Name>,
    /// What the record carries besides, in the same order. A permit of it was used.
    pub extra: Vec<ExtraCode>,
}

impl Sealer {
    /// Checks that `claimed` is the closure, for provisions of this effect, of what the record's details
    /// say it opens.
    ///
    /// # Errors
    /// [`Difference`].
    ///
    /// # Cost
    /// That of [`Self::compute_closure`]; with extra codes, an HMAC for each code of the tables.
    pub fn check_closure(
        &self,
        effect: Effect,
        claimed: &Closure,
        carried: &Carried,
    ) -> Result<(), Difference> {
        let mut difference = Difference::default();
        let computed = self.compute_closure_names(effect, carried);
        for (element, claimed, computed) in [
            (None, &*claimed.codes, computed.codes),
            (Some(Element::Resource), &*claimed.resources, computed.resources),
            (Some(Element::Author), &*claimed.authors, computed.authors),
        ] {
            let claimed = claimed.iter().copied();
            self.compare(effect, element, claimed, computed, &mut difference);
        }
        difference.into_result()
    }

    /// Checks that `claimed` are the sealed codes, by element, of what the record's details say that
    /// the provision names.
    ///
    /// # Errors
    /// [`Difference`].
    ///
    /// # Cost
    /// As [`Self::check_closure`].
    pub fn check_provision(
        &self,
        effect: Effect,
        claimed: &BTreeMap<Element, BTreeSet<SealedCode>>,
        named: &Named,
    ) -> Result<(), Difference> {
        let mut computed = self.compute_provision_names(effect, named);
        let mut difference = Difference::default();
        let nothing = BTreeSet::new();
        let elements: BTreeSet<_> = claimed.keys().chain(computed.keys()).copied().collect();
        for element in elements {
            let claimed = claimed.get(&element).unwrap_or(&nothing);
            let computed = computed.remove(&element).unwrap_or_default();
            let claimed = claimed.iter().copied();
            self.compare(effect, Some(element), claimed, computed, &mut difference);
        }
        difference.into_result()
    }

    fn compare(
        &self,
        effect: Effect,
        element: Option<Element>,
        claimed: impl IntoIterator<Item = SealedCode>,
        mut computed: BTreeMap<SealedCode, Name>,
        difference: &mut Difference,
    ) {
        let extra: Vec<_> =
            claimed.into_iter().filter(|sealed| computed.remove(sealed).is_none()).collect();
        difference.missing.extend(computed.into_values());
        if extra.is_empty() {
            return;
        }
        let dictionary = self.dictionary(effect);
        difference.extra.extend(extra.into_iter().map(|sealed| ExtraCode {
            element,
            sealed,
            name: dictionary.get(&sealed).cloned(),
        }));
    }
}

impl Difference {
    fn into_result(self) -> Result<(), Self> {
        if self.missing.is_empty() && self.extra.is_empty() { Ok(()) } else { Err(self) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        encoding::cbor::Set,
        record::{
            codes::{Code, System},
            keys::ViewKey,
            sealing::ResourceId,
        },
    };

    fn code(system: System, text: &str) -> Code {
        Code::new(system, text).unwrap()
    }

    fn label(text: &str) -> Code {
        code(System::Sensitivity, text)
    }

    fn carried(labels: &[&str]) -> Carried {
        let codes = labels.iter().map(|text| label(text));
        Carried::new(codes.chain([code(System::Confidentiality, "N")]), [], []).unwrap()
    }

    fn sealer() -> Sealer {
        Sealer::new(&ViewKey::new([1; 32]))
    }

    #[test]
    fn closure_of_what_is_opened_is_no_difference() {
        for effect in Effect::ALL {
            let closure = sealer().compute_closure(effect, &carried(&["HIV", "NEW-IN-2031"]));
            let carried = carried(&["HIV", "NEW-IN-2031"]);
            assert_eq!(sealer().check_closure(effect, &closure, &carried), Ok(()));
        }
    }

    #[test]
    fn label_that_was_left_out_is_named() {
        let closure = sealer().compute_closure(Effect::Deny, &carried(&[]));
        let difference =
            sealer().check_closure(Effect::Deny, &closure, &carried(&["HIV"])).unwrap_err();
        assert_eq!(difference.extra, []);
        let names: BTreeSet<_> = difference.missing.into_iter().collect();
        let filling = (2..=6).map(|number| Name::Filling(label("HIV"), number));
        let rest = [Name::Any(Element::Label), Name::Code(label("HIV"))];
        assert_eq!(names, filling.chain(rest).collect());
    }

    #[test]
    fn code_that_was_put_in_is_named_where_the_tables_have_it() {
        let mut claimed = sealer().compute_closure(Effect::Permit, &carried(&["HIV"]));
        let forged = sealer().seal_provision_code(Effect::Permit, &label("PSY"));
        let unknown = sealer().seal_provision_code(Effect::Permit, &label("NEW-IN-2031"));
        let codes = claimed.codes.iter().copied().chain([forged, unknown]);
        claimed.codes = Set::new(codes.collect()).unwrap();
        let difference =
            sealer().check_closure(Effect::Permit, &claimed, &carried(&["HIV"])).unwrap_err();
        assert_eq!(difference.missing, []);
        let extra = |sealed, name| ExtraCode { element: None, sealed, name };
        let mut expected = [extra(forged, Some(Name::Code(label("PSY")))), extra(unknown, None)];
        expected.sort_by_key(|extra| extra.sealed);
        assert_eq!(difference.extra, expected);
    }

    #[test]
    fn resources_and_authors_that_the_details_do_not_name_are_told_by_element() {
        let id = |text| ResourceId::new(text).unwrap();
        let level = code(System::Confidentiality, "N");
        let carried = Carried::new([level], [id("Observation/1")], [id("Practitioner/1")]).unwrap();
        for effect in Effect::ALL {
            let honest = sealer().compute_closure(effect, &carried);
            assert_eq!(sealer().check_closure(effect, &honest, &carried), Ok(()));
            let swapped = Closure {
                resources: honest.authors.clone(),
                authors: honest.resources.clone(),
                ..honest.clone()
            };
            let difference = sealer().check_closure(effect, &swapped, &carried).unwrap_err();
            let missing = [Name::Resource(id("Observation/1")), Name::Author(id("Practitioner/1"))];
            assert_eq!(difference.missing, missing, "{effect}");
            let extra = |element, sealed: &SealedCode| ExtraCode {
                element: Some(element),
                sealed: *sealed,
                name: None,
            };
            let expected = [
                extra(Element::Resource, &honest.authors[0]),
                extra(Element::Author, &honest.resources[0]),
            ];
            assert_eq!(difference.extra, expected, "{effect}");
        }
    }

    #[test]
    fn provision_that_is_about_something_else_is_a_difference_of_both_sides() {
        let resource = ResourceId::new("Observation/1").unwrap();
        let hiv_label = label("HIV");
        let named = Named::new([label("HIV")], [resource.clone()], [resource.clone()]).unwrap();
        let sealed = sealer().seal_provision(Effect::Deny, &named);
        assert_eq!(sealer().check_provision(Effect::Deny, &sealed, &named), Ok(()));

        let other = Named::new([label("STD")], [resource.clone()], [resource.clone()]).unwrap();
        let difference = sealer().check_provision(Effect::Deny, &sealed, &other).unwrap_err();
        assert_eq!(difference.missing, [Name::Code(label("STD"))]);
        let hiv = sealer().seal_provision_code(Effect::Deny, &label("HIV"));
        let name = Some(Name::Code(label("HIV")));
        let element = Some(Element::Label);
        assert_eq!(difference.extra, [ExtraCode { element, sealed: hiv, name }]);

        // The right sealed code in the wrong element is not the right one.
        let mut moved = sealed.clone();
        let labels = moved.remove(&Element::Label).unwrap();
        moved.insert(Element::Class, labels);
        let author = moved.insert(Element::Author, sealed[&Element::Resource].clone()).unwrap();
        assert_ne!(author, sealed[&Element::Resource], "one id in two elements");
        let difference = sealer().check_provision(Effect::Deny, &moved, &named).unwrap_err();
        let elements: Vec<_> = difference.extra.iter().map(|extra| extra.element).collect();
        assert_eq!(elements, [Some(Element::Author), Some(Element::Class)]);
        assert_eq!(difference.missing, [Name::Author(resource), Name::Code(hiv_label)]);
    }

    #[test]
    fn permit_sealed_as_a_deny_is_a_difference() {
        let named = Named::new([label("HIV")], [], []).unwrap();
        let sealed = sealer().seal_provision(Effect::Permit, &named);
        let difference = sealer().check_provision(Effect::Deny, &sealed, &named).unwrap_err();
        assert_eq!((difference.missing.len(), difference.extra.len()), (1, 1));
        assert_eq!(difference.extra[0].name, None, "no deny is sealed so");
    }
}
