//! The report: verdict, what was checked, what was not proven. The same bytes from every engine.
//!
//! As JSON, every 64-bit integer is a decimal string, hashes are upper-case hex, times RFC 3339.

use alloc::{
    string::{String, ToString as _},
    vec::Vec,
};

use serde::{Deserialize, Serialize};

use crate::{
    check::CheckId,
    encoding::{
        hex::{Address, Hash},
        time::Timestamp,
    },
    limits::Limits,
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

/// Why there is no verdict.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Reason {
    /// No anchor was given.
    Unanchored,
    /// The anchors contradict each other.
    AnchorConflict(crate::anchor::AnchorConflict),
    /// An anchor is of another chain than the snapshot.
    AnchorChain,
    /// An anchor's height is not in the snapshot.
    AnchorOutOfRange {
        /// Its height.
        height: u64,
    },
    /// The snapshot ends before `at-least` or `as-of`.
    Stale,
    /// The policy asks for something that is not there.
    Incomplete(Missing),
    /// Something this version does not verify.
    Unsupported(Unsupported),
    /// The policy cannot be met with these anchors.
    Policy,
    /// A limit was reached.
    Limit(&'static str),
    /// Not enough trusted power carries over to a later light block.
    NotEnoughTrust,
    /// The user stopped it.
    Cancelled,
    /// The file changed while it was read.
    ChangedFile,
    /// The verifier itself failed.
    Engine,
}

/// What is missing for a verdict.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Missing {
    /// Blocks: the snapshot holds headers only.
    Blocks,
    /// The commit of the last block.
    LastCommit,
    /// The validator set that trust starts from.
    TrustedValidators,
    /// Headers between two heights, for hash links back from an anchor.
    Links,
    /// Something a raw export leaves out.
    FromExport(String),
    /// The snapshot has no blocks at all.
    Everything,
}

/// What this version does not verify.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Unsupported {
    /// A validator key of another type than Ed25519.
    KeyType(&'static str),
    /// Another ledger family than CometBFT.
    Family,
    /// Re-execution of the consent contract.
    Contract,
}

