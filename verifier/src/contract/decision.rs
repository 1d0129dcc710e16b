//! The decision: what the consents in force, and the network's rules, say of one access.

use alloc::vec::Vec;

use super::{
    matching::{Element, Question, Reading, first_unmet, matches, unmapped_codes},
    rules::{CombiningRule, DecisionRules, ImplicitPolicy},
};
use crate::{
    encoding::{
        cbor::{List, map, variants},
        hex::Hash,
        to_u64,
    },
    record::{
        actor::CodeText,
        codes::{
            self, Code, Effect, System, is_consent_basis, is_emergency_purpose,
            is_treatment_purpose, is_treatment_role,
        },
        consent::{Consent, Elements, Provision, RuleSet},
    },
};

/// Most consents in force of one subject at one custodian.
pub const CONSENTS: usize = 64;

variants! {
    /// What became of the question.
    pub enum Verdict {
        /// A consent, or the implicit policy, permits it.
        1 => Covered "covered",
        /// It overrides the consents in an emergency, and must be reviewed.
        2 => CoveredByException "covered-by-exception",
        /// It rests on a lawful basis other than consent.
        3 => CoveredByLaw "covered-by-law",
        /// Nothing permits it.
        4 => Uncovered "uncovered",
        /// A consent denies it.
        5 => Denied "denied",
        /// It is not permitted, and nobody knows what one of its codes means.
        6 => Indeterminate "indeterminate",
    }
}

impl Verdict {
    /// Whether the access may take place.
    pub const fn permits(self) -> bool {
        match self {
            Self::Covered | Self::CoveredByException | Self::CoveredByLaw => true,
            Self::Uncovered | Self::Denied | Self::Indeterminate => false,
        }
    }
}

variants! {
    /// On what a decision rests.
    pub enum Ground {
        /// What the consents say.
        1 => Consent "consent",
        /// The network's policy for what no consent is about.
        2 => ImplicitPolicy "implicit-policy",
        /// A lawful basis that the access names and the network accepts.
        3 => LawfulBasis "lawful-basis",
        /// An emergency.
        4 => Emergency "emergency",
        /// Nothing at all.
        5 => Nothing "nothing",
    }
}

map! {
    /// What one consent says of the access, and by which of its parts.
    pub struct Considered {
        /// Id of the record of the consent's version.
        1 => consent: Hash,
        /// By which rules its elements were read.
        2 => rule_set: RuleSet,
        /// What it says; nothing where the access is not within its scope.
        3 => effect: Option<Effect>,
        /// The first element of its scope that the access does not meet.
        4 => unmet: Option<Element>,
        /// Index of the provision that decides, from 0; none where the consent's own decision holds.
        5 => provision: Option<u64>,
    }
}

map! {
    /// A decision with its reasons: the result data of a request's or access's transaction.
    pub struct Decision {
        /// What became of the question.
        1 => verdict: Verdict,
        /// On what that rests.
        2 => ground: Ground,
        /// How consents were combined that disagree.
        3 => combining: CombiningRule,
        /// What each consent in force says, in the order in which they were recorded.
        4 => considered: List<Considered, 0, CONSENTS>,
        /// The lawful basis that holds.
        5 => basis: Option<CodeText>,
        /// Digest of the tables that codes were looked up in: other tables, other decisions.
        6 => tables: Hash,
        /// The network's policy, where the decision rests on it.
        7 => implicit: Option<ImplicitPolicy>,
    }
}

/// A consent in force, with the id of the record of its version.
#[derive(Clone, Copy, Debug)]
pub struct InForce<'a> {
    /// Id of the record.
    pub id: Hash,
    /// The version.
    pub consent: &'a Consent,
}

