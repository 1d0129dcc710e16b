//! The decision: what the consents in force, and the network's rules, say of one access.

use alloc::vec::Vec;

use super::{
    matching::{Element, Question, first_unmet, has_unmapped_code},
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
        codes::{Code, Effect, System, is_treatment_role, permit_covers},
        consent::{Consent, RuleSet},
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
        4 => considered: List<Considered, 0, 64>,
        /// The lawful basis that holds.
        5 => basis: Option<CodeText>,
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
/// the order in which their current versions were recorded, at most [`CONSENTS`] (more are not looked
/// at: the contract admits no more).
///
/// The steps are those of `docs/contract.md`, decisions:
///
/// 1. Each consent says permit, deny or nothing ([`consider`]).
/// 2. Consents that disagree are combined.
/// 3. An emergency overrides what they say, unless a consent denies emergencies by name.
/// 4. Where none says anything, a lawful basis, then the implicit policy decides.
/// 5. What is not permitted and has a code that nobody can place is indeterminate.
///
/// # Cost
/// O(consents × provisions × elements), each a few binary searches.
pub fn decide(consents: &[InForce<'_>], rules: &DecisionRules, question: Question<'_>) -> Decision {
    let consents = consents.get(..CONSENTS).unwrap_or(consents);
    let considered: Vec<_> =
        consents.iter().map(|in_force| consider(in_force, rules, question)).collect();
    let said = combine(&considered, rules.combining);
    let by_law = || lawful_basis(rules, question);
    let (verdict, ground, basis) = if said == Some(Effect::Permit) {
        (Verdict::Covered, Ground::Consent, None)
    } else if is_emergency(rules, question) && !is_emergency_denied(consents, &considered) {
        (Verdict::CoveredByException, Ground::Emergency, None)
    } else if said == Some(Effect::Deny) {
        (Verdict::Denied, Ground::Consent, None)
    } else if let Some(basis) = by_law() {
        (Verdict::CoveredByLaw, Ground::LawfulBasis, Some(basis))
    } else if is_permitted_implicitly(rules, question) {
        (Verdict::Covered, Ground::ImplicitPolicy, None)
    } else {
        (Verdict::Uncovered, Ground::Nothing, None)
    };
    let is_unplaced = !verdict.permits() && has_unmapped_code(question.processing);
    let verdict = if is_unplaced { Verdict::Indeterminate } else { verdict };
    let considered = List::new(considered).unwrap_or_default();
    Decision { verdict, ground, combining: rules.combining, considered, basis }
}

/// What one consent says.
///
/// Nothing, if the access is not within its scope. Else its decision, unless a provision matches that
/// is not excepted from: then the reverse. Whether one does, not which, decides, so that the order of
/// provisions never matters.
pub fn consider(
    in_force: &InForce<'_>,
    rules: &DecisionRules,
    question: Question<'_>,
) -> Considered {
    let consent = in_force.consent;
    let rule_set = consent.rule_set.unwrap_or(rules.rule_set);
    let decision = consent.decision;
    let unmet = |elements, effect| first_unmet(elements, effect, rule_set, question);
    let matches = |elements, effect| unmet(elements, effect).is_none();
    let considered = |effect, unmet, provision| Considered {
        consent: in_force.id,
        rule_set,
        effect,
        unmet,
        provision,
    };
    if let Some(element) = unmet(&consent.scope, decision) {
        return considered(None, Some(element), None);
    }
    let reversed = decision.reversed();
    let survives = consent.provisions.iter().position(|provision| {
        matches(&provision.elements, reversed)
            && !provision.exceptions.iter().any(|exception| matches(exception, decision))
    });
    match survives {
        Some(index) => considered(Some(reversed), None, Some(to_u64(index))),
        None => considered(Some(decision), None, None),
    }
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

/// Whether this is an emergency in the sense of the network: declared, for an emergency's purpose, by
/// somebody who treats people.
fn is_emergency(rules: &DecisionRules, question: Question<'_>) -> bool {
    let processing = question.processing;
    let is_for_emergency =
        processing.purposes.iter().any(|purpose| is_emergency_purpose(purpose.as_str()));
    rules.break_glass && processing.emergency && is_for_emergency && treats_people(question)
}

/// Whether the purpose is `ETREAT` or one of its kinds, `BTG` among them.
pub fn is_emergency_purpose(purpose: &str) -> bool {
    is_under(System::Purpose, "ETREAT", purpose)
}

/// Whether `carried` is `named` or a case of it.
fn is_under(system: System, named: &str, carried: &str) -> bool {
    let code = |text| Code::new(system, text).ok();
    code(named).zip(code(carried)).is_some_and(|(named, carried)| permit_covers(&named, &carried))
}

fn treats_people(question: Question<'_>) -> bool {
    let role = Code::new(System::Role, question.processing.actor.role.as_str());
    role.is_ok_and(|role| is_treatment_role(&role))
}

/// Whether what denies the access names emergencies among its purposes: the patient thought of them.
fn is_emergency_denied(consents: &[InForce<'_>], considered: &[Considered]) -> bool {
    let names_emergency = |(in_force, considered): (&InForce<'_>, &Considered)| {
        let consent = in_force.consent;
        let index = considered.provision.and_then(|index| usize::try_from(index).ok());
        let elements = match index {
            Some(index) => consent.provisions.get(index).map(|provision| &provision.elements),
            None => Some(&consent.scope),
        };
        considered.effect == Some(Effect::Deny)
            && elements.is_some_and(|elements| {
                elements.purposes.iter().any(|purpose| is_emergency_purpose(purpose.as_str()))
            })
    };
    consents.iter().zip(considered).any(names_emergency)
}

/// The first lawful basis of the access that the network accepts, itself or as a case of one.
fn lawful_basis(rules: &DecisionRules, question: Question<'_>) -> Option<CodeText> {
    let is_accepted = |basis: &&CodeText| {
        let covers =
            |accepted: &CodeText| is_under(System::Basis, accepted.as_str(), basis.as_str());
        rules.lawful_bases.iter().any(covers)
    };
    question.processing.basis.iter().find(is_accepted).cloned()
}

/// Whether the network's policy permits what no consent is about (IHE PCF 1.1, §53.2.1).
fn is_permitted_implicitly(rules: &DecisionRules, question: Question<'_>) -> bool {
    let all_purposes_are_under = |named: &[&str]| {
        let is_named = |purpose: &CodeText| {
            named.iter().any(|named| is_under(System::Purpose, named, purpose.as_str()))
        };
        question.processing.purposes.iter().all(is_named)
    };
    match rules.implicit {
        ImplicitPolicy::BasicNormal => {
            treats_people(question) && all_purposes_are_under(&["TREAT"])
        }
        ImplicitPolicy::AllNormal => {
            let authorized: Vec<_> =
                rules.authorized_purposes.iter().map(CodeText::as_str).collect();
            all_purposes_are_under(&authorized)
        }
        ImplicitPolicy::BreakGlassOnly | ImplicitPolicy::Deny => false,
    }
}
