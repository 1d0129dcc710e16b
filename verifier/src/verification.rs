//! One verification from its first byte to its report: the numbered procedure.

mod outcome;
pub(crate) mod recorder;
mod second_pass;
mod totals;
pub(crate) mod trust;

use alloc::{sync::Arc, vec::Vec};

use sha2::{Digest as _, Sha256};

use crate::{
    anchor::{AnchorConflict, Anchors},
    audit::AuditOptions,
    check::CheckId,
    encoding::hex::Hash,
    import::ImportError,
    ledger::cometbft::{
        chain::Chain,
        light::LightChain,
        places::locate,
        rules::{At, differ},
    },
    limits::Limits,
    merkle::anchor_tree::SaltedDigest,
    packet::{self, ClaimReport},
    policy::{Policy, Require, Signatures},
    report::{BlockPoint, Missing, Reason, Report, Unsupported},
    signature::{Batch, Discharged},
    snapshot::{Item, Kind, Manifest, Reader, SnapshotError},
};
use outcome::End;
use recorder::{Recorder, Stop};
pub use second_pass::{ChangedInput, SecondPass, TrustedInput};
use trust::{Provisional, Trusted};

/// How far a verification is.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Progress {
    /// Bytes of the last chunk that were taken; the caller feeds the rest again.
    pub consumed: usize,
    /// Bytes taken in all.
    pub bytes: u64,
    /// Blocks read, checked apart from their signatures.
    pub blocks: u64,
    /// Signatures whose verdict has come back.
    pub signatures: u64,
    /// Signatures handed out or waiting, whose verdict has not.
    pub outstanding: u64,
}

/// What kind of input the bytes come from.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum InputKind {
    /// A snapshot container as it is.
    #[default]
    Snapshot,
    /// Raw exports of a node, imported to a container on the way.
    Export,
    /// An evidence packet.
    Packet,
}

/// Most items that can stand before the first block: genesis, two sets, parameters.
const PRELUDE: usize = 4;

#[derive(Debug)]
enum Follower {
    Chain(alloc::boxed::Box<Chain>),
    Light(alloc::boxed::Box<LightChain>),
}

/// A verification in progress.
///
/// ```text
/// new(anchors, policy, limits) → feed … → end → (next_batch, discharge) … → finish
/// ```
///
/// Signatures are checked by whoever drives: each [`Batch`] from [`Self::next_batch`] is verified
/// anywhere, and its [`Discharged`] given back. [`Self::feed`] takes nothing while too many are
/// outstanding, so memory does not grow with the input.
#[derive(Debug)]
pub struct Verification {
    anchors: Arc<Anchors>,
    policy: Policy,
    limits: Limits,
    audit: AuditOptions,
    kind: InputKind,
    reader: Reader,
    manifest: Option<Manifest>,
    follower: Option<Follower>,
    /// Items before the first block.
    prelude: Vec<(Kind, Vec<u8>, u64)>,
    recorder: Recorder,
    stop: Option<Stop>,
    /// The bytes of a packet: it is looked at when it is whole.
    packet: Vec<u8>,
    /// Of each document that a packet is to be about its digests.
    documents: Vec<Vec<SaltedDigest>>,
    claims: Provisional<Vec<ClaimReport>>,
    /// The lowest header whose state a packet's claim is about.
    until: Option<BlockPoint>,
    sha256: Sha256,
    bytes: u64,
    blocks: u64,
    ended: bool,
}

impl Verification {
    /// Starts a verification of a snapshot or, with [`InputKind::Export`], of what an export is imported to.
    pub fn new(anchors: Anchors, policy: Policy, limits: Limits, kind: InputKind) -> Self {
        Self {
            anchors: Arc::new(anchors),
            policy,
            reader: Reader::new(limits.clone()),
            recorder: Recorder::new(limits.clone()),
            limits,
            audit: AuditOptions::default(),
            kind,
            manifest: None,
            follower: None,
            prelude: Vec::new(),
            stop: None,
            packet: Vec::new(),
            documents: Vec::new(),
            claims: Provisional::default(),
            until: None,
            sha256: Sha256::new(),
            bytes: 0,
            blocks: 0,
            ended: false,
        }
    }

