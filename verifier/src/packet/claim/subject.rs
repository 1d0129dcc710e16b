//! That a list of records is all that concerns a subject.

use alloc::{format, string::String, vec::Vec};

use serde::Serialize;

use crate::{
    check::CheckId,
    contract::entries::Table,
    encoding::{
        DecodeError, DecodeProblem,
        cbor::{List, Reader, Value, Writer, map},
        hex::{Hash, PublicKey},
        to_u64,
    },
    ledger::cometbft::rules::differ,
    merkle::leaf_hash,
    packet::{
        Bytes,
        claims::Claims,
        report::{ClaimReport, ShownRecord},
    },
    state::{LogEntry, SubjectLog, result_hash},
    verification::recorder::Stop,
};

/// Most records of one claim.
const MOST: usize = 1_000_000;

map! {
    /// These are all records that concern a subject from the block of one header to the block before
    /// another.
    pub struct SubjectClaim {
        /// The subject.
        1 => subject: PublicKey,
        /// The log before the first block; none where the list begins with the ledger.
        2 => before: Option<Before>,
        /// The header whose app hash is that of the state after the last block.
        3 => header: u64,
        /// Proof of the log in that state.
        4 => proof: Bytes,
        /// The records, in the order of the ledger.
        5 => records: List<Entry, 0, MOST>,
    }
}

map! {
    /// The log as it was before a block.
    pub struct Before {
        /// Header of the block.
        1 => header: u64,
        /// Proof of the log in the state of its app hash.
        2 => proof: Bytes,
    }
}

/// A record of the list.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub enum Entry {
    /// Shown.
    Shown(Shown),
    /// Withheld: the hash of its leaf is left, `[hash]`.
    Withheld(Hash),
}

/// A record that is shown: `[height, index, transaction, data]`.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Shown {
    /// Height of its block.
    pub height: u64,
    /// Which transaction of the block it is, from 0.
    pub index: u64,
    /// The record, as the transaction holds it.
    pub transaction: Bytes,
    /// Result data; the code of what is in a log is 0.
    pub data: Bytes,
}

impl Value for Entry {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let start = reader.offset();
        match reader.elements()? {
            1 => Hash::decode(reader).map(Self::Withheld),
            4 => Ok(Self::Shown(Shown {
                height: reader.uint().map_err(|e| e.within("height"))?,
                index: reader.uint().map_err(|e| e.within("index"))?,
                transaction: Bytes::decode(reader).map_err(|e| e.within("transaction"))?,
                data: Bytes::decode(reader).map_err(|e| e.within("data"))?,
            })),
            _ => Err(DecodeError::new(start, DecodeProblem::Length)),
        }
    }

    fn encode(&self, writer: &mut Writer) {
        match self {
            Self::Shown(shown) => {
                writer.elements(4);
                writer.uint(shown.height);
                writer.uint(shown.index);
                shown.transaction.encode(writer);
                shown.data.encode(writer);
            }
            Self::Withheld(hash) => {
                writer.elements(1);
                hash.encode(writer);
            }
        }
    }
}

impl SubjectClaim {
    pub(super) fn verify(&self, claims: &mut Claims<'_, '_>) -> Result<ClaimReport, Stop> {
        let (mut range, first) = match &self.before {
            None => (SubjectLog::default(), None),
            Some(before) => {
                let log = self.log(claims, before.header, &before.proof, "before.proof")?;
                let first = claims.header(before.header, "before.header")?.point.height;
                (log, Some(first))
            }
        };
        let log = self.log(claims, self.header, &self.proof, "proof")?;
        let report = claims.of_state("subject", self.header, "header")?;
        let last = report.until.unwrap_or_default();
        let is_forward = first.is_none_or(|first| first <= last);
        claims.require(CheckId::LogComplete, is_forward, "before.header", || {
            differ(&format!("from block {}", first.unwrap_or_default()), &format!("to {last}"))
        })?;
        let (mut shown, mut withheld, mut at) = (Vec::new(), 0_u64, None);
        for entry in self.records.iter() {
            let leaf = match entry {
                Entry::Withheld(hash) => {
                    withheld = withheld.saturating_add(1);
                    *hash
                }
                Entry::Shown(entry) => {
                    let (position, leaf, record) = self.shown(claims, entry)?;
                    let is_after = at.is_none_or(|before| before < position);
                    let is_within =
                        first.is_none_or(|first| first <= entry.height) && entry.height <= last;
                    let holds = is_after && is_within;
                    claims.require(CheckId::LogComplete, holds, "records", || {
                        let range = format!("after the one before, in blocks up to {last}");
                        differ(&format!("a record of block {}", entry.height), &range)
                    })?;
                    at = Some(position);
                    shown.push(record);
                    leaf
                }
            };
            range.push_leaf(leaf);
        }
        let holds = range == log;
        claims.require(CheckId::LogComplete, holds, "records", || {
            differ(
                &format!("{} records, root {}", range.count(), range.root()),
                &format!("{} records, root {}", log.count(), log.root()),
            )
        })?;
        let count = to_u64(self.records.len());
        let from = first.map_or_else(|| "the first block".into(), |first| format!("block {first}"));
        let hidden = match withheld {
            0 => String::new(),
            withheld => {
                format!(" {withheld} of {count} are withheld: they are counted, and not shown.")
            }
        };
        Ok(ClaimReport {
            proven: format!(
                "These {count} records are all accepted ones that concern the subject {} from {from} to {}.{hidden}",
                self.subject,
                report.until_words()
            ),
            not_proven:
                "What came after that block, what the network refused, what was never written to the ledger, and whether what the records say happened."
                    .into(),
            subject: Some(self.subject),
            withheld,
            records: shown,
            ..report
        })
    }

    /// The log in the state of a header; the empty one where there is none.
    fn log(
        &self,
        claims: &mut Claims<'_, '_>,
        header: u64,
        proof: &Bytes,
        path: &str,
    ) -> Result<SubjectLog, Stop> {
        let key = Table::SubjectLogs.key(&[&self.subject.0]);
        match claims.state_value(header, proof, &key, path)? {
            Some(value) => claims.decoded(SubjectLog::decode(&value), proof.offset(), path),
            None => Ok(SubjectLog::default()),
        }
    }

    /// A shown record's position, its leaf, and what is said of it.
    fn shown(
        &self,
        claims: &mut Claims<'_, '_>,
        entry: &Shown,
    ) -> Result<((u64, u64), Hash, ShownRecord), Stop> {
        let read = claims.record(&entry.transaction, false)?;
        let concerns = read.record.body.subject() == Some(&self.subject);
        claims.require(CheckId::LogComplete, concerns, "records", || {
            differ(&"a record of another subject", &self.subject)
        })?;
        claims.oblige(&read, entry.height, entry.transaction.offset());
        let leaf = LogEntry {
            height: entry.height,
            index: entry.index,
            record_id: read.record.id,
            result_hash: result_hash(0, &entry.data),
        };
        let place = (entry.height, entry.index);
        let shown = claims.shown(place, &read.record, 0, &entry.data);
        Ok((place, leaf_hash(&leaf.encode()), shown))
    }
}
