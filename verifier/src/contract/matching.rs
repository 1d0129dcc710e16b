//! Whether an access meets the elements of a provision.
//!
//! What is unknown or unsaid is read against the access: what would permit it then does not cover it, what
//! would deny it reaches it.

use alloc::vec::Vec;

use crate::{
    encoding::cbor::variants,
    record::{
        actor::{Actor, ActorPattern, CodeText},
        codes::{self, Code, Concept, Effect, Reach, System, is_emergency_purpose},
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
///
/// Its codes in clear are looked up once, for all consents that are asked.
#[derive(Clone, Debug)]
pub struct Question<'a> {
    processing: &'a Processing,
    at: Instant,
    is_for_emergency: bool,
    permit: Reaches,
    deny: Reaches,
}

/// What provisions of one effect may name to match the codes in clear.
#[derive(Clone, Debug)]
struct Reaches {
    role: Reach,
    action: Reach,
    purposes: Vec<Reach>,
}

impl<'a> Question<'a> {
    /// What is done, by whom, what for and with which data; and when.
    pub fn new(processing: &'a Processing, at: Instant) -> Self {
        let [permit, deny] = Effect::ALL.map(|effect| {
            let reach = |system, carried| Reach::new(effect, concept(system, carried));
            let purposes = processing.purposes.iter();
            Reaches {
                role: reach(System::Role, &processing.actor.role),
                action: reach(System::Action, &processing.action),
                purposes: purposes.map(|purpose| reach(System::Purpose, purpose)).collect(),
            }
        });
        let mut purposes = processing.purposes.iter();
        let is_for_emergency = purposes.any(|purpose| is_emergency_purpose(purpose.as_str()));
        Self { processing, at, is_for_emergency, permit, deny }
    }

    /// What is done, by whom, what for and with which data.
    pub const fn processing(&self) -> &'a Processing {
        self.processing
    }

    /// When it is done.
    pub const fn at(&self) -> Instant {
        self.at
    }

    /// Whether one of the purposes is an emergency's, declared or not.
    pub(super) const fn is_for_emergency(&self) -> bool {
        self.is_for_emergency
    }

    const fn reaches(&self, effect: Effect) -> &Reaches {
        match effect {
            Effect::Permit => &self.permit,
            Effect::Deny => &self.deny,
        }
    }
}

/// How elements are read.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reading {
    /// The effect of the part that has the elements: its codes are sealed for it.
    pub(super) own: Effect,
    /// What is said of the access if it meets them. The other effect where a provision of a consent
    /// reverses the decision, and its scope is asked whether that is about the access.
    pub(super) said: Effect,
    /// Whether all that is named must be there.
    pub(super) rule_set: RuleSet,
}

impl Reading {
    /// By which tables codes are looked up. A scope that is asked for the reverse is that of a deny or
    /// is asked for one.
    const fn tables(self) -> Effect {
        match (self.own, self.said) {
            (Effect::Permit, Effect::Permit) => Effect::Permit,
            (Effect::Deny, _) | (_, Effect::Deny) => Effect::Deny,
        }
    }

    fn matches(self, carried: &Reach, named: Option<Concept>) -> bool {
        match self.said {
            Effect::Permit => carried.is_surely_met_by(named),
            Effect::Deny => carried.is_met_by(named),
        }
    }
}

/// The concept of a code, if it has a place in its table.
fn concept(system: System, text: &CodeText) -> Option<Concept> {
    // Every code text is a code; were one none, nobody could place it.
    Code::new(system, text.as_str()).ok().and_then(|code| codes::mapped(&code))
}

