//! V26: an access that asks for a second look.

use alloc::collections::{BTreeMap, BTreeSet};

use crate::{
    audit::{
        act::Act,
        check::Check,
        finding::{Severity, Value},
        found::Found,
        ledger::Ledger,
        options::AuditOptions,
        report::SkipReason,
        violation::{Description, Text, ViolationId},
    },
    contract::network::Limits,
    encoding::{
        hex::{Hash, PublicKey},
        to_u64,
    },
    record::instant::Instant,
};

pub(in crate::audit) const DESCRIPTION: Description = Description {
    severity: Severity::Low,
    heuristic: true,
    english: Text {
        title: "Access that deserves a second look",
        happened: "{person} ({role}) of {organization} opened the record for {purposes} at {moment}: {why}.",
        matters: "Curiosity is the most common breach: one's own record, that of a relative, of somebody known, or many at once.",
        lawful: "A duty that needs the access.",
        not_proven: "That it was unlawful. It is a question to the organization.",
    },
};

/// Milliseconds of a day.
const DAY: u64 = 86_400_000;

/// What a subject of a day weighs.
const SUBJECT_BYTES: u64 = 48;

/// Access to one's own, a relative's or a protected person's record, or to very many.
#[derive(Debug, Default)]
pub(super) struct SecondLook {
    /// Whose records each person opened, by day.
    days: BTreeMap<(u64, Hash), BTreeSet<PublicKey>>,
    /// How many subjects those are.
    count: u64,
}

impl Check for SecondLook {
    fn id(&self) -> ViolationId {
        ViolationId::V26
    }

    fn skip(&self, options: &AuditOptions) -> Option<SkipReason> {
        let policy = &options.policy;
        let has_lists = policy.mass_access.is_some()
            || !policy.staff.is_empty()
            || !policy.related.is_empty()
            || !policy.protected.is_empty();
        (!has_lists).then_some(SkipReason::Policy)
    }

    fn act(&mut self, act: &Act<'_>, ledger: &Ledger<'_>, found: &mut Found) {
        let Some(performed) = act.performed() else { return };
        let policy = ledger.policy();
        let person = performed.half.processing.actor.person;
        let subject = *performed.subject();
        let is_too_many = policy.mass_access.is_some_and(|most| {
            self.forget(performed.moment(), &ledger.network().limits);
            self.add(performed.moment(), person, subject) == Some(most.saturating_add(1))
        });
        let protected = policy.protected.get(&subject);
        let why = if policy.staff.contains(&(person, subject)) {
            "it is the person's own record"
        } else if policy.related.contains(&(person, subject)) {
            "it is the record of somebody related"
        } else if protected.is_some_and(|persons| !persons.contains(&person)) {
            "it is the record of a protected person"
        } else if is_too_many {
            "the person opened the records of more patients that day than the policy expects"
        } else {
            return;
        };
        found.add(performed.finding(self.id()).with("why", Value::word(why)));
    }

    fn weight(&self) -> u64 {
        self.count.saturating_mul(SUBJECT_BYTES)
    }
}

impl SecondLook {
    /// Lets go of days that are over.
    fn forget(&mut self, moment: Instant, limits: &Limits) {
        // A block's latest moment lies `skew` after it, and the earliest of any later one `latency` before.
        let span = limits.latency.saturating_add(limits.skew);
        let kept = (span / DAY).saturating_add(1);
        while let Some(first) = self.days.first_entry()
            && first.key().0.saturating_add(kept) < day(moment)
        {
            self.count = self.count.saturating_sub(to_u64(first.remove().len()));
        }
    }

    /// How many subjects the person has that day now, if this one is new.
    fn add(&mut self, moment: Instant, person: Hash, subject: PublicKey) -> Option<u64> {
        let subjects = self.days.entry((day(moment), person)).or_default();
        let is_new = subjects.insert(subject);
        self.count = self.count.saturating_add(u64::from(is_new));
        is_new.then(|| to_u64(subjects.len()))
    }
}

fn day(moment: Instant) -> u64 {
    moment.as_millis() / DAY
}

#[cfg(test)]
mod tests {
    use super::*;

    const PERSONS: [Hash; 2] = [Hash([1; 32]), Hash([2; 32])];

    fn at(day: u64) -> Instant {
        Instant::from_millis(day.saturating_mul(DAY)).unwrap()
    }

    fn subject(number: u8) -> PublicKey {
        PublicKey([number; 32])
    }

    fn limits(latency: u64) -> Limits {
        Limits { latency, skew: 10_000, request: 0, review: 0, retention: 0 }
    }

    #[test]
    fn subjects_are_counted_once_for_each_person_and_day() {
        let mut check = SecondLook::default();
        for person in PERSONS {
            assert_eq!(check.add(at(4), person, subject(1)), Some(1));
            assert_eq!(check.add(at(4), person, subject(1)), None);
        }
        assert_eq!(check.add(at(5), PERSONS[0], subject(1)), Some(1));
        assert_eq!(check.add(at(4), PERSONS[0], subject(2)), Some(2));
    }

    /// What is logged late still counts for its day; days before weigh nothing.
    #[test]
    fn days_are_kept_for_as_long_as_the_latency() {
        for (latency, last, over) in [(3_600_000, 11, 12), (3 * DAY, 14, 15)] {
            let mut check = SecondLook::default();
            check.add(at(10), PERSONS[0], subject(1));
            check.forget(at(last), &limits(latency));
            assert_eq!(check.add(at(10), PERSONS[0], subject(2)), Some(2), "{latency}");
            check.forget(at(over), &limits(latency));
            assert_eq!(check.weight(), 0, "{latency}");
        }
    }
}
