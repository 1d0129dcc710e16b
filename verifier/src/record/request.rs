//! The question whether a record may be opened, asked before it is.

use super::{
    actor::{Actor, CodeText, OrganizationId},
    authority::Authority,
    details::{Closures, SealedDetails},
    instant::Period,
    source::Source,
};
use crate::encoding::{
    cbor::{Set, map},
    hex::{Hash, Identifier, PublicKey},
};

map! {
    /// What is to be done, by whom, what for and with which data.
    pub struct Processing {
        /// Who acts.
        1 => actor: Actor,
        /// What is done.
        2 => action: CodeText,
        /// What for.
        3 => purposes: Set<CodeText, 1, 16>,
        /// Lawful bases beside consent.
        4 => basis: Set<CodeText, 0, 16>,
        /// The version of a research protocol.
        5 => protocol: Option<Hash>,
        /// By which right somebody acts for the patient.
        6 => delegate: Option<Authority>,
        /// An emergency: the actor overrides what the patient said.
        7 => emergency: bool,
        /// Digest of the justification of an emergency.
        8 => justification: Option<Hash>,
        /// When the data was authored or last updated.
        9 => data_period: Option<Period>,
        /// Sealed codes of the data.
        10 => closures: Closures,
    }
}

map! {
    /// Asks before a record is opened. The contract's decision is the authorization.
    pub struct Request {
        /// Where the record stands among its signer's.
        1 => source: Source,
        /// The patient.
        2 => subject: PublicKey,
        /// Whose data.
        3 => custodian: OrganizationId,
        /// Which event is asked about: the access will have the same id.
        4 => event: Identifier,
        /// What is to be done.
        5 => processing: Processing,
        /// The open codes and texts.
        6 => details: Option<SealedDetails>,
    }
}
