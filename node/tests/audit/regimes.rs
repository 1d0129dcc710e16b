//! What regimes demand: how complete accesses are, and how far back an accounting looks.

use vidimus::{
    InputKind, Verification,
    anchor::Anchors,
    audit::{
        Accounting, AccountingCollector, AuditOptions, AuditPolicy, Exclusion, Regime, RegimeEntry,
    },
    limits::Limits,
    policy::Policy,
    record::{access::Access, disclosure::Disclosure, instant::Instant},
};

use super::fixture::{Fixture, code, half, list, organization, set};

const DAY: u64 = 86_400_000;

/// Nobody permits it, it says that it is for operations, and it says nothing that must be said.
fn bare(access: &mut Access) {
    let processing = &mut half(access).processing;
    processing.action = code("disclose");
    processing.purposes = set([code("HOPERAT")]);
}

fn two_disclosures() -> Fixture {
    let to_clinic = |access: &mut Access| {
        half(access).disclosure = Some(Disclosure {
            recipient: Some(organization("clinic.example")),
            name: None,
            address: None,
            description: None,
            statement: None,
            redisclosure_notice: false,
            legal_proceedings: false,
        });
    };
    Fixture::new().access(to_clinic).access(bare)
}

fn entry(entries: &[RegimeEntry], regime: Regime) -> &RegimeEntry {
    entries.iter().find(|entry| entry.regime == regime).unwrap()
}

#[test]
fn completeness_is_counted_for_the_regimes_that_are_named() {
    let mut fixture = two_disclosures();
    fixture.policy = AuditPolicy::from_toml("regimes = [\"hipaa\"]").unwrap();
    let organizations = fixture.network.organizations.iter().cloned();
    fixture.network.organizations = list(organizations.map(|mut organization| {
        // The clinic's regime is not that of the hospital's accesses, and one is unknown.
        let is_clinic = organization.organization.as_str() == "clinic.example";
        let regimes = if is_clinic { ["part11", "part11-2"] } else { ["ehds", "unknown"] };
        organization.regimes = set(regimes.map(code));
        organization
    }));
    let report = fixture.run();
    let names: Vec<_> = report.regimes.iter().map(|entry| entry.regime.name()).collect();
    assert_eq!(names, ["ehds", "hipaa", "part11"]);
    let counts = |regime| {
        let entry = entry(&report.regimes, regime);
        (entry.accesses, entry.events, entry.complete)
    };
    // Treatment is not accounted for; what nobody permits is, whatever purpose it claims.
    assert_eq!(counts(Regime::Hipaa), (2, 1, 0));
    assert_eq!(counts(Regime::Ehds), (2, 2, 2));
    assert_eq!(counts(Regime::Part11), (0, 0, 0));
    let hipaa = entry(&report.regimes, Regime::Hipaa);
    let missing: Vec<_> =
        hipaa.columns.iter().map(|column| (&*column.name, column.always, column.missing)).collect();
    let expected = [
        ("date", true, 0),
        ("recipient", false, 1),
        ("description", false, 1),
        ("statement", false, 1),
    ];
    assert_eq!(missing, expected);
}

#[test]
fn what_is_sealed_is_not_missing() {
    let mut fixture = two_disclosures();
    fixture.policy = AuditPolicy::from_toml("regimes = [\"ehds\"]").unwrap();
    fixture.view = false;
    let report = fixture.run();
    let columns = &entry(&report.regimes, Regime::Ehds).columns;
    let sealed = columns.iter().filter(|column| column.sealed > 0);
    let sealed: Vec<_> =
        sealed.map(|column| (&*column.name, column.sealed, column.missing)).collect();
    assert_eq!(sealed, [("categories", 2, 0)]);
}

#[test]
fn no_regime_is_reported_that_nobody_names() {
    assert_eq!(two_disclosures().run().regimes, []);
}

#[test]
fn accounting_looks_back_as_far_as_the_law() {
    let ledger = two_disclosures().write();
    let anchors = Anchors { anchors: vec![ledger.anchor.clone()], ..Anchors::default() };
    let mut verification =
        Verification::new(anchors, Policy::default(), Limits::default(), InputKind::Snapshot);
    verification.feed(&ledger.container);
    assert!(verification.end());
    verification.discharge_inline();
    let (report, trusted) = verification.conclude();
    let mut pass = trusted.unwrap().second_pass(AuditOptions::default());
    pass.feed(&ledger.container);
    pass.finish().unwrap();
    let acts = pass.take_acts();
    let end = Instant::of_block(&report.ledger.unwrap().last.time);
    let later = |regime, days: u64| -> Accounting {
        let mut collector = AccountingCollector::new(regime, None, end.saturating_add(days * DAY));
        for act in acts.iter() {
            collector.add(act);
        }
        collector.finish()
    };
    let rows = |regime, days| {
        let accounting = later(regime, days);
        let earlier = accounting.excluded.iter().find(|it| it.reason == Exclusion::Earlier);
        (accounting.rows.len(), earlier.map_or(0, |it| it.count))
    };
    // Six years have one or two leap days, three have none or one.
    assert_eq!(rows(Regime::Hipaa, 6 * 365 + 1), (1, 0));
    assert_eq!(rows(Regime::Hipaa, 6 * 365 + 2), (0, 1));
    assert_eq!(rows(Regime::Part2, 3 * 365), (2, 0));
    assert_eq!(rows(Regime::Part2, 3 * 365 + 1), (0, 2));
    assert_eq!(rows(Regime::Ehds, 100 * 365), (2, 0));
}
