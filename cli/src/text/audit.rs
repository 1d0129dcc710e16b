//! What an audit found.

use std::{
    collections::BTreeMap,
    fmt::{self, Write as _},
};

use vidimus::{
    audit::{AuditReport, Finding, Outcome, Row, Severity, SkipReason, Views, ViolationId},
    record::codes::{System, words},
};

use super::visible;

/// Findings of each violation that are shown.
const SHOWN: usize = 3;

/// Findings by severity, the worst first; then what was not looked for.
pub(super) fn audit(out: &mut String, report: &AuditReport) {
    line!(out, "Findings in blocks {} to {}, up to {}", report.first, report.last, report.end);
    let mut by_id: BTreeMap<ViolationId, Vec<&Finding>> = BTreeMap::new();
    for finding in &report.findings {
        by_id.entry(finding.id).or_default().push(finding);
    }
    let mut is_clean = true;
    for severity in Severity::ALL.into_iter().rev() {
        let entries = report.violations.iter();
        for entry in entries.filter(|entry| entry.severity == severity && entry.count > 0) {
            is_clean = false;
            let text = entry.id.description().english;
            let heuristic = if entry.heuristic { "  (a question, not an accusation)" } else { "" };
            let name = severity.name().to_uppercase();
            line!(out, "  {name:8} {}  {} × {}{heuristic}", entry.id, entry.count, text.title);
            let findings = by_id.get(&entry.id).map(Vec::as_slice).unwrap_or_default();
            findings.iter().take(SHOWN).for_each(|finding| one(out, finding));
            if let Some(more) = entry.count.checked_sub(3).filter(|more| *more > 0) {
                line!(
                    out,
                    "             and {more} more: `vidimus findings --id {id}` lists all, `vidimus checks {id}` explains them",
                    id = entry.id
                );
            }
        }
    }
    if is_clean {
        line!(out, "  none of what was looked for");
    }
    let of = |outcome: Outcome| {
        let entries = report.violations.iter().filter(move |entry| entry.outcome == outcome);
        entries.filter_map(|entry| Some((entry.reason?, entry.id)))
    };
    // A viewing file opens some records, and there it was looked for.
    let is_partial = |reason| reason == SkipReason::Sealed && report.viewed_subjects > 0;
    let name = |(reason, id): (SkipReason, ViolationId)| format!("{id} ({})", reason.name());
    let (partly, skipped): (Vec<_>, Vec<_>) =
        of(Outcome::Skip).partition(|(reason, _)| is_partial(*reason));
    let skipped: Vec<_> = skipped.into_iter().map(name).collect();
    let partly: Vec<_> = partly.into_iter().chain(of(Outcome::Found)).map(name).collect();
    for (what, names) in [("not looked for", skipped), ("not looked for everywhere", partly)] {
        if !names.is_empty() {
            line!(out, "  {what}: {}", names.join(", "));
        }
    }
    line!(out);
    if let Some(views) = &report.views {
        self::views(out, views);
    }
}

/// Rows of a table that are shown.
const ROWS: usize = 10;

/// Performed accesses, by what they have in common.
fn views(out: &mut String, views: &Views) {
    line!(out, "Performed accesses");
    counts(out, "by decision", views.decisions.iter().map(|(name, count)| (name, *count)));
    let purposes = views.purposes.iter().map(|(code, count)| {
        let words = words(System::Purpose, code);
        let name = if words == *code { words } else { format!("{words} ({code})") };
        (name, *count)
    });
    counts(out, "by purpose", purposes);
    rows(out, "by organization", &views.organizations);
    rows(out, "by person", &views.persons);
    if views.rows_omitted > 0 {
        line!(out, "  {} organizations and persons more were not counted", views.rows_omitted);
    }
    line!(out, "  by hour (UTC)");
    day(out, "", 0..24);
    for (name, hours) in DAYS.iter().zip(&views.hours) {
        day(out, name, hours);
    }
    line!(out);
}

fn day(out: &mut String, name: &str, hours: impl IntoIterator<Item = impl fmt::Display>) {
    let hours: Vec<_> = hours.into_iter().map(|hour| format!("{hour:5}")).collect();
    line!(out, "    {name:3}{}", hours.concat());
}

const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

fn counts(out: &mut String, title: &str, counts: impl Iterator<Item = (impl AsRef<str>, u64)>) {
    line!(out, "  {title}");
    for (name, count) in counts {
        line!(out, "    {count:9}  {}", visible(name.as_ref()));
    }
}

fn rows(out: &mut String, title: &str, rows: &[Row]) {
    line!(out, "  {title}: accesses, not permitted, emergencies");
    for row in rows.iter().take(ROWS) {
        let Row { name, accesses, not_permitted, emergencies } = row;
        line!(out, "    {accesses:9} {not_permitted:7} {emergencies:7}  {}", visible(name));
    }
    if let Some(more) = rows.len().checked_sub(ROWS).filter(|more| *more > 0) {
        line!(out, "              and {more} more: `--format json` has them");
    }
}

fn one(out: &mut String, finding: &Finding) {
    let text = finding.id.description().english;
    line!(out, "           - {}", visible(&finding.tell(text.happened)));
    line!(out, "             {}, byte {}", place(finding), finding.offset);
}

/// Where it stands on the ledger.
pub(super) fn place(finding: &Finding) -> String {
    match finding.index {
        Some(index) => format!("block {}, transaction {index}", finding.height),
        None => format!("block {}", finding.height),
    }
}

/// One violation, explained.
pub(crate) fn violation(id: ViolationId) -> String {
    let mut out = String::new();
    let description = id.description();
    let text = description.english;
    let heuristic =
        if description.heuristic { ", a question rather than an accusation" } else { "" };
    line!(out, "{id}  {} ({}{heuristic})", text.title, description.severity);
    line!(out, "  What happened:            {}", text.happened);
    line!(out, "  Why it matters:           {}", text.matters);
    line!(out, "  What would be lawful:     {}", text.lawful);
    line!(out, "  What it does not prove:   {}", text.not_proven);
    line!(out, "  When it fires: docs/audit.md");
    out
}

/// The catalogue of violations, a line each.
pub(crate) fn violations() -> String {
    let mut out = String::new();
    for id in ViolationId::ALL {
        let description = id.description();
        line!(out, "{id:28} {} ({})", description.english.title, description.severity);
    }
    out
}
