//! Everything that plans draw from and write to.

use std::collections::{BTreeMap, BTreeSet};

use vidimus::{
    encoding::hex::{Hash, Identifier},
    record::{actor::OrganizationId, keys::CustodianId},
};

use super::{
    AnchoredReading, ScenarioConfig,
    book::{Book, Slot, Slots},
    keys::KeyRing,
    organizations::{Partner, Party, Person, found},
    patients::{Patient, Shape, Subject, admit},
    policy::AuditPolicy,
    rhythm::{Rhythm, Session, count, day},
    terms::digest,
};
use crate::numbers::{Draw, Use, to_u64};

/// A record that another refers to: of this ledger, or one that is nowhere.
#[derive(Clone, Copy, Debug)]
pub(super) enum Refer {
    Slot(Slot),
    Nowhere(Hash),
}

impl Refer {
    pub(super) fn id(self, slots: &Slots) -> Option<Hash> {
        match self {
            Self::Slot(slot) => slots.id(slot),
            Self::Nowhere(hash) => Some(hash),
        }
    }
}

/// Which side of its change a subject is on.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Phase {
    Before,
    After,
}

/// Versions of research protocols.
#[derive(Clone, Copy, Debug)]
pub(super) struct Protocols {
    pub(super) steady: Slot,
    pub(super) first: Slot,
    pub(super) second: Slot,
    pub(super) ending: Slot,
    pub(super) closed: Slot,
}

/// A scenario in the making.
#[derive(Debug)]
pub(super) struct World {
    pub(super) seed: u64,
    pub(super) draw: Draw,
    pub(super) rhythm: Rhythm,
    pub(super) book: Book,
    pub(super) keys: KeyRing,
    pub(super) parties: Vec<Party>,
    pub(super) hospitals: usize,
    pub(super) patients: Vec<Patient>,
    pub(super) subjects: Vec<Subject>,
    pub(super) protocols: Option<Protocols>,
    pub(super) policy: AuditPolicy,
    /// One of each batch.
    pub(super) readings: Vec<AnchoredReading>,
    /// The session at which the network changes: keys, protocols, organizations.
    pub(super) switch: usize,
    /// Emergencies by organization: when.
    pub(super) emergencies: BTreeMap<OrganizationId, Vec<u64>>,
    /// Subjects whom a person saw on a day.
    seen: BTreeMap<(Hash, u64), BTreeSet<usize>>,
    drawn: u64,
}

impl World {
    pub(super) fn new(config: &ScenarioConfig) -> Option<Self> {
        let mut draw = Draw::new(config.seed, 0, Use::Scenario);
        let rhythm = Rhythm::new(&mut draw, config.accesses);
        let mut keys = KeyRing::new(config.seed);
        let staff = usize::try_from(config.accesses / 6_000).ok()?.saturating_add(1);
        let parties = found(config.seed, &mut keys, config.custodians, staff)?;
        let ids = parties.iter().take(config.custodians);
        let ids: Vec<CustodianId> =
            ids.map(|party| party.id.as_str().parse().ok()).collect::<Option<_>>()?;
        // Changes come in the middle third, so that there is a before and an after.
        let third = count(&rhythm.sessions) / 3;
        let mut middle = || usize::try_from(third.saturating_add(draw.below(third))).ok();
        let switch = middle()?;
        let turn = || middle().unwrap_or_default();
        let (patients, subjects) = admit(config.seed, &mut keys, &ids, config.patients, turn)?;
        Some(Self {
            seed: config.seed,
            draw,
            rhythm,
            book: Book::default(),
            keys,
            parties,
            hospitals: config.custodians,
            patients,
            subjects,
            protocols: None,
            policy: AuditPolicy::new(to_u64(config.patients)),
            readings: Vec::new(),
            switch,
            emergencies: BTreeMap::new(),
            seen: BTreeMap::new(),
            drawn: 0,
        })
    }

    pub(super) fn partner(&self, partner: Partner) -> Option<&Party> {
        let order = [
            Partner::Clinic,
            Partner::Laboratory,
            Partner::Insurer,
            Partner::Sponsor,
            Partner::Court,
            Partner::Newcomer,
        ];
        let place = order.iter().position(|other| *other == partner)?;
        self.parties.get(self.hospitals.checked_add(place)?)
    }

