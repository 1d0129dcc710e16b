//! Purposes of use.
//!
//! The children of the abstract code `PurposeOfUse` of `v3-ActReason`, which itself is no purpose.

use super::{
    System,
    table::{HL7, Table, below, top},
};

/// What is done in an emergency.
pub(super) const EMERGENCY: &str = "ETREAT";

/// What is done to treat somebody.
pub(super) const TREATMENT: &str = "TREAT";

pub(super) static TABLE: Table = Table {
    system: System::Purpose,
    name: "v3-ActReason",
    version: "4.0.0",
    source: HL7,
    rows: &[
        top("HMARKT"),
        top("HOPERAT"),
        below("HOPERAT", "CAREMGT"),
        below("HOPERAT", "DONAT"),
        below("HOPERAT", "FRAUD"),
        below("HOPERAT", "GOV"),
        below("HOPERAT", "HACCRED"),
        below("HOPERAT", "HCOMPL"),
        below("HOPERAT", "HDECD"),
        below("HOPERAT", "HDIRECT"),
        below("HOPERAT", "HDM"),
        below("HOPERAT", "HLEGAL"),
        below("HOPERAT", "HOUTCOMS"),
        below("HOPERAT", "HPRGRP"),
        below("HOPERAT", "HQUALIMP"),
        below("HOPERAT", "HSYSADMIN"),
        below("HSYSADMIN", "LABELING"),
        below("HSYSADMIN", "METAMGT"),
        below("HOPERAT", "MEMADMIN"),
        below("HOPERAT", "MILCDM"),
        below("HOPERAT", "MLTRAINING"),
        below("HOPERAT", "PATADMIN"),
        below("HOPERAT", "PATSFTY"),
        below("HOPERAT", "PERFMSR"),
        below("HOPERAT", "RECORDMGT"),
        below("HOPERAT", "SYSDEV"),
        below("SYSDEV", "HTEST"),
        below("HOPERAT", "TRAIN"),
        top("HPAYMT"),
        below("HPAYMT", "CLMATTCH"),
        below("HPAYMT", "COVAUTH"),
        below("HPAYMT", "COVERAGE"),
        below("COVERAGE", "ELIGDTRM"),
        below("COVERAGE", "ELIGVER"),
        below("COVERAGE", "ENROLLM"),
        below("COVERAGE", "MILDCRG"),
        below("HPAYMT", "PMTDS"),
        below("HPAYMT", "REMITADV"),
        top("HRESCH"),
        below("HRESCH", "BIORCH"),
        below("HRESCH", "CLINTRCH"),
        below("CLINTRCH", "CLINTRCHNPC"),
        below("CLINTRCH", "CLINTRCHPC"),
        below("CLINTRCH", "PRECLINTRCH"),
        below("HRESCH", "DSRCH"),
        below("HRESCH", "POARCH"),
        below("HRESCH", "TRANSRCH"),
        top("PATRQT"),
        below("PATRQT", "FAMRQT"),
        below("PATRQT", "PWATRNY"),
        below("PATRQT", "SUPNWK"),
        top("PUBHLTH"),
        below("PUBHLTH", "DISASTER"),
        below("PUBHLTH", "THREAT"),
        top("TREAT"),
        below("TREAT", "CLINTRL"),
        below("TREAT", "COC"),
        below("TREAT", "ETREAT"),
        below("ETREAT", "BTG"),
        below("ETREAT", "ERTREAT"),
        below("TREAT", "POPHLTH"),
        below("TREAT", "TREATDS"),
    ],
    // Emergencies have rules of their own. Whoever consents to treatment has not spoken of them;
    // whoever refuses it is overridden by an emergency that is declared, not by a purpose alone.
    permitted_apart: &["ETREAT"],
    ..Table::PLAIN
};
