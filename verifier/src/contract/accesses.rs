//! Requests and accesses: decided, and recorded whatever the decision is.

use super::{
    consents::in_force,
    decision::{Decision, decide},
    entries::{RequestEntry, Table},
    matching::Question,
    outcome::{Judgement, RequestStanding, ResultCode},
    transaction::Transaction,
};
use crate::{
    encoding::hex::{Identifier, PublicKey},
    record::{
        access::{Access, CustodianHalf},
        actor::OrganizationId,
        instant::Instant,
        organization::{KeyUse, OrganizationRole},
        request::{Processing, Request},
        source::Source,
    },
    state::ReadState,
};

/// One event: what is done to whose data.
#[derive(Clone, Copy)]
struct Event<'a> {
    id: &'a Identifier,
    subject: &'a PublicKey,
    custodian: &'a OrganizationId,
    processing: &'a Processing,
}

impl<S: ReadState> Transaction<'_, S> {
    /// Decides a request, and keeps it open for the access that will name it.
    pub(super) fn request_record(&mut self, body: &Request) -> Result<Judgement, ResultCode> {
        self.verify_gateway(&body.custodian, &body.source)?;
        let event = Event {
            id: &body.event,
            subject: &body.subject,
            custodian: &body.custodian,
            processing: &body.processing,
        };
        // What is authorized is authorized when the block says so, whatever date the gateway writes.
        let (at, is_block_time) = (self.at.time, true);
        let decision = self.decide(event, at)?;
        let judgement = Judgement { at, is_block_time, decision, request: None };
        let entry = RequestEntry {
            subject: body.subject,
            custodian: body.custodian.clone(),
            event: body.event,
            processing: body.processing.clone(),
            permitted: judgement.decision.verdict.permits(),
            from: self.at.time,
        };
        self.write(Table::Requests, &[&self.id.0.clone()], &entry);
        self.opened = Some(self.id);
        Ok(judgement)
    }

    /// Decides an access anew, at its own time: what was permitted when it was asked for may have been
    /// revoked since. The recipient's half says only that it asked.
    pub(super) fn access_record(&self, body: &Access) -> Result<Option<Judgement>, ResultCode> {
        match (&body.by_custodian, &body.by_recipient) {
            (Some(half), None) => {
                self.verify_gateway(&body.custodian, &body.source)?;
                let event = Event {
                    id: &body.event,
                    subject: &body.subject,
                    custodian: &body.custodian,
                    processing: &half.processing,
                };
                let (at, is_block_time) = self.moment(&body.source);
                let request = Some(self.standing(event, half, at)?);
                let decision = self.decide(event, at)?;
                Ok(Some(Judgement { at, is_block_time, decision, request }))
            }
            (None, Some(half)) => {
                self.verify_custodian(&body.custodian)?;
                let recipient = &half.actor.organization;
                let entry = self.organization(recipient)?;
                let entry = entry.ok_or(ResultCode::UnknownOrganization)?;
                self.verify_key(&entry, &[KeyUse::Gateway], &body.source)?;
                Ok(None)
            }
            (Some(_), Some(_)) | (None, None) => Err(ResultCode::Malformed),
        }
    }

    fn verify_gateway(
        &self,
        custodian: &OrganizationId,
        source: &Source,
    ) -> Result<(), ResultCode> {
        let role = OrganizationRole::Custodian;
        self.verify_organization(custodian, role, &[KeyUse::Gateway], source)
    }

    fn decide(&self, event: Event<'_>, at: Instant) -> Result<Decision, ResultCode> {
        let versions = self.consents_at(event.subject, event.custodian, at)?;
        let question = Question::new(event.processing, at);
        Ok(decide(&in_force(&versions), &self.network.rules, &question))
    }

    fn standing(
        &self,
        event: Event<'_>,
        half: &CustodianHalf,
        at: Instant,
    ) -> Result<RequestStanding, ResultCode> {
        let Some(id) = half.request else { return Ok(RequestStanding::NotNamed) };
        let Some(request) = self.read::<RequestEntry>(Table::Requests, &[&id.0])? else {
            return Ok(RequestStanding::NotOpen);
        };
        // It is asked before anything is opened; clocks may differ by the skew.
        let asked_at = request.from.as_millis();
        if at.as_millis().saturating_add(self.network.limits.skew) < asked_at {
            return Ok(RequestStanding::NotOpen);
        }
        let is_same = request.subject == *event.subject
            && request.custodian == *event.custodian
            && request.event == *event.id;
        let standing = if !is_same || !is_within(event.processing, &request.processing) {
            RequestStanding::Exceeded
        } else if request.permitted {
            RequestStanding::Granted
        } else {
            RequestStanding::Refused
        };
        Ok(standing)
    }
}

/// Whether no more was done than was asked for: the same by the same for no other purposes, and with
/// no data that denials of other things reach.
fn is_within(done: &Processing, asked: &Processing) -> bool {
    done.actor == asked.actor
        && done.action == asked.action
        && done.protocol == asked.protocol
        && done.delegate == asked.delegate
        && done.emergency == asked.emergency
        && done.purposes.iter().all(|purpose| asked.purposes.has(purpose))
        && done.basis.iter().all(|basis| asked.basis.has(basis))
        && done.closures.is_within(&asked.closures)
}
