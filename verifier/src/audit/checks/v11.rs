//! V11: an emergency that nobody reviewed.

use alloc::collections::{BTreeMap, BTreeSet};

use crate::{
    audit::{
        act::Act,
        check::Check,
        finding::{Finding, Severity, Value},
        found::Found,
        ledger::Ledger,
        violation::{Description, Text, ViolationId},
    },
    contract::decision::Verdict,
    encoding::{hex::Hash, to_u64},
    record::{Body, actor::OrganizationId, instant::Instant},
};

pub(in crate::audit) const DESCRIPTION: Description = Description {
    severity: Severity::Medium,
    heuristic: false,
    english: Text {
        title: "Emergency access that was not reviewed in time",
        happened: "{person} ({role}) of {organization} opened the record as an emergency at {moment}, and no privacy officer of the custodian reviewed it by {due}.",
        matters: "An emergency overrides what the patient decided. The review is what keeps the exception from becoming the rule.",
        lawful: "A review, recorded by the custodian's privacy officer within the network's limit.",
        not_proven: "That nobody looked at it outside the ledger, or that there was no emergency.",
    },
};

/// Most bytes of a finding that waits.
const WAITING_BYTES: u64 = 1_024;

/// An access that waits for its review.
#[derive(Debug)]
struct Unreviewed {
    due: Instant,
    custodian: OrganizationId,
    /// Who acted.
    person: Hash,
    /// What it is if nobody reviews it.
    finding: Finding,
}

/// Access covered by exception that no review names in time.
#[derive(Debug, Default)]
pub(super) struct UnreviewedEmergency {
    /// By the id of the access's record.
    waiting: BTreeMap<Hash, Unreviewed>,
    /// The same, by time.
    due: BTreeSet<(Instant, Hash)>,
}

impl Check for UnreviewedEmergency {
    fn id(&self) -> ViolationId {
        ViolationId::V11
    }

    fn act(&mut self, act: &Act<'_>, ledger: &Ledger<'_>, found: &mut Found) {
        self.find_overdue(act.place.time, found);
        let Some(record) = act.accepted() else { return };
        if let Body::Review(review) = &record.body {
            // Nobody reviews what they did themselves.
            let is_meant = |waiting: &Unreviewed| {
                waiting.custodian == review.custodian && waiting.person != review.reviewer
            };
            if self.waiting.get(&review.access).is_some_and(is_meant)
                && let Some(Unreviewed { due, .. }) = self.waiting.remove(&review.access)
            {
                self.due.remove(&(due, review.access));
            }
        }
        let Some(performed) = act.performed() else { return };
        if performed.judgement.decision.verdict == Verdict::CoveredByException {
            let due = performed.moment().saturating_add(ledger.network().limits.review);
            let finding = performed.finding(self.id()).with("due", Value::time(due));
            let custodian = performed.access.custodian.clone();
            let person = performed.half.processing.actor.person;
            let waiting = Unreviewed { due, custodian, person, finding };
            self.waiting.insert(record.id, waiting);
            self.due.insert((due, record.id));
        }
    }

    fn end(&mut self, ledger: &Ledger<'_>, found: &mut Found) {
        self.find_overdue(ledger.place.time, found);
    }

    fn weight(&self) -> u64 {
        to_u64(self.waiting.len()).saturating_mul(WAITING_BYTES)
    }
}

impl UnreviewedEmergency {
    fn find_overdue(&mut self, now: Instant, found: &mut Found) {
        while let Some((due, id)) = self.due.first().copied()
            && due < now
        {
            self.due.pop_first();
            if let Some(Unreviewed { finding, .. }) = self.waiting.remove(&id) {
                found.add(finding);
            }
        }
    }
}