    /// With what the audit is to look for, and a viewing file that opens what records seal.
    #[must_use]
    pub fn with_audit(mut self, options: AuditOptions) -> Self {
        self.audit = options;
        self
    }

    /// With documents that a packet is to be about: of each its digests, one for each of the packet's
    /// [salts](crate::packet::salts). Each must be what some claim is about.
    #[must_use]
    pub fn with_documents(mut self, digests: Vec<Vec<SaltedDigest>>) -> Self {
        self.documents = digests;
        self
    }

    /// Takes the next bytes of the container, or none of them while too many signatures are outstanding.
    ///
    /// After a failure the bytes are still hashed, so that the report names the whole input.
    pub fn feed(&mut self, chunk: &[u8]) -> Progress {
        self.process();
        if self.recorder.is_full() {
            return self.progress(0);
        }
        self.sha256.update(chunk);
        self.bytes = self.bytes.saturating_add(crate::encoding::to_u64(chunk.len()));
        if self.stop.is_none() && self.kind == InputKind::Packet {
            self.hold(chunk);
        } else if self.stop.is_none() {
            self.reader.feed(chunk);
            self.process();
        }
        self.progress(chunk.len())
    }

    /// Keeps the bytes of a packet, as far as the limit allows.
    fn hold(&mut self, chunk: &[u8]) {
        if self.bytes > self.limits.packet_bytes {
            self.packet = Vec::new();
            self.stop = Some(Stop::inconclusive(Reason::Limit("packet_bytes")));
        } else {
            self.packet.extend_from_slice(chunk);
        }
    }

    /// Where the verification is.
    pub fn progress(&self, consumed: usize) -> Progress {
        Progress {
            consumed,
            bytes: self.bytes,
            blocks: self.blocks,
            signatures: self.recorder.discharged(),
            outstanding: self.recorder.outstanding(),
        }
    }

    /// The next signatures to check; more may come after every [`Self::feed`] and [`Self::end`].
    pub fn next_batch(&mut self) -> Option<Batch> {
        self.recorder.next_batch()
    }

    /// Takes the verdicts of a batch back. A batch that is not outstanding is ignored.
    pub fn discharge(&mut self, discharged: &Discharged) -> bool {
        self.recorder.discharge(discharged)
    }

    /// Says that the input is complete. Call again until it returns `true`; discharge in between.
    pub fn end(&mut self) -> bool {
        self.process();
        if self.stop.is_none() && self.recorder.is_full() {
            return false;
        }
        if !self.ended {
            self.ended = true;
            if self.stop.is_none() {
                let result = self.verify_end();
                self.stop_with(result);
            }
            self.recorder.seal();
        }
        true
    }

    /// Says that the export could not be imported any further.
    pub fn end_import(&mut self, error: &ImportError) {
        self.process();
        if self.stop.is_none() {
            self.stop = Some(outcome::import_stop(error));
        }
        self.ended = true;
        self.recorder.seal();
    }

    /// The report. Without [`Self::end`], or with signatures outstanding, it is `Inconclusive`.
    pub fn finish(self) -> Report {
        self.conclude().0
    }

    /// The report, and where its blocks are trusted and the contract was run again, what a second pass
    /// over the same bytes needs.
    pub fn conclude(self) -> (Report, Option<TrustedInput>) {
        let complete = self.ended && self.recorder.outstanding() == 0;
        let abandoned = (!complete).then_some(Reason::Cancelled);
        let (anchors, policy) = (Arc::clone(&self.anchors), self.policy.clone());
        let limits = self.limits.clone();
        let (report, trusted) = self.into_report(abandoned);
        let trusted = trusted.filter(|_| report.audit.is_some());
        let input = trusted.map(|trusted| TrustedInput {
            anchors,
            policy,
            limits,
            sha256: report.input.sha256.clone(),
            trusted,
        });
        (report, input)
    }

