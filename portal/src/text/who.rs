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
pub(crate) const NOT_IN_IT: &str = "Not in it: what stands in other blocks, what was never written to the ledger or is no record, and records under pseudonyms that the viewing file does not have. Not shown by it: who it was. A person stands here under a pseudonym, which the organization can resolve; that it was the patient, or somebody for them, nobody but the hospital says.";
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

    /// What the custodian says of whoever looked into their own record, and of those who may for them.
    pub(crate) const fn own(self) -> &'static str {
        match self {
            Self::Patient => "recorded by the hospital as you or somebody for you",
            Self::Other => "recorded by the hospital as the patient or somebody for them",
        }
    }

    /// The heading of what is found beside the accesses.
    pub(crate) const fn also(self) -> &'static str {
        match self {
            Self::Patient => "Also about you",
            Self::Other => "Also about these patients",
        }
    }
}

/// What the list is complete for.
pub(crate) fn complete(first: &str, last: &str, times: Option<(&str, &str)>) -> String {
    let (first, last) = (super::number(first), super::number(last));
    let times = times.map(|(from, to)| format!(", {} to {}", super::time(from), super::time(to)));
    let times = times.unwrap_or_default();
    format!(
        "This list is complete for blocks {first} to {last}{times}: every transaction in them was looked at, refused ones too."
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

/// What was done, as the record says. A recipient's says no more than that somebody asked.
pub(crate) fn did(event: &Event, catalogue: &Catalogue) -> String {
    let outcome = event.outcome.as_str();
    let Some(action) = &event.action else {
        return match outcome {
            "success" => "says that it received data",
            "denied" => "says that it asked for data, and was refused",
            _ => "says that it asked for data, which failed",
        }
        .to_owned();
    };
    let action = catalogue.words("action", action);
    let data = match &event.classes {
        Some(classes) if !classes.is_empty() => catalogue.list("class", classes),
        Some(_) => "data that is not named".to_owned(),
        None => "data that is sealed".to_owned(),
    };
    match outcome {
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
    let Some(verdict) = &event.verdict else { return undecided(event) };
    match verdict.as_str() {
        "covered" if event.ground.as_deref() == Some("consent") => {
            format!("Permitted: {consent} permits it.")
        }
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

/// Why nothing was decided on it.
fn undecided(event: &Event) -> String {
    if event.is_accepted() {
        return "Not confirmed: the custodian recorded nothing of it for this patient in these blocks."
            .to_owned();
    }
    let refusal = match event.code.as_str() {
        "signature" => "its signature is not its signer’s, and anybody may have written it",
        "not-authorized" => "its signer may not sign it",
        "unknown-organization" => {
            "it names an organization that is not registered, or not for this"
        }
        "replayed" => "its signer has used its number, as when a record is sent again",
        "below-window" => "its number is far below its signer’s last",
        other => other,
    };
    format!("Refused by the network, so it had no authorization: {refusal}.")
}

/// Whether it was done, as somebody says, though no decision permits it.
pub(crate) fn is_wrong(event: &Event) -> bool {
    let permits =
        |verdict: &str| matches!(verdict, "covered" | "covered-by-exception" | "covered-by-law");
    event.outcome == "success" && !event.verdict.as_deref().is_some_and(permits)
}

pub(crate) fn place(event: &Event) -> String {
    format!("Block {}, transaction {},", super::number(&event.height), super::number(&event.index))
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    fn event(code: &str, action: Option<&str>, verdict: Option<&str>) -> Event {
        let json = serde_json::json!({
            "height": "3", "index": "0", "record": "", "code": code, "subject": "", "custodian": "",
            "moment": "", "person": "", "role": "", "organization": "", "own": false, "action": action,
            "classes": null, "purposes": [], "outcome": "success", "recipient": null,
            "verdict": verdict, "ground": null, "basis": null, "permitted_by": [], "denied_by": [],
            "findings": [],
        });
        serde_json::from_value(json).expect("an event")
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn nothing_is_permitted_that_was_not_decided() {
        let catalogue = Catalogue::default();
        let refused = event("not-authorized", Some("R"), None);
        let why = "Refused by the network, so it had no authorization: its signer may not sign it.";
        assert_eq!(super::why(&refused, Reader::Patient), why);
        assert!(did(&refused, &catalogue).starts_with("R: "));
        let alone = event("accepted", None, None);
        assert!(super::why(&alone, Reader::Patient).starts_with("Not confirmed: "));
        assert_eq!(did(&alone, &catalogue), "says that it received data");
        assert!(is_wrong(&refused) && is_wrong(&alone));
        assert!(is_wrong(&event("accepted", Some("R"), Some("uncovered"))));
        assert!(!is_wrong(&event("accepted", Some("R"), Some("covered"))));
    }
}
