//! V12: many emergencies of one person or organization.

use alloc::{
    collections::{BTreeMap, BTreeSet},
    string::String,
};

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
    record::instant::Instant,
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

/// What a moment in a window weighs.
const MOMENT_BYTES: u64 = 64;

/// Accesses declared emergencies of one person, or of one organization, beyond a threshold.
#[derive(Debug, Default)]
pub(super) struct EmergencyRate {
    persons: BTreeMap<Hash, Window>,
    organizations: BTreeMap<String, Window>,
    count: u64,
}

/// The emergencies of the last while, by moment and record.
#[derive(Debug, Default)]
struct Window(BTreeSet<(Instant, Hash)>);

impl Window {
    /// Adds an emergency. Whether there are more than `threshold` now and were not before.
    fn add(&mut self, at: Instant, id: Hash, length: u64, threshold: u64) -> bool {
        let start = at.as_millis().saturating_sub(length);
        self.0.retain(|(moment, _)| moment.as_millis() > start);
        // One that is logged late does not count those after it.
        let before = self.0.iter().filter(|(moment, _)| *moment <= at).count();
        self.0.insert((at, id));
        to_u64(before) == threshold
    }
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
        let (at, id, actor) = (performed.moment(), performed.record.id, &processing.actor);
        let mut finding = None;
        let mut report = |threshold: u64, by: &str| {
            finding.get_or_insert_with(|| {
                performed
                    .finding(ViolationId::V12)
                    .with("window", Value::Span(policy.window))
                    .with("count", Value::Count(threshold.saturating_add(1)))
                    .with("by", Value::word(by))
            });
        };
        if let Some(threshold) = policy.actor {
            let window = self.persons.entry(actor.person).or_default();
            if window.add(at, id, policy.window, threshold) {
                report(threshold, "the person");
            }
        }
        if let Some(threshold) = policy.organization {
            let name = actor.organization.as_str();
            if !self.organizations.contains_key(name) {
                self.organizations.insert(name.into(), Window::default());
            }
            let window = self.organizations.get_mut(name);
            if window.is_some_and(|window| window.add(at, id, policy.window, threshold)) {
                report(threshold, "the organization");
            }
        }
        self.count = self.count.saturating_add(2);
        if let Some(finding) = finding {
            found.add(finding);
        }
    }

    fn weight(&self) -> u64 {
        self.count.saturating_mul(MOMENT_BYTES)
    }
}
