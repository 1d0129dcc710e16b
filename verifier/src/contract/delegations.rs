//! Delegations: who may act for a subject.

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
        if body.relation == Relation::Own {
            return Err(ResultCode::Malformed);
        }
        let authority = self.verify_delegator(body)?;
        let entry = DelegationEntry {
            subject: body.subject,
            custodian: body.custodian.clone(),
            delegate: body.delegate,
            relation: body.relation,
            rights: body.rights.clone(),
            period: body.period.clone(),
            majority_at: body.majority_at,
            parent: body.grantor.as_ref().and_then(|grantor| grantor.delegation),
            authority,
            until: None,
        };
        self.write(Table::Delegations, &[&self.id.0.clone()], &entry);
        Ok(())
    }

    /// The subject takes back whatever was given, and a guardian authority what it gave itself.
    fn withdraw(&mut self, body: &Delegation) -> Result<(), ResultCode> {
        let Hash(id) = body.withdrawn.ok_or(ResultCode::Malformed)?;
        let entry = self.read::<DelegationEntry>(Table::Delegations, &[&id])?;
        let entry = entry.filter(|entry| entry.subject == body.subject);
        let entry = entry.ok_or(ResultCode::UnknownRecord)?;
        let authority = self.verify_delegator(body)?;
        if authority.is_some() && authority != entry.authority {
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

    /// Checks that the signer may delegate for the subject. The guardian authority, if it is one.
    fn verify_delegator(&self, body: &Delegation) -> Result<Option<OrganizationId>, ResultCode> {
        let Some(grantor) = &body.grantor else {
            let signing = self.signing_organization()?;
            if !signing.organization.roles.has(&OrganizationRole::GuardianAuthority) {
                return Err(ResultCode::NotAuthorized);
            }
            self.verify_key(&signing, &[KeyUse::GuardianAuthority], &body.source)?;
            return Ok(Some(signing.organization.organization));
        };
        let party = Party { subject: &body.subject, custodian: &body.custodian };
        let (moment, _) = self.moment(&body.source);
        self.verify_authority(party, grantor, Right::Delegate, moment)?;
        Ok(None)
    }
}
