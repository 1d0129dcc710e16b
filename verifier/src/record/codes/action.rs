//! What is done to a record.
//!
//! The first five are the actions of FHIR's `AuditEvent`: create, read, update, delete, execute.
//! The others are no reading: who may read may not for that reason query, disclose, print or export.

use super::{
    System,
    table::{Table, top},
};

pub(super) static TABLE: Table = Table {
    system: System::Action,
    name: "vidimus-action",
    version: "1",
    rows: &[
        top("C"),
        top("R"),
        top("U"),
        top("D"),
        top("E"),
        top("query"),
        top("disclose"),
        top("print"),
        top("export"),
    ],
    ..Table::PLAIN
};
