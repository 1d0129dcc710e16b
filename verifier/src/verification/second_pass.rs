//! A second pass over an input that is trusted: everything that is too long for a report.

use alloc::{boxed::Box, string::String, sync::Arc, vec::Vec};

use super::{Follower, InputKind, Recorder, Verification, recorder::Stop, trust::Trusted};
use crate::{
    anchor::Anchors,
    audit::{Audit, AuditOptions, Finding, ListedAct, Start},
    limits::Limits,
    policy::Policy,
    report::Reason,
};

/// An input whose blocks are trusted and whose contract was run again. Only a verification makes it.
#[derive(Clone, Debug)]
pub struct TrustedInput {
    pub(super) anchors: Arc<Anchors>,
    pub(super) policy: Policy,
    pub(super) limits: Limits,
    pub(super) sha256: String,
    pub(super) trusted: Trusted,
}

/// The bytes of the second pass are not those of the first: nothing that it gave is to be used.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("the input is not the one that was verified")]
pub struct ChangedInput;

/// Runs the contract over the same bytes again and hands out every transaction and every finding.
///
/// ```text
/// with_start? → feed, take_start, take_acts, take_findings … → finish, take_acts, take_findings
/// ```
///
/// Signatures are not checked again: the bytes are the same, which [`Self::finish`] says. What was
/// taken before counts only then.
#[derive(Debug)]
pub struct SecondPass {
    verification: Verification,
    sha256: String,
    trusted: Trusted,
}

impl TrustedInput {
    /// Starts a second pass, over a container or what an export is imported to.
    pub fn second_pass(&self, options: AuditOptions) -> SecondPass {
        let (policy, limits) = (self.policy.clone(), self.limits.clone());
        let anchors = Anchors::clone(&self.anchors);
        let mut verification =
            Verification::new(anchors, policy, limits.clone(), InputKind::Snapshot)
                .with_audit(AuditOptions { is_listing: true, ..options });
        verification.recorder = Recorder::of_second_pass(limits);
        SecondPass { verification, sha256: self.sha256.clone(), trusted: self.trusted }
    }
}

impl SecondPass {
    /// Keeps what stands before the first block until [`Self::take_start`] asks for it.
    #[must_use]
    pub fn with_start(mut self) -> Self {
        self.verification.audit.is_start_listed = true;
        self
    }

    /// Takes the next bytes.
    pub fn feed(&mut self, chunk: &[u8]) {
        // Nothing is outstanding, so that all of it is taken.
        self.verification.feed(chunk);
    }

    /// What stands before the first block, once: none until that block is read, and none without
    /// [`Self::with_start`].
    pub fn take_start(&mut self) -> Option<Start> {
        self.audit().and_then(Audit::take_start)
    }

    /// The transactions that came to light since this was last asked for, in the order of the ledger.
    pub fn take_acts(&mut self) -> Vec<ListedAct> {
        self.audit().map(Audit::take_acts).unwrap_or_default()
    }

    /// The findings that came to light since this was last asked for.
    pub fn take_findings(&mut self) -> Vec<Finding> {
        self.audit().map(Audit::take_findings).unwrap_or_default()
    }

    /// Says that the input is complete. The last transactions and findings can be taken then.
    ///
    /// # Errors
    /// [`ChangedInput`].
    pub fn finish(&mut self) -> Result<(), ChangedInput> {
        self.verification.end();
        let is_same = self.verification.sha256() == self.sha256;
        // A ledger that is trusted and ends too early was the first time what it is now.
        let is_whole =
            matches!(self.verification.stop, None | Some(Stop::Inconclusive(Reason::Stale, _)));
        if is_same && is_whole { Ok(()) } else { Err(ChangedInput) }
    }

    fn audit(&mut self) -> Option<&mut Audit> {
        match &mut self.verification.follower {
            Some(Follower::Chain(chain)) => {
                chain.audit_mut().open_mut(self.trusted).as_mut().map(Box::as_mut)
            }
            Some(Follower::Light(_)) | None => None,
        }
    }
}
