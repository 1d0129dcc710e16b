//! What an access carries sealed: codes, of which one is enough, and ids, of which it is not.

use std::slice;

use vidimus::{
    contract::{decision::Verdict, matching::Element},
    record::{
        codes,
        consent::{Effect, Elements},
        details::SealedSet,
        keys::ViewKey,
        request::Processing,
        sealing::{Carried, Named, ResourceId, Sealer, unmapped_marker},
    },
};

use super::{asks_for, but_for, consent, decided, decided_under, rules, with_exceptions};
use crate::samples::{anything, closures, closures_of_ids, sealed, set};

/// The verdict on an access that carries these resources, or authors, under a consent that names
/// others.
fn says(effect: Effect, element: Element, named: &[u8], carried: &[u8]) -> Verdict {
    let resources = element == Element::Resources;
    let (scope, closures) = if resources {
        let scope = Elements { resources: sealed(named), ..anything() };
        (scope, closures_of_ids(carried, &[9]))
    } else {
        let scope = Elements { authors: sealed(named), ..anything() };
        (scope, closures_of_ids(&[9], carried))
    };
    let processing = Processing { closures, ..asks_for(&["TREAT"]) };
    decided(&[consent(effect, scope)], &processing)
}

#[test]
fn permit_of_one_resource_or_author_does_not_cover_an_access_to_several() {
    for element in [Element::Resources, Element::Authors] {
        for (named, carried, verdict) in [
            (&[1][..], &[1][..], Verdict::Covered),
            (&[1, 2, 3], &[1, 2], Verdict::Covered),
            (&[1], &[1, 2], Verdict::Uncovered),
            (&[1, 2], &[2, 3], Verdict::Uncovered),
            (&[1], &[2], Verdict::Uncovered),
            // Which they are is not said.
            (&[1], &[], Verdict::Uncovered),
            (&[], &[], Verdict::Covered),
        ] {
            let found = says(Effect::Permit, element, named, carried);
            assert_eq!(found, verdict, "{element} {named:?} on {carried:?}");
        }
    }
}

#[test]
fn deny_of_one_resource_or_author_reaches_an_access_to_it_among_others_and_to_unnamed_ones() {
    for element in [Element::Resources, Element::Authors] {
        for (named, carried, verdict) in [
            (&[1][..], &[1][..], Verdict::Denied),
            (&[1], &[1, 2], Verdict::Denied),
            (&[1, 2], &[2, 3], Verdict::Denied),
            (&[1], &[2], Verdict::Uncovered),
            (&[1], &[], Verdict::Denied),
        ] {
            let found = says(Effect::Deny, element, named, carried);
            assert_eq!(found, verdict, "{element} {named:?} on {carried:?}");
        }
    }
}

#[test]
fn resource_is_no_author_and_an_author_no_resource() {
    let processing = Processing { closures: closures_of_ids(&[1], &[2]), ..asks_for(&["TREAT"]) };
    let verdict = |scope| decided(&[consent(Effect::Permit, scope)], &processing);
    let resources = |named| Elements { resources: sealed(named), ..anything() };
    let authors = |named| Elements { authors: sealed(named), ..anything() };
    assert_eq!(verdict(resources(&[1])), Verdict::Covered);
    assert_eq!(verdict(resources(&[2])), Verdict::Uncovered);
    assert_eq!(verdict(authors(&[2])), Verdict::Covered);
    assert_eq!(verdict(authors(&[1])), Verdict::Uncovered);
}

#[test]
fn exception_for_a_resource_takes_it_out_of_a_deny_alone() {
    // All is denied but what the patient names; and all is permitted but that.
    for (decision, alone, among_others) in [
        (Effect::Deny, Verdict::Covered, Verdict::Denied),
        (Effect::Permit, Verdict::Denied, Verdict::Denied),
    ] {
        let named = Elements { resources: sealed(&[1]), ..anything() };
        let consent = with_exceptions(consent(decision, anything()), vec![but_for(named)]);
        let verdict = |resources| {
            let closures = closures_of_ids(resources, &[]);
            let processing = Processing { closures, ..asks_for(&["TREAT"]) };
            decided(slice::from_ref(&consent), &processing)
        };
        assert_eq!(verdict(&[1]), alone, "{decision}");
        assert_eq!(verdict(&[1, 2]), among_others, "{decision}");
    }
}

