//! The outcome of a review of an emergency access.

use super::{actor::OrganizationId, details::SealedDetails, source::Source};
use crate::encoding::{
    cbor::{map, variants},
    hex::{Hash, PublicKey},
};

variants! {
    /// What a review found.
    pub enum ReviewOutcome {
        /// The emergency was one.
        1 => Justified "justified",
        /// It was none.
        2 => Unjustified "unjustified",
        /// It cannot be told.
        3 => Inconclusive "inconclusive",
    }
}

map! {
    /// The outcome of a review of an emergency access.
    pub struct Review {
        /// Where the record stands among its signer's.
        1 => source: Source,
        /// The patient.
        2 => subject: PublicKey,
        /// Whose data.
        3 => custodian: OrganizationId,
        /// Id of the access that was reviewed.
        4 => access: Hash,
        /// Pseudonym of the privacy officer.
        5 => reviewer: Hash,
        /// What the review found.
        6 => outcome: ReviewOutcome,
        /// The reasons, for those who may read them.
        7 => details: Option<SealedDetails>,
    }
}
