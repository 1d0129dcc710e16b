//! A consent in which everything can be read, and the record that it becomes.

use vidimus::{
    encoding::hex::{Hash, Identifier, PublicKey},
    merkle::sha256,
    record::{
        actor::ActorPattern,
        authority::{Authority, Relation},
        codes::{Code, Element, System},
        consent::{Consent, ConsentStatus, Effect, Elements, Provision},
        details::SealedSet,
        keys::ViewKey,
        sealing::{Named, ResourceId, Sealer},
        source::{Schema, Source},
    },
};

use crate::{
    build::{anything, code, codes, list, organization, own, set},
    moment::{Span, first, period},
};

/// What a provision names.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Terms {
    /// References to organizations and persons.
    pub(crate) actors: &'static [&'static str],
    pub(crate) actions: &'static [&'static str],
    pub(crate) purposes: &'static [&'static str],
    pub(crate) data_period: Option<Span>,
    /// Levels of confidentiality, or labels.
    pub(crate) labels: &'static [&'static str],
    pub(crate) classes: &'static [&'static str],
    pub(crate) resources: &'static [&'static str],
    pub(crate) authors: &'static [&'static str],
}

/// Terms that every access meets.
pub(crate) const ANY: Terms = Terms {
    actors: &[],
    actions: &[],
    purposes: &[],
    data_period: None,
    labels: &[],
    classes: &[],
    resources: &[],
    authors: &[],
};

/// One version of a consent, before it is sealed.
#[derive(Clone, Debug)]
pub(crate) struct Draft {
    pub(crate) given: &'static str,
    pub(crate) grantor: Option<&'static str>,
    pub(crate) custodian: &'static str,
    pub(crate) period: Option<Span>,
    pub(crate) policy: &'static str,
    pub(crate) decision: Effect,
    pub(crate) scope: Terms,
    pub(crate) provisions: Vec<(Terms, Vec<Terms>)>,
    pub(crate) protocol: Option<&'static str>,
}

/// Seals what the patient's consents name and what accesses open.
pub(crate) fn sealer() -> Sealer {
    Sealer::new(&ViewKey::new([0x77; 32]))
}

/// The pseudonym of a person, or the id of a protocol's version, in the place of what it stands for.
pub(crate) fn pseudonym(reference: &str) -> Hash {
    sha256(&[reference.as_bytes()])
}

/// An organization's id by the reference to it.
pub(crate) fn organization_id(reference: &str) -> String {
    reference.strip_prefix("Organization/").unwrap().to_owned()
}

pub(crate) fn id(text: &str) -> ResourceId {
    ResourceId::new(text).unwrap()
}

/// A level of confidentiality, or a label of sensitivity. The retired levels that are spelled like labels
/// are labels here.
pub(crate) fn label(text: &str) -> Code {
    let is_level = ["U", "L", "M", "N", "R", "V"].contains(&text);
    Code::new(if is_level { System::Confidentiality } else { System::Sensitivity }, text).unwrap()
}

pub(crate) fn class(text: &str) -> Code {
    Code::new(System::Class, text).unwrap()
}

impl Terms {
    /// The elements of a provision of this effect.
    fn seal(&self, effect: Effect) -> Elements {
        let sealed_codes = self.labels.iter().map(|text| label(text));
        let sealed_codes = sealed_codes.chain(self.classes.iter().map(|text| class(text)));
        let ids = |ids: &[&str]| ids.iter().map(|text| id(text)).collect::<Vec<_>>();
        let named = Named::new(sealed_codes, ids(self.resources), ids(self.authors)).unwrap();
        let mut by_element = sealer().seal_provision(effect, &named);
        let mut take =
            |element| -> SealedSet { set(by_element.remove(&element).unwrap_or_default()) };
        Elements {
            actors: list(self.actors.iter().map(|reference| pattern(reference))),
            actions: codes(self.actions),
            purposes: codes(self.purposes),
            data_period: self.data_period.map(|span| period(span, "1970-01-01")),
            confidentiality: take(Element::Confidentiality),
            labels: take(Element::Label),
            classes: take(Element::Class),
            resources: take(Element::Resource),
            authors: take(Element::Author),
            ..anything()
        }
    }
}

/// An organization with all its people; a person; else a role.
fn pattern(reference: &str) -> ActorPattern {
    let nobody = ActorPattern { organization: None, role: None, person: None };
    if reference.starts_with("Organization/") {
        let organization = Some(organization(&organization_id(reference)));
        ActorPattern { organization, ..nobody }
    } else if reference.contains('/') {
        ActorPattern { person: Some(pseudonym(reference)), ..nobody }
    } else {
        ActorPattern { role: Some(code(reference)), ..nobody }
    }
}

impl Draft {
    /// The consent as it stands in a record.
    pub(crate) fn seal(&self) -> Consent {
        let provisions = self.provisions.iter().map(|(terms, exceptions)| Provision {
            elements: terms.seal(self.decision.reversed()),
            exceptions: list(exceptions.iter().map(|terms| terms.seal(self.decision))),
        });
        let given_at = first(self.given);
        Consent {
            source: Source {
                schema: Schema::V1,
                sequence: 1,
                previous: None,
                recorded_at: given_at,
            },
            subject: PublicKey([0x40; 32]),
            consent: Identifier([0x66; 16]),
            version: 1,
            previous: None,
            custodian: organization(&organization_id(self.custodian)),
            grantor: self.authority(),
            status: ConsentStatus::Active,
            period: period(self.period.unwrap_or_default(), self.given),
            given_at,
            decision: self.decision,
            scope: self.scope.seal(self.decision),
            provisions: list(provisions),
            rule_set: None,
            basis: codes(&[self.policy]),
            protocol: self.protocol.map(pseudonym),
            document: None,
            details: None,
        }
    }

    /// Patients sign with their own keys, a mother as a parent, others by proxy: by a delegation.
    fn authority(&self) -> Authority {
        let delegated =
            |relation| Authority { relation, delegation: Some(pseudonym("delegation")) };
        match self.grantor {
            Some("Patient/ex-mother") => delegated(Relation::Parent),
            Some(reference) if reference.starts_with("RelatedPerson/") => {
                delegated(Relation::Proxy)
            }
            _ => own(),
        }
    }
}