    /// The report of a verification that is given up.
    pub fn abandon(self, reason: Reason) -> Report {
        self.into_report(Some(reason)).0
    }

    /// Runs a whole verification of bytes in memory, signatures included.
    pub fn run(mut self, bytes: &[u8]) -> Report {
        for chunk in bytes.chunks(1 << 20) {
            let mut rest = chunk;
            while !rest.is_empty() {
                let consumed = self.feed(rest).consumed;
                rest = rest.get(consumed..).unwrap_or_default();
                self.discharge_inline();
            }
        }
        while !self.end() {
            self.discharge_inline();
        }
        self.discharge_inline();
        self.finish()
    }

    /// Checks every batch that is ready on the spot. Returns how many there were.
    pub fn discharge_inline(&mut self) -> usize {
        let mut batches: usize = 0;
        while let Some(batch) = self.next_batch() {
            self.discharge(&batch.verify());
            batches = batches.saturating_add(1);
        }
        batches
    }

    /// Reads items while the obligations allow it.
    fn process(&mut self) {
        while self.stop.is_none() && !self.recorder.is_full() {
            let item = match self.reader.next_item() {
                Ok(Some(item)) => item,
                Ok(None) => return,
                Err(error) => {
                    self.stop_with(Err(outcome::snapshot_stop(&error)));
                    return;
                }
            };
            let result = self.item(item);
            self.stop_with(result);
        }
    }

    fn stop_with(&mut self, result: Result<(), Stop>) {
        if let Err(stop) = result {
            self.stop = Some(stop);
        }
    }

    /// Steps 1 to 5 for one item.
    fn item(&mut self, item: Item) -> Result<(), Stop> {
        let (kind, bytes, offset) = match item {
            Item::Manifest(manifest) => return self.manifest(manifest),
            Item::End => return Ok(()),
            Item::Payload { kind, bytes, offset } => (kind, bytes, offset),
        };
        self.recorder.pass(CheckId::SnapshotFraming);
        // Blocks or light blocks: the first of them shows which; what stands before waits for it.
        let is_block = matches!(kind, Kind::Block | Kind::LightBlock);
        let decides = is_block || kind == Kind::State;
        if self.follower.is_none() && !decides && self.prelude.len() < PRELUDE {
            self.prelude.push((kind, bytes, offset));
            return Ok(());
        }
        if is_block {
            self.blocks = self.blocks.saturating_add(1);
        }
        self.start_following(kind == Kind::LightBlock)?;
        self.follow(kind, &bytes, offset)
    }

    /// Creates the follower, unless there is one, and hands it what came before.
    fn start_following(&mut self, is_light: bool) -> Result<(), Stop> {
        let (None, Some(manifest)) = (&self.follower, self.manifest.clone()) else {
            return Ok(());
        };
        let (anchors, limits) = (Arc::clone(&self.anchors), self.limits.clone());
        self.follower = Some(if is_light {
            let policy = self.policy.clone();
            Follower::Light(LightChain::new(anchors, policy, limits, manifest).into())
        } else {
            let audit = core::mem::take(&mut self.audit);
            let signatures = self.policy.signatures;
            Follower::Chain(Chain::new(anchors, signatures, audit, limits, manifest).into())
        });
        for (kind, bytes, offset) in core::mem::take(&mut self.prelude) {
            self.follow(kind, &bytes, offset)?;
        }
        Ok(())
    }

    fn follow(&mut self, kind: Kind, bytes: &[u8], offset: u64) -> Result<(), Stop> {
        let result = match &mut self.follower {
            Some(Follower::Chain(chain)) => chain.item(&mut self.recorder, kind, bytes, offset),
            Some(Follower::Light(light)) => light.item(&mut self.recorder, kind, bytes, offset),
            None => Ok(()),
        };
        result.map_err(|mut stop| {
            let locus = stop.locus_mut();
            // A step names the item and the field path; which byte that is, is looked up only now.
            if locus.offset == Some(offset) {
                let within = locate(kind, bytes, &locus.path);
                locus.offset = Some(offset.saturating_add(within));
            }
            stop
        })
    }

