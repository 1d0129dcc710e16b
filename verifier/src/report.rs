//! The report: verdict, what was checked, what was not proven. The same bytes from every engine.
//!
//! As JSON, every 64-bit integer is a decimal string, hashes are upper-case hex, times RFC 3339.

pub mod decimal;
pub mod decimal_map;
pub mod optional_decimal;
mod reason;

use alloc::{string::String, vec::Vec};

pub use reason::{Missing, Reason, Unsupported};
use serde::{Deserialize, Serialize};

use crate::{
    audit::AuditReport,
    check::CheckId,
    encoding::{
        hex::{Address, Hash},
        time::Timestamp,
    },
    limits::Limits,
    packet::ClaimReport,
    policy::Policy,
};

/// The `schema` of every report of this version.
pub const SCHEMA: &str = "vidimus/report/1";

/// What a verification came to.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Report {
    /// [`SCHEMA`].
    pub schema: String,
    /// The verdict.
    pub verdict: VerdictEntry,
    /// What ledger it is; absent if not even that could be read.
    pub ledger: Option<Ledger>,
    /// The last block before any failure, trusted only if the verdict says so.
    pub last_checked: Option<BlockPoint>,
    /// Whether a published test key stands among the validators: then nothing is proven of any real network.
    pub test_keys: bool,
    /// The anchor text, line by line, in canonical spelling.
    pub anchors: Vec<AnchorEntry>,
    /// How much was checked, up to the block before a failure.
    pub counts: Counts,
    /// What each validator did in the commits checked, by address.
    pub participation: Vec<Participant>,
    /// Votes of validators beyond the limit, who are not listed.
    #[serde(with = "decimal")]
    pub participants_omitted: u64,
    /// Every check of the catalogue.
    pub checks: Vec<CheckEntry>,
    /// What stands out without breaking the ledger's integrity.
    pub findings: Vec<Finding>,
    /// Findings beyond the limit, which are not listed.
    #[serde(with = "decimal")]
    pub findings_omitted: u64,
    /// What the records show of unlawful acts; absent unless the blocks are trusted and the contract
    /// was run again.
    pub audit: Option<AuditReport>,
    /// What an evidence packet shows; left out for anything else, and where it is not trusted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub claims: Vec<ClaimReport>,
    /// What this report does not show. Never empty.
    pub not_proven: Vec<NotProven>,
    /// The policy in force.
    pub policy: Policy,
    /// The limits in force.
    pub limits: Limits,
    /// What was read.
    pub input: Input,
    /// Who says so.
    pub tool: Tool,
}

impl Report {
    /// The report as JSON: two-space indentation, a line feed at the end.
    pub fn to_json(&self) -> String {
        let mut text = serde_json::to_string_pretty(self).unwrap_or_default();
        text.push('\n');
        text
    }
}

/// The three values a verdict has.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// Everything that the policy asks for is proven from the user's anchor.
    Verified,
    /// A check failed.
    Rejected,
    /// Neither shown nor refuted.
    Inconclusive,
}

/// The verdict with its reason and place.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct VerdictEntry {
    /// The value.
    pub status: Status,
    /// `verified`, the id of the check that failed, or the reason for no verdict.
    pub code: String,
    /// In a sentence.
    pub reason: String,
    /// Where, if there is a place.
    pub locus: Option<Locus>,
    /// What stood there and what should have.
    pub evidence: Option<Evidence>,
}

/// A place in the input.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub struct Locus {
    /// Height of the block.
    #[serde(with = "optional_decimal")]
    pub height: Option<u64>,
    /// Field path.
    pub path: String,
    /// Byte offset in the container, or in `source` if that is given.
    #[serde(with = "optional_decimal")]
    pub offset: Option<u64>,
    /// Name of the file of a raw export.
    pub source: Option<String>,
}

/// Both sides of a comparison that failed.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Evidence {
    /// What the input says.
    pub claimed: String,
    /// What follows from the rest of it.
    pub computed: String,
}

/// One line of the anchor text.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct AnchorEntry {
    /// The line.
    pub line: String,
    /// Whether the ledger met it.
    pub holds: bool,
}

/// What ledger the snapshot holds.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Ledger {
    /// `cometbft`.
    pub family: String,
    /// Profile at the last block, from the anchor; absent without one.
    pub profile: Option<String>,
    /// Chain id.
    pub chain_id: String,
    /// First block.
    pub first: BlockPoint,
    /// Last block that was checked.
    pub last: BlockPoint,
}

/// A block as a point on the ledger.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct BlockPoint {
    /// Height.
    #[serde(with = "decimal")]
    pub height: u64,
    /// Header hash.
    pub hash: Hash,
    /// Block time.
    pub time: Timestamp,
}

