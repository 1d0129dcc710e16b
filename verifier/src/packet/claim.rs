//! What a packet claims: one file for each kind.

mod absence;
mod consent;
mod document;
mod header;
mod record;
mod subject;

use alloc::boxed::Box;

use serde::Serialize;

pub use self::{
    absence::{AbsenceClaim, Absent},
    consent::ConsentClaim,
    document::DocumentClaim,
    header::HeaderClaim,
    record::{InBlock, InLog, RecordClaim},
    subject::{Before, Entry, Shown, SubjectClaim},
};
use super::{claims::Claims, report::ClaimReport};
use crate::{
    encoding::{
        DecodeError, DecodeProblem,
        cbor::{Reader, Value, Writer},
    },
    verification::recorder::Stop,
};

/// A claim, as `[kind, content]`.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Claim {
    /// This is a header of the ledger.
    Header(HeaderClaim),
    /// This record stands on the ledger, with this result.
    Record(Box<RecordClaim>),
    /// These are all records that concern a subject.
    Subject(Box<SubjectClaim>),
    /// This is how a consent stands.
    Consent(ConsentClaim),
    /// There is no such entry.
    Absence(AbsenceClaim),
    /// A document was anchored.
    Document(DocumentClaim),
}

impl Claim {
    /// The name of its kind.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Header(_) => "header",
            Self::Record(_) => "record",
            Self::Subject(_) => "subject",
            Self::Consent(_) => "consent",
            Self::Absence(_) => "absence",
            Self::Document(_) => "document",
        }
    }

    pub(super) fn verify(&self, claims: &mut Claims<'_, '_>) -> Result<ClaimReport, Stop> {
        match self {
            Self::Header(claim) => claim.verify(claims),
            Self::Record(claim) => claim.verify(claims),
            Self::Subject(claim) => claim.verify(claims),
            Self::Consent(claim) => claim.verify(claims),
            Self::Absence(claim) => claim.verify(claims),
            Self::Document(claim) => claim.verify(claims),
        }
    }
}

impl Value for Claim {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        reader.tuple(2)?;
        let start = reader.offset();
        match reader.uint().map_err(|e| e.within("kind"))? {
            1 => HeaderClaim::decode(reader).map(Self::Header),
            2 => RecordClaim::decode(reader).map(Box::new).map(Self::Record),
            3 => SubjectClaim::decode(reader).map(Box::new).map(Self::Subject),
            4 => ConsentClaim::decode(reader).map(Self::Consent),
            5 => AbsenceClaim::decode(reader).map(Self::Absence),
            6 => DocumentClaim::decode(reader).map(Self::Document),
            _ => Err(DecodeError::new(start, DecodeProblem::UnknownVariant).within("kind")),
        }
    }

    fn encode(&self, writer: &mut Writer) {
        writer.elements(2);
        match self {
            Self::Header(claim) => numbered(writer, 1, claim),
            Self::Record(claim) => numbered(writer, 2, &**claim),
            Self::Subject(claim) => numbered(writer, 3, &**claim),
            Self::Consent(claim) => numbered(writer, 4, claim),
            Self::Absence(claim) => numbered(writer, 5, claim),
            Self::Document(claim) => numbered(writer, 6, claim),
        }
    }
}

fn numbered(writer: &mut Writer, kind: u64, claim: &impl Value) {
    writer.uint(kind);
    claim.encode(writer);
}
