//! Words of what an evidence packet shows.

use crate::report::claims::{Record, Version};

pub(crate) const HEADING: &str = "What it shows";
pub(crate) const INTRODUCTION: &str =
    "Each claim follows from your anchor by the hashes and signatures in the packet.";
pub(crate) const PROVEN: &str = "Proven";
pub(crate) const NOT_PROVEN: &str = "Not proven";
pub(crate) const UNTIL: &str = "Holds up to";
pub(crate) const ATTESTED: &str = "Attested by";
pub(crate) const SUBJECT: &str = "Patient";
pub(crate) const CONSENT: &str = "Consent";
pub(crate) const DIGEST: &str = "Digest of the document";
pub(crate) const POSITION: &str = "Place in its batch";
pub(crate) const CUSTODIAN: &str = "Anchored by";
pub(crate) const ANCHOR: &str = "In the record";
pub(crate) const ACCESSES: &str = "Accesses, the latest first";
pub(crate) const NO_RECORD: &str = "There is no such record.";

pub(crate) const NEEDS_DOCUMENT: &str = "The packet is about a document. Drop the document together with the packet, or choose both at once: it is compared on this device and sent nowhere.";
pub(crate) const SEALED: &str =
    "Which data it was stands sealed in the records. The patient’s viewing file opens it.";
pub(crate) const VIEW_OF_OTHERS: &str =
    "The viewing file opens none of these records: it has no key of this patient.";
pub(crate) const VIEW_UNUSED: &str =
    "The viewing file was not used: only a verified packet has records to open.";
pub(crate) const NOT_VERIFIED: &str =
    "The packet is not verified: what it claims holds, but not for as late as your anchor asks.";
pub(crate) const POLICY_UNUSED: &str =
    "The audit policy was not used: a packet is not audited. Findings come of a snapshot.";

/// What a claim is about.
pub(crate) fn kind(kind: &str) -> &str {
    match kind {
        "subject" => "A patient’s records",
        "consent" => "A consent",
        "record" => "A record",
        "document" => "A document",
        "absence" => "That there is nothing",
        "header" => "A block",
        other => other,
    }
}

/// Of several claims, which one.
pub(crate) fn number(index: usize) -> String {
    format!("{}. ", index.saturating_add(1))
}

pub(crate) fn block(height: &str) -> String {
    format!("block {}", super::number(height))
}

pub(crate) fn position(index: &str, leaf_count: &str) -> String {
    let place = index.parse::<u64>().unwrap_or_default().saturating_add(1);
    format!("number {} of {}", super::number(&place.to_string()), super::number(leaf_count))
}

pub(crate) fn withheld(withheld: &str, count: u64) -> String {
    let count = super::number(&count.to_string());
    match withheld {
        "0" => format!("None of the {count} is withheld."),
        "1" => format!("1 of {count} is withheld: it is counted, and not shown."),
        _ => format!(
            "{} of {count} are withheld: they are counted, and not shown.",
            super::number(withheld)
        ),
    }
}

pub(crate) mod records {
    pub(crate) const CAPTION: &str = "Records, the latest first";
    pub(crate) const BESIDE: &str = "Other records, the latest first";
    pub(crate) const WHEN: &str = "When";
    pub(crate) const WHAT: &str = "What";
    pub(crate) const WHERE: &str = "At";
    pub(crate) const RESULT: &str = "Result";
    pub(crate) const RECORD: &str = "Record";
    pub(crate) const SIGNER: &str = "signed by";
    pub(crate) const CONSENT: &str = "consent";
    pub(crate) const NOWHERE: &str = "–";

    pub(crate) fn block_of(time: &str) -> String {
        format!("in a block of {}", super::super::time(time))
    }
}

/// What kind of record it is.
pub(crate) fn record_kind(kind: &str) -> &str {
    match kind {
        "organization" => "entry of an organization",
        "consent" => "consent",
        "revocation" => "revocation of a consent",
        "delegation" => "delegation, by which somebody may act for the patient",
        "request" => "request to open the record",
        "access" => "account of an access",
        "review" => "review of an emergency access",
        "anchor" => "anchor of documents",
        "protocol" => "research protocol",
        other => other,
    }
}

/// What became of a record.
pub(crate) fn result(record: &Record) -> String {
    let verdict = match (record.code.as_str(), record.verdict.as_deref()) {
        ("accepted", None) => "accepted",
        ("accepted", Some("covered")) => "permitted",
        ("accepted", Some("covered-by-exception")) => "permitted as an emergency, to be reviewed",
        ("accepted", Some("covered-by-law")) => "permitted by law, without a consent",
        ("accepted", Some("denied")) => "not permitted: a consent denies it",
        ("accepted", Some("indeterminate")) => "not permitted: it has a code that nobody can place",
        ("accepted", Some(_)) => "not permitted: nothing covers it",
        (code, _) => return format!("refused by the network: {code}"),
    };
    verdict.to_owned()
}

pub(crate) mod versions {
    pub(crate) const CAPTION: &str = "Versions of the consent";
    pub(crate) const VERSION: &str = "Version";
    pub(crate) const STATUS: &str = "Status";
    pub(crate) const GIVEN: &str = "Given for the time";
    pub(crate) const HOLDS: &str = "Accesses fall under it";
    pub(crate) const NOTHING: &str = "nothing does: it is not active";
    pub(crate) const WHERE: &str = "For data at";
    pub(crate) const RECORD: &str = "Record";
    pub(crate) const REVOCATION: &str = "revocation";
}

pub(crate) fn version(number: &str) -> String {
    format!("Version {}", super::number(number))
}

/// A time that may have no end.
pub(crate) fn span(from: &str, until: Option<&str>) -> String {
    let from = super::time(from);
    match until {
        Some(until) => format!("from {from} to {}", super::time(until)),
        None => format!("from {from}"),
    }
}

/// How a version ended, if it did.
pub(crate) fn end(version: &Version) -> &'static str {
    match (&version.holds_until, &version.revocation) {
        (_, Some(_)) => "revoked",
        (Some(_), None) => "replaced",
        (None, None) => "no end is recorded",
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test(unsupported = test)]
    fn places_count_from_one() {
        assert_eq!(position("0", "1234"), "number 1 of 1\u{202f}234");
        assert_eq!(position("1233", "1234"), "number 1\u{202f}234 of 1\u{202f}234");
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn what_is_withheld_is_counted() {
        let said = ["0", "1", "2"].map(|some| withheld(some, 12));
        assert_eq!(said[0], "None of the 12 is withheld.");
        assert!(said[1].starts_with("1 of 12 is "), "{said:?}");
        assert!(said[2].starts_with("2 of 12 are "), "{said:?}");
    }
}
