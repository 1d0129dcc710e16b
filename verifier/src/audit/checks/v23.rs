//! V23: a half that is missing, or says something else.

use alloc::{
    collections::{BTreeMap, BTreeSet, btree_map::Entry},
    vec::Vec,
};

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
        access::Outcome,
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
        lawful: "Both halves, with the same actor, patient, systems and outcome.",
        not_proven: "Which of the two is right.",
    },
};

/// What a half weighs that has not met the other, and the key of an event.
const HALF_BYTES: u64 = 1_280;
const EVENT_BYTES: u64 = 48;

/// Halves without the other, and halves that contradict each other.
#[derive(Debug, Default)]
pub(super) struct UnmatchedHalf {
    /// The first half of each event that has only halves of one side.
    alone: BTreeMap<Hash, Half>,
    /// Events with halves of both. What comes then comes twice, which is another violation.
    met: BTreeSet<Hash>,
}

/// What both halves say.
#[derive(Debug)]
struct Half {
    is_custodians: bool,
    actor: Actor,
    subject: PublicKey,
    client: CodeText,
    server: CodeText,
    outcome: Outcome,
    record: Hash,
    /// What it is from when on if the other does not come, if the other is to come.
    overdue: Option<(Instant, Finding)>,
}

impl Check for UnmatchedHalf {
    fn id(&self) -> ViolationId {
        ViolationId::V23
    }

    fn act(&mut self, act: &Act<'_>, ledger: &Ledger<'_>, found: &mut Found) {
        let Some(record) = act.accepted() else { return };
        let Body::Access(access) = &record.body else { return };
        let (is_custodians, actor, client, server) =
            match (&access.by_custodian, &access.by_recipient) {
                (Some(half), _) => (true, &half.processing.actor, &half.client, &half.server),
                (None, Some(half)) => (false, &half.actor, &half.client, &half.server),
                (None, None) => return,
            };
        let key = sha256(&[access.custodian.as_str().as_bytes(), &[0], &access.event.0]);
        // Most accesses are the custodian's own, and nobody else is to record them.
        let is_inside = actor.organization == access.custodian;
        if self.met.contains(&key) || (is_inside && !self.alone.contains_key(&key)) {
            return;
        }
        let finding = |why: &str| {
            Finding::new(ViolationId::V23, act)
                .with("event", Value::Id(access.event))
                .with("custodian", Value::organization(&access.custodian))
                .with("organization", Value::organization(&actor.organization))
                .with("why", Value::word(why))
        };
        // What was not opened may be asked for by nobody; who is not registered records nothing.
        let is_awaited = !is_custodians
            || (act.performed().is_some()
                && !is_inside
                && ledger.organization(&actor.organization).is_some());
        let due = act.place.time.saturating_add(ledger.network().limits.latency);
        let why = if is_custodians {
            "the recipient recorded nothing"
        } else {
            "the custodian recorded nothing of it"
        };
        let half = Half {
            is_custodians,
            actor: actor.clone(),
            subject: access.subject,
            client: client.clone(),
            server: server.clone(),
            outcome: access.outcome,
            record: record.id,
            overdue: is_awaited.then(|| (due, finding(why))),
        };
        match self.alone.entry(key) {
            Entry::Vacant(entry) => {
                entry.insert(half);
            }
            Entry::Occupied(entry) if entry.get().is_custodians != is_custodians => {
                let other = entry.remove();
                self.met.insert(key);
                if let Some(why) = half.contradicts(&other) {
                    found.add(finding(why).shown_by(other.record));
                }
            }
            // Of several of one side the first stands for all, unless it waits for nothing.
            Entry::Occupied(mut entry) if entry.get().overdue.is_none() => {
                entry.insert(half);
            }
            Entry::Occupied(_) => {}
        }
    }

    fn end(&mut self, ledger: &Ledger<'_>, found: &mut Found) {
        let overdue = self.alone.values().filter_map(|half| half.overdue.as_ref());
        let overdue = overdue.filter(|(due, _)| *due < ledger.place.time);
        let mut findings: Vec<_> = overdue.map(|(_, finding)| finding.clone()).collect();
        findings.sort_by_key(|finding| (finding.height, finding.index));
        for finding in findings {
            found.add(finding);
        }
    }

    fn weight(&self) -> u64 {
        let alone = to_u64(self.alone.len()).saturating_mul(HALF_BYTES);
        alone.saturating_add(to_u64(self.met.len()).saturating_mul(EVENT_BYTES))
    }
}

impl Half {
    /// What it says otherwise than the other.
    fn contradicts(&self, other: &Self) -> Option<&'static str> {
        if self.actor != other.actor {
            Some("they name different actors")
        } else if self.subject != other.subject {
            Some("they name different patients")
        } else if self.client != other.client || self.server != other.server {
            Some("they name different systems")
        } else if self.outcome != other.outcome {
            // What was received though it is said to be denied would count as opened by nobody.
            Some("they name different outcomes")
        } else {
            None
        }
    }
}
