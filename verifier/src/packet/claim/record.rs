//! That a record stands on the ledger, with what was decided on it.

use alloc::{format, string::String, vec::Vec};

use crate::{
    check::CheckId,
    contract::{entries::Table, outcome::ResultCode},
    encoding::{DecodeProblem, cbor::map, protobuf::Message as _, time::Timestamp},
    ledger::cometbft::{
        results::TransactionResult,
        rules::{differ, show},
    },
    merkle::{leaf_hash, position::root_of_position, proof::root_of_path, sha256},
    packet::{
        Bytes, Hashes,
        claims::{Claims, Known, Read},
        only,
        report::{ClaimReport, ShownRecord},
    },
    record::actor::OrganizationId,
    report::BlockPoint,
    state::{LogEntry, SubjectLog, result_hash},
    verification::recorder::Stop,
};

map! {
    /// This record stands on the ledger at this index of its block, with this result. It is shown in its
    /// block or in a log.
    pub struct RecordClaim checked by one_proof {
        /// The record, as the transaction holds it.
        1 => transaction: Bytes,
        /// Which transaction of its block it is, from 0.
        2 => index: u64,
        /// Result code, if it is another than 0.
        3 => code: Option<u64>,
        /// Result data, if there are any.
        4 => data: Option<Bytes>,
        /// Shown in its block.
        5 => block: Option<InBlock>,
        /// Shown in a log of the contract.
        6 => log: Option<InLog>,
    }
}

map! {
    /// The block of a record, and the result of the record.
    pub struct InBlock {
        /// Header of the block.
        1 => header: u64,
        /// The header after it.
        2 => next: u64,
        /// Transactions of the block.
        3 => size: u64,
        /// Where the record stands among them.
        4 => transactions: Hashes,
        /// The way from its result to the results hash.
        5 => results: Hashes,
    }
}

map! {
    /// The log of the record's subject, or of an organization, as it was later.
    pub struct InLog {
        /// The header whose app hash is that of the state.
        1 => header: u64,
        /// Height of the record's block.
        2 => height: u64,
        /// Whose log, if it is not the subject's.
        3 => organization: Option<OrganizationId>,
        /// Proof of the log in the state.
        4 => proof: Bytes,
        /// Which record of the log it is, from 0.
        5 => entry: u64,
        /// The way from it to the root of the log.
        6 => path: Hashes,
    }
}

fn one_proof(claim: &RecordClaim) -> Result<(), DecodeProblem> {
    // An empty byte string is no data, and 0 no other code.
    let is_plain = claim.data.as_ref().is_none_or(|data| !data.is_empty()) && claim.code != Some(0);
    only(is_plain && claim.block.is_some() != claim.log.is_some())
}

impl RecordClaim {
    pub(super) fn verify(&self, claims: &mut Claims<'_, '_>) -> Result<ClaimReport, Stop> {
        let data = self.data.as_deref().unwrap_or_default();
        let code = self.code.unwrap_or_default();
        let number = claims.required(u32::try_from(code).ok(), "code")?;
        let read = claims.record(&self.transaction, code == ResultCode::Signature.code())?;
        let place = match (&self.block, &self.log) {
            (Some(block), _) => self.verify_block(claims, block, (number, data))?,
            (None, Some(log)) => self.verify_log(claims, log, &read, (number, data))?,
            // The decoder asks for one of them.
            (None, None) => claims.required(None, "block")?,
        };
        let Place { height, time, size, attested_by } = place;
        claims.oblige(&read, height, self.transaction.offset());
        let shown = claims.shown((height, self.index), &read.record, code, data);
        let shown = ShownRecord { time, ..shown };
        let is_accepted = code == ResultCode::Accepted.code();
        let when = time.map_or_else(String::new, |time| format!(" of {time}"));
        let among = size.map_or_else(String::new, |size| format!(" of {size}"));
        let signed = if code == ResultCode::Signature.code() {
            " It does not bear the signature of the key that it names."
        } else {
            ""
        };
        let elsewhere = if is_accepted {
            ""
        } else {
            " The same record may stand elsewhere and be accepted there."
        };
        let report = ClaimReport {
            proven: format!(
                "The {} {} stands in block {height}{when} as transaction {}{among}, counted from 0, with the result: {}. Block {} of {} attests it.{signed}",
                shown.kind,
                shown.id,
                self.index,
                shown.outcome(),
                attested_by.height,
                attested_by.time
            ),
            not_proven: format!(
                "Whether what it says happened, and what the ledger holds besides.{elsewhere}"
            ),
            subject: shown.subject,
            consent: shown.consent,
            records: Vec::from([shown]),
            ..ClaimReport::new("record", attested_by)
        };
        claims.keep(Known { record: read.record, is_accepted, attested_by });
        Ok(report)
    }

