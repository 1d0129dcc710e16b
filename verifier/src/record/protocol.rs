//! Research protocols, by version.

use super::{
    actor::{CodeText, OrganizationId},
    instant::Period,
    source::Source,
};
use crate::encoding::{
    cbor::{Set, Text, map, variants},
    hex::{Hash, Identifier},
};

variants! {
    /// Whether a protocol is open.
    pub enum ProtocolStatus {
        /// Data may be used under it.
        1 => Open "open",
        /// No longer.
        2 => Closed "closed",
    }
}

map! {
    /// A version of a research protocol. Access under it needs consent to this version.
    pub struct Protocol {
        /// Where the record stands among its signer's.
        1 => source: Source,
        /// Who answers for it.
        2 => sponsor: OrganizationId,
        /// Which protocol.
        3 => protocol: Identifier,
        /// Version: the first has 1.
        4 => version: u64,
        /// Id of the record of the version before.
        5 => previous: Option<Hash>,
        /// Whether it is open.
        6 => status: ProtocolStatus,
        /// When data may be used under it.
        7 => period: Period,
        /// What the data may be used for.
        8 => purposes: Set<CodeText, 1, 16>,
        /// Reference of the approval by an ethics committee.
        9 => approval: Option<Text<128>>,
        /// SHA-256 of the protocol's document.
        10 => document: Hash,
    }
}
