//! One step of a light client, for callers that keep the trusted state.

use alloc::{string::ToString as _, sync::Arc};

use super::{LightBlock, LightChain, LinkedHeader, TrustedHeader};
use crate::{
    anchor::Anchors,
    check::CheckId,
    encoding::{hex::Hash, protobuf::Message as _, time::Timestamp},
    ledger::cometbft::{
        header::Header,
        profile::Profile,
        rules::{At, differ, show, verify_set},
        validator::ValidatorList,
    },
    limits::Limits,
    policy::{Policy, TrustLevel},
    report::{BlockPoint, Reason},
    snapshot::Manifest,
    verification::recorder::{Recorder, Stop},
};

/// What a single step of a light client came to.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum LightVerdict {
    /// The header may be trusted.
    Success,
    /// Too little trusted power signed it: try a header in between.
    NotEnoughTrust,
    /// The check that the light block fails.
    Invalid(CheckId),
    /// The check that the trusted state itself fails: nothing is said of the light block.
    InvalidTrustedState(CheckId),
    /// Neither: a limit, or something that is not supported.
    Inconclusive(Reason),
}

/// What a light client trusts before a step.
#[derive(Clone, Debug)]
pub struct TrustedState {
    /// The trusted header.
    pub header: Header,
    /// The set that its `next_validators_hash` names.
    pub next_validators: ValidatorList,
}

/// The parameters of a step.
#[derive(Clone, Copy, Debug)]
pub struct LightOptions {
    /// Rules of the era.
    pub profile: Profile,
    /// Power that must carry over.
    pub trust_level: TrustLevel,
    /// Seconds for which a header may be trusted.
    pub trusting_period: u64,
    /// Seconds by which a header may be ahead.
    pub clock_drift: u64,
    /// The time of the step.
    pub now: Timestamp,
}

/// Verifies one step from a trusted header to a later light block, signatures included.
///
/// The same rules as a snapshot of light blocks, for callers that keep the trusted state, but for
/// the hash link of neighbors: CometBFT's `VerifyAdjacent` looks at the validators hash alone.
///
/// # Cost
/// One signature check for each vote; the hashes of header and sets.
pub fn verify_step(
    trusted: &TrustedState,
    untrusted: &LightBlock,
    options: &LightOptions,
) -> LightVerdict {
    let mut recorder = Recorder::new(Limits::default());
    let mut chain = match start(&mut recorder, trusted, untrusted, options) {
        Err(Stop::Rejected(failure)) => return LightVerdict::InvalidTrustedState(failure.check),
        Err(Stop::Inconclusive(reason, _)) => return LightVerdict::Inconclusive(reason),
        Ok(chain) => chain,
    };
    let at = At { height: Some(untrusted.signed_header.header.height), offset: 0 };
    let followed = chain.light_block(&mut recorder, &untrusted.to_bytes(), at);
    // Go reports missing trust before it looks at the other signatures.
    match followed.map(|()| chain.pending) {
        Err(Stop::Rejected(failure)) => return LightVerdict::Invalid(failure.check),
        Ok(Some(Reason::NotEnoughTrust)) => return LightVerdict::NotEnoughTrust,
        Err(Stop::Inconclusive(reason, _)) | Ok(Some(reason)) => {
            return LightVerdict::Inconclusive(reason);
        }
        Ok(None) => {}
    }
    recorder.seal();
    while let Some(batch) = recorder.next_batch() {
        recorder.discharge(&batch.verify());
    }
    match recorder.failed() {
        Some(failure) => LightVerdict::Invalid(failure.check),
        None => LightVerdict::Success,
    }
}

/// A chain that stands at the trusted header and waits for the light block.
fn start(
    recorder: &mut Recorder,
    trusted: &TrustedState,
    untrusted: &LightBlock,
    options: &LightOptions,
) -> Result<LightChain, Stop> {
    let header = &trusted.header;
    let at = At { height: Some(header.height), offset: 0 };
    let header_hash = header.compute_hash().unwrap_or(Hash([0; 32]));
    let anchor = crate::anchor::TrustAnchor {
        profile: options.profile,
        chain_id: header.chain_id.clone(),
        height: header.height,
        header_hash,
    };
    let anchors = Arc::new(Anchors { anchors: alloc::vec![anchor], ..Anchors::default() });
    let policy = Policy {
        trust_level: options.trust_level,
        trusting_period: Some(options.trusting_period),
        clock_drift: options.clock_drift,
        now: Some(options.now),
        ..Policy::default()
    };
    let manifest = Manifest {
        family: "cometbft".to_string(),
        chain_id: header.chain_id.clone(),
        first: header.height,
        last: untrusted.signed_header.header.height,
    };
    let mut chain = LightChain::new(anchors, policy, Limits::default(), manifest);
    chain.needs_links = false;
    let next = verify_set(recorder, &trusted.next_validators, at, "next_validators")?;
    recorder.require(
        CheckId::HeaderNextValidatorsHash,
        header.next_validators_hash == Some(next.hash()),
        || {
            let evidence = differ(&show(header.next_validators_hash), &"the set given");
            (at.locus("trusted.next_validators_hash"), evidence)
        },
    )?;
    chain.hold(next);
    let point = BlockPoint { height: header.height, hash: header_hash, time: header.time };
    let linked = LinkedHeader { point, next_validators_hash: header.next_validators_hash };
    chain.last = Some(linked);
    chain.trusted = Some(TrustedHeader(linked));
    Ok(chain)
}
