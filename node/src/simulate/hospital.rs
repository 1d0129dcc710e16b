//! A small hospital network: the least that makes the contract decide, refuse and change validators.

use std::collections::BTreeMap;

use vidimus::{
    contract::{
        network::{Limits, Network},
        rules::{CombiningRule, DecisionRules, ImplicitPolicy},
    },
    encoding::{
        cbor::{List, Set},
        hex::{Hash, Identifier, SealedCode},
    },
    record::{
        Body, Record,
        access::{Access, CustodianHalf, Outcome},
        actor::{Actor, CodeText, OrganizationId},
        authority::{Authority, Relation},
        consent::{Consent, ConsentStatus, Effect, Elements, RuleSet},
        details::{Closure, Closures, SealedSet},
        instant::{Instant, Period},
        organization::{
            KeyGrant, KeyUse, Organization, OrganizationChange, OrganizationRole, ValidatorChange,
        },
        request::{Processing, Request},
        revocation::Revocation,
        source::{Schema, Source},
    },
};

use super::config::GENESIS_TIME;
use crate::{
    records::sign,
    test_keys::{self, TestKey},
};

/// Who signs, by number of the test key.
const GOVERNANCE: usize = 0;
const GATEWAY: usize = 1;
const PATIENT: usize = 2;
/// Who becomes a validator.
const NEWCOMER: usize = 3;

/// Writes the records of one block after another.
///
/// A patient consents, is treated, and revokes; then somebody looks again. On the way one record is
/// forged, one is sent twice, and one is none; governance takes a validator on.
#[derive(Debug)]
pub struct Hospital {
    chain_id: String,
    sequences: BTreeMap<usize, u64>,
    consent: Hash,
    request: Hash,
}

impl Hospital {
    /// The hospital on this ledger, before its first block.
    pub fn new(chain_id: &str) -> Self {
        let nothing = Hash([0; 32]);
        let chain_id = chain_id.to_owned();
        Self { chain_id, sequences: BTreeMap::new(), consent: nothing, request: nothing }
    }

    /// Its genesis; a simulation puts its own validators in.
    ///
    /// `None` never: the lists here are within their bounds.
    pub fn network() -> Option<Network> {
        let rules = DecisionRules {
            combining: CombiningRule::DenyOverrides,
            implicit: ImplicitPolicy::Deny,
            rule_set: RuleSet::Pcf11,
            break_glass: true,
            authorized_purposes: Set::default(),
            lawful_bases: Set::default(),
        };
        let limits = Limits {
            latency: 3_600_000,
            skew: 10_000,
            request: 600_000,
            review: 259_200_000,
            retention: 0,
        };
        let first = ValidatorChange { key: key(GATEWAY)?.public(), power: 1 };
        Some(Network {
            governance: Set::new(vec![key(GOVERNANCE)?.public()])?,
            rules,
            limits,
            organizations: List::new(vec![organization(
                OrganizationChange::Register,
                List::default(),
                source(1, Instant::of_block(&GENESIS_TIME)),
            )?])?,
            validators: List::new(vec![first])?,
        })
    }

    /// The transactions of the block of this height and time.
    pub fn block(&mut self, height: u64, time: Instant) -> Vec<Vec<u8>> {
        self.records(height, time).unwrap_or_default()
    }

    fn records(&mut self, height: u64, time: Instant) -> Option<Vec<Vec<u8>>> {
        let records = match height % 8 {
            1 => vec![self.consent(height, time)?],
            2 => vec![self.request(time)?, b"no record".to_vec()],
            3 => vec![self.access(time, Some(self.request))?, self.access(time, None)?],
            4 => {
                let record = self.access(time, None)?;
                let mut forged = self.access(time, None)?;
                if let Some(last) = forged.last_mut() {
                    *last ^= 1;
                }
                vec![record.clone(), record, forged]
            }
            5 => vec![self.validator(height, time)?],
            6 => vec![self.revocation(height, time)?],
            7 => vec![self.access(time, None)?],
            _ => Vec::new(),
        };
        Some(records)
    }

    fn sign(
        &mut self,
        signer: usize,
        time: Instant,
        body: impl FnOnce(Source) -> Option<Body>,
    ) -> Option<Vec<u8>> {
        let sequence = self.sequences.entry(signer).or_default();
        *sequence = sequence.saturating_add(1);
        let body = body(source(*sequence, time))?;
        Some(sign(&body, key(signer)?, &self.chain_id))
    }

    fn id(&self, record: &[u8]) -> Option<Hash> {
        Some(Record::decode(record, &self.chain_id).ok()?.0.id)
    }

