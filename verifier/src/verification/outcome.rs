//! From what was established to the report. The only place that says `Verified`.

use alloc::{
    boxed::Box,
    string::{String, ToString as _},
    vec::Vec,
};

use super::{
    InputKind,
    recorder::{Failure, Recorder, Stop, Totals, VoteCounts},
};
use crate::{
    anchor::Anchors,
    check::CheckId,
    encoding::hex::Address,
    import::ImportError,
    ledger::cometbft::profile::TimeRule,
    limits::Limits,
    policy::{Policy, Signatures},
    report::{
        AnchorEntry, CheckEntry, Evidence, Input, Ledger, Locus, NotProven,
        Outcome as CheckOutcome, Participant, Reason, Report, SCHEMA, SkipReason, Status, Tool,
        VerdictEntry,
    },
    snapshot::{Manifest, SnapshotError},
};

/// Everything that the report is made of, except what the recorder holds.
pub(super) struct Outcome<'a> {
    pub(super) anchors: &'a Anchors,
    pub(super) policy: Policy,
    pub(super) limits: Limits,
    pub(super) manifest: Option<Manifest>,
    pub(super) kind: InputKind,
    pub(super) bytes: u64,
    pub(super) sha256: String,
    pub(super) is_light: bool,
    pub(super) stop: Option<Stop>,
    pub(super) abandoned: Option<Reason>,
}

/// A fault of the container as a stop.
pub(super) fn snapshot_stop(error: &SnapshotError) -> Stop {
    let locus =
        Locus { path: "snapshot".to_string(), offset: Some(error.offset()), ..Locus::default() };
    if let SnapshotError::Limit { name, .. } = error {
        return Stop::Inconclusive(Reason::Limit(name), Box::new(locus));
    }
    Stop::Rejected(Box::new(Failure {
        check: error.check(),
        locus,
        evidence: Some(Evidence {
            claimed: error.to_string(),
            computed: "a snapshot as docs/snapshot-format.md specifies it".to_string(),
        }),
    }))
}

/// A fault of a raw export as a stop.
pub(super) fn import_stop(error: &ImportError) -> Stop {
    let locus = error.locus();
    match error.outcome() {
        Ok(check) => Stop::Rejected(Box::new(Failure {
            check,
            locus,
            evidence: Some(Evidence {
                claimed: error.to_string(),
                computed: check.says().to_string(),
            }),
        })),
        Err(reason) => Stop::Inconclusive(reason, Box::new(locus)),
    }
}