#[test]
fn what_a_sealer_seals_is_decided_as_it_reads() {
    let by_key = Sealer::new(&ViewKey::new([1; 32]));
    let code = |system, text| codes::Code::new(system, text).unwrap();
    let id = |text: &str| ResourceId::new(text).unwrap();
    let level = || code(codes::System::Confidentiality, "N");
    let hiv = || code(codes::System::Sensitivity, "HIV");
    let carried = Carried::new(
        [level(), hiv()],
        ["Observation/1", "Observation/2"].map(id),
        [id("Practitioner/1")],
    )
    .unwrap();
    let closures = by_key.compute_closures(&carried);
    let processing = Processing { closures, ..asks_for(&["TREAT"]) };
    let verdict = |effect, named: &Named| {
        let mut by_element = by_key.seal_provision(effect, named);
        let mut take =
            |element| -> SealedSet { set(by_element.remove(&element).unwrap_or_default()) };
        let scope = Elements {
            labels: take(codes::Element::Label),
            resources: take(codes::Element::Resource),
            authors: take(codes::Element::Author),
            ..anything()
        };
        decided(&[consent(effect, scope)], &processing)
    };
    let named = |resources: &[&str], authors: &[&str]| {
        let ids = |ids: &[&str]| ids.iter().map(|text| id(text)).collect::<Vec<_>>();
        Named::new([hiv()], ids(resources), ids(authors)).unwrap()
    };
    for (resources, authors, permitted, denied) in [
        (&["Observation/1"][..], &[][..], Verdict::Uncovered, Verdict::Denied),
        (&["Observation/1", "Observation/2"], &[], Verdict::Covered, Verdict::Denied),
        (&["Observation/3"], &[], Verdict::Uncovered, Verdict::Uncovered),
        (&[], &["Practitioner/1"], Verdict::Covered, Verdict::Denied),
        (&[], &["Observation/1"], Verdict::Uncovered, Verdict::Uncovered),
    ] {
        let named = named(resources, authors);
        assert_eq!(verdict(Effect::Permit, &named), permitted, "{named:?}");
        assert_eq!(verdict(Effect::Deny, &named), denied, "{named:?}");
    }
}

#[test]
fn label_that_nobody_can_place_is_reached_by_every_deny_of_a_label_and_of_no_other_element() {
    let marked = |code| {
        let mut closures = closures(&[code], &[2]);
        closures.deny.codes = set([unmapped_marker(codes::Element::Label)]);
        closures
    };
    let closures = marked(7);
    let unplaced_label = Processing { closures, ..asks_for(&["TREAT"]) };
    let about =
        |elements| with_exceptions(consent(Effect::Permit, anything()), vec![but_for(elements)]);
    let labels = about(Elements { labels: sealed(&[8]), ..anything() });
    let decision = decided_under(&rules(), &[labels], &unplaced_label);
    assert_eq!(decision.verdict, Verdict::Indeterminate);
    assert_eq!(decision.considered[0].effect, Some(Effect::Deny));
    // A permit of what is known does not cover it.
    let known = consent(Effect::Permit, Elements { labels: sealed(&[1]), ..anything() });
    let closures = marked(1);
    let both = Processing { closures, ..asks_for(&["TREAT"]) };
    assert_eq!(decided(&[known], &both), Verdict::Indeterminate);
    let classes = about(Elements { classes: sealed(&[8]), ..anything() });
    assert_eq!(decided(&[classes], &unplaced_label), Verdict::Covered);
}
