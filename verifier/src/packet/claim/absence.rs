//! That there is no such entry.

use alloc::{format, vec::Vec};

use crate::{
    check::CheckId,
    contract::entries::Table,
    encoding::{
        DecodeProblem,
        cbor::{map, variants},
        hex::{Identifier, PublicKey},
    },
    ledger::cometbft::rules::differ,
    packet::{Bytes, claims::Claims, only, report::ClaimReport},
    verification::recorder::Stop,
};

variants! {
    /// What there is none of.
    pub enum Absent {
        /// A consent of this subject with this id, and so no revocation of one either.
        1 => Consent "consent",
        /// Records that concern the subject.
        2 => Subject "subject",
        /// Records that the key signed.
        3 => Signer "signer",
    }
}

map! {
    /// After the block before a header there was none of these.
    pub struct AbsenceClaim checked by names_consent {
        /// What there is none of.
        1 => absent: Absent,
        /// Of whom.
        2 => key: PublicKey,
        /// Which consent.
        3 => consent: Option<Identifier>,
        /// The header whose app hash is that of the state.
        4 => header: u64,
        /// Proof that the entry is not in that state.
        5 => proof: Bytes,
    }
}

fn names_consent(claim: &AbsenceClaim) -> Result<(), DecodeProblem> {
    only(claim.consent.is_some() == (claim.absent == Absent::Consent))
}

impl AbsenceClaim {
    /// The key of the state that has no value.
    fn state_key(&self) -> Vec<u8> {
        let key = &self.key.0[..];
        match (self.absent, &self.consent) {
            (Absent::Consent, Some(consent)) => Table::Consents.key(&[key, &consent.0]),
            (Absent::Consent, None) => Table::Consents.key(&[key]),
            (Absent::Subject, _) => Table::SubjectLogs.key(&[key]),
            (Absent::Signer, _) => Table::Numbers.key(&[key]),
        }
    }

    pub(super) fn verify(&self, claims: &mut Claims<'_, '_>) -> Result<ClaimReport, Stop> {
        let value = claims.state_value(self.header, &self.proof, &self.state_key(), "proof")?;
        claims.require(CheckId::StateValue, value.is_none(), "proof", || {
            differ(&"there is an entry", &"none")
        })?;
        let report = claims.of_state("absence", self.header, "header")?;
        let until = report.until_words();
        let of = self.key;
        let what = match (self.absent, &self.consent) {
            (Absent::Consent, Some(consent)) => {
                format!(
                    "there was no accepted consent {consent} of the subject {of}, and no accepted revocation of it"
                )
            }
            (Absent::Consent, None) => format!("there was no accepted consent of the subject {of}"),
            (Absent::Subject, _) => format!("no accepted record concerned the subject {of}"),
            (Absent::Signer, _) => format!("no accepted record was signed by the key {of}"),
        };
        Ok(ClaimReport {
            proven: format!("Up to {until}, {what}."),
            not_proven:
                "What came after that block, what was refused, and what was never written to the ledger."
                    .into(),
            subject: Some(of).filter(|_| self.absent != Absent::Signer),
            consent: self.consent,
            ..report
        })
    }
}
