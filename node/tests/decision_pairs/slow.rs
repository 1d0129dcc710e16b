//! Decisions as the documentation tells them, over open codes, without regard to cost.

use vidimus::{
    contract::{
        decision::{Ground, Verdict},
        rules::{CombiningRule, DecisionRules, ImplicitPolicy},
    },
    record::{
        actor::CodeText,
        consent::{Effect, RuleSet},
    },
};

use super::{
    meets::{Reading, is_emergency, is_permitted},
    open::{Access, Consent, Elements},
    tree::{Code, Tree, code},
};

/// The legal bases that are consent by another name.
const CONSENT_BASES: [&str; 4] = ["GDPR-6(1)(a)", "GDPR-9(2)(a)", "HIPAA-164.508", "Part2-2.31"];

/// What one consent says.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Said {
    pub(crate) effect: Option<Effect>,
    /// The first provision that reverses the decision.
    pub(crate) provision: Option<usize>,
    /// Whether it denies and the patient thought of emergencies.
    pub(crate) keeps: bool,
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Decided {
    pub(crate) verdict: Verdict,
    pub(crate) ground: Ground,
    pub(crate) said: Vec<Said>,
}

/// What decides beside the consents.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Court<'a> {
    pub(crate) tree: &'a Tree,
    pub(crate) rules: &'a DecisionRules,
    pub(crate) access: &'a Access,
}

impl Court<'_> {
    /// Steps 1 to 5, over consents in the order in which they were recorded.
    pub(crate) fn decide(self, consents: &[Consent]) -> Decided {
        let said: Vec<Said> = consents.iter().map(|consent| self.says(consent)).collect();
        let (verdict, ground) = self.weigh(&said);
        let is_permitted = !matches!(verdict, Verdict::Uncovered | Verdict::Denied);
        let is_placed = self.access.codes().into_iter().all(|code| self.tree.knows(code));
        let verdict = if is_permitted || is_placed { verdict } else { Verdict::Indeterminate };
        Decided { verdict, ground, said }
    }

    /// Step 1.
    pub(crate) fn says(self, consent: &Consent) -> Said {
        let Self { access, .. } = self;
        let nothing = Said { effect: None, provision: None, keeps: false };
        let decision = self.reading(consent, consent.decision);
        let reverse = self.reading(consent, reversed(consent.decision));
        let matching = consent
            .provisions
            .iter()
            .enumerate()
            .filter(|(_, provision)| reverse.meets(&provision.elements, access));
        let (reversing, excepted): (Vec<_>, Vec<_>) = matching.partition(|(_, provision)| {
            !provision.exceptions.iter().any(|elements| decision.meets(elements, access))
        });
        let provision = reversing.first().map(|(index, _)| *index);
        let effect = if reversing.is_empty() { consent.decision } else { reverse.effect };
        let is_about_protocol = match (consent.protocol, effect) {
            (Some(version), _) => access.protocol == Some(version),
            (None, Effect::Permit) => access.protocol.is_none(),
            (None, Effect::Deny) => true,
        };
        // What would be said must lie in the scope of a consent that has the decision as its effect.
        let scope = Reading { effect, ..decision };
        if !is_about_protocol || !scope.meets(&consent.scope, access) {
            return nothing;
        }
        // The parts that deny this access: where the consent denies, its scope and the exceptions to
        // what it permits after all; where it permits, the provisions that reverse it.
        let denying: Vec<&Elements> = match consent.decision {
            Effect::Permit => reversing.iter().map(|(_, provision)| &provision.elements).collect(),
            Effect::Deny => {
                let exceptions = excepted.iter().flat_map(|(_, provision)| &provision.exceptions);
                let exceptions = exceptions.filter(|elements| decision.meets(elements, access));
                exceptions.chain([&consent.scope]).collect()
            }
        };
        let names_emergency = |elements: &&Elements| {
            elements.purposes.iter().any(|purpose| is_emergency(self.tree, *purpose))
        };
        let keeps = effect == Effect::Deny && denying.iter().any(names_emergency);
        Said { effect: Some(effect), provision, keeps }
    }

    /// Steps 2 to 4.
    fn weigh(self, said: &[Said]) -> (Verdict, Ground) {
        // Those that say something and are asked.
        let mut asked: Vec<&Said> = said.iter().filter(|said| said.effect.is_some()).collect();
        if self.rules.combining == CombiningRule::NewestWins {
            asked = asked.last().copied().into_iter().collect();
        }
        let says = |effect| asked.iter().any(|said| said.effect == Some(effect));
        let is_permitted = says(Effect::Permit)
            && !(self.rules.combining == CombiningRule::DenyOverrides && says(Effect::Deny));
        if is_permitted {
            return (Verdict::Covered, Ground::Consent);
        }
        if self.is_emergency() && !asked.iter().any(|said| said.keeps) {
            return (Verdict::CoveredByException, Ground::Emergency);
        }
        if says(Effect::Deny) {
            return (Verdict::Denied, Ground::Consent);
        }
        if self.is_lawful() {
            return (Verdict::CoveredByLaw, Ground::LawfulBasis);
        }
        if said.is_empty() && self.is_implied() {
            return (Verdict::Covered, Ground::ImplicitPolicy);
        }
        (Verdict::Uncovered, Ground::Nothing)
    }

    fn is_emergency(self) -> bool {
        let Self { tree, rules, access } = self;
        let purposes = &access.purposes;
        let is_treatment = |purpose: &Code| tree.is_a(*purpose, code("purpose", "TREAT"));
        rules.break_glass
            && access.emergency
            && purposes.iter().any(|purpose| is_emergency(tree, *purpose))
            && purposes.iter().all(is_treatment)
            && self.is_by_who_treats()
    }

    fn is_by_who_treats(self) -> bool {
        self.tree.is_a(self.access.role, code("role", "clinician"))
    }

    fn is_lawful(self) -> bool {
        let accepts = |basis: Code| {
            let accepted = self.rules.lawful_bases.iter();
            let is_case_of = |accepted: &CodeText| {
                self.tree.way_up(basis).iter().any(|above| above.text == accepted.as_str())
            };
            accepted.into_iter().any(is_case_of)
        };
        let is_consent = |basis: Code| CONSENT_BASES.contains(&basis.text);
        self.access.basis.iter().any(|basis| !is_consent(*basis) && accepts(*basis))
    }

    fn is_implied(self) -> bool {
        let Self { tree, rules, access } = self;
        let covers = |named: &str, purpose: Code| {
            let named = tree.way_up(purpose).into_iter().find(|above| above.text == named);
            named.is_some_and(|named| is_permitted(tree, named, purpose))
        };
        let all = |is_one: &dyn Fn(Code) -> bool| access.purposes.iter().all(|one| is_one(*one));
        let is_authorized =
            |purpose| rules.authorized_purposes.iter().any(|named| covers(named.as_str(), purpose));
        if rules.implicit == ImplicitPolicy::BasicNormal {
            self.is_by_who_treats() && all(&|purpose| covers("TREAT", purpose))
        } else {
            rules.implicit == ImplicitPolicy::AllNormal && all(&is_authorized)
        }
    }

    fn reading(&self, consent: &Consent, effect: Effect) -> Reading<'_> {
        let rule_set = consent.rule_set.unwrap_or(self.rules.rule_set);
        Reading { tree: self.tree, effect, own: effect, strict: rule_set == RuleSet::FhirStrictAll }
    }
}

pub(crate) fn reversed(effect: Effect) -> Effect {
    match effect {
        Effect::Permit => Effect::Deny,
        Effect::Deny => Effect::Permit,
    }
}
