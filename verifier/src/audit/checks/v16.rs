//! V16: Part 2 data disclosed without what 42 CFR Part 2 demands.

use crate::{
    audit::{
        act::{Act, Performed},
        check::Check,
        finding::{Severity, Value},
        found::Found,
        ledger::Ledger,
        violation::{Description, Text, ViolationId},
    },
    contract::{
        decision::{Ground, permitting},
        matching::Question,
    },
    record::{
        codes::System,
        consent::{Effect, Elements},
    },
};

pub(in crate::audit) const DESCRIPTION: Description = Description {
    severity: Severity::Critical,
    heuristic: false,
    english: Text {
        title: "Substance use data disclosed without what the law demands",
        happened: "Records of substance use treatment under 42 CFR Part 2 left {custodian} at {moment}, for {purposes}, to {organization}: {why}.",
        matters: "Part 2 protects people who seek treatment from prosecution and dismissal. Its rules on disclosure are stricter than those for other health data.",
        lawful: "A consent that names who receives what for which purpose (§2.31), the notice that forbids to pass it on (§2.32), and no use in legal proceedings (§2.12(d)).",
        not_proven: "That no court order or other exception of Part 2 applied.",
    },
};

/// Disclosure of data under 42 CFR Part 2 without notice, complete consent, or for proceedings.
#[derive(Debug)]
pub(super) struct Part2Disclosure;

impl Check for Part2Disclosure {
    fn id(&self) -> ViolationId {
        ViolationId::V16
    }

    fn is_of_sealed(&self) -> bool {
        true
    }

    fn act(&mut self, act: &Act<'_>, ledger: &Ledger<'_>, found: &mut Found) {
        let Some(performed) = act.performed() else { return };
        if !performed.has_label(&[(System::Law, "42CFRPart2")]) || !performed.is_disclosure() {
            return;
        }
        let disclosure = performed.half.disclosure.as_ref();
        let why = if disclosure.is_some_and(|disclosure| disclosure.legal_proceedings) {
            "it is for legal proceedings"
        } else if disclosure.is_none_or(|disclosure| !disclosure.redisclosure_notice) {
            "the notice that forbids to pass it on is missing"
        } else if !is_consent_complete(&performed, ledger) {
            "the consent does not name recipient, purpose and kind of data"
        } else {
            return;
        };
        let custodian = Value::organization(&performed.access.custodian);
        let finding = performed.finding(self.id()).with("custodian", custodian);
        found.add(finding.with("why", Value::word(why)));
    }
}

/// Whether, if a consent covers it, one does that has the elements of 42 CFR §2.31.
fn is_consent_complete(performed: &Performed<'_>, ledger: &Ledger<'_>) -> bool {
    let decision = &performed.judgement.decision;
    if decision.ground != Ground::Consent || !decision.verdict.permits() {
        return true;
    }
    let question = Question::new(&performed.half.processing, performed.moment());
    let entries = ledger.consents(performed.subject());
    let mut versions = entries.iter().flat_map(|entry| entry.versions.iter());
    versions.any(|version| {
        let mut considered = decision.considered.iter();
        let permit = considered.find(|considered| {
            considered.consent == version.id && considered.effect == Some(Effect::Permit)
        });
        permit.is_some_and(|permit| {
            let scope = &version.consent.scope;
            let parts = permitting(&version.consent, permit.rule_set, &question);
            is_complete(&[scope]) || parts.iter().any(|part| is_complete(&[scope, part]))
        })
    })
}

/// Whether elements that all bound a permit name recipients, purposes and kinds of data.
fn is_complete(bounds: &[&Elements]) -> bool {
    let names_data = |of: &&Elements| {
        let named = [&of.labels, &of.classes, &of.confidentiality, &of.resources];
        named.into_iter().any(|named| !named.is_empty())
    };
    bounds.iter().any(|of| !of.actors.is_empty())
        && bounds.iter().any(|of| !of.purposes.is_empty())
        && bounds.iter().any(names_data)
}
