//! Closures: what an access answers to, sealed.

use alloc::{collections::BTreeSet, vec::Vec};

use super::SealedCode;
use crate::record::codes::{Effect, Element};

/// Most sealed codes of one closure.
pub const CLOSURE_CODES: usize = 1_024;

/// Why sealed codes are no closure.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ClosureError {
    /// Not in strictly ascending order, which makes a set one sequence of bytes.
    #[error("sealed code {index} does not stand in ascending order")]
    Order {
        /// Zero-based index of the second of the two.
        index: usize,
    },
    /// More than [`CLOSURE_CODES`].
    #[error("more than {CLOSURE_CODES} sealed codes")]
    Length,
}

/// The sealed codes of everything that a provision of one effect may name to match a request or
/// access, in ascending order, at most [`CLOSURE_CODES`].
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Closure {
    effect: Effect,
    codes: Vec<SealedCode>,
}

impl Closure {
    /// The closure that a record carries.
    ///
    /// Says nothing of where the codes come from: only a [`Sealer`](super::Sealer) can tell.
    ///
    /// # Errors
    /// [`ClosureError::Order`], [`ClosureError::Length`].
    pub fn from_sealed(effect: Effect, codes: Vec<SealedCode>) -> Result<Self, ClosureError> {
        if codes.len() > CLOSURE_CODES {
            return Err(ClosureError::Length);
        }
        let pairs = codes.iter().zip(codes.iter().skip(1));
        if let Some((index, _)) = (1..).zip(pairs).find(|(_, (code, next))| code >= next) {
            return Err(ClosureError::Order { index });
        }
        Ok(Self { effect, codes })
    }

    /// A set is in order, and the limits of [`Carried`](super::Carried) keep it short enough.
    pub(super) fn from_set(effect: Effect, codes: BTreeSet<SealedCode>) -> Self {
        Self { effect, codes: codes.into_iter().collect() }
    }

    /// Provisions of which effect it answers to.
    pub fn effect(&self) -> Effect {
        self.effect
    }

    /// The sealed codes in ascending order.
    pub fn codes(&self) -> &[SealedCode] {
        &self.codes
    }

    /// Whether a provision of the same effect matches in `element` that carries `sealed` there:
    /// [`is_answered`].
    pub fn matches(&self, element: Element, sealed: &SealedCode) -> bool {
        is_answered(&self.codes, self.effect, element, sealed)
    }

    /// Whether every sealed code stands in `other` too, and both answer to the same effect: an access
    /// opens no more than was asked for.
    pub fn is_within(&self, other: &Self) -> bool {
        let is_in_other = |sealed: &SealedCode| other.codes.binary_search(sealed).is_ok();
        self.effect == other.effect && self.codes.iter().all(is_in_other)
    }
}

/// Whether a closure for `effect`, its codes ascending, answers to a provision that carries `sealed` in
/// `element`. With several, one that is answered is enough, or all must be, as the rule set says.
///
/// # Cost
/// At most two binary searches.
pub fn is_answered(
    closure: &[SealedCode],
    effect: Effect,
    element: Element,
    sealed: &SealedCode,
) -> bool {
    let contains = |sealed: &SealedCode| closure.binary_search(sealed).is_ok();
    match effect {
        Effect::Permit => contains(sealed),
        // A carried code that nobody can place is reached by every deny of its element.
        Effect::Deny => contains(sealed) || contains(&unmapped_marker(element)),
    }
}

/// What stands in a deny closure for an unmapped code of this element: the same for every key, since
/// the contract has to know it.
///
/// `SHA-256("vidimus/unmapped/1" 0x00 element)[..16]`. Resources are never unmapped, and elements that
/// stand in clear have no closure; theirs are in no closure.
pub const fn unmapped_marker(element: Element) -> SealedCode {
    SealedCode(match element {
        Element::Class => MARKER_CLASS,
        Element::Confidentiality => MARKER_CONFIDENTIALITY,
        Element::Label => MARKER_LABEL,
        Element::Action
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
    use crate::merkle::sha256;

    fn sealed(bytes: &[u8]) -> Vec<SealedCode> {
        bytes.iter().map(|byte| SealedCode([*byte; 16])).collect()
    }

    fn closure(effect: Effect, bytes: &[u8]) -> Closure {
        Closure::from_sealed(effect, sealed(bytes)).unwrap()
    }

    #[test]
    fn markers_are_what_they_are_said_to_be() {
        for element in Element::SEALED.into_iter().filter(|e| *e != Element::Resource) {
            let hash = sha256(&[b"vidimus/unmapped/1\0", element.name().as_bytes()]);
            assert_eq!(unmapped_marker(element).0, hash.0[..16], "{element}");
        }
        let hash = sha256(&[b"vidimus/unmapped/1\0"]);
        assert_eq!(unmapped_marker(Element::Resource).0, hash.0[..16]);
    }

    #[test]
    fn sealed_codes_out_of_order_or_twice_are_no_closure() {
        let error = |bytes| Closure::from_sealed(Effect::Deny, sealed(bytes)).unwrap_err();
        assert_eq!(error(&[1, 3, 2]), ClosureError::Order { index: 2 });
        assert_eq!(error(&[1, 1, 2]), ClosureError::Order { index: 1 });
        assert_eq!(closure(Effect::Deny, &[]).codes().len(), 0);
    }

    #[test]
    fn closure_ends_at_its_limit() {
        let codes = |count: usize| -> Vec<SealedCode> {
            let numbers = (0_u128..).take(count);
            numbers.map(|number| SealedCode(number.to_be_bytes())).collect()
        };
        assert!(Closure::from_sealed(Effect::Permit, codes(CLOSURE_CODES)).is_ok());
        let longer = Closure::from_sealed(Effect::Permit, codes(CLOSURE_CODES + 1));
        assert_eq!(longer, Err(ClosureError::Length));
    }

    #[test]
    fn marker_matches_every_deny_of_its_element_and_no_permit() {
        let codes = alloc::vec![unmapped_marker(Element::Label)];
        let [permit, deny] =
            Effect::ALL.map(|effect| Closure::from_sealed(effect, codes.clone()).unwrap());
        let sealed = SealedCode([7; 16]);
        assert!(deny.matches(Element::Label, &sealed));
        assert!(!deny.matches(Element::Class, &sealed));
        assert!(!permit.matches(Element::Label, &sealed));
    }

    #[test]
    fn access_lies_within_its_request_or_not() {
        let request = closure(Effect::Deny, &[1, 3, 5]);
        for (bytes, is_within) in
            [(&[][..], true), (&[3], true), (&[1, 3, 5], true), (&[1, 2], false), (&[6], false)]
        {
            assert_eq!(closure(Effect::Deny, bytes).is_within(&request), is_within, "{bytes:?}");
        }
        assert!(!closure(Effect::Permit, &[3]).is_within(&request));
    }
}