/// How much was checked.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub struct Counts {
    /// Blocks, or light blocks.
    #[serde(with = "decimal")]
    pub blocks: u64,
    /// Transactions.
    #[serde(with = "decimal")]
    pub transactions: u64,
    /// Signatures verified, for the block and for no block.
    #[serde(with = "decimal")]
    pub commit_signatures: u64,
    /// Of them, for no block.
    #[serde(with = "decimal")]
    pub nil: u64,
    /// Votes that commits say were absent.
    #[serde(with = "decimal")]
    pub absent: u64,
    /// Distinct validator sets in a row.
    #[serde(with = "decimal")]
    pub validator_sets: u64,
}

/// What one validator did.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Participant {
    /// Address.
    pub address: Address,
    /// Whether its key is a published test key.
    pub test_key: bool,
    /// Votes for the block.
    #[serde(with = "decimal")]
    pub commit: u64,
    /// Votes for no block.
    #[serde(with = "decimal")]
    pub nil: u64,
    /// Votes that are absent from the commits.
    #[serde(with = "decimal")]
    pub absent: u64,
}

/// One check of the catalogue and what came of it.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct CheckEntry {
    /// Id.
    pub id: CheckId,
    /// `pass`, `fail` or `skip`.
    pub outcome: Outcome,
    /// How often it passed.
    #[serde(with = "decimal")]
    pub passed: u64,
    /// How often it was skipped.
    #[serde(with = "decimal")]
    pub skipped: u64,
    /// Why it was skipped, if it was: of several reasons, the first of [`SkipReason`].
    pub reason: Option<SkipReason>,
}

/// What came of a check.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// It ran and held everywhere it ran.
    Pass,
    /// It failed: the verdict names where.
    Fail,
    /// It did not run.
    Skip,
}

/// Why a check did not run somewhere.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum SkipReason {
    /// Only the block before the first could attest it.
    RangeStart,
    /// Only the block after the last could attest it.
    Tip,
    /// The snapshot does not carry what it needs.
    NotGiven,
    /// The profile has no such rule.
    Profile,
    /// The policy does not ask for it.
    Policy,
    /// The network refused the record for it.
    Refused,
    /// Nothing of the kind is in the snapshot.
    NotApplicable,
    /// Another check failed first, or the verification did not get there.
    NotRun,
}

impl SkipReason {
    /// The name in a report.
    pub const fn name(self) -> &'static str {
        match self {
            Self::RangeStart => "range-start",
            Self::Tip => "tip",
            Self::NotGiven => "not-given",
            Self::Profile => "profile",
            Self::Policy => "policy",
            Self::Refused => "refused",
            Self::NotApplicable => "not-applicable",
            Self::NotRun => "not-run",
        }
    }
}

/// A check applied at one place, worth a person's attention, that does not break the ledger.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Finding {
    /// The rule.
    pub check: CheckId,
    /// Where.
    pub locus: Locus,
    /// What stands there and what was expected.
    pub evidence: Evidence,
}

/// One thing that the report does not show.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct NotProven {
    /// A stable code.
    pub code: String,
    /// In a sentence.
    pub text: String,
}

/// What was read.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Input {
    /// `snapshot`, `export` or `packet`.
    pub kind: String,
    /// Length of the container, or of the one that an export is imported to.
    #[serde(with = "decimal")]
    pub bytes: u64,
    /// SHA-256 of it, lower-case hex as checksum tools print it.
    pub sha256: String,
}

/// The program that made the report.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Tool {
    /// `vidimus`.
    pub name: String,
    /// Version of the library.
    pub version: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    const REASONS: [SkipReason; 8] = [
        SkipReason::RangeStart,
        SkipReason::Tip,
        SkipReason::NotGiven,
        SkipReason::Profile,
        SkipReason::Policy,
        SkipReason::Refused,
        SkipReason::NotApplicable,
        SkipReason::NotRun,
    ];

    #[test]
    fn reasons_for_skipping_have_the_name_that_a_report_has() {
        for reason in REASONS {
            assert_eq!(serde_json::to_value(reason).unwrap(), reason.name());
        }
    }

    /// Of several reasons a report names the first.
    #[test]
    fn procedure_lists_the_reasons_for_skipping_in_their_order() {
        assert!(REASONS.is_sorted());
        let procedure = include_str!("../../docs/verification.md");
        let (_, section) = procedure.split_once("\n## Skipped checks\n").unwrap();
        let (section, _) = section.split_once("\n## ").unwrap();
        let row = |line: &'static str| line.strip_prefix("| `")?.split_once('`');
        let names = section.lines().filter_map(row).map(|(name, _)| name);
        assert!(names.eq(REASONS.map(SkipReason::name)), "docs/verification.md, skipped checks");
    }
}
