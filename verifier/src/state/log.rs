//! The log of one subject: what the state holds of it, and how a list is known to be complete.

use alloc::vec::Vec;

use minicbor::Decoder;

use super::cbor;
use crate::{
    encoding::{DecodeError, DecodeProblem, cbor::write, hex::Hash, to_u64},
    merkle::{RootBuilder, leaf_hash, sha256},
};

/// A record that concerns the subject: where it stands, and what the contract decided.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct LogEntry {
    /// Height of the block.
    pub height: u64,
    /// Which transaction of the block, from 0.
    pub index: u64,
    /// Id of the record: 32 bytes, SHA-256 of the signed bytes.
    pub record_id: Hash,
    /// The [hash of the result](result_hash).
    pub result_hash: Hash,
}

/// SHA-256 of a transaction's result as the block's results have it: CBOR `[code, data]`.
///
/// `code` is an unsigned integer, 0 for what was accepted; `data` is a byte string.
pub fn result_hash(code: u32, data: &[u8]) -> Hash {
    let encoded = write(|e| {
        e.array(2)?.u32(code)?.bytes(data)?;
        Ok(())
    });
    sha256(&[&encoded])
}

impl LogEntry {
    /// The leaf as CBOR: `[height, index, record id, result hash]`, two unsigned integers and two
    /// byte strings of 32 bytes.
    pub fn encode(&self) -> Vec<u8> {
        write(|e| {
            e.array(4)?.u64(self.height)?.u64(self.index)?;
            e.bytes(self.record_id.as_bytes())?.bytes(self.result_hash.as_bytes())?;
            Ok(())
        })
    }

    /// Reads what [`encode`](Self::encode) writes, and nothing else.
    ///
    /// # Errors
    /// [`DecodeError`], with the byte and the field.
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        let fields = |decoder: &mut Decoder<'_>| {
            cbor::array(decoder, 4)?;
            Ok(Self {
                height: cbor::field(decoder, "height", Decoder::u64)?,
                index: cbor::field(decoder, "index", Decoder::u64)?,
                record_id: cbor::hash(decoder, "record_id")?,
                result_hash: cbor::hash(decoder, "result_hash")?,
            })
        };
        cbor::decoded(bytes, fields, Self::encode)
    }
}

/// What the state holds of a subject: how many records concern it, and the compact range of the tree
/// over them (RFC 9162 §2.1.1), which no other list of any length has.
///
/// # Cost
/// At most 64 hashes; about half the logarithm of the number of records.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct SubjectLog(RootBuilder);

impl SubjectLog {
    /// Appends a record.
    ///
    /// The caller appends in the order of the ledger; the log holds hashes and cannot see it.
    pub fn push(&mut self, entry: &LogEntry) {
        self.0.push(&entry.encode());
    }

    /// Appends a record by the hash of its leaf, for whoever does not see the record itself.
    pub(crate) fn push_leaf(&mut self, leaf: Hash) {
        self.0.push_hash(leaf);
    }

    /// The compact range over the records.
    pub(crate) fn range(&self) -> &RootBuilder {
        &self.0
    }

    /// Number of records.
    pub fn count(&self) -> u64 {
        self.0.size()
    }

    /// The tree hash over the records (RFC 9162 §2.1.1).
    pub fn root(&self) -> Hash {
        self.0.root()
    }

