//! `part11`: the audit trail of 21 CFR 11.10(e), and the signatures of 11.50 and 11.70.

use super::column::{Cell, Column, Presence, action, organization, person, role};
use crate::{audit::act::Performed, record::codes::System};

pub(super) const COLUMNS: &[Column] = &[
    Column {
        name: "recorded_at",
        source: "11.10(e), 11.50(a)(2)",
        from: "time that the signer asserts",
        presence: Presence::Always,
        system: None,
        cell: recorded_at,
    },
    Column {
        name: "block_time",
        source: "11.10(e)",
        from: "time of the block, which no operator sets",
        presence: Presence::Always,
        system: None,
        cell: block_time,
    },
    Column {
        name: "person",
        source: "11.10(e), 11.50(a)(1)",
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
        name: "organization",
        source: "added",
        from: "organization of the actor",
        presence: Presence::Always,
        system: None,
        cell: organization,
    },
    Column {
        name: "action",
        source: "11.10(e), 11.50(a)(3)",
        from: "action",
        presence: Presence::Always,
        system: Some(System::Action),
        cell: action,
    },
    Column {
        name: "signer",
        source: "11.70",
        from: "key whose signature over the record is checked",
        presence: Presence::Always,
        system: None,
        cell: signer,
    },
    Column {
        name: "sequence",
        source: "11.10(e)",
        from: "number of the record among its signer's",
        presence: Presence::Always,
        system: None,
        cell: sequence,
    },
    Column {
        name: "previous",
        source: "11.10(e)",
        from: "id of the signer's record before it; none before the first",
        presence: Presence::Demanded,
        system: None,
        cell: previous,
    },
];

fn recorded_at(performed: &Performed<'_>) -> Cell {
    Cell::text(&performed.access.source.recorded_at)
}

fn block_time(performed: &Performed<'_>) -> Cell {
    Cell::text(&performed.act.place.time)
}

fn signer(performed: &Performed<'_>) -> Cell {
    Cell::text(&performed.record.signer)
}

fn sequence(performed: &Performed<'_>) -> Cell {
    Cell::text(&performed.access.source.sequence)
}

fn previous(performed: &Performed<'_>) -> Cell {
    let source = &performed.access.source;
    match source.previous {
        Some(previous) => Cell::text(&previous),
        None if source.sequence == 1 => Cell::None,
        None => Cell::Missing,
    }
}
