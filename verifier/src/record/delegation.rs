//! Who may act for a subject, and with which key the subject acts.

use super::{
    actor::OrganizationId,
    authority::{Authority, Relation},
    details::SealedDetails,
    instant::{Instant, Period},
    source::Source,
};
use crate::encoding::{
    cbor::{Set, map, variants},
    hex::{Hash, PublicKey},
};

variants! {
    /// What a delegation record does.
    pub enum DelegationChange {
        /// Gives rights to a key.
        1 => Grant "grant",
        /// Takes them back.
        2 => Withdraw "withdraw",
        /// Puts a new key of the subject in the place of the old: the pseudonym stays.
        3 => Rotate "rotate",
    }
}

variants! {
    /// What a delegate may do.
    pub enum Right {
        /// Give, amend and revoke consents.
        1 => Consent "consent",
        /// Read the subject's records.
        2 => Access "access",
        /// Delegate further.
        3 => Delegate "delegate",
    }
}

map! {
    /// Who may act for a subject, for what and until when.
    pub struct Delegation {
        /// Where the record stands among its signer's.
        1 => source: Source,
        /// The patient.
        2 => subject: PublicKey,
        /// Whose data it is about.
        3 => custodian: OrganizationId,
        /// What the record does.
        4 => change: DelegationChange,
        /// By which right the signer does it; without one, the signer is a guardian authority.
        5 => grantor: Option<Authority>,
        /// The key that gains or loses rights; of a rotation, the subject's new key.
        6 => delegate: PublicKey,
        /// How the delegate stands to the subject.
        7 => relation: Relation,
        /// What the delegate may do.
        8 => rights: Set<Right, 0, 8>,
        /// When.
        9 => period: Period,
        /// When the subject comes of age: from then on no parent acts for them.
        10 => majority_at: Option<Instant>,
        /// When the subject may consent to some care alone.
        11 => own_consent_at: Option<Instant>,
        /// Id of the delegation that is withdrawn.
        12 => withdrawn: Option<Hash>,
        /// For those who may read it.
        13 => details: Option<SealedDetails>,
    }
}
