//! Limits: how much of anything a verification takes on. One place, one table in the docs.

use serde::{Deserialize, Serialize};

/// Bounds that are checked before memory of that size is asked for. What exceeds one ends the
/// verification as `Inconclusive(limit)`, since nothing was shown about the ledger.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct Limits {
    /// Bytes of one block, or of its results. CometBFT's default maximum is 21 MiB, the largest
    /// that it can be configured to 100 MB (`types/params.go`).
    #[serde(with = "crate::report::decimal")]
    pub block_bytes: u64,
    /// Transactions in one block.
    #[serde(with = "crate::report::decimal")]
    pub block_transactions: u64,
    /// Evidence items in one block.
    #[serde(with = "crate::report::decimal")]
    pub block_evidence: u64,
    /// Evidence items in all blocks together, whose hashes are kept to find one that stands twice.
    #[serde(with = "crate::report::decimal")]
    pub evidence: u64,
    /// Validators in a set, and so signatures in a commit. Tendermint's own limit is 10,000.
    #[serde(with = "crate::report::decimal")]
    pub validators: u64,
    /// Bytes of any item of a snapshot but blocks and their results.
    #[serde(with = "crate::report::decimal")]
    pub item_bytes: u64,
    /// Bytes of an evidence packet, which is held whole.
    #[serde(with = "crate::report::decimal")]
    pub packet_bytes: u64,
    /// Bytes of the contract's state that a snapshot begins with: keys and values.
    #[serde(with = "crate::report::decimal")]
    pub state_bytes: u64,
    /// Validator sets that are held at once for skipping verification.
    #[serde(with = "crate::report::decimal")]
    pub held_sets: u64,
    /// Signatures handed out and not yet discharged, before `feed` stops.
    #[serde(with = "crate::report::decimal")]
    pub outstanding_signatures: u64,
    /// Signatures in one batch.
    #[serde(with = "crate::report::decimal")]
    pub batch_signatures: u64,
    /// Bytes of one JSON value of a raw export.
    #[serde(with = "crate::report::decimal")]
    pub json_bytes: u64,
    /// Nesting of one JSON value.
    #[serde(with = "crate::report::decimal")]
    pub json_depth: u64,
    /// Bytes of one JSON key, or of one JSON string that the application did not choose.
    #[serde(with = "crate::report::decimal")]
    pub json_string_bytes: u64,
    /// Values (files, answers, pages) in one raw export.
    #[serde(with = "crate::report::decimal")]
    pub import_values: u64,
    /// Anchors in one anchor file.
    #[serde(with = "crate::report::decimal")]
    pub anchors: u64,
    /// Findings that a report lists; more are counted.
    #[serde(with = "crate::report::decimal")]
    pub findings: u64,
    /// Findings of each violation that a report lists; more are counted.
    #[serde(with = "crate::report::decimal")]
    pub findings_each: u64,
    /// Bytes that an audit keeps: ids of consents and events, versions of
    /// consents entered in error, labels of resources, open reviews, sequence numbers.
    #[serde(with = "crate::report::decimal")]
    pub audit_bytes: u64,
    /// Validators whose participation is followed; votes of more are counted.
    #[serde(with = "crate::report::decimal")]
    pub participants: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            block_bytes: 24 << 20,
            block_transactions: 1_000_000,
            block_evidence: 1_000,
            evidence: 100_000,
            validators: 10_000,
            item_bytes: 4 << 20,
            packet_bytes: 24 << 20,
            state_bytes: 256 << 20,
            held_sets: 64,
            outstanding_signatures: 32_768,
            batch_signatures: 4_096,
            json_bytes: 96 << 20,
            json_depth: 64,
            json_string_bytes: 64 << 10,
            import_values: 4_000_000,
            anchors: 1_000,
            findings: 1_000,
            findings_each: 100,
            audit_bytes: 128 << 20,
            participants: 10_000,
        }
    }
}
