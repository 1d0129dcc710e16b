//! Patients: seeds, pseudonyms, and what each agreed to.

use vidimus::{
    encoding::hex::{Identifier, PublicKey},
    record::{
        authority::Relation,
        keys::{CustodianId, ViewKey},
        sealing::Sealer,
    },
};
use vidimus_keys::PatientSeed;

use super::{
    book::Slot,
    data::{Content, Item},
    keys::{AnyKey, KeyId, KeyRing},
    terms::digest,
};
use crate::numbers::to_u64;

/// What a subject agreed to, and how that changes. Each change comes at the subject's own session.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(super) enum Shape {
    /// Care, payment and operations, by anybody.
    General,
    /// Reading of some classes by some roles for treatment.
    Granular,
    /// Everything but one label, and that one for physicians.
    ExceptLabel,
    /// Nothing but treatment by clinicians here.
    OptOut,
    /// Two resources by name.
    Listed,
    /// Disclosure of substance abuse data, as 42 CFR 2.31 asks for.
    Part2,
    /// A research protocol.
    Research,
    /// A protocol of which a second version comes.
    ResearchVersions,
    /// A protocol that ends.
    ResearchOver,
    /// General, and its period ends.
    Expiring,
    /// General, and revoked.
    Revoked,
    /// General, and not in force before the change.
    Future,
    /// General, replaced by a second version.
    Versions,
    /// General, and then entered in error.
    Mistaken,
    /// General, and then the key changes.
    Rotating,
    /// A child, for whom a parent consented.
    Minor,
    /// A child that comes of age.
    ComingOfAge,
    /// Somebody with a proxy, whose power is withdrawn.
    Proxied,
    /// Somebody whose record is for a few alone.
    Protected,
    /// Nobody asked.
    Silent,
}

/// Which subject has which shape, over and over: care is what most agree to.
const SHAPES: [Shape; 24] = [
    Shape::General,
    Shape::Granular,
    Shape::ExceptLabel,
    Shape::OptOut,
    Shape::Silent,
    Shape::Part2,
    Shape::Research,
    Shape::Revoked,
    Shape::Minor,
    Shape::Proxied,
    Shape::General,
    Shape::Expiring,
    Shape::Mistaken,
    Shape::Future,
    Shape::ResearchOver,
    Shape::ComingOfAge,
    Shape::Rotating,
    Shape::Versions,
    Shape::Listed,
    Shape::ResearchVersions,
    Shape::Protected,
    Shape::General,
    Shape::Granular,
    Shape::Silent,
];

/// Least number of patients: every shape has one.
pub(super) const LEAST: usize = SHAPES.len();

/// Somebody who acts for a subject.
#[derive(Clone, Copy, Debug)]
pub(super) struct Delegate {
    pub(super) key: KeyId,
    pub(super) relation: Relation,
    pub(super) delegation: Slot,
}

/// A patient at one custodian.
#[derive(Debug)]
pub(super) struct Subject {
    pub(super) custodian: usize,
    pub(super) shape: Shape,
    /// The session at which things change.
    pub(super) switch: usize,
    pub(super) key: KeyId,
    /// The key of the patient's second seed, after a rotation.
    pub(super) next_key: KeyId,
    pub(super) public: PublicKey,
    pub(super) view_key: ViewKey,
    pub(super) sealer: Sealer,
    /// The consents: id, and the record of its first version.
    pub(super) consents: Vec<(Identifier, Slot)>,
    pub(super) delegate: Option<Delegate>,
    number: usize,
}

impl Subject {
    /// The resource of this kind in the chart.
    pub(super) fn item(&self, content: Content) -> Item {
        Item::new(content, &format!("{}-{}", self.number, content.number()))
    }
}

/// A patient, with the seed and the one that a rotation brings.
#[derive(Debug)]
pub(super) struct Patient {
    /// The seed as its file holds it. A TEST KEY: it follows from the scenario's seed.
    pub(super) seed: String,
    pub(super) next_seed: Option<String>,
    /// Which custodians know the patient.
    pub(super) custodians: Vec<usize>,
}

/// The patients of custodians: every fifth is known to two of them.
pub(super) fn admit(
    seed: u64,
    keys: &mut KeyRing,
    custodians: &[CustodianId],
    patients: usize,
    mut switch: impl FnMut() -> usize,
) -> Option<(Vec<Patient>, Vec<Subject>)> {
    let (mut admitted, mut subjects) = (Vec::new(), Vec::new());
    for number in 0..patients {
        let text = |label| format!("{}\n", digest(seed, label, to_u64(number)));
        let (first, next) = (text("patient"), text("patient, second seed"));
        let (secret, next_secret) =
            (PatientSeed::parse(&first).ok()?, PatientSeed::parse(&next).ok()?);
        // Shapes go round the custodians at another pace than patients do.
        let turn = number.saturating_add(number.checked_div(SHAPES.len())?);
        let home = turn.checked_rem(custodians.len())?;
        let away = turn.saturating_add(1).checked_rem(custodians.len())?;
        let is_known_twice = number % 5 == 4 && away != home;
        let mut patient = Patient { seed: first, next_seed: None, custodians: Vec::new() };
        for custodian in [Some(home), is_known_twice.then_some(away)].into_iter().flatten() {
            let id = custodians.get(custodian)?;
            let shape = *SHAPES.get(subjects.len().checked_rem(SHAPES.len())?)?;
            let (key, next_key) = (secret.subject_key(id), next_secret.subject_key(id));
            let (public, view_key) = (key.public(), secret.view_key(id));
            if shape == Shape::Rotating {
                patient.next_seed = Some(next.clone());
            }
            patient.custodians.push(custodian);
            subjects.push(Subject {
                custodian,
                shape,
                switch: switch(),
                key: keys.add(AnyKey::Subject(key)),
                next_key: keys.add(AnyKey::Subject(next_key)),
                public,
                sealer: Sealer::new(&view_key),
                view_key,
                consents: Vec::new(),
                delegate: None,
                number: subjects.len(),
            });
        }
        admitted.push(patient);
    }
    Some((admitted, subjects))
}
