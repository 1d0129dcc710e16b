//! Who takes part: organizations, their roles and their keys.

use super::{
    actor::{CodeText, OrganizationId},
    instant::{Instant, Period},
    source::Source,
};
use crate::encoding::{
    cbor::{List, Set, Text, map, variants},
    hex::PublicKey,
};

variants! {
    /// What an organization record does.
    pub enum OrganizationChange {
        /// Adds an organization.
        1 => Register "register",
        /// Replaces name, address, roles and keys.
        2 => Update "update",
        /// Takes its keys' rights until it is reinstated.
        3 => Suspend "suspend",
        /// Gives them back.
        4 => Reinstate "reinstate",
    }
}

variants! {
    /// What an organization does on the ledger.
    pub enum OrganizationRole {
        /// Holds patients' records.
        1 => Custodian "custodian",
        /// Receives data of others.
        2 => Recipient "recipient",
        /// Answers for research protocols.
        3 => Sponsor "sponsor",
        /// Appoints guardians.
        4 => GuardianAuthority "guardian-authority",
        /// Pays for care.
        5 => Payer "payer",
    }
}

variants! {
    /// What a key may sign.
    pub enum KeyUse {
        /// Requests and accesses.
        1 => Gateway "gateway",
        /// Reviews.
        2 => PrivacyOfficer "privacy-officer",
        /// Anchors of device readings.
        3 => Device "device",
        /// Research protocols.
        4 => Sponsor "sponsor",
        /// Delegations by authority.
        5 => GuardianAuthority "guardian-authority",
    }
}

map! {
    /// A key, and what it may sign when.
    pub struct KeyGrant {
        /// The key.
        1 => key: PublicKey,
        /// What it may sign.
        2 => uses: Set<KeyUse, 1, 8>,
        /// When it may sign.
        3 => period: Period,
        /// From when on nothing that it signed is believed, whatever the period says.
        4 => revoked_at: Option<Instant>,
    }
}

map! {
    /// A change to the validators of the network.
    pub struct ValidatorChange {
        /// The validator's consensus key.
        1 => key: PublicKey,
        /// Its voting power from now on; 0 removes it.
        2 => power: u64,
    }
}

map! {
    /// An organization, as a governance key registers or changes it.
    pub struct Organization {
        /// Where the record stands among its signer's.
        1 => source: Source,
        /// What the record does.
        2 => change: OrganizationChange,
        /// Which organization.
        3 => organization: OrganizationId,
        /// Name for people.
        4 => name: Option<Text<128>>,
        /// Postal address (45 CFR 164.528(b)(2)(ii)).
        5 => address: Option<Text<256>>,
        /// What it does on the ledger.
        6 => roles: Set<OrganizationRole, 0, 8>,
        /// Its keys: all of them, past ones too, since they are what old records are held against.
        7 => keys: List<KeyGrant, 0, 64>,
        /// Changes to the network's validators.
        8 => validators: List<ValidatorChange, 0, 16>,
        /// Regimes under which it keeps records, by code.
        9 => regimes: Set<CodeText, 0, 8>,
    }
}
