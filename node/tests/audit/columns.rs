//! V24, V27: what must be written of an access.

use vidimus::{
    audit::{Outcome, SkipReason, ViolationId},
    encoding::cbor::Text,
    record::{access::Access, codes::System},
};

use super::{
    emergencies::emergency,
    fixture::{Fixture, account, carried, code, disclosure, half, labelled, open, sealed, set},
    writing::under,
};

const ACCESS: u64 = 3;

#[test]
fn columns_that_a_regime_demands_are_found_missing() {
    let violation = [(ViolationId::V24, ACCESS, Some(0))];
    let no_origin = |access: &mut Access| half(access).origin = None;
    assert_eq!(under(&["ehds"]).access(no_origin).found(), violation);
    assert_eq!(Fixture::new().policy("regimes = [\"ehds\"]").access(no_origin).found(), violation);
    assert_eq!(under(&["ehds", "hipaa", "part11"]).access(|_| {}).found(), []);
    assert_eq!(under(&["gdpr", "unheard-of"]).access(no_origin).found(), []);
    // No class of data; of what nobody opens, none is missing, and nobody looked.
    let no_class = |access: &mut Access| open(access, &labelled(&[]));
    assert_eq!(under(&["ehds"]).access(no_class).found(), violation);
    assert_eq!(under(&["gdpr"]).access(no_class).found(), violation);
    let skipped = |regimes: &[&str]| {
        let mut sealed = under(regimes).access(no_class);
        sealed.view = false;
        let entries = sealed.run().violations;
        let entry = entries.iter().find(|entry| entry.id == ViolationId::V24).unwrap();
        (entry.outcome, entry.reason)
    };
    assert_eq!(skipped(&["ehds"]), (Outcome::Skip, Some(SkipReason::Sealed)));
    // What these ask for stands in clear; who names no law asks for nothing.
    assert_eq!(skipped(&["hipaa", "part11"]), (Outcome::None, None));
    assert_eq!(skipped(&[]), (Outcome::None, None));
}

#[test]
fn details_that_are_missing_lack_a_class_and_those_that_do_not_open_may_say_one() {
    let (column, closures) = (ViolationId::V24, ViolationId::V38);
    let silent = |access: &mut Access| access.details = None;
    let both = [(column, ACCESS, Some(0)), (closures, ACCESS, Some(0))];
    assert_eq!(under(&["ehds"]).access(silent).found(), both);
    // That there are none, everybody sees.
    let mut unviewed = under(&["ehds"]).access(silent);
    unviewed.view = false;
    assert_eq!(unviewed.found(), both[..1]);
    assert_eq!(under(&["hipaa"]).access(silent).found(), both[1..]);
    let unopenable = under(&["ehds"]).block(|world| vec![world.request(|_| {})]);
    let unopenable = unopenable.block(|world| {
        let request = world.ids.last().copied();
        vec![world.access(request, |access| {
            let carried = labelled(&[]);
            access.details = Some(sealed("request", &access.subject, &access.event.0, &carried));
        })]
    });
    assert_eq!(unopenable.found(), both[1..]);
}

#[test]
fn record_that_does_not_link_to_the_one_before_lacks_a_column_of_part_11() {
    let unlinked = |access: &mut Access| access.source.previous = None;
    assert_eq!(under(&["part11"]).access(|_| {}).found(), []);
    // The request is the gateway's first record: there is none before it.
    let found = under(&["part11"]).access(unlinked).found();
    assert_eq!(found, [(ViolationId::V24, ACCESS, Some(0))]);
    assert_eq!(Fixture::new().access(unlinked).found(), []);
}

#[test]
fn gdpr_wants_a_lawful_basis_where_no_consent_covers() {
    let violation = [(ViolationId::V24, ACCESS, Some(0))];
    assert_eq!(under(&["gdpr"]).access(emergency).found(), violation);
    let founded = |access: &mut Access| {
        emergency(access);
        half(access).processing.basis = set([code("GDPR-9(2)(c)")]);
    };
    assert_eq!(under(&["gdpr"]).access(founded).found(), []);
    assert_eq!(under(&["gdpr"]).access(|_| {}).found(), []);
}

/// The hospital may report to the authorities by law.
fn reporting(regimes: &[&str]) -> Fixture {
    let mut fixture = under(regimes);
    fixture.network.rules.lawful_bases = set([code("HIPAA-164.512(b)")]);
    fixture
}

