//! What patients sign: the consents of every shape, and how they change.

mod shapes;

use std::collections::BTreeMap;

use vidimus::{
    encoding::{
        cbor::List,
        hex::{Hash, Identifier},
    },
    record::{
        Body,
        authority::Authority,
        codes::Effect,
        consent::{Consent, ConsentStatus, Elements, Provision},
        revocation::Revocation,
        sealing::{Details, Named},
    },
};

use super::{
    book::{Draft, Slot},
    data,
    keys::KeyId,
    patients::{Delegate, Shape},
    rhythm::genesis,
    terms::{MINUTE, SECOND, anything, at, codes, digest, own, period},
    world::{Refer, World},
};

/// A version of a consent to come.
#[derive(Debug)]
pub(super) struct Version {
    pub(super) subject: usize,
    /// Time of its block.
    pub(super) block: u64,
    pub(super) signer: KeyId,
    pub(super) grantor: Option<Delegate>,
    pub(super) consent: Identifier,
    /// The version that it follows; the first follows none.
    pub(super) previous: Option<Slot>,
    pub(super) status: ConsentStatus,
    pub(super) start: u64,
    pub(super) end: Option<u64>,
    pub(super) decision: Effect,
    pub(super) scope: Elements,
    pub(super) provisions: Vec<Provision>,
    pub(super) protocol: Option<Refer>,
    pub(super) document: Option<Hash>,
    pub(super) basis: Vec<&'static str>,
    /// What the elements name that is sealed, in their order.
    pub(super) named: Vec<Named>,
}

/// What most agree to.
pub(super) fn general() -> Option<Elements> {
    Some(Elements { purposes: codes(&["TREAT", "HPAYMT", "HOPERAT", "PATRQT"])?, ..anything() })
}

/// What the patient asks for, and nothing else.
pub(super) fn requests() -> Option<Elements> {
    Some(Elements { purposes: codes(&["PATRQT"])?, ..anything() })
}

/// When consents are given that stand from the start.
pub(super) fn enrolment() -> u64 {
    genesis().saturating_add(2 * MINUTE)
}

impl Version {
    /// A first version, which permits `scope` from the start on.
    pub(super) fn new(world: &mut World, subject: usize, scope: Elements) -> Option<Self> {
        let consent = world.identifier();
        Some(Self {
            subject,
            block: enrolment(),
            signer: world.subjects.get(subject)?.key,
            grantor: None,
            consent,
            previous: None,
            status: ConsentStatus::Active,
            start: genesis(),
            end: None,
            decision: Effect::Permit,
            scope,
            provisions: Vec::new(),
            protocol: None,
            document: None,
            basis: Vec::new(),
            named: Vec::new(),
        })
    }

    /// Drafts it.
    pub(super) fn draft(self, world: &mut World) -> Option<Draft> {
        let nonce = world.nonce();
        let custodian = world.custodian(self.subject)?.id.clone();
        let subject = world.subjects.get(self.subject)?;
        let public = subject.public;
        let details = if self.named.is_empty() {
            None
        } else {
            let details = Details::new(None, self.named, BTreeMap::new()).ok()?;
            let key = &subject.view_key;
            Some(data::seal(key, nonce, "consent", &public, &self.consent, &details)?)
        };
        let recorded_at = self.block.saturating_sub(5 * SECOND);
        let Self {
            grantor, consent, previous, status, decision, scope, protocol, document, ..
        } = self;
        let (period, given_at) = (period(self.start, self.end)?, at(recorded_at)?);
        let (provisions, basis) = (List::new(self.provisions)?, codes(&self.basis)?);
        Some(Draft::new(self.signer, recorded_at, move |source, slots| {
            Some(Body::Consent(Box::new(Consent {
                source,
                subject: public,
                consent,
                version: if previous.is_some() { 2 } else { 1 },
                previous: match previous {
                    Some(slot) => Some(slots.id(slot)?),
                    None => None,
                },
                custodian,
                grantor: match grantor {
                    Some(delegate) => Authority {
                        relation: delegate.relation,
                        delegation: Some(slots.id(delegate.delegation)?),
                    },
                    None => own(),
                },
                status,
                period,
                given_at,
                decision,
                scope,
                provisions,
                rule_set: None,
                basis,
                protocol: match protocol {
                    Some(protocol) => Some(protocol.id(slots)?),
                    None => None,
                },
                document,
                details,
            })))
        }))
    }

