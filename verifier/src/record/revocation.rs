//! The end of a consent.

use super::{actor::OrganizationId, authority::Authority, details::SealedDetails, source::Source};
use crate::encoding::{
    cbor::map,
    hex::{Hash, Identifier, PublicKey},
};

map! {
    /// Ends a consent from the block on in which it stands.
    pub struct Revocation {
        /// Where the record stands among its signer's.
        1 => source: Source,
        /// The patient.
        2 => subject: PublicKey,
        /// Which consent.
        3 => consent: Identifier,
        /// Id of the record of the version that is in force.
        4 => version: Hash,
        /// Whose data the consent is about.
        5 => custodian: OrganizationId,
        /// By which right the signer revokes.
        6 => grantor: Authority,
        /// Why, for those who may read it.
        7 => details: Option<SealedDetails>,
    }
}
