//! What the audit found, as a report says it.

use serde::Deserialize;

use crate::link::Target;

#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
pub(crate) struct Audit {
    pub(crate) first: String,
    pub(crate) last: String,
    pub(crate) end: String,
    pub(crate) viewed_subjects: String,
    pub(crate) violations: Vec<Entry>,
    pub(crate) findings: Vec<Finding>,
    pub(crate) regimes: Vec<RegimeEntry>,
}

impl Audit {
    /// The finding at this place.
    pub(crate) fn finding(&self, target: &Target) -> Option<&Finding> {
        self.findings.iter().find(|finding| finding.target() == *target)
    }

    /// How many findings of a severity there are, listed or not.
    pub(crate) fn count(&self, severity: Severity) -> u64 {
        let of_it = self.violations.iter().filter(|entry| entry.severity == severity);
        // What does not fit into 64 bits was not counted either.
        of_it.fold(0, |sum, entry| sum.saturating_add(entry.count.parse().unwrap_or_default()))
    }
}

#[derive(Clone, Copy, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Severity {
    Info,
    Low,
    Medium,
    High,
    Critical,
}

impl Severity {
    /// The worst first.
    pub(crate) const ALL: [Self; 5] =
        [Self::Critical, Self::High, Self::Medium, Self::Low, Self::Info];

    /// The name in a report.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Critical => "critical",
        }
    }
}

#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum SkipReason {
    Sealed,
    Policy,
    Outside,
    #[serde(other)]
    Other,
}

/// One violation and how often it was found; found or not, it may have been looked for in part only.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
pub(crate) struct Entry {
    pub(crate) id: String,
    pub(crate) severity: Severity,
    pub(crate) heuristic: bool,
    pub(crate) reason: Option<SkipReason>,
    pub(crate) count: String,
}

#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
pub(crate) struct Finding {
    pub(crate) id: String,
    pub(crate) height: String,
    pub(crate) index: Option<String>,
    pub(crate) offset: String,
    pub(crate) time: String,
    pub(crate) record: Option<String>,
    pub(crate) subject: Option<String>,
    pub(crate) custodian: Option<String>,
    pub(crate) arguments: Vec<Argument>,
    pub(crate) evidence: Vec<String>,
    pub(crate) rule_path: Option<String>,
}

impl Finding {
    /// Where its link points.
    pub(crate) fn target(&self) -> Target {
        Target { id: self.id.clone(), height: self.height.clone(), index: self.index.clone() }
    }
}

/// How complete the accesses are that one regime accounts for.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
pub(crate) struct RegimeEntry {
    pub(crate) regime: String,
    pub(crate) accesses: String,
    pub(crate) events: String,
    pub(crate) complete: String,
    pub(crate) columns: Vec<ColumnEntry>,
}

#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
pub(crate) struct ColumnEntry {
    pub(crate) name: String,
    pub(crate) always: bool,
    pub(crate) missing: String,
    pub(crate) sealed: String,
}

/// A value with its name in the sentences of the violation.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
pub(crate) struct Argument {
    pub(crate) name: String,
    #[serde(rename = "type")]
    pub(crate) kind: String,
    pub(crate) value: Value,
}

#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
#[serde(untagged)]
pub(crate) enum Value {
    One(String),
    Many(Vec<String>),
}
