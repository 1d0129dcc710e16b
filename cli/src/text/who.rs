//! Who opened a patient's record, in plain words.

use std::{
    collections::BTreeSet,
    fmt::{self, Write as _},
};

use vidimus::{
    audit::{AuditReport, Event, Views, ViolationId},
    encoding::hex::Hash,
    record::{
        codes::{System, words},
        view::ViewingFile,
    },
    report::{Ledger, Report},
};

use super::{audit::place, visible};

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

    /// As whom the custodian records the patient, and those who may for them.
    const fn own(self) -> &'static str {
        match self {
            Self::Patient => "you or somebody for you",
            Self::Other => "the patient or somebody for them",
        }
    }

    /// The heading of what is found beside the accesses.
    const fn also(self) -> &'static str {
        match self {
            Self::Patient => "Also about you",
            Self::Other => "Also about these patients",
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
    also(&mut out, views, reader);
    complete(&mut out, (audit.first, audit.last), report.ledger.as_ref(), views);
    out
}

pub(crate) fn one(out: &mut String, event: &Event, reader: Reader) {
    line!(out, "{}  {}", event.moment, visible(&event.organization));
    line!(out, "  {}", did(event));
    if event.own {
        let own = reader.own();
        line!(out, "  as     recorded by the hospital as {own}; nobody else says so");
    }
    if reader == Reader::Other {
        line!(out, "  of     patient {}", event.subject);
    }
    if event.organization != event.custodian {
        line!(out, "  at     {}", visible(&event.custodian));
    }
    if !event.purposes.is_empty() {
        line!(out, "  for    {}", words_of(System::Purpose, &event.purposes));
    }
    line!(out, "  why    {}", why(event, reader));
    if let Some(recipient) = &event.recipient {
        line!(out, "  to     {}", visible(recipient));
    }
    for id in &event.findings {
        line!(out, "  !      {}", titled(*id));
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

fn words_of(system: System, codes: &[String]) -> String {
    let words: Vec<_> = codes.iter().map(|code| words(system, code)).collect();
    visible(&words.join(", "))
}

/// Who did what, as the record says. A recipient's half says no more than that somebody asked.
fn did(event: &Event) -> String {
    let person: String = event.person.to_string().chars().take(8).collect();
    let who = format!("{} ({person}…)", visible(&words(System::Role, &event.role)));
    let Some(action) = &event.action else {
        let said = match event.outcome.as_str() {
            "success" => "received data",
            "denied" => "asked for data, and was refused",
            _ => "asked for data, which failed",
        };
        return format!("{} says that it {said}, for a {who}", visible(&event.organization));
    };
    let did = match event.outcome.as_str() {
        "success" => "did",
        "denied" => "wanted to, and was refused,",
        _ => "tried to, and failed,",
    };
    let action = visible(&words(System::Action, action));
    let what = match &event.classes {
        Some(classes) if !classes.is_empty() => words_of(System::Class, classes),
        Some(_) => "data that is not named".to_owned(),
        None => "data that the viewing file does not open".to_owned(),
    };
    format!("A {who} {did} {action}: {what}")
}

/// Under which of the patient's words, or in spite of them.
fn why(event: &Event, reader: Reader) -> String {
    let (consent, consents, said) = match reader {
        Reader::Patient => ("your consent", "your consents", "you have said"),
        Reader::Other => {
            ("the patient's consent", "the patient's consents", "the patient has said")
        }
    };
    let first = |ids: &[Hash]| ids.first().map_or_else(String::new, |id| format!(" (record {id})"));
    let Some(verdict) = &event.verdict else { return undecided(event) };
    match verdict.as_str() {
        "covered" if event.ground.as_deref() == Some("consent") => {
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

/// Why nothing was decided on it.
fn undecided(event: &Event) -> String {
    if event.is_accepted() {
        return "NOT CONFIRMED: the custodian recorded nothing of it for this patient in these blocks"
            .to_owned();
    }
    let refusal = match event.code.as_str() {
        "signature" => "its signature is not its signer's, and anybody may have written it",
        "not-authorized" => "its signer may not sign it",
        "unknown-organization" => {
            "it names an organization that is not registered, or not for this"
        }
        "replayed" => "its signer has used its number, as when a record is sent again",
        "below-window" => "its number is far below its signer's last",
        other => other,
    };
    format!("REFUSED by the network, so it had no authorization: {refusal}")
}

/// A violation as a line has it.
fn titled(id: ViolationId) -> String {
    let description = id.description();
    let heuristic =
        if description.heuristic { ", a question rather than an accusation" } else { "" };
    format!("{id} {} ({}{heuristic})", description.english.title, description.severity)
}

/// What is found about these patients at none of the accesses, such as a consent that somebody forged.
fn also(out: &mut String, views: &Views, reader: Reader) {
    if views.other_findings.is_empty() {
        return;
    }
    line!(out, "{}", reader.also());
    line!(out);
    for finding in views.other_findings.iter().rev() {
        let custodian = finding.custodian.as_deref().map(visible).unwrap_or_default();
        line!(out, "{}  {custodian}", finding.time);
        line!(out, "  !      {}", titled(finding.id));
        let happened = finding.id.description().english.happened;
        line!(out, "  what   {}", visible(&finding.tell(happened)));
        if let (Reader::Other, Some(subject)) = (reader, finding.subject) {
            line!(out, "  of     patient {subject}");
        }
        let record = finding.record.map_or_else(String::new, |id| format!(", record {id}"));
        line!(out, "  where  {}{record}", place(finding));
        line!(out);
    }
}

/// What the list has, and what it does not show.
fn complete(out: &mut String, (first, last): (u64, u64), ledger: Option<&Ledger>, views: &Views) {
    let omitted = views.events_omitted.saturating_add(views.other_findings_omitted);
    if omitted > 0 {
        line!(
            out,
            "{omitted} more accesses and findings are not listed: give a viewing file of fewer subjects."
        );
    } else {
        line!(
            out,
            "This list is complete for blocks {first} to {last}: every transaction in them was looked at, refused ones too."
        );
        if let Some(ledger) = ledger {
            line!(out, "  from {}", ledger.first.time);
            line!(out, "  to   {}", ledger.last.time);
        }
    }
    line!(
        out,
        "Not in it: what stands in other blocks, what was never written to the ledger or is no record, and"
    );
    line!(out, "records under pseudonyms that the viewing file does not have.");
    line!(
        out,
        "Not shown by it: who it was. A person stands here under a pseudonym, which the organization can"
    );
    line!(
        out,
        "resolve; that it was the patient, or somebody for them, nobody but the hospital says."
    );
}

#[cfg(test)]
mod tests {
    use vidimus::audit::ViewCollector;

    use super::*;

    fn told(events_omitted: u64, other_findings_omitted: u64) -> String {
        let views = ViewCollector::new(ViewingFile::default()).finish();
        let views = Views { events_omitted, other_findings_omitted, ..views };
        let mut out = String::new();
        complete(&mut out, (1, 9), None, &views);
        out
    }

    #[test]
    fn list_that_leaves_something_out_is_not_called_complete() {
        assert!(told(0, 0).starts_with("This list is complete for blocks 1 to 9: "));
        for (events, findings) in [(3, 0), (0, 3), (1, 2)] {
            let told = told(events, findings);
            assert!(told.starts_with("3 more accesses and findings are not listed: "), "{told}");
            assert!(!told.contains("complete"), "{told}");
        }
    }
}