impl Reason {
    /// The code in a report.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unanchored => "unanchored",
            Self::AnchorConflict(_) => "anchor-conflict",
            Self::AnchorChain => "anchor-chain",
            Self::AnchorOutOfRange { .. } => "anchor-out-of-range",
            Self::Stale => "stale",
            Self::Incomplete(_) => "incomplete",
            Self::Unsupported(_) => "unsupported",
            Self::Policy => "policy",
            Self::Limit(_) => "limit",
            Self::NotEnoughTrust => "not-enough-trust",
            Self::Cancelled => "cancelled",
            Self::ChangedFile => "changed-file",
            Self::Engine => "engine",
        }
    }

    /// What happened and what to do, in plain words.
    pub fn sentence(&self) -> String {
        use crate::anchor::AnchorConflict;
        match self {
            Self::Unanchored => "No trust anchor was given. The snapshot is consistent as far as it was checked, but anybody can make a consistent one: get an anchor from somebody you trust, not from this file.".to_string(),
            Self::AnchorConflict(AnchorConflict::Hash) => "Two anchors give different header hashes for one height. Both cannot be right: ask where each came from.".to_string(),
            Self::AnchorConflict(AnchorConflict::ChainId) => "The anchors are of different chains. Give the anchors of one ledger.".to_string(),
            Self::AnchorConflict(AnchorConflict::Profile) => "An anchor's profile is not the one in force at its height. Check the profiles and the `era` lines.".to_string(),
            Self::AnchorConflict(AnchorConflict::NoProfile) => "No anchor and no `era` line says which rules govern the first blocks of the snapshot. Add an anchor before the first era, or an era that begins with them.".to_string(),
            Self::AnchorChain => "The anchor is of another chain than the snapshot. Either the wrong file or the wrong anchor was given.".to_string(),
            Self::AnchorOutOfRange { height } => alloc::format!("The anchor's height, {height}, is not in the snapshot. Ask for a snapshot that holds it, or for an anchor within the snapshot's range."),
            Self::Stale => "The snapshot ends before the height or time that the anchor asks for. Something later may have been left out: ask for a newer snapshot.".to_string(),
            Self::Incomplete(Missing::Blocks) => "The snapshot holds headers only, and the policy asks for whole blocks. What is in the blocks is not shown.".to_string(),
            Self::Incomplete(Missing::LastCommit) => "The commit of the last block is missing, so nothing shows that it was decided. Export /commit at that height.".to_string(),
            Self::Incomplete(Missing::TrustedValidators) => "The validator set that the anchor's header names for the next block is missing, so nothing after the anchor can be checked.".to_string(),
            Self::Incomplete(Missing::Links) => "Headers between an older block and the anchor are missing, so the older block is not linked to it.".to_string(),
            Self::Incomplete(Missing::FromExport(what)) => alloc::format!("The export is incomplete: {what}."),
            Self::Incomplete(Missing::Everything) => "The snapshot holds no blocks.".to_string(),
            Self::Unsupported(Unsupported::KeyType(kind)) => alloc::format!("A validator has a key of type {kind}, which this version does not verify."),
            Self::Unsupported(Unsupported::Family) => "The snapshot is of a ledger family that this version does not verify.".to_string(),
            Self::Unsupported(Unsupported::Contract) => "The blocks are of an application version that must be re-executed, which this version does not do.".to_string(),
            Self::Policy => "The policy asks for hash links only, which prove blocks only up to an anchor. Give an anchor at the last block, or let signatures be checked.".to_string(),
            Self::Limit(limit) => alloc::format!("The input is beyond the limit `{limit}`. If you trust it not to be hostile, raise the limit."),
            Self::NotEnoughTrust => "Too few of the validators trusted so far signed a later header. Add the headers in between.".to_string(),
            Self::Cancelled => "The verification was stopped before its end.".to_string(),
            Self::ChangedFile => "The file changed while it was being read. Copy it to a place where nothing writes to it and start again.".to_string(),
            Self::Engine => "The verifier stopped unexpectedly. This says nothing about the file; start again, and report it if it happens twice.".to_string(),
        }
    }
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
    /// `snapshot` or `export`.
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

/// 64-bit integers as decimal strings: JSON numbers lose digits above 2^53.
pub mod decimal {
    use alloc::string::String;

    use serde::{Deserialize as _, Deserializer, Serializer, de::Error as _};

    /// Writes the decimal digits.
    ///
    /// # Errors
    /// The serializer's.
    pub fn serialize<S: Serializer>(value: &u64, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(value)
    }

    /// Reads plain digits.
    ///
    /// # Errors
    /// Anything but a decimal string of at most 64 bits.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
        let text = String::deserialize(deserializer)?;
        parse(&text).ok_or_else(|| D::Error::custom("expected a decimal string"))
    }

    pub(super) fn parse(text: &str) -> Option<u64> {
        let plain = text.bytes().all(|byte| byte.is_ascii_digit());
        let canonical = text == "0" || !text.starts_with('0');
        text.parse().ok().filter(|_| plain && canonical)
    }
}

/// Like [`decimal`], or null.
pub mod optional_decimal {
    use alloc::string::String;

    use serde::{Deserialize as _, Deserializer, Serializer, de::Error as _};

    /// Writes the decimal digits, or null.
    ///
    /// # Errors
    /// The serializer's.
    pub fn serialize<S: Serializer>(value: &Option<u64>, serializer: S) -> Result<S::Ok, S::Error> {
        match value {
            Some(value) => serializer.collect_str(value),
            None => serializer.serialize_none(),
        }
    }

    /// Reads plain digits, or null.
    ///
    /// # Errors
    /// Anything else.
    pub fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<u64>, D::Error> {
        let text = Option::<String>::deserialize(deserializer)?;
        text.map(|text| {
            super::decimal::parse(&text)
                .ok_or_else(|| D::Error::custom("expected a decimal string"))
        })
        .transpose()
    }
}
