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

/// What one claim comes to.
#[derive(Debug, Default)]
pub(crate) struct Established {
    pub(crate) proven: String,
    pub(crate) not_proven: String,
    pub(crate) withheld: u64,
    pub(crate) records: Vec<ShownRecord>,
}

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

/// The claims at work: what they may look at, and what they came to.
pub(crate) struct Claims<'r, 'a> {
    recorder: &'r mut Recorder,
    pub(super) headers: Headers<'a>,
    /// Records of earlier claims, and whether the contract accepted them.
    records: Vec<(Record, bool)>,
    /// Which of the user's documents a claim is about.
    compared: BTreeSet<usize>,
    /// Up to where the claims about the state go that go least far.
    until: Option<BlockPoint>,
    pub(super) reports: Vec<ClaimReport>,
}

impl<'r, 'a> Claims<'r, 'a> {
    pub(super) fn new(recorder: &'r mut Recorder, headers: Headers<'a>) -> Self {
        let (records, reports) = (Vec::new(), Vec::new());
        Self { recorder, headers, records, compared: BTreeSet::new(), until: None, reports }
    }

    pub(super) fn verify(&mut self, claim: &Claim) -> Result<(), Stop> {
        let Established { proven, not_proven, withheld, records } = claim.verify(self)?;
        let kind = claim.name().to_string();
        self.reports.push(ClaimReport { kind, proven, not_proven, withheld, records });
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
            self.recorder.skip(CheckId::ContractSignature, SkipReason::NotApplicable);
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
    pub(super) fn remember(&mut self, record: Record, is_accepted: bool) {
        self.records.push((record, is_accepted));
    }

    /// A record of an earlier claim, and whether the contract accepted it.
    pub(super) fn remembered(&mut self, index: u64, path: &str) -> Result<(Record, bool), Stop> {
        let index = usize::try_from(index).ok();
        let record = index.and_then(|index| self.records.get(index)).cloned();
        self.required(record, path)
    }

    /// Whether one of the user's documents is the one that `proof` includes; notes which.
    pub(super) fn compare_document(
        &mut self,
        is_included: impl Fn(&SaltedDigest) -> bool,
    ) -> Result<bool, Stop> {
        let documents = self.headers.context.documents;
        if documents.is_empty() {
            return Err(Stop::inconclusive(Reason::Incomplete(Missing::Document)));
        }
        let found = documents.iter().position(|digests| digests.iter().any(&is_included));
        self.compared.extend(found);
        Ok(found.is_some())
    }

    /// Each of the user's documents is the one that some claim is about.
    pub(super) fn verify_compared(&mut self) -> Result<(), Stop> {
        let given = self.headers.context.documents.len();
        let are_compared = self.compared.len() == given;
        self.recorder.require(CheckId::DocumentIncluded, are_compared, || {
            let claimed = format!("{} of {given} documents", self.compared.len());
            (locus("claims"), differ(&claimed, &"a claim about each document that was given"))
        })
    }

    /// A claim about the state that a header attests, which is that after the block before it: the
    /// height of that block.
    pub(super) fn state_until(&mut self, header: u64, path: &str) -> Result<u64, Stop> {
        let point = self.header(header, path)?.point;
        let height = point.height.saturating_sub(1);
        let until = BlockPoint { height, ..point };
        if self.until.is_none_or(|known| height < known.height) {
            self.until = Some(until);
        }
        Ok(height)
    }

    /// What `at-least` and `as-of` are asked of, if a claim is about the state: a header further on does
    /// not make an older state newer.
    pub(super) const fn until(&self) -> Option<BlockPoint> {
        self.until
    }
}
