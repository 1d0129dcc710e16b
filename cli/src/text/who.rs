//! Who opened a patient's record, in plain words.

use std::fmt::{self, Write as _};

use vidimus::{
    audit::{AuditReport, Event, Views},
    record::{
        codes::{System, words},
        view::ViewingFile,
    },
    report::Report,
};

use super::visible;

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
    let custodians: Vec<_> = view.subjects().map(|(_, custodian)| custodian.to_string()).collect();
    line!(out, "Who opened the records of this viewing file, at {}", custodians.join(", "));
    line!(out);
    for event in views.events.iter().rev() {
        one(&mut out, event);
    }
    if views.events.is_empty() {
        line!(out, "Nobody did, as far as the ledger says.");
        line!(out);
    }
    if views.events_omitted > 0 {
        line!(
            out,
            "{} more are not listed: give a viewing file of fewer subjects.",
            views.events_omitted
        );
    }
    complete(&mut out, report, audit);
    out
}

pub(crate) fn one(out: &mut String, event: &Event) {
    let words_of = |system, codes: &[String]| {
        let words: Vec<_> = codes.iter().map(|code| words(system, code)).collect();
        visible(&words.join(", "))
    };
    let who = if event.own {
        "You, or somebody for you".to_owned()
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
        None => "data that your viewing file does not open".to_owned(),
    };
    let purposes = words_of(System::Purpose, &event.purposes);
    line!(out, "  {who} {did} {action}: {what}");
    line!(out, "  for    {purposes}");
    line!(out, "  why    {}", why(event));
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
fn why(event: &Event) -> String {
    let first = |ids: &[vidimus::encoding::hex::Hash]| {
        ids.first().map_or_else(String::new, |id| format!(" (record {id})"))
    };
    match event.verdict.as_str() {
        "covered" if event.ground == "consent" => {
            format!("your consent permits it{}", first(&event.permitted_by))
        }
        "covered" => "the network's policy permits it where you have said nothing".to_owned(),
        "covered-by-exception" => {
            "it was declared an emergency, which overrides your consents and must be reviewed"
                .to_owned()
        }
        "covered-by-law" => {
            let basis = event.basis.as_deref().map(visible).unwrap_or_default();
            format!("a law permits it without your consent: {basis}")
        }
        "denied" => format!("NOT PERMITTED: your consent denies it{}", first(&event.denied_by)),
        "indeterminate" => "NOT PERMITTED: it has a code that nobody can place".to_owned(),
        _ => "NOT PERMITTED: nothing covers it".to_owned(),
    }
}

fn complete(out: &mut String, report: &Report, audit: &AuditReport) {
    line!(
        out,
        "This list is complete for blocks {} to {}: every transaction in them was looked at.",
        audit.first,
        audit.last
    );
    if let Some(ledger) = &report.ledger {
        line!(out, "  from {}", ledger.first.time);
        line!(out, "  to   {}", ledger.last.time);
    }
    line!(
        out,
        "Not in it: what stands in other blocks, what was never written to the ledger, and records"
    );
    line!(out, "under pseudonyms that the viewing file does not have.");
}
