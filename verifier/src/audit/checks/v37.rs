//! V37: an access that was not asked for.

use crate::{
    audit::{
        act::Act,
        check::Check,
        finding::{Severity, Value},
        found::Found,
        ledger::Ledger,
        violation::{Description, Text, ViolationId},
    },
    contract::outcome::RequestStanding,
};

pub(in crate::audit) const DESCRIPTION: Description = Description {
    severity: Severity::Medium,
    heuristic: false,
    english: Text {
        title: "Access that was not asked for first",
        happened: "{person} ({role}) of {organization} opened the record for {purposes} at {moment} without the permission that has to be asked for first: {standing}.",
        matters: "The network decides before a record is opened, not after. Whoever opens first leaves it nothing to prevent.",
        lawful: "A request that the network permitted, named by the access, for the same data and purposes, while it is open.",
        not_proven: "That the access was unlawful in itself: its own decision says that.",
    },
};

/// Performed access without a granted request that it keeps within.
#[derive(Debug)]
pub(super) struct NotAskedFor;

impl Check for NotAskedFor {
    fn id(&self) -> ViolationId {
        ViolationId::V37
    }

    fn act(&mut self, act: &Act<'_>, _ledger: &Ledger<'_>, found: &mut Found) {
        let Some(performed) = act.performed() else { return };
        let Some(standing) = performed.judgement.request else { return };
        if standing == RequestStanding::Granted {
            return;
        }
        let finding = performed.finding(self.id()).by_rule("request".into());
        let finding = finding.with("standing", Value::word(words(standing)));
        found.add(match performed.half.request {
            Some(request) => finding.shown_by(request),
            None => finding,
        });
    }
}

/// How it stands to its request, as it stands in the sentence.
const fn words(standing: RequestStanding) -> &'static str {
    match standing {
        RequestStanding::NotNamed => "it names no request",
        RequestStanding::Granted => "its request was permitted",
        RequestStanding::Refused => "the request that it names was not permitted",
        RequestStanding::NotOpen => {
            "the request that it names was open no longer, or never was one"
        }
        RequestStanding::Exceeded => {
            "it goes beyond the request that it names, or is about something else"
        }
    }
}
