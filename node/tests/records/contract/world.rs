//! A small network that the contract runs for, and records signed with its keys.

use std::collections::BTreeMap;

use vidimus::{
    contract::{
        machine::{Contract, ContractBlock, Executed},
        network::{Limits, Network},
        outcome::{Judgement, ResultCode, TransactionResult},
    },
    encoding::{
        cbor::{self, List, Set},
        hex::{Hash, Identifier},
    },
    record::{
        Body, Record,
        access::{Access, CustodianHalf, Outcome},
        consent::{Consent, Effect},
        organization::{
            KeyGrant, KeyUse, Organization, OrganizationChange, OrganizationRole, ValidatorChange,
        },
        request::{Processing, Request},
        source::{Schema, Source},
    },
};
use vidimus_node::{records::sign, test_keys};

use crate::{
    CHAIN,
    decisions::rules,
    samples::{
        MORNING, at, code, key, least_consent, list, organization, own, period, processing, set,
    },
};

/// Who signs in these tests, by number of the test key.
pub(super) const GOVERNANCE: usize = 0;
pub(super) const GATEWAY: usize = 10;
pub(super) const OFFICER: usize = 11;
pub(super) const DEVICE: usize = 12;
pub(super) const CLINIC: usize = 20;
pub(super) const SPONSOR: usize = 30;
pub(super) const COURT: usize = 40;
pub(super) const PATIENT: usize = 50;
pub(super) const STRANGER: usize = 90;
pub(super) const VALIDATOR: usize = 100;

pub(super) const LATENCY: u64 = 3_600_000;
pub(super) const SKEW: u64 = 10_000;
pub(super) const REQUEST: u64 = 600_000;

/// An organization with these roles, and keys with one use each.
pub(super) fn registered(
    id: &str,
    roles: &[OrganizationRole],
    keys: &[(usize, KeyUse)],
) -> Organization {
    let grant = |(index, key_use): &(usize, KeyUse)| KeyGrant {
        key: key(*index),
        uses: set([*key_use]),
        period: period(MORNING, None),
        revoked_at: None,
    };
    Organization {
        source: Source {
            schema: Schema::V1,
            sequence: 1,
            previous: None,
            recorded_at: at(MORNING),
        },
        change: OrganizationChange::Register,
        organization: organization(id),
        name: None,
        address: None,
        roles: set(roles.iter().copied()),
        keys: list(keys.iter().map(grant)),
        validators: List::default(),
        regimes: Set::default(),
    }
}

pub(super) fn network() -> Network {
    let custodian = OrganizationRole::Custodian;
    Network {
        governance: set([key(GOVERNANCE)]),
        rules: rules(),
        limits: Limits {
            latency: LATENCY,
            skew: SKEW,
            request: REQUEST,
            review: 3 * 86_400_000,
            retention: 0,
        },
        organizations: list([
            registered(
                "st-anna.example",
                &[custodian],
                &[
                    (GATEWAY, KeyUse::Gateway),
                    (OFFICER, KeyUse::PrivacyOfficer),
                    (DEVICE, KeyUse::Device),
                ],
            ),
            registered(
                "clinic.example",
                &[custodian, OrganizationRole::Recipient],
                &[(CLINIC, KeyUse::Gateway)],
            ),
            registered(
                "trials.example",
                &[OrganizationRole::Sponsor],
                &[(SPONSOR, KeyUse::Sponsor)],
            ),
            registered(
                "court.example",
                &[OrganizationRole::GuardianAuthority],
                &[(COURT, KeyUse::GuardianAuthority)],
            ),
        ]),
        validators: list((0..4).map(|n| ValidatorChange { key: key(VALIDATOR + n), power: 10 })),
    }
}

/// The ledger as it grows, one block a second.
pub(super) struct World {
    pub(super) contract: Contract,
    pub(super) height: u64,
    /// Time of the next block.
    pub(super) now: u64,
    sequences: BTreeMap<usize, u64>,
}

impl World {
    pub(super) fn new() -> Self {
        let contract = Contract::start(network(), CHAIN).unwrap();
        Self { contract, height: 1, now: MORNING + 60_000, sequences: BTreeMap::new() }
    }

