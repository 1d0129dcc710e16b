//! Laws that mark information: privacy policies of `v3-ActCode`.

use super::{
    System,
    table::{HL7, Table, top},
};

pub(super) static TABLE: Table = Table {
    system: System::Law,
    name: "v3-ActCode",
    version: "11.0.0",
    source: HL7,
    rows: &[
        top("42CFRPart2"),
        top("CommonRule"),
        top("GDPRCONSENT"),
        top("HIPAAAuth"),
        top("HIPAAConsent"),
        top("HIPAANOPP"),
        top("HIPAAPsyNotes"),
        top("HIPAAROA"),
        top("HIPAASelfPay"),
        top("Title38Section7332"),
    ],
    ..Table::PLAIN
};