    fn manifest(&mut self, manifest: Manifest) -> Result<(), Stop> {
        if manifest.family != "cometbft" {
            return Err(Stop::inconclusive(Reason::Unsupported(Unsupported::Family)));
        }
        let in_order = manifest.first > 0 && manifest.first <= manifest.last;
        let at = At { height: None, offset: 0 };
        self.recorder.require(CheckId::SnapshotManifest, in_order, || {
            let claimed = alloc::format!("{} to {}", manifest.first, manifest.last);
            (
                at.locus("manifest"),
                differ(&claimed, &"a first height of 1 or more, not after the last"),
            )
        })?;
        let anchors = &self.anchors.anchors;
        if let Some(conflict) = self.anchors.conflict() {
            return Err(Stop::inconclusive(Reason::AnchorConflict(conflict)));
        }
        if anchors.iter().any(|anchor| anchor.chain_id != manifest.chain_id) {
            return Err(Stop::inconclusive(Reason::AnchorChain));
        }
        let range = manifest.first..=manifest.last;
        if let Some(anchor) = anchors.iter().find(|anchor| !range.contains(&anchor.height)) {
            let height = anchor.height;
            return Err(Stop::inconclusive(Reason::AnchorOutOfRange { height }));
        }
        if !anchors.is_empty() && self.anchors.profile_at(manifest.first).is_none() {
            let conflict = AnchorConflict::NoProfile;
            return Err(Stop::inconclusive(Reason::AnchorConflict(conflict)));
        }
        let at_tip = anchors.iter().any(|anchor| anchor.height == manifest.last);
        if self.policy.signatures == Signatures::HashLinks && !at_tip {
            return Err(Stop::inconclusive(Reason::Policy));
        }
        self.manifest = Some(manifest);
        Ok(())
    }

    /// Steps 1 and 6: the input is complete, and says all that the policy asks for.
    fn verify_end(&mut self) -> Result<(), Stop> {
        if self.kind == InputKind::Packet {
            return self.verify_packet();
        }
        if let Err(error) = self.reader.finish()
            && !self.recorder.is_disabled(error.check())
        {
            return Err(outcome::snapshot_stop(&error));
        }
        let offset = self.bytes;
        self.start_following(false)?;
        match &mut self.follower {
            Some(Follower::Chain(chain)) => chain.end(&mut self.recorder, offset)?,
            Some(Follower::Light(light)) => light.end(&mut self.recorder, offset)?,
            None => return Err(Stop::inconclusive(Reason::Incomplete(Missing::Everything))),
        }
        if self.kind == InputKind::Export {
            self.recorder.pass(CheckId::ImportDecoded);
            self.recorder.pass(CheckId::ImportConsistent);
        }
        self.recorder.pass(CheckId::SnapshotComplete);
        self.recorder.end_block(None, 0);
        self.verify_requirements()
    }

    /// Step 7: a packet, which is whole by now; then what of step 6 is about it.
    fn verify_packet(&mut self) -> Result<(), Stop> {
        let context = packet::verify::Context {
            anchors: &self.anchors,
            policy: &self.policy,
            limits: &self.limits,
            documents: &self.documents,
            view: self.audit.view.as_ref(),
        };
        let outcome = packet::verify::verify(&mut self.recorder, &self.packet, context)?;
        self.manifest = Some(outcome.manifest);
        self.claims.update(|claims| *claims = outcome.claims);
        self.until = outcome.until;
        self.recorder.end_block(None, 0);
        if self.policy.require == Require::Contract {
            return Err(Stop::inconclusive(Reason::Incomplete(Missing::Execution)));
        }
        self.verify_recent(Some(outcome.last))
    }

