//! V19: a key that may not sign, or an actor whom nobody knows.

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
    record::Kind,
};

pub(in crate::audit) const DESCRIPTION: Description = Description {
    severity: Severity::Critical,
    heuristic: false,
    english: Text {
        title: "Signed by a key that may not, or done by an unknown organization",
        happened: "A record ({kind}) was signed by {who}, and {why}.",
        matters: "A key that is unknown, revoked or expired can be anybody's. Nobody answers for what it signs.",
        lawful: "A registered key of the right organization, in its time, for this use.",
        not_proven: "Who used the key.",
    },
};

/// Refused for its key, or performed by an organization that is not there.
#[derive(Debug)]
pub(super) struct UnknownKey;

const CODES: [ResultCode; 3] =
    [ResultCode::Signature, ResultCode::NotAuthorized, ResultCode::UnknownOrganization];

impl Check for UnknownKey {
    fn id(&self) -> ViolationId {
        ViolationId::V19
    }

    fn act(&mut self, act: &Act<'_>, ledger: &Ledger<'_>, found: &mut Found) {
        let refused = act.refused(&CODES).filter(|record| {
            // Those of patients and their delegates have violations of their own.
            let kind = record.body.kind();
            !matches!(kind, Kind::Consent | Kind::Revocation | Kind::Delegation)
        });
        if let Some(record) = refused {
            let finding = Finding::new(self.id(), act)
                .with("kind", Value::word(record.body.kind().name()))
                .with("who", Value::Key(record.signer))
                .with("why", Value::word(why(act.code)));
            found.add(finding);
            return;
        }
        let Some(performed) = act.performed() else { return };
        let organization = &performed.half.processing.actor.organization;
        let why = match ledger.organization(organization) {
            None => "the actor's organization is not registered",
            Some(entry) if entry.suspended => "the actor's organization is suspended",
            Some(_) => return,
        };
        let finding = performed
            .finding(self.id())
            .with("kind", Value::word(performed.record.body.kind().name()))
            .with("who", Value::Key(performed.record.signer))
            .with("why", Value::word(why));
        found.add(finding);
    }
}

/// Why the network refused it, as it stands in the sentence.
const fn why(code: ResultCode) -> &'static str {
    match code {
        ResultCode::Signature => "its signature is not that key's",
        ResultCode::NotAuthorized => "that key may not sign this",
        ResultCode::UnknownOrganization => {
            "it names an organization that is not registered, or not for this"
        }
        ResultCode::Accepted
        | ResultCode::Malformed
        | ResultCode::Replayed
        | ResultCode::BelowWindow
        | ResultCode::UnknownRecord
        | ResultCode::Version
        | ResultCode::Exists
        | ResultCode::Keys
        | ResultCode::Validators
        | ResultCode::Limit
        | ResultCode::State => "the network refused it",
    }
}
