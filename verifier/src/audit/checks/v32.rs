//! V32: a consent that somebody else tried to change.

use crate::{
    audit::{
        act::Act,
        check::Check,
        delegate::Claim,
        finding::{Finding, Severity, Value},
        found::Found,
        ledger::Ledger,
        violation::{Description, Text, ViolationId},
    },
    contract::outcome::ResultCode,
};

pub(in crate::audit) const DESCRIPTION: Description = Description {
    severity: Severity::Critical,
    heuristic: false,
    english: Text {
        title: "Somebody else tried to give or take back a consent",
        happened: "A record signed by {who} claims to be the patient's own {kind}. That key does not sign for the patient, and the network refused it.",
        matters: "Somebody tried to speak for the patient.",
        lawful: "The patient's own signature, or that of a delegate who says so.",
        not_proven: "Who tried. The key is all that is known.",
    },
};

/// Refused record of another key that claims to be the subject's.
#[derive(Debug)]
pub(super) struct NotTheGrantor;

impl Check for NotTheGrantor {
    fn id(&self) -> ViolationId {
        ViolationId::V32
    }

    fn act(&mut self, act: &Act<'_>, ledger: &Ledger<'_>, found: &mut Found) {
        let Some(record) = act.refused(&[ResultCode::NotAuthorized]) else { return };
        let Some(subject) = record.body.subject() else { return };
        // The patient's own key may be refused too: who asks for too much is no forger.
        let is_another = record.signer != ledger.subject_key(subject);
        if Claim::of(&record.body) == Some(Claim::Own) && is_another {
            let finding = Finding::new(self.id(), act)
                .with("who", Value::Key(record.signer))
                .with("kind", Value::word(record.body.kind().name()));
            found.add(finding);
        }
    }
}
