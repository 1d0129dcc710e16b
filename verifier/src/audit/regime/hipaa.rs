//! `hipaa`: the accounting of disclosures of 45 CFR 164.528.

use super::{
    Exclusion,
    column::{Column, Presence, address, description, moment, purposes, recipient, statement},
};
use crate::{
    audit::act::{Performed, is_a},
    contract::decision::Ground,
    record::codes::System,
};

pub(super) const COLUMNS: &[Column] = &[
    Column {
        name: "date",
        source: "164.528(b)(2)(i)",
        from: "moment",
        presence: Presence::Always,
        system: None,
        cell: moment,
    },
    Column {
        name: "recipient",
        source: "164.528(b)(2)(ii)",
        from: "disclosure's recipient or name; opened name; organization of the actor, if another",
        presence: Presence::Demanded,
        system: None,
        cell: recipient,
    },
    Column {
        name: "address",
        source: "164.528(b)(2)(ii), if known",
        from: "disclosure's address; opened address",
        presence: Presence::Known,
        system: None,
        cell: address,
    },
    Column {
        name: "description",
        source: "164.528(b)(2)(iii)",
        from: "opened description, whose digest the disclosure has",
        presence: Presence::Demanded,
        system: None,
        cell: description,
    },
    Column {
        name: "statement",
        source: "164.528(b)(2)(iv)",
        from: "opened purpose, whose digest the disclosure has",
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
];

/// Exclusions by the lawful basis that the decision rests on.
const BY_BASIS: [(&str, Exclusion); 7] = [
    ("HIPAA-164.506", Exclusion::Operations),
    ("HIPAA-164.502(a)(1)(i)", Exclusion::Individual),
    ("HIPAA-164.502(a)(1)(iii)", Exclusion::Incident),
    ("HIPAA-164.510", Exclusion::Involved),
    ("HIPAA-164.512(k)(2)", Exclusion::Security),
    ("HIPAA-164.512(k)(5)", Exclusion::Custody),
    ("HIPAA-164.514(e)", Exclusion::LimitedDataSet),
];

/// Purposes of treatment, payment and operations, with those under them.
const OPERATIONS: [&str; 3] = ["TREAT", "HPAYMT", "HOPERAT"];

/// Roles of the individual and of personal representatives (164.502(g)). Relatives are none: they
/// are persons involved in the care.
const INDIVIDUAL: [&str; 3] = ["patient", "guardian", "delegate"];

/// Why a disclosure is not accounted for. What its decision does not permit is excluded by nothing
/// that it says of itself: otherwise a purpose would hide it.
pub(super) fn exclusion(performed: &Performed<'_>) -> Option<Exclusion> {
    let (processing, decision) = (&performed.half.processing, &performed.judgement.decision);
    if !performed.is_disclosure() {
        return Some(Exclusion::NoDisclosure);
    }
    if !decision.verdict.permits() {
        return None;
    }
    // One purpose beside them is one to be accounted for.
    let mut purposes = processing.purposes.iter();
    if purposes.all(|purpose| is_a(System::Purpose, purpose, &OPERATIONS)) {
        return Some(Exclusion::Operations);
    }
    let role = &processing.actor.role;
    if processing.delegate.is_some() || is_a(System::Role, role, &INDIVIDUAL) {
        return Some(Exclusion::Individual);
    }
    match (decision.ground, &decision.basis) {
        (Ground::Consent, _) => Some(Exclusion::Authorization),
        (Ground::LawfulBasis, Some(basis)) => {
            let is_it = |(above, _): &&(&str, Exclusion)| is_a(System::Basis, basis, &[above]);
            BY_BASIS.iter().find(is_it).map(|(_, exclusion)| *exclusion)
        }
        (_, _) => None,
    }
}

pub(super) const fn section(exclusion: Exclusion) -> &'static str {
    match exclusion {
        // Six years are what the paragraph begins with; what is none is no disclosure.
        Exclusion::NoDisclosure | Exclusion::Earlier => "45 CFR 164.528(a)(1)",
        Exclusion::Operations => "45 CFR 164.528(a)(1)(i), 164.506",
        Exclusion::Individual => "45 CFR 164.528(a)(1)(ii), 164.502",
        Exclusion::Incident => "45 CFR 164.528(a)(1)(iii), 164.502",
        Exclusion::Authorization => "45 CFR 164.528(a)(1)(iv), 164.508",
        Exclusion::Involved => "45 CFR 164.528(a)(1)(v), 164.510",
        Exclusion::Security => "45 CFR 164.528(a)(1)(vi), 164.512(k)(2)",
        Exclusion::Custody => "45 CFR 164.528(a)(1)(vii), 164.512(k)(5)",
        Exclusion::LimitedDataSet => "45 CFR 164.528(a)(1)(viii), 164.514(e)",
        Exclusion::OtherData | Exclusion::NoConsent => "",
    }
}
