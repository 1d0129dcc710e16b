//! Sealed codes: what a provision is about, and what an access opens, without saying it on the ledger.
//!
//! Validators match accesses with provisions and must not learn that a subject has data of that kind.
//! So a provision carries the [`SealedCode`] of what it names, an access carries two [`Closure`]s of
//! what it opens, one for each effect, and the contract compares the one with the other. Whoever holds the
//! [`ViewKey`] opens the [`Details`] of the record, computes both again and compares.
//!
//! ```text
//!              Named ──seal_provision──▶ sealed codes ──┐
//! (a provision)                                         ├─▶ Closures::answer_to_*, without a key
//!            Carried ──compute_closure─▶ Closure ───────┘
//! (an access)
//!            Details ──seal_details────▶ ciphertext ──open_details──▶ Details ──check_*──▶ Difference?
//! ```
//!
//! A closure holds the sealed code of everything that a provision may name to match, so that membership
//! says the same as [`permit_covers`](super::codes::permit_covers) and
//! [`deny_reaches`](super::codes::deny_reaches). Resources and authors stand apart from the codes: of
//! these one that a provision names is enough, of those a permit must name every one. Byte layouts, and what sealed codes do not hide:
//! `docs/sealing.md`.

mod cbor;
mod ciphertext;
mod closure;
mod content;
mod details;
mod difference;
mod name;

use alloc::{
    collections::{BTreeMap, BTreeSet},
    format,
    vec::Vec,
};
use core::fmt;

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

pub use self::ciphertext::{
    Binding, DETAILS_BYTES, DetailsError, NONCE_LENGTH, open_details, seal_details,
};
pub use self::closure::unmapped_marker;
pub use self::content::{Carried, ContentError, Named, RESOURCE_LENGTH, ResourceId};
pub use self::details::{Details, TextKind};
pub use self::difference::{Difference, ExtraCode};
pub use self::name::{Name, SEALED_PER_CODE};
pub use crate::encoding::hex::SealedCode;

use self::name::{closure_names, provision_name};
use super::{
    codes::{Code, Concept, Effect, Element, System},
    details::{Closure, Closures},
    keys::ViewKey,
};
use crate::encoding::cbor::Set;

/// What every sealed code is computed over first.
const LABEL: &[u8] = b"vidimus/code/1";

/// Seals codes under one view key.
///
/// `HMAC-SHA256(view key, "vidimus/code/1" 0x00 effect 0x00 system 0x00 code)[..16]`. No part holds
/// 0x00, so codes of different effects and systems are different messages.
#[derive(Clone)]
pub struct Sealer {
    mac: Hmac<Sha256>,
}

impl fmt::Debug for Sealer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sealer(..)")
    }
}

impl Sealer {
    /// A sealer under this key.
    pub fn new(key: &ViewKey) -> Self {
        let mut mac = keyed(key);
        mac.update(LABEL);
        Self { mac }
    }

    /// The sealed code that a provision of this effect carries if it names `code`.
    ///
    /// A known code is sealed by the spelling of its table. An unmapped one is sealed as it is in a
    /// permit, where it will match nothing, and as any code of its element in a deny: it may stand
    /// above each of them.
    pub fn seal_provision_code(&self, effect: Effect, code: &Code) -> SealedCode {
        self.seal_name(effect, &provision_name(effect, code))
    }

    /// The sealed code that a provision of this effect carries if it names `resource`.
    pub fn seal_provision_resource(&self, effect: Effect, resource: &ResourceId) -> SealedCode {
        self.seal(effect, Element::Resource.name(), resource.as_str())
    }

    /// The sealed code that a provision of this effect carries if it names `author`.
    pub fn seal_provision_author(&self, effect: Effect, author: &ResourceId) -> SealedCode {
        self.seal(effect, Element::Author.name(), author.as_str())
    }

    /// What a provision of this effect carries in place of what it names, by element. An element that
    /// it does not name is not there.
    pub fn seal_provision(
        &self,
        effect: Effect,
        named: &Named,
    ) -> BTreeMap<Element, BTreeSet<SealedCode>> {
        let mut sealed = BTreeMap::<_, BTreeSet<_>>::new();
        for (element, codes) in self.compute_provision_names(effect, named) {
            sealed.entry(element).or_default().extend(codes.into_keys());
        }
        sealed
    }

    /// The closures that a request or access carries.
    ///
    /// # Cost
    /// That of two [closures](Self::compute_closure).
    pub fn compute_closures(&self, carried: &Carried) -> Closures {
        let [permit, deny] = Effect::ALL.map(|effect| self.compute_closure(effect, carried));
        Closures { permit, deny }
    }

