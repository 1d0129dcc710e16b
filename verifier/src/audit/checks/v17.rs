//! V17: research without approval.

use alloc::collections::BTreeMap;

use crate::{
    audit::{
        act::Act,
        check::Check,
        finding::{Severity, Value},
        found::Found,
        ledger::Ledger,
        violation::{Description, Text, ViolationId},
    },
    contract::entries::ProtocolEntry,
    encoding::{
        hex::{Hash, Identifier},
        to_u64,
    },
    record::{
        Body,
        instant::Period,
        protocol::{Protocol, ProtocolStatus},
    },
};

pub(in crate::audit) const DESCRIPTION: Description = Description {
    severity: Severity::High,
    heuristic: false,
    english: Text {
        title: "Research without the consent or approval that it needs",
        happened: "{person} ({role}) of {organization} opened the record for {purposes} at {moment}: {why}.",
        matters: "Research uses a patient for others. It needs a protocol that somebody approved, and the patient's consent to that version of it.",
        lawful: "An open protocol version on the ledger, in its period, and a consent to that version.",
        not_proven: "That no ethics committee approved it outside the ledger.",
    },
};

/// What a version of a protocol weighs.
const VERSION_BYTES: u64 = 160;

/// Research access that no consent to a protocol covers, or without an approved protocol.
#[derive(Debug, Default)]
pub(super) struct Unapproved {
    /// Every version of a protocol: which protocol's, and its period.
    versions: BTreeMap<Hash, (Identifier, Period)>,
}

impl Check for Unapproved {
    fn id(&self) -> ViolationId {
        ViolationId::V17
    }

    fn start(&mut self, ledger: &Ledger<'_>, _found: &mut Found) {
        for ProtocolEntry { id, protocol } in ledger.protocols() {
            self.add(id, &protocol);
        }
    }

    fn act(&mut self, act: &Act<'_>, ledger: &Ledger<'_>, found: &mut Found) {
        if let Some(record) = act.accepted()
            && let Body::Protocol(protocol) = &record.body
        {
            self.add(record.id, protocol);
        }
        if let Some(finding) = act.uncovered_finding(self.id()) {
            found.add(finding.with("why", Value::word("no consent covers it")));
            return;
        }
        let Some(performed) = act.performed() else { return };
        if !performed.judgement.decision.verdict.permits() || !performed.has_purpose(&["HRESCH"]) {
            return;
        }
        let protocol = performed.half.processing.protocol;
        let version = protocol.and_then(|id| self.versions.get(&id));
        let why = match (protocol, version) {
            (None, _) => "no protocol is named",
            (Some(_), None) => "the protocol version is not on the ledger",
            (Some(_), Some((protocol, period))) => {
                let standing = ledger.protocol(protocol);
                let is_open =
                    standing.is_some_and(|entry| entry.protocol.status == ProtocolStatus::Open);
                if !is_open {
                    "the protocol is closed"
                } else if !period.contains(performed.moment()) {
                    "the protocol is not in its period"
                } else {
                    return;
                }
            }
        };
        let finding = performed.finding(self.id()).with("why", Value::word(why));
        found.add(match protocol {
            Some(protocol) => finding.shown_by(protocol),
            None => finding,
        });
    }

    fn weight(&self) -> u64 {
        to_u64(self.versions.len()).saturating_mul(VERSION_BYTES)
    }
}

impl Unapproved {
    fn add(&mut self, id: Hash, protocol: &Protocol) {
        self.versions.insert(id, (protocol.protocol, protocol.period.clone()));
    }
}
