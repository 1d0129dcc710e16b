//! Findings: which rule, where, and the values that make it one. No sentences.

use alloc::{
    string::{String, ToString as _},
    vec::Vec,
};
use core::fmt;

use serde::{Deserialize, Serialize};

use super::{
    act::{Act, Place},
    violation::ViolationId,
};
use crate::{
    encoding::hex::{Hash, Identifier, PublicKey},
    record::{
        Body,
        actor::{CodeText, OrganizationId},
        instant::Instant,
    },
    report::{decimal, optional_decimal},
};

/// How bad it is (docs/audit.md).
#[derive(Clone, Copy, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// To be known.
    Info,
    /// A question.
    Low,
    /// A duty that was not kept.
    Medium,
    /// An act that nobody allowed, or one that cannot be shown to be allowed.
    High,
    /// An act against a prohibition, or a forgery.
    Critical,
}

impl Severity {
    /// Every severity, ascending.
    pub const ALL: [Self; 5] = [Self::Info, Self::Low, Self::Medium, Self::High, Self::Critical];

    /// The name in reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Critical => "critical",
        }
    }

    /// The severity of a name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|severity| severity.name() == name)
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A value of a finding, by what it is: whoever shows it writes times and codes in the reader's way.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(tag = "type", content = "value", rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Value {
    /// A code of a table, or several.
    Codes(Vec<String>),
    /// An organization's id.
    Organization(String),
    /// A person's pseudonym.
    Person(Hash),
    /// A key: a subject's or a signer's.
    Key(PublicKey),
    /// The id of a record.
    Record(Hash),
    /// The id of a consent or an event.
    Id(Identifier),
    /// A moment.
    Time(String),
    /// A number.
    Count(#[serde(with = "decimal")] u64),
    /// Milliseconds.
    Span(#[serde(with = "decimal")] u64),
    /// A word of the rule: an element, a column, a result code.
    Word(String),
    /// Text that stands on the ledger: whoever shows it makes invisible characters visible.
    Text(String),
}

impl Value {
    /// Codes of one table.
    pub(super) fn codes(codes: &[&CodeText]) -> Self {
        Self::Codes(codes.iter().map(|code| code.as_str().to_string()).collect())
    }

    pub(super) fn organization(id: &OrganizationId) -> Self {
        Self::Organization(id.as_str().to_string())
    }

    pub(super) fn time(instant: Instant) -> Self {
        Self::Time(instant.to_string())
    }

    pub(super) fn word(word: &str) -> Self {
        Self::Word(word.to_string())
    }
}

/// A value with its name in the sentences of its violation.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Argument {
    /// The name.
    pub name: String,
    /// The value.
    #[serde(flatten)]
    pub value: Value,
}

/// One rule that one transaction breaks.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Finding {
    /// The rule.
    pub id: ViolationId,
    /// Height of the block.
    #[serde(with = "decimal")]
    pub height: u64,
    /// Index of the transaction; none where the finding is about all blocks.
    #[serde(with = "optional_decimal")]
    pub index: Option<u64>,
    /// The transaction's first byte in the snapshot.
    #[serde(with = "decimal")]
    pub offset: u64,
    /// Time of the block.
    pub time: String,
    /// Id of the transaction's record.
    pub record: Option<Hash>,
    /// The patient whom it concerns.
    pub subject: Option<PublicKey>,
    /// The custodian whom it concerns.
    pub custodian: Option<String>,
    /// The values that make it one.
    pub arguments: Vec<Argument>,
    /// Other records that show it.
    pub evidence: Vec<Hash>,
    /// Where in the judgement the reason stands, such as `decision.considered[1].provision`.
    pub rule_path: Option<String>,
}

impl Finding {
    /// A finding at a transaction.
    pub(super) fn new(id: ViolationId, act: &Act<'_>) -> Self {
        let body = act.record.map(|record| &record.body);
        Self {
            record: act.record.map(|record| record.id),
            subject: body.and_then(Body::subject).copied(),
            custodian: body.and_then(Body::custodian).map(|id| id.as_str().to_string()),
            ..Self::at(id, act.place)
        }
    }

    /// A finding at a place of which no more is known.
    pub(super) fn at(id: ViolationId, place: Place) -> Self {
        Self {
            id,
            height: place.height,
            index: place.index,
            offset: place.offset,
            time: place.time.to_string(),
            record: None,
            subject: None,
            custodian: None,
            arguments: Vec::new(),
            evidence: Vec::new(),
            rule_path: None,
        }
    }

    /// With a value.
    #[must_use]
    pub(super) fn with(mut self, name: &str, value: Value) -> Self {
        self.arguments.push(Argument { name: name.to_string(), value });
        self
    }

    /// With another value in place of the one of this name.
    #[must_use]
    pub(super) fn with_value(mut self, name: &str, value: Value) -> Self {
        self.arguments.retain(|argument| argument.name != name);
        self.with(name, value)
    }

    /// With another record that shows it.
    #[must_use]
    pub(super) fn shown_by(mut self, record: Hash) -> Self {
        self.evidence.push(record);
        self
    }

    /// With the place of the reason in the judgement.
    #[must_use]
    pub(super) fn by_rule(mut self, path: String) -> Self {
        self.rule_path = Some(path);
        self
    }
}
