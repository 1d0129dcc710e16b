//! The records of an event: the request, the access on it, the other side's half, the review.

use std::collections::BTreeMap;

use vidimus::{
    encoding::{cbor::List, hex::Identifier},
    record::{
        Body,
        access::{Access, ConsentReference, CustodianHalf, Outcome, RecipientHalf},
        actor::{CodeText, OrganizationId},
        authority::{Authority, Relation},
        details::SealedDetails,
        request::{Processing, Request},
        review::{Review, ReviewOutcome},
        sealing::TextKind,
    },
};

use super::{Ask, Half, Reviewed, Sealing, Visit, Visited};
use crate::scenario::{
    book::{Draft, Slot, Slots},
    data::{self, Content},
    organizations::Party,
    terms::{HOUR, SECOND, codes, digest},
    world::{Refer, World},
};

impl Visit {
    /// Puts the records of the event on the ledger.
    pub(in crate::scenario) fn put(self, world: &mut World) -> Option<Visited> {
        let session = world.session(self.session)?;
        let wait = session.opened.saturating_sub(session.asked).saturating_sub(15 * SECOND);
        let asked_at = session.asked.saturating_sub(world.draw.below(60 * SECOND));
        let after = self.after.unwrap_or_else(|| world.draw.below(wait).saturating_add(1));
        let opened_at = session.asked.saturating_add(after);
        let event = self.event.unwrap_or_else(|| world.identifier());
        let processing = self.processing(world)?;
        let custodian = world.custodian(self.subject)?.clone();
        let request = match self.ask {
            Ask::Never => None,
            Ask::Again(request) => Some(request),
            Ask::Before | Ask::ForAnother => {
                Some(self.put_request(world, &custodian, event, &processing, asked_at)?)
            }
        };
        if self.party != world.subjects.get(self.subject)?.custodian && self.has_half() {
            self.clone().put_half(world, event, opened_at.saturating_add(3 * SECOND))?;
        }
        if self.half == Half::Alone {
            return Some(Visited { request, access: None, event });
        }
        if self.emergency && self.outcome == Outcome::Success {
            world.declare_emergency(&self.actor.organization, opened_at);
        }
        let access = self.put_access(world, &custodian, event, processing, request, opened_at)?;
        Some(Visited { request, access: Some(access), event })
    }

    fn has_half(&self) -> bool {
        self.half != Half::Missing && self.outcome == Outcome::Success
    }

    fn processing(&self, world: &World) -> Option<Processing> {
        let subject = world.subjects.get(self.subject)?;
        Some(Processing {
            actor: self.actor.clone(),
            action: CodeText::new(self.action)?,
            purposes: codes(&self.purposes)?,
            basis: codes(&self.basis)?,
            protocol: None,
            delegate: None,
            emergency: self.emergency,
            justification: self.justification,
            data_period: None,
            closures: subject.sealer.compute_closures(&self.item.carried()?),
        })
    }

    fn put_request(
        &self,
        world: &mut World,
        custodian: &Party,
        event: Identifier,
        processing: &Processing,
        recorded_at: u64,
    ) -> Option<Slot> {
        let block = world.session(self.session)?.asked;
        let subject = world.subjects.get(self.subject)?.public;
        let mut processing = processing.clone();
        if self.ask == Ask::ForAnother {
            processing.action = CodeText::new("query")?;
        }
        let (protocol, delegate) = (self.protocol, self.delegate);
        let custodian_id = custodian.id.clone();
        let signer = self.asker.unwrap_or_else(|| custodian.gateway(block));
        let mut draft = Draft::new(signer, recorded_at, move |source, slots| {
            resolve(&mut processing, protocol, delegate, slots)?;
            Some(Body::Request(Box::new(Request {
                source,
                subject,
                custodian: custodian_id,
                event,
                processing,
                details: None,
            })))
        });
        draft.standing = self.request_standing;
        draft.findings.clone_from(&self.request_findings);
        Some(world.book.put_known(block, draft))
    }

    fn put_access(
        self,
        world: &mut World,
        custodian: &Party,
        event: Identifier,
        mut processing: Processing,
        request: Option<Slot>,
        opened_at: u64,
    ) -> Option<Slot> {
        let session = world.session(self.session)?;
        let (block, signer) = match self.late {
            Some(block) => (block, custodian.late_gateway),
            None => (session.opened, custodian.gateway(session.opened)),
        };
        let details = Some(self.details(world, event)?);
        let subject = world.subjects.get(self.subject)?.public;
        let id = custodian.id.clone();
        let Self { protocol, delegate, consents, outcome, origin, disclosure, .. } = self;
        let mut draft = Draft::new(signer, opened_at, move |source, slots| {
            resolve(&mut processing, protocol, delegate, slots)?;
            let reference = |(consent, version): &(Identifier, Slot)| {
                Some(ConsentReference { consent: *consent, version: slots.id(*version)? })
            };
            let consents = consents.iter().map(reference).collect::<Option<_>>()?;
            Some(Body::Access(Box::new(Access {
                source,
                subject,
                custodian: id,
                event,
                outcome,
                by_custodian: Some(CustodianHalf {
                    processing,
                    request: match request {
                        Some(request) => Some(slots.id(request)?),
                        None => None,
                    },
                    consents: List::new(consents)?,
                    client: CodeText::new("ward-7")?,
                    server: CodeText::new("ehr-1")?,
                    origin: match origin {
                        Some(origin) => Some(CodeText::new(origin)?),
                        None => None,
                    },
                    disclosure,
                }),
                by_recipient: None,
                details,
            })))
        });
        draft.standing = self.access_standing;
        draft.findings = self.findings;
        let access = world.book.put_known(block, draft);
        if let Some(reviewed) = self.review {
            review(world, self.subject, self.session, access, reviewed)?;
        }
        Some(access)
    }

