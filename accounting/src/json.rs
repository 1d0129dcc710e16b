//! An accounting as JSON, with what it rests on.

use serde_json::json;
use vidimus::{audit::Accounting, report::Report};

/// The whole file.
///
/// # Errors
/// None: every key is a string.
pub fn accounting(report: &Report, accounting: &Accounting) -> serde_json::Result<String> {
    let json = json!({
        "verdict": report.verdict,
        "test_keys": report.test_keys,
        "ledger": report.ledger,
        "anchors": report.anchors,
        "input": report.input,
        "tool": report.tool,
        "accounting": accounting,
        "not_proven": report.not_proven,
    });
    Ok(serde_json::to_string_pretty(&json)? + "\n")
}
