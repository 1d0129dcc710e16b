//! Words of the list of who opened a patient's record.

use crate::{
    catalogue::Catalogue,
    protocol::Refusal,
    views::{Event, Views},
};

pub(crate) const HEADING: &str = "Who opened the record";
pub(crate) const CAPTION: &str =
    "Accesses to the records that the viewing file is about, the latest first";
pub(crate) const WHEN: &str = "When";
pub(crate) const WHO: &str = "Who";
pub(crate) const WHAT: &str = "What";
pub(crate) const WHY: &str = "What for, and why it was possible";
pub(crate) const FINDINGS: &str = "Findings";
pub(crate) const PATIENT: &str = "patient";
pub(crate) const NO_FINDING: &str = "none";
pub(crate) const NOBODY: &str = "Nobody did, as far as the ledger says.";
pub(crate) const READING: &str = "The files are read once more, for the accesses to these records.";
pub(crate) const UNUSED: &str = "The viewing file was not used: only a verified ledger of the consent contract says who opened a record.";
pub(crate) const NOT_IN_IT: &str = "Not in it: what stands in other blocks, what was never written to the ledger, and records under pseudonyms that the viewing file does not have. A person stands here under a pseudonym, which the organization can resolve.";
pub(crate) const PERSON: &str = "pseudonym";
pub(crate) const AT: &str = "at";
pub(crate) const TO: &str = "to";
pub(crate) const RECORD: &str = "record";
pub(crate) const CONSENT: &str = "consent";

/// Who reads the list: the patient whom it is about, or somebody who reads of others.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Reader {
    Patient,
    Other,
}

impl Reader {
    pub(crate) const fn of(views: &Views) -> Self {
        if views.one_patient { Self::Patient } else { Self::Other }
    }

    /// Whoever looked into their own record, and those who may for them.
    pub(crate) const fn own(self) -> (&'static str, &'static str) {
        match self {
            Self::Patient => ("You", "or somebody for you"),
            Self::Other => ("The patient", "or somebody for them"),
        }
    }
}

/// What the list is complete for.
pub(crate) fn complete(first: &str, last: &str, times: Option<(&str, &str)>) -> String {
    let (first, last) = (super::number(first), super::number(last));
    let times = times.map(|(from, to)| format!(", {} to {}", super::time(from), super::time(to)));
    let times = times.unwrap_or_default();
    format!(
        "This list is complete for blocks {first} to {last}{times}: every transaction in them was looked at."
    )
}

pub(crate) fn omitted(listed: usize, omitted: &str) -> String {
    format!(
        "First {} listed; {} more are not. Choose a viewing file of fewer pseudonyms to see all.",
        super::number(&listed.to_string()),
        super::number(omitted)
    )
}

pub(crate) fn refused(refusal: &Refusal) -> &'static str {
    match refusal.code.as_str() {
        "cancelled" => {
            "It was stopped. The verdict and the findings stand; verify again for the list."
        }
        "changed" => {
            "A file changed after it was verified, so there is no list. The verdict and the findings are about the file as it was."
        }
        _ => {
            "The verifier stopped unexpectedly, so there is no list. The verdict and the findings stand."
        }
    }
}

pub(crate) fn did(event: &Event, catalogue: &Catalogue) -> String {
    let action = catalogue.words("action", &event.action);
    let data = match &event.classes {
        Some(classes) if !classes.is_empty() => catalogue.list("class", classes),
        Some(_) => "data that is not named".to_owned(),
        None => "data that the viewing file does not open".to_owned(),
    };
    match event.outcome.as_str() {
        "success" => format!("{action}: {data}"),
        "denied" => format!("wanted to {action}, and was refused: {data}"),
        _ => format!("tried to {action}, and failed: {data}"),
    }
}

pub(crate) fn purposes(event: &Event, catalogue: &Catalogue) -> String {
    format!("For {}.", catalogue.list("purpose", &event.purposes))
}

/// Under which of the patient's words, or in spite of them; records that say so follow.
pub(crate) fn why(event: &Event, reader: Reader) -> String {
    let (consent, consents, said) = match reader {
        Reader::Patient => ("your consent", "your consents", "you have said"),
        Reader::Other => {
            ("the patient’s consent", "the patient’s consents", "the patient has said")
        }
    };
    match event.verdict.as_str() {
        "covered" if event.ground == "consent" => format!("Permitted: {consent} permits it."),
        "covered" => format!("Permitted by the network’s policy, where {said} nothing."),
        "covered-by-exception" => {
            format!("Declared an emergency, which overrides {consents} and must be reviewed.")
        }
        "covered-by-law" => {
            let basis = event.basis.as_deref().unwrap_or_default();
            format!("Permitted by law, without {consent}: {basis}.")
        }
        "denied" => format!("Not permitted: {consent} denies it."),
        "indeterminate" => "Not permitted: it has a code that nobody can place.".to_owned(),
        _ => "Not permitted: nothing covers it.".to_owned(),
    }
}

/// Whether it was done though its decision does not permit it.
pub(crate) fn is_wrong(event: &Event) -> bool {
    let verdicts = ["covered", "covered-by-exception", "covered-by-law"];
    event.outcome == "success" && !verdicts.contains(&event.verdict.as_str())
}

pub(crate) fn place(event: &Event) -> String {
    format!("Block {}, transaction {},", super::number(&event.height), super::number(&event.index))
}
