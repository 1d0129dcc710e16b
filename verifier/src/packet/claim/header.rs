//! That a header is one of the ledger's.

use alloc::format;

use crate::{
    encoding::cbor::map,
    packet::{claims::Claims, report::ClaimReport},
    verification::recorder::Stop,
};

map! {
    /// This is a header of the ledger.
    pub struct HeaderClaim {
        /// The header.
        1 => header: u64,
    }
}

impl HeaderClaim {
    pub(super) fn verify(&self, claims: &mut Claims<'_, '_>) -> Result<ClaimReport, Stop> {
        let reached = claims.header(self.header, "header")?;
        let point = reached.point;
        Ok(ClaimReport {
            proven: format!(
                "Block {} of the ledger has the header {} and the time {}.",
                point.height, point.hash, point.time
            ),
            not_proven: "Which blocks came later, and what is in this one.".into(),
            ..ClaimReport::new("header", point)
        })
    }
}
