//! Who takes part: hospitals, those who receive their data, a sponsor, a court.

use vidimus::{
    encoding::{
        cbor::{List, Set, Text},
        hex::Hash,
    },
    record::{
        actor::{Actor, CodeText, OrganizationId},
        instant::Instant,
        organization::{
            KeyGrant, KeyUse, Organization, OrganizationChange, OrganizationRole, ValidatorChange,
        },
        source::{Schema, Source},
    },
};

use super::{
    keys::{KeyId, KeyRing},
    terms::{at, codes, digest, period},
};
use crate::numbers::Draw;

/// Somebody who opens records.
#[derive(Clone, Copy, Debug)]
pub(super) struct Person {
    pub(super) person: Hash,
    pub(super) role: &'static str,
}

/// An organization with its keys and staff.
#[derive(Clone, Debug)]
pub(super) struct Party {
    pub(super) id: OrganizationId,
    name: String,
    address: String,
    roles: Vec<OrganizationRole>,
    pub(super) regimes: &'static [&'static str],
    /// Keys, each with its use, and until when it signs.
    pub(super) grants: Vec<(KeyId, KeyUse, Option<u64>)>,
    pub(super) gateway: KeyId,
    /// The gateway that takes the first one's place, and the block from which on.
    pub(super) next_gateway: Option<(KeyId, u64)>,
    /// A node of the gateway that hands in late what it logged.
    pub(super) late_gateway: KeyId,
    pub(super) officer: KeyId,
    pub(super) device: KeyId,
    /// Of a sponsor or a guardian authority.
    pub(super) special: KeyId,
    pub(super) staff: Vec<Person>,
}

/// Everybody but the hospitals, which come first.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Partner {
    Clinic,
    Laboratory,
    Insurer,
    Sponsor,
    Court,
    /// Registered by a record, and suspended later.
    Newcomer,
}

const PARTNERS: [(&str, &str, &[OrganizationRole], &[&str]); 6] = [
    ("clinic.example", "Riverside Clinic", &[OrganizationRole::Recipient], &["physician", "nurse"]),
    ("lab.example", "Central Laboratory", &[OrganizationRole::Recipient], &["diagnostics"]),
    (
        "insurer.example",
        "Mutual Insurance",
        &[OrganizationRole::Recipient, OrganizationRole::Payer],
        &["payer"],
    ),
    (
        "trials.example",
        "Institute for Trials",
        &[OrganizationRole::Recipient, OrganizationRole::Sponsor],
        &["researcher"],
    ),
    ("court.example", "Guardianship Court", &[OrganizationRole::GuardianAuthority], &["legal"]),
    ("newcomer.example", "Hillside Practice", &[OrganizationRole::Recipient], &["physician"]),
];

const STREETS: [&str; 6] =
    ["Abbey Road", "Mill Lane", "Church Street", "Park Avenue", "High Street", "Station Road"];

/// What a hospital keeps records under.
const REGIMES: [&[&str]; 3] = [&["hipaa", "part2"], &["hipaa", "part11"], &["ehds", "gdpr"]];

const STAFF: [&str; 12] = [
    "physician",
    "physician",
    "physician",
    "nurse",
    "nurse",
    "nurse",
    "pharmacist",
    "psychologist",
    "registration",
    "billing",
    "quality",
    "records",
];

impl Party {
    /// Whether a regime is one of those that it keeps records under.
    pub(super) fn is_under(&self, regime: &str) -> bool {
        self.regimes.contains(&regime)
    }

    /// The key of its gateway for a block of this time.
    pub(super) fn gateway(&self, block: u64) -> KeyId {
        match self.next_gateway {
            Some((next, from)) if block >= from => next,
            Some(_) | None => self.gateway,
        }
    }

    /// Somebody in one of these roles.
    pub(super) fn somebody(&self, draw: &mut Draw, roles: &[&str]) -> Option<Person> {
        let fitting: Vec<_> =
            self.staff.iter().filter(|person| roles.contains(&person.role)).collect();
        fitting.get(draw.index(fitting.len())).map(|person| **person)
    }

    pub(super) fn actor(&self, person: Person) -> Option<Actor> {
        let role = CodeText::new(person.role)?;
        Some(Actor { person: person.person, role, organization: self.id.clone() })
    }