    fn details(&self, world: &mut World, event: Identifier) -> Option<SealedDetails> {
        let mut texts = BTreeMap::new();
        if self.disclosure.is_some() {
            texts.insert(TextKind::Description, "One resource of the chart.".to_owned());
            texts.insert(TextKind::Purpose, "Asked for by the recipient.".to_owned());
        }
        if self.justification.is_some() {
            texts.insert(TextKind::Justification, "Unconscious on arrival.".to_owned());
        }
        let item = match self.sealing {
            Sealing::OtherCodes => self.item.relabelled(Content::Diagnosis),
            Sealing::True | Sealing::OtherKey => self.item.clone(),
        };
        let details = data::opened(item.carried()?, texts)?;
        let nonce = world.nonce();
        let of = match self.sealing {
            // The key of another subject.
            Sealing::OtherKey => self.subject.checked_add(1)?.checked_rem(world.subjects.len())?,
            Sealing::True | Sealing::OtherCodes => self.subject,
        };
        let key = &world.subjects.get(of)?.view_key;
        let public = world.subjects.get(self.subject)?.public;
        data::seal(key, nonce, "access", &public, &event, &details)
    }

    fn put_half(self, world: &mut World, event: Identifier, recorded_at: u64) -> Option<()> {
        let session = world.session(self.session)?;
        let subject = world.subjects.get(self.subject)?.public;
        let custodian = world.custodian(self.subject)?.id.clone();
        let recipient = world.parties.get(self.party)?.gateway;
        let client = if self.half == Half::Differing { "ward-8" } else { "ward-7" };
        let outcome = if self.half == Half::Failed { Outcome::Failure } else { self.outcome };
        let actor = self.actor;
        let mut draft = Draft::new(recipient, recorded_at, move |source, _| {
            let (client, server) = (CodeText::new(client)?, CodeText::new("ehr-1")?);
            Some(Body::Access(Box::new(Access {
                source,
                subject,
                custodian,
                event,
                outcome,
                by_custodian: None,
                by_recipient: Some(RecipientHalf { actor, client, server }),
                details: None,
            })))
        });
        draft.findings = self.half_findings;
        world.book.put(session.opened, draft);
        Some(())
    }
}

/// Fills in what only the ledger's records have ids for.
fn resolve(
    processing: &mut Processing,
    protocol: Option<Refer>,
    delegate: Option<(Relation, Refer)>,
    slots: &Slots,
) -> Option<()> {
    if let Some(protocol) = protocol {
        processing.protocol = Some(protocol.id(slots)?);
    }
    if let Some((relation, delegation)) = delegate {
        processing.delegate = Some(Authority { relation, delegation: Some(delegation.id(slots)?) });
    }
    Some(())
}

/// The privacy officer's review of an emergency: a session or more later, or after the limit.
fn review(
    world: &mut World,
    subject: usize,
    session: usize,
    access: Slot,
    reviewed: Reviewed,
) -> Option<()> {
    let opened = world.session(session)?.opened;
    let (from, to) = match reviewed {
        Reviewed::Never => return Some(()),
        Reviewed::InTime => (opened, opened.saturating_add(60 * HOUR)),
        Reviewed::Late => (opened.saturating_add(74 * HOUR), u64::MAX),
    };
    let sessions: Vec<u64> = world.rhythm.sessions.iter().map(|session| session.asked).collect();
    let sessions: Vec<u64> =
        sessions.into_iter().filter(|time| from < *time && *time < to).collect();
    // At the end of the scenario there may be none, and the limit is not over then.
    let Some(block) = sessions.get(world.draw.index(sessions.len())).copied() else {
        return Some(());
    };
    let party = world.custodian(subject)?;
    let (custodian, officer): (OrganizationId, _) = (party.id.clone(), party.officer);
    let who = digest(world.seed, "officer", 0);
    let public = world.subjects.get(subject)?.public;
    let draft = Draft::new(officer, block.saturating_sub(30 * SECOND), move |source, slots| {
        Some(Body::Review(Review {
            source,
            subject: public,
            custodian,
            access: slots.id(access)?,
            reviewer: who,
            outcome: ReviewOutcome::Justified,
            details: None,
        }))
    });
    world.book.put(block, draft);
    Some(())
}
