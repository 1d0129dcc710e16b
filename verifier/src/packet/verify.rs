//! The procedure: from the bytes of a packet to what is proven.

use alloc::{boxed::Box, string::ToString as _, vec::Vec};

use super::{
    Packet, claim::Claim, claims::Claims, headers::Headers, link::Signed, report::ClaimReport,
};
use crate::{
    anchor::Anchors,
    check::CheckId,
    encoding::DecodeError,
    ledger::cometbft::rules::differ,
    limits::Limits,
    merkle::anchor_tree::{DocumentProof, Salt, SaltedDigest},
    policy::Policy,
    record::view::ViewingFile,
    report::{BlockPoint, Evidence, Locus},
    snapshot::Manifest,
    verification::recorder::{Failure, Recorder, Stop},
};

/// What does not come from the packet.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Context<'a> {
    pub(crate) anchors: &'a Anchors,
    pub(crate) policy: &'a Policy,
    pub(crate) limits: &'a Limits,
    /// The documents that the user has: of each its digests, one for each salt.
    pub(crate) documents: &'a [Vec<SaltedDigest>],
    /// What opens what records seal.
    pub(crate) view: Option<&'a ViewingFile>,
}

/// What a packet shows, if its signatures are right and its start is the user's anchor.
#[derive(Debug)]
pub(crate) struct Outcome {
    /// Chain and heights, as a snapshot's manifest has them.
    pub(crate) manifest: Manifest,
    /// The highest header.
    pub(crate) last: BlockPoint,
    /// The lowest header whose state a claim is about.
    pub(crate) until: Option<BlockPoint>,
    pub(crate) claims: Vec<ClaimReport>,
}

/// Verifies a packet (step 7 of `docs/verification.md`). Signatures become obligations.
pub(crate) fn verify(
    recorder: &mut Recorder,
    bytes: &[u8],
    context: Context<'_>,
) -> Result<Outcome, Stop> {
    // Step 7.1: the file is a packet in its one encoding.
    let packet = Packet::decode(bytes).map_err(|error| encoding(error, 0, ""))?;
    recorder.pass(CheckId::PacketEncoding);
    // Step 7.2: its headers are headers of the anchors' chain, and those at their heights are theirs.
    let mut headers = Headers::read(recorder, &packet, context)?;
    // Step 7.3: each is reached from the start, by a commit or by hashes.
    let mut signed = Signed::read(recorder, &packet, context.limits.validators)?;
    for link in packet.links.iter() {
        link.verify(recorder, &mut headers, &mut signed)?;
    }
    headers.verify_reached(recorder)?;
    headers.verify_anchors()?;
    // Step 7.4: the claims follow from headers that were reached.
    let mut claims = Claims::new(recorder, headers);
    for claim in packet.claims.iter() {
        claims.verify(claim)?;
    }
    claims.verify_compared()?;
    // Step 7.5: nothing is there that was not needed.
    let until = claims.until();
    let Claims { headers, reports, .. } = claims;
    let are_used = headers.are_used() && signed.are_used();
    recorder.require(CheckId::PacketUsed, are_used, || {
        (locus("packet"), differ(&"a header, set or commit without use", &"none"))
    })?;
    headers.end(recorder, reports, until)
}

/// The salts of the documents that a packet is about: whoever has a document makes its digest with each.
///
/// # Errors
/// That of [`Packet::decode`], or of a proof in it.
pub fn salts(bytes: &[u8]) -> Result<Vec<Salt>, DecodeError> {
    let packet = Packet::decode(bytes)?;
    let documents = packet.claims.iter().filter_map(|claim| match claim {
        Claim::Document(claim) => Some(&claim.proof),
        Claim::Header(_)
        | Claim::Record(_)
        | Claim::Subject(_)
        | Claim::Consent(_)
        | Claim::Absence(_) => None,
    });
    documents.map(|proof| DocumentProof::decode(proof).map(|proof| proof.salt)).collect()
}

/// A place in the packet that has no single byte.
pub(super) fn locus(path: &str) -> Locus {
    Locus { path: path.to_string(), ..Locus::default() }
}

/// Bytes that are not in their one encoding.
pub(super) fn encoding(error: DecodeError, offset: u64, path: &str) -> Stop {
    let problem = error.problem.to_string();
    let error = error.shifted(offset);
    let error = if path.is_empty() { error } else { error.within(path) };
    Stop::Rejected(Box::new(Failure {
        check: CheckId::PacketEncoding,
        locus: Locus { path: error.path, offset: Some(error.offset), ..Locus::default() },
        evidence: Some(Evidence {
            claimed: problem,
            computed: "a packet as docs/packet-format.md specifies it".to_string(),
        }),
    }))
}
