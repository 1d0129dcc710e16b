//! What an audit reports.

use alloc::{
    string::{String, ToString as _},
    vec::Vec,
};

use serde::{Deserialize, Serialize};

use super::{
    coverage::Coverage,
    finding::{Finding, Severity},
    found::{Found, FoundOfOne},
    options::AuditOptions,
    regime::{Completeness, RegimeEntry},
    views::Views,
    violation::ViolationId,
};
use crate::{record::instant::Instant, report::decimal};

/// Why a violation was not looked for.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum SkipReason {
    /// What it depends on is sealed, here or there, and no viewing file opened it.
    Sealed,
    /// The policy has no list of what to compare with.
    Policy,
    /// No ledger can show it.
    Outside,
}

impl SkipReason {
    /// The name in a report.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sealed => "sealed",
            Self::Policy => "policy",
            Self::Outside => "outside",
        }
    }
}

/// What came of looking for a violation.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// It was found.
    Found,
    /// It was looked for and not found.
    None,
    /// It was not looked for, or not everywhere.
    Skip,
}

/// One violation and how often it was found.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct ViolationEntry {
    /// Which.
    pub id: ViolationId,
    /// How bad.
    pub severity: Severity,
    /// Whether a finding is a question rather than an accusation.
    pub heuristic: bool,
    /// What came of it.
    pub outcome: Outcome,
    /// Why it was skipped, wholly or in part.
    pub reason: Option<SkipReason>,
    /// How often it was found; at most `limits.findings_each` of them are listed.
    #[serde(with = "decimal")]
    pub count: u64,
}

/// What the audit of a trusted ledger shows.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct AuditReport {
    /// Height of the first block that was looked at.
    #[serde(with = "decimal")]
    pub first: u64,
    /// Height of the last.
    #[serde(with = "decimal")]
    pub last: u64,
    /// Its time: the end, for every rule that waits.
    pub end: String,
    /// SHA-256 of the audit policy, if one was given.
    pub policy_sha256: Option<String>,
    /// Subjects of the viewing file.
    #[serde(with = "decimal")]
    pub viewed_subjects: u64,
    /// Every violation of the catalogue.
    pub violations: Vec<ViolationEntry>,
    /// Findings: the first of each violation, in the order of the ledger.
    pub findings: Vec<Finding>,
    /// How many of what there are.
    pub coverage: Coverage,
    /// How complete the accesses are by each regime that an organization or the policy names.
    pub regimes: Vec<RegimeEntry>,
    /// Who opened what: added after a second pass, where it is asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub views: Option<Views>,
}

impl AuditReport {
    /// The worst severity that was found.
    pub fn worst(&self) -> Option<Severity> {
        let found = self.violations.iter().filter(|entry| entry.count > 0);
        found.map(|entry| entry.severity).max()
    }
}

pub(super) fn report(
    skips: impl Iterator<Item = (ViolationId, Option<SkipReason>)>,
    mut found: Found,
    (coverage, completeness): (Coverage, Completeness),
    options: &AuditOptions,
    (first, (last, end)): (u64, (u64, Instant)),
) -> AuditReport {
    let (mut violations, mut findings) = (Vec::new(), Vec::new());
    for (id, reason) in skips {
        let FoundOfOne { count, listed } = found.take(id);
        let outcome = match (count, reason) {
            (1.., _) => Outcome::Found,
            (0, None) => Outcome::None,
            (0, Some(_)) => Outcome::Skip,
        };
        let (severity, heuristic) = (id.severity(), id.is_heuristic());
        violations.push(ViolationEntry { id, severity, heuristic, outcome, reason, count });
        findings.extend(listed);
    }
    // A rule that waits finds what an earlier block shows.
    findings.sort_by_key(|finding| (finding.height, finding.index, finding.id));
    let viewed = options.view.as_ref().map_or(0, |view| view.subjects().len());
    AuditReport {
        first,
        last,
        end: end.to_string(),
        policy_sha256: options.policy.sha256().map(|hash| hash.to_lower_hex()),
        viewed_subjects: crate::encoding::to_u64(viewed),
        violations,
        findings,
        coverage,
        regimes: completeness.into_entries(),
        views: None,
    }
}
