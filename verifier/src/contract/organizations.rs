//! Organizations: who takes part, and with which keys.

use alloc::sync::Arc;

use super::{
    entries::{KeyEntry, OrganizationEntry, Table},
    outcome::ResultCode,
    transaction::Transaction,
};
use crate::{
    encoding::cbor::List,
    record::organization::{Organization, OrganizationChange},
    state::ReadState,
};

impl<S: ReadState> Transaction<'_, S> {
    /// Registers, changes, suspends or reinstates an organization, and changes the validators.
    pub(super) fn organization_record(&mut self, body: &Organization) -> Result<(), ResultCode> {
        self.verify_governance()?;
        self.change_organization(body)?;
        self.change_validators(&body.validators)
    }

    pub(super) fn change_organization(&mut self, body: &Organization) -> Result<(), ResultCode> {
        let before = self.organization(&body.organization)?.map(Arc::unwrap_or_clone);
        let entry = match (body.change, before) {
            (OrganizationChange::Register, None) => {
                OrganizationEntry { organization: registered(body), suspended: false }
            }
            (OrganizationChange::Register, Some(_)) => return Err(ResultCode::Exists),
            (_, None) => return Err(ResultCode::UnknownOrganization),
            (OrganizationChange::Update, Some(before)) => {
                // What a key signed while it held stays signed, so the key must stay known.
                let stays = |key| body.keys.iter().any(|grant| grant.key == key);
                if !before.organization.keys.iter().all(|grant| stays(grant.key)) {
                    return Err(ResultCode::Keys);
                }
                OrganizationEntry { organization: registered(body), ..before }
            }
            (OrganizationChange::Suspend, Some(before)) => {
                OrganizationEntry { suspended: true, ..before }
            }
            (OrganizationChange::Reinstate, Some(before)) => {
                OrganizationEntry { suspended: false, ..before }
            }
        };
        self.own_keys(&entry.organization)?;
        let id = entry.organization.organization.clone();
        self.write(Table::Organizations, &[id.as_str().as_bytes()], &entry);
        Ok(())
    }

    /// A key is of one organization, and governs only if it is of none.
    fn own_keys(&mut self, organization: &Organization) -> Result<(), ResultCode> {
        let owner = &organization.organization;
        for grant in organization.keys.iter() {
            let entry = self.read::<KeyEntry>(Table::Keys, &[&grant.key.0])?;
            let is_of_another = entry.as_ref().is_some_and(|entry| entry.organization != *owner);
            if is_of_another || self.network.governance.has(&grant.key) {
                return Err(ResultCode::Keys);
            }
            if entry.is_none() {
                let entry = KeyEntry { organization: owner.clone() };
                self.write(Table::Keys, &[&grant.key.0], &entry);
            }
        }
        Ok(())
    }
}

/// What the state keeps: changes of validators are not of the organization.
fn registered(body: &Organization) -> Organization {
    Organization { validators: List::default(), ..body.clone() }
}
