//! How a consent stands.

use alloc::{collections::BTreeSet, format, string::String};

use crate::{
    check::CheckId,
    contract::entries::{ConsentEntry, ConsentVersion, Table},
    encoding::{
        cbor::{self, map},
        hex::{Identifier, PublicKey},
        to_u64,
    },
    ledger::cometbft::rules::differ,
    packet::{
        Bytes,
        claims::Claims,
        report::{ClaimReport, ShownVersion},
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
    pub(super) fn verify(&self, claims: &mut Claims<'_, '_>) -> Result<ClaimReport, Stop> {
        let key = Table::Consents.key(&[&self.subject.0, &self.consent.0]);
        let value = claims.state_value(self.header, &self.proof, &key, "proof")?;
        let value = claims.required(value, "proof")?;
        let entry = cbor::decode::<ConsentEntry>(&value);
        let entry = claims.decoded(entry, self.proof.offset(), "proof")?;
        let report = claims.of_state("consent", self.header, "header")?;
        let versions = entry.versions.iter();
        let is_own = { versions }.all(|version| {
            version.consent.subject == self.subject && version.consent.consent == self.consent
        });
        claims.require(CheckId::StateValue, is_own, "proof", || {
            differ(&"the entry of another consent", &self.consent)
        })?;
        let history: String = entry.versions.iter().map(sentence).collect();
        let current = entry.versions.last().map_or("", standing);
        Ok(ClaimReport {
            proven: format!(
                "After {} the consent {} of the subject {} {current}.{history}{}",
                report.until_words(),
                self.consent,
                self.subject,
                gone(&entry)
            ),
            not_proven:
                "What came after that block, and whether the time for which it is given has begun or is over."
                    .into(),
            subject: Some(self.subject),
            consent: Some(self.consent),
            versions: entry.versions.iter().map(ShownVersion::of).collect(),
            ..report
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
    let consent = &version.consent;
    if consent.status != ConsentStatus::Active {
        return format!(
            " Version {} ({}, block {}) is {}: nothing falls under it.",
            consent.version,
            version.id,
            version.height,
            consent.status.name()
        );
    }
    let end = match (&version.until, &version.revocation) {
        (Some(until), Some(revocation)) => format!("until {until}, revoked by {revocation}"),
        (Some(until), None) => format!("until {until}, superseded"),
        (None, _) => "with no end recorded".into(),
    };
    let period = &consent.period;
    let over = period.end().map_or_else(String::new, |end| format!(" to {end}"));
    format!(
        " Version {} ({}, block {}), given for the time from {}{over}, holds from {} {end}.",
        consent.version,
        version.id,
        version.height,
        period.start(),
        version.from
    )
}

/// Which versions the state has no more: numbers begin with 1 and leave none out.
fn gone(entry: &ConsentEntry) -> String {
    let held: BTreeSet<u64> = { entry.versions.iter() }.map(|v| v.consent.version).collect();
    let last = held.last().copied().unwrap_or_default();
    let gone = last.saturating_sub(to_u64(held.len()));
    match gone {
        0 => String::new(),
        1 => {
            " One earlier version is not in the state any more: no access can be recorded under it."
                .into()
        }
        _ => format!(
            " {gone} earlier versions are not in the state any more: no access can be recorded under them."
        ),
    }
}