impl Outcome<'_> {
    /// The lowest failure decides; then what stopped or is missing; only then is it verified.
    pub(super) fn report(self, recorder: Recorder) -> Report {
        let (failed_signature, totals) = recorder.into_parts();
        // A signature that fails was asked for before whatever stopped the processing.
        let failure = failed_signature
            .or_else(|| match &self.stop {
                Some(Stop::Rejected(failure)) => Some((**failure).clone()),
                Some(Stop::Inconclusive(..)) | None => None,
            })
            .filter(|_| self.abandoned.is_none());
        let verdict = self.verdict(failure.as_ref());
        let status = verdict.status;
        Report {
            schema: SCHEMA.to_string(),
            verdict,
            ledger: self.ledger(&totals),
            last_checked: totals.last,
            test_keys: totals.test_keys,
            anchors: self.anchor_entries(status, &totals),
            counts: totals.counts,
            participation: participation(&totals),
            participants_omitted: totals.participants_omitted,
            checks: checks(&totals, failure.as_ref(), status, self.kind),
            not_proven: self.not_proven(status, &totals),
            findings: totals.findings,
            findings_omitted: totals.findings_omitted,
            policy: self.policy,
            limits: self.limits,
            input: Input {
                kind: match self.kind {
                    InputKind::Snapshot => "snapshot".to_string(),
                    InputKind::Export => "export".to_string(),
                },
                bytes: self.bytes,
                sha256: self.sha256,
            },
            tool: Tool {
                name: "vidimus".to_string(),
                version: env!("CARGO_PKG_VERSION").to_string(),
            },
        }
    }

    fn verdict(&self, failure: Option<&Failure>) -> VerdictEntry {
        let inconclusive = |reason: &Reason, locus: Option<Locus>| VerdictEntry {
            status: Status::Inconclusive,
            code: reason.code().to_string(),
            reason: reason.sentence(),
            locus: locus.filter(|locus| *locus != Locus::default()),
            evidence: None,
        };
        if let Some(reason) = &self.abandoned {
            return inconclusive(reason, None);
        }
        if let Some(failure) = failure {
            return VerdictEntry {
                status: Status::Rejected,
                code: failure.check.id().to_string(),
                reason: alloc::format!(
                    "This does not hold: {} {}",
                    failure.check.says(),
                    failure.check.why()
                ),
                locus: Some(failure.locus.clone()),
                evidence: failure.evidence.clone(),
            };
        }
        match &self.stop {
            Some(Stop::Inconclusive(reason, locus)) => {
                inconclusive(reason, Some((**locus).clone()))
            }
            Some(Stop::Rejected(_)) => inconclusive(&Reason::Engine, None),
            None => VerdictEntry {
                status: Status::Verified,
                code: "verified".to_string(),
                reason: "Everything that the policy asks for is proven from the anchors given."
                    .to_string(),
                locus: None,
                evidence: None,
            },
        }
    }

    fn ledger(&self, totals: &Totals) -> Option<Ledger> {
        let manifest = self.manifest.as_ref()?;
        let (first, last) = (totals.first?, totals.last?);
        Some(Ledger {
            family: manifest.family.clone(),
            profile: self.anchors.profile_at(last.height).map(|profile| profile.name().to_string()),
            chain_id: manifest.chain_id.clone(),
            first,
            last,
        })
    }

    /// Each line of the anchor text, and whether the part that was checked meets it.
    fn anchor_entries(&self, status: Status, totals: &Totals) -> Vec<AnchorEntry> {
        let anchors = self.anchors;
        let met = anchors.anchors.iter().map(|anchor| totals.anchors_met.contains(&anchor.height));
        let eras = anchors.eras.iter().map(|_| status == Status::Verified);
        let last = totals.last;
        let at_least =
            anchors.at_least.iter().map(|least| last.is_some_and(|last| last.height >= *least));
        let as_of = anchors.as_of.iter().map(|time| last.is_some_and(|last| last.time >= *time));
        let holds = met.chain(eras).chain(at_least).chain(as_of);
        let lines = anchors.to_lines().into_iter().zip(holds);
        lines.map(|(line, holds)| AnchorEntry { line, holds }).collect()
    }

    /// What no run of this kind can show, and what this one did not.
    fn not_proven(&self, status: Status, totals: &Totals) -> Vec<NotProven> {
        let mut list = Vec::new();
        let mut say = |code: &str, text: &str| {
            list.push(NotProven { code: code.to_string(), text: text.to_string() });
        };
        if status != Status::Verified {
            say("verdict", "Nothing in this report is proven: the verdict is not \"verified\".");
        }
        if totals.test_keys {
            say(
                "test-keys",
                "TEST KEYS: validators sign with published test keys, so anybody could have made this ledger.",
            );
        }
        say(
            "tail",
            "Blocks after the last one may exist and be left out. Only an anchor line `at-least` or `as-of` from elsewhere shows that the end is recent enough.",
        );
        say(
            "resigned-history",
            "Old keys holding more than two thirds of the power could sign another history after the anchor. That cannot be seen from inside.",
        );
        say(
            "tip",
            "Results and state after the last block are attested only by the block that follows it.",
        );
        say(
            "tip-absent",
            "Which votes the last commit leaves out is the exporting node's choice, as long as more than two thirds remain.",
        );
        say(
            "meaning",
            "Transactions are opaque bytes here: what they mean, and what the application made of them, is not checked.",
        );
        say("outside", "Acts that were never written to the ledger cannot be found on it.");
        if self.is_light {
            say("headers-only", "Only headers are shown: nothing in the blocks was checked.");
        }
        let profile = totals.last.and_then(|point| self.anchors.profile_at(point.height));
        if profile.is_some_and(|profile| profile.time_rule() == TimeRule::Asserted) {
            say(
                "time",
                "Block time is asserted by each proposer and accepted by the others (PBTS). It cannot be derived again.",
            );
        }
        if self.policy.signatures == Signatures::HashLinks {
            say(
                "signatures",
                "Signatures were not checked: the blocks are proven by hash links from the anchor, the participation of validators is not.",
            );
        }
        for ((check, reason), count) in &totals.skipped {
            match reason {
                SkipReason::RangeStart => say(
                    &alloc::format!("range-start:{check}"),
                    &alloc::format!(
                        "At the first block, only the block before it could show: {}",
                        check.says()
                    ),
                ),
                SkipReason::NotGiven => say(
                    &alloc::format!("not-given:{check}"),
                    &alloc::format!(
                        "The snapshot lacks what shows it, {count} times: {}",
                        check.says()
                    ),
                ),
                SkipReason::Policy => say(
                    &alloc::format!("policy:{check}"),
                    &alloc::format!("The policy does not ask for it: {}", check.says()),
                ),
                SkipReason::Tip
                | SkipReason::Profile
                | SkipReason::NotApplicable
                | SkipReason::NotRun => {}
            }
        }
        list
    }
}

/// What each validator did, by address.
fn participation(totals: &Totals) -> Vec<Participant> {
    let participant = |(address, votes): (&Address, &VoteCounts)| Participant {
        address: *address,
        test_key: votes.test_key,
        commit: votes.commit,
        nil: votes.nil,
        absent: votes.absent,
    };
    totals.participation.iter().map(participant).collect()
}

/// One entry for each check of the catalogue.
fn checks(
    totals: &Totals,
    failure: Option<&Failure>,
    status: Status,
    kind: InputKind,
) -> Vec<CheckEntry> {
    let never = |id: CheckId| {
        let is_import = matches!(id, CheckId::ImportDecoded | CheckId::ImportConsistent);
        if status == Status::Verified || (is_import && kind == InputKind::Snapshot) {
            SkipReason::NotApplicable
        } else {
            SkipReason::NotRun
        }
    };
    let entry = |(id, passed): (&CheckId, u64)| {
        let skips = totals.skipped.range((*id, SkipReason::RangeStart)..=(*id, SkipReason::NotRun));
        let (skipped, first) = skips.fold((0_u64, None), |(sum, first), ((_, reason), count)| {
            (sum.saturating_add(*count), first.or(Some(*reason)))
        });
        let outcome = if failure.is_some_and(|failure| failure.check == *id) {
            CheckOutcome::Fail
        } else if passed > 0 {
            CheckOutcome::Pass
        } else {
            CheckOutcome::Skip
        };
        let reason = first.or_else(|| (outcome == CheckOutcome::Skip).then(|| never(*id)));
        CheckEntry { id: *id, outcome, passed, skipped, reason }
    };
    CheckId::ALL.iter().zip(totals.passed).map(entry).collect()
}
