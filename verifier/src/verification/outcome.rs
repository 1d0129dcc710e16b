//! From what was established to the report. The only place that says `Verified`.

use alloc::{
    boxed::Box,
    collections::BTreeSet,
    string::{String, ToString as _},
    vec::Vec,
};

use super::{
    InputKind,
    recorder::{Failure, Recorder, Stop},
    totals::{Totals, VoteCounts},
    trust::{Provisional, Trusted},
};
use crate::{
    anchor::Anchors,
    audit::Audit,
    check::CheckId,
    encoding::{hex::Address, time::Timestamp},
    import::ImportError,
    ledger::cometbft::profile::TimeRule,
    limits::Limits,
    packet::ClaimReport,
    policy::{Policy, Signatures},
    report::{
        AnchorEntry, BlockPoint, CheckEntry, Evidence, Input, Ledger, Locus, NotProven,
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
    /// Whether the contract was run again.
    pub(super) is_executed: bool,
    /// What the audit came to.
    pub(super) audit: Provisional<Option<Box<Audit>>>,
    /// What a packet shows.
    pub(super) claims: Provisional<Vec<ClaimReport>>,
    /// The lowest header whose state a packet's claim is about.
    pub(super) until: Option<BlockPoint>,
    pub(super) stop: Option<Stop>,
    pub(super) abandoned: Option<Reason>,
}

/// Up to where an input goes.
#[derive(Clone, Copy, Debug)]
pub(super) enum End {
    /// To its last block.
    Block(BlockPoint),
    /// To the state that a header attests, which is that before its block.
    State(BlockPoint),
}

impl End {
    /// The end of claims about the state, if there are some, else that of the blocks.
    pub(super) fn of(last: Option<BlockPoint>, state: Option<BlockPoint>) -> Option<Self> {
        state.map(Self::State).or_else(|| last.map(Self::Block))
    }

    /// Whether the block of this height is in it.
    pub(super) const fn reaches(self, height: u64) -> bool {
        match self {
            Self::Block(last) => last.height >= height,
            Self::State(header) => header.height > height,
        }
    }

    /// Whether every block up to this time is in it.
    pub(super) fn covers(self, time: Timestamp) -> bool {
        match self {
            Self::Block(last) => last.time >= time,
            Self::State(header) => header.time > time,
        }
    }
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

/// What a verification came to, before it is put into words.
enum Verdict {
    Verified(Trusted),
    /// All that is there is proven, but it ends before what the anchors ask for.
    Stale(Trusted),
    Rejected(Failure),
    Inconclusive(Reason, Locus),
}

impl Outcome<'_> {
    /// The report, and the trust that its blocks have.
    pub(super) fn report(mut self, recorder: Recorder) -> (Report, Option<Trusted>) {
        let (failed_signature, totals) = recorder.into_parts();
        let verdict = self.verdict(failed_signature, &totals.anchors_met);
        let not_proven = self.not_proven(&verdict, &totals);
        let ledger = self.ledger(&totals);
        let anchors = self.anchor_entries(&verdict, &totals);
        let participation = participation(&totals);
        let checks = checks(&totals, &verdict, self.kind);
        let trusted = verdict.trusted();
        let findings = trusted.map(|trusted| totals.findings.open(trusted));
        let findings = findings.unwrap_or_default();
        let audit =
            verdict.trusted().and_then(|trusted| core::mem::take(&mut self.audit).open(trusted));
        let audit = audit.map(|audit| audit.into_report());
        let claims = trusted.map(|trusted| core::mem::take(&mut self.claims).open(trusted));
        let report = Report {
            schema: SCHEMA.to_string(),
            verdict: verdict.into_entry(),
            ledger,
            last_checked: totals.last,
            test_keys: totals.test_keys,
            anchors,
            counts: totals.counts,
            participation,
            participants_omitted: totals.participants_omitted,
            checks,
            not_proven,
            findings: findings.listed,
            findings_omitted: findings.omitted,
            audit,
            claims: claims.unwrap_or_default(),
            policy: self.policy,
            limits: self.limits,
            input: Input {
                kind: match self.kind {
                    InputKind::Snapshot => "snapshot".to_string(),
                    InputKind::Export => "export".to_string(),
                    InputKind::Packet => "packet".to_string(),
                },
                bytes: self.bytes,
                sha256: self.sha256,
            },
            tool: Tool {
                name: "vidimus".to_string(),
                version: env!("CARGO_PKG_VERSION").to_string(),
            },
        };
        (report, trusted)
    }

    /// The lowest failure decides; then what stopped or is missing; only then is it verified.
    fn verdict(
        &mut self,
        failed_signature: Option<Failure>,
        anchors_met: &BTreeSet<u64>,
    ) -> Verdict {
        if let Some(reason) = self.abandoned.take() {
            return Verdict::Inconclusive(reason, Locus::default());
        }
        // A signature that fails was asked for before whatever stopped the processing.
        if let Some(failure) = failed_signature {
            return Verdict::Rejected(failure);
        }
        let is_stale = match self.stop.take() {
            Some(Stop::Rejected(failure)) => return Verdict::Rejected(*failure),
            // Staleness is looked at last, when nothing else was wrong or missing.
            Some(Stop::Inconclusive(Reason::Stale, _)) => true,
            Some(Stop::Inconclusive(reason, locus)) => {
                return Verdict::Inconclusive(reason, *locus);
            }
            None => false,
        };
        let trusted = match self.kind {
            InputKind::Packet => Trusted::from_start(anchors_met),
            InputKind::Snapshot | InputKind::Export => {
                Trusted::from_anchors(self.anchors, anchors_met)
            }
        };
        match trusted {
            None => Verdict::Inconclusive(Reason::Unanchored, Locus::default()),
            Some(trusted) if is_stale => Verdict::Stale(trusted),
            Some(trusted) => Verdict::Verified(trusted),
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

    /// Each line of the anchor text, and whether the blocks, if they are trusted, meet it.
    fn anchor_entries(&self, verdict: &Verdict, totals: &Totals) -> Vec<AnchorEntry> {
        let anchors = self.anchors;
        let met = anchors.anchors.iter().map(|anchor| totals.anchors_met.contains(&anchor.height));
        let eras = anchors.eras.iter().map(|_| true);
        let end = End::of(totals.last, self.until);
        let at_least = anchors.at_least.iter().map(|least| end.is_some_and(|e| e.reaches(*least)));
        let as_of = anchors.as_of.iter().map(|time| end.is_some_and(|e| e.covers(*time)));
        let holds = met.chain(eras).chain(at_least).chain(as_of);
        let is_trusted = verdict.trusted().is_some();
        let lines = anchors.to_lines().into_iter().zip(holds);
        lines.map(|(line, holds)| AnchorEntry { line, holds: is_trusted && holds }).collect()
    }

    /// What no run of this kind can show, and what this one did not.
    fn not_proven(&self, verdict: &Verdict, totals: &Totals) -> Vec<NotProven> {
        let mut list = Vec::new();
        let mut say = |code: &str, text: &str| {
            list.push(NotProven { code: code.to_string(), text: text.to_string() });
        };
        match verdict {
            Verdict::Verified(_) => {}
            Verdict::Stale(_) => say(
                "verdict",
                "What is here is proven, but it ends before what the anchors ask for: something later is missing.",
            ),
            Verdict::Rejected(_) | Verdict::Inconclusive(..) => {
                say(
                    "verdict",
                    "Nothing in this report is proven: the verdict is not \"verified\".",
                );
            }
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
        if self.kind == InputKind::Packet {
            say(
                "contract",
                "The contract was not run again: what it decided, and that it enters each record in its logs, is the word of validators with more than two thirds of the power.",
            );
        } else if self.is_executed {
            say(
                "audit",
                "Findings are what the records show. Whether what they say happened, and whether their codes fit the patient, no ledger shows.",
            );
        } else {
            say(
                "meaning",
                "Transactions are opaque bytes here: what they mean, and what the application made of them, is not checked.",
            );
        }
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
                "Signatures were not checked. The blocks are proven by hash links from the anchor; the participation of validators is not, nor the commit over the last block, nor the round in the commit that the last block carries.",
            );
        }
        for ((check, reason), count) in &totals.skipped {
            match reason {
                SkipReason::RangeStart => say(
                    &alloc::format!("range-start:{check}"),
                    &alloc::format!(
                        "Only what stands before the first block could show it in full: {}",
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
                | SkipReason::Refused
                | SkipReason::NotApplicable
                | SkipReason::NotRun => {}
            }
        }
        list
    }
}

impl Verdict {
    fn status(&self) -> Status {
        match self {
            Self::Verified(_) => Status::Verified,
            Self::Rejected(_) => Status::Rejected,
            Self::Stale(_) | Self::Inconclusive(..) => Status::Inconclusive,
        }
    }

    fn trusted(&self) -> Option<Trusted> {
        match self {
            Self::Verified(trusted) | Self::Stale(trusted) => Some(*trusted),
            Self::Rejected(_) | Self::Inconclusive(..) => None,
        }
    }

    fn failed(&self) -> Option<CheckId> {
        match self {
            Self::Rejected(failure) => Some(failure.check),
            Self::Verified(_) | Self::Stale(_) | Self::Inconclusive(..) => None,
        }
    }

    fn into_entry(self) -> VerdictEntry {
        let status = self.status();
        let (code, reason, locus, evidence) = match self {
            Self::Verified(_) => (
                "verified",
                "Everything that the policy asks for is proven from the anchors given.".to_string(),
                None,
                None,
            ),
            Self::Stale(_) => (Reason::Stale.code(), Reason::Stale.sentence(), None, None),
            Self::Rejected(Failure { check, locus, evidence }) => {
                let sentence =
                    alloc::format!("This does not hold: {} {}", check.says(), check.why());
                (check.id(), sentence, Some(locus), evidence)
            }
            Self::Inconclusive(reason, locus) => {
                let locus = Some(locus).filter(|locus| *locus != Locus::default());
                (reason.code(), reason.sentence(), locus, None)
            }
        };
        VerdictEntry { status, code: code.to_string(), reason, locus, evidence }
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
fn checks(totals: &Totals, verdict: &Verdict, kind: InputKind) -> Vec<CheckEntry> {
    let never = |id: CheckId| {
        let is_import = matches!(id, CheckId::ImportDecoded | CheckId::ImportConsistent);
        if verdict.status() == Status::Verified || (is_import && kind != InputKind::Export) {
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
        let outcome = if verdict.failed() == Some(*id) {
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