    /// Step 6: what is there is consistent; is it what was asked for?
    fn verify_requirements(&self) -> Result<(), Stop> {
        let inconclusive = |reason| Err(Stop::inconclusive(reason));
        let last = match &self.follower {
            None => return inconclusive(Reason::Incomplete(Missing::Everything)),
            Some(Follower::Light(_)) if self.policy.require > Require::Headers => {
                return inconclusive(Reason::Incomplete(Missing::Blocks));
            }
            Some(Follower::Light(light)) => {
                if let Some(doubt) = light.doubt() {
                    return inconclusive(doubt);
                }
                light.last_point()
            }
            Some(Follower::Chain(chain)) => {
                if !chain.has_last_commit() {
                    return inconclusive(Reason::Incomplete(Missing::LastCommit));
                }
                if self.policy.require >= Require::Ledger
                    && let Some(reason) = chain.missing_contract()
                {
                    return inconclusive(reason);
                }
                if self.policy.require == Require::Contract && !chain.is_executed() {
                    return inconclusive(Reason::Incomplete(Missing::Contract));
                }
                chain.last_point()
            }
        };
        self.verify_recent(last)
    }

    /// The input does not end before what the anchors ask for.
    fn verify_recent(&self, last: Option<BlockPoint>) -> Result<(), Stop> {
        let Some(end) = End::of(last, self.until) else { return Ok(()) };
        let is_reached = self.anchors.at_least.is_none_or(|least| end.reaches(least));
        let is_covered = self.anchors.as_of.is_none_or(|as_of| end.covers(as_of));
        if is_reached && is_covered { Ok(()) } else { Err(Stop::inconclusive(Reason::Stale)) }
    }

    /// SHA-256 of the bytes taken so far.
    fn sha256(&self) -> alloc::string::String {
        Hash(self.sha256.clone().finalize().into()).to_lower_hex()
    }

    fn into_report(self, abandoned: Option<Reason>) -> (Report, Option<Trusted>) {
        let is_light = matches!(self.follower, Some(Follower::Light(_)));
        let is_executed =
            matches!(&self.follower, Some(Follower::Chain(chain)) if chain.is_executed());
        let sha256 = self.sha256();
        let audit = match self.follower {
            Some(Follower::Chain(chain)) => chain.into_audit(),
            Some(Follower::Light(_)) | None => Provisional::default(),
        };
        outcome::Outcome {
            anchors: &self.anchors,
            policy: self.policy,
            limits: self.limits,
            manifest: self.manifest,
            kind: self.kind,
            bytes: self.bytes,
            sha256,
            is_light,
            is_executed,
            audit,
            claims: self.claims,
            until: self.until,
            stop: self.stop,
            abandoned,
        }
        .report(self.recorder)
    }
}

#[cfg(test)]
impl Verification {
    /// Lets one check pass whatever it finds, to show what it is for. Test builds only.
    pub(crate) fn without(mut self, check: CheckId) -> Self {
        self.recorder.disabled = Some(check);
        self
    }
}

impl SnapshotError {
    /// The check that the error is a failure of.
    pub fn check(&self) -> CheckId {
        match self {
            Self::Framing { .. } | Self::UnknownKind { .. } | Self::Limit { .. } => {
                CheckId::SnapshotFraming
            }
            Self::Manifest { .. } => CheckId::SnapshotManifest,
            Self::Counts { .. } | Self::TrailingBytes { .. } | Self::Truncated { .. } => {
                CheckId::SnapshotComplete
            }
        }
    }

    /// The byte it happened at.
    pub fn offset(&self) -> u64 {
        match self {
            Self::Framing { offset }
            | Self::UnknownKind { offset, .. }
            | Self::Manifest { offset }
            | Self::Limit { offset, .. }
            | Self::Counts { offset, .. }
            | Self::TrailingBytes { offset }
            | Self::Truncated { offset } => *offset,
        }
    }
}
