//! Closures: what an access answers to, sealed.

use super::SealedCode;
use crate::record::{
    codes::{Effect, Element},
    details::{Closure, Closures, SealedSet},
};

impl Closures {
    /// What provisions of this effect may name.
    pub const fn of(&self, effect: Effect) -> &Closure {
        match effect {
            Effect::Permit => &self.permit,
            Effect::Deny => &self.deny,
        }
    }

    /// Whether the access answers to a provision of this effect that carries the code `sealed` in
    /// `element`. With several, one that is answered is enough, or all must be, as the rule set says.
    ///
    /// # Cost
    /// At most two binary searches.
    pub fn answer_to_code(&self, effect: Effect, element: Element, sealed: &SealedCode) -> bool {
        let codes = &self.of(effect).codes;
        match effect {
            Effect::Permit => codes.has(sealed),
            // A carried code that nobody can place is reached by every deny of its element.
            Effect::Deny => codes.has(sealed) || codes.has(&unmapped_marker(element)),
        }
    }

    /// Whether the access answers to the ids `named` in `element`, of resources or else of authors:
    /// sealed for a provision of the effect `own`, and asked for what permits or denies as `said` says.
    ///
    /// One access opens several resources, so that one of them says nothing of the rest: a permit
    /// covers the access only if it names each of them, and there is one. A deny of one reaches it, and
    /// so does every deny where it does not say which they are.
    ///
    /// # Cost
    /// A binary search for each id that the access carries.
    pub fn answer_to_ids(
        &self,
        own: Effect,
        said: Effect,
        element: Element,
        named: &SealedSet,
    ) -> bool {
        let closure = self.of(own);
        let carried =
            if element == Element::Author { &closure.authors } else { &closure.resources };
        match said {
            Effect::Permit => !carried.is_empty() && carried.iter().all(|id| named.has(id)),
            Effect::Deny => carried.is_empty() || carried.iter().any(|id| named.has(id)),
        }
    }

    /// Whether an access with these closures opens no more than was asked for with those of
    /// `request`: every deny that reaches the access reaches the request.
    ///
    /// So each of its codes for denials stands in the request's, and each resource and author too, of
    /// which it must name one, unless the request names none: that stood for all of them.
    pub fn is_within(&self, request: &Self) -> bool {
        let (opened, asked) = (&self.deny, &request.deny);
        let are_within = |opened: &SealedSet, asked: &SealedSet| {
            asked.is_empty() || (!opened.is_empty() && opened.iter().all(|id| asked.has(id)))
        };
        opened.codes.iter().all(|sealed| asked.codes.has(sealed))
            && are_within(&opened.resources, &asked.resources)
            && are_within(&opened.authors, &asked.authors)
    }
}

/// What stands in a deny closure for an unmapped code of this element: the same for every key, since
/// the contract has to know it.
///
/// `SHA-256("vidimus/unmapped/1" 0x00 element)[..16]`. Ids are never unmapped, and elements that stand
/// in clear have no closure; theirs are in no closure.
pub const fn unmapped_marker(element: Element) -> SealedCode {
    SealedCode(match element {
        Element::Class => MARKER_CLASS,
        Element::Confidentiality => MARKER_CONFIDENTIALITY,
        Element::Label => MARKER_LABEL,
        Element::Action
        | Element::Author
        | Element::Basis
        | Element::Directive
        | Element::Purpose
        | Element::Resource
        | Element::Role => MARKER_NONE,
    })
}

