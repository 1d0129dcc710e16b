//! Organizations as they were last decoded.

use alloc::{collections::BTreeMap, sync::Arc, vec::Vec};
use core::cell::RefCell;

use super::entries::OrganizationEntry;
use crate::{
    encoding::{DecodeError, cbor},
    record::actor::OrganizationId,
};

/// A few organizations stand behind nearly all records, and each is asked for several times a record.
/// Kept beside the bytes that were decoded: with other bytes it is another entry.
#[derive(Debug, Default)]
pub(super) struct DecodedOrganizations(RefCell<BTreeMap<OrganizationId, Decoded>>);

#[derive(Debug)]
struct Decoded {
    bytes: Vec<u8>,
    entry: Arc<OrganizationEntry>,
}

impl DecodedOrganizations {
    /// The entry of the organization, whose bytes these are.
    pub(super) fn get(
        &self,
        id: &OrganizationId,
        bytes: &[u8],
    ) -> Result<Arc<OrganizationEntry>, DecodeError> {
        if let Some(known) = self.0.borrow().get(id)
            && known.bytes == bytes
        {
            return Ok(Arc::clone(&known.entry));
        }
        let entry = Arc::new(cbor::decode::<OrganizationEntry>(bytes)?);
        let decoded = Decoded { bytes: bytes.to_vec(), entry: Arc::clone(&entry) };
        self.0.borrow_mut().insert(id.clone(), decoded);
        Ok(entry)
    }
}