    /// The record that registers or changes it.
    pub(super) fn record(
        &self,
        change: OrganizationChange,
        source: Source,
        keys: &[KeyGrant],
        validators: List<ValidatorChange, 0, 16>,
    ) -> Option<Organization> {
        Some(Organization {
            source,
            change,
            organization: self.id.clone(),
            name: Some(Text::new(&self.name)?),
            address: Some(Text::new(&self.address)?),
            roles: Set::new(self.roles.clone())?,
            keys: List::new(keys.to_vec())?,
            validators,
            regimes: codes(self.regimes)?,
        })
    }

    /// Its keys as a record lists them.
    pub(super) fn key_grants(&self, keys: &KeyRing) -> Option<Vec<KeyGrant>> {
        let grant = |(key, key_use, until): &(KeyId, KeyUse, Option<u64>)| {
            let (key, uses) = (keys.public(*key)?, Set::new(vec![*key_use])?);
            Some(KeyGrant { key, uses, period: period(0, *until)?, revoked_at: None })
        };
        self.grants.iter().map(grant).collect()
    }

    /// Its registration in the genesis, which nobody signs.
    pub(super) fn genesis(&self, keys: &KeyRing, time: Instant) -> Option<Organization> {
        let source = Source { schema: Schema::V1, sequence: 1, previous: None, recorded_at: time };
        let grants = self.key_grants(keys)?;
        self.record(OrganizationChange::Register, source, &grants, List::default())
    }
}

/// The hospitals, then the partners. `staff` says how many times a hospital has each of its people.
pub(super) fn found(
    seed: u64,
    keys: &mut KeyRing,
    hospitals: usize,
    staff: usize,
) -> Option<Vec<Party>> {
    let mut parties = Vec::new();
    for number in 0..hospitals {
        let regimes = REGIMES.get(number % 3)?;
        let id = format!("hospital-{}.example", number.saturating_add(1));
        let name = format!("Hospital {}", number.saturating_add(1));
        let roles = [OrganizationRole::Custodian];
        let people: Vec<_> = STAFF.iter().copied().cycle().take(staff.saturating_mul(12)).collect();
        parties.push(party(seed, keys, [&id, &name], &roles, regimes, &people)?);
    }
    for (id, name, roles, people) in PARTNERS {
        let people: Vec<_> = people.iter().copied().cycle().take(staff.saturating_mul(4)).collect();
        parties.push(party(seed, keys, [id, name], roles, &[], &people)?);
    }
    Some(parties)
}

fn party(
    seed: u64,
    keys: &mut KeyRing,
    [id, name]: [&str; 2],
    roles: &[OrganizationRole],
    regimes: &'static [&'static str],
    people: &[&'static str],
) -> Option<Party> {
    let mut key = |label: &str| keys.test(&format!("{label} of {id}"));
    let [gateway, late_gateway, officer, device, special] =
        ["gateway", "late gateway", "privacy officer", "device", "special"].map(&mut key);
    let mut grants = vec![(gateway, KeyUse::Gateway, None)];
    let uses = |role| match role {
        OrganizationRole::Custodian => vec![
            (late_gateway, KeyUse::Gateway, None),
            (officer, KeyUse::PrivacyOfficer, None),
            (device, KeyUse::Device, None),
        ],
        OrganizationRole::Sponsor => vec![(special, KeyUse::Sponsor, None)],
        OrganizationRole::GuardianAuthority => vec![(special, KeyUse::GuardianAuthority, None)],
        // Recipients and payers have a gateway like everybody.
        OrganizationRole::Recipient | OrganizationRole::Payer | _ => Vec::new(),
    };
    grants.extend(roles.iter().copied().flat_map(uses));
    let person = |(number, role): (u64, &&'static str)| Person {
        person: digest(seed, &format!("person of {id}"), number),
        role,
    };
    let street = STREETS.get(id.len() % 6)?;
    Some(Party {
        id: OrganizationId::new(id)?,
        name: name.to_owned(),
        address: format!("{street} {}", id.len()),
        roles: roles.to_vec(),
        regimes,
        grants,
        gateway,
        next_gateway: None,
        late_gateway,
        officer,
        device,
        special,
        staff: (0..).zip(people).map(person).collect(),
    })
}

/// The moment of the genesis.
pub(super) fn genesis_instant() -> Option<Instant> {
    at(super::rhythm::genesis())
}
