//! Records: what a consent-and-access ledger says, signed, independent of the ledger's family.
//!
//! ```text
//! transaction bytes ─▶ Envelope (COSE_Sign1) ─▶ Body by content type ─▶ Record
//!                          │ signed bytes
//!                          └────────▶ signature, id
//! ```
//!
//! The words that records are made of: [`codes`] says which concept a code names and what a provision
//! that names it reaches, [`sealing`] how a code stands on the ledger without being read there,
//! [`keys`] with which keys, and [`view`] who can read it all the same.
//!
//! The format, with the meaning of every field, is `docs/records.md`.

pub mod access;
pub mod actor;
pub mod anchor;
pub mod authority;
pub mod codes;
pub mod consent;
pub mod delegation;
pub mod details;
pub mod disclosure;
pub mod envelope;
pub mod instant;
pub mod keys;
pub mod organization;
pub mod protocol;
pub mod request;
pub mod review;
pub mod revocation;
pub mod sealing;
pub mod source;
pub mod view;

use alloc::{boxed::Box, collections::BTreeSet, vec::Vec};

use serde::Serialize;

use self::{
    access::Access, actor::OrganizationId, anchor::Anchor, consent::Consent,
    delegation::Delegation, details::SealedDetails, envelope::Envelope, organization::Organization,
    protocol::Protocol, request::Request, review::Review, revocation::Revocation, sealing::Binding,
    source::Source,
};
use crate::encoding::{
    DecodeError,
    cbor::{self, variants},
    hex::{Hash, Identifier, PublicKey},
    to_u64,
};

variants! {
    /// What a record says; its content type is `application/vidimus.<kind>+cbor`.
    ///
    /// `statement` is reserved for claims with a zero-knowledge proof.
    pub enum Kind {
        /// Who takes part, with which keys and roles.
        1 => Organization "organization",
        /// A version of a consent.
        2 => Consent "consent",
        /// The end of a consent.
        3 => Revocation "revocation",
        /// Who may act for a subject.
        4 => Delegation "delegation",
        /// The question whether a record may be opened.
        5 => Request "request",
        /// A record was opened.
        6 => Access "access",
        /// The outcome of a review of an emergency access.
        7 => Review "review",
        /// The root of a tree of salted digests.
        8 => Anchor "anchor",
        /// A version of a research protocol.
        9 => Protocol "protocol",
    }
}

/// What is signed, by kind.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
#[non_exhaustive]
pub enum Body {
    /// Who takes part, with which keys and roles.
    Organization(Organization),
    /// A version of a consent.
    Consent(Box<Consent>),
    /// The end of a consent.
    Revocation(Revocation),
    /// Who may act for a subject.
    Delegation(Delegation),
    /// The question whether a record may be opened.
    Request(Box<Request>),
    /// A record was opened.
    Access(Box<Access>),
    /// The outcome of a review of an emergency access.
    Review(Review),
    /// The root of a tree of salted digests.
    Anchor(Anchor),
    /// A version of a research protocol.
    Protocol(Protocol),
}

impl Body {
    /// Decodes the payload of a record of this kind.
    ///
    /// # Errors
    /// Whatever is not the one encoding of a body, with its offset in `payload` and its path.
    pub fn decode(kind: Kind, payload: &[u8]) -> Result<Self, DecodeError> {
        match kind {
            Kind::Organization => cbor::decode(payload).map(Self::Organization),
            Kind::Consent => cbor::decode(payload).map(Box::new).map(Self::Consent),
            Kind::Revocation => cbor::decode(payload).map(Self::Revocation),
            Kind::Delegation => cbor::decode(payload).map(Self::Delegation),
            Kind::Request => cbor::decode(payload).map(Box::new).map(Self::Request),
            Kind::Access => cbor::decode(payload).map(Box::new).map(Self::Access),
            Kind::Review => cbor::decode(payload).map(Self::Review),
            Kind::Anchor => cbor::decode(payload).map(Self::Anchor),
            Kind::Protocol => cbor::decode(payload).map(Self::Protocol),
        }
    }

    /// The body's one encoding.
    pub fn to_bytes(&self) -> Vec<u8> {
        match self {
            Self::Organization(body) => cbor::encode(body),
            Self::Consent(body) => cbor::encode(&**body),
            Self::Revocation(body) => cbor::encode(body),
            Self::Delegation(body) => cbor::encode(body),
            Self::Request(body) => cbor::encode(&**body),
            Self::Access(body) => cbor::encode(&**body),
            Self::Review(body) => cbor::encode(body),
            Self::Anchor(body) => cbor::encode(body),
            Self::Protocol(body) => cbor::encode(body),
        }
    }

    /// What kind of record this is the body of.
    pub const fn kind(&self) -> Kind {
        match self {
            Self::Organization(_) => Kind::Organization,
            Self::Consent(_) => Kind::Consent,
            Self::Revocation(_) => Kind::Revocation,
            Self::Delegation(_) => Kind::Delegation,
            Self::Request(_) => Kind::Request,
            Self::Access(_) => Kind::Access,
            Self::Review(_) => Kind::Review,
            Self::Anchor(_) => Kind::Anchor,
            Self::Protocol(_) => Kind::Protocol,
        }
    }

