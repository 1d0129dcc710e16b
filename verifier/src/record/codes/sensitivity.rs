//! Why information is sensitive.
//!
//! The codes below the abstract sensitivity policies of `v3-ActCode`, which themselves are no labels:
//! those of acts first, then of other information, of entities (demographics) and of roles.

use super::{
    System,
    table::{HL7, Table, below, retired, top},
};

pub(super) static TABLE: Table = Table {
    system: System::Sensitivity,
    name: "v3-ActCode",
    version: "11.0.0",
    source: HL7,
    rows: &[
        top("ETH"),
        top("GDIS"),
        top("HIV"),
        top("IDS"),
        top("MST"),
        top("PREGNANT"),
        top("SCA"),
        top("SDV"),
        top("SEX"),
        retired("SICKLE"),
        top("SPI"),
        below("SPI", "BH"),
        below("BH", "COGN"),
        below("BH", "DVD"),
        below("BH", "EMOTDIS"),
        below("SPI", "MH"),
        below("SPI", "PSY"),
        below("SPI", "PSYTHPN"),
        below("SPI", "SUD"),
        below("SUD", "ETHUD"),
        below("SUD", "OPIOIDUD"),
        top("STD"),
        top("TBOO"),
        top("VIO"),
        top("ADOL"),
        top("CEL"),
        top("DIA"),
        top("DRGIS"),
        top("EMP"),
        top("PDS"),
        top("PHY"),
        top("PRS"),
        top("VIP"),
        top("DEMO"),
        top("DOB"),
        top("GENDER"),
        top("LIVARG"),
        top("MARST"),
        top("PATLOC"),
        top("RACE"),
        top("REL"),
        top("B"),
        top("EMPL"),
        top("LOCIS"),
        top("SSP"),
    ],
    // Substance abuse (ETH) and substance use disorder (SUD) are siblings here, and one thing to
    // whoever restricts the one.
    denied_with: &[("SUD", "ETH")],
    ..Table::PLAIN
};