    /// Verifies that these are all records of the log, in its order.
    ///
    /// Says as much about a subject as the log does: the caller has it from a
    /// [`Proof`](super::Proof) against a trusted root.
    ///
    /// # Errors
    /// - [`LogError::Count`]: some are left out or added.
    /// - [`LogError::Order`]: two stand in another order than on the ledger.
    /// - [`LogError::Hashes`]: another record, position or result than the one in the log.
    ///
    /// # Cost
    /// Two hashes for each record.
    pub fn verify<'a>(&self, entries: &'a [LogEntry]) -> Result<CompleteLog<'a>, LogError> {
        let (claimed, computed) = (to_u64(entries.len()), self.count());
        if claimed != computed {
            return Err(LogError::Count { claimed, computed });
        }
        let mut range = RootBuilder::default();
        let mut before: Option<(u64, u64)> = None;
        for (entry, index) in entries.iter().zip(0_u64..) {
            let position = (entry.height, entry.index);
            if before.is_some_and(|before| before >= position) {
                return Err(LogError::Order { entry: index });
            }
            before = Some(position);
            range.push_hash(leaf_hash(&entry.encode()));
        }
        if range == self.0 { Ok(CompleteLog(entries)) } else { Err(LogError::Hashes) }
    }

    /// The log as CBOR: `[count, hashes]`, an unsigned integer and a byte string of 32 bytes for each
    /// set bit of it, from the largest subtree to the smallest.
    pub fn encode(&self) -> Vec<u8> {
        let hashes: Vec<u8> = self.0.hashes().iter().flat_map(|hash| hash.0).collect();
        write(|e| {
            e.array(2)?.u64(self.count())?.bytes(&hashes)?;
            Ok(())
        })
    }

    /// Reads what [`encode`](Self::encode) writes, and nothing else.
    ///
    /// # Errors
    /// [`DecodeError`], with the byte and the field.
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        let fields = |decoder: &mut Decoder<'_>| {
            cbor::array(decoder, 2)?;
            let count = cbor::field(decoder, "count", Decoder::u64)?;
            let offset = decoder.position();
            let hashes = cbor::field(decoder, "hashes", Decoder::bytes)?;
            hashes
                .chunks(Hash::LENGTH)
                .map(Hash::from_slice)
                .collect::<Option<Vec<_>>>()
                .and_then(|hashes| RootBuilder::from_hashes(count, hashes))
                .map(Self)
                .ok_or_else(|| DecodeError::new(offset, DecodeProblem::Length).within("hashes"))
        };
        cbor::decoded(bytes, fields, Self::encode)
    }
}

/// All records of a log, proven by [`SubjectLog::verify`], which alone makes this.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct CompleteLog<'a>(&'a [LogEntry]);

impl<'a> CompleteLog<'a> {
    /// The records, in the order of the ledger.
    pub fn entries(&self) -> &'a [LogEntry] {
        self.0
    }
}

