//! Decisions, clause by clause of `docs/contract.md`.

#[path = "decisions/emergencies.rs"]
mod emergencies;
#[path = "decisions/scopes.rs"]
mod scopes;
#[path = "decisions/sealed.rs"]
mod sealed;

use std::slice;

use vidimus::{
    contract::{
        decision::{Decision, Ground, InForce, Verdict, decide},
        matching::{Element, Question},
        rules::{CombiningRule, DecisionRules, ImplicitPolicy},
    },
    encoding::{
        cbor::{self, List, Set},
        hex::Hash,
    },
    record::{
        actor::ActorPattern,
        codes::DIGEST,
        consent::{Consent, Effect, Elements, Provision, RuleSet},
        request::Processing,
    },
};

use crate::samples::{
    DAY, MORNING, anything, at, closures, closures_of_ids, code, codes, least_consent, list,
    organization, period, processing, sealed,
};

pub(crate) fn rules() -> DecisionRules {
    DecisionRules {
        combining: CombiningRule::DenyOverrides,
        implicit: ImplicitPolicy::Deny,
        rule_set: RuleSet::Pcf11,
        break_glass: true,
        authorized_purposes: Set::default(),
        lawful_bases: Set::default(),
    }
}

/// A consent that says `decision` of what meets `scope`.
fn consent(decision: Effect, scope: Elements) -> Consent {
    Consent { decision, scope, ..least_consent() }
}

fn with_exceptions(consent: Consent, provisions: Vec<Provision>) -> Consent {
    Consent { provisions: list(provisions), ..consent }
}

fn but_for(elements: Elements) -> Provision {
    Provision { elements, exceptions: List::default() }
}

fn for_purposes(purposes: &[&str]) -> Elements {
    Elements { purposes: codes(purposes), ..anything() }
}

fn asks_for(purposes: &[&str]) -> Processing {
    Processing { purposes: codes(purposes), ..processing() }
}

fn decided_under(rules: &DecisionRules, consents: &[Consent], processing: &Processing) -> Decision {
    let ids = (1..=u8::MAX).map(|n| Hash([n; 32]));
    let consents: Vec<_> =
        consents.iter().zip(ids).map(|(consent, id)| InForce { id, consent }).collect();
    let question = Question::new(processing, at(MORNING + DAY));
    let decision = decide(&consents, rules, &question);
    assert_eq!(cbor::decode(&cbor::encode(&decision)), Ok(decision.clone()));
    decision
}

fn decided(consents: &[Consent], processing: &Processing) -> Verdict {
    decided_under(&rules(), consents, processing).verdict
}

#[test]
fn without_consent_the_implicit_policy_decides() {
    let under = |implicit, purposes: &[&str], role: &str| {
        let mut processing = asks_for(purposes);
        processing.actor.role = code(role);
        let authorized_purposes = codes(&["HPAYMT", "TREAT"]);
        let rules = DecisionRules { implicit, authorized_purposes, ..rules() };
        let decision = decided_under(&rules, &[], &processing);
        let is_ground = decision.ground == Ground::ImplicitPolicy;
        assert_eq!(decision.implicit, is_ground.then_some(implicit), "named where it decides");
        assert_eq!(is_ground, decision.verdict == Verdict::Covered);
        decision.verdict
    };
    for (implicit, purposes, role, verdict) in [
        (ImplicitPolicy::BasicNormal, &["TREAT"][..], "physician", Verdict::Covered),
        (ImplicitPolicy::BasicNormal, &["COC"], "nurse", Verdict::Covered),
        (ImplicitPolicy::BasicNormal, &["TREAT"], "billing", Verdict::Uncovered),
        (ImplicitPolicy::BasicNormal, &["HPAYMT"], "physician", Verdict::Uncovered),
        (ImplicitPolicy::BasicNormal, &["HMARKT", "TREAT"], "physician", Verdict::Uncovered),
        // Treatment does not stand for emergencies.
        (ImplicitPolicy::BasicNormal, &["BTG"], "physician", Verdict::Uncovered),
        (ImplicitPolicy::AllNormal, &["ELIGVER"], "billing", Verdict::Covered),
        (ImplicitPolicy::AllNormal, &["HRESCH"], "researcher", Verdict::Uncovered),
        (ImplicitPolicy::BreakGlassOnly, &["TREAT"], "physician", Verdict::Uncovered),
        (ImplicitPolicy::Deny, &["TREAT"], "physician", Verdict::Uncovered),
    ] {
        assert_eq!(under(implicit, purposes, role), verdict, "{implicit} {purposes:?} {role}");
    }
}