    /// In the block's data hash, and in the results hash of the header after it.
    fn verify_block(
        &self,
        claims: &mut Claims<'_, '_>,
        block: &InBlock,
        (code, data): (u32, &[u8]),
    ) -> Result<Place, Stop> {
        let header = claims.contract_header(block.header, "block.header")?.clone();
        let next = claims.contract_header(block.next, "block.next")?.clone();
        let after = header.point.height.saturating_add(1);
        claims.require(CheckId::ClaimHeader, next.point.height == after, "block.next", || {
            differ(&next.point.height, &after)
        })?;
        let digest = sha256(&[&self.transaction]);
        let computed = root_of_position(&digest, self.index, block.size, &block.transactions);
        let claimed = header.header.data_hash;
        let holds = computed.is_some() && claimed == computed;
        claims.require(CheckId::RecordTransaction, holds, "block.transactions", || {
            differ(&show(claimed), &show(computed))
        })?;
        let result = TransactionResult { code, data: data.to_vec(), gas_wanted: 0, gas_used: 0 };
        let leaf = leaf_hash(&result.to_bytes());
        let computed = root_of_path(&leaf, self.index, block.size, &block.results);
        let claimed = next.header.last_results_hash;
        let holds = computed.is_some() && claimed == computed;
        claims.require(CheckId::RecordResult, holds, "block.results", || {
            differ(&show(claimed), &show(computed))
        })?;
        Ok(Place {
            height: header.point.height,
            time: Some(header.point.time),
            size: Some(block.size),
            attested_by: next.point,
        })
    }

    /// In a log, whose entries bind height, index, record and result.
    fn verify_log(
        &self,
        claims: &mut Claims<'_, '_>,
        log: &InLog,
        read: &Read,
        (code, data): (u32, &[u8]),
    ) -> Result<Place, Stop> {
        let key = match (&log.organization, read.record.body.subject()) {
            (Some(organization), _) => {
                Table::OrganizationLogs.key(&[organization.as_str().as_bytes()])
            }
            (None, Some(subject)) => Table::SubjectLogs.key(&[&subject.0]),
            (None, None) => claims.required(None, "log.organization")?,
        };
        let value = claims.state_value(log.header, &log.proof, &key, "log.proof")?;
        let value = claims.required(value, "log.proof")?;
        let known = claims.decoded(SubjectLog::decode(&value), log.proof.offset(), "log.proof")?;
        let attested_by = claims.header(log.header, "log.header")?.point;
        let entry = LogEntry {
            height: log.height,
            index: self.index,
            record_id: read.record.id,
            result_hash: result_hash(code, data),
        };
        let leaf = leaf_hash(&entry.encode());
        let computed = root_of_path(&leaf, log.entry, known.count(), &log.path);
        let root = known.root();
        let holds = computed == Some(root) && log.height < attested_by.height;
        claims.require(CheckId::LogEntry, holds, "log.path", || differ(&show(computed), &root))?;
        Ok(Place { height: log.height, time: None, size: None, attested_by })
    }
}

/// Where a record was shown.
struct Place {
    height: u64,
    /// Time of its block, and transactions in it, where it is shown in its block.
    time: Option<Timestamp>,
    size: Option<u64>,
    attested_by: BlockPoint,
}
