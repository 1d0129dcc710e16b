//! What a recipient must not do: refrain policies of `v3-ActCode`, side by side.

use super::{
    System,
    table::{HL7, Table, top},
};

pub(super) static TABLE: Table = Table {
    system: System::Refrain,
    name: "v3-ActCode",
    version: "11.0.0",
    source: HL7,
    rows: &[
        top("NOAUTH"),
        top("NOCOLLECT"),
        top("NODSCLCD"),
        top("NODSCLCDS"),
        top("NOINTEGRATE"),
        top("NOLIST"),
        top("NOMOU"),
        top("NOORGPOL"),
        top("NOPAT"),
        top("NOPERSISTP"),
        top("NORDSCLCD"),
        top("NORDSCLCDS"),
        top("NORDSCLW"),
        top("NORELINK"),
        top("NOREUSE"),
        top("NOVIP"),
        top("ORCON"),
    ],
    // A spelling that was withdrawn and is still found in data.
    aliases: &[("NORDSLCD", "NORDSCLCD")],
    ..Table::PLAIN
};
