//! As what a person or a machine acts.

use super::{
    System,
    table::{Table, below, top},
};

/// Everybody under this role treats people.
pub(super) const CLINICIAN: &str = "clinician";

pub(super) static TABLE: Table = Table {
    system: System::Role,
    name: "vidimus-role",
    version: "1",
    rows: &[
        top("clinician"),
        below("clinician", "physician"),
        below("clinician", "nurse"),
        below("clinician", "midwife"),
        below("clinician", "dentist"),
        below("clinician", "pharmacist"),
        below("clinician", "psychologist"),
        below("clinician", "therapist"),
        below("clinician", "paramedic"),
        below("clinician", "diagnostics"),
        below("clinician", "clinical-trainee"),
        top("administration"),
        below("administration", "registration"),
        below("administration", "billing"),
        below("administration", "records"),
        below("administration", "quality"),
        below("administration", "it-support"),
        top("payer"),
        top("researcher"),
        top("public-health"),
        top("privacy-officer"),
        top("auditor"),
        top("legal"),
        top("patient"),
        top("representative"),
        below("representative", "guardian"),
        below("representative", "delegate"),
        below("representative", "relative"),
        top("device"),
        below("device", "gateway"),
        below("device", "medical-device"),
        below("device", "application"),
    ],
    ..Table::PLAIN
};
