//! An accounting as CSV (RFC 4180), for a spreadsheet that takes some texts for formulas.

use std::io;

use csv::{Terminator, WriterBuilder};
use vidimus::audit::{Accounting, Cell};

use crate::visible;

/// What every row has after the regime's columns: repeats, and where the access stands.
const PLACE: [&str; 8] = [
    "repeats_count",
    "repeats_last",
    "repeats_every",
    "subject",
    "custodian",
    "block",
    "transaction",
    "record",
];

/// A line of names, and one for each row.
///
/// # Errors
/// None: what is written goes to memory.
pub fn accounting(accounting: &Accounting) -> io::Result<String> {
    // RFC 4180 §2: "Each record is located on a separate line, delimited by a line break (CRLF)".
    let mut writer =
        WriterBuilder::new().terminator(Terminator::CRLF).from_writer(Vec::<u8>::new());
    writer.write_record(accounting.columns.iter().map(|head| head.name).chain(PLACE))?;
    for row in &accounting.rows {
        let repeats = row.repeats.as_ref().map_or_else(Default::default, |repeats| {
            [repeats.count.to_string(), repeats.last.clone(), crate::html::span(repeats.every)]
        });
        let place = [
            row.subject.to_string(),
            row.custodian.clone(),
            row.height.to_string(),
            row.index.to_string(),
            row.record.to_string(),
        ];
        let cells = row.cells.iter().map(cell).chain(repeats).chain(place);
        writer.write_record(cells.map(|cell| guarded(&cell)))?;
    }
    let bytes = writer.into_inner().map_err(csv::IntoInnerError::into_error)?;
    String::from_utf8(bytes).map_err(io::Error::other)
}

fn cell(cell: &Cell) -> String {
    match cell {
        Cell::Codes(codes) => codes.join(" "),
        Cell::Missing => "(missing)".to_owned(),
        Cell::None => String::new(),
        Cell::Sealed => "(sealed)".to_owned(),
        Cell::Text(text) => text.clone(),
    }
}

/// Text that a spreadsheet shows and does not run. It begins as no formula does, in either width;
/// control characters, which some programs skip, are made visible before.
fn guarded(text: &str) -> String {
    let text = visible(text);
    let is_formula = text.trim_start().starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']);
    if is_formula { format!("'{text}") } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_be_a_formula_begins_with_an_apostrophe() {
        for text in ["=1+1", "+1", "-1", "@SUM(A1)", " =1", "\u{3000}=1", "＝1"] {
            assert_eq!(guarded(text), format!("'{text}"));
        }
        // Escaped, they begin with a backslash.
        for text in ["\t=1", "\r=1", "\n=1", "\u{202e}=1", "\u{61c}=1"] {
            assert!(guarded(text).starts_with("\\u{"), "{text:?}");
        }
        for text in ["", "a=1", "2026-11-26", "'=1", "1-2"] {
            assert_eq!(guarded(text), text);
        }
    }
}