    /// The closure that a request or access carries for provisions of this effect.
    ///
    /// # Cost
    /// One HMAC for each of its sealed codes.
    pub fn compute_closure(&self, effect: Effect, carried: &Carried) -> Closure {
        let names = self.compute_closure_names(effect, carried);
        Closure {
            codes: sealed_set(names.codes),
            resources: sealed_set(names.resources),
            authors: sealed_set(names.authors),
        }
    }

    /// What the sealed codes of a provision were computed from.
    fn compute_provision_names(
        &self,
        effect: Effect,
        named: &Named,
    ) -> BTreeMap<Element, BTreeMap<SealedCode, Name>> {
        let codes = named.codes().iter();
        let codes = codes.map(|code| (code.system().element(), provision_name(effect, code)));
        let resources = named.resources().iter().cloned();
        let resources = resources.map(|id| (Element::Resource, Name::Resource(id)));
        let authors = named.authors().iter().cloned();
        let authors = authors.map(|id| (Element::Author, Name::Author(id)));
        let mut by_element = BTreeMap::<_, BTreeMap<_, _>>::new();
        for (element, name) in codes.chain(resources).chain(authors) {
            by_element.entry(element).or_default().insert(self.seal_name(effect, &name), name);
        }
        by_element
    }

    /// What the sealed codes of a closure are computed from.
    fn compute_closure_names(&self, effect: Effect, carried: &Carried) -> ClosureNames {
        let sealed = |name| (self.seal_name(effect, &name), name);
        let codes = carried.codes().iter().flat_map(|code| closure_names(effect, code));
        let resources = carried.resources().iter().cloned().map(Name::Resource);
        let authors = carried.authors().iter().cloned().map(Name::Author);
        ClosureNames {
            codes: codes.map(sealed).collect(),
            resources: resources.map(sealed).collect(),
            authors: authors.map(sealed).collect(),
        }
    }

    /// Every sealed code of this effect that can be told without knowing what a record is about.
    ///
    /// # Cost
    /// An HMAC for each code of the sealed systems and its filling, about 900.
    fn dictionary(&self, effect: Effect) -> BTreeMap<SealedCode, Name> {
        let systems = System::ALL.into_iter().filter(|system| system.element().is_sealed());
        let codes = systems.flat_map(|system| system.table().concepts()).map(Concept::code);
        let names = codes.flat_map(|code| {
            let filling = (1..=SEALED_PER_CODE).map(|n| Name::Filling(code.clone(), n));
            filling.chain([Name::Code(code.clone())]).collect::<Vec<_>>()
        });
        let elements = Element::SEALED.into_iter().filter(|element| !element.holds_ids());
        let elements = elements.flat_map(|element| [Name::Any(element), Name::Unmapped(element)]);
        names.chain(elements).map(|name| (self.seal_name(effect, &name), name)).collect()
    }

    fn seal_name(&self, effect: Effect, name: &Name) -> SealedCode {
        match name {
            Name::Any(element) => self.seal(effect, "any", element.name()),
            Name::Author(author) => self.seal_provision_author(effect, author),
            Name::Code(code) => self.seal(effect, code.system().name(), code.text()),
            Name::Filling(code, number) => {
                let filling = format!("{number}/{}/{}", code.system(), code.text());
                self.seal(effect, "filling", &filling)
            }
            Name::Resource(resource) => self.seal_provision_resource(effect, resource),
            Name::Unmapped(element) => unmapped_marker(*element),
        }
    }

    fn seal(&self, effect: Effect, system: &str, code: &str) -> SealedCode {
        let mut mac = self.mac.clone();
        for part in [effect.name(), system, code] {
            mac.update(&[0]);
            mac.update(part.as_bytes());
        }
        let mut sealed = [0; SealedCode::LENGTH];
        for (byte, computed) in sealed.iter_mut().zip(mac.finalize().into_bytes()) {
            *byte = computed;
        }
        SealedCode(sealed)
    }
}

/// What the sealed codes of one closure are computed from.
struct ClosureNames {
    codes: BTreeMap<SealedCode, Name>,
    resources: BTreeMap<SealedCode, Name>,
    authors: BTreeMap<SealedCode, Name>,
}

