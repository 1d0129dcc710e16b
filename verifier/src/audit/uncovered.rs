//! Why no consent covers an access: the one reason of several that says most (docs/audit.md, what no
//! consent covers).

use alloc::{format, string::String};

use super::{
    act::{Act, Performed},
    check::Check,
    finding::{Finding, Value},
    found::Found,
    ledger::Ledger,
    violation::ViolationId,
};
use crate::{
    contract::{
        decision::{Considered, Ground, InForce, consider},
        entries::{ConsentEntry, ConsentVersion},
        matching::{Element, Question},
    },
    encoding::hex::Hash,
    record::{
        consent::{Consent, ConsentStatus, Effect},
        instant::{Instant, Period},
    },
};

/// The reason.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Uncovered {
    pub(super) id: ViolationId,
    /// Id of the version of the consent that nearly covers the access, or denies it.
    pub(super) consent: Option<Hash>,
    /// The element that is not met.
    pub(super) element: Option<Element>,
    /// Why the consent does not hold, where the violation alone does not say it.
    pub(super) why: Option<&'static str>,
    /// Where in the judgement it stands.
    pub(super) rule_path: Option<String>,
}

impl Uncovered {
    fn of(id: ViolationId) -> Self {
        Self { id, consent: None, element: None, why: None, rule_path: None }
    }
}

/// The reason, for a performed access that its decision does not permit.
///
/// # Cost
/// Asks each consent of its subject that is in force, and the last that ended: a bounded number.
pub(super) fn reason(performed: &Performed<'_>, ledger: &Ledger<'_>) -> Option<Uncovered> {
    let decision = &performed.judgement.decision;
    if decision.verdict.permits() {
        return None;
    }
    let consents = ledger.consents(performed.subject());
    let reason = (decision.ground == Ground::Consent)
        .then(|| denied(performed))
        .or_else(|| not_in_force(performed, &consents, ledger))
        .or_else(|| not_met(performed, &consents));
    Some(reason.unwrap_or_else(|| {
        let is_research = performed.has_purpose(&["HRESCH"]);
        Uncovered::of(if is_research { ViolationId::V17 } else { ViolationId::V01 })
    }))
}

/// Step 1: what the consents in force say, combined, is deny.
fn denied(performed: &Performed<'_>) -> Uncovered {
    let considered = performed.judgement.decision.considered.iter().enumerate();
    let denies = |(_, considered): &(usize, &Considered)| considered.effect == Some(Effect::Deny);
    // Where the newest wins, it is the last that says anything.
    match considered.rev().find(denies) {
        Some((index, considered)) => {
            let path = format!("decision.considered[{index}]");
            let rule_path = match considered.provision {
                Some(_) => format!("{path}.provision"),
                None => format!("{path}.effect"),
            };
            let (consent, rule_path) = (Some(considered.consent), Some(rule_path));
            Uncovered { consent, rule_path, ..Uncovered::of(ViolationId::V09) }
        }
        None => Uncovered::of(ViolationId::V09),
    }
}

/// Step 2: a consent that is not in force at the moment would permit it.
fn not_in_force(
    performed: &Performed<'_>,
    consents: &[ConsentEntry],
    ledger: &Ledger<'_>,
) -> Option<Uncovered> {
    let question = Question::new(&performed.half.processing, performed.moment());
    let rules = &ledger.network().rules;
    let mut found: Option<(u8, Uncovered)> = None;
    for entry in consents {
        let Some(last) = entry.versions.last() else { continue };
        let Some((rank, id)) = not_holding(last, performed) else { continue };
        let in_force = InForce { id: last.id, consent: &last.consent };
        let would_permit = last.consent.custodian == performed.access.custodian
            && consider(&in_force, rules, &question).effect == Some(Effect::Permit);
        if would_permit && found.as_ref().is_none_or(|(least, _)| rank < *least) {
            let why = (id == ViolationId::V02).then(|| ended(&last.consent, performed.moment()));
            found = Some((rank, Uncovered { consent: Some(last.id), why, ..Uncovered::of(id) }));
        }
    }
    found.map(|(_, reason)| reason)
}

