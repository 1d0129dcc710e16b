//! An accounting as one page that loads nothing and prints on A4.

use std::fmt::{self, Write as _};

use vidimus::{
    audit::{Accounting, Cell, Entry},
    record::codes::{System, words},
    report::{Ledger, Report, Status},
};

use crate::visible;

/// Nothing is loaded and nothing runs, whatever a text of the ledger says.
const HEAD: &str = r#"<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">"#;

const STYLE: &str = "\
@page { size: A4 landscape; margin: 12mm }
body { font: 14px/1.4 system-ui, sans-serif; color: #111; background: #fff; margin: 24px }
h1 { font-size: 22px } h2 { font-size: 17px; break-after: avoid }
dt { font-weight: 600 } dd { margin: 0 0 6px; overflow-wrap: anywhere }
table { border-collapse: collapse; width: 100%; font-size: 12px }
thead { display: table-header-group }
tr { break-inside: avoid }
th, td { border: 1px solid #767676; padding: 4px 6px; text-align: left; vertical-align: top;
  overflow-wrap: anywhere }
th small { display: block; font-weight: 400 }
.missing { font-weight: 700; color: #a00000 }
.sealed { font-style: italic }
.test { border: 2px solid #a00000; padding: 6px }
@media print { body { margin: 0; font-size: 11px } table { font-size: 9px } }";

/// The whole page.
pub fn accounting(report: &Report, ledger: &Ledger, accounting: &Accounting) -> String {
    let mut out = String::new();
    let title = accounting.regime.title();
    line!(out, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n{HEAD}");
    line!(out, "<title>{}</title>\n<style>\n{STYLE}\n</style>\n</head>\n<body>", escaped(title));
    line!(out, "<h1>{}</h1>", escaped(title));
    // What is stale is proven as far as it goes, and still not all that was asked for.
    let verdict = match report.verdict.status {
        Status::Verified => "VERIFIED",
        Status::Rejected => "REJECTED",
        Status::Inconclusive => "COULD NOT BE DETERMINED",
    };
    line!(out, "<p><strong>{verdict}</strong> {}</p>", escaped(&report.verdict.reason));
    if report.test_keys {
        line!(out, "<p class=\"test\">TEST KEYS: anybody could have made this ledger.</p>");
    }
    basis(&mut out, report, ledger);
    line!(out, "<h2>Accesses</h2>");
    complete(&mut out, ledger, accounting);
    table(&mut out, accounting);
    excluded(&mut out, accounting);
    line!(out, "<h2>Not proven</h2>\n<ul>");
    for item in &report.not_proven {
        line!(out, "<li>{}</li>", escaped(&item.text));
    }
    line!(out, "</ul>\n</body>\n</html>");
    out
}

/// What it rests on.
fn basis(out: &mut String, report: &Report, ledger: &Ledger) {
    line!(out, "<dl>");
    line!(out, "<dt>Ledger</dt><dd>{}</dd>", escaped(&ledger.chain_id));
    for anchor in &report.anchors {
        line!(out, "<dt>Anchor</dt><dd>{}</dd>", escaped(&anchor.line));
    }
    let input = &report.input;
    line!(out, "<dt>Input</dt><dd>SHA-256 {}, {} bytes</dd>", escaped(&input.sha256), input.bytes);
    let tool = &report.tool;
    line!(out, "<dt>Tool</dt><dd>{} {}</dd>", escaped(&tool.name), escaped(&tool.version));
    line!(out, "</dl>");
}

fn complete(out: &mut String, ledger: &Ledger, accounting: &Accounting) {
    let (first, last) = (&ledger.first, &ledger.last);
    line!(
        out,
        "<p>Complete for blocks {} to {}, {} to {}: every transaction in them was looked at. Not in it: \
         what stands in other blocks, and what was never written to the ledger.</p>",
        first.height,
        last.height,
        first.time,
        last.time
    );
    if let Some(since) = &accounting.since {
        line!(
            out,
            "<p>Accounted for from {} to {}, the end of the ledger.</p>",
            escaped(since),
            escaped(&accounting.as_of)
        );
    }
    line!(
        out,
        "<p>{}</p>",
        if accounting.is_viewed {
            "Of the subjects of the viewing file alone."
        } else {
            "Of all subjects, by their pseudonyms. Without a viewing file, what records seal is shown as \
             sealed."
        }
    );
    line!(
        out,
        "<p><span class=\"missing\">missing</span>: demanded, and not on record: {} in all.</p>",
        accounting.missing
    );
}

fn table(out: &mut String, accounting: &Accounting) {
    if accounting.rows.is_empty() {
        line!(out, "<p>There is no access to be accounted for.</p>");
    }
    line!(out, "<table>\n<thead>\n<tr>");
    for column in &accounting.columns {
        let (name, source) = (column.name.replace('_', " "), escaped(column.source));
        line!(out, "<th scope=\"col\">{}<small>{source}</small></th>", escaped(&name));
    }
    line!(out, "<th scope=\"col\">subject, custodian</th>");
    line!(out, "<th scope=\"col\">block / transaction, record</th>\n</tr>\n</thead>\n<tbody>");
    let systems: Vec<_> = accounting.regime.columns().iter().map(|column| column.system).collect();
    for row in &accounting.rows {
        one(out, &systems, row);
    }
    line!(out, "</tbody>\n</table>");
    if accounting.rows_omitted > 0 {
        line!(
            out,
            "<p class=\"missing\">{} more are not listed: give a viewing file of fewer subjects.</p>",
            accounting.rows_omitted
        );
    }
}

fn one(out: &mut String, systems: &[Option<System>], row: &Entry) {
    line!(out, "<tr>");
    for (position, (cell, system)) in row.cells.iter().zip(systems).enumerate() {
        let (class, text) = match cell {
            Cell::Missing => (" class=\"missing\"", "missing".to_owned()),
            Cell::Sealed => (" class=\"sealed\"", "sealed".to_owned()),
            Cell::None => ("", "–".to_owned()),
            Cell::Text(text) => ("", escaped(text)),
            Cell::Codes(codes) => ("", codes_in_words(*system, codes)),
        };
        let repeats = row.repeats.as_ref().filter(|_| position == 0);
        let repeats = repeats.map_or_else(String::new, |repeats| {
            let (count, last) = (repeats.count, escaped(&repeats.last));
            format!(
                "<br>the first of {count}, one every {} on average, the last at {last}",
                span(repeats.every)
            )
        });
        line!(out, "<td{class}>{text}{repeats}</td>");
    }
    line!(out, "<td>{}<br>{}</td>", row.subject, escaped(&row.custodian));
    line!(out, "<td>{} / {}<br>{}</td>\n</tr>", row.height, row.index, row.record);
}

fn codes_in_words(system: Option<System>, codes: &[String]) -> String {
    let one = |code: &String| match system.map(|system| words(system, code)) {
        Some(words) if words != *code => format!("{words} ({code})"),
        Some(_) | None => code.clone(),
    };
    escaped(&codes.iter().map(one).collect::<Vec<_>>().join(", "))
}

fn excluded(out: &mut String, accounting: &Accounting) {
    line!(out, "<h2>Left out</h2>");
    if accounting.excluded.is_empty() {
        line!(out, "<p>No performed access was left out.</p>");
        return;
    }
    line!(out, "<ul>");
    for excluded in &accounting.excluded {
        let (words, section) = (excluded.reason.words(), excluded.section);
        line!(out, "<li>{} {words} ({section})</li>", excluded.count);
    }
    line!(out, "</ul>");
}

/// A span of time, in the largest unit of which there are two.
pub(crate) fn span(millis: u64) -> String {
    match millis / 1_000 {
        seconds @ 172_800.. => format!("{} days", seconds / 86_400),
        seconds @ 7_200.. => format!("{} hours", seconds / 3_600),
        seconds @ 120.. => format!("{} minutes", seconds / 60),
        seconds => format!("{seconds} seconds"),
    }
}

/// Text that is nothing but text, in an element and in a quoted attribute.
fn escaped(text: &str) -> String {
    let mut out = String::new();
    for c in visible(text).chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}
