//! Whether an access meets the elements of a provision.
//!
//! What is unknown or unsaid is read against the access: a permit then does not cover it, a deny
//! reaches it.

use crate::{
    encoding::cbor::{Set, variants},
    record::{
        actor::{Actor, ActorPattern, CodeText},
        codes::{self, Code, Effect, System, is_emergency_purpose},
        consent::{Elements, RuleSet},
        details::SealedSet,
        instant::{Instant, Period},
        request::Processing,
        sealing::unmapped_marker,
    },
};

variants! {
    /// An element of a provision.
    pub enum Element {
        /// Who acts.
        1 => Actors "actors",
        /// What is done.
        2 => Actions "actions",
        /// What for.
        3 => Purposes "purposes",
        /// When it is done.
        4 => Period "period",
        /// When the data was authored.
        5 => DataPeriod "data_period",
        /// Confidentiality of the data.
        6 => Confidentiality "confidentiality",
        /// Labels of the data.
        7 => Labels "labels",
        /// Classes of the data.
        8 => Classes "classes",
        /// The data itself.
        9 => Resources "resources",
        /// Who authored the data.
        10 => Authors "authors",
        /// The version of a research protocol: of a whole consent.
        11 => Protocol "protocol",
    }
}

/// An access, or the request of one, at the moment at which it is judged.
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    /// What is done, by whom, what for and with which data.
    pub processing: &'a Processing,
    /// When it is done.
    pub at: Instant,
}

/// The first element of `elements` that the access does not meet; `None` if it meets all.
///
/// > Elements inside one provision are combined with AND; an element that is not populated is no
/// > constraint; repetitions inside one element are combined with OR.
///
/// The sense of IHE PCF 1.1, Appendix P.4.4. `effect` is that of the provision that has the elements:
/// what reaches an access depends on it. Under [`RuleSet::FhirStrictAll`], the other reading of FHIR
/// R5 `Consent.provision`, all named labels and purposes must be there.
pub fn first_unmet(
    elements: &Elements,
    effect: Effect,
    rule_set: RuleSet,
    question: Question<'_>,
) -> Option<Element> {
    let Question { processing, at } = question;
    let codes = |element, named| matches_codes(element, named, effect, rule_set, processing);
    let ids = |element, named: &SealedSet| {
        named.is_empty() || processing.closures.answer_to_ids(effect, element, named)
    };
    let is_met = |element: &Element| match element {
        Element::Actors => matches_actor(&elements.actors, effect, &processing.actor),
        Element::Actions => {
            let is_named = |named| matches(System::Action, effect, named, &processing.action);
            elements.actions.is_empty() || elements.actions.iter().any(is_named)
        }
        Element::Purposes => {
            matches_purposes(&elements.purposes, effect, rule_set, &processing.purposes)
        }
        Element::Period => elements.period.as_ref().is_none_or(|period| period.contains(at)),
        Element::DataPeriod => {
            matches_data_period(elements.data_period.as_ref(), effect, processing)
        }
        Element::Confidentiality => {
            codes(codes::Element::Confidentiality, &elements.confidentiality)
        }
        Element::Labels => codes(codes::Element::Label, &elements.labels),
        Element::Classes => codes(codes::Element::Class, &elements.classes),
        Element::Resources => ids(codes::Element::Resource, &elements.resources),
        Element::Authors => ids(codes::Element::Author, &elements.authors),
        // Of a whole consent, not of a part.
        Element::Protocol => true,
    };
    Element::ALL.iter().copied().find(|element| !is_met(element))
}

/// Whether a provision of this effect that names `named` matches what carries `carried`.
pub(super) fn matches(
    system: System,
    effect: Effect,
    named: &CodeText,
    carried: &CodeText,
) -> bool {
    let code = |text: &CodeText| Code::new(system, text.as_str());
    match (code(named), code(carried)) {
        (Ok(named), Ok(carried)) => effect.matches(&named, &carried),
        // Every code text is a code; were one none, nobody could place it.
        (Ok(_) | Err(_), Ok(_) | Err(_)) => effect == Effect::Deny,
    }
}

