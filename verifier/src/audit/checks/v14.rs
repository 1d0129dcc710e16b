//! V14: a delegate or guardian without proof.

use crate::{
    audit::{
        act::Act,
        check::Check,
        delegate::{Claim, without_proof},
        finding::{Finding, Severity, Value},
        found::Found,
        ledger::Ledger,
        violation::{Description, Text, ViolationId},
    },
    contract::outcome::ResultCode,
};

pub(in crate::audit) const DESCRIPTION: Description = Description {
    severity: Severity::High,
    heuristic: false,
    english: Text {
        title: "Delegate or guardian without a valid proof",
        happened: "{who} acted for the patient as {relation} at {moment}, and nothing on the ledger gave that right then: {why}.",
        matters: "Whoever acts for a patient takes the patient's place. The right to do so must be shown for that moment.",
        lawful: "A delegation to this person by the patient or a guardian authority, in force at that moment, with this right.",
        not_proven: "That there is no such right outside the ledger.",
    },
};

/// A claim to act for the subject that nothing on the ledger bears out.
#[derive(Debug)]
pub(super) struct NoProof;

impl Check for NoProof {
    fn id(&self) -> ViolationId {
        ViolationId::V14
    }

    fn act(&mut self, act: &Act<'_>, ledger: &Ledger<'_>, found: &mut Found) {
        if let Some(record) = act.refused(&[ResultCode::NotAuthorized]) {
            let relation = match Claim::of(&record.body) {
                Some(Claim::Delegate(relation)) => relation.name(),
                Some(Claim::Authority) => "guardian authority",
                Some(Claim::Own) | None => return,
            };
            let finding = Finding::new(self.id(), act)
                .with("who", Value::Key(record.signer))
                .with("relation", Value::word(relation))
                .with("moment", Value::time(record.body.source().recorded_at))
                .with("why", Value::word("the network refused it"));
            found.add(finding);
            return;
        }
        let Some(performed) = act.performed() else { return };
        let Some(authority) = &performed.half.processing.delegate else { return };
        if let Some(why) = without_proof(authority, &performed, ledger) {
            let person = performed.half.processing.actor.person;
            let finding = performed
                .finding(self.id())
                .with("who", Value::Person(person))
                .with("relation", Value::word(authority.relation.name()))
                .with("why", Value::word(why));
            found.add(match authority.delegation {
                Some(delegation) => finding.shown_by(delegation),
                None => finding,
            });
        }
    }
}