/// Decides a question.
///
/// `consents` are those of the subject at the custodian that are in force at the question's moment, in
/// the order in which their current versions were recorded. Whether they are is the caller's to see to.
/// More than [`CONSENTS`] are not looked at, and nothing is permitted then.
///
/// The steps are those of `docs/contract.md`, decisions:
///
/// 1. Each consent says permit, deny or nothing ([`consider`]).
/// 2. Consents that disagree are combined.
/// 3. An emergency overrides what they say, unless a consent denies emergencies by name.
/// 4. Where none says anything, a lawful basis decides; where there is none, the implicit policy.
/// 5. What is not permitted and has a code that nobody can place is indeterminate.
///
/// # Cost
/// A decoded consent has at most 1,057 [`Elements`], which name at most 256 actors, codes and ids
/// together. Each code in clear that is named is looked up once, or twice where the consent denies an
/// emergency.
pub fn decide(
    consents: &[InForce<'_>],
    rules: &DecisionRules,
    question: &Question<'_>,
) -> Decision {
    let looked_at = consents.get(..CONSENTS).unwrap_or(consents);
    let considered: Vec<_> =
        looked_at.iter().map(|in_force| consider(in_force, rules, question)).collect();
    let said = combine(&considered, rules.combining);
    let is_emergency = || {
        is_emergency(rules, question)
            && !is_emergency_denied(looked_at, &considered, rules.combining, question)
    };
    let (verdict, ground, basis) = if consents.len() > looked_at.len() {
        (Verdict::Indeterminate, Ground::Nothing, None)
    } else if said == Some(Effect::Permit) {
        (Verdict::Covered, Ground::Consent, None)
    } else if is_emergency() {
        (Verdict::CoveredByException, Ground::Emergency, None)
    } else if said == Some(Effect::Deny) {
        (Verdict::Denied, Ground::Consent, None)
    } else if let Some(basis) = lawful_basis(rules, question) {
        (Verdict::CoveredByLaw, Ground::LawfulBasis, Some(basis))
    } else if consents.is_empty() && is_permitted_implicitly(rules, question) {
        (Verdict::Covered, Ground::ImplicitPolicy, None)
    } else {
        (Verdict::Uncovered, Ground::Nothing, None)
    };
    let is_unplaced = !verdict.permits() && unmapped_codes(question.processing()).next().is_some();
    let verdict = if is_unplaced { Verdict::Indeterminate } else { verdict };
    let considered = List::new(considered).unwrap_or_default();
    Decision {
        verdict,
        ground,
        combining: rules.combining,
        considered,
        basis,
        tables: codes::DIGEST,
        implicit: (ground == Ground::ImplicitPolicy).then_some(rules.implicit),
    }
}

/// What one consent says.
///
/// Its decision, unless a provision matches that is not excepted from: then the reverse. Whether one
/// does, not which, decides, so that the order of provisions never matters. Nothing, if the access is
/// not within its scope, read for what would be said: a provision permits no more than the scope is
/// surely about, and denies whatever the scope may be about.
pub fn consider(
    in_force: &InForce<'_>,
    rules: &DecisionRules,
    question: &Question<'_>,
) -> Considered {
    let consent = in_force.consent;
    let rule_set = consent.rule_set.unwrap_or(rules.rule_set);
    let decision = consent.decision;
    let reversing = surviving(consent, rule_set, question).next().map(|(index, _)| to_u64(index));
    let said = if reversing.is_some() { decision.reversed() } else { decision };
    let unmet = |said| unmet_scope(consent, said, rule_set, question);
    let (effect, unmet, provision) = match unmet(said) {
        None => (Some(said), None, reversing),
        Some(element) => (None, Some(unmet(decision).unwrap_or(element)), None),
    };
    Considered { consent: in_force.id, rule_set, effect, unmet, provision }
}

/// The first element of the scope, the protocol before all others, for which the access is not one
/// that the consent is about, if `said` is to be said of it.
fn unmet_scope(
    consent: &Consent,
    said: Effect,
    rule_set: RuleSet,
    question: &Question<'_>,
) -> Option<Element> {
    if !is_under_protocol(consent, said, question) {
        return Some(Element::Protocol);
    }
    first_unmet(&consent.scope, Reading { own: consent.decision, said, rule_set }, question)
}

/// Access under a version of a research protocol needs a permit to that version. A permit to one
/// covers nothing else, and a deny without one reaches them all.
fn is_under_protocol(consent: &Consent, said: Effect, question: &Question<'_>) -> bool {
    let carried = question.processing().protocol;
    match consent.protocol {
        Some(named) => carried == Some(named),
        None => carried.is_none() || said == Effect::Deny,
    }
}

/// The provisions that match the access and are not excepted from, each with its index.
fn surviving<'a>(
    consent: &'a Consent,
    rule_set: RuleSet,
    question: &'a Question<'a>,
) -> impl Iterator<Item = (usize, &'a Provision)> {
    let is_met = move |exception| meets(exception, consent.decision, rule_set, question);
    matching(consent, rule_set, question)
        .filter(move |(_, provision)| !provision.exceptions.iter().any(is_met))
}

/// The exceptions by which the consent's decision holds again where a provision matches.
fn restoring<'a>(
    consent: &'a Consent,
    rule_set: RuleSet,
    question: &'a Question<'a>,
) -> impl Iterator<Item = &'a Elements> {
    matching(consent, rule_set, question)
        .flat_map(|(_, provision)| provision.exceptions.iter())
        .filter(move |exception| meets(exception, consent.decision, rule_set, question))
}

/// Where beside its scope a consent that permits the access does so: the provisions that reverse its
/// denial, or the exceptions by which its permit holds again. None if its scope alone says it.
pub(crate) fn permitting<'a>(
    consent: &'a Consent,
    rule_set: RuleSet,
    question: &'a Question<'a>,
) -> Vec<&'a Elements> {
    match consent.decision {
        Effect::Permit => restoring(consent, rule_set, question).collect(),
        Effect::Deny => {
            let provisions = surviving(consent, rule_set, question);
            provisions.map(|(_, provision)| &provision.elements).collect()
        }
    }
}

