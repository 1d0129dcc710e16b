//! Blocks.

use alloc::vec::Vec;

use super::{
    commit::Commit,
    evidence::{self, Evidence},
    header::Header,
};
use crate::{
    encoding::{
        DecodeError, DecodeProblem,
        hex::Hash,
        protobuf::{Message, Reader, Writer},
    },
    merkle,
};

/// A block: header, transactions, evidence, and the commit of the block before.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Block<'a> {
    /// Header.
    pub header: Header,
    /// Transactions, borrowed from the block's bytes.
    pub transactions: Vec<&'a [u8]>,
    /// Evidence of misbehavior.
    pub evidence: Vec<Evidence>,
    /// Commit of the block before; empty in the first block.
    pub last_commit: Commit,
}

impl Block<'_> {
    /// Computes the data hash: the RFC 6962 root over SHA-256 of each transaction.
    pub fn compute_data_hash(&self) -> Hash {
        merkle::root(self.transactions.iter().map(|transaction| merkle::sha256(&[transaction]).0))
    }

    /// Computes the evidence hash.
    pub fn compute_evidence_hash(&self) -> Hash {
        evidence::compute_hash(&self.evidence)
    }
}

impl<'a> Message<'a> for Block<'a> {
    fn decode(mut reader: Reader<'a>) -> Result<Self, DecodeError> {
        let start = reader.offset();
        let (mut header, mut last_commit) = (None, None);
        let (mut transactions, mut evidence) = (Vec::new(), Vec::new());
        while let Some(field) = reader.next_field()? {
            match field.number {
                1 => {
                    header = Some(field.decode("header")?);
                }
                2 => {
                    let mut data = field.message()?;
                    while let Some(field) = data.next_field()? {
                        match field.number {
                            1 => transactions.push(field.bytes()?),
                            _ => return Err(field.unknown().within("data")),
                        }
                    }
                }
                3 => {
                    evidence = evidence::decode_list(field.message()?)
                        .map_err(|e| e.within("evidence"))?;
                }
                4 => {
                    last_commit = Some(field.decode("last_commit")?);
                }
                _ => return Err(field.unknown()),
            }
        }
        let missing = |name| DecodeError::new(start, DecodeProblem::Missing).within(name);
        Ok(Self {
            header: header.ok_or_else(|| missing("header"))?,
            transactions,
            evidence,
            last_commit: last_commit.ok_or_else(|| missing("last_commit"))?,
        })
    }

    fn encode(&self, writer: &mut Writer) {
        writer.message(1, |w| self.header.encode(w));
        writer.message(2, |w| {
            for transaction in &self.transactions {
                w.repeated_bytes(1, transaction);
            }
        });
        writer.message(3, |w| {
            for item in &self.evidence {
                w.message(1, |w| item.encode(w));
            }
        });
        writer.message(4, |w| self.last_commit.encode(w));
    }
}