/// Why a list is not what a log stands for.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum LogError {
    /// As many records as the log does not have.
    #[error("{claimed} records, the log has {computed}")]
    Count {
        /// Records in the list.
        claimed: u64,
        /// Records in the log.
        computed: u64,
    },
    /// The right number, but not these.
    #[error("the records are not those of the log")]
    Hashes,
    /// A record that does not stand after the one before it.
    #[error("record {entry} is not after the one before it")]
    Order {
        /// The first record that is out of order, from 0.
        entry: u64,
    },
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::merkle;

    fn entries(count: u8) -> Vec<LogEntry> {
        let entry = |n: u8| LogEntry {
            height: 100 + u64::from(n / 3),
            index: u64::from(n % 3),
            record_id: sha256(&[&[n]]),
            result_hash: result_hash(u32::from(n % 2), &[n]),
        };
        (0..count).map(entry).collect()
    }

    fn log_of(entries: &[LogEntry]) -> SubjectLog {
        let mut log = SubjectLog::default();
        for entry in entries {
            log.push(entry);
        }
        log
    }

    #[test]
    fn whole_list_is_complete_at_every_length_and_has_the_root_of_the_tree() {
        for count in 0..70 {
            let entries = entries(count);
            let log = log_of(&entries);
            assert_eq!(log.verify(&entries).unwrap().entries(), entries);
            assert_eq!(log.count(), u64::from(count));
            assert_eq!(log.root(), merkle::root(entries.iter().map(LogEntry::encode)));
        }
    }

    #[test]
    fn list_without_any_one_record_or_with_one_twice_is_refused() {
        let entries = entries(13);
        let log = log_of(&entries);
        for n in 0..entries.len() {
            let mut shorter = entries.clone();
            shorter.remove(n);
            assert_eq!(log.verify(&shorter), Err(LogError::Count { claimed: 12, computed: 13 }));
            let mut longer = entries.clone();
            longer.insert(n, entries[n]);
            assert_eq!(log.verify(&longer), Err(LogError::Count { claimed: 14, computed: 13 }));
            // As many as there should be, one of them in place of another.
            shorter.push(LogEntry { height: 999, ..entries[n] });
            assert_eq!(log.verify(&shorter), Err(LogError::Hashes));
        }
    }

    #[test]
    fn list_in_another_order_is_refused() {
        let entries = entries(9);
        for n in 1..9_u8 {
            let mut swapped = entries.clone();
            swapped.swap(usize::from(n - 1), usize::from(n));
            let expected = LogError::Order { entry: u64::from(n) };
            assert_eq!(log_of(&entries).verify(&swapped), Err(expected));
            // Nor may a log that was appended to in that order prove itself.
            assert_eq!(log_of(&swapped).verify(&swapped), Err(expected));
        }
        let twice = [entries[4], entries[4]];
        assert_eq!(log_of(&twice).verify(&twice), Err(LogError::Order { entry: 1 }));
    }

    #[test]
    fn every_field_of_every_record_is_in_the_log() {
        let entries = entries(7);
        let log = log_of(&entries);
        for n in 0..entries.len() {
            for changed in [
                LogEntry { record_id: sha256(&[b"other"]), ..entries[n] },
                LogEntry { result_hash: result_hash(1, b"other"), ..entries[n] },
            ] {
                let mut list = entries.clone();
                list[n] = changed;
                assert_eq!(log.verify(&list), Err(LogError::Hashes), "{n}");
            }
        }
        let last = LogEntry { index: 9, ..entries[6] };
        assert_eq!(log.verify(&[&entries[..6], &[last]].concat()), Err(LogError::Hashes));
        let last = LogEntry { height: 999, ..entries[6] };
        assert_eq!(log.verify(&[&entries[..6], &[last]].concat()), Err(LogError::Hashes));
    }

    #[test]
    fn code_and_data_of_a_result_cannot_be_shifted_into_each_other() {
        assert_ne!(result_hash(0, &[1]), result_hash(1, &[0]));
        assert_ne!(result_hash(0, b""), result_hash(0, &[0]));
        assert_eq!(result_hash(24, &[7]), sha256(&[&[0x82, 0x18, 24, 0x41, 7]]));
    }

    #[test]
    fn logs_and_records_are_read_back_and_in_one_encoding_only() {
        for count in [0, 1, 2, 3, 23, 24, 64] {
            let log = log_of(&entries(count));
            let bytes = log.encode();
            assert_eq!(SubjectLog::decode(&bytes), Ok(log));
            for end in 0..bytes.len() {
                let error = SubjectLog::decode(&bytes[..end]).unwrap_err();
                assert_eq!(error.problem, DecodeProblem::Truncated);
            }
        }
        let entry = entries(1)[0];
        let bytes = entry.encode();
        assert_eq!(LogEntry::decode(&bytes), Ok(entry));
        for end in 0..bytes.len() {
            assert_eq!(
                LogEntry::decode(&bytes[..end]).unwrap_err().problem,
                DecodeProblem::Truncated
            );
        }
        let longer = [&bytes[..], &[0]].concat();
        assert_eq!(LogEntry::decode(&longer).unwrap_err().problem, DecodeProblem::TrailingBytes);
    }

    #[test]
    fn log_in_another_encoding_is_refused_at_its_field() {
        let refused = |bytes: &[u8]| {
            let error = SubjectLog::decode(bytes).unwrap_err();
            (error.path, error.problem, error.offset)
        };
        for (bytes, path, problem, offset) in [
            (&[0x81, 0x00][..], "", DecodeProblem::Length, 0),
            (&[0x82, 0x18, 0x00, 0x40], "", DecodeProblem::NotCanonical, 1),
            (&[0x82, 0x20, 0x40], "count", DecodeProblem::WrongType, 1),
            (&[0x82, 0x01, 0x40], "hashes", DecodeProblem::Length, 2),
            (&[0x82, 0x00, 0x41, 0x00], "hashes", DecodeProblem::Length, 2),
            (&[0x82, 0x00, 0x80], "hashes", DecodeProblem::WrongType, 2),
        ] {
            assert_eq!(refused(bytes), (path.into(), problem, offset), "{bytes:02x?}");
        }
        let mut short = Vec::from([0x84, 1, 0, 0x58, 31]);
        short.resize(36, 7);
        short.push(0x40);
        let error = LogEntry::decode(&short).unwrap_err();
        assert_eq!((error.path.as_str(), error.offset), ("record_id", 3));
    }

    #[test]
    fn every_bit_change_of_a_log_refuses_its_list() {
        let entries = entries(11);
        let bytes = log_of(&entries).encode();
        for bit in 0..bytes.len() * 8 {
            let mut changed = bytes.clone();
            changed[bit / 8] ^= 1 << (bit % 8);
            let verified = SubjectLog::decode(&changed).map(|log| log.verify(&entries).is_ok());
            assert_ne!(verified, Ok(true), "bit {bit}");
        }
    }
}
