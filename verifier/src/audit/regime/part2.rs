//! `part2`: the accounting of disclosures made with consent, 42 CFR 2.25.

use super::{
    Exclusion,
    column::{
        Cell, Column, Presence, address, description, moment, purposes, recipient, statement,
    },
};
use crate::{
    audit::act::{Opened, Performed},
    contract::decision::Ground,
    record::codes::System,
};

pub(super) const COLUMNS: &[Column] = &[
    Column {
        name: "date",
        source: "2.25(a), 164.528(b)(2)(i)",
        from: "moment",
        presence: Presence::Always,
        system: None,
        cell: moment,
    },
    Column {
        name: "recipient",
        source: "2.25(a), 164.528(b)(2)(ii)",
        from: "as for `hipaa`",
        presence: Presence::Demanded,
        system: None,
        cell: recipient,
    },
    Column {
        name: "address",
        source: "2.25(a), 164.528(b)(2)(ii), if known",
        from: "as for `hipaa`",
        presence: Presence::Known,
        system: None,
        cell: address,
    },
    Column {
        name: "description",
        source: "2.25(a), 164.528(b)(2)(iii)",
        from: "as for `hipaa`",
        presence: Presence::Demanded,
        system: None,
        cell: description,
    },
    Column {
        name: "statement",
        source: "2.25(a), 164.528(b)(2)(iv)",
        from: "as for `hipaa`",
        presence: Presence::Demanded,
        system: None,
        cell: statement,
    },
    Column {
        name: "purposes",
        source: "added",
        from: "purposes",
        presence: Presence::Always,
        system: Some(System::Purpose),
        cell: purposes,
    },
    Column {
        name: "redisclosure_notice",
        source: "2.32",
        from: "disclosure's flag, where opened data are labelled `42CFRPart2`",
        presence: Presence::Demanded,
        system: None,
        cell: notice,
    },
    Column {
        name: "decision",
        source: "2.31",
        from: "verdict and ground of the decision",
        presence: Presence::Always,
        system: None,
        cell: decision,
    },
];

const LABEL: &[(System, &str)] = &[(System::Law, "42CFRPart2")];

/// Why a disclosure is not accounted for. What is sealed may be data of part 2, and what its decision
/// does not permit was made without a consent that it needed: both are shown.
pub(super) fn exclusion(performed: &Performed<'_>) -> Option<Exclusion> {
    let decision = &performed.judgement.decision;
    if !performed.is_disclosure() {
        Some(Exclusion::NoDisclosure)
    } else if is_open(performed) && !performed.has_label(LABEL) {
        Some(Exclusion::OtherData)
    } else if decision.verdict.permits() && decision.ground != Ground::Consent {
        Some(Exclusion::NoConsent)
    } else {
        None
    }
}

pub(super) const fn section(exclusion: Exclusion) -> &'static str {
    match exclusion {
        Exclusion::NoDisclosure | Exclusion::NoConsent | Exclusion::Earlier => "42 CFR 2.25(a)",
        Exclusion::OtherData => "42 CFR 2.12(a)",
        Exclusion::Operations
        | Exclusion::Individual
        | Exclusion::Incident
        | Exclusion::Authorization
        | Exclusion::Involved
        | Exclusion::Security
        | Exclusion::Custody
        | Exclusion::LimitedDataSet => "",
    }
}

fn notice(performed: &Performed<'_>) -> Cell {
    let disclosure = performed.half.disclosure.as_ref();
    if disclosure.is_some_and(|disclosure| disclosure.redisclosure_notice) {
        Cell::text("yes")
    } else if is_open(performed) {
        if performed.has_label(LABEL) { Cell::Missing } else { Cell::None }
    } else {
        // No notice went along, and whether one was due only a viewing file shows.
        Cell::Sealed
    }
}

fn decision(performed: &Performed<'_>) -> Cell {
    let decision = &performed.judgement.decision;
    Cell::Text(alloc::format!("{} by {}", decision.verdict.name(), decision.ground.name()))
}

/// Whether it is known what the data are labelled with. A record that names no data is not: its
/// labels stand in its closures, where nobody reads them.
pub(super) fn is_open(performed: &Performed<'_>) -> bool {
    matches!(performed.act.opened, Opened::Details(_)) && performed.act.carried().is_some()
}
