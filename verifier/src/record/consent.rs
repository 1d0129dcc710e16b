//! Consents: versions, and the tree of provisions that says what is permitted.

use serde::{Serialize, Serializer};

pub use super::codes::Effect;
use super::{
    actor::{ActorPattern, CodeText, OrganizationId},
    authority::Authority,
    details::{SealedDetails, SealedSet},
    instant::{Instant, Period},
    source::Source,
};
use crate::encoding::{
    DecodeError, DecodeProblem,
    cbor::{List, Reader, Set, Value, Writer, map, variants},
    hex::{Hash, Identifier, PublicKey},
    to_u64,
};

variants! {
    /// Where a consent stands in its life (FHIR R5 `Consent.status`).
    pub enum ConsentStatus {
        /// Written, not yet given.
        1 => Draft "draft",
        /// In force.
        2 => Active "active",
        /// No longer in force.
        3 => Inactive "inactive",
        /// Refused by the patient.
        4 => NotDone "not-done",
        /// Never should have been recorded.
        5 => EnteredInError "entered-in-error",
        /// In force or not, nobody knows.
        6 => Unknown "unknown",
    }
}

impl Value for Effect {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let start = reader.offset();
        match reader.uint()? {
            1 => Ok(Self::Permit),
            2 => Ok(Self::Deny),
            _ => Err(DecodeError::new(start, DecodeProblem::UnknownVariant)),
        }
    }

    fn encode(&self, writer: &mut Writer) {
        writer.uint(match self {
            Self::Permit => 1,
            Self::Deny => 2,
        });
    }
}

impl Serialize for Effect {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

variants! {
    /// By which rules the elements of a provision are read.
    pub enum RuleSet {
        /// IHE PCF 1.1, Appendix P.4.4: repetitions of one element are alternatives.
        1 => Pcf11 "pcf-1.1",
        /// FHIR's text: all labels, and all purposes, must be there.
        2 => FhirStrictAll "fhir-strict-all",
    }
}

map! {
    /// What an access must have in common with a provision: something of every element that is here.
    pub struct Elements {
        /// Who acts.
        1 => actors: List<ActorPattern, 0, 64>,
        /// What is done.
        2 => actions: Set<CodeText, 0, 16>,
        /// What for.
        3 => purposes: Set<CodeText, 0, 64>,
        /// When it is done.
        4 => period: Option<Period>,
        /// When the data was authored or last updated.
        5 => data_period: Option<Period>,
        /// Confidentiality of the data, sealed.
        6 => confidentiality: SealedSet,
        /// Labels of the data, sealed.
        7 => labels: SealedSet,
        /// Classes of the data, sealed.
        8 => classes: SealedSet,
        /// The data itself, by sealed resource id.
        9 => resources: SealedSet,
        /// Who authored the data, by sealed resource id.
        10 => authors: SealedSet,
    }
}

map! {
    /// An exception, which says the reverse of the level above; its own exceptions say that again.
    pub struct Provision {
        /// Which accesses it is about.
        1 => elements: Elements,
        /// What it is not about after all.
        2 => exceptions: List<Elements, 0, 32>,
    }
}

map! {
    /// One version of a consent.
    pub struct Consent checked by Consent::check_size {
        /// Where the record stands among its signer's.
        1 => source: Source,
        /// The patient, by the pseudonym that this custodian knows.
        2 => subject: PublicKey,
        /// Which consent.
        3 => consent: Identifier,
        /// Version: the first has 1.
        4 => version: u64,
        /// Id of the record of the version before.
        5 => previous: Option<Hash>,
        /// Whose data it is about. One, so that no record links two pseudonyms of a patient.
        6 => custodian: OrganizationId,
        /// By which right the signer consents.
        7 => grantor: Authority,
        /// Where the consent stands in its life.
        8 => status: ConsentStatus,
        /// When it holds.
        9 => period: Period,
        /// When it was given.
        10 => given_at: Instant,
        /// What it says of an access that no exception is about.
        11 => decision: Effect,
        /// Which accesses it says anything of.
        12 => scope: Elements,
        /// What it says the reverse of.
        13 => provisions: List<Provision, 0, 32>,
        /// By which rules its elements are read; the network's where it says nothing.
        14 => rule_set: Option<RuleSet>,
        /// Laws and policies on which it rests.
        15 => basis: Set<CodeText, 0, 16>,
        /// The version of a research protocol to which it is given.
        16 => protocol: Option<Hash>,
        /// SHA-256 of the document that was signed, such as a FHIR Consent.
        17 => document: Option<Hash>,
        /// The open codes and texts.
        18 => details: Option<SealedDetails>,
    }
}

/// Most actors, codes and ids that the elements of one consent name together, so that deciding is
/// bounded for every consent that is a record.
pub const NAMED: usize = 256;

impl Consent {
    fn check_size(&self) -> Result<(), DecodeProblem> {
        let of_provision = |provision: &Provision| {
            let exceptions = provision.exceptions.iter().map(Elements::size);
            exceptions.fold(provision.elements.size(), usize::saturating_add)
        };
        let provisions = self.provisions.iter().map(of_provision);
        let size = provisions.fold(self.scope.size(), usize::saturating_add);
        if size > NAMED { Err(DecodeProblem::TooMany(to_u64(NAMED))) } else { Ok(()) }
    }
}

impl Elements {
    /// How many actors, codes and ids they name.
    fn size(&self) -> usize {
        let Self { actors, actions, purposes, .. } = self;
        let Self { confidentiality, labels, classes, resources, authors, .. } = self;
        let sealed = [confidentiality, labels, classes, resources, authors];
        let in_clear = [actors.len(), actions.len(), purposes.len()];
        in_clear.into_iter().chain(sealed.map(|set| set.len())).fold(0, usize::saturating_add)
    }
}
