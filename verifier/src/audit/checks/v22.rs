//! V22: a record whose time cannot be right.

use crate::{
    audit::{
        act::Act,
        check::Check,
        finding::{Finding, Severity, Value},
        found::Found,
        ledger::Ledger,
        signer::Signers,
        violation::{Description, Text, ViolationId},
    },
    record::instant::Instant,
};

pub(in crate::audit) const DESCRIPTION: Description = Description {
    severity: Severity::Medium,
    heuristic: false,
    english: Text {
        title: "Recorded late, early, or out of order",
        happened: "The record says {recorded}, its block {block}: {why}.",
        matters: "Who writes down later what happened earlier can fit it to what is allowed by then. The network therefore goes by the block's time.",
        lawful: "Records sent at once, by clocks that are right.",
        not_proven: "That the time was changed on purpose: a system that was down sends late too.",
    },
};

/// Time far from the block's, or before that of the signer's record before.
#[derive(Debug, Default)]
pub(super) struct WrongTime {
    /// The time of each record.
    signers: Signers<Instant>,
}

impl Check for WrongTime {
    fn id(&self) -> ViolationId {
        ViolationId::V22
    }

    fn act(&mut self, act: &Act<'_>, ledger: &Ledger<'_>, found: &mut Found) {
        let Some(record) = act.accepted() else { return };
        let source = record.body.source();
        let limits = &ledger.network().limits;
        let (recorded, block) = (source.recorded_at, act.place.time);
        let before = self.signers.before(&record.signer, source.sequence).copied();
        let why = if recorded > block.saturating_add(limits.skew) {
            Some("it is in the future")
        } else if block > recorded.saturating_add(limits.latency) {
            Some("it came later than the network allows")
        } else if before.is_some_and(|before| recorded < before) {
            Some("it is earlier than the signer's record before it")
        } else {
            None
        };
        // Only the one before is asked for: no finding waits.
        self.signers.add(record.signer, source.sequence, recorded, None::<fn() -> Finding>);
        if let Some(why) = why {
            let finding = Finding::new(self.id(), act)
                .with("recorded", Value::time(recorded))
                .with("block", Value::time(block))
                .with("why", Value::word(why));
            found.add(finding);
        }
    }

    fn weight(&self) -> u64 {
        self.signers.weight()
    }
}
