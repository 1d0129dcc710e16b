//! No violation is without its pair in these tests: a ledger that has it, and one that nearly does.

use std::collections::BTreeSet;

use vidimus::audit::ViolationId;

const SOURCES: [&str; 8] = [
    include_str!("columns.rs"),
    include_str!("data.rs"),
    include_str!("delegates.rs"),
    include_str!("emergencies.rs"),
    include_str!("keys.rs"),
    include_str!("regimes.rs"),
    include_str!("uncovered.rs"),
    include_str!("writing.rs"),
];

const PROCEDURE: &str = include_str!("../../../docs/audit.md");

/// The violations that a test names.
fn named(test: &str) -> impl Iterator<Item = &str> {
    let names = test.split("ViolationId::").skip(1).filter_map(|rest| rest.get(..3));
    names.filter(|name| name.starts_with('V'))
}

/// Whether no ledger can show it, as the procedure says in its row.
fn is_outside(id: &str) -> bool {
    let row = format!("| {id} |");
    PROCEDURE.lines().any(|line| line.starts_with(&row) && line.contains("`outside`"))
}

#[test]
fn every_violation_that_a_ledger_can_show_has_its_pair() {
    let tests = SOURCES.iter().flat_map(|source| source.split("#[test]").skip(1));
    // Beside the ledger with the violation the test has one in which nothing is found.
    let pairs = tests.filter(|test| test.contains(", [])"));
    let paired: BTreeSet<&str> = pairs.flat_map(named).collect();
    let ids = ViolationId::ALL.iter().map(|id| id.id());
    let shown: BTreeSet<&str> = ids.filter(|id| !is_outside(id)).collect();
    assert_eq!(paired, shown);
}
