//! Accesses: a record was opened.

use super::{
    actor::{Actor, CodeText, OrganizationId},
    details::SealedDetails,
    disclosure::Disclosure,
    request::Processing,
    source::Source,
};
use crate::encoding::{
    cbor::{List, map, variants},
    hex::{Hash, Identifier, PublicKey},
};

variants! {
    /// How an access ended.
    pub enum Outcome {
        /// As it should.
        1 => Success "success",
        /// Refused by the custodian's system.
        2 => Denied "denied",
        /// Failed.
        3 => Failure "failure",
    }
}

map! {
    /// A version of a consent, as an access refers to it.
    pub struct ConsentReference {
        /// Which consent.
        1 => consent: Identifier,
        /// Id of the record of the version.
        2 => version: Hash,
    }
}

map! {
    /// The custodian's half of an access.
    pub struct CustodianHalf {
        /// What was done.
        1 => processing: Processing,
        /// Id of the request that the contract authorized.
        2 => request: Option<Hash>,
        /// The consents on which the custodian relies.
        3 => consents: List<ConsentReference, 0, 16>,
        /// The system that asked.
        4 => client: CodeText,
        /// The system that answered.
        5 => server: CodeText,
        /// Where the data comes from (Regulation (EU) 2025/327, Annex II, 3.2(e)).
        6 => origin: Option<CodeText>,
        /// What left the organization.
        7 => disclosure: Option<Disclosure>,
    }
}

map! {
    /// The recipient's half: that it asked, and who. No codes.
    pub struct RecipientHalf {
        /// Who acted.
        1 => actor: Actor,
        /// The system that asked.
        2 => client: CodeText,
        /// The system that answered.
        3 => server: CodeText,
    }
}

map! {
    /// A record was opened, as one of the two systems saw it.
    pub struct Access {
        /// Where the record stands among its signer's.
        1 => source: Source,
        /// The patient, by the pseudonym that the custodian knows.
        2 => subject: PublicKey,
        /// Whose data.
        3 => custodian: OrganizationId,
        /// The event's id, in both halves: what matches them.
        4 => event: Identifier,
        /// How it ended.
        5 => outcome: Outcome,
        /// What the custodian saw.
        6 => by_custodian: Option<CustodianHalf>,
        /// What the recipient saw.
        7 => by_recipient: Option<RecipientHalf>,
        /// The open codes and texts.
        8 => details: Option<SealedDetails>,
    }
}
