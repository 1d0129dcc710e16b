//! What a report says of a packet's claims.

use alloc::string::{String, ToString as _};

use serde::{Deserialize, Serialize};

use crate::{
    contract::outcome::{Judgement, ResultCode},
    encoding::{cbor, hex::Hash},
    record::Record,
    report::decimal,
};

/// A claim that holds: in one sentence what is proven, in one what is not.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct ClaimReport {
    /// `record`, `subject`, `consent`, `absence`, `document` or `header`.
    pub kind: String,
    /// What is proven.
    pub proven: String,
    /// What is not.
    pub not_proven: String,
    /// Records that are counted and not shown.
    #[serde(with = "decimal")]
    pub withheld: u64,
    /// Records that are shown, in the order of the ledger.
    pub records: alloc::vec::Vec<ShownRecord>,
}

/// A record that a packet shows.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct ShownRecord {
    /// Height of its block.
    #[serde(with = "decimal")]
    pub height: u64,
    /// Which transaction of the block it is, from 0.
    #[serde(with = "decimal")]
    pub index: u64,
    /// Id.
    pub id: Hash,
    /// What kind of record it is.
    pub kind: String,
    /// When it says that it was recorded.
    pub recorded_at: String,
    /// Whether it was accepted, or why not.
    pub code: String,
    /// The verdict on a request or an access.
    pub verdict: Option<String>,
}

impl ShownRecord {
    pub(super) fn new(height: u64, index: u64, record: &Record, code: u64, data: &[u8]) -> Self {
        let judgement = cbor::decode::<Judgement>(data).ok();
        let name = ResultCode::from_code(code).map(ResultCode::name);
        Self {
            height,
            index,
            id: record.id,
            kind: record.body.kind().name().into(),
            recorded_at: record.body.source().recorded_at.to_string(),
            code: name.map_or_else(|| code.to_string(), Into::into),
            verdict: judgement.map(|judgement| judgement.decision.verdict.name().into()),
        }
    }

    /// Code and verdict in words.
    pub(super) fn outcome(&self) -> String {
        match &self.verdict {
            Some(verdict) => alloc::format!("{}, {verdict}", self.code),
            None => self.code.clone(),
        }
    }
}
