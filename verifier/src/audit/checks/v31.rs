//! V31: a consent that is forged, or of another document.

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
    record::{Body, Kind},
};

pub(in crate::audit) const DESCRIPTION: Description = Description {
    severity: Severity::Critical,
    heuristic: false,
    english: Text {
        title: "Consent with a wrong signature or another document",
        happened: "A record of the kind {kind} that claims to be by the patient or for them: {why}.",
        matters: "A consent is worth what its signature and its document are worth.",
        lawful: "The signature of whoever gives it, over the document that they saw.",
        not_proven: "Who made it.",
    },
};

/// Refused for its signature, or about another document than the policy has.
#[derive(Debug)]
pub(super) struct ForgedConsent;

impl Check for ForgedConsent {
    fn id(&self) -> ViolationId {
        ViolationId::V31
    }

    fn act(&mut self, act: &Act<'_>, ledger: &Ledger<'_>, found: &mut Found) {
        let refused = act.refused(&[ResultCode::Signature]);
        let is_patients =
            |kind| matches!(kind, Kind::Consent | Kind::Revocation | Kind::Delegation);
        let refused = refused.filter(|record| is_patients(record.body.kind()));
        let why = match (refused, act.accepted().map(|record| &record.body)) {
            (Some(_), _) => "its signature is not its signer's",
            (None, Some(Body::Consent(body))) => {
                let documents = &ledger.policy().documents;
                match documents.get(&(body.consent, body.version)) {
                    Some(document) if body.document != Some(*document) => {
                        "it is about another document than the one that is kept"
                    }
                    Some(_) | None => return,
                }
            }
            (None, _) => return,
        };
        let kind = act.record.map_or("", |record| record.body.kind().name());
        let finding = Finding::new(self.id(), act);
        found.add(finding.with("kind", Value::word(kind)).with("why", Value::word(why)));
    }
}