    /// Puts it on the ledger, among the subject's consents.
    pub(super) fn put(self, world: &mut World) -> Option<Slot> {
        let (subject, consent, block) = (self.subject, self.consent, self.block);
        let is_first = self.previous.is_none();
        let draft = self.draft(world)?;
        let slot = world.book.put_known(block, draft);
        if is_first {
            world.subjects.get_mut(subject)?.consents.push((consent, slot));
        }
        Some(slot)
    }
}

/// A revocation of a subject's first consent, by its own key.
pub(super) fn revocation(world: &World, subject: usize, block: u64) -> Option<Draft> {
    let custodian = world.custodian(subject)?.id.clone();
    let of = world.subjects.get(subject)?;
    let (public, (consent, version)) = (of.public, *of.consents.first()?);
    Some(Draft::new(of.key, block.saturating_sub(5 * SECOND), move |source, slots| {
        let version = slots.id(version)?;
        let (grantor, details) = (own(), None);
        let subject = public;
        Some(Body::Revocation(Revocation {
            source,
            subject,
            consent,
            version,
            custodian,
            grantor,
            details,
        }))
    }))
}

/// What a subject of each shape signs in the course of the scenario.
pub(super) fn sign(world: &mut World, subject: usize) -> Option<()> {
    let (shape, switch) = {
        let subject = world.subjects.get(subject)?;
        (subject.shape, subject.switch)
    };
    let change = world.session(switch)?.asked;
    let mut version = Version::new(world, subject, general()?)?;
    match shape {
        Shape::Silent => return Some(()),
        Shape::General | Shape::Revoked | Shape::Protected | Shape::Rotating => {}
        Shape::Granular => shapes::granular(world, &mut version)?,
        Shape::ExceptLabel => shapes::except_label(world, &mut version)?,
        Shape::OptOut => shapes::opt_out(world, &mut version)?,
        Shape::Listed => shapes::listed(world, &mut version)?,
        Shape::Part2 => shapes::part2(world, &mut version)?,
        Shape::Research | Shape::ResearchVersions | Shape::ResearchOver => {
            return shapes::research(world, version, shape);
        }
        Shape::Expiring => version.end = Some(change),
        Shape::Future => version.start = change,
        Shape::Versions | Shape::Mistaken => {
            let document = digest(world.seed, "document", u64::from(shape == Shape::Versions));
            version.document = Some(document);
            world.policy.documents.push((version.consent, 1, document));
        }
        Shape::Minor | Shape::ComingOfAge | Shape::Proxied => {
            let delegate = world.subjects.get(subject)?.delegate?;
            version.grantor = Some(delegate);
            version.signer = delegate.key;
        }
    }
    let consent = version.consent;
    let first = version.put(world)?;
    let follow = |world: &mut World| -> Option<Version> {
        let next = Version::new(world, subject, general()?)?;
        Some(Version { block: change, consent, previous: Some(first), ..next })
    };
    if shape == Shape::Revoked {
        let draft = revocation(world, subject, change)?;
        world.book.put(change, draft);
    } else if matches!(shape, Shape::Versions | Shape::ComingOfAge) {
        follow(world)?.put(world)?;
    } else if shape == Shape::Mistaken {
        let status = ConsentStatus::EnteredInError;
        Version { status, ..follow(world)? }.put(world)?;
    } else if shape == Shape::Rotating {
        // The rotation stands just before.
        let signer = world.subjects.get(subject)?.next_key;
        Version { signer, ..follow(world)? }.put(world)?;
    }
    Some(())
}
