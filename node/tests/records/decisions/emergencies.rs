//! Emergencies: what they override, and what they must be for it.

use std::slice;

use vidimus::{
    contract::{
        decision::{Ground, Verdict},
        rules::DecisionRules,
    },
    record::{
        consent::{Effect, Elements, Provision},
        request::Processing,
    },
};

use super::{
    asks_for, but_for, consent, decided, decided_under, for_purposes, rules, with_exceptions,
};
use crate::samples::{anything, closures, code, codes, list, sealed};

#[test]
fn emergency_overrides_by_who_treats_for_an_emergency_that_is_declared() {
    let deny = [consent(Effect::Deny, anything())];
    let emergency = Processing { emergency: true, ..asks_for(&["BTG"]) };
    let decision = decided_under(&rules(), &deny, &emergency);
    assert_eq!(decision.verdict, Verdict::CoveredByException);
    assert_eq!(decision.ground, Ground::Emergency);
    assert_eq!(decided(&[], &emergency), Verdict::CoveredByException);

    let mut clerk = emergency.clone();
    clerk.actor.role = code("billing");
    let not_declared = Processing { emergency: false, ..emergency.clone() };
    let treatment = Processing { emergency: true, ..asks_for(&["TREAT"]) };
    for not_one in [clerk, not_declared, treatment] {
        assert_eq!(decided(&deny, &not_one), Verdict::Denied, "{not_one:?}");
    }
    let forbidden = DecisionRules { break_glass: false, ..rules() };
    assert_eq!(decided_under(&forbidden, &deny, &emergency).verdict, Verdict::Denied);
    // The patient thought of emergencies.
    let named = [consent(Effect::Deny, for_purposes(&["ETREAT"]))];
    assert_eq!(decided(&named, &emergency), Verdict::Denied);
    let permitted = [consent(Effect::Permit, for_purposes(&["BTG"]))];
    assert_eq!(decided(&permitted, &emergency), Verdict::Covered);
}

#[test]
fn emergency_that_is_not_declared_passes_by_no_deny() {
    let but_payment = with_exceptions(
        consent(Effect::Deny, for_purposes(&["HPAYMT", "TREAT"])),
        vec![but_for(for_purposes(&["HPAYMT"]))],
    );
    let everything_but_treatment = with_exceptions(
        consent(Effect::Permit, for_purposes(&["ETREAT", "HPAYMT"])),
        vec![but_for(for_purposes(&["TREAT"]))],
    );
    let treatment = consent(Effect::Deny, for_purposes(&["TREAT"]));
    // A deny that missed it would leave the lawful basis to decide.
    let rules = DecisionRules { lawful_bases: codes(&["GDPR-9(2)"]), ..rules() };
    for deny in [treatment, but_payment, everything_but_treatment] {
        for purpose in ["ETREAT", "BTG", "ERTREAT"] {
            let written = Processing { basis: codes(&["GDPR-9(2)(c)"]), ..asks_for(&[purpose]) };
            let declared = Processing { emergency: true, ..written.clone() };
            let [written, declared] = [&written, &declared].map(|processing| {
                decided_under(&rules, slice::from_ref(&deny), processing).verdict
            });
            assert_eq!(written, Verdict::Denied, "{purpose} {deny:?}");
            assert_eq!(declared, Verdict::CoveredByException, "{purpose} {deny:?}");
        }
    }
    // Whoever names one kind of emergency beside treatment has thought of emergencies.
    let named = consent(Effect::Deny, for_purposes(&["ERTREAT", "TREAT"]));
    let declared = Processing { emergency: true, ..asks_for(&["BTG"]) };
    assert_eq!(decided(&[named], &declared), Verdict::Denied);
}

#[test]
fn emergency_that_an_exception_denies_by_name_is_denied() {
    let treatment = || for_purposes(&["ETREAT", "TREAT"]);
    let labelled = || Elements { labels: sealed(&[2]), ..treatment() };
    for (permitted, but, verdict) in [
        (treatment(), for_purposes(&["BTG"]), Verdict::Denied),
        // Named, and not for this.
        (treatment(), for_purposes(&["TREAT"]), Verdict::CoveredByException),
        // Of what is not permitted after all, nothing is excepted.
        (labelled(), for_purposes(&["BTG"]), Verdict::CoveredByException),
    ] {
        let provision = Provision { elements: permitted, exceptions: list([but]) };
        let consent = with_exceptions(consent(Effect::Deny, anything()), vec![provision]);
        let declared = Processing { emergency: true, ..asks_for(&["BTG"]) };
        assert_eq!(decided(slice::from_ref(&consent), &declared), verdict, "{consent:?}");
    }
}

#[test]
fn emergency_covers_no_purpose_beside_treatment() {
    let deny = [consent(Effect::Deny, anything())];
    let declared = |purposes: &[&str]| Processing { emergency: true, ..asks_for(purposes) };
    assert_eq!(decided(&deny, &declared(&["BTG", "TREAT"])), Verdict::CoveredByException);
    assert_eq!(decided(&deny, &declared(&["BTG", "HMARKT"])), Verdict::Denied);
}

#[test]
fn emergency_needs_a_permit_that_names_it() {
    let permit = [consent(Effect::Permit, anything())];
    assert_eq!(decided(&permit, &asks_for(&["TREAT"])), Verdict::Covered);
    assert_eq!(decided(&permit, &asks_for(&["BTG"])), Verdict::Uncovered);
    let declared = Processing { emergency: true, ..asks_for(&["BTG"]) };
    assert_eq!(decided(&permit, &declared), Verdict::CoveredByException);
}

#[test]
fn order_of_provisions_does_not_matter_in_an_emergency_either() {
    let label = but_for(Elements { labels: sealed(&[2]), ..anything() });
    let emergencies = but_for(for_purposes(&["BTG"]));
    let closures = closures(&[1], &[2]);
    let declared = Processing { emergency: true, closures, ..asks_for(&["BTG"]) };
    for provisions in [[label.clone(), emergencies.clone()], [emergencies, label]] {
        let scope = for_purposes(&["BTG", "TREAT"]);
        let consent = with_exceptions(consent(Effect::Permit, scope), provisions.to_vec());
        assert_eq!(decided(&[consent], &declared), Verdict::Denied);
    }
}