/// Why a version is not in force at the moment, and how soon that is named among others.
fn not_holding(version: &ConsentVersion, performed: &Performed<'_>) -> Option<(u8, ViolationId)> {
    let (at, place) = (performed.moment(), performed.act.place);
    let (status, period) = (version.consent.status, &version.consent.period);
    // An access may be dated after its block: then the place in the block says what came first.
    let is_later =
        version.from > at || (version.height, Some(version.index)) > (place.height, place.index);
    if status == ConsentStatus::EnteredInError {
        Some((0, ViolationId::V35))
    } else if version.until.is_some_and(|until| until <= at) {
        Some((1, ViolationId::V03))
    } else if period.end().is_some_and(|end| end <= at) {
        Some((2, ViolationId::V02))
    } else if status == ConsentStatus::Draft || is_later || !period.contains(at) {
        Some((3, ViolationId::V04))
    } else if status != ConsentStatus::Active {
        Some((4, ViolationId::V02))
    } else {
        None
    }
}

/// Why a consent that is no longer in force, or never was, does not hold.
fn ended(consent: &Consent, at: Instant) -> &'static str {
    match consent.status {
        _ if consent.period.end().is_some_and(|end| end <= at) => OVER,
        ConsentStatus::NotDone => "it was never completed",
        ConsentStatus::Unknown => "nobody knows whether it was given",
        ConsentStatus::Draft
        | ConsentStatus::Active
        | ConsentStatus::Inactive
        | ConsentStatus::EnteredInError => "it was not active",
    }
}

const OVER: &str = "its time was over";

/// Step 3: a permit in force says nothing of it.
fn not_met(performed: &Performed<'_>, consents: &[ConsentEntry]) -> Option<Uncovered> {
    let consent = |id: Hash| -> Option<&Consent> {
        let mut versions = consents.iter().flat_map(|entry| entry.versions.iter());
        versions.find(|version| version.id == id).map(|version| &version.consent)
    };
    let mut nearest: Option<(usize, Uncovered)> = None;
    for (index, considered) in performed.judgement.decision.considered.iter().enumerate() {
        let (Some(element), Some(consent)) = (considered.unmet, consent(considered.consent)) else {
            continue;
        };
        if consent.decision != Effect::Permit {
            continue;
        }
        let id = violation(element, consent, performed.moment());
        // A permit under another protocol is about something else: any other permit is nearer.
        let reached = if element == Element::Protocol {
            0
        } else {
            Element::ALL.iter().position(|e| *e == element).unwrap_or_default().saturating_add(1)
        };
        if nearest.as_ref().is_none_or(|(furthest, _)| reached > *furthest) {
            let reason = Uncovered {
                id,
                consent: Some(considered.consent),
                element: Some(element),
                why: (id == ViolationId::V02).then_some(OVER),
                rule_path: Some(format!("decision.considered[{index}].unmet")),
            };
            nearest = Some((reached, reason));
        }
    }
    nearest.map(|(_, reason)| reason)
}

fn violation(element: Element, consent: &Consent, at: Instant) -> ViolationId {
    match element {
        Element::Actors => ViolationId::V05,
        Element::Actions => ViolationId::V07,
        Element::Purposes => ViolationId::V06,
        Element::Period => {
            let end = consent.scope.period.as_ref().and_then(Period::end);
            if end.is_some_and(|end| end <= at) { ViolationId::V02 } else { ViolationId::V04 }
        }
        Element::DataPeriod
        | Element::Confidentiality
        | Element::Labels
        | Element::Classes
        | Element::Resources
        | Element::Authors => ViolationId::V08,
        Element::Protocol => ViolationId::V17,
    }
}

/// A violation that is nothing but a reason why no consent covers the access.
#[derive(Debug)]
pub(super) struct NotCovered(pub(super) ViolationId);

impl Check for NotCovered {
    fn id(&self) -> ViolationId {
        self.0
    }

    fn act(&mut self, act: &Act<'_>, _ledger: &Ledger<'_>, found: &mut Found) {
        if let Some(finding) = act.uncovered_finding(self.id()) {
            found.add(finding);
        }
    }
}

impl Act<'_> {
    /// The finding of this violation, if it is the reason why nothing covers the access.
    pub(super) fn uncovered_finding(&self, id: ViolationId) -> Option<Finding> {
        let reason = self.uncovered.as_ref().filter(|reason| reason.id == id)?;
        let mut finding = self.performed()?.finding(id);
        if let Some(consent) = reason.consent {
            finding = finding.with("consent", Value::Record(consent)).shown_by(consent);
        }
        if let Some(element) = reason.element {
            finding = finding.with("element", Value::word(element.name()));
        }
        if let Some(why) = reason.why {
            finding = finding.with("why", Value::word(why));
        }
        Some(match &reason.rule_path {
            Some(path) => finding.by_rule(path.clone()),
            None => finding.by_rule("decision.verdict".into()),
        })
    }
}
