//! Whether somebody who acts for a patient may.

use super::{act::Performed, ledger::Ledger};
use crate::{
    contract::entries::DelegationEntry,
    encoding::hex::Hash,
    record::{
        Body,
        authority::{Authority, Relation},
        delegation::Right,
        instant::Instant,
    },
};

/// By which right a consent, revocation or delegation claims to be signed.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Claim {
    /// The patient's own.
    Own,
    /// A delegate's.
    Delegate(Relation),
    /// A guardian authority's, which gives a delegation without a grantor.
    Authority,
}

impl Claim {
    /// What the record claims, if it is one of these.
    pub(super) fn of(body: &Body) -> Option<Self> {
        let relation = match body {
            Body::Consent(body) => Some(body.grantor.relation),
            Body::Revocation(body) => Some(body.grantor.relation),
            Body::Delegation(body) => body.grantor.as_ref().map(|grantor| grantor.relation),
            Body::Organization(_)
            | Body::Request(_)
            | Body::Access(_)
            | Body::Review(_)
            | Body::Anchor(_)
            | Body::Protocol(_) => return None,
        };
        Some(match relation {
            Some(Relation::Own) => Self::Own,
            Some(relation) => Self::Delegate(relation),
            None => Self::Authority,
        })
    }
}

/// Most delegations that a right may hang on.
const DEPTH: usize = 8;

/// Why nothing on the ledger gives the right to act for the patient at the moment of the access, if
/// nothing does. The patient's age is another question.
pub(super) fn without_proof(
    authority: &Authority,
    performed: &Performed<'_>,
    ledger: &Ledger<'_>,
) -> Option<&'static str> {
    if authority.relation == Relation::Own {
        return None;
    }
    let Some(id) = authority.delegation else { return Some("no delegation is named") };
    let Some(entry) = ledger.delegation(&id) else {
        return Some("the delegation is not on the ledger");
    };
    if entry.relation != authority.relation {
        return Some("the delegation is of another relation");
    }
    holds(&entry, id, Right::Access, performed, ledger).err()
}

/// Why the patient, for whom a parent or guardian acts, decides alone at the moment of the access, if
/// the delegation says so.
pub(super) fn of_age(
    authority: &Authority,
    performed: &Performed<'_>,
    ledger: &Ledger<'_>,
) -> Option<&'static str> {
    let entry = ledger.delegation(&authority.delegation?)?;
    let is_reached = |age: Option<Instant>| age.is_some_and(|age| age <= performed.moment());
    if entry.subject != performed.access.subject {
        None
    } else if is_reached(entry.majority_at) {
        Some("the patient is of age")
    } else if is_reached(entry.own_consent_at) {
        Some("the patient has the age of own consent")
    } else {
        None
    }
}

/// Whether the delegation and all that it rests on hold: it with `right`, those before it with the
/// right to delegate.
fn holds(
    entry: &DelegationEntry,
    id: Hash,
    right: Right,
    performed: &Performed<'_>,
    ledger: &Ledger<'_>,
) -> Result<(), &'static str> {
    let at = performed.moment();
    let (mut entry, mut id, mut right) = (entry.clone(), id, right);
    for _ in 0..DEPTH {
        if entry.subject != performed.access.subject {
            return Err("the delegation is another patient's");
        }
        if entry.custodian != performed.access.custodian {
            return Err("the delegation is for another custodian");
        }
        if !entry.rights.has(&right) {
            return Err("the delegation gives another right");
        }
        if !entry.period.contains(at) {
            return Err("the delegation does not hold at that time");
        }
        if entry.until.is_some_and(|until| until <= at) {
            return Err("the delegation was withdrawn");
        }
        if let Some(authority) = &entry.authority
            && ledger.organization(authority).is_none_or(|authority| authority.suspended)
        {
            return Err("the guardian authority is suspended");
        }
        let Some(parent) = entry.parent.filter(|parent| *parent != id) else { return Ok(()) };
        entry =
            ledger.delegation(&parent).ok_or("the delegation before it is not on the ledger")?;
        (id, right) = (parent, Right::Delegate);
    }
    Err("the delegations do not end")
}
