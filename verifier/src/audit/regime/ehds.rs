//! `ehds`: what a person may know of accesses (Art. 9), and what a logging component records
//! (Annex II 3.2) by Regulation (EU) 2025/327.

use super::column::{
    Cell, Column, Presence, classes, moment, organization, person, purposes, role,
};
use crate::{audit::act::Performed, record::codes::System};

pub(super) const COLUMNS: &[Column] = &[
    Column {
        name: "date",
        source: "Art. 9(b); Annex II 3.2(d)",
        from: "moment",
        presence: Presence::Always,
        system: None,
        cell: moment,
    },
    Column {
        name: "organization",
        source: "Art. 9(a); Annex II 3.2(a)",
        from: "organization of the actor",
        presence: Presence::Always,
        system: None,
        cell: organization,
    },
    Column {
        name: "person",
        source: "Art. 9(a); Annex II 3.2(b)",
        from: "pseudonym of the actor",
        presence: Presence::Always,
        system: None,
        cell: person,
    },
    Column {
        name: "role",
        source: "added",
        from: "role of the actor",
        presence: Presence::Always,
        system: Some(System::Role),
        cell: role,
    },
    Column {
        name: "categories",
        source: "Art. 9(c); Annex II 3.2(c)",
        from: "opened classes",
        presence: Presence::Demanded,
        system: Some(System::Class),
        cell: classes,
    },
    Column {
        name: "origin",
        source: "Annex II 3.2(e)",
        from: "origin",
        presence: Presence::Demanded,
        system: None,
        cell: origin,
    },
    Column {
        name: "purposes",
        source: "added",
        from: "purposes",
        presence: Presence::Always,
        system: Some(System::Purpose),
        cell: purposes,
    },
    Column {
        name: "emergency",
        source: "Art. 11(5)",
        from: "flag",
        presence: Presence::Always,
        system: None,
        cell: emergency,
    },
];

fn origin(performed: &Performed<'_>) -> Cell {
    performed.half.origin.as_ref().map_or(Cell::Missing, Cell::text)
}

fn emergency(performed: &Performed<'_>) -> Cell {
    Cell::text(if performed.half.processing.emergency { "yes" } else { "no" })
}
