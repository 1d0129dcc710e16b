//! Data that left the organization.

use super::actor::OrganizationId;
use crate::encoding::{
    cbor::{Text, map},
    hex::Hash,
};

map! {
    /// Data that left the organization (45 CFR 164.528(b)(2), 42 CFR 2.25 and 2.32).
    pub struct Disclosure {
        /// The recipient, if it takes part in the ledger.
        1 => recipient: Option<OrganizationId>,
        /// The recipient's name.
        2 => name: Option<Text<128>>,
        /// The recipient's address.
        3 => address: Option<Text<256>>,
        /// Salted digest of the description of what was disclosed; the text is among the details.
        4 => description: Option<Hash>,
        /// Salted digest of the statement of purpose, or of the request.
        5 => statement: Option<Hash>,
        /// The notice that forbids disclosure onwards went along. It stands in clear: set where the law
        /// demands it alone, it tells which kind of data went (docs/sealing.md).
        6 => redisclosure_notice: bool,
        /// Data for civil, criminal, administrative or legislative proceedings against the patient.
        7 => legal_proceedings: bool,
    }
}
