//! What an audit found.

use std::{
    collections::BTreeMap,
    fmt::{self, Write as _},
};

use vidimus::audit::{AuditReport, Finding, Outcome, Severity, ViolationId};

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
                    "             and {more} more: `vidimus checks {}` explains them",
                    entry.id
                );
            }
        }
    }
    if is_clean {
        line!(out, "  none of what was looked for");
    }
    let skipped: Vec<_> = report
        .violations
        .iter()
        .filter(|entry| entry.outcome == Outcome::Skip)
        .filter_map(|entry| Some(format!("{} ({})", entry.id, entry.reason?.name())))
        .collect();
    if !skipped.is_empty() {
        line!(out, "  not looked for: {}", skipped.join(", "));
    }
    line!(out);
}

fn one(out: &mut String, finding: &Finding) {
    let text = finding.id.description().english;
    let place = match finding.index {
        Some(index) => format!("block {}, transaction {index}", finding.height),
        None => format!("block {}", finding.height),
    };
    line!(out, "           - {}", visible(&finding.tell(text.happened)));
    line!(out, "             {place}, byte {}", finding.offset);
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
