//! The entries of the state: under which key stands what.
//!
//! | key | value |
//! |---|---|
//! | `n` | [`Network`](super::network::Network) |
//! | `o/` organization id | [`OrganizationEntry`] |
//! | `k/` key (32) | [`KeyEntry`]: whose key it is |
//! | `q/` key (32) | [`UsedNumbers`](super::sequence::UsedNumbers) of a signer |
//! | `p/` subject (32) | [`SubjectEntry`] |
//! | `c/` subject (32) consent (16) | [`ConsentEntry`] |
//! | `d/` record id (32) | [`DelegationEntry`] |
//! | `r/` record id (32) | [`RequestEntry`], while it is open |
//! | `e` | [`OpenRequests`]: in which blocks open requests stand |
//! | `e/` height (8, big-endian) | [`BlockRequests`]: the open requests of a block |
//! | `t/` protocol (16) | [`ProtocolEntry`] |
//! | `v` | [`ValidatorTotals`] |
//! | `v/` key (32) | [`ValidatorEntry`] |
//! | `l/s/` subject (32), `l/o/` organization id | [`SubjectLog`](crate::state::SubjectLog) |

use alloc::vec::Vec;

use crate::{
    encoding::{
        cbor::{List, Set, map},
        hex::{Hash, Identifier, PublicKey},
    },
    record::{
        actor::OrganizationId,
        authority::Relation,
        consent::Consent,
        delegation::Right,
        instant::{Instant, Period},
        organization::Organization,
        protocol::Protocol,
        request::Processing,
    },
};

/// Where the network stands.
pub const NETWORK: &[u8] = b"n";
/// Where it stands in which blocks open requests are.
pub const OPEN_REQUESTS: &[u8] = b"e";
/// Where the totals of the validators stand.
pub const VALIDATORS: &[u8] = b"v";

/// What the key of an entry begins with.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Table {
    /// Organizations, by id.
    Organizations,
    /// Whose key is which, by key.
    Keys,
    /// Used sequence numbers, by signer.
    Numbers,
    /// Subjects.
    Subjects,
    /// Consents, by subject and consent.
    Consents,
    /// Delegations, by record id.
    Delegations,
    /// Open requests, by record id.
    Requests,
    /// Open requests, by height.
    BlockRequests,
    /// Research protocols.
    Protocols,
    /// Validators, by key.
    Validators,
    /// Logs of subjects.
    SubjectLogs,
    /// Logs of organizations.
    OrganizationLogs,
}

impl Table {
    /// The first bytes of every key of the table, and of no other's.
    pub(crate) const fn prefix(self) -> &'static [u8] {
        match self {
            Self::Organizations => b"o/",
            Self::Keys => b"k/",
            Self::Numbers => b"q/",
            Self::Subjects => b"p/",
            Self::Consents => b"c/",
            Self::Delegations => b"d/",
            Self::Requests => b"r/",
            Self::BlockRequests => b"e/",
            Self::Protocols => b"t/",
            Self::Validators => b"v/",
            Self::SubjectLogs => b"l/s/",
            Self::OrganizationLogs => b"l/o/",
        }
    }

    /// The key of the entry of these parts.
    pub fn key(self, parts: &[&[u8]]) -> Vec<u8> {
        [self.prefix(), &parts.concat()].concat()
    }
}

map! {
    /// A registered organization.
    pub struct OrganizationEntry {
        /// As last registered or updated.
        1 => organization: Organization,
        /// Its keys have no rights at present.
        2 => suspended: bool,
    }
}

map! {
    /// Whose key it is.
    pub struct KeyEntry {
        /// The organization.
        1 => organization: OrganizationId,
    }
}

/// Most consents of one subject that are in force or were not long ago.
pub const CONSENTS: usize = 64;
/// Most versions of one consent within the network's latency.
pub const VERSIONS: usize = 16;
/// Most blocks whose requests are open.
pub const BLOCKS_WITH_REQUESTS: usize = 65_536;
/// Most requests of one block that can be open.
pub const BLOCK_REQUESTS: usize = 65_536;

map! {
    /// What is known of a subject.
    pub struct SubjectEntry {
        /// The key that signs for the subject, since a rotation put it in the place of the first.
        1 => key: Option<PublicKey>,
        /// Consents that may be in force.
        2 => consents: Set<Identifier, 0, CONSENTS>,
    }
}

map! {
    /// A version of a consent.
    pub struct ConsentVersion {
        /// Id of its record.
        1 => id: Hash,
        /// Height of its block.
        2 => height: u64,
        /// Index of its transaction.
        3 => index: u64,
        /// It covers nothing earlier than its block, nor than it says that it was signed.
        4 => from: Instant,
        /// When it was superseded or revoked, likewise.
        5 => until: Option<Instant>,
        /// What it says, without the sealed details.
        6 => consent: Consent,
        /// Id of the revocation that ended it: the next version follows that.
        7 => revocation: Option<Hash>,
    }
}

map! {
    /// A consent: the version that stands, and those that accesses may still come late for.
    pub struct ConsentEntry {
        /// In the order of the ledger.
        1 => versions: List<ConsentVersion, 1, VERSIONS>,
    }
}

map! {
    /// Who may act for a subject.
    pub struct DelegationEntry {
        /// For whom.
        1 => subject: PublicKey,
        /// Whose data it is about.
        2 => custodian: OrganizationId,
        /// Who may act.
        3 => delegate: PublicKey,
        /// How the delegate stands to the subject.
        4 => relation: Relation,
        /// What the delegate may do.
        5 => rights: Set<Right, 0, 8>,
        /// When.
        6 => period: Period,
        /// From when on no parent acts for the subject.
        7 => majority_at: Option<Instant>,
        /// The delegation by which whoever gave it could give it; none for the subject's own key and
        /// for a guardian authority.
        8 => parent: Option<Hash>,
        /// The guardian authority that gave it.
        9 => authority: Option<OrganizationId>,
        /// Time of the block in which it was withdrawn.
        10 => until: Option<Instant>,
        /// From when on the subject may consent to some care alone.
        11 => own_consent_at: Option<Instant>,
    }
}

map! {
    /// A request that an access may name.
    pub struct RequestEntry {
        /// Who is asked about.
        1 => subject: PublicKey,
        /// Whose data.
        2 => custodian: OrganizationId,
        /// Which event.
        3 => event: Identifier,
        /// What is to be done.
        4 => processing: Processing,
        /// Whether the contract permitted it.
        5 => permitted: bool,
        /// Time of its block: it opens nothing earlier.
        6 => from: Instant,
    }
}

map! {
    /// In which blocks open requests stand.
    pub struct OpenRequests {
        /// Their heights, ascending.
        1 => heights: List<u64, 1, BLOCKS_WITH_REQUESTS>,
    }
}

map! {
    /// The open requests of one block.
    pub struct BlockRequests {
        /// From when on they are not open.
        1 => until: Instant,
        /// Ids of their records.
        2 => requests: List<Hash, 1, BLOCK_REQUESTS>,
    }
}

map! {
    /// The version of a protocol that stands.
    pub struct ProtocolEntry {
        /// Id of its record.
        1 => id: Hash,
        /// What it says.
        2 => protocol: Protocol,
    }
}

map! {
    /// All validators together.
    pub struct ValidatorTotals {
        /// How many there are.
        1 => count: u64,
        /// Their power.
        2 => power: u64,
    }
}

map! {
    /// A validator.
    pub struct ValidatorEntry {
        /// Its power.
        1 => power: u64,
    }
}
