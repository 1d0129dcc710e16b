//! The snapshot container: a CBOR Sequence (RFC 8742) of `[kind, payload]` items.
//!
//! Specified in `docs/snapshot-format.md`. One [`Writer`] writes it and one streaming [`Reader`]
//! reads it; each value has one encoding (RFC 8949 §4.2.1), so equal ledgers are equal files.

mod reader;
mod writer;

pub use reader::{Reader, SnapshotError};
pub use writer::Writer;

use alloc::{string::String, vec::Vec};

/// The format's name, the first text of every container.
pub const FORMAT: &str = "vidimus/snapshot/1";

/// The bytes that every container starts with: `[0, ["vidimus/snapshot/1", …`.
pub const MAGIC: &[u8] = b"\x82\x00\x85\x72vidimus/snapshot/1";

/// What an item holds. Payloads are the ledger's own protobuf bytes.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
#[non_exhaustive]
pub enum Kind {
    /// Format, family, chain id, first and last height. First, once.
    Manifest,
    /// Initial height and genesis time; only where the first block is the chain's first.
    Genesis,
    /// A `ValidatorSet`: the first is the first block's; a later one, the set of the height after
    /// the block that follows it.
    Validators,
    /// `HashedParams` of the block that follows.
    ConsensusParams,
    /// A `Block`.
    Block,
    /// The deterministic results of the block before it.
    BlockResults,
    /// A `Commit` of the block before it: after the last block, its commit.
    Commit,
    /// A `LightBlock`: signed header and validator set, without transactions.
    LightBlock,
    /// Entries of the contract's state before the first block.
    State,
    /// Counts. Last, once.
    End,
}

impl Kind {
    /// Every kind, by code.
    pub const ALL: [Self; 10] = [
        Self::Manifest,
        Self::Genesis,
        Self::Validators,
        Self::ConsensusParams,
        Self::Block,
        Self::BlockResults,
        Self::Commit,
        Self::LightBlock,
        Self::State,
        Self::End,
    ];

    /// The code in the container.
    pub const fn code(self) -> u8 {
        match self {
            Self::Manifest => 0,
            Self::Genesis => 1,
            Self::Validators => 2,
            Self::ConsensusParams => 3,
            Self::Block => 4,
            Self::BlockResults => 5,
            Self::Commit => 6,
            Self::LightBlock => 7,
            Self::State => 8,
            Self::End => 23,
        }
    }

    /// The kind of a code.
    pub fn from_code(code: u64) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| u64::from(kind.code()) == code)
    }
}

/// What a container says of itself. Every field is compared with the ledger inside.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Manifest {
    /// Ledger family, `cometbft`.
    pub family: String,
    /// Chain id.
    pub chain_id: String,
    /// Height of the first block or light block.
    pub first: u64,
    /// Height of the last.
    pub last: u64,
}

/// One item as read.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Item {
    /// The manifest.
    Manifest(Manifest),
    /// Any item with a payload.
    Payload {
        /// What it holds; neither manifest nor end.
        kind: Kind,
        /// The ledger's bytes.
        bytes: Vec<u8>,
        /// Offset of the payload's first byte in the container.
        offset: u64,
    },
    /// The end marker; its counts were compared.
    End,
}
