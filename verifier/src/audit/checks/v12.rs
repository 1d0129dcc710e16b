//! V12: many emergencies of one person or organization.

use alloc::{collections::BTreeMap, vec::Vec};

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
    encoding::{hex::Hash, to_u64},
    record::{actor::OrganizationId, instant::Instant},
};

pub(in crate::audit) const DESCRIPTION: Description = Description {
    severity: Severity::Medium,
    heuristic: false,
    english: Text {
        title: "More emergencies than usual",
        happened: "With the access at {moment} {person} ({role}) of {organization} has more emergency accesses within {window} than the policy expects: {count} by {by}.",
        matters: "Breaking the glass must stay the exception. Somebody who does it often may be using it as a key.",
        lawful: "Emergency accesses only in emergencies; a policy whose threshold fits the ward.",
        not_proven: "That any of them was no emergency.",
    },
};

/// What a moment weighs with its share of the maps.
const MOMENT_BYTES: u64 = 64;

/// Accesses declared emergencies of one person, or of one organization, beyond a threshold.
#[derive(Debug, Default)]
pub(super) struct EmergencyRate {
    /// The last moments of each, ascending: one more than the threshold, as more tell nothing.
    persons: BTreeMap<Hash, Vec<Instant>>,
    organizations: BTreeMap<OrganizationId, Vec<Instant>>,
    count: u64,
}

impl Check for EmergencyRate {
    fn id(&self) -> ViolationId {
        ViolationId::V12
    }

    fn skip(&self, options: &AuditOptions) -> Option<SkipReason> {
        let emergencies = &options.policy.emergencies;
        let is_bounded = emergencies.actor.is_some() || emergencies.organization.is_some();
        (!is_bounded).then_some(SkipReason::Policy)
    }

    fn act(&mut self, act: &Act<'_>, ledger: &Ledger<'_>, found: &mut Found) {
        let Some(performed) = act.performed() else { return };
        let processing = &performed.half.processing;
        if !processing.emergency {
            return;
        }
        let policy = ledger.policy().emergencies;
        let (at, actor) = (performed.moment(), &processing.actor);
        let mut exceeded = None;
        if let Some(threshold) = policy.organization {
            let moments = self.organizations.entry(actor.organization.clone()).or_default();
            if exceeds(moments, &mut self.count, at, policy.window, threshold) {
                exceeded = Some((threshold, "the organization"));
            }
        }
        if let Some(threshold) = policy.actor {
            let moments = self.persons.entry(actor.person).or_default();
            if exceeds(moments, &mut self.count, at, policy.window, threshold) {
                exceeded = Some((threshold, "the person"));
            }
        }
        if let Some((threshold, by)) = exceeded {
            let finding = performed
                .finding(self.id())
                .with("window", Value::Span(policy.window))
                .with("count", Value::Count(threshold.saturating_add(1)))
                .with("by", Value::word(by));
            found.add(finding);
        }
    }

    fn weight(&self) -> u64 {
        self.count.saturating_mul(MOMENT_BYTES)
    }
}

/// Adds an emergency. Whether with it there are more than `threshold` in the window that ends with
/// the latest, and were not before. One that is recorded late counts like the others.
fn exceeds(
    moments: &mut Vec<Instant>,
    count: &mut u64,
    at: Instant,
    window: u64,
    threshold: u64,
) -> bool {
    let latest = moments.last().copied().unwrap_or(at).max(at).as_millis();
    let is_within = |moment: Instant| latest.saturating_sub(moment.as_millis()) < window;
    let before = to_u64(moments.iter().filter(|moment| is_within(**moment)).count());
    let position = moments.partition_point(|moment| *moment <= at);
    moments.insert(position, at);
    *count = count.saturating_add(1);
    if to_u64(moments.len()) > threshold.saturating_add(1) {
        moments.remove(0);
        *count = count.saturating_sub(1);
    }
    is_within(at) && before == threshold
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Which of these emergencies exceed two within ten milliseconds, and how many are kept.
    fn exceeding(moments: &[u64]) -> (Vec<u64>, u64) {
        let (mut kept, mut count) = (Vec::new(), 0);
        let exceeds = |millis: &&u64| {
            exceeds(&mut kept, &mut count, Instant::from_millis(**millis).unwrap(), 10, 2)
        };
        let found = moments.iter().filter(exceeds).copied().collect();
        assert_eq!(count, to_u64(kept.len()));
        (found, count)
    }

    #[test]
    fn third_within_the_window_exceeds_and_no_more_until_it_is_over() {
        assert_eq!(exceeding(&[100, 101, 109, 109, 109]), (alloc::vec![109], 3));
        assert_eq!(exceeding(&[100, 101, 110]), (alloc::vec![], 3));
        assert_eq!(exceeding(&[100, 101, 102, 200, 201, 202]), (alloc::vec![102, 202], 3));
    }

    #[test]
    fn emergency_that_is_recorded_late_counts_like_the_others() {
        assert_eq!(exceeding(&[100, 105, 103]), (alloc::vec![103], 3));
        // It is older than the window.
        assert_eq!(exceeding(&[100, 105, 93, 94, 109]), (alloc::vec![109], 3));
    }
}
