//! Consents whose provisions say the reverse of the decision, and accesses that the scope is not wholly
//! about.

use std::slice;

use vidimus::{
    contract::{decision::Verdict, matching::Element},
    encoding::hex::Hash,
    record::{
        actor::ActorPattern,
        codes,
        consent::{Consent, Effect, Elements},
        request::Processing,
        sealing::unmapped_marker,
    },
};

use super::{
    asks_for, but_for, consent, decided, decided_under, for_purposes, named, rules, with_exceptions,
};
use crate::samples::{
    DAY, MORNING, anything, closures, closures_of_ids, code, list, period, sealed, set,
};

/// Denied to all but clinicians.
fn deny_but_to_clinicians(scope: Elements) -> Consent {
    let clinicians = Elements { actors: list([any_clinician()]), ..anything() };
    with_exceptions(consent(Effect::Deny, scope), vec![but_for(clinicians)])
}

/// Permitted to all but clinicians.
fn permit_but_to_clinicians(scope: Elements) -> Consent {
    Consent { decision: Effect::Permit, ..deny_but_to_clinicians(scope) }
}

fn any_clinician() -> ActorPattern {
    ActorPattern { organization: None, ..named("any.example", Some("clinician")) }
}

/// What the consent says, and the element of its scope that is not met.
fn says(consent: &Consent, processing: &Processing) -> (Option<Effect>, Option<Element>) {
    let decision = decided_under(&rules(), slice::from_ref(consent), processing);
    (decision.considered[0].effect, decision.considered[0].unmet)
}

const PERMIT: (Option<Effect>, Option<Element>) = (Some(Effect::Permit), None);
const DENY: (Option<Effect>, Option<Element>) = (Some(Effect::Deny), None);

const fn nothing(unmet: Element) -> (Option<Effect>, Option<Element>) {
    (None, Some(unmet))
}

/// Each element of a scope, with an access that it is wholly about and one that it may be about.
fn cases() -> Vec<(Element, Elements, Processing, Processing)> {
    let treatment = || asks_for(&["TREAT"]);
    let with_label = |closures| Processing { closures, ..treatment() };
    let mut unplaced = closures(&[1], &[1]);
    unplaced.deny.codes = set([unmapped_marker(codes::Element::Label)]);
    let span = Some(period(MORNING - 10 * DAY, Some(MORNING)));
    let of = |data_period| Processing { data_period, ..treatment() };
    let inside = period(MORNING - 2 * DAY, Some(MORNING - DAY));
    vec![
        (
            Element::Purposes,
            for_purposes(&["HMARKT"]),
            asks_for(&["HMARKT"]),
            asks_for(&["HMARKT", "TREAT"]),
        ),
        (
            Element::DataPeriod,
            Elements { data_period: span, ..anything() },
            of(Some(inside)),
            of(None),
        ),
        (
            Element::Labels,
            Elements { labels: sealed(&[1]), ..anything() },
            with_label(closures(&[1], &[1])),
            with_label(unplaced),
        ),
        (
            Element::Resources,
            Elements { resources: sealed(&[1]), ..anything() },
            with_label(closures_of_ids(&[1], &[9])),
            with_label(closures_of_ids(&[1, 2], &[9])),
        ),
        (
            Element::Authors,
            Elements { authors: sealed(&[1]), ..anything() },
            with_label(closures_of_ids(&[9], &[1])),
            with_label(closures_of_ids(&[9], &[])),
        ),
    ]
}

#[test]
fn provision_of_a_deny_permits_what_the_scope_is_wholly_about_and_nothing_else() {
    for (element, scope, wholly, perhaps) in cases() {
        let consent = deny_but_to_clinicians(scope);
        assert_eq!(says(&consent, &wholly), PERMIT, "{element}");
        assert_eq!(says(&consent, &perhaps), nothing(element), "{element}");
    }
}

#[test]
fn provision_of_a_permit_denies_all_that_the_scope_may_be_about() {
    for (element, scope, wholly, perhaps) in cases() {
        let consent = permit_but_to_clinicians(scope);
        assert_eq!(says(&consent, &wholly), DENY, "{element}");
        assert_eq!(says(&consent, &perhaps), DENY, "{element}");
        let mut clerk = perhaps;
        clerk.actor.role = code("billing");
        assert_eq!(says(&consent, &clerk), nothing(element), "{element}: others are not denied");
    }
}

#[test]
fn purpose_more_gets_nothing_that_was_denied_or_not_permitted() {
    let research_alone = deny_but_to_clinicians(for_purposes(&["HMARKT"]));
    for (purposes, verdict) in [
        (&["HMARKT"][..], Verdict::Covered),
        (&["HRESCH"], Verdict::Uncovered),
        (&["HMARKT", "HRESCH"], Verdict::Uncovered),
    ] {
        let found = decided(slice::from_ref(&research_alone), &asks_for(purposes));
        assert_eq!(found, verdict, "{purposes:?}");
    }
    let consents =
        [consent(Effect::Permit, anything()), permit_but_to_clinicians(for_purposes(&["TREAT"]))];
    for purposes in [&["TREAT"][..], &["HMARKT", "TREAT"]] {
        assert_eq!(decided(&consents, &asks_for(purposes)), Verdict::Denied, "{purposes:?}");
    }
    assert_eq!(decided(&consents, &asks_for(&["HMARKT"])), Verdict::Covered);
}

#[test]
fn who_denies_treatment_can_permit_emergencies_to_a_few() {
    let emergencies = Elements { actors: list([any_clinician()]), ..for_purposes(&["ETREAT"]) };
    let consent = with_exceptions(
        consent(Effect::Deny, for_purposes(&["TREAT"])),
        vec![but_for(emergencies)],
    );
    assert_eq!(says(&consent, &asks_for(&["ETREAT"])), PERMIT);
    assert_eq!(says(&consent, &asks_for(&["TREAT"])), DENY);
    assert_eq!(says(&consent, &asks_for(&["HMARKT"])), nothing(Element::Purposes));
}

#[test]
fn provision_permits_no_access_under_a_protocol_that_the_consent_does_not_name() {
    let consent = deny_but_to_clinicians(anything());
    let under = |protocol| Processing { protocol, ..asks_for(&["CLINTRCH"]) };
    assert_eq!(says(&consent, &under(None)), PERMIT);
    assert_eq!(says(&consent, &under(Some(Hash([1; 32])))), nothing(Element::Protocol));
    let consent = permit_but_to_clinicians(anything());
    assert_eq!(says(&consent, &under(Some(Hash([1; 32])))), DENY);
}
