//! Kinds of consent directives of `v3-ActCode`.

use super::{
    System,
    table::{HL7, Table, top},
};

pub(super) static TABLE: Table = Table {
    system: System::Directive,
    name: "v3-ActCode",
    version: "11.0.0",
    source: HL7,
    rows: &[
        top("EMRGONLY"),
        top("GRANTORCHOICE"),
        top("IMPLIED"),
        top("IMPLIEDD"),
        top("NOCONSENT"),
        top("NOPP"),
        top("OPTIN"),
        top("OPTINR"),
        top("OPTOUT"),
        top("OPTOUTE"),
    ],
    ..Table::PLAIN
};