/// The first element of `elements` that the access does not meet; `None` if it meets all.
///
/// > Elements inside one provision are combined with AND; an element that is not populated is no
/// > constraint; repetitions inside one element are combined with OR.
///
/// The sense of IHE PCF 1.1, Appendix P.4.4. What reaches an access depends on what is said of it.
/// Under [`RuleSet::FhirStrictAll`], the other reading of FHIR R5 `Consent.provision`, all named labels
/// and purposes must be there.
pub(super) fn first_unmet(
    elements: &Elements,
    reading: Reading,
    question: &Question<'_>,
) -> Option<Element> {
    let (processing, reaches) = (question.processing, question.reaches(reading.tables()));
    let codes = |element, named| matches_codes(element, named, reading, processing);
    let ids = |element, named: &SealedSet| {
        let Reading { own, said, .. } = reading;
        named.is_empty() || processing.closures.answer_to_ids(own, said, element, named)
    };
    let is_met = |element: &Element| match element {
        Element::Actors => matches_actor(&elements.actors, reading, reaches, &processing.actor),
        Element::Actions => {
            let is_named = |named| reading.matches(&reaches.action, concept(System::Action, named));
            elements.actions.is_empty() || elements.actions.iter().any(is_named)
        }
        Element::Purposes => matches_purposes(&elements.purposes, reading, question),
        Element::Period => {
            elements.period.as_ref().is_none_or(|period| period.contains(question.at))
        }
        Element::DataPeriod => {
            matches_data_period(elements.data_period.as_ref(), reading.said, processing)
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

fn matches_actor(
    patterns: &[ActorPattern],
    reading: Reading,
    reaches: &Reaches,
    actor: &Actor,
) -> bool {
    let fits = |pattern: &ActorPattern| {
        pattern.organization.as_ref().is_none_or(|named| *named == actor.organization)
            && pattern.person.is_none_or(|named| named == actor.person)
            && (pattern.role.as_ref())
                .is_none_or(|named| reading.matches(&reaches.role, concept(System::Role, named)))
    };
    patterns.is_empty() || patterns.iter().any(fits)
}

/// What permits covers an access only if it covers every purpose of it: who permits treatment has not
/// permitted marketing on the side. A permit that names no purpose covers all but emergencies, which
/// need a permit of their own. A deny of one purpose is enough.
fn matches_purposes(named: &[CodeText], reading: Reading, question: &Question<'_>) -> bool {
    let tables = reading.tables();
    if named.is_empty() {
        return tables == Effect::Deny || !question.is_for_emergency;
    }
    let carried = &question.reaches(tables).purposes;
    let named: Vec<_> = named.iter().map(|named| concept(System::Purpose, named)).collect();
    let by_any_named = |carried: &Reach| named.iter().any(|named| reading.matches(carried, *named));
    let is_reached = match reading.said {
        Effect::Permit => carried.iter().all(by_any_named),
        Effect::Deny => carried.iter().any(by_any_named),
    };
    let all_are_there =
        || named.iter().all(|named| carried.iter().any(|carried| reading.matches(carried, *named)));
    is_reached && (reading.rule_set != RuleSet::FhirStrictAll || all_are_there())
}

fn matches_data_period(named: Option<&Period>, said: Effect, processing: &Processing) -> bool {
    match (named, &processing.data_period, said) {
        (None, _, _) => true,
        (Some(named), Some(carried), Effect::Permit) => named.covers(carried),
        (Some(named), Some(carried), Effect::Deny) => named.overlaps(carried),
        // The access does not say of when its data is.
        (Some(_), None, said) => said == Effect::Deny,
    }
}

/// Whether the access answers to the sealed codes `named`: to one of them, or to all labels where the
/// rule set asks for that.
fn matches_codes(
    element: codes::Element,
    named: &SealedSet,
    reading: Reading,
    processing: &Processing,
) -> bool {
    if named.is_empty() {
        return true;
    }
    // What else the data is may be anything: a permit of what is known does not cover it, and a deny
    // reaches it.
    if has_marker(processing, element) {
        return reading.said == Effect::Deny;
    }
    let answers = |sealed| processing.closures.answer_to_code(reading.own, element, sealed);
    if reading.rule_set == RuleSet::FhirStrictAll && element == codes::Element::Label {
        named.iter().all(answers)
    } else {
        named.iter().any(answers)
    }
}

/// Whether the deny closure says that the data has a code in this element that no table knows.
fn has_marker(processing: &Processing, element: codes::Element) -> bool {
    processing.closures.deny.codes.has(&unmapped_marker(element))
}

/// A code of an access that is in no table.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Unmapped<'a> {
    /// One in clear.
    Clear(System, &'a CodeText),
    /// One that is sealed, or several: which is not known.
    Sealed(codes::Element),
}

/// The codes of the access, in clear or sealed, that are in no table: what is said of it then rests on
/// nobody knowing what they mean. Lawful bases are not asked: no consent is about them.
pub fn unmapped_codes(processing: &Processing) -> impl Iterator<Item = Unmapped<'_>> {
    let is_unmapped = |(system, text): &(System, &CodeText)| {
        Code::new(*system, text.as_str()).is_ok_and(|code| code.lookup().is_none())
    };
    let purposes = processing.purposes.iter().map(|purpose| (System::Purpose, purpose));
    let clear = [(System::Action, &processing.action), (System::Role, &processing.actor.role)];
    let clear = clear.into_iter().chain(purposes).filter(is_unmapped);
    let clear = clear.map(|(system, text)| Unmapped::Clear(system, text));
    let sealed = codes::Element::SEALED.into_iter();
    let sealed = sealed.filter(|element| has_marker(processing, *element)).map(Unmapped::Sealed);
    clear.chain(sealed)
}
