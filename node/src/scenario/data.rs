//! What is in a patient's chart, and how it stands sealed in records.

use std::collections::BTreeMap;

use vidimus::{
    encoding::hex::{Identifier, PublicKey},
    record::{
        codes::{Code, Effect, Element, System},
        consent::Elements,
        details::{Ciphertext, Nonce, SealedDetails, SealedSet},
        keys::ViewKey,
        sealing::{Binding, Carried, Details, Named, ResourceId, Sealer, TextKind, seal_details},
    },
};

/// One resource of a chart, always labelled alike.
#[derive(Clone, Debug)]
pub(super) struct Item {
    pub(super) resource: String,
    author: String,
    class: &'static str,
    level: &'static str,
    labels: &'static [(System, &'static str)],
}

/// Kinds of resources.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Content {
    Reading,
    Diagnosis,
    Medication,
    Imaging,
    Claim,
    Hiv,
    Psychotherapy,
    SelfPaid,
    Genome,
    Addiction,
    Adolescent,
    /// A genome without the label that it should have.
    Unlabelled,
}

impl Content {
    const ALL: [Self; 12] = [
        Self::Reading,
        Self::Diagnosis,
        Self::Medication,
        Self::Imaging,
        Self::Claim,
        Self::Hiv,
        Self::Psychotherapy,
        Self::SelfPaid,
        Self::Genome,
        Self::Addiction,
        Self::Adolescent,
        Self::Unlabelled,
    ];

    /// Its number in ids of resources.
    pub(super) fn number(self) -> usize {
        Self::ALL.iter().position(|content| *content == self).unwrap_or_default()
    }

    /// Class, level and labels.
    const fn terms(self) -> (&'static str, &'static str, &'static [(System, &'static str)]) {
        match self {
            Self::Reading => ("Observation", "N", &[]),
            Self::Diagnosis => ("Condition", "N", &[]),
            Self::Medication => ("MedicationRequest", "N", &[]),
            Self::Imaging => ("ImagingStudy", "N", &[]),
            Self::Claim => ("Claim", "N", &[]),
            Self::Hiv => ("Observation", "R", &[(System::Sensitivity, "HIV")]),
            Self::Psychotherapy => ("DocumentReference", "R", &[(System::Sensitivity, "PSYTHPN")]),
            Self::SelfPaid => ("Claim", "R", &[(System::Law, "HIPAASelfPay")]),
            Self::Genome => ("MolecularSequence", "R", &[(System::Sensitivity, "GDIS")]),
            Self::Addiction => {
                ("Condition", "R", &[(System::Sensitivity, "SUD"), (System::Law, "42CFRPart2")])
            }
            Self::Adolescent => ("Encounter", "R", &[(System::Sensitivity, "ADOL")]),
            Self::Unlabelled => ("MolecularSequence", "N", &[]),
        }
    }
}

impl Item {
    /// The resource of this kind and number.
    pub(super) fn new(content: Content, number: &str) -> Self {
        let (class, level, labels) = content.terms();
        let resource = format!("{class}/{number}");
        Self { resource, author: "Practitioner/1".to_owned(), class, level, labels }
    }

    /// The same resource with the labels of other content.
    pub(super) fn relabelled(&self, content: Content) -> Self {
        let (class, level, labels) = content.terms();
        Self { class, level, labels, ..self.clone() }
    }

    pub(super) fn carried(&self) -> Option<Carried> {
        let codes = [(System::Class, self.class), (System::Confidentiality, self.level)];
        let codes = codes.iter().chain(self.labels);
        let codes: Vec<Code> =
            codes.map(|(system, text)| Code::new(*system, text).ok()).collect::<Option<_>>()?;
        let [resource, author] = [&self.resource, &self.author].map(|id| ResourceId::new(id).ok());
        Carried::new(codes, [resource?], [author?]).ok()
    }
}

/// Details sealed for one record of a subject.
pub(super) fn seal(
    key: &ViewKey,
    nonce: [u8; 24],
    kind: &str,
    subject: &PublicKey,
    event: &Identifier,
    details: &Details,
) -> Option<SealedDetails> {
    let binding = Binding { kind, subject, event_id: &event.0 };
    let ciphertext = seal_details(key, &nonce, &binding, details).ok()?;
    Some(SealedDetails { nonce: Nonce(nonce), ciphertext: Ciphertext::new(ciphertext)? })
}

/// Details of what an access opens, with texts.
pub(super) fn opened(carried: Carried, texts: BTreeMap<TextKind, String>) -> Option<Details> {
    Details::new(Some(carried), Vec::new(), texts).ok()
}

/// Puts sealed codes and ids in the place of what elements name.
pub(super) fn name(
    elements: Elements,
    sealer: &Sealer,
    effect: Effect,
    codes: &[(System, &str)],
    resources: &[&str],
) -> Option<(Elements, Named)> {
    let codes: Vec<Code> =
        codes.iter().map(|(system, text)| Code::new(*system, text).ok()).collect::<Option<_>>()?;
    let resources: Vec<ResourceId> =
        resources.iter().map(|id| ResourceId::new(id).ok()).collect::<Option<_>>()?;
    let named = Named::new(codes, resources, []).ok()?;
    let mut by_element = sealer.seal_provision(effect, &named);
    let mut of = |element| {
        let set = by_element.remove(&element).unwrap_or_default();
        SealedSet::new(set.into_iter().collect())
    };
    let elements = Elements {
        confidentiality: of(Element::Confidentiality)?,
        labels: of(Element::Label)?,
        classes: of(Element::Class)?,
        resources: of(Element::Resource)?,
        ..elements
    };
    Some((elements, named))
}