#[test]
fn consent_overrides_the_implicit_policy_and_expects_all_of_its_scope() {
    let rules = DecisionRules { implicit: ImplicitPolicy::BasicNormal, ..rules() };
    let deny = consent(Effect::Deny, for_purposes(&["TREAT"]));
    let decision = decided_under(&rules, slice::from_ref(&deny), &asks_for(&["TREAT"]));
    assert_eq!((decision.verdict, decision.ground), (Verdict::Denied, Ground::Consent));
    assert_eq!((decision.implicit, decision.tables), (None, DIGEST));

    let decision = decided_under(&rules, &[deny], &asks_for(&["HPAYMT"]));
    assert_eq!((decision.verdict, decision.ground), (Verdict::Uncovered, Ground::Nothing));
    let said = &decision.considered[0];
    assert_eq!((said.effect, said.unmet), (None, Some(Element::Purposes)));
    assert_eq!((said.consent, said.rule_set), (Hash([1; 32]), RuleSet::Pcf11));
}

fn named(organization_id: &str, role: Option<&str>) -> ActorPattern {
    let organization = Some(organization(organization_id));
    ActorPattern { organization, role: role.map(code), person: None }
}

type Edit = fn(&mut Elements);

#[test]
fn every_element_of_a_scope_is_asked_for() {
    let met = Elements {
        actors: list([named("other.example", None), named("st-anna.example", Some("clinician"))]),
        actions: codes(&["R", "U"]),
        purposes: codes(&["TREAT"]),
        period: Some(period(MORNING, Some(MORNING + 2 * DAY))),
        data_period: None,
        confidentiality: sealed(&[1, 9]),
        labels: sealed(&[1, 9]),
        classes: sealed(&[1]),
        resources: sealed(&[1]),
        authors: sealed(&[1]),
    };
    let says = |scope: Elements| {
        let processing =
            Processing { closures: closures_of_ids(&[1], &[1]), ..asks_for(&["TREAT"]) };
        let decision = decided_under(&rules(), &[consent(Effect::Permit, scope)], &processing);
        (decision.verdict, decision.considered[0].unmet)
    };
    assert_eq!(says(met.clone()), (Verdict::Covered, None));
    let edits: [(Element, Edit); 12] = [
        (Element::Actors, |e| e.actors = list([named("st-anna.example", Some("billing"))])),
        (Element::Actors, |e| e.actors = list([named("other.example", None)])),
        (Element::Actions, |e| e.actions = codes(&["export"])),
        (Element::Purposes, |e| e.purposes = codes(&["HPAYMT"])),
        (Element::Period, |e| e.period = Some(period(MORNING, Some(MORNING + DAY)))),
        (Element::Period, |e| e.period = Some(period(MORNING + DAY + 1, None))),
        (Element::DataPeriod, |e| e.data_period = Some(period(0, None))),
        (Element::Confidentiality, |e| e.confidentiality = sealed(&[9])),
        (Element::Labels, |e| e.labels = sealed(&[9])),
        (Element::Classes, |e| e.classes = sealed(&[9])),
        (Element::Resources, |e| e.resources = sealed(&[9])),
        (Element::Authors, |e| e.authors = sealed(&[9])),
    ];
    for (element, edit) in edits {
        let mut scope = met.clone();
        edit(&mut scope);
        assert_eq!(says(scope), (Verdict::Uncovered, Some(element)));
    }
}

#[test]
fn exceptions_reverse_and_their_exceptions_reverse_again() {
    let provision = Provision {
        elements: for_purposes(&["HRESCH"]),
        exceptions: list([for_purposes(&["CLINTRCH"])]),
    };
    let consent = with_exceptions(consent(Effect::Permit, anything()), vec![provision]);
    let says = |purpose: &str| {
        let decision = decided_under(&rules(), slice::from_ref(&consent), &asks_for(&[purpose]));
        (decision.verdict, decision.considered[0].provision)
    };
    assert_eq!(says("TREAT"), (Verdict::Covered, None));
    assert_eq!(says("HRESCH"), (Verdict::Denied, Some(0)));
    assert_eq!(says("BIORCH"), (Verdict::Denied, Some(0)));
    assert_eq!(says("CLINTRCH"), (Verdict::Covered, None));
    assert_eq!(says("PRECLINTRCH"), (Verdict::Covered, None));
}

