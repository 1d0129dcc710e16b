//! How confidential information is.
//!
//! Six levels that `v3-Confidentiality` lists side by side, although they are an order, and the codes
//! that it has withdrawn. Those have no place in the order.

use super::{
    System,
    table::{HL7, Table, retired, top},
};

pub(super) static TABLE: Table = Table {
    system: System::Confidentiality,
    name: "v3-Confidentiality",
    version: "a19c26361",
    source: HL7,
    rows: &[
        top("U"),
        top("L"),
        top("M"),
        top("N"),
        top("R"),
        top("V"),
        retired("B"),
        retired("D"),
        retired("I"),
        retired("ETH"),
        retired("HIV"),
        retired("PSY"),
        retired("SDV"),
        retired("C"),
        retired("S"),
        retired("T"),
    ],
    order: &["U", "L", "M", "N", "R", "V"],
    ..Table::PLAIN
};
