//! How often what occurred, so that agreement is known to be about something.

use std::collections::BTreeMap;

use vidimus::{
    contract::{
        decision::{Ground, Verdict},
        rules::{CombiningRule, ImplicitPolicy},
    },
    record::consent::{Effect, RuleSet},
};

use super::{
    generate::Case,
    meets::{ELEMENTS, Reading, is_emergency},
    open::{Consent, Elements},
    slow::{Decided, reversed},
    tree::Tree,
};

#[derive(Debug, Default)]
pub(crate) struct Tally {
    counts: BTreeMap<String, usize>,
}

impl Tally {
    pub(crate) fn count(&self, what: &str) -> usize {
        self.counts.get(what).copied().unwrap_or_default()
    }

    fn add(&mut self, what: impl Into<String>) {
        *self.counts.entry(what.into()).or_default() += 1;
    }

    fn add_if(&mut self, is_so: bool, what: &str) {
        if is_so {
            self.add(what);
        }
    }

    /// Counts everything that one case is an example of.
    pub(crate) fn add_case(&mut self, tree: &Tree, case: &Case, decided: &Decided) {
        let Case { rules, consents, access } = case;
        self.add(decided.verdict.to_string());
        self.add(format!("by {}", decided.ground));
        let says = |effect| decided.said.iter().any(|said| said.effect == Some(effect));
        let disagree = says(Effect::Permit) && says(Effect::Deny);
        self.add_if(disagree, &format!("disagree under {}", rules.combining));
        if consents.is_empty() && decided.ground != Ground::LawfulBasis {
            let is_permitted = decided.ground == Ground::ImplicitPolicy;
            self.add(format!("{} permits: {is_permitted}", rules.implicit));
        }
        self.add_if(decided.verdict == Verdict::Covered && access.protocol.is_some(), "protocol");
        if decided.verdict == Verdict::Denied && access.emergency && rules.break_glass {
            for (consent, said) in consents.iter().zip(&decided.said) {
                let scope = &consent.scope.purposes;
                let in_scope = scope.iter().any(|purpose| is_emergency(tree, *purpose));
                let part = match consent.decision {
                    Effect::Permit => "a provision",
                    Effect::Deny if in_scope => "a scope",
                    Effect::Deny => "an exception",
                };
                self.add_if(said.keeps, &format!("emergency denied in {part}"));
            }
        }
        self.add_if(access.resources.len() > 1, "several resources");
        for code in access.codes().iter().chain(&access.basis).copied() {
            self.add_if(!tree.knows(code), &format!("unknown {}", code.system));
        }
        for (consent, said) in consents.iter().zip(&decided.said) {
            self.add_consent(tree, case, consent);
            let effect = said.effect.map_or("nothing", Effect::name);
            let how = if said.provision.is_some() { "by a provision" } else { "as decided" };
            self.add(format!("says {effect} {how}"));
        }
    }

    fn add_consent(&mut self, tree: &Tree, case: &Case, consent: &Consent) {
        let Consent { decision, scope, provisions, .. } = consent;
        let rule_set = consent.rule_set.unwrap_or(case.rules.rule_set);
        let strict = rule_set == RuleSet::FhirStrictAll;
        let reading = |effect| Reading { tree, effect, own: effect, strict };
        let mut add = |effect, elements: &Elements| {
            let reading = reading(effect);
            let answers = reading.answers(elements, &case.access);
            for (element, is_met) in ELEMENTS.iter().zip(answers) {
                if let Some(is_met) = is_met {
                    self.add(format!("{rule_set} {effect} {element}: {is_met}"));
                }
            }
            reading.meets(elements, &case.access)
        };
        add(*decision, scope);
        let mut excepted = 0;
        for provision in provisions {
            let is_met = add(reversed(*decision), &provision.elements);
            let met: Vec<_> = provision.exceptions.iter().map(|one| add(*decision, one)).collect();
            excepted += usize::from(is_met && met.contains(&true));
        }
        self.add_if(excepted > 0, &format!("{decision} with an exception of an exception"));
        let named = provisions.iter().map(|provision| &provision.elements).chain([scope]);
        let named = named.flat_map(|one| {
            [&one.purposes[..], &one.labels, &one.classes, &one.confidentiality].concat()
        });
        for code in named {
            self.add_if(!tree.knows(code), &format!("unknown {} named", code.system));
        }
    }

    /// One line: every verdict, and every ground.
    pub(crate) fn line(&self) -> String {
        let verdicts = Self::verdicts().map(|what| format!("{what} {}", self.count(&what)));
        let grounds = Self::grounds().map(|what| format!("{what} {}", self.count(&what)));
        [verdicts.join(", "), grounds.join(", ")].join("; ")
    }

    pub(crate) fn verdicts() -> [String; 6] {
        [
            Verdict::Covered,
            Verdict::CoveredByException,
            Verdict::CoveredByLaw,
            Verdict::Uncovered,
            Verdict::Denied,
            Verdict::Indeterminate,
        ]
        .map(|verdict| verdict.to_string())
    }

    pub(crate) fn grounds() -> [String; 5] {
        [
            Ground::Consent,
            Ground::ImplicitPolicy,
            Ground::LawfulBasis,
            Ground::Emergency,
            Ground::Nothing,
        ]
        .map(|ground| format!("by {ground}"))
    }

    /// Everything that must occur.
    pub(crate) fn everything() -> Vec<String> {
        let mut all: Vec<String> = Self::verdicts().into_iter().chain(Self::grounds()).collect();
        all.extend(combining());
        for policy in [
            (ImplicitPolicy::BasicNormal, &[true, false][..]),
            (ImplicitPolicy::AllNormal, &[true, false]),
            (ImplicitPolicy::BreakGlassOnly, &[false]),
            (ImplicitPolicy::Deny, &[false]),
        ] {
            all.extend(policy.1.iter().map(|permits| format!("{} permits: {permits}", policy.0)));
        }
        for rule_set in [RuleSet::Pcf11, RuleSet::FhirStrictAll] {
            for (effect, element) in
                Effect::ALL.into_iter().flat_map(|effect| ELEMENTS.map(|element| (effect, element)))
            {
                let met = [true, false];
                all.extend(met.map(|met| format!("{rule_set} {effect} {element}: {met}")));
            }
        }
        for effect in Effect::ALL {
            all.push(format!("{effect} with an exception of an exception"));
            all.extend(["by a provision", "as decided"].map(|how| format!("says {effect} {how}")));
        }
        for system in ["purpose", "sensitivity", "law", "refrain", "obligation", "class"] {
            all.push(format!("unknown {system}"));
            all.push(format!("unknown {system} named"));
        }
        let others = ["confidentiality", "role", "action", "basis"];
        all.extend(others.map(|system| format!("unknown {system}")));
        let others = [
            "emergency denied in a provision",
            "emergency denied in a scope",
            "emergency denied in an exception",
            "says nothing as decided",
            "protocol",
            "several resources",
        ];
        all.extend(others.map(String::from));
        all
    }
}

fn combining() -> [String; 3] {
    [CombiningRule::DenyOverrides, CombiningRule::PermitOverrides, CombiningRule::NewestWins]
        .map(|rule| format!("disagree under {rule}"))
}
