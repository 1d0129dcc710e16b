//! Words around what regimes want to be on record. Titles, provisions and reasons come from the catalogue.

use crate::{accounting::Format, protocol::Refusal};

pub(crate) const HEADING: &str = "What each law asks to be on record";
pub(crate) const INTRODUCTION: &str = "For each law that an organization of the ledger is under, or that the audit policy names: whether the records hold what it asks for, and an accounting of the accesses, for a person or a spreadsheet.";
pub(crate) const STATE: &str = "State";
pub(crate) const COLUMN: &str = "What is asked for";
pub(crate) const MISSING: &str = "Missing";
pub(crate) const MAKE: &str = "Make the accounting";
pub(crate) const EXCLUDED: &str = "Left out";
pub(crate) const FILES: &str = "Files of the accounting";
pub(crate) const NO_ROWS: &str = "There is no access to be accounted for.";
pub(crate) const ROWS: &str = "Accesses that are accounted for";
pub(crate) const SUBJECT: &str = "Subject, custodian";
pub(crate) const PLACE: &str = "Block, record";
pub(crate) const CELL_MISSING: &str = "missing";
pub(crate) const CELL_SEALED: &str = "sealed";

/// The button's name for whoever does not see under which heading it stands.
pub(crate) fn make_of(title: &str) -> String {
    format!("{MAKE}: {title}")
}

pub(crate) fn counts(accesses: &str, events: &str, complete: &str) -> String {
    let [accesses, events, complete] = [accesses, events, complete].map(super::number);
    format!(
        "Accesses at organizations under it: {accesses}. It accounts for {events} of them, and {complete} of these lack nothing."
    )
}

/// Sign and word.
pub(crate) const fn state(is_complete: bool) -> (&'static str, &'static str) {
    if is_complete { ("✓", "complete") } else { ("✗", "incomplete") }
}

/// What is to be known of a column beside what it lacks.
pub(crate) fn note(is_always: bool, sealed: &str) -> String {
    match sealed {
        _ if is_always => "No record can be without it.".to_owned(),
        "1" => "Once it is sealed: it is on record, and only a viewing file shows what it says."
            .to_owned(),
        _ => format!(
            "{} times it is sealed: it is on record, and only a viewing file shows what it says.",
            super::number(sealed)
        ),
    }
}

/// The name of a column as words.
pub(crate) fn column(name: &str) -> String {
    name.replace('_', " ")
}

pub(crate) fn made(rows: usize, omitted: &str, missing: &str) -> String {
    let rows = match rows {
        1 => "One row.".to_owned(),
        _ => format!("{} rows.", super::number(&rows.to_string())),
    };
    let omitted = match omitted {
        "0" => String::new(),
        _ => format!(
            " {} more are not listed: choose a viewing file of fewer pseudonyms to see all.",
            super::number(omitted)
        ),
    };
    let missing = match missing {
        "0" => " Nothing that is asked for is missing in them.".to_owned(),
        "1" => " In one place something is missing.".to_owned(),
        _ => format!(" In {} places something is missing.", super::number(missing)),
    };
    format!("{rows}{omitted}{missing}")
}

/// From when to when.
pub(crate) fn period(since: Option<&str>, as_of: &str) -> String {
    let as_of = super::time(as_of);
    match since {
        Some(since) => {
            format!("Accounted for from {} to {as_of}, the end of the ledger.", super::time(since))
        }
        None => format!("Accounted for up to {as_of}, the end of the ledger."),
    }
}

pub(crate) const fn of(is_viewed: bool) -> &'static str {
    if is_viewed {
        "Of the subjects of the viewing file alone."
    } else {
        "Of all subjects, by their pseudonyms; what records seal is shown as sealed."
    }
}

pub(crate) const fn download(format: Format) -> &'static str {
    match format {
        Format::Csv => "Download as CSV",
        Format::Html => "Download as a page (HTML)",
        Format::Json => "Download as JSON",
    }
}

pub(crate) fn place(height: &str, index: &str) -> String {
    format!("block {}, transaction {}", super::number(height), super::number(index))
}

/// Text of a cell: times as everywhere on the page, long numbers by their first digits.
pub(crate) fn cell(value: &str) -> String {
    let is_digits = value.len() == 64 && value.chars().all(|c| c.is_ascii_hexdigit());
    let is_time = value.len() >= 20
        && value.ends_with('Z')
        && value.chars().all(|c| c.is_ascii_digit() || "-T:.Z".contains(c));
    match (is_digits, is_time) {
        (true, _) => super::short(value),
        (_, true) => super::time(value),
        _ => value.to_owned(),
    }
}

pub(crate) fn repeats(count: &str, last: &str, every: &str) -> String {
    format!(
        "the first of {}, one every {} on average, the last at {}",
        super::number(count),
        super::span(every),
        super::time(last)
    )
}

/// Why there is none; the verdict stands.
pub(crate) fn refused(refusal: &Refusal) -> String {
    let why = match refusal.code.as_str() {
        "cancelled" => "It was stopped.",
        "changed" => "A file changed after it was verified, so there is no accounting.",
        "gone" => "The verifier had to be started anew: verify the ledger again first.",
        "engine" => "The verifier stopped unexpectedly, so there is no accounting.",
        _ => refusal.message.as_str(),
    };
    format!("{why} The verdict and the findings stand.")
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test(unsupported = test)]
    fn cells_are_shortened_where_nothing_is_lost_to_a_reader() {
        assert_eq!(cell("2026-01-05T23:02:41.158Z"), "2026-01-05 23:02:41 UTC");
        assert_eq!(cell(&"ab".repeat(32)), "abababab…");
        for text in ["", "Z", "2026-01-05", "consent of 2026-01-05T23:02:41Z", "abc"] {
            assert_eq!(cell(text), text);
        }
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn what_is_missing_is_counted() {
        assert_eq!(made(1, "0", "0"), "One row. Nothing that is asked for is missing in them.");
        let told = made(1200, "3", "2");
        assert!(told.starts_with("1\u{202f}200 rows. 3 more are not listed"), "{told}");
        assert!(told.ends_with("In 2 places something is missing."), "{told}");
    }
}