/// A report to the authorities, with all that must be written of it.
fn report(access: &mut Access) {
    let processing = &mut half(access).processing;
    processing.purposes = set([code("PUBHLTH")]);
    processing.basis = set([code("HIPAA-164.512(b)")]);
    account(access);
}

/// What an accounting must say, left out.
const LACKING: [fn(&mut Access); 3] = [
    |access| disclosure(access).description = None,
    |access| disclosure(access).statement = None,
    |access| disclosure(access).recipient = None,
];

#[test]
fn disclosures_without_an_accounting_are_found() {
    let column = (ViolationId::V24, ACCESS, Some(0));
    let accounting = (ViolationId::V27, ACCESS, Some(0));
    for lack in LACKING {
        let edit = move |access: &mut Access| {
            report(access);
            lack(access);
        };
        assert_eq!(reporting(&["hipaa"]).access(edit).found(), [column, accounting]);
        let by_policy = reporting(&[]).policy("regimes = [\"hipaa\"]");
        assert_eq!(by_policy.access(edit).found(), [column, accounting]);
        // Nobody says which law leaves it out.
        assert_eq!(reporting(&[]).access(edit).found(), [accounting]);
    }
    assert_eq!(reporting(&["hipaa", "part2"]).access(report).found(), []);
    // Where the recipient is, is asked for if it is known.
    let elsewhere = |access: &mut Access| {
        report(access);
        disclosure(access).recipient = None;
        disclosure(access).name = Text::new("Dr. Example");
    };
    assert_eq!(reporting(&["hipaa", "part2"]).access(elsewhere).found(), []);
    // The digest of a description that nobody wrote.
    let untold = |access: &mut Access| {
        report(access);
        open(access, &carried());
    };
    assert_eq!(reporting(&["hipaa"]).access(untold).found(), [column, accounting]);
    // An access that says that it discloses, and nothing else.
    let bare = |access: &mut Access| half(access).processing.action = code("disclose");
    assert_eq!(Fixture::new().access(bare).found(), [accounting]);
}

#[test]
fn disclosures_that_the_law_leaves_out_need_no_accounting() {
    for lack in LACKING {
        let edit = move |access: &mut Access| {
            account(access);
            lack(access);
        };
        // A referral for treatment.
        assert_eq!(under(&["hipaa"]).access(edit).found(), []);
        assert_eq!(under(&["hipaa", "part2"]).access(edit).found(), []);
        assert_eq!(under(&["ehds", "part11"]).access(edit).found(), []);
        // What nobody permits is left out by no purpose that it claims.
        let unasked = move |access: &mut Access| {
            edit(access);
            half(access).processing.purposes = set([code("HOPERAT")]);
        };
        let found = under(&["hipaa"]).access(unasked).found();
        let ids: Vec<_> = found.iter().map(|(id, _, _)| *id).collect();
        let lacking = [ViolationId::V24, ViolationId::V27];
        assert!(lacking.iter().all(|id| ids.contains(id)), "{ids:?}");
    }
    // To whom, a patient may ask under gdpr as well; not what for.
    let found = LACKING.map(|lack| {
        let edit = move |access: &mut Access| {
            account(access);
            lack(access);
        };
        under(&["gdpr"]).access(edit).found()
    });
    let both = vec![(ViolationId::V24, ACCESS, Some(0)), (ViolationId::V27, ACCESS, Some(0))];
    assert_eq!(found, [vec![], vec![], both]);
}

/// A disclosure of substance use data, with all that must be written of it.
fn part_two(access: &mut Access) {
    let labels = [(System::Class, "Condition"), (System::Law, "42CFRPart2")];
    open(access, &labelled(&labels));
    account(access);
}

fn part_two_undescribed(access: &mut Access) {
    part_two(access);
    disclosure(access).description = None;
}

#[test]
fn part2_accounts_for_treatment_with_data_that_it_protects() {
    let violations = [ViolationId::V24, ViolationId::V27];
    let entries = |edit: fn(&mut Access), view| {
        let mut fixture = under(&["hipaa", "part2"]).access(edit);
        fixture.view = view;
        let entries = fixture.run().violations;
        violations.map(|id| {
            let entry = entries.iter().find(|entry| entry.id == id).unwrap();
            (entry.outcome, entry.reason)
        })
    };
    assert_eq!(entries(part_two_undescribed, true), [(Outcome::Found, None); 2]);
    assert_eq!(entries(part_two, true), [(Outcome::None, None); 2]);
    // Whether it is of such data, only a viewing file shows.
    assert_eq!(
        entries(part_two_undescribed, false),
        [(Outcome::Skip, Some(SkipReason::Sealed)); 2]
    );
}
