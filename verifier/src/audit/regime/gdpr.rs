//! `gdpr`: what a person may know of consultations of their data: when, what for, on what basis. Not
//! which employee acted (Court of Justice, C-579/21).

use super::column::{Cell, Column, Presence, classes, moment, purposes, recipient};
use crate::{audit::act::Performed, contract::decision::Ground, record::codes::System};

pub(super) const COLUMNS: &[Column] = &[
    Column {
        name: "date",
        source: "Art. 15(1); C-579/21",
        from: "moment",
        presence: Presence::Always,
        system: None,
        cell: moment,
    },
    Column {
        name: "purposes",
        source: "Art. 15(1)(a)",
        from: "purposes",
        presence: Presence::Always,
        system: Some(System::Purpose),
        cell: purposes,
    },
    Column {
        name: "categories",
        source: "Art. 15(1)(b)",
        from: "opened classes",
        presence: Presence::Demanded,
        system: Some(System::Class),
        cell: classes,
    },
    Column {
        name: "recipient",
        source: "Art. 15(1)(c)",
        from: "of a disclosure: as for `hipaa`",
        presence: Presence::Demanded,
        system: None,
        cell: recipient_of_disclosure,
    },
    Column {
        name: "basis",
        source: "Art. 5(2), 6(1), 9(2)",
        from: "consent that covers it; lawful basis that it names",
        presence: Presence::Demanded,
        system: None,
        cell: basis,
    },
];

fn recipient_of_disclosure(performed: &Performed<'_>) -> Cell {
    if performed.is_disclosure() { recipient(performed) } else { Cell::None }
}

fn basis(performed: &Performed<'_>) -> Cell {
    let decision = &performed.judgement.decision;
    let named = &performed.half.processing.basis;
    if decision.verdict.permits() && decision.ground == Ground::Consent {
        Cell::text("consent")
    } else if let Some(basis) = &decision.basis {
        Cell::code(basis)
    } else if named.iter().next().is_some() {
        Cell::codes(named)
    } else {
        Cell::Missing
    }
}