#[test]
fn order_of_provisions_never_matters() {
    let provisions = [
        but_for(for_purposes(&["HMARKT"])),
        but_for(Elements { labels: sealed(&[2]), ..anything() }),
        Provision {
            elements: for_purposes(&["HRESCH"]),
            exceptions: list([for_purposes(&["CLINTRCH"])]),
        },
    ];
    let orders = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]];
    for (purpose, deny) in ["TREAT", "HMARKT", "CLINTRCH", "DSRCH"]
        .into_iter()
        .flat_map(|purpose| [1, 2].map(|label| (purpose, label)))
    {
        let closures = closures(&[1], &[deny]);
        let processing = Processing { closures, ..asks_for(&[purpose]) };
        let verdicts = orders.map(|order| {
            let chosen = order.map(|index: usize| provisions[index].clone());
            let consent = with_exceptions(consent(Effect::Permit, anything()), chosen.to_vec());
            decided(&[consent], &processing)
        });
        let expected = match (purpose, deny) {
            ("HMARKT" | "DSRCH", _) | (_, 2) => Verdict::Denied,
            _ => Verdict::Covered,
        };
        assert_eq!(verdicts, [expected; 6], "{purpose} {deny}");
    }
}

#[test]
fn one_denied_purpose_is_enough_and_all_must_be_permitted() {
    let permit = consent(Effect::Permit, for_purposes(&["TREAT"]));
    assert_eq!(decided(slice::from_ref(&permit), &asks_for(&["COC", "TREAT"])), Verdict::Covered);
    assert_eq!(decided(&[permit], &asks_for(&["HMARKT", "TREAT"])), Verdict::Uncovered);
    let deny = consent(Effect::Deny, for_purposes(&["HMARKT"]));
    assert_eq!(decided(&[deny], &asks_for(&["HMARKT", "TREAT"])), Verdict::Denied);
}

#[test]
fn strict_rule_set_asks_for_all_labels_and_purposes() {
    let scope = Elements { labels: sealed(&[1, 2]), ..for_purposes(&["HPAYMT", "TREAT"]) };
    for (rule_set, labels, purposes, verdict) in [
        (RuleSet::Pcf11, &[1][..], &["TREAT"][..], Verdict::Covered),
        (RuleSet::FhirStrictAll, &[1], &["HPAYMT", "TREAT"], Verdict::Uncovered),
        (RuleSet::FhirStrictAll, &[1, 2], &["TREAT"], Verdict::Uncovered),
        (RuleSet::FhirStrictAll, &[1, 2], &["HPAYMT", "TREAT"], Verdict::Covered),
    ] {
        let consent =
            Consent { rule_set: Some(rule_set), ..consent(Effect::Permit, scope.clone()) };
        let closures = closures(labels, &[9]);
        let processing = Processing { closures, ..asks_for(purposes) };
        assert_eq!(decided(&[consent], &processing), verdict, "{rule_set} {labels:?} {purposes:?}");
    }
}

#[test]
fn consents_that_disagree_are_combined_as_the_network_says() {
    let permit = consent(Effect::Permit, anything());
    let deny = consent(Effect::Deny, anything());
    let silent = consent(Effect::Permit, for_purposes(&["HRESCH"]));
    let consents = [permit.clone(), deny, silent.clone()];
    for (combining, forward, backward) in [
        (CombiningRule::DenyOverrides, Verdict::Denied, Verdict::Denied),
        (CombiningRule::PermitOverrides, Verdict::Covered, Verdict::Covered),
        (CombiningRule::NewestWins, Verdict::Denied, Verdict::Covered),
    ] {
        let rules = DecisionRules { combining, ..rules() };
        let mut reversed = consents.clone();
        reversed.reverse();
        let [found, other] = [&consents, &reversed]
            .map(|consents| decided_under(&rules, consents, &asks_for(&["TREAT"])));
        assert_eq!([found.verdict, other.verdict], [forward, backward], "{combining}");
        assert_eq!((found.combining, found.considered.len()), (combining, 3));
        // Consents that are not about the access change nothing.
        let alone = decided_under(&rules, &[silent.clone(), permit.clone()], &asks_for(&["TREAT"]));
        assert_eq!(alone.verdict, Verdict::Covered);
    }
}

#[test]
fn lawful_basis_holds_where_no_consent_says_anything() {
    let rules = DecisionRules { lawful_bases: codes(&["HIPAA-164.512"]), ..rules() };
    let basis = codes(&["GDPR-9(2)(i)", "HIPAA-164.512(b)"]);
    let processing = Processing { basis, ..asks_for(&["PUBHLTH"]) };
    let decision = decided_under(&rules, &[], &processing);
    assert_eq!(decision.verdict, Verdict::CoveredByLaw);
    assert_eq!(decision.basis, Some(code("HIPAA-164.512(b)")));
    let deny = consent(Effect::Deny, anything());
    assert_eq!(decided_under(&rules, &[deny], &processing).verdict, Verdict::Denied);
    let other = Processing { basis: codes(&["GDPR-9(2)(i)"]), ..asks_for(&["PUBHLTH"]) };
    assert_eq!(decided_under(&rules, &[], &other).verdict, Verdict::Uncovered);
}

