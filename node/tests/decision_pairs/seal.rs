//! What the contract gets: the same consents and accesses as records, their data sealed.

use std::collections::BTreeSet;

use vidimus::{
    contract::{
        decision::{Decision, InForce, decide},
        matching::Question,
        rules::DecisionRules,
    },
    encoding::{
        cbor::{List, Set},
        hex::{Hash, Identifier, PublicKey},
    },
    record::{
        actor::{Actor, ActorPattern, CodeText, OrganizationId},
        authority::{Authority, Relation},
        codes::{self, System},
        consent::{Consent, ConsentStatus, Effect, Elements, Provision},
        instant::{Instant, Period},
        keys::ViewKey,
        request::Processing,
        sealing::{Carried, ResourceId, Sealer},
        source::{Schema, Source},
    },
};

use super::{
    open::{self, Span},
    slow::reversed,
    tree::Code,
};

/// Writes open values as records of one subject.
#[derive(Debug)]
pub(crate) struct Scribe {
    sealer: Sealer,
}

impl Scribe {
    pub(crate) fn new() -> Self {
        Self { sealer: Sealer::new(&ViewKey::new([7; 32])) }
    }

    /// The contract's decision on what the open values say.
    pub(crate) fn decide(
        &self,
        rules: &DecisionRules,
        consents: &[open::Consent],
        access: &open::Access,
    ) -> Decision {
        let consents: Vec<Consent> = consents.iter().map(|consent| self.consent(consent)).collect();
        let ids = (1..=u8::MAX).map(|byte| Hash([byte; 32]));
        let in_force: Vec<_> =
            ids.zip(&consents).map(|(id, consent)| InForce { id, consent }).collect();
        let processing = self.processing(access);
        decide(&in_force, rules, &Question::new(&processing, instant(access.at)))
    }

    fn processing(&self, access: &open::Access) -> Processing {
        let sealed = [&[access.confidentiality][..], &access.labels, &access.classes].concat();
        let ids = |ids: &[&str]| ids.iter().map(|text| id(text)).collect::<Vec<_>>();
        let carried = Carried::new(
            sealed.into_iter().map(of_system),
            ids(&access.resources),
            ids(&access.authors),
        );
        Processing {
            actor: Actor {
                person: Hash([access.person; 32]),
                role: text(access.role),
                organization: organization(access.organization),
            },
            action: text(access.action),
            purposes: texts(&access.purposes),
            basis: texts(&access.basis),
            protocol: access.protocol.map(protocol),
            delegate: None,
            emergency: access.emergency,
            justification: access.emergency.then_some(Hash([0x44; 32])),
            data_period: access.data_period.map(period),
            closures: self.sealer.compute_closures(&carried.unwrap()),
        }
    }

    fn consent(&self, consent: &open::Consent) -> Consent {
        let source =
            Source { schema: Schema::V1, sequence: 1, previous: None, recorded_at: instant(0) };
        let provisions = consent.provisions.iter().map(|provision| Provision {
            elements: self.elements(reversed(consent.decision), &provision.elements),
            exceptions: list(
                provision.exceptions.iter().map(|one| self.elements(consent.decision, one)),
            ),
        });
        Consent {
            source,
            subject: PublicKey([0x40; 32]),
            consent: Identifier([0x66; 16]),
            version: 1,
            previous: None,
            custodian: organization("st-anna.example"),
            grantor: Authority { relation: Relation::Own, delegation: None },
            status: ConsentStatus::Active,
            period: period(Span { start: 0, end: None }),
            given_at: instant(0),
            decision: consent.decision,
            scope: self.elements(consent.decision, &consent.scope),
            provisions: list(provisions),
            rule_set: consent.rule_set,
            basis: Set::default(),
            protocol: consent.protocol.map(protocol),
            document: None,
            details: None,
        }
    }

    fn elements(&self, effect: Effect, elements: &open::Elements) -> Elements {
        let codes = |named: &[Code]| {
            let named = named.iter().map(|code| of_system(*code));
            set(named.map(|code| self.sealer.seal_provision_code(effect, &code)))
        };
        let resources = elements.resources.iter();
        let authors = elements.authors.iter();
        Elements {
            actors: list(elements.actors.iter().map(|pattern| ActorPattern {
                organization: pattern.organization.map(organization),
                role: pattern.role.map(text),
                person: pattern.person.map(|byte| Hash([byte; 32])),
            })),
            actions: texts(&elements.actions),
            purposes: texts(&elements.purposes),
            period: elements.period.map(period),
            data_period: elements.data_period.map(period),
            confidentiality: codes(&elements.confidentiality),
            labels: codes(&elements.labels),
            classes: codes(&elements.classes),
            resources: set(
                resources.map(|text| self.sealer.seal_provision_resource(effect, &id(text)))
            ),
            authors: set(authors.map(|text| self.sealer.seal_provision_author(effect, &id(text)))),
        }
    }
}

pub(crate) fn text(code: Code) -> CodeText {
    CodeText::new(code.text).unwrap()
}

pub(crate) fn texts<const MIN: usize, const MAX: usize>(codes: &[Code]) -> Set<CodeText, MIN, MAX> {
    set(codes.iter().map(|code| text(*code)))
}

fn of_system(code: Code) -> codes::Code {
    let system = System::ALL.into_iter().find(|system| system.name() == code.system);
    codes::Code::new(system.unwrap(), code.text).unwrap()
}

fn id(text: &str) -> ResourceId {
    ResourceId::new(text).unwrap()
}

fn organization(id: &str) -> OrganizationId {
    OrganizationId::new(id).unwrap()
}

fn protocol(byte: u8) -> Hash {
    Hash([byte; 32])
}

fn instant(millis: u64) -> Instant {
    Instant::from_millis(millis).unwrap()
}

fn period(span: Span) -> Period {
    Period::new(instant(span.start), span.end.map(instant)).unwrap()
}

fn list<T, const MAX: usize>(values: impl IntoIterator<Item = T>) -> List<T, 0, MAX> {
    List::new(values.into_iter().collect()).unwrap()
}

/// A set, however often and in which order its values are given.
fn set<T: Ord, const MIN: usize, const MAX: usize>(
    values: impl IntoIterator<Item = T>,
) -> Set<T, MIN, MAX> {
    let values: BTreeSet<T> = values.into_iter().collect();
    Set::new(values.into_iter().collect()).unwrap()
}
