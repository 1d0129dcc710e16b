//! What was planted: the findings that an audit of the ledger must have, and no others.

use std::fmt::Write as _;

use serde_json::json;

/// Why there is a finding.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Because {
    /// It was the intention.
    Planted,
    /// The act that was planted for this violation is one of another kind too.
    ImpliedBy(&'static str),
}

/// One finding that an audit must have.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Expected {
    /// The violation, `V01` to `V38`.
    pub id: &'static str,
    /// Why it is there.
    pub because: Because,
    /// What was done, in a sentence.
    pub what: &'static str,
}

/// A finding at its place.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Placed {
    /// Height of the block.
    pub height: u64,
    /// Index of the transaction; none for a whole block.
    pub index: Option<u64>,
    /// The finding.
    pub expected: Expected,
}

/// The findings as JSON, one on a line.
pub(super) fn to_json(seed: u64, findings: &[Placed]) -> String {
    let mut text = format!("{{\"seed\":{seed},\"violations\":[");
    for (number, placed) in findings.iter().enumerate() {
        let Expected { id, because, what } = &placed.expected;
        let because = match because {
            Because::Planted => "planted".to_owned(),
            Because::ImpliedBy(id) => format!("implied by {id}"),
        };
        let line = json!({
            "id": id,
            "height": placed.height,
            "index": placed.index,
            "because": because,
            "what": what,
        });
        let comma = if number == 0 { "" } else { "," };
        // Writing to a string cannot fail.
        let _written = write!(text, "{comma}\n{line}");
    }
    text.push_str("\n]}\n");
    text
}
