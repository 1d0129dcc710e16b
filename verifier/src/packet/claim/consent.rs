//! How a consent stands.

use alloc::{format, string::String};

use crate::{
    check::CheckId,
    contract::entries::{ConsentEntry, ConsentVersion, Table},
    encoding::{
        cbor::{self, map},
        hex::{Identifier, PublicKey},
    },
    ledger::cometbft::rules::differ,
    packet::{
        Bytes,
        claims::{Claims, Established},
    },
    record::consent::ConsentStatus,
    verification::recorder::Stop,
};

map! {
    /// This is how a consent stood after the block before a header.
    pub struct ConsentClaim {
        /// Whose consent.
        1 => subject: PublicKey,
        /// Which.
        2 => consent: Identifier,
        /// The header whose app hash is that of the state.
        3 => header: u64,
        /// Proof of the entry in that state.
        4 => proof: Bytes,
    }
}

impl ConsentClaim {
    pub(super) fn verify(&self, claims: &mut Claims<'_, '_>) -> Result<Established, Stop> {
        let key = Table::Consents.key(&[&self.subject.0, &self.consent.0]);
        let value = claims.state_value(self.header, &self.proof, &key, "proof")?;
        let value = claims.required(value, "proof")?;
        let entry = cbor::decode::<ConsentEntry>(&value);
        let entry = claims.decoded(entry, self.proof.offset(), "proof")?;
        let last = claims.state_until(self.header, "header")?;
        let versions = entry.versions.iter();
        let is_own = { versions }.all(|version| {
            version.consent.subject == self.subject && version.consent.consent == self.consent
        });
        claims.require(CheckId::StateValue, is_own, "proof", || {
            differ(&"the entry of another consent", &self.consent)
        })?;
        let history: String = entry.versions.iter().map(sentence).collect();
        let current = entry.versions.last().map_or("", standing);
        Ok(Established {
            proven: format!(
                "After block {last} the consent {} of the subject {} {current}:{history}",
                self.consent, self.subject
            ),
            not_proven: format!(
                "What came after block {last}, whether the time for which it is given has begun or is over, and versions that ended so long before it that no access could be recorded under them any more."
            ),
            ..Established::default()
        })
    }
}

fn standing(version: &ConsentVersion) -> &'static str {
    if version.revocation.is_some() {
        "is revoked"
    } else if version.until.is_some() || version.consent.status != ConsentStatus::Active {
        "is not in force"
    } else {
        "is neither revoked nor replaced"
    }
}

fn sentence(version: &ConsentVersion) -> String {
    let end = match (&version.until, &version.revocation) {
        (Some(until), Some(revocation)) => format!("until {until}, revoked by {revocation}"),
        (Some(until), None) => format!("until {until}, superseded"),
        (None, _) => "with no end recorded".into(),
    };
    let period = &version.consent.period;
    let over = period.end().map_or_else(String::new, |end| format!(" to {end}"));
    format!(
        " version {} ({}, block {}), which is given for the time from {}{over}, holds from {} {end}.",
        version.consent.version,
        version.id,
        version.height,
        period.start(),
        version.from
    )
}
