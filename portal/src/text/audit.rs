//! Words around what the audit found; its own sentences come from the catalogue.

use crate::report::audit::{Audit, Severity, SkipReason};

pub(crate) const HEADING: &str = "What the audit found";
pub(crate) const INTRODUCTION: &str = "A finding says that a genuine record shows something unlawful, or lacks what would show that it is lawful. It does not change the verdict.";
pub(crate) const SEE: &str = "What the audit says";
pub(crate) const NONE: &str = "Nothing of what was looked for was found.";
pub(crate) const COUNTS: &str = "Findings by severity";
pub(crate) const FILTER: &str = "Which findings to show";
pub(crate) const SEVERITY: &str = "Severity";
pub(crate) const VIOLATION: &str = "Violation";
pub(crate) const ALL: &str = "all";
pub(crate) const NO_MATCH: &str = "No finding is both. Choose “all” in one of the two.";
pub(crate) const HEURISTIC: &str = "a question, not an accusation";

pub(crate) const MATTERS: &str = "Why it matters";
pub(crate) const LAWFUL: &str = "What would be lawful";
pub(crate) const NOT_PROVEN: &str = "What it does not prove";
pub(crate) const TIME: &str = "Time of the block";
pub(crate) const RECORD: &str = "Record";
pub(crate) const NO_RECORD: &str =
    "none: the finding is about all blocks, or the record cannot be read";
pub(crate) const EVIDENCE: &str = "Shown by records";
pub(crate) const SUBJECT: &str = "Patient’s pseudonym";
pub(crate) const CUSTODIAN: &str = "Custodian";
pub(crate) const RULE: &str = "In the decision";
pub(crate) const LINK: &str = "Link to this finding";

pub(crate) const LOOKED_FOR: &str = "What the audit looked for";
/// What is sealed was opened for some pseudonyms only.
pub(crate) fn opened_for(subjects: &str) -> String {
    let pseudonyms = match subjects {
        "1" => "one pseudonym".to_owned(),
        _ => format!("{} pseudonyms", super::number(subjects)),
    };
    format!(
        "What records seal was opened for the {pseudonyms} of the viewing file. In all other records nothing was looked for that depends on it."
    )
}

pub(crate) const RESULT: &str = "Result";
pub(crate) const TIMES: &str = "Times found";

pub(crate) const WAITING: &str = "The address of this page points to a finding. Verify the ledger that it is in: the finding is opened then.";

pub(crate) fn absent(id: &str, height: &str) -> String {
    format!(
        "The address of this page points to a finding {id} in block {}, which this report does not list.",
        super::number(height)
    )
}

pub(crate) fn range(first: &str, last: &str, end: &str) -> String {
    let (first, last, end) = (super::number(first), super::number(last), super::time(end));
    format!("Every transaction of blocks {first} to {last} was looked at, up to {end}.")
}

/// What stands beside the verdict: that it is another question, and its answer in short.
pub(crate) fn summary(audit: &Audit) -> String {
    const QUESTION: &str = "Whether what it records is lawful is another question: the audit";
    let counts = Severity::ALL.map(|severity| (audit.count(severity), severity));
    let all = counts.iter().fold(0_u64, |sum, (count, _)| sum.saturating_add(*count));
    let found = counts.into_iter().filter(|(count, _)| *count > 0);
    let number = |count: u64| super::number(&count.to_string());
    let of_each: Vec<_> = found
        .map(|(count, of)| format!("{} {}", number(count), severity(of).to_lowercase()))
        .collect();
    match all {
        0 => format!("{QUESTION} found nothing of what it looked for."),
        1 => format!("{QUESTION} has 1 finding ({}).", of_each.join(", ")),
        _ => format!("{QUESTION} has {} findings ({}).", number(all), of_each.join(", ")),
    }
}

pub(crate) const fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "Critical",
        Severity::High => "High",
        Severity::Medium => "Medium",
        Severity::Low => "Low",
        Severity::Info => "For information",
    }
}

pub(crate) fn option(id: &str, title: &str, count: &str) -> String {
    format!("{id} {title} ({})", super::number(count))
}

pub(crate) fn found(count: &str) -> String {
    match count {
        "1" => "Found once.".to_owned(),
        _ => format!("Found {} times.", super::number(count)),
    }
}

/// The report holds fewer than were found.
pub(crate) fn listed(listed: usize, count: &str) -> String {
    let listed = super::number(&listed.to_string());
    format!("First {listed} listed of {}.", super::number(count))
}

pub(crate) fn place(height: &str, index: Option<&str>, offset: &str) -> String {
    let transaction =
        index.map(|index| format!(", transaction {}", super::number(index))).unwrap_or_default();
    format!("block {}{transaction}, byte {}", super::number(height), super::number(offset))
}

/// Sign and word of what came of looking for a violation.
pub(crate) const fn result(
    is_found: bool,
    reason: Option<SkipReason>,
) -> (&'static str, &'static str) {
    match (is_found, reason) {
        (true, _) => ("✗", "found"),
        (false, None) => ("✓", "not found"),
        (false, Some(_)) => ("?", "not looked for"),
    }
}

/// Why it was not looked for, or not everywhere.
pub(crate) const fn skipped(reason: SkipReason) -> &'static str {
    match reason {
        SkipReason::Sealed => "What it depends on is sealed: a viewing file opens it.",
        SkipReason::Policy => "It needs a list of the audit policy.",
        SkipReason::Outside => "No ledger can show it.",
        SkipReason::Other => "For a reason that this page does not know.",
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    fn summary_of(counts: &[(&str, &str)]) -> String {
        let entry = |(severity, count): &(&str, &str)| {
            format!(
                r#"{{"id": "V01", "severity": "{severity}", "heuristic": false, "reason": null, "count": "{count}"}}"#
            )
        };
        let entries: Vec<_> = counts.iter().map(entry).collect();
        let json = format!(
            r#"{{"first": "1", "last": "9", "end": "", "viewed_subjects": "0", "violations": [{}], "findings": [], "regimes": []}}"#,
            entries.join(", ")
        );
        summary(&serde_json::from_str(&json).expect("an audit"))
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn summary_counts_by_severity_the_worst_first() {
        let entries = [("info", "1"), ("high", "1200"), ("low", "0"), ("high", "34")];
        let expected =
            "the audit has 1\u{202f}235 findings (1\u{202f}234 high, 1 for information).";
        assert!(summary_of(&entries).ends_with(expected), "{}", summary_of(&entries));
        assert!(summary_of(&[("critical", "1")]).ends_with("has 1 finding (1 critical)."));
        assert!(summary_of(&[("low", "0")]).ends_with("found nothing of what it looked for."));
    }
}