/// The provisions that match the access, excepted from or not, each with its index.
fn matching<'a>(
    consent: &'a Consent,
    rule_set: RuleSet,
    question: &'a Question<'a>,
) -> impl Iterator<Item = (usize, &'a Provision)> {
    let effect = consent.decision.reversed();
    consent
        .provisions
        .iter()
        .enumerate()
        .filter(move |(_, provision)| meets(&provision.elements, effect, rule_set, question))
}

fn meets(elements: &Elements, effect: Effect, rule_set: RuleSet, question: &Question<'_>) -> bool {
    first_unmet(elements, Reading { own: effect, said: effect, rule_set }, question).is_none()
}

fn combine(considered: &[Considered], rule: CombiningRule) -> Option<Effect> {
    let mut said = considered.iter().filter_map(|considered| considered.effect);
    match rule {
        CombiningRule::NewestWins => said.next_back(),
        CombiningRule::DenyOverrides => overriding(said, Effect::Deny),
        CombiningRule::PermitOverrides => overriding(said, Effect::Permit),
    }
}

/// `strong` if it is among what is said, else whatever is.
fn overriding(said: impl Iterator<Item = Effect>, strong: Effect) -> Option<Effect> {
    said.reduce(|found, next| if next == strong { next } else { found })
}

/// Whether this is an emergency in the sense of the network: declared, for an emergency's purpose and
/// for nothing beside treatment, by somebody who treats people.
fn is_emergency(rules: &DecisionRules, question: &Question<'_>) -> bool {
    let processing = question.processing();
    let purposes = || processing.purposes.iter().map(CodeText::as_str);
    rules.break_glass
        && processing.emergency
        && question.is_for_emergency()
        && purposes().all(|purpose| is_emergency_purpose(purpose) || is_treatment_purpose(purpose))
        && treats_people(question)
}

fn treats_people(question: &Question<'_>) -> bool {
    let role = Code::new(System::Role, question.processing().actor.role.as_str());
    role.is_ok_and(|role| is_treatment_role(&role))
}

/// Whether a part of a consent that denies the access names emergencies among its purposes: the
/// patient thought of them. Where the newest consent decides, that of the newest.
fn is_emergency_denied(
    consents: &[InForce<'_>],
    considered: &[Considered],
    combining: CombiningRule,
    question: &Question<'_>,
) -> bool {
    let names_emergency = |elements: &Elements| {
        elements.purposes.iter().any(|purpose| is_emergency_purpose(purpose.as_str()))
    };
    let denies_emergency = |(in_force, considered): (&InForce<'_>, &Considered)| {
        let (consent, rule_set) = (in_force.consent, considered.rule_set);
        considered.effect == Some(Effect::Deny)
            && if considered.provision.is_some() {
                surviving(consent, rule_set, question)
                    .any(|(_, provision)| names_emergency(&provision.elements))
            } else {
                names_emergency(&consent.scope)
                    || restoring(consent, rule_set, question).any(names_emergency)
            }
    };
    let mut said =
        consents.iter().zip(considered).filter(|(_, considered)| considered.effect.is_some());
    match combining {
        CombiningRule::NewestWins => said.next_back().is_some_and(denies_emergency),
        CombiningRule::DenyOverrides | CombiningRule::PermitOverrides => said.any(denies_emergency),
    }
}

/// The first lawful basis of the access that the network accepts, itself or as a case of one. Consent
/// is none: it stands on the ledger or not at all.
fn lawful_basis(rules: &DecisionRules, question: &Question<'_>) -> Option<CodeText> {
    let is_accepted = |basis: &&CodeText| {
        let covers = |accepted| matches(System::Basis, Effect::Permit, accepted, basis);
        rules.lawful_bases.iter().any(covers) && !is_consent_basis(basis.as_str())
    };
    question.processing().basis.iter().find(is_accepted).cloned()
}

/// Whether the network's policy permits what no consent is about (IHE PCF 1.1, §53.2.1).
fn is_permitted_implicitly(rules: &DecisionRules, question: &Question<'_>) -> bool {
    let mut purposes = question.processing().purposes.iter();
    match rules.implicit {
        ImplicitPolicy::BasicNormal => {
            treats_people(question)
                && purposes.all(|purpose| is_treatment_purpose(purpose.as_str()))
        }
        ImplicitPolicy::AllNormal => purposes.all(|purpose| {
            let covers = |named| matches(System::Purpose, Effect::Permit, named, purpose);
            rules.authorized_purposes.iter().any(covers)
        }),
        ImplicitPolicy::BreakGlassOnly | ImplicitPolicy::Deny => false,
    }
}