    /// The custodian of a subject.
    pub(super) fn custodian(&self, subject: usize) -> Option<&Party> {
        self.parties.get(self.subjects.get(subject)?.custodian)
    }

    pub(super) fn session(&self, session: usize) -> Option<Session> {
        self.rhythm.sessions.get(session).copied()
    }

    /// On which side of its change a subject is at a session; none at the change itself.
    pub(super) fn phase(&self, subject: usize, session: usize) -> Option<Phase> {
        let subject = self.subjects.get(subject)?;
        let is_of_protocol = matches!(subject.shape, Shape::ResearchOver | Shape::ResearchVersions);
        let switch = if is_of_protocol { self.switch } else { subject.switch };
        match session.cmp(&switch) {
            std::cmp::Ordering::Less => Some(Phase::Before),
            std::cmp::Ordering::Equal => None,
            std::cmp::Ordering::Greater => Some(Phase::After),
        }
    }

    /// Some subject of one of these shapes, at some session on this side of its change that begins
    /// before `until`.
    pub(super) fn pick(
        &mut self,
        shapes: &[Shape],
        phase: Option<Phase>,
        until: u64,
    ) -> Option<(usize, usize)> {
        let fitting = (0..).zip(&self.subjects);
        let fitting: Vec<usize> = fitting
            .filter(|(_, subject)| shapes.contains(&subject.shape))
            .map(|(index, _)| index)
            .collect();
        let subject = *fitting.get(self.draw.index(fitting.len()))?;
        let sessions: Vec<usize> = (0..)
            .zip(&self.rhythm.sessions)
            .filter(|(_, session)| session.opened < until)
            .map(|(index, _)| index)
            .filter(|index| match phase {
                Some(phase) => self.phase(subject, *index) == Some(phase),
                None => *index != self.subjects.get(subject).map_or(0, |subject| subject.switch),
            })
            .collect();
        let session = *sessions.get(self.draw.index(sessions.len()))?;
        Some((subject, session))
    }

    /// Somebody who does nothing else in the scenario.
    pub(super) fn stranger(&mut self, role: &'static str) -> Person {
        Person { person: self.digest("stranger"), role }
    }

    /// A digest that nothing else has.
    pub(super) fn digest(&mut self, label: &str) -> Hash {
        self.drawn = self.drawn.saturating_add(1);
        digest(self.seed, label, self.drawn)
    }

    pub(super) fn identifier(&mut self) -> Identifier {
        let mut id = [0; 16];
        self.draw.fill(&mut id);
        Identifier(id)
    }

    pub(super) fn nonce(&mut self) -> [u8; 24] {
        let mut nonce = [0; 24];
        self.draw.fill(&mut nonce);
        nonce
    }

    /// A number for a resource that is in no chart.
    pub(super) fn fresh(&mut self) -> String {
        self.drawn = self.drawn.saturating_add(1);
        format!("x{}", self.drawn)
    }

    /// Notes that a person sees a subject, unless that would be more in a day than an honest person sees.
    pub(super) fn may_see(&mut self, person: Hash, subject: usize, session: usize) -> Option<bool> {
        let day = day(self.session(session)?.opened);
        let most = self.policy.subjects;
        let seen = self.seen.entry((person, day)).or_default();
        let is_new = !seen.contains(&subject);
        if is_new && to_u64(seen.len()).saturating_add(1) >= most {
            return Some(false);
        }
        seen.insert(subject);
        Some(true)
    }

    /// The consent on which a custodian relies, where one stands that is the subject's only one.
    pub(super) fn standing_consent(
        &self,
        subject: usize,
        session: usize,
    ) -> Option<(Identifier, Slot)> {
        let of = self.subjects.get(subject)?;
        // Those that get a second version are left out: the first is no longer the one that stands.
        let is_one = matches!(of.shape, Shape::General | Shape::Granular | Shape::ExceptLabel)
            || self.phase(subject, session) == Some(Phase::Before);
        of.consents.first().copied().filter(|_| is_one)
    }

    /// Notes an emergency.
    pub(super) fn declare_emergency(&mut self, organization: &OrganizationId, time: u64) {
        self.emergencies.entry(organization.clone()).or_default().push(time);
    }
}