    /// Where the record stands among its signer's.
    pub const fn source(&self) -> &Source {
        match self {
            Self::Organization(body) => &body.source,
            Self::Consent(body) => &body.source,
            Self::Revocation(body) => &body.source,
            Self::Delegation(body) => &body.source,
            Self::Request(body) => &body.source,
            Self::Access(body) => &body.source,
            Self::Review(body) => &body.source,
            Self::Anchor(body) => &body.source,
            Self::Protocol(body) => &body.source,
        }
    }

    /// The patient whom the record concerns, if it names one.
    pub const fn subject(&self) -> Option<&PublicKey> {
        match self {
            Self::Consent(body) => Some(&body.subject),
            Self::Revocation(body) => Some(&body.subject),
            Self::Delegation(body) => Some(&body.subject),
            Self::Request(body) => Some(&body.subject),
            Self::Access(body) => Some(&body.subject),
            Self::Review(body) => Some(&body.subject),
            Self::Anchor(body) => body.subject.as_ref(),
            Self::Organization(_) | Self::Protocol(_) => None,
        }
    }
}

impl Body {
    /// The custodian whose data it is about, if it names one.
    pub const fn custodian(&self) -> Option<&OrganizationId> {
        match self {
            Self::Consent(body) => Some(&body.custodian),
            Self::Revocation(body) => Some(&body.custodian),
            Self::Delegation(body) => Some(&body.custodian),
            Self::Request(body) => Some(&body.custodian),
            Self::Access(body) => Some(&body.custodian),
            Self::Review(body) => Some(&body.custodian),
            Self::Anchor(body) => Some(&body.custodian),
            Self::Organization(_) | Self::Protocol(_) => None,
        }
    }

    /// The consent that it gives or revokes, if it does.
    pub const fn consent(&self) -> Option<&Identifier> {
        match self {
            Self::Consent(body) => Some(&body.consent),
            Self::Revocation(body) => Some(&body.consent),
            Self::Organization(_)
            | Self::Delegation(_)
            | Self::Request(_)
            | Self::Access(_)
            | Self::Review(_)
            | Self::Anchor(_)
            | Self::Protocol(_) => None,
        }
    }

    /// The organizations that it names as taking part: it stands in the log of each.
    pub fn organizations(&self) -> BTreeSet<&OrganizationId> {
        match self {
            Self::Organization(body) => [&body.organization].into(),
            Self::Consent(body) => [&body.custodian].into(),
            Self::Revocation(body) => [&body.custodian].into(),
            Self::Delegation(body) => [&body.custodian].into(),
            Self::Request(body) => [&body.custodian, &body.processing.actor.organization].into(),
            Self::Access(body) => {
                let of_custodian =
                    body.by_custodian.as_ref().map(|half| &half.processing.actor.organization);
                let of_recipient = body.by_recipient.as_ref().map(|half| &half.actor.organization);
                of_custodian.into_iter().chain(of_recipient).chain([&body.custodian]).collect()
            }
            Self::Review(body) => [&body.custodian].into(),
            Self::Anchor(body) => [&body.custodian].into(),
            Self::Protocol(body) => [&body.sponsor].into(),
        }
    }

    /// What it seals, if it does.
    pub const fn details(&self) -> Option<&SealedDetails> {
        match self {
            Self::Consent(body) => body.details.as_ref(),
            Self::Revocation(body) => body.details.as_ref(),
            Self::Delegation(body) => body.details.as_ref(),
            Self::Request(body) => body.details.as_ref(),
            Self::Access(body) => body.details.as_ref(),
            Self::Review(body) => body.details.as_ref(),
            Self::Anchor(body) => body.details.as_ref(),
            Self::Organization(_) | Self::Protocol(_) => None,
        }
    }

    /// To which record its details belong (docs/sealing.md, details); none without a subject.
    pub fn binding(&self) -> Option<Binding<'_>> {
        let event_id = match self {
            Self::Consent(body) => body.consent.0.as_slice(),
            Self::Revocation(body) => &body.consent.0,
            Self::Delegation(body) => &body.delegate.0,
            Self::Request(body) => &body.event.0,
            Self::Access(body) => &body.event.0,
            Self::Review(body) => &body.access.0,
            Self::Anchor(body) => &body.root.0,
            Self::Organization(_) | Self::Protocol(_) => return None,
        };
        Some(Binding { kind: self.kind().name(), subject: self.subject()?, event_id })
    }
}

/// A record of one ledger: decoded, its signature not yet verified.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Record {
    /// SHA-256 of the signed bytes.
    pub id: Hash,
    /// Key that signed.
    pub signer: PublicKey,
    /// What is signed.
    pub body: Body,
}

impl Record {
    /// Decodes a record of the ledger `chain_id`.
    ///
    /// # Errors
    /// Whatever is not the one encoding of a record, with its offset in `bytes` and its path from
    /// `payload` on.
    pub fn decode<'a>(
        bytes: &'a [u8],
        chain_id: &str,
    ) -> Result<(Self, Envelope<'a>), DecodeError> {
        let envelope = Envelope::decode(bytes)?;
        let body = Body::decode(envelope.kind, envelope.payload)
            .map_err(|e| e.shifted(to_u64(envelope.payload_offset)).within("payload"))?;
        let record = Self { id: envelope.id(chain_id), signer: envelope.signer, body };
        Ok((record, envelope))
    }
}