const MARKER_CLASS: [u8; 16] = [
    0xf1, 0xc3, 0x59, 0xc3, 0xef, 0xfc, 0xbe, 0xb3, 0xb6, 0x29, 0x80, 0x30, 0x1c, 0xcd, 0x57, 0x32,
];
const MARKER_CONFIDENTIALITY: [u8; 16] = [
    0x43, 0xc4, 0x55, 0x5b, 0xb9, 0x59, 0x23, 0x1f, 0x4e, 0x56, 0xb2, 0x0c, 0xd6, 0xdd, 0x51, 0xf8,
];
const MARKER_LABEL: [u8; 16] = [
    0xed, 0xe4, 0x89, 0xb0, 0xfe, 0x41, 0xa2, 0x62, 0xcb, 0x0f, 0x33, 0x85, 0x16, 0x2b, 0x5f, 0x6e,
];
/// Of no element: it stands in no closure.
const MARKER_NONE: [u8; 16] = [
    0xac, 0x8b, 0x3d, 0x91, 0xea, 0x54, 0x0d, 0xff, 0x8e, 0xb5, 0x5e, 0xd9, 0xf1, 0x9c, 0x31, 0x46,
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{encoding::cbor::Set, merkle::sha256};

    fn sealed<const MIN: usize, const MAX: usize>(bytes: &[u8]) -> Set<SealedCode, MIN, MAX> {
        Set::new(bytes.iter().map(|byte| SealedCode([*byte; 16])).collect()).unwrap()
    }

    /// Closures of both effects that are the same.
    fn closures(codes: &[u8], resources: &[u8], authors: &[u8]) -> Closures {
        let closure = Closure {
            codes: sealed(codes),
            resources: sealed(resources),
            authors: sealed(authors),
        };
        Closures { permit: closure.clone(), deny: closure }
    }

    #[test]
    fn markers_are_what_they_are_said_to_be() {
        for element in Element::SEALED.into_iter().filter(|element| !element.holds_ids()) {
            let hash = sha256(&[b"vidimus/unmapped/1\0", element.name().as_bytes()]);
            assert_eq!(unmapped_marker(element).0, hash.0[..16], "{element}");
        }
        let hash = sha256(&[b"vidimus/unmapped/1\0"]);
        for element in [Element::Resource, Element::Author] {
            assert_eq!(unmapped_marker(element).0, hash.0[..16], "{element}");
        }
    }

    #[test]
    fn marker_matches_every_deny_of_its_element_and_no_permit() {
        let mut closures = closures(&[1], &[], &[]);
        let codes = Set::new(alloc::vec![unmapped_marker(Element::Label)]).unwrap();
        closures.permit.codes = codes.clone();
        closures.deny.codes = codes;
        let sealed = SealedCode([7; 16]);
        assert!(closures.answer_to_code(Effect::Deny, Element::Label, &sealed));
        assert!(!closures.answer_to_code(Effect::Deny, Element::Class, &sealed));
        assert!(!closures.answer_to_code(Effect::Permit, Element::Label, &sealed));
    }

    #[test]
    fn permit_names_every_id_and_a_deny_one_of_them() {
        for (carried, named, permit, deny) in [
            (&[1, 2][..], &[1, 2][..], true, true),
            (&[1, 2], &[1, 2, 3], true, true),
            (&[1, 2], &[1], false, true),
            (&[1, 2], &[2, 3], false, true),
            (&[1, 2], &[3], false, false),
            (&[], &[1], false, true),
        ] {
            // The other element holds the reverse, and is not asked.
            let [resources, authors] =
                [closures(&[9], carried, &[1, 7]), closures(&[9], &[1, 7], carried)];
            for (element, closures) in [(Element::Resource, resources), (Element::Author, authors)]
            {
                let found = Effect::ALL
                    .map(|effect| closures.answer_to_ids(effect, effect, element, &sealed(named)));
                assert_eq!(found, [permit, deny], "{element} {named:?} on {carried:?}");
            }
        }
    }

    #[test]
    fn each_effect_has_its_own_closure() {
        let mut closures = closures(&[1], &[2], &[3]);
        closures.deny =
            Closure { codes: sealed(&[4]), resources: sealed(&[5]), authors: sealed(&[6]) };
        for (effect, [code, resource, author]) in
            [(Effect::Permit, [1, 2, 3]), (Effect::Deny, [4, 5, 6])]
        {
            let sealed_code = SealedCode([code; 16]);
            assert!(closures.answer_to_code(effect, Element::Label, &sealed_code));
            assert!(closures.answer_to_ids(
                effect,
                effect,
                Element::Resource,
                &sealed(&[resource])
            ));
            assert!(closures.answer_to_ids(effect, effect, Element::Author, &sealed(&[author])));
            assert!(!closures.answer_to_ids(effect, effect, Element::Author, &sealed(&[resource])));
            assert!(!closures.answer_to_code(effect.reversed(), Element::Label, &sealed_code));
        }
    }

    #[test]
    fn access_lies_within_its_request_or_not() {
        let request = closures(&[1, 3, 5], &[1, 2], &[1, 2]);
        for (codes, resources, authors, is_within) in [
            (&[3][..], &[1][..], &[2][..], true),
            (&[1, 3, 5], &[1, 2], &[1, 2], true),
            (&[1, 2], &[1], &[1], false),
            (&[6], &[1], &[1], false),
            (&[3], &[1, 3], &[1], false),
            (&[3], &[1], &[1, 3], false),
            // Which they are is not said: that could be any.
            (&[3], &[], &[1], false),
            (&[3], &[1], &[], false),
        ] {
            let access = closures(codes, resources, authors);
            assert_eq!(access.is_within(&request), is_within, "{access:?}");
        }
        let any = closures(&[1, 3], &[], &[]);
        assert!(closures(&[1], &[7], &[8]).is_within(&any), "asked for all of them");
        let other_permit = Closures { permit: closures(&[9], &[9], &[]).permit, ..request.clone() };
        assert!(other_permit.is_within(&request), "judged anew");
    }
}
