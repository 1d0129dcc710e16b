//! Columns: what a regime wants to be known of an access, and where it stands.

use alloc::{
    string::{String, ToString},
    vec::Vec,
};

use serde::Serialize;

use crate::{
    audit::act::{Opened, Performed},
    encoding::cbor::{Set, Text},
    record::{
        actor::CodeText,
        codes::System,
        sealing::{Carried, TextKind},
    },
};

/// Whether a column can be missing.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Presence {
    /// No record is without it, by its format.
    Always,
    /// The law demands it, and a record may lack it.
    Demanded,
    /// It is shown where it is known: the law does not demand it.
    Known,
}

impl Presence {
    /// The name in a report.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Always => "always",
            Self::Demanded => "demanded",
            Self::Known => "known",
        }
    }
}

/// One thing that a regime wants to be known.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    /// The name, in one word.
    pub name: &'static str,
    /// The provision that asks for it; `added` where none does.
    pub source: &'static str,
    /// Where it stands.
    pub from: &'static str,
    /// Whether it can be missing.
    pub presence: Presence,
    /// The table of its codes, where it has some.
    pub system: Option<System>,
    pub(super) cell: fn(&Performed<'_>) -> Cell,
}

/// What stands in a column.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(tag = "type", content = "value", rename_all = "kebab-case")]
pub enum Cell {
    /// Codes of the column's table.
    Codes(Vec<String>),
    /// Demanded, and not on record.
    Missing,
    /// There is nothing to be said: the law does not ask for it here.
    None,
    /// On record, in what no viewing file opens.
    Sealed,
    /// Text: whoever shows it makes invisible characters visible.
    Text(String),
}

impl Cell {
    /// Whether it is demanded and not on record.
    pub fn is_missing(&self) -> bool {
        matches!(self, Self::Missing)
    }

    pub(super) fn text(text: &(impl ToString + ?Sized)) -> Self {
        Self::Text(text.to_string())
    }

    pub(super) fn code(code: &CodeText) -> Self {
        Self::Codes(Vec::from([code.to_string()]))
    }

    pub(super) fn codes<const N: usize, const M: usize>(codes: &Set<CodeText, N, M>) -> Self {
        Self::Codes(codes.iter().map(ToString::to_string).collect())
    }
}

impl Column {
    pub(super) fn cell(&self, performed: &Performed<'_>) -> Cell {
        (self.cell)(performed)
    }
}

// Cells that more than one regime has.

pub(super) fn moment(performed: &Performed<'_>) -> Cell {
    Cell::text(&performed.moment())
}

pub(super) fn person(performed: &Performed<'_>) -> Cell {
    Cell::text(&performed.half.processing.actor.person)
}

pub(super) fn role(performed: &Performed<'_>) -> Cell {
    Cell::code(&performed.half.processing.actor.role)
}

pub(super) fn organization(performed: &Performed<'_>) -> Cell {
    Cell::text(&performed.half.processing.actor.organization)
}

pub(super) fn action(performed: &Performed<'_>) -> Cell {
    Cell::code(&performed.half.processing.action)
}

pub(super) fn purposes(performed: &Performed<'_>) -> Cell {
    Cell::codes(&performed.half.processing.purposes)
}

/// Classes of the data, which are always sealed: whether there are any, only a viewing file shows.
pub(super) fn classes(performed: &Performed<'_>) -> Cell {
    let codes = performed.act.carried().into_iter().flat_map(Carried::codes);
    let classes = codes.filter(|code| code.system() == System::Class);
    let classes: Vec<_> = classes.map(|code| code.text().to_string()).collect();
    if classes.is_empty() { unopened(performed) } else { Cell::Codes(classes) }
}

/// Who has the data now: as the disclosure says, or whoever acted for another organization.
pub(super) fn recipient(performed: &Performed<'_>) -> Cell {
    let actor = &performed.half.processing.actor.organization;
    let disclosure = performed.half.disclosure.as_ref();
    if let Some(id) = disclosure.and_then(|disclosure| disclosure.recipient.as_ref()) {
        Cell::text(id)
    } else if let Some(name) = disclosure.and_then(|disclosure| disclosure.name.as_ref()) {
        Cell::text(name.as_str())
    } else if let Some(name) = text(performed, TextKind::RecipientName) {
        Cell::text(name)
    } else if *actor != performed.access.custodian {
        Cell::text(actor)
    } else {
        unopened(performed)
    }
}

/// Where the recipient is reached: wanted if it is known.
pub(super) fn address(performed: &Performed<'_>) -> Cell {
    let disclosure = performed.half.disclosure.as_ref();
    let address = disclosure.and_then(|disclosure| disclosure.address.as_ref());
    let address = address.map(Text::as_str);
    match address.or_else(|| text(performed, TextKind::RecipientAddress)) {
        Some(address) => Cell::text(address),
        None => Cell::None,
    }
}

pub(super) fn description(performed: &Performed<'_>) -> Cell {
    let disclosure = performed.half.disclosure.as_ref();
    let is_there = disclosure.is_some_and(|disclosure| disclosure.description.is_some());
    digested(performed, is_there, TextKind::Description)
}

pub(super) fn statement(performed: &Performed<'_>) -> Cell {
    let disclosure = performed.half.disclosure.as_ref();
    let is_there = disclosure.is_some_and(|disclosure| disclosure.statement.is_some());
    digested(performed, is_there, TextKind::Purpose)
}

/// A text whose digest stands in clear: without the digest nobody could hold the text against it.
fn digested(performed: &Performed<'_>, is_there: bool, kind: TextKind) -> Cell {
    match text(performed, kind) {
        _ if !is_there => Cell::Missing,
        Some(text) => Cell::text(text),
        None => unopened(performed),
    }
}

/// What stands nowhere else may stand in details that nobody opened. Whether there are any, everybody
/// sees.
fn unopened(performed: &Performed<'_>) -> Cell {
    let is_closed = matches!(performed.act.opened, Opened::Sealed | Opened::Unopenable);
    if is_closed && performed.access.details.is_some() { Cell::Sealed } else { Cell::Missing }
}

fn text<'a>(performed: &'a Performed<'_>, kind: TextKind) -> Option<&'a str> {
    match &performed.act.opened {
        Opened::Details(details) => details.texts().get(&kind).map(String::as_str),
        Opened::Sealed | Opened::Nothing | Opened::Unopenable => None,
    }
}
