//! Short ways to the terms of records. All of them are within their bounds, so none is ever `None`.

use vidimus::{
    encoding::{
        cbor::{List, Set},
        hex::Hash,
    },
    merkle::sha256,
    record::{
        actor::{ActorPattern, CodeText, OrganizationId},
        authority::{Authority, Relation},
        consent::Elements,
        details::SealedSet,
        instant::{Instant, Period},
    },
};

pub(super) const SECOND: u64 = 1_000;
pub(super) const MINUTE: u64 = 60 * SECOND;
pub(super) const HOUR: u64 = 60 * MINUTE;
pub(super) const DAY: u64 = 24 * HOUR;

pub(super) fn at(millis: u64) -> Option<Instant> {
    Instant::from_millis(millis)
}

pub(super) fn period(start: u64, end: Option<u64>) -> Option<Period> {
    let end = match end {
        Some(end) => Some(at(end)?),
        None => None,
    };
    Period::new(at(start)?, end)
}

pub(super) fn codes<const MIN: usize, const MAX: usize>(
    texts: &[&str],
) -> Option<Set<CodeText, MIN, MAX>> {
    Set::new(texts.iter().map(|text| CodeText::new(text)).collect::<Option<_>>()?)
}

/// Everybody in this role, of this organization if one is named.
pub(super) fn in_role(organization: Option<&OrganizationId>, role: &str) -> Option<ActorPattern> {
    let role = Some(CodeText::new(role)?);
    Some(ActorPattern { organization: organization.cloned(), role, person: None })
}

pub(super) fn anything() -> Elements {
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

pub(super) const fn own() -> Authority {
    Authority { relation: Relation::Own, delegation: None }
}

/// A digest of made-up content.
pub(super) fn digest(seed: u64, label: &str, number: u64) -> Hash {
    let (seed, number) = (seed.to_string(), number.to_string());
    let parts = ["vidimus scenario", &seed, label, &number];
    sha256(&[parts.join(" ").as_bytes()])
}
