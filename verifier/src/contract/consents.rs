//! Consents: versions follow one another, until one is revoked.

use alloc::vec::Vec;

use super::{
    authority::Party,
    decision::InForce,
    entries::{ConsentEntry, ConsentVersion, SubjectEntry, Table},
    outcome::ResultCode,
    transaction::Transaction,
};
use crate::{
    encoding::{
        cbor::{List, Set},
        hex::{Hash, Identifier, PublicKey},
    },
    record::{
        actor::OrganizationId,
        consent::{Consent, ConsentStatus},
        delegation::Right,
        instant::Instant,
        organization::OrganizationRole,
        revocation::Revocation,
    },
    state::ReadState,
};

impl<S: ReadState> Transaction<'_, S> {
    /// Records a version of a consent. It covers nothing that happened before its block.
    pub(super) fn consent_record(&mut self, body: &Consent) -> Result<(), ResultCode> {
        let party = Party { subject: &body.subject, custodian: &body.custodian };
        self.verify_custodian(party.custodian)?;
        let (moment, _) = self.moment(&body.source);
        self.verify_authority(party, &body.grantor, Right::Consent, moment)?;
        let before = self.consent(&body.subject, &body.consent)?;
        let mut versions = before.map_or_else(Vec::new, |entry| entry.versions.into_vec());
        verify_succession(versions.last(), body)?;
        end(&mut versions, moment.max(self.at.time), None);
        versions.retain(|version| !self.is_past(version));
        versions.push(ConsentVersion {
            id: self.id,
            height: self.at.height,
            index: self.at.index,
            from: moment.max(self.at.time),
            until: None,
            revocation: None,
            consent: Consent { details: None, ..body.clone() },
        });
        self.write_versions(&body.subject, &body.consent, versions)?;
        self.list_consent(&body.subject, body.consent)
    }

    /// Ends a consent. Whichever version the revocation names, the one that stands ends: a patient
    /// who takes a consent back never fails for not having seen a later version.
    pub(super) fn revocation_record(&mut self, body: &Revocation) -> Result<(), ResultCode> {
        let party = Party { subject: &body.subject, custodian: &body.custodian };
        let (moment, _) = self.moment(&body.source);
        self.verify_authority(party, &body.grantor, Right::Consent, moment)?;
        let entry = self.consent(&body.subject, &body.consent)?;
        let mut versions = entry.ok_or(ResultCode::UnknownRecord)?.versions.into_vec();
        let is_of_custodian =
            versions.last().is_some_and(|version| version.consent.custodian == body.custodian);
        if !is_of_custodian {
            return Err(ResultCode::UnknownRecord);
        }
        end(&mut versions, moment.max(self.at.time), Some(self.id));
        self.write_versions(&body.subject, &body.consent, versions)
    }

    /// The versions of consents that were in force at `at`, in the order of the ledger.
    pub(super) fn consents_at(
        &self,
        subject: &PublicKey,
        custodian: &OrganizationId,
        at: Instant,
    ) -> Result<Vec<ConsentVersion>, ResultCode> {
        let entry = self.read::<SubjectEntry>(Table::Subjects, &[&subject.0])?;
        let mut found = Vec::new();
        for consent in entry.iter().flat_map(|entry| entry.consents.iter()) {
            let entry = self.consent(subject, consent)?.ok_or(ResultCode::State)?;
            let in_force = entry.versions.into_vec().into_iter().filter(|version| {
                version.consent.custodian == *custodian && is_in_force(version, at)
            });
            found.extend(in_force);
        }
        found.sort_by_key(|version| (version.height, version.index));
        Ok(found)
    }

    fn consent(
        &self,
        subject: &PublicKey,
        consent: &Identifier,
    ) -> Result<Option<ConsentEntry>, ResultCode> {
        self.read(Table::Consents, &[&subject.0, &consent.0])
    }

    pub(super) fn verify_custodian(&self, id: &OrganizationId) -> Result<(), ResultCode> {
        self.organization_as(id, OrganizationRole::Custodian).map(|_| ())
    }

    /// Whether no access can come so late that it still falls under the version.
    fn is_past(&self, version: &ConsentVersion) -> bool {
        let latency = self.network.limits.latency;
        let is_long_ago =
            |end: Instant| end.as_millis().saturating_add(latency) < self.at.time.as_millis();
        let ends = [version.until, version.consent.period.end()];
        version.consent.status != ConsentStatus::Active
            || ends.into_iter().flatten().any(is_long_ago)
    }

    fn write_versions(
        &mut self,
        subject: &PublicKey,
        consent: &Identifier,
        versions: Vec<ConsentVersion>,
    ) -> Result<(), ResultCode> {
        let versions = List::new(versions).ok_or(ResultCode::Limit)?;
        self.write(Table::Consents, &[&subject.0, &consent.0], &ConsentEntry { versions });
        Ok(())
    }

    /// Lists the consent among the subject's, in the place of those that are past.
    fn list_consent(&mut self, subject: &PublicKey, consent: Identifier) -> Result<(), ResultCode> {
        let entry = self.read::<SubjectEntry>(Table::Subjects, &[&subject.0])?;
        let entry = entry.unwrap_or_else(|| SubjectEntry { key: None, consents: Set::default() });
        if entry.consents.has(&consent) {
            return Ok(());
        }
        let mut consents = Vec::from([consent]);
        for listed in entry.consents.iter() {
            let versions = self.consent(subject, listed)?.ok_or(ResultCode::State)?.versions;
            if !versions.iter().all(|version| self.is_past(version)) {
                consents.push(*listed);
            }
        }
        let consents = Set::new(consents).ok_or(ResultCode::Limit)?;
        self.write(Table::Subjects, &[&subject.0], &SubjectEntry { consents, ..entry });
        Ok(())
    }
}

/// Ends the version that stands.
fn end(versions: &mut [ConsentVersion], until: Instant, revocation: Option<Hash>) {
    if let Some(last) = versions.last_mut() {
        last.until = last.until.or(Some(until));
        last.revocation = last.revocation.or(revocation);
    }
}

/// A first version has number 1 and no version before it. Every other follows the one that stands, or
/// the revocation that ended it: a version that was signed before it does not bring a consent back.
fn verify_succession(last: Option<&ConsentVersion>, body: &Consent) -> Result<(), ResultCode> {
    let follows = match last {
        None => body.version == 1 && body.previous.is_none(),
        Some(last) => {
            body.previous == Some(last.revocation.unwrap_or(last.id))
                && last.consent.version.checked_add(1) == Some(body.version)
                && last.consent.custodian == body.custodian
        }
    };
    if follows { Ok(()) } else { Err(ResultCode::Version) }
}

fn is_in_force(version: &ConsentVersion, at: Instant) -> bool {
    version.consent.status == ConsentStatus::Active
        && version.consent.period.contains(at)
        && version.from <= at
        && version.until.is_none_or(|until| at < until)
}

/// What a decision needs of the versions.
pub(super) fn in_force<'a>(versions: &'a [ConsentVersion]) -> Vec<InForce<'a>> {
    let in_force =
        |version: &'a ConsentVersion| InForce { id: version.id, consent: &version.consent };
    versions.iter().map(in_force).collect()
}
