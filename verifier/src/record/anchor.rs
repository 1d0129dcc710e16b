//! Anchors: that digests stood together on a day.

use super::{actor::OrganizationId, details::SealedDetails, source::Source};
use crate::encoding::{
    cbor::{map, variants},
    hex::{Hash, PublicKey},
};

variants! {
    /// What the leaves of an anchor tree are digests of.
    pub enum Anchored {
        /// Documents of any kind.
        1 => Documents "documents",
        /// FHIR resources as stored.
        2 => Resources "resources",
        /// Readings of devices.
        3 => Readings "readings",
    }
}

map! {
    /// The root of a tree of salted digests.
    pub struct Anchor {
        /// Where the record stands among its signer's.
        1 => source: Source,
        /// Whose data.
        2 => custodian: OrganizationId,
        /// The patient, if all of it is of one.
        3 => subject: Option<PublicKey>,
        /// What the leaves are digests of.
        4 => anchored: Anchored,
        /// Root of the anchor tree.
        5 => root: Hash,
        /// Number of leaves, padding not counted.
        6 => leaf_count: u64,
        /// For those who may read it.
        7 => details: Option<SealedDetails>,
    }
}
