//! Evidence packets: a claim about a ledger, with every proof and signature that it needs.
//!
//! ```text
//! bytes ─▶ Packet (decoded strictly) ─▶ headers ─ links from the anchor ─▶ reached headers
//!                                                                              │ data, results, state
//!                                         claims: records, logs, entries ◀─────┘
//!                                            └─▶ ClaimReport, once everything is trusted
//! ```
//!
//! The format is `docs/packet-format.md`, the procedure step 7 of `docs/verification.md`. A packet is
//! verified like a snapshot, by [`Verification`](crate::Verification) with
//! [`InputKind::Packet`](crate::InputKind), and is made by [`build`].

pub mod build;
mod bytes;
pub mod claim;
mod claims;
mod headers;
pub mod link;
mod report;
pub(crate) mod verify;

use alloc::vec::Vec;

pub use self::{
    bytes::{Bytes, Hashes},
    report::{ClaimReport, ShownDocument, ShownRecord, ShownVersion},
    verify::salts,
};
use self::{claim::Claim, link::Link};
use crate::encoding::{
    DecodeError, DecodeProblem,
    cbor::{self, List, Reader, Value, Writer, map},
    hex::Hash,
};
use crate::merkle::sha256;

/// The text that a packet begins with.
const FORMAT: &str = "vidimus/packet/1";

/// The first bytes of every packet: an array of three, and the format's name.
pub const MAGIC: &[u8] = b"\x83\x70vidimus/packet/1";

/// Most headers, sets, commits or links of a packet.
const MOST: usize = 4_096;
/// Most claims of a packet.
const MOST_CLAIMS: usize = 64;

map! {
    /// A packet: headers and how they are reached, once, and claims that refer to them by index.
    ///
    /// There is no anchor in it: `start` says for which height one is needed, and the hash is the user's.
    pub struct Packet {
        /// Headers, ascending by height.
        1 => headers: List<Bytes, 1, MOST>,
        /// The header that trust starts from: the user has an anchor at its height.
        2 => start: u64,
        /// Validator sets.
        3 => sets: List<Bytes, 0, MOST>,
        /// Commits.
        4 => commits: List<Bytes, 0, MOST>,
        /// How each other header is reached, from headers that were reached before.
        5 => links: List<Link, 0, MOST>,
        /// What is claimed.
        6 => claims: List<Claim, 1, MOST_CLAIMS>,
    }
}

impl Packet {
    /// Reads a packet that fills `bytes`.
    ///
    /// # Errors
    /// Whatever is not the one encoding of a packet, with byte and field.
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        cbor::decode::<Document>(bytes).map(|document| document.0)
    }

    /// SHA-256 of the packet between name and digest.
    fn digest(&self) -> Hash {
        sha256(&[&cbor::encode(self)])
    }

    /// The packet's one encoding.
    pub fn to_bytes(&self) -> Vec<u8> {
        cbor::encode(&Document(self.clone()))
    }
}

/// Whether bytes are meant as a packet: their beginning says so.
pub fn is_packet(bytes: &[u8]) -> bool {
    bytes.starts_with(MAGIC)
}

/// The packet between the format's name and its own digest.
///
/// The digest proves nothing, as anybody can make it anew. It tells damage from a lie: a proof that one
/// consent is not there may be as good for another, which a flipped bit then names.
struct Document(Packet);

impl Value for Document {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        reader.tuple(3)?;
        reader.format(FORMAT)?;
        let packet = <Packet as Value>::decode(reader)?;
        let start = reader.offset();
        if Hash(reader.array().map_err(|e| e.within("digest"))?) == packet.digest() {
            Ok(Self(packet))
        } else {
            Err(DecodeError::new(start, DecodeProblem::NotCanonical).within("digest"))
        }
    }

    fn encode(&self, writer: &mut Writer) {
        writer.elements(3);
        writer.text(FORMAT);
        Value::encode(&self.0, writer);
        writer.bytes(&self.0.digest().0);
    }
}

/// Refuses what is there only together with something else.
fn only(holds: bool) -> Result<(), DecodeProblem> {
    if holds { Ok(()) } else { Err(DecodeProblem::Missing) }
}