    /// The next place among the signer's records, at this moment.
    pub(super) fn source(&mut self, signer: usize) -> Source {
        let sequence = self.sequences.entry(signer).or_default();
        *sequence += 1;
        let recorded_at = at(self.now);
        Source { schema: Schema::V1, sequence: *sequence, previous: None, recorded_at }
    }

    pub(super) fn execute(&self, transactions: &[Vec<u8>]) -> Executed {
        let transactions: Vec<_> = transactions.iter().map(Vec::as_slice).collect();
        let block =
            ContractBlock { height: self.height, time: at(self.now), transactions: &transactions };
        self.contract.execute(block, |envelope| envelope.verify(CHAIN).is_ok()).unwrap()
    }

    /// Puts the transactions into the next block.
    pub(super) fn block(&mut self, transactions: &[Vec<u8>]) -> Vec<TransactionResult> {
        let executed = self.execute(transactions);
        let results = executed.results.clone();
        self.contract.commit(executed);
        self.height += 1;
        self.now += 1_000;
        results
    }

    /// Signs a record, puts it into a block, and says what becomes of it, with its id.
    pub(super) fn put(
        &mut self,
        signer: usize,
        body: impl FnOnce(Source) -> Body,
    ) -> (ResultCode, Hash) {
        let source = self.source(signer);
        let body = body(source);
        let (result, id) = self.put_signed(signer, &body);
        (result.code, id)
    }

    pub(super) fn put_signed(&mut self, signer: usize, body: &Body) -> (TransactionResult, Hash) {
        let bytes = sign(body, &test_keys::all()[signer], CHAIN);
        let id = Record::decode(&bytes, CHAIN).unwrap().0.id;
        (self.block(&[bytes]).remove(0), id)
    }

    pub(super) fn accept(&mut self, signer: usize, body: impl FnOnce(Source) -> Body) -> Hash {
        let (code, id) = self.put(signer, body);
        assert_eq!(code, ResultCode::Accepted);
        id
    }

    pub(super) fn judged(&mut self, signer: usize, body: &Body) -> (Judgement, Hash) {
        let (result, id) = self.put_signed(signer, body);
        assert_eq!(result.code, ResultCode::Accepted);
        (cbor::decode(&result.data).unwrap(), id)
    }

    /// A request of the gateway at this moment, and what is decided.
    pub(super) fn request(&mut self, event: u8) -> (Judgement, Hash) {
        let source = self.source(GATEWAY);
        self.judged(GATEWAY, &Body::Request(Box::new(request(source, event, processing()))))
    }

    /// An access of the gateway at this moment, and what is decided.
    pub(super) fn access(&mut self, event: u8, request: Option<Hash>) -> Judgement {
        let source = self.source(GATEWAY);
        self.judged(GATEWAY, &Body::Access(Box::new(access(source, event, request, processing()))))
            .0
    }

    pub(super) fn root(&self) -> Hash {
        self.contract.state().root().unwrap()
    }
}

/// A consent of the patient to everything.
pub(super) fn consent(source: Source, version: u64, previous: Option<Hash>) -> Consent {
    Consent {
        source,
        subject: key(PATIENT),
        consent: Identifier([1; 16]),
        version,
        previous,
        custodian: organization("st-anna.example"),
        grantor: own(),
        period: period(MORNING, None),
        decision: Effect::Permit,
        ..least_consent()
    }
}

pub(super) fn request(source: Source, event: u8, processing: Processing) -> Request {
    Request {
        source,
        subject: key(PATIENT),
        custodian: organization("st-anna.example"),
        event: Identifier([event; 16]),
        processing,
        details: None,
    }
}

pub(super) fn access(
    source: Source,
    event: u8,
    request: Option<Hash>,
    processing: Processing,
) -> Access {
    let half = CustodianHalf {
        processing,
        request,
        consents: List::default(),
        client: code("ward-7"),
        server: code("ehr-1"),
        origin: None,
        disclosure: None,
    };
    Access {
        source,
        subject: key(PATIENT),
        custodian: organization("st-anna.example"),
        event: Identifier([event; 16]),
        outcome: Outcome::Success,
        by_custodian: Some(half),
        by_recipient: None,
        details: None,
    }
}
