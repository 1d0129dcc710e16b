//! What changes no decision, and what changes it in one direction only.

use std::slice;

use vidimus::{
    contract::{
        decision::{Decision, Ground, Verdict},
        rules::CombiningRule,
    },
    record::consent::{Effect, RuleSet},
};

use super::{
    generate::{Case, Generator},
    open::{Access, Consent, Elements, Provision, Span},
    seal::Scribe,
    tree::Tree,
};

const CASES: usize = 20_000;

/// A property that was tried on fewer says too little.
const LEAST: usize = 100;

/// Tries a property on cases of a seed; it says of each whether the case shows anything.
fn try_on_cases(seed: u64, mut shows: impl FnMut(&mut Generator<'_>, &Scribe, Case) -> bool) {
    let (tree, scribe) = (Tree::new(), Scribe::new());
    let mut generator = Generator::new(&tree, seed);
    let mut count = 0;
    for _ in 0..CASES {
        let case = generator.case();
        count += usize::from(shows(&mut generator, &scribe, case));
    }
    assert!(count >= LEAST, "{count} of {CASES} cases show anything");
}

impl Case {
    fn decided(&self, scribe: &Scribe) -> Decision {
        scribe.decide(&self.rules, &self.consents, &self.access)
    }

    /// What one consent says.
    fn says(&self, scribe: &Scribe, consent: &Consent) -> Option<Effect> {
        let decision = scribe.decide(&self.rules, slice::from_ref(consent), &self.access);
        decision.considered[0].effect
    }

    fn is_strict(&self, consent: &Consent) -> bool {
        consent.rule_set.unwrap_or(self.rules.rule_set) == RuleSet::FhirStrictAll
    }
}

fn effects(decision: &Decision) -> Vec<Option<Effect>> {
    decision.considered.iter().map(|said| said.effect).collect()
}

fn without_provisions(consent: Consent) -> Consent {
    Consent { provisions: Vec::new(), ..consent }
}

fn shuffle(generator: &mut Generator<'_>, elements: &mut Elements) {
    let draw = &mut generator.draw;
    draw.shuffle(&mut elements.actors);
    draw.shuffle(&mut elements.actions);
    draw.shuffle(&mut elements.purposes);
    draw.shuffle(&mut elements.confidentiality);
    draw.shuffle(&mut elements.labels);
    draw.shuffle(&mut elements.classes);
    draw.shuffle(&mut elements.resources);
    draw.shuffle(&mut elements.authors);
}

#[test]
fn order_of_repetitions_provisions_and_exceptions_does_not_matter() {
    try_on_cases(1, |generator, scribe, case| {
        let mut other = case.clone();
        for consent in &mut other.consents {
            shuffle(generator, &mut consent.scope);
            generator.draw.shuffle(&mut consent.provisions);
            for provision in &mut consent.provisions {
                shuffle(generator, &mut provision.elements);
                generator.draw.shuffle(&mut provision.exceptions);
                provision.exceptions.iter_mut().for_each(|one| shuffle(generator, one));
            }
        }
        let [found, expected] = [&other, &case].map(|case| case.decided(scribe));
        assert_eq!((found.verdict, found.ground), (expected.verdict, expected.ground), "{case:?}");
        assert_eq!(effects(&found), effects(&expected), "{case:?}");
        found.considered != expected.considered
    });
}

#[test]
fn order_of_consents_matters_to_the_newest_alone() {
    try_on_cases(2, |generator, scribe, case| {
        let mut other = case.clone();
        generator.draw.shuffle(&mut other.consents);
        let [found, expected] = [&other, &case].map(|case| case.decided(scribe));
        let is_same = (found.verdict, found.ground) == (expected.verdict, expected.ground);
        let by_order = case.rules.combining == CombiningRule::NewestWins;
        assert!(is_same || by_order, "{case:?}");
        !by_order && effects(&found) != effects(&expected)
    });
}

#[test]
fn consent_that_says_nothing_of_an_access_changes_nothing_beside_another() {
    try_on_cases(3, |generator, scribe, case| {
        let mut other = case.clone();
        let mut silent = generator.consent(&case.access);
        // Its time has not come.
        silent.scope.period = Some(Span { start: case.access.at + 1, end: None });
        let place = generator.draw.below(case.consents.len() + 1);
        other.consents.insert(place, silent);
        let [found, expected] = [&other, &case].map(|case| case.decided(scribe));
        if expected.ground == Ground::ImplicitPolicy {
            // Consent overrides the policy.
            assert!(!found.verdict.permits(), "{other:?}");
        } else {
            assert_eq!((found.verdict, found.ground), (expected.verdict, expected.ground));
        }
        !case.consents.is_empty() && expected.ground != Ground::Nothing
    });
}

#[test]
fn another_deny_permits_nothing_where_denies_override() {
    try_on_cases(4, |generator, scribe, mut case| {
        case.rules.combining = CombiningRule::DenyOverrides;
        let deny = without_provisions(generator.consent(&case.access));
        let mut other = case.clone();
        let place = generator.draw.below(case.consents.len() + 1);
        other.consents.insert(place, Consent { decision: Effect::Deny, ..deny });
        let [found, expected] = [&other, &case].map(|case| case.decided(scribe));
        assert!(expected.verdict.permits() || !found.verdict.permits(), "{other:?}");
        found.verdict == Verdict::Denied && expected.verdict.permits()
    });
}

#[test]
fn another_permit_denies_nothing_where_permits_override() {
    try_on_cases(5, |generator, scribe, mut case| {
        case.rules.combining = CombiningRule::PermitOverrides;
        let permit = without_provisions(generator.consent(&case.access));
        let mut other = case.clone();
        let place = generator.draw.below(case.consents.len() + 1);
        other.consents.insert(place, Consent { decision: Effect::Permit, ..permit });
        let [found, expected] = [&other, &case].map(|case| case.decided(scribe));
        // The implicit policy holds only where there is no consent.
        let is_permitted = expected.verdict.permits() && expected.ground != Ground::ImplicitPolicy;
        assert!(!is_permitted || found.verdict.permits(), "{other:?}");
        found.verdict == Verdict::Covered && !expected.verdict.permits()
    });
}

#[test]
fn another_exception_to_a_permit_permits_nothing() {
    try_on_cases(6, |generator, scribe, mut case| {
        case.rules.combining = CombiningRule::DenyOverrides;
        let mut other = case.clone();
        let permits = other.consents.iter_mut().filter(|one| one.decision == Effect::Permit);
        for consent in permits {
            let provision = generator.provision(&case.access);
            let place = generator.draw.below(consent.provisions.len() + 1);
            consent.provisions.insert(place, provision);
        }
        let [found, expected] = [&other, &case].map(|case| case.decided(scribe));
        assert!(expected.verdict.permits() || !found.verdict.permits(), "{other:?}");
        let said = effects(&found).into_iter().zip(effects(&expected));
        for ((found, expected), consent) in said.zip(&case.consents) {
            let is_wider = found == Some(Effect::Permit) && expected != Some(Effect::Permit);
            assert!(consent.decision == Effect::Deny || !is_wider, "{other:?}");
            // What it denies reaches further than what the consent permits.
            assert!(found.is_some() || expected.is_none(), "{other:?}");
        }
        expected.verdict.permits() && !found.verdict.permits()
    });
}

/// Names one more in each element that names any; not of labels and purposes where all must be there.
fn name_more(
    generator: &mut Generator<'_>,
    access: &Access,
    elements: &mut Elements,
    strict: bool,
) {
    if !elements.actors.is_empty() {
        elements.actors.push(generator.pattern(access));
    }
    if !elements.actions.is_empty() {
        elements.actions.push(generator.action());
    }
    if !elements.purposes.is_empty() && !strict {
        elements.purposes.push(generator.purpose());
    }
    if !elements.confidentiality.is_empty() {
        elements.confidentiality.push(generator.level());
    }
    if !elements.labels.is_empty() && !strict {
        elements.labels.push(generator.label());
    }
    if !elements.classes.is_empty() {
        elements.classes.push(generator.class());
    }
    if !elements.resources.is_empty() {
        elements.resources.push(generator.resource());
    }
    if !elements.authors.is_empty() {
        elements.authors.push(generator.author());
    }
}

#[test]
fn consent_that_names_more_says_what_it_said() {
    try_on_cases(7, |generator, scribe, case| {
        let consent = without_provisions(generator.consent(&case.access));
        let mut other = consent.clone();
        name_more(generator, &case.access, &mut other.scope, case.is_strict(&consent));
        let [found, expected] = [&other, &consent].map(|one| case.says(scribe, one));
        assert!(expected.is_none() || found == expected, "{consent:?} {other:?}");
        expected.is_none() && found.is_some()
    });
}

#[test]
fn provision_that_names_more_leaves_no_more_to_a_permit() {
    try_on_cases(8, |generator, scribe, case| {
        let consent = generator.consent(&case.access);
        let provisions = consent.provisions.iter().cloned();
        let provisions = provisions.map(|it| Provision { exceptions: Vec::new(), ..it }).collect();
        let consent = Consent { decision: Effect::Permit, provisions, ..consent };
        let mut other = consent.clone();
        for provision in &mut other.provisions {
            let strict = case.is_strict(&consent);
            name_more(generator, &case.access, &mut provision.elements, strict);
        }
        let [found, expected] = [&other, &consent].map(|one| case.says(scribe, one));
        assert!(expected != Some(Effect::Deny) || found == expected, "{consent:?} {other:?}");
        expected == Some(Effect::Permit) && found == Some(Effect::Deny)
    });
}

#[test]
fn consent_that_asks_for_less_says_what_it_said() {
    try_on_cases(9, |generator, scribe, case| {
        let consent = without_provisions(generator.consent(&case.access));
        let mut other = consent.clone();
        let scope = &mut other.scope;
        match generator.draw.below(9) {
            0 => scope.actors.clear(),
            1 => scope.actions.clear(),
            2 => scope.period = None,
            3 => scope.data_period = None,
            4 => scope.confidentiality.clear(),
            5 => scope.labels.clear(),
            6 => scope.classes.clear(),
            7 => scope.resources.clear(),
            _ => scope.authors.clear(),
        }
        let [found, expected] = [&other, &consent].map(|one| case.says(scribe, one));
        assert!(expected.is_none() || found == expected, "{consent:?} {other:?}");
        expected.is_none() && found.is_some()
    });
}

#[test]
fn access_to_more_is_permitted_no_more_and_denied_no_less() {
    let mut reversed = 0;
    try_on_cases(10, |generator, scribe, case| {
        let consent = generator.consent(&case.access);
        let mut other = case.clone();
        let access = &mut other.access;
        // Where all that is named must be there, one more may be the one that was missing.
        if !case.is_strict(&consent) {
            access.purposes.push(generator.purpose());
        }
        // An access that carries none may be to any.
        if !access.resources.is_empty() {
            access.resources.push(generator.resource());
        }
        if !access.authors.is_empty() {
            access.authors.push(generator.author());
        }
        let [found, expected] = [&other, &case].map(|case| case.says(scribe, &consent));
        let is_wider = found == Some(Effect::Permit) && expected != Some(Effect::Permit);
        let is_missed = expected == Some(Effect::Deny) && found != Some(Effect::Deny);
        assert!(!is_wider && !is_missed, "{expected:?} {found:?} {consent:?} {other:?}");
        let by_provision = expected.is_some_and(|effect| effect != consent.decision);
        reversed += usize::from(by_provision && found != expected);
        found != expected
    });
    assert!(reversed >= LEAST, "{reversed} by a provision");
}

#[test]
fn what_a_permit_covers_a_deny_of_the_same_reaches() {
    try_on_cases(11, |generator, scribe, case| {
        let mut consent = without_provisions(generator.consent(&case.access));
        // A permit of a level is one of those below, a deny one of those above.
        consent.scope.confidentiality.clear();
        let says = |decision| case.says(scribe, &Consent { decision, ..consent.clone() });
        let [permit, deny] = Effect::ALL.map(says);
        assert!(permit.is_none() || deny.is_some(), "{consent:?} {case:?}");
        permit.is_none() && deny.is_some()
    });
}