fn matches_actor(patterns: &[ActorPattern], effect: Effect, actor: &Actor) -> bool {
    let fits = |pattern: &ActorPattern| {
        pattern.organization.as_ref().is_none_or(|named| *named == actor.organization)
            && pattern.person.is_none_or(|named| named == actor.person)
            && (pattern.role.as_ref())
                .is_none_or(|named| matches(System::Role, effect, named, &actor.role))
    };
    patterns.is_empty() || patterns.iter().any(fits)
}

/// A permit covers an access only if it covers every purpose of it: who permits treatment has not
/// permitted marketing on the side. One that names no purpose covers all but emergencies, which need a
/// permit of their own. A deny of one purpose is enough.
fn matches_purposes<const MIN: usize, const MAX: usize, const MOST: usize>(
    named: &Set<CodeText, 0, MOST>,
    effect: Effect,
    rule_set: RuleSet,
    carried: &Set<CodeText, MIN, MAX>,
) -> bool {
    let reaches =
        |named: &CodeText, carried: &CodeText| matches(System::Purpose, effect, named, carried);
    let by_any_named = |carried: &CodeText| named.iter().any(|named| reaches(named, carried));
    let is_reached = match effect {
        Effect::Permit => carried.iter().all(by_any_named),
        Effect::Deny => carried.iter().any(by_any_named),
    };
    let all_are_there = || named.iter().all(|named| carried.iter().any(|c| reaches(named, c)));
    let has_emergency = || carried.iter().any(|purpose| is_emergency_purpose(purpose.as_str()));
    if named.is_empty() {
        return effect == Effect::Deny || !has_emergency();
    }
    is_reached && (rule_set != RuleSet::FhirStrictAll || all_are_there())
}

fn matches_data_period(named: Option<&Period>, effect: Effect, processing: &Processing) -> bool {
    match (named, &processing.data_period, effect) {
        (None, _, _) => true,
        (Some(named), Some(carried), Effect::Permit) => named.covers(carried),
        (Some(named), Some(carried), Effect::Deny) => named.overlaps(carried),
        // The access does not say of when its data is.
        (Some(_), None, effect) => effect == Effect::Deny,
    }
}

/// Whether the access answers to the sealed codes `named`: to one of them, or to all labels where the
/// rule set asks for that.
fn matches_codes(
    element: codes::Element,
    named: &SealedSet,
    effect: Effect,
    rule_set: RuleSet,
    processing: &Processing,
) -> bool {
    // What else the data is may be anything: a permit of what is known does not cover it.
    let is_unplaced = effect == Effect::Permit && has_marker(processing, element);
    let closures = &processing.closures;
    let mut answers = named.iter().map(|sealed| closures.answer_to_code(effect, element, sealed));
    match rule_set {
        _ if named.is_empty() => true,
        _ if is_unplaced => false,
        RuleSet::FhirStrictAll if element == codes::Element::Label => {
            answers.all(|answers| answers)
        }
        RuleSet::Pcf11 | RuleSet::FhirStrictAll => answers.any(|answers| answers),
    }
}

/// Whether the deny closure says that the data has a code in this element that no table knows.
fn has_marker(processing: &Processing, element: codes::Element) -> bool {
    processing.closures.deny.codes.has(&unmapped_marker(element))
}

/// Whether a code of the access, in clear or sealed, is in no table: then what is said of it rests on
/// nobody knowing what it means.
pub fn has_unmapped_code(processing: &Processing) -> bool {
    let is_unmapped = |system, text: &CodeText| {
        Code::new(system, text.as_str()).is_ok_and(|code| code.lookup().is_none())
    };
    is_unmapped(System::Action, &processing.action)
        || is_unmapped(System::Role, &processing.actor.role)
        || processing.purposes.iter().any(|purpose| is_unmapped(System::Purpose, purpose))
        || codes::Element::SEALED.into_iter().any(|element| has_marker(processing, element))
}
