//! The claims of a packet at work: what they may look at, and what they came to.

use alloc::{
    collections::BTreeSet,
    format,
    string::{String, ToString as _},
    vec::Vec,
};

use super::{
    Bytes,
    claim::Claim,
    headers::{Headers, PacketHeader},
    report::{ClaimReport, ShownRecord},
    verify::{encoding, locus},
};
use crate::{
    check::CheckId,
    contract::CONTRACT_VERSION,
    encoding::{DecodeError, to_u64},
    ledger::cometbft::rules::differ,
    merkle::anchor_tree::SaltedDigest,
    record::Record,
    report::{BlockPoint, Evidence, Missing, Reason, SkipReason, Unsupported},
    signature::SignatureRule,
    state::{End, Proof},
    verification::recorder::{Origin, Place, Recorder, Stop},
};

/// A record that was read, and what its signature is of.
pub(crate) struct Read {
    pub(crate) record: Record,
    key: [u8; 32],
    message: Vec<u8>,
    signature: [u8; 64],
    length: usize,
    /// Whether the contract says that the signature is not its signer's.
    is_refused: bool,
}

/// A record of an earlier claim.
#[derive(Clone)]
pub(crate) struct Known {
    pub(crate) record: Record,
    /// Whether the contract accepted it.
    pub(crate) is_accepted: bool,
    /// The header that attests its result.
    pub(crate) attested_by: BlockPoint,
}

/// The claims at work: what they may look at, and what they came to.
pub(crate) struct Claims<'r, 'a> {
    recorder: &'r mut Recorder,
    pub(super) headers: Headers<'a>,
    /// Records of earlier claims.
    known: Vec<Known>,
    /// Which of the user's documents a claim is about.
    compared: BTreeSet<usize>,
    /// Claims about documents so far.
    of_documents: usize,
    /// The lowest header whose state a claim is about.
    until: Option<BlockPoint>,
    pub(super) reports: Vec<ClaimReport>,
}

impl<'r, 'a> Claims<'r, 'a> {
    pub(super) fn new(recorder: &'r mut Recorder, headers: Headers<'a>) -> Self {
        let (known, reports) = (Vec::new(), Vec::new());
        let (compared, of_documents, until) = (BTreeSet::new(), 0, None);
        Self { recorder, headers, known, compared, of_documents, until, reports }
    }

    pub(super) fn verify(&mut self, claim: &Claim) -> Result<(), Stop> {
        let report = claim.verify(self)?;
        self.reports.push(report);
        Ok(())
    }

    fn path(&self, path: &str) -> String {
        format!("claims[{}].{path}", self.reports.len())
    }

    /// A check of the claim.
    pub(super) fn require(
        &mut self,
        check: CheckId,
        holds: bool,
        path: &str,
        evidence: impl FnOnce() -> Evidence,
    ) -> Result<(), Stop> {
        let path = self.path(path);
        self.recorder.require(check, holds, || (locus(&path), evidence()))
    }

    /// What the claim cannot be read without.
    pub(super) fn required<T>(&mut self, value: Option<T>, path: &str) -> Result<T, Stop> {
        self.require(CheckId::PacketReferences, value.is_some(), path, || {
            differ(&"nothing of the kind", &"what the claim is about")
        })?;
        value.ok_or_else(|| Stop::inconclusive(Reason::Engine))
    }

    /// What bytes at this offset decode to.
    pub(super) fn decoded<T>(
        &self,
        decoded: Result<T, DecodeError>,
        offset: u64,
        path: &str,
    ) -> Result<T, Stop> {
        decoded.map_err(|error| encoding(error, offset, &self.path(path)))
    }

    /// A header that was reached.
    pub(super) fn header(&mut self, index: u64, path: &str) -> Result<&PacketHeader, Stop> {
        let path = self.path(path);
        let header = self.headers.referred(self.recorder, index, &path)?;
        header.is_used = true;
        Ok(header)
    }

    /// A header of a block that the contract runs on.
    pub(super) fn contract_header(
        &mut self,
        index: u64,
        path: &str,
    ) -> Result<&PacketHeader, Stop> {
        let header = self.header(index, path)?;
        if header.header.version_app == CONTRACT_VERSION {
            Ok(header)
        } else {
            Err(Stop::inconclusive(Reason::Unsupported(Unsupported::Contract)))
        }
    }

