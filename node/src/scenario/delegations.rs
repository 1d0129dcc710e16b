//! Who may act for whom.

use vidimus::{
    encoding::cbor::Set,
    record::{
        Body,
        authority::Relation,
        delegation::{Delegation, DelegationChange, Right},
    },
};

use super::{
    book::{Draft, Slot},
    keys::KeyId,
    organizations::Partner,
    patients::{Delegate, Shape},
    rhythm::genesis,
    terms::{DAY, MINUTE, SECOND, at, own, period},
    world::World,
};

/// What a shape's subject, or a court, delegates, and what becomes of it.
pub(super) fn delegate(world: &mut World, subject: usize) -> Option<()> {
    let of = world.subjects.get(subject)?;
    let (shape, own_key, next_key) = (of.shape, of.key, of.next_key);
    let change = world.session(of.switch)?.asked;
    let before = change.saturating_sub(10 * SECOND);
    if shape == Shape::Minor {
        let court = world.partner(Partner::Court)?.special;
        grant(world, subject, court, Relation::Guardian, None)?;
    } else if shape == Shape::ComingOfAge {
        grant(world, subject, own_key, Relation::Parent, Some(change))?;
    } else if shape == Shape::Proxied {
        let given = grant(world, subject, own_key, Relation::Proxy, None)?;
        let withdraw = Change {
            kind: DelegationChange::Withdraw,
            signer: own_key,
            delegate: given.key,
            relation: Relation::Proxy,
            majority_at: None,
            withdrawn: Some(given.delegation),
        };
        let draft = withdraw.draft(world, subject, before)?;
        world.book.put(change, draft);
    } else if shape == Shape::Rotating {
        let rotate = Change {
            kind: DelegationChange::Rotate,
            signer: own_key,
            delegate: next_key,
            relation: Relation::Own,
            majority_at: None,
            withdrawn: None,
        };
        let draft = rotate.draft(world, subject, before)?;
        world.book.put(change, draft);
    }
    Some(())
}

/// Gives somebody new the right to consent and to read, from the start on.
fn grant(
    world: &mut World,
    subject: usize,
    signer: KeyId,
    relation: Relation,
    majority_at: Option<u64>,
) -> Option<Delegate> {
    let block = genesis().saturating_add(MINUTE);
    let key = world.keys.test(&format!("delegate of subject {subject}"));
    let grant = Change {
        kind: DelegationChange::Grant,
        signer,
        delegate: key,
        relation,
        majority_at,
        withdrawn: None,
    };
    let draft = grant.draft(world, subject, block.saturating_sub(5 * SECOND))?;
    let delegation = world.book.put_known(block, draft);
    let delegate = Delegate { key, relation, delegation };
    world.subjects.get_mut(subject)?.delegate = Some(delegate);
    Some(delegate)
}

/// A delegation record to come.
#[derive(Clone, Copy, Debug)]
pub(super) struct Change {
    pub(super) kind: DelegationChange,
    /// The subject's key, or a court's for a guardian.
    pub(super) signer: KeyId,
    pub(super) delegate: KeyId,
    pub(super) relation: Relation,
    pub(super) majority_at: Option<u64>,
    pub(super) withdrawn: Option<Slot>,
}

impl Change {
    pub(super) fn draft(self, world: &World, subject: usize, recorded_at: u64) -> Option<Draft> {
        let custodian = world.custodian(subject)?.id.clone();
        let public = world.subjects.get(subject)?.public;
        let delegate = world.keys.public(self.delegate)?;
        let Self { kind: change, relation, withdrawn, .. } = self;
        let is_grant = change == DelegationChange::Grant;
        let rights =
            if is_grant { Set::new(vec![Right::Consent, Right::Access])? } else { Set::default() };
        let majority_at = match self.majority_at {
            Some(millis) => Some(at(millis)?),
            None => None,
        };
        let period = period(genesis(), Some(genesis().saturating_add(365 * DAY)))?;
        let grantor = (relation != Relation::Guardian).then(own);
        Some(Draft::new(self.signer, recorded_at, move |source, slots| {
            Some(Body::Delegation(Delegation {
                source,
                subject: public,
                custodian,
                change,
                grantor,
                delegate,
                relation,
                rights,
                period,
                majority_at,
                own_consent_at: None,
                withdrawn: match withdrawn {
                    Some(slot) => Some(slots.id(slot)?),
                    None => None,
                },
                details: None,
            }))
        }))
    }
}
