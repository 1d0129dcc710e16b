//! Who may sign what.

use alloc::sync::Arc;

use super::{
    entries::{DelegationEntry, KeyEntry, OrganizationEntry, SubjectEntry, Table},
    outcome::ResultCode,
    transaction::Transaction,
};
use crate::{
    encoding::hex::{Hash, PublicKey},
    record::{
        actor::OrganizationId,
        authority::{Authority, Relation},
        delegation::Right,
        instant::Instant,
        organization::{KeyUse, OrganizationRole},
        source::Source,
    },
    state::ReadState,
};

/// Most delegations of one chain.
const CHAIN: usize = 8;

/// For whom somebody acts, and whose data it is about.
#[derive(Clone, Copy)]
pub(super) struct Party<'a> {
    pub(super) subject: &'a PublicKey,
    pub(super) custodian: &'a OrganizationId,
}

impl<S: ReadState> Transaction<'_, S> {
    /// Checks that the signer is a governance key.
    pub(super) fn verify_governance(&self) -> Result<(), ResultCode> {
        if self.network.governance.has(&self.signer) {
            Ok(())
        } else {
            Err(ResultCode::NotAuthorized)
        }
    }

    /// Checks that the signer's key is one of the organization's, for one of these uses, at the
    /// record's time, and that the organization has the role.
    pub(super) fn verify_organization(
        &self,
        id: &OrganizationId,
        role: OrganizationRole,
        uses: &[KeyUse],
        source: &Source,
    ) -> Result<(), ResultCode> {
        let entry = self.organization_as(id, role)?;
        self.verify_key(&entry, uses, source)
    }

    /// The organization, if it is registered and has the role.
    pub(super) fn organization_as(
        &self,
        id: &OrganizationId,
        role: OrganizationRole,
    ) -> Result<Arc<OrganizationEntry>, ResultCode> {
        let entry = self.organization(id)?.filter(|entry| entry.organization.roles.has(&role));
        entry.ok_or(ResultCode::UnknownOrganization)
    }

    /// Checks that the signer's key is one of the organization's, for one of these uses, at the
    /// record's time.
    ///
    /// A key that is revoked signs nothing from that moment on, by the time of the block: what it
    /// signed under an earlier date cannot be believed either. A period that ended is another matter:
    /// what was signed in it may come late.
    pub(super) fn verify_key(
        &self,
        entry: &OrganizationEntry,
        uses: &[KeyUse],
        source: &Source,
    ) -> Result<(), ResultCode> {
        let (moment, _) = self.moment(source);
        let is_valid = entry.organization.keys.iter().any(|grant| {
            grant.key == self.signer
                && uses.iter().any(|key_use| grant.uses.has(key_use))
                && grant.period.contains(moment)
                && grant.revoked_at.is_none_or(|revoked| self.at.time.max(moment) < revoked)
        });
        if is_valid && !entry.suspended { Ok(()) } else { Err(ResultCode::NotAuthorized) }
    }

    /// The organization whose key the signer's is.
    pub(super) fn signing_organization(&self) -> Result<Arc<OrganizationEntry>, ResultCode> {
        let key = self.read::<KeyEntry>(Table::Keys, &[&self.signer.0])?;
        let id = key.ok_or(ResultCode::NotAuthorized)?.organization;
        self.organization(&id)?.ok_or(ResultCode::State)
    }

    /// Checks that the signer may act for the subject: by the subject's own key, or by a chain of
    /// delegations that all hold at `at` and at the time of the block. The delegation, if it is one.
    pub(super) fn verify_authority(
        &self,
        party: Party<'_>,
        authority: &Authority,
        right: Right,
        at: Instant,
    ) -> Result<Option<DelegationEntry>, ResultCode> {
        match (authority.relation, authority.delegation) {
            (Relation::Own, None) if self.signer == self.subject_key(party.subject)? => Ok(None),
            (Relation::Own, _) | (_, None) => Err(ResultCode::NotAuthorized),
            (relation, Some(delegation)) => {
                let given = self.verify_chain(party, delegation, right, at)?;
                if given.delegate == self.signer && given.relation == relation {
                    Ok(Some(given))
                } else {
                    Err(ResultCode::NotAuthorized)
                }
            }
        }
    }

    /// The key that signs for a subject: its own, until a rotation.
    pub(super) fn subject_key(&self, subject: &PublicKey) -> Result<PublicKey, ResultCode> {
        let entry = self.read::<SubjectEntry>(Table::Subjects, &[&subject.0])?;
        Ok(entry.and_then(|entry| entry.key).unwrap_or(*subject))
    }

    /// The delegation `id`, if it and all that it rests on hold at `at`: it with `right`, those before
    /// it with the right to delegate.
    fn verify_chain(
        &self,
        party: Party<'_>,
        id: Hash,
        right: Right,
        at: Instant,
    ) -> Result<DelegationEntry, ResultCode> {
        let (mut next, mut right, mut last) = (Some(id), right, None);
        for _ in 0..CHAIN {
            let Some(id) = next else { break };
            let entry = self.read::<DelegationEntry>(Table::Delegations, &[&id.0])?;
            // Who names a delegation that nobody gave has shown no right.
            let entry = entry.ok_or(ResultCode::NotAuthorized)?;
            if !self.holds(&entry, party, right, at)? {
                return Err(ResultCode::NotAuthorized);
            }
            (next, right) = (entry.parent, Right::Delegate);
            last = last.or(Some(entry));
        }
        last.filter(|_| next.is_none()).ok_or(ResultCode::NotAuthorized)
    }

    fn holds(
        &self,
        entry: &DelegationEntry,
        party: Party<'_>,
        right: Right,
        at: Instant,
    ) -> Result<bool, ResultCode> {
        // Whatever date the delegate writes, what counts is also when it is recorded.
        let now = at.max(self.at.time);
        // A parent's right ends with majority, a guardian's too where the delegation says when that is.
        let is_of_age = |majority| majority <= now;
        let is_over = match entry.relation {
            Relation::Parent => entry.majority_at.is_none_or(is_of_age),
            Relation::Guardian => entry.majority_at.is_some_and(is_of_age),
            Relation::Own | Relation::Proxy => false,
        };
        let is_suspended = match &entry.authority {
            Some(id) => self.organization(id)?.is_none_or(|authority| authority.suspended),
            None => false,
        };
        Ok(entry.subject == *party.subject
            && entry.custodian == *party.custodian
            && entry.rights.has(&right)
            && entry.period.contains(at)
            && entry.period.contains(now)
            && entry.until.is_none_or(|until| now < until)
            && !is_over
            && !is_suspended)
    }
}