    /// The value of a key in the state of a header's app hash, if it has one.
    pub(super) fn state_value(
        &mut self,
        header: u64,
        proof: &Bytes,
        key: &[u8],
        path: &str,
    ) -> Result<Option<Vec<u8>>, Stop> {
        let app_hash = self.contract_header(header, path)?.header.app_hash.clone();
        let decoded = self.decoded(Proof::decode(proof), proof.offset(), path)?;
        let computed = decoded.compute_root(key);
        let holds = computed.as_ref().is_ok_and(|root| app_hash == root.0);
        self.require(CheckId::StateProof, holds, path, || {
            let computed = match &computed {
                Ok(root) => root.to_string(),
                Err(error) => error.to_string(),
            };
            differ(&::hex::encode_upper(&app_hash), &computed)
        })?;
        Ok(match decoded.end {
            End::Value(value) => Some(value),
            End::Empty | End::Other { .. } => None,
        })
    }

    /// Reads a record.
    pub(super) fn record(&mut self, bytes: &Bytes, is_refused: bool) -> Result<Read, Stop> {
        let chain_id = &self.headers.chain_id;
        let decoded = Record::decode(bytes, chain_id);
        let (record, envelope) = self.decoded(decoded, bytes.offset(), "transaction")?;
        let (key, signature) = (envelope.signer.0, envelope.signature);
        let message = envelope.signed_bytes(chain_id);
        Ok(Read { record, key, message, signature, length: bytes.len(), is_refused })
    }

    /// Asks for a record's signature to be checked.
    pub(super) fn oblige(&mut self, read: &Read, height: u64, offset: u64) {
        if read.is_refused {
            // That it is wrong is what the result says.
            self.recorder.skip(CheckId::ContractSignature, SkipReason::Refused);
            return;
        }
        // The signature is the last of a record.
        let before = read.length.saturating_sub(read.signature.len());
        let origin = Origin {
            check: CheckId::ContractSignature,
            height,
            place: Place::Claim,
            index: self.reports.len(),
            offset: offset.saturating_add(to_u64(before)),
        };
        let Read { key, message, signature, .. } = read;
        self.recorder.oblige(SignatureRule::Consent, key, message, signature, origin);
        self.recorder.pass(CheckId::ContractSignature);
    }

    /// Keeps a record for claims that refer to it.
    pub(super) fn keep(&mut self, known: Known) {
        self.known.push(known);
    }

    /// A record of an earlier claim.
    pub(super) fn known(&mut self, index: u64, path: &str) -> Result<Known, Stop> {
        let index = usize::try_from(index).ok();
        let known = index.and_then(|index| self.known.get(index)).cloned();
        self.required(known, path)
    }

    /// The digest of the user's document that is the one of this claim; notes which document it is.
    ///
    /// A document has a digest for each claim about one, with the salt of that claim.
    pub(super) fn compare_document(
        &mut self,
        is_included: impl Fn(&SaltedDigest) -> bool,
    ) -> Result<Option<SaltedDigest>, Stop> {
        let documents = self.headers.context.documents;
        if documents.is_empty() {
            return Err(Stop::inconclusive(Reason::Incomplete(Missing::Document)));
        }
        let number = self.of_documents;
        self.of_documents = number.saturating_add(1);
        let digests = documents.iter().map(|digests| digests.get(number)).enumerate();
        let mut found = None;
        for (place, digest) in digests {
            if let Some(digest) = digest.filter(|digest| is_included(digest)) {
                // The same document may have been given twice.
                self.compared.insert(place);
                found = Some(*digest);
            }
        }
        Ok(found)
    }

    /// Each of the user's documents is the one that some claim is about. One that is not says nothing
    /// against the packet, and must not seem to be proven by it.
    pub(super) fn verify_compared(&self) -> Result<(), Stop> {
        let are_compared = self.compared.len() == self.headers.context.documents.len();
        if are_compared || self.recorder.is_disabled(CheckId::DocumentIncluded) {
            Ok(())
        } else {
            Err(Stop::inconclusive(Reason::Incomplete(Missing::Claim)))
        }
    }

    /// A claim about the state that a header attests, which is that after the block before it.
    pub(super) fn of_state(
        &mut self,
        kind: &str,
        header: u64,
        path: &str,
    ) -> Result<ClaimReport, Stop> {
        let point = self.header(header, path)?.point;
        let lowest = self.until.filter(|known| known.height <= point.height);
        self.until = Some(lowest.unwrap_or(point));
        Ok(ClaimReport::of_state(kind, point))
    }

    /// The lowest header that attests a state, if a claim is about the state: `at-least` and `as-of` are
    /// asked of it, since a header further on does not make an older state newer.
    pub(super) const fn until(&self) -> Option<BlockPoint> {
        self.until
    }

    /// What a report says of a record.
    pub(super) fn shown(
        &self,
        place: (u64, u64),
        record: &Record,
        code: u64,
        data: &[u8],
    ) -> ShownRecord {
        ShownRecord::new(place, record, code, data, self.headers.context.view)
    }
}
