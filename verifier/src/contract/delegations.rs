//! Delegations: who may act for a subject.

use alloc::boxed::Box;

use super::{
    authority::Party,
    entries::{DelegationEntry, SubjectEntry, Table},
    outcome::ResultCode,
    transaction::Transaction,
};
use crate::{
    encoding::{cbor::Set, hex::Hash},
    record::{
        actor::OrganizationId,
        authority::Relation,
        delegation::{Delegation, DelegationChange, Right},
        organization::{KeyUse, OrganizationRole},
    },
    state::ReadState,
};

/// Who delegates.
enum Delegator {
    /// The subject's key.
    Subject,
    /// Somebody by this delegation.
    Delegate(Box<DelegationEntry>),
    /// A guardian authority.
    Authority(OrganizationId),
}

impl Delegator {
    fn into_authority(self) -> Option<OrganizationId> {
        match self {
            Self::Authority(id) => Some(id),
            Self::Subject | Self::Delegate(_) => None,
        }
    }
}

impl<S: ReadState> Transaction<'_, S> {
    /// Gives rights to a key, takes them back, or puts a new key in the place of the subject's.
    pub(super) fn delegation_record(&mut self, body: &Delegation) -> Result<(), ResultCode> {
        match body.change {
            DelegationChange::Grant => self.grant(body),
            DelegationChange::Withdraw => self.withdraw(body),
            DelegationChange::Rotate => self.rotate(body),
        }
    }

    fn grant(&mut self, body: &Delegation) -> Result<(), ResultCode> {
        let is_endless = body.relation == Relation::Parent && body.majority_at.is_none();
        if body.relation == Relation::Own || is_endless {
            return Err(ResultCode::Malformed);
        }
        self.verify_custodian(&body.custodian)?;
        let delegator = self.verify_delegator(body)?;
        if let Delegator::Delegate(given) = &delegator
            && !body.rights.iter().all(|right| given.rights.has(right))
        {
            // Nobody gives on what they do not have.
            return Err(ResultCode::NotAuthorized);
        }
        let entry = DelegationEntry {
            subject: body.subject,
            custodian: body.custodian.clone(),
            delegate: body.delegate,
            relation: body.relation,
            rights: body.rights.clone(),
            period: body.period.clone(),
            majority_at: body.majority_at,
            parent: body.grantor.as_ref().and_then(|grantor| grantor.delegation),
            authority: delegator.into_authority(),
            until: None,
            own_consent_at: body.own_consent_at,
        };
        self.write(Table::Delegations, &[&self.id.0.clone()], &entry);
        Ok(())
    }

    /// The subject takes back what it or its delegates gave, a delegate what it gave itself, and a
    /// guardian authority what that authority gave.
    fn withdraw(&mut self, body: &Delegation) -> Result<(), ResultCode> {
        let Hash(id) = body.withdrawn.ok_or(ResultCode::Malformed)?;
        let entry = self.read::<DelegationEntry>(Table::Delegations, &[&id])?;
        let is_of = |entry: &DelegationEntry| {
            entry.subject == body.subject && entry.custodian == body.custodian
        };
        let entry = entry.filter(is_of).ok_or(ResultCode::UnknownRecord)?;
        let may_withdraw = match self.verify_delegator(body)? {
            Delegator::Subject => entry.authority.is_none(),
            Delegator::Delegate(_) => {
                let own = body.grantor.as_ref().and_then(|grantor| grantor.delegation);
                own.is_some() && entry.parent == own
            }
            Delegator::Authority(id) => entry.authority == Some(id),
        };
        if !may_withdraw {
            return Err(ResultCode::NotAuthorized);
        }
        let until = entry.until.or(Some(self.at.time));
        self.write(Table::Delegations, &[&id], &DelegationEntry { until, ..entry });
        Ok(())
    }

    /// Only the subject's key gives way to another: whoever else could do it would be the subject.
    fn rotate(&mut self, body: &Delegation) -> Result<(), ResultCode> {
        if self.signer != self.subject_key(&body.subject)? {
            return Err(ResultCode::NotAuthorized);
        }
        let entry = self.read::<SubjectEntry>(Table::Subjects, &[&body.subject.0])?;
        let consents = entry.map_or_else(Set::default, |entry| entry.consents);
        let entry = SubjectEntry { key: Some(body.delegate), consents };
        self.write(Table::Subjects, &[&body.subject.0], &entry);
        Ok(())
    }

    /// Checks that the signer may delegate for the subject, and says as what.
    fn verify_delegator(&self, body: &Delegation) -> Result<Delegator, ResultCode> {
        let Some(grantor) = &body.grantor else {
            let signing = self.signing_organization()?;
            if !signing.organization.roles.has(&OrganizationRole::GuardianAuthority) {
                return Err(ResultCode::NotAuthorized);
            }
            self.verify_key(&signing, &[KeyUse::GuardianAuthority], &body.source)?;
            return Ok(Delegator::Authority(signing.organization.organization.clone()));
        };
        let party = Party { subject: &body.subject, custodian: &body.custodian };
        let (moment, _) = self.moment(&body.source);
        let given = self.verify_authority(party, grantor, Right::Delegate, moment)?;
        Ok(given.map_or(Delegator::Subject, |given| Delegator::Delegate(Box::new(given))))
    }
}
