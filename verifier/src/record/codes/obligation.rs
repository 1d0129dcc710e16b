//! What a recipient must do: obligation policies of `v3-ActCode`, side by side.

use super::{
    System,
    table::{HL7, Table, top},
};

pub(super) static TABLE: Table = Table {
    system: System::Obligation,
    name: "v3-ActCode",
    version: "11.0.0",
    source: HL7,
    rows: &[
        top("ANONY"),
        top("AOD"),
        top("AUDIT"),
        top("AUDTR"),
        top("CPLYCC"),
        top("CPLYCD"),
        top("CPLYJPP"),
        top("CPLYOPP"),
        top("CPLYOSP"),
        top("CPLYPOL"),
        top("DECLASSIFYLABEL"),
        top("DEID"),
        top("DELAU"),
        top("DOWNGRDLABEL"),
        top("DRIVLABEL"),
        top("ENCRYPT"),
        top("ENCRYPTR"),
        top("ENCRYPTT"),
        top("ENCRYPTU"),
        top("HUAPRV"),
        top("LABEL"),
        top("MASK"),
        top("MINEC"),
        top("PERSISTLABEL"),
        top("PRIVMARK"),
        top("PSEUD"),
        top("REDACT"),
        top("UPGRDLABEL"),
    ],
    ..Table::PLAIN
};
