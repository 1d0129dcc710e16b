//! V20: one event twice.

use alloc::collections::BTreeSet;

use crate::{
    audit::{
        act::Act,
        check::Check,
        finding::{Finding, Severity, Value},
        found::Found,
        ledger::Ledger,
        violation::{Description, Text, ViolationId},
    },
    contract::outcome::ResultCode,
    encoding::{
        hex::{Hash, Identifier},
        to_u64,
    },
    merkle::sha256,
    record::Body,
};

pub(in crate::audit) const DESCRIPTION: Description = Description {
    severity: Severity::Medium,
    heuristic: false,
    english: Text {
        title: "Event recorded twice, or a record sent again",
        happened: "The {kind} for event {event} stands on the ledger again: {why}.",
        matters: "Whoever repeats records hides gaps among them, or makes one act look like several.",
        lawful: "An id of its own for each event, and each record once.",
        not_proven: "That it was more than a retry.",
    },
};

/// What an event weighs.
const EVENT_BYTES: u64 = 24;

/// Half of a digest: enough to tell events apart.
type Short = [u8; 16];

/// A second request, custodian's or recipient's half of one event; a replay.
#[derive(Debug, Default)]
pub(super) struct Repeated {
    events: BTreeSet<Short>,
}

impl Check for Repeated {
    fn id(&self) -> ViolationId {
        ViolationId::V20
    }

    fn act(&mut self, act: &Act<'_>, _ledger: &Ledger<'_>, found: &mut Found) {
        if let Some(record) = act.refused(&[ResultCode::Replayed, ResultCode::BelowWindow]) {
            let why = if act.code == ResultCode::Replayed {
                "its signer has used its sequence number before"
            } else {
                "its sequence number is so old that nobody can tell whether it was used before"
            };
            let event =
                event(&record.body).map_or(Value::Record(record.id), |(_, event)| Value::Id(event));
            let finding = Finding::new(self.id(), act)
                .with("kind", Value::word(record.body.kind().name()))
                .with("event", event)
                .with("why", Value::word(why));
            found.add(finding);
            return;
        }
        let Some(record) = act.accepted() else { return };
        let Some((part, event)) = event(&record.body) else { return };
        let custodian = record.body.custodian().map_or("", |id| id.as_str());
        let Hash(digest) = sha256(&[part.as_bytes(), &[0], custodian.as_bytes(), &[0], &event.0]);
        let (short, _) = digest.split_first_chunk::<16>().unwrap_or((&[0; 16], &[]));
        if !self.events.insert(*short) {
            let finding = Finding::new(self.id(), act)
                .with("kind", Value::word(part))
                .with("event", Value::Id(event))
                .with("why", Value::word("an earlier record has the same event"));
            found.add(finding);
        }
    }

    fn weight(&self) -> u64 {
        to_u64(self.events.len()).saturating_mul(EVENT_BYTES)
    }
}

/// Which part of which event a record is.
fn event(body: &Body) -> Option<(&'static str, Identifier)> {
    if let Body::Request(body) = body {
        return Some(("request", body.event));
    }
    let Body::Access(body) = body else { return None };
    let half = if body.by_custodian.is_some() { "custodian's half" } else { "recipient's half" };
    Some((half, body.event))
}
