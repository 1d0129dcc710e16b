//! Research protocols: versions follow one another.

use super::{
    entries::{ProtocolEntry, Table},
    outcome::ResultCode,
    transaction::Transaction,
};
use crate::{
    record::{
        organization::{KeyUse, OrganizationRole},
        protocol::Protocol,
    },
    state::ReadState,
};

impl<S: ReadState> Transaction<'_, S> {
    /// Records a version of a research protocol.
    pub(super) fn protocol_record(&mut self, body: &Protocol) -> Result<(), ResultCode> {
        let (role, key_use) = (OrganizationRole::Sponsor, KeyUse::Sponsor);
        self.verify_organization(&body.sponsor, role, &[key_use], &body.source)?;
        let before = self.read::<ProtocolEntry>(Table::Protocols, &[&body.protocol.0])?;
        let follows = match &before {
            None => body.version == 1 && body.previous.is_none(),
            Some(ProtocolEntry { id, protocol }) => {
                body.previous == Some(*id)
                    && protocol.version.checked_add(1) == Some(body.version)
                    && protocol.sponsor == body.sponsor
            }
        };
        if !follows {
            return Err(ResultCode::Version);
        }
        let entry = ProtocolEntry { id: self.id, protocol: body.clone() };
        self.write(Table::Protocols, &[&body.protocol.0], &entry);
        Ok(())
    }
}
