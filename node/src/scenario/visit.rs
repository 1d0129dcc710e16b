//! One event: who does what to whose data, and what is wrong with it.

mod records;

use vidimus::{
    encoding::{
        cbor::Text,
        hex::{Hash, Identifier},
    },
    record::{access::Outcome, actor::Actor, authority::Relation, disclosure::Disclosure},
};

use super::{
    book::{Slot, Standing},
    data::Item,
    keys::KeyId,
    organizations::Person,
    truth::{Because, Expected},
    world::{Refer, World},
};

/// Whether it is asked for before it is done.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Ask {
    /// As the contract wants it.
    Before,
    /// Not at all.
    Never,
    /// By the request of another event.
    Again(Slot),
    /// For another action than is done.
    ForAnother,
}

/// What the other organization hands in.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Half {
    Matching,
    Missing,
    /// It names another system.
    Differing,
    /// It says that the access failed.
    Failed,
    /// It is there, and the custodian's is not.
    Alone,
}

/// How details are sealed.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Sealing {
    True,
    /// They say that it is a diagnosis.
    OtherCodes,
    /// Under a key that is not the subject's.
    OtherKey,
}

/// How a review of an emergency goes.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Reviewed {
    InTime,
    Late,
    Never,
}

/// An event to come. What is honest is filled in; a plant changes something and says what follows.
#[derive(Clone, Debug)]
pub(super) struct Visit {
    pub(super) subject: usize,
    pub(super) session: usize,
    /// Number of the actor's organization.
    pub(super) party: usize,
    pub(super) actor: Actor,
    pub(super) action: &'static str,
    pub(super) purposes: Vec<&'static str>,
    pub(super) basis: Vec<&'static str>,
    pub(super) protocol: Option<Refer>,
    pub(super) delegate: Option<(Relation, Refer)>,
    pub(super) emergency: bool,
    pub(super) justification: Option<Hash>,
    pub(super) review: Option<Reviewed>,
    pub(super) item: Item,
    pub(super) outcome: Outcome,
    pub(super) consents: Vec<(Identifier, Slot)>,
    pub(super) origin: Option<&'static str>,
    pub(super) disclosure: Option<Disclosure>,
    pub(super) half: Half,
    pub(super) ask: Ask,
    pub(super) sealing: Sealing,
    pub(super) request_standing: Standing,
    pub(super) access_standing: Standing,
    /// The block with which a second node hands the access in later.
    pub(super) late: Option<u64>,
    /// Milliseconds after the block of the request.
    pub(super) after: Option<u64>,
    /// Who signs the request, if not the gateway.
    pub(super) asker: Option<KeyId>,
    pub(super) event: Option<Identifier>,
    pub(super) request_findings: Vec<Expected>,
    pub(super) findings: Vec<Expected>,
    pub(super) half_findings: Vec<Expected>,
}

/// The records of a visit.
#[derive(Clone, Copy, Debug)]
pub(super) struct Visited {
    pub(super) request: Option<Slot>,
    pub(super) access: Option<Slot>,
    pub(super) event: Identifier,
}

impl Visit {
    /// Somebody of an organization reads an item for treatment.
    pub(super) fn new(
        world: &mut World,
        subject: usize,
        session: usize,
        party: usize,
        person: Person,
        item: Item,
    ) -> Option<Self> {
        let actor = world.parties.get(party)?.actor(person)?;
        let custodian = world.subjects.get(subject)?.custodian;
        let mut visit = Self {
            subject,
            session,
            party,
            actor,
            action: "R",
            purposes: vec!["TREAT"],
            basis: Vec::new(),
            protocol: None,
            delegate: None,
            emergency: false,
            justification: None,
            review: None,
            item,
            outcome: Outcome::Success,
            consents: Vec::new(),
            origin: Some("ehr-1"),
            disclosure: None,
            half: Half::Matching,
            ask: Ask::Before,
            sealing: Sealing::True,
            request_standing: Standing::Recorded,
            access_standing: Standing::Recorded,
            late: None,
            after: None,
            asker: None,
            event: None,
            request_findings: Vec::new(),
            findings: Vec::new(),
            half_findings: Vec::new(),
        };
        if party != custodian {
            visit.disclose(world, None);
        }
        Some(visit)
    }

    /// Says of a disclosure what an accounting must say. The notice against redisclosure goes along with
    /// each: otherwise its being there would tell of which kind the data are.
    pub(super) fn disclose(&mut self, world: &mut World, to: Option<(&str, &str)>) {
        self.action = "disclose";
        let text = |text: &str| Text::new(text);
        self.disclosure = Some(Disclosure {
            recipient: to.is_none().then(|| self.actor.organization.clone()),
            name: to.and_then(|(name, _)| text(name)),
            address: to.and_then(|(_, address)| Text::new(address)),
            description: Some(world.digest("description")),
            statement: Some(world.digest("statement")),
            redisclosure_notice: true,
            legal_proceedings: false,
        });
    }

    /// It is done for public health, which the network accepts as a lawful basis.
    pub(super) fn for_public_health(&mut self, world: &World) -> Option<()> {
        let is_gdpr = world.custodian(self.subject)?.is_under("gdpr");
        self.purposes = vec!["PUBHLTH"];
        self.basis = vec![if is_gdpr { "GDPR-9(2)(i)" } else { "HIPAA-164.512(b)" }];
        Some(())
    }

    /// It goes to the health office, which takes no part in the ledger: a disclosure that laws have
    /// accounted for.
    pub(super) fn report(&mut self, world: &mut World) -> Option<()> {
        self.for_public_health(world)?;
        self.disclose(world, Some(("District Health Office", "Park Avenue 5")));
        Some(())
    }

    /// Changes what is said of the disclosure.
    pub(super) fn disclosure(&mut self, change: impl FnOnce(&mut Disclosure)) {
        if let Some(disclosure) = &mut self.disclosure {
            change(disclosure);
        }
    }

    /// Declares an emergency, with a reason.
    pub(super) fn declare(&mut self, world: &mut World) {
        self.emergency = true;
        self.purposes = vec!["ETREAT"];
        self.justification = Some(world.digest("justification"));
        self.review = Some(Reviewed::InTime);
    }

    /// The access is what the violation is about.
    pub(super) fn plant(&mut self, id: &'static str, what: &'static str) {
        self.findings.push(Expected { id, because: Because::Planted, what });
    }

    /// The access is of another kind of violation too.
    pub(super) fn imply(&mut self, id: &'static str, by: &'static str, what: &'static str) {
        self.findings.push(Expected { id, because: Because::ImpliedBy(by), what });
    }

    /// Nothing covers the access: its request is refused, and the custodian opens all the same.
    ///
    /// `id` says why nothing does; `by` what it follows from, if that is not the plant itself.
    pub(super) fn uncover(
        &mut self,
        world: &World,
        id: &'static str,
        by: Option<&'static str>,
        what: &'static str,
    ) -> Option<()> {
        match by {
            Some(by) => self.imply(id, by, what),
            None => self.plant(id, what),
        }
        let cause = by.unwrap_or(id);
        self.imply("V37", cause, "the request that it names was refused");
        if world.custodian(self.subject)?.is_under("gdpr") && self.basis.is_empty() {
            self.imply("V24", cause, "gdpr asks for a lawful basis or a consent that covers it");
        }
        Some(())
    }
}