#[test]
fn code_that_nobody_can_place_is_never_permitted_and_always_denied() {
    let unplaced = asks_for(&["NEW-IN-2031"]);
    let permit = consent(Effect::Permit, for_purposes(&["NEW-IN-2031", "TREAT"]));
    assert_eq!(decided(&[permit], &unplaced), Verdict::Indeterminate);
    let deny = with_exceptions(
        consent(Effect::Permit, anything()),
        vec![but_for(for_purposes(&["HMARKT"]))],
    );
    let decision = decided_under(&rules(), slice::from_ref(&deny), &unplaced);
    assert_eq!(decision.verdict, Verdict::Indeterminate);
    assert_eq!(decision.considered[0].effect, Some(Effect::Deny));
    assert_eq!(decided(&[deny], &asks_for(&["TREAT"])), Verdict::Covered);
}

#[test]
fn data_of_no_stated_time_is_outside_every_permitted_span_and_inside_every_denied_one() {
    let span = || Some(period(MORNING - 10 * DAY, Some(MORNING)));
    let permit = [consent(Effect::Permit, Elements { data_period: span(), ..anything() })];
    let deny = [consent(Effect::Deny, Elements { data_period: span(), ..anything() })];
    let of = |data_period| Processing { data_period, ..asks_for(&["TREAT"]) };
    let inside = of(Some(period(MORNING - 2 * DAY, Some(MORNING - DAY))));
    let across = of(Some(period(MORNING - 2 * DAY, Some(MORNING + DAY))));
    let outside = of(Some(period(MORNING, None)));
    for (processing, permitted, denied) in [
        (inside, Verdict::Covered, Verdict::Denied),
        (across, Verdict::Uncovered, Verdict::Denied),
        (outside, Verdict::Uncovered, Verdict::Uncovered),
        (of(None), Verdict::Uncovered, Verdict::Denied),
    ] {
        assert_eq!(decided(&permit, &processing), permitted, "{:?}", processing.data_period);
        assert_eq!(decided(&deny, &processing), denied, "{:?}", processing.data_period);
    }
}

#[test]
fn access_under_a_protocol_needs_consent_to_that_version() {
    let version = |byte| Some(Hash([byte; 32]));
    let to = |decision, protocol| Consent { protocol, ..consent(decision, anything()) };
    let under = |protocol| Processing { protocol, ..asks_for(&["CLINTRCH"]) };
    for (decision, named, carried, verdict) in [
        (Effect::Permit, version(1), version(1), Verdict::Covered),
        (Effect::Permit, version(1), version(2), Verdict::Uncovered),
        (Effect::Permit, version(1), None, Verdict::Uncovered),
        (Effect::Permit, None, version(1), Verdict::Uncovered),
        (Effect::Permit, None, None, Verdict::Covered),
        (Effect::Deny, version(1), version(1), Verdict::Denied),
        (Effect::Deny, version(1), version(2), Verdict::Uncovered),
        (Effect::Deny, None, version(1), Verdict::Denied),
    ] {
        let found = decided(&[to(decision, named)], &under(carried));
        assert_eq!(found, verdict, "{decision} {named:?} {carried:?}");
    }
}

#[test]
fn implicit_policy_holds_only_where_no_consent_is_in_force() {
    let rules = DecisionRules { implicit: ImplicitPolicy::BasicNormal, ..rules() };
    let scope = Elements { actors: list([named("other.example", None)]), ..anything() };
    let limited = consent(Effect::Permit, scope);
    let treatment = asks_for(&["TREAT"]);
    assert_eq!(decided_under(&rules, &[], &treatment).verdict, Verdict::Covered);
    assert_eq!(decided_under(&rules, &[limited], &treatment).verdict, Verdict::Uncovered);
}

#[test]
fn consent_is_no_lawful_basis_beside_consent() {
    let rules = DecisionRules { lawful_bases: codes(&["GDPR-6(1)", "HIPAA-164.508"]), ..rules() };
    for (basis, verdict) in [
        ("GDPR-6(1)(c)", Verdict::CoveredByLaw),
        ("GDPR-6(1)(a)", Verdict::Uncovered),
        ("HIPAA-164.508", Verdict::Uncovered),
    ] {
        let processing = Processing { basis: codes(&[basis]), ..asks_for(&["PUBHLTH"]) };
        assert_eq!(decided_under(&rules, &[], &processing).verdict, verdict, "{basis}");
    }
}

#[test]
fn more_consents_than_are_looked_at_permit_nothing() {
    let permits = vec![consent(Effect::Permit, anything()); 65];
    assert_eq!(decided(&permits[..64], &asks_for(&["TREAT"])), Verdict::Covered);
    assert_eq!(decided(&permits, &asks_for(&["TREAT"])), Verdict::Indeterminate);
}
