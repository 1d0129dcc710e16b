//! Who opened a patient's record, in plain words.

use std::{
    collections::BTreeSet,
    fmt::{self, Write as _},
};

use vidimus::{
    audit::{AuditReport, Event, Views},
    record::{
        codes::{System, words},
        view::ViewingFile,
    },
    report::{Ledger, Report},
};

use super::visible;

/// To whom it is told: the patient whom it is about, or somebody who reads of others.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Reader {
    Patient,
    Other,
}

impl Reader {
    const fn of(views: &Views) -> Self {
        if views.one_patient { Self::Patient } else { Self::Other }
    }

    /// Whoever looked into their own record, and those who may for them.
    const fn own(self) -> &'static str {
        match self {
            Self::Patient => "You, or somebody for you",
            Self::Other => "The patient, or somebody for them",
        }
    }
}

/// The list, the latest first, and what it is complete for.
pub(crate) fn who(
    report: &Report,
    audit: &AuditReport,
    view: &ViewingFile,
    views: &Views,
) -> String {
    let mut out = String::new();
    if report.test_keys {
        line!(out, "TEST KEYS: anybody could have made this ledger.");
    }
    let custodians: BTreeSet<_> =
        view.subjects().map(|(_, custodian)| custodian.as_str()).collect();
    let custodians: Vec<_> = custodians.into_iter().collect();
    line!(out, "Who opened the records of this viewing file, at {}", custodians.join(", "));
    line!(out);
    let reader = Reader::of(views);
    for event in views.events.iter().rev() {
        one(&mut out, event, reader);
    }
    if views.events.is_empty() {
        line!(out, "Nobody did, as far as the ledger says.");
        line!(out);
    }
    complete(&mut out, (audit.first, audit.last), report.ledger.as_ref(), views);
    out
}

pub(crate) fn one(out: &mut String, event: &Event, reader: Reader) {
    let words_of = |system, codes: &[String]| {
        let words: Vec<_> = codes.iter().map(|code| words(system, code)).collect();
        visible(&words.join(", "))
    };
    let who = if event.own {
        reader.own().to_owned()
    } else {
        let person: String = event.person.to_string().chars().take(8).collect();
        format!("A {} ({person}…)", visible(&words(System::Role, &event.role)))
    };
    let did = match event.outcome.as_str() {
        "success" => "did",
        "denied" => "wanted to, and was refused,",
        _ => "tried to, and failed,",
    };
    let action = visible(&words(System::Action, &event.action));
    line!(out, "{}  {}", event.moment, visible(&event.organization));
    let what = match &event.classes {
        Some(classes) if !classes.is_empty() => words_of(System::Class, classes),
        Some(_) => "data that is not named".to_owned(),
        None => "data that the viewing file does not open".to_owned(),
    };
    let purposes = words_of(System::Purpose, &event.purposes);
    line!(out, "  {who} {did} {action}: {what}");
    if reader == Reader::Other {
        line!(out, "  of     patient {}", event.subject);
    }
    line!(out, "  for    {purposes}");
    line!(out, "  why    {}", why(event, reader));
    if let Some(recipient) = &event.recipient {
        line!(out, "  to     {}", visible(recipient));
    }
    for id in &event.findings {
        let description = id.description();
        line!(out, "  !      {id} {} ({})", description.english.title, description.severity);
    }
    line!(
        out,
        "  where  block {}, transaction {}, record {}",
        event.height,
        event.index,
        event.record
    );
    line!(out);
}

/// Under which of the patient's words, or in spite of them.
fn why(event: &Event, reader: Reader) -> String {
    let (consent, consents, said) = match reader {
        Reader::Patient => ("your consent", "your consents", "you have said"),
        Reader::Other => {
            ("the patient's consent", "the patient's consents", "the patient has said")
        }
    };
    let first = |ids: &[vidimus::encoding::hex::Hash]| {
        ids.first().map_or_else(String::new, |id| format!(" (record {id})"))
    };
    match event.verdict.as_str() {
        "covered" if event.ground == "consent" => {
            format!("{consent} permits it{}", first(&event.permitted_by))
        }
        "covered" => format!("the network's policy permits it where {said} nothing"),
        "covered-by-exception" => {
            format!("it was declared an emergency, which overrides {consents} and must be reviewed")
        }
        "covered-by-law" => {
            let basis = event.basis.as_deref().map(visible).unwrap_or_default();
            format!("a law permits it without {consent}: {basis}")
        }
        "denied" => format!("NOT PERMITTED: {consent} denies it{}", first(&event.denied_by)),
        "indeterminate" => "NOT PERMITTED: it has a code that nobody can place".to_owned(),
        _ => "NOT PERMITTED: nothing covers it".to_owned(),
    }
}

/// What the list has, and what it does not.
fn complete(out: &mut String, (first, last): (u64, u64), ledger: Option<&Ledger>, views: &Views) {
    if views.events_omitted > 0 {
        line!(
            out,
            "{} more are not listed: give a viewing file of fewer subjects.",
            views.events_omitted
        );
    } else {
        line!(
            out,
            "This list is complete for blocks {first} to {last}: every transaction in them was looked at."
        );
        if let Some(ledger) = ledger {
            line!(out, "  from {}", ledger.first.time);
            line!(out, "  to   {}", ledger.last.time);
        }
    }
    line!(
        out,
        "Not in it: what stands in other blocks, what was never written to the ledger, and records"
    );
    line!(out, "under pseudonyms that the viewing file does not have.");
}

#[cfg(test)]
mod tests {
    use vidimus::audit::ViewCollector;

    use super::*;

    fn told(events_omitted: u64) -> String {
        let views = ViewCollector::new(ViewingFile::default()).finish();
        let views = Views { events_omitted, ..views };
        let mut out = String::new();
        complete(&mut out, (1, 9), None, &views);
        out
    }

    #[test]
    fn list_that_leaves_something_out_is_not_called_complete() {
        assert!(told(0).starts_with("This list is complete for blocks 1 to 9: "));
        let told = told(3);
        assert!(told.starts_with("3 more are not listed: "), "{told}");
        assert!(!told.contains("complete"), "{told}");
    }
}