    fn consent(&mut self, height: u64, time: Instant) -> Option<Vec<u8>> {
        let record = self.sign(PATIENT, time, |source| {
            Some(Body::Consent(Box::new(Consent {
                source,
                subject: key(PATIENT)?.public(),
                consent: consent_id(height),
                version: 1,
                previous: None,
                custodian: custodian()?,
                grantor: Authority { relation: Relation::Own, delegation: None },
                status: ConsentStatus::Active,
                period: Period::new(time, None)?,
                given_at: time,
                decision: Effect::Permit,
                scope: for_treatment()?,
                provisions: List::default(),
                rule_set: None,
                basis: Set::default(),
                protocol: None,
                document: None,
                details: None,
            })))
        })?;
        self.consent = self.id(&record)?;
        Some(record)
    }

    fn revocation(&mut self, height: u64, time: Instant) -> Option<Vec<u8>> {
        let version = self.consent;
        self.sign(PATIENT, time, |source| {
            Some(Body::Revocation(Revocation {
                source,
                subject: key(PATIENT)?.public(),
                consent: consent_id(height),
                version,
                custodian: custodian()?,
                grantor: Authority { relation: Relation::Own, delegation: None },
                details: None,
            }))
        })
    }

    fn request(&mut self, time: Instant) -> Option<Vec<u8>> {
        let record = self.sign(GATEWAY, time, |source| {
            Some(Body::Request(Box::new(Request {
                source,
                subject: key(PATIENT)?.public(),
                custodian: custodian()?,
                event: Identifier([1; 16]),
                processing: treatment()?,
                details: None,
            })))
        })?;
        self.request = self.id(&record)?;
        Some(record)
    }

    fn access(&mut self, time: Instant, request: Option<Hash>) -> Option<Vec<u8>> {
        self.sign(GATEWAY, time, |source| {
            Some(Body::Access(Box::new(Access {
                source,
                subject: key(PATIENT)?.public(),
                custodian: custodian()?,
                event: Identifier([1; 16]),
                outcome: Outcome::Success,
                by_custodian: Some(CustodianHalf {
                    processing: treatment()?,
                    request,
                    consents: List::default(),
                    client: CodeText::new("ward-7")?,
                    server: CodeText::new("ehr-1")?,
                    origin: None,
                    disclosure: None,
                }),
                by_recipient: None,
                details: None,
            })))
        })
    }

    /// Another power each time.
    fn validator(&mut self, height: u64, time: Instant) -> Option<Vec<u8>> {
        let change = ValidatorChange { key: key(NEWCOMER)?.public(), power: height };
        self.sign(GOVERNANCE, time, |source| {
            let validators = List::new(vec![change])?;
            organization(OrganizationChange::Update, validators, source).map(Body::Organization)
        })
    }
}

fn key(index: usize) -> Option<&'static TestKey> {
    test_keys::all().get(index)
}

fn custodian() -> Option<OrganizationId> {
    OrganizationId::new("st-anna.example")
}

/// One consent for each round of eight blocks.
fn consent_id(height: u64) -> Identifier {
    let mut id = [0; 16];
    let (_, round) = id.split_at_mut(8);
    round.copy_from_slice(&(height >> 3).to_be_bytes());
    Identifier(id)
}

fn source(sequence: u64, recorded_at: Instant) -> Source {
    Source { schema: Schema::V1, sequence, previous: None, recorded_at }
}

fn organization(
    change: OrganizationChange,
    validators: List<ValidatorChange, 0, 16>,
    source: Source,
) -> Option<Organization> {
    let gateway = KeyGrant {
        key: key(GATEWAY)?.public(),
        uses: Set::new(vec![KeyUse::Gateway])?,
        period: Period::new(Instant::from_millis(0)?, None)?,
        revoked_at: None,
    };
    Some(Organization {
        source,
        change,
        organization: custodian()?,
        name: None,
        address: None,
        roles: Set::new(vec![OrganizationRole::Custodian])?,
        keys: List::new(vec![gateway])?,
        validators,
        regimes: Set::default(),
    })
}

fn for_treatment() -> Option<Elements> {
    Some(Elements {
        actors: List::default(),
        actions: Set::default(),
        purposes: Set::new(vec![CodeText::new("TREAT")?])?,
        period: None,
        data_period: None,
        confidentiality: SealedSet::default(),
        labels: SealedSet::default(),
        classes: SealedSet::default(),
        resources: SealedSet::default(),
        authors: SealedSet::default(),
    })
}

fn treatment() -> Option<Processing> {
    let actor = Actor {
        person: Hash([0x11; 32]),
        role: CodeText::new("physician")?,
        organization: custodian()?,
    };
    Some(Processing {
        actor,
        action: CodeText::new("R")?,
        purposes: Set::new(vec![CodeText::new("TREAT")?])?,
        basis: Set::default(),
        protocol: None,
        delegate: None,
        emergency: false,
        justification: None,
        data_period: None,
        closures: Closures { permit: closure(1)?, deny: closure(2)? },
    })
}

fn closure(code: u8) -> Option<Closure> {
    let codes = Set::new(vec![SealedCode([code; 16])])?;
    Some(Closure { codes, resources: Set::default(), authors: Set::default() })
}
