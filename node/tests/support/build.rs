//! The parts of records, short to write in tests.

use vidimus::{
    encoding::cbor::{List, Set},
    record::{
        actor::{CodeText, OrganizationId},
        authority::{Authority, Relation},
        consent::Elements,
        details::SealedSet,
        instant::Instant,
    },
};

pub(crate) fn at(millis: u64) -> Instant {
    Instant::from_millis(millis).unwrap()
}

pub(crate) fn set<T: Ord, const MIN: usize, const MAX: usize>(
    values: impl IntoIterator<Item = T>,
) -> Set<T, MIN, MAX> {
    Set::new(values.into_iter().collect()).unwrap()
}

pub(crate) fn list<T, const MIN: usize, const MAX: usize>(
    values: impl IntoIterator<Item = T>,
) -> List<T, MIN, MAX> {
    List::new(values.into_iter().collect()).unwrap()
}

pub(crate) fn code(code: &str) -> CodeText {
    CodeText::new(code).unwrap()
}

pub(crate) fn codes<const MIN: usize, const MAX: usize>(codes: &[&str]) -> Set<CodeText, MIN, MAX> {
    set(codes.iter().map(|text| code(text)))
}

pub(crate) fn organization(id: &str) -> OrganizationId {
    OrganizationId::new(id).unwrap()
}

pub(crate) fn own() -> Authority {
    Authority { relation: Relation::Own, delegation: None }
}

pub(crate) fn anything() -> Elements {
    Elements {
        actors: List::default(),
        actions: Set::default(),
        purposes: Set::default(),
        period: None,
        data_period: None,
        confidentiality: SealedSet::default(),
        labels: SealedSet::default(),
        classes: SealedSet::default(),
        resources: SealedSet::default(),
        authors: SealedSet::default(),
    }
}
