//! V23: a half that is missing, or says something else.

use alloc::collections::BTreeMap;

use crate::{
    audit::{
        act::Act,
        check::Check,
        finding::{Finding, Severity, Value},
        found::Found,
        ledger::Ledger,
        violation::{Description, Text, ViolationId},
    },
    encoding::{
        hex::{Hash, PublicKey},
        to_u64,
    },
    merkle::sha256,
    record::{
        Body,
        access::Access,
        actor::{Actor, CodeText},
        instant::Instant,
    },
};

pub(in crate::audit) const DESCRIPTION: Description = Description {
    severity: Severity::Medium,
    heuristic: false,
    english: Text {
        title: "The two sides of an access do not agree",
        happened: "Of event {event} between {custodian} and {organization}: {why}.",
        matters: "Both the system that asked and the one that answered record an access. What only one of them says, or what they say differently, nobody confirms.",
        lawful: "Both halves, with the same actor, patient and systems.",
        not_proven: "Which of the two is right.",
    },
};

/// What a half that waits for the other weighs.
const HALF_BYTES: u64 = 1_280;

/// Halves without the other, and halves that contradict each other.
#[derive(Debug, Default)]
pub(super) struct UnmatchedHalf {
    waiting: BTreeMap<Hash, Half>,
}

/// What both halves say.
#[derive(Debug)]
struct Half {
    is_custodians: bool,
    actor: Actor,
    subject: PublicKey,
    client: CodeText,
    server: CodeText,
    /// When the other half is overdue.
    due: Instant,
    finding: Finding,
}

impl Check for UnmatchedHalf {
    fn id(&self) -> ViolationId {
        ViolationId::V23
    }

    fn act(&mut self, act: &Act<'_>, ledger: &Ledger<'_>, found: &mut Found) {
        let Some(access) = half_of(act) else { return };
        let (is_custodians, actor, client, server) =
            match (&access.by_custodian, &access.by_recipient) {
                (Some(half), _) => (true, &half.processing.actor, &half.client, &half.server),
                (None, Some(half)) => (false, &half.actor, &half.client, &half.server),
                (None, None) => return,
            };
        let key = sha256(&[access.custodian.as_str().as_bytes(), &[0], &access.event.0]);
        let finding = |why: &str| {
            Finding::new(ViolationId::V23, act)
                .with("event", Value::Id(access.event))
                .with("custodian", Value::organization(&access.custodian))
                .with("organization", Value::organization(&actor.organization))
                .with("why", Value::word(why))
        };
        if let Some(other) =
            self.waiting.get(&key).filter(|other| other.is_custodians != is_custodians)
        {
            let why = if other.actor != *actor {
                Some("they name different actors")
            } else if other.subject != access.subject {
                Some("they name different patients")
            } else if other.client != *client || other.server != *server {
                Some("they name different systems")
            } else {
                None
            };
            if let Some(why) = why {
                found.add(finding(why).shown_by(other.finding.record.unwrap_or(Hash([0; 32]))));
            }
            self.waiting.remove(&key);
            return;
        }
        let is_expected = !is_custodians
            || (act.performed().is_some()
                && actor.organization != access.custodian
                && ledger.organization(&actor.organization).is_some());
        if is_expected {
            let why = if is_custodians {
                "the recipient recorded nothing"
            } else {
                "the custodian recorded nothing"
            };
            let half = Half {
                is_custodians,
                actor: actor.clone(),
                subject: access.subject,
                client: client.clone(),
                server: server.clone(),
                due: act.place.time.saturating_add(ledger.network().limits.latency),
                finding: finding(why),
            };
            // A second half of the same kind is another violation.
            self.waiting.entry(key).or_insert(half);
        }
    }

    fn end(&mut self, ledger: &Ledger<'_>, found: &mut Found) {
        let overdue = self.waiting.values().filter(|half| half.due < ledger.place.time);
        let mut findings: alloc::vec::Vec<_> = overdue.map(|half| half.finding.clone()).collect();
        findings.sort_by_key(|finding| (finding.height, finding.index));
        for finding in findings {
            found.add(finding);
        }
    }

    fn weight(&self) -> u64 {
        to_u64(self.waiting.len()).saturating_mul(HALF_BYTES)
    }
}

/// An accepted half, whatever its outcome.
fn half_of<'a>(act: &Act<'a>) -> Option<&'a Access> {
    let Body::Access(access) = &act.accepted()?.body else { return None };
    Some(access)
}