#[expect(clippy::expect_used, reason = "what an access carries has a level, and ends below")]
fn sealed_set<const MIN: usize, const MAX: usize>(
    names: BTreeMap<SealedCode, Name>,
) -> Set<SealedCode, MIN, MAX> {
    Set::new(names.into_keys().collect()).expect("the limits of what is carried are narrower")
}

#[expect(clippy::expect_used, reason = "a shorter key is filled with zeros (RFC 2104 §2)")]
fn keyed(key: &ViewKey) -> Hmac<Sha256> {
    Hmac::new_from_slice(key.expose()).expect("HMAC takes keys of any length")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::codes::mapped;

    fn code(system: System, text: &str) -> Code {
        Code::new(system, text).unwrap()
    }

    fn sealer(byte: u8) -> Sealer {
        Sealer::new(&ViewKey::new([byte; 32]))
    }

    fn sealed_systems() -> impl Iterator<Item = System> {
        System::ALL.into_iter().filter(|system| system.element().is_sealed())
    }

    /// Every code of the sealed systems, aliases, and one in each system that no table has.
    fn every_code() -> Vec<Code> {
        let known = sealed_systems().flat_map(|system| system.table().concepts());
        let unmapped = sealed_systems().map(|system| code(system, "NEW-IN-2031"));
        let alias = code(System::Refrain, "NORDSLCD");
        known.map(Concept::code).chain(unmapped).chain([alias]).collect()
    }

    /// What carries `codes`, and a level of confidentiality if none is among them.
    fn carried(codes: &[&Code]) -> Carried {
        let has_level = codes.iter().any(|code| code.system() == System::Confidentiality);
        let level = (!has_level).then(|| code(System::Confidentiality, "N"));
        Carried::new(codes.iter().copied().cloned().chain(level), [], []).unwrap()
    }

    #[test]
    fn membership_of_sealed_codes_equals_the_open_rules_for_every_pair_of_codes() {
        let by_key = sealer(1);
        let codes = every_code();
        let mut matches = [0, 0];
        for (effect, matches) in Effect::ALL.into_iter().zip(&mut matches) {
            let sealed = |code: &Code| by_key.seal_provision_code(effect, code);
            let named: Vec<_> = codes.iter().map(|code| (code, sealed(code))).collect();
            for carried_code in &codes {
                let carried = carried(&[carried_code]);
                let closures = by_key.compute_closures(&carried);
                for (named, sealed) in &named {
                    let element = named.system().element();
                    let open = carried.codes().iter().any(|code| effect.matches(named, code));
                    let found = closures.answer_to_code(effect, element, sealed);
                    assert_eq!(found, open, "{effect} {named} on {carried_code}");
                    *matches += usize::from(found);
                }
            }
        }
        // More is denied than permitted, and neither is nothing.
        assert!(codes.len() < matches[0] && matches[0] < matches[1], "{matches:?}");
    }

    #[test]
    fn closure_of_several_codes_matches_what_one_of_them_does() {
        let by_key = sealer(1);
        let codes = ["HIV", "OPIOIDUD", "NEW-IN-2031"].map(|text| code(System::Sensitivity, text));
        let law = code(System::Law, "42CFRPart2");
        let class = code(System::Class, "Observation");
        let level = code(System::Confidentiality, "R");
        let all: Vec<&Code> = codes.iter().chain([&law, &class, &level]).collect();
        for set in 0..1_usize << all.len() {
            let chosen = all.iter().enumerate().filter(|(bit, _)| set >> bit & 1 == 1);
            let carried = carried(&chosen.map(|(_, code)| *code).collect::<Vec<_>>());
            let closures = by_key.compute_closures(&carried);
            for effect in Effect::ALL {
                for named in &all {
                    let open = carried.codes().iter().any(|code| effect.matches(named, code));
                    let sealed = by_key.seal_provision_code(effect, named);
                    let element = named.system().element();
                    assert_eq!(closures.answer_to_code(effect, element, &sealed), open);
                }
            }
        }
    }

    #[test]
    fn sealed_codes_differ_by_key_effect_system_and_code() {
        let code = |text| code(System::Sensitivity, text);
        let hiv = sealer(1).seal_provision_code(Effect::Permit, &code("HIV"));
        for other in [
            sealer(2).seal_provision_code(Effect::Permit, &code("HIV")),
            sealer(1).seal_provision_code(Effect::Deny, &code("HIV")),
            sealer(1).seal_provision_code(Effect::Permit, &code("STD")),
            sealer(1).seal(Effect::Permit, "law", "HIV"),
            sealer(1).seal(Effect::Permit, "sensitivityH", "IV"),
        ] {
            assert_ne!(other, hiv);
        }
        let alias = self::code(System::Refrain, "NORDSLCD");
        let spelled = self::code(System::Refrain, "NORDSCLCD");
        let sealed = |code| sealer(1).seal_provision_code(Effect::Deny, code);
        assert_eq!(sealed(&alias), sealed(&spelled));
    }

    #[test]
    fn everything_that_can_be_sealed_is_another_sealed_code() {
        let by_key = sealer(1);
        let [permit, deny] = Effect::ALL.map(|effect| by_key.dictionary(effect));
        // The markers alone are the same for both effects: they are no secret.
        let shared: Vec<_> = permit.keys().filter(|sealed| deny.contains_key(sealed)).collect();
        assert_eq!(shared.len(), 3);
        let codes = sealed_systems().flat_map(|system| system.table().concepts()).count();
        let names = codes * (SEALED_PER_CODE + 1) + 2 * 3;
        assert_eq!((permit.len(), deny.len()), (names, names));
    }

    #[test]
    fn size_of_a_closure_does_not_depend_on_which_label_or_level_it_is() {
        let by_key = sealer(1);
        for effect in Effect::ALL {
            let size = |code: &Code| by_key.compute_closure(effect, &carried(&[code])).codes.len();
            let mut sizes = BTreeMap::<_, BTreeSet<_>>::new();
            for code in every_code() {
                let element = code.system().element();
                // That one is unmapped is told by the marker for denials, which is one code more.
                let is_marked = effect == Effect::Deny && mapped(&code).is_none();
                let size = size(&code) - usize::from(is_marked);
                // Classes are not filled, so that an unmapped one has no code beside the marker.
                if mapped(&code).is_some() || element != Element::Class {
                    sizes.entry(element).or_default().insert(size);
                }
            }
            for (element, sizes) in sizes {
                assert_eq!(sizes.len(), 1, "{effect} {element}: {sizes:?}");
            }
        }
    }

    #[test]
    fn data_of_a_level_that_nobody_can_place_has_a_closure_all_the_same() {
        let closures = sealer(1).compute_closures(&carried(&[&code(System::Confidentiality, "X")]));
        assert_eq!((closures.permit.codes.len(), closures.deny.codes.len()), (6, 8));
    }

    #[test]
    fn resources_and_authors_match_themselves_alone() {
        let by_key = sealer(1);
        let [id, other] = ["Observation/1", "Observation/2"].map(|id| ResourceId::new(id).unwrap());
        let level = code(System::Confidentiality, "N");
        // One id as a resource and another as an author, and the sealed codes of both differ.
        let carried = Carried::new([level], [id.clone()], [other.clone()]).unwrap();
        let closures = by_key.compute_closures(&carried);
        for effect in Effect::ALL {
            let matches = |element, sealed| {
                let named = Set::new(alloc::vec![sealed]).unwrap();
                closures.answer_to_ids(effect, effect, element, &named)
            };
            let resource = |id| by_key.seal_provision_resource(effect, id);
            let author = |id| by_key.seal_provision_author(effect, id);
            assert!(matches(Element::Resource, resource(&id)), "{effect}");
            assert!(!matches(Element::Resource, resource(&other)), "{effect}");
            assert!(matches(Element::Author, author(&other)), "{effect}");
            assert!(!matches(Element::Author, author(&id)), "{effect}");
            assert!(!matches(Element::Author, resource(&other)), "{effect}");
        }
    }

    #[test]
    fn provision_is_sealed_by_element_and_nothing_else_of_it_is_left() {
        let by_key = sealer(1);
        let codes = [code(System::Sensitivity, "HIV"), code(System::Law, "NEW-IN-2031")];
        let id = ResourceId::new("Observation/1").unwrap();
        let named = Named::new(codes.clone(), [id.clone()], [id.clone()]).unwrap();
        let sealed = by_key.seal_provision(Effect::Deny, &named);
        let labels = codes.iter().map(|code| by_key.seal_provision_code(Effect::Deny, code));
        let resource = by_key.seal_provision_resource(Effect::Deny, &id);
        let author = by_key.seal_provision_author(Effect::Deny, &id);
        assert_eq!(
            sealed,
            BTreeMap::from([
                (Element::Author, BTreeSet::from([author])),
                (Element::Label, labels.collect()),
                (Element::Resource, BTreeSet::from([resource])),
            ])
        );
        assert_eq!(format!("{by_key:?}"), "Sealer(..)", "no key in it");
    }
}
