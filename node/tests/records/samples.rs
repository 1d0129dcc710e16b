//! Valid records: of every kind one with all that it may hold and one with the least.

use vidimus::{
    encoding::{
        cbor::{List, Set, Text},
        hex::{Hash, Identifier, PublicKey, SealedCode},
    },
    record::{
        Body,
        access::{Access, ConsentReference, CustodianHalf, Outcome, RecipientHalf},
        actor::{Actor, ActorPattern},
        anchor::{Anchor, Anchored},
        authority::{Authority, Relation},
        consent::{Consent, ConsentStatus, Effect, Elements, Provision, RuleSet},
        delegation::{Delegation, DelegationChange, Right},
        details::{Ciphertext, Closure, Closures, Nonce, SealedDetails},
        disclosure::Disclosure,
        instant::Period,
        organization::{
            KeyGrant, KeyUse, Organization, OrganizationChange, OrganizationRole, ValidatorChange,
        },
        protocol::{Protocol, ProtocolStatus},
        request::{Processing, Request},
        review::{Review, ReviewOutcome},
        revocation::Revocation,
        source::{Schema, Source},
    },
};
use vidimus_node::test_keys;

pub(crate) use super::build::{anything, at, code, codes, list, organization, own, set};

/// 2026-03-02T08:00:00Z.
pub(crate) const MORNING: u64 = 1_772_438_400_000;
pub(crate) const DAY: u64 = 86_400_000;

pub(crate) fn text<const MAX: usize>(text: &str) -> Text<MAX> {
    Text::new(text).unwrap()
}

pub(crate) fn sealed<const MIN: usize, const MAX: usize>(
    codes: &[u8],
) -> Set<SealedCode, MIN, MAX> {
    set(codes.iter().map(|code| SealedCode([*code; 16])))
}

fn closure([codes, resources, authors]: [&[u8]; 3]) -> Closure {
    Closure { codes: sealed(codes), resources: sealed(resources), authors: sealed(authors) }
}

/// Closures of codes, without a resource or an author.
pub(crate) fn closures(permit: &[u8], deny: &[u8]) -> Closures {
    Closures { permit: closure([permit, &[], &[]]), deny: closure([deny, &[], &[]]) }
}

/// Closures of one code, resources and authors, each with the same sealed ids for both effects.
pub(crate) fn closures_of_ids(resources: &[u8], authors: &[u8]) -> Closures {
    let closure = closure([&[1], resources, authors]);
    Closures { permit: closure.clone(), deny: closure }
}

pub(crate) fn key(index: usize) -> PublicKey {
    test_keys::all()[index].public()
}

fn source(sequence: u64, previous: Option<u8>) -> Source {
    let previous = previous.map(|byte| Hash([byte; 32]));
    let recorded_at = at(MORNING + sequence * 1_000);
    Source { schema: Schema::V1, sequence, previous, recorded_at }
}

pub(crate) fn period(start: u64, end: Option<u64>) -> Period {
    Period::new(at(start), end.map(at)).unwrap()
}

fn details() -> SealedDetails {
    let ciphertext = Ciphertext::new((0..40).collect()).unwrap();
    SealedDetails { nonce: Nonce([9; 24]), ciphertext }
}

pub(crate) fn actor() -> Actor {
    Actor {
        person: Hash([0x11; 32]),
        role: code("physician"),
        organization: organization("st-anna.example"),
    }
}

pub(crate) fn processing() -> Processing {
    Processing {
        actor: actor(),
        action: code("R"),
        purposes: codes(&["TREAT"]),
        basis: Set::default(),
        protocol: None,
        delegate: None,
        emergency: false,
        justification: None,
        data_period: None,
        closures: closures(&[1], &[2]),
    }
}

fn emergency() -> Processing {
    Processing {
        purposes: codes(&["BTG", "ETREAT"]),
        basis: codes(&["GDPR-9(2)(c)", "HIPAA-164.512(j)"]),
        protocol: Some(Hash([0x22; 32])),
        delegate: Some(Authority {
            relation: Relation::Guardian,
            delegation: Some(Hash([0x33; 32])),
        }),
        emergency: true,
        justification: Some(Hash([0x44; 32])),
        data_period: Some(period(MORNING - 30 * DAY, Some(MORNING))),
        closures: Closures {
            permit: closure([&[3, 1, 2], &[7, 8], &[9]]),
            deny: closure([&[6, 4, 5], &[10, 11], &[12]]),
        },
        ..processing()
    }
}

pub(crate) fn full_consent() -> Consent {
    let named = ActorPattern {
        organization: Some(organization("st-anna.example")),
        role: Some(code("physician")),
        person: Some(Hash([0x11; 32])),
    };
    let anybody_of = ActorPattern {
        organization: Some(organization("lab-nord.example")),
        role: None,
        person: None,
    };
    let elements = Elements {
        actors: list([named, anybody_of]),
        actions: codes(&["R", "export"]),
        purposes: codes(&["TREAT", "HPAYMT"]),
        period: Some(period(MORNING, Some(MORNING + 365 * DAY))),
        data_period: Some(period(0, Some(MORNING))),
        confidentiality: sealed(&[6]),
        labels: sealed(&[1, 2]),
        classes: sealed(&[3]),
        resources: sealed(&[4]),
        authors: sealed(&[5]),
    };
    let exception = Elements { purposes: codes(&["BTG"]), ..anything() };
    Consent {
        source: source(2, Some(0x55)),
        subject: key(40),
        consent: Identifier([0x66; 16]),
        version: 2,
        previous: Some(Hash([0x55; 32])),
        custodian: organization("st-anna.example"),
        grantor: Authority { relation: Relation::Parent, delegation: Some(Hash([0x33; 32])) },
        status: ConsentStatus::Active,
        period: period(MORNING, Some(MORNING + 365 * DAY)),
        given_at: at(MORNING),
        decision: Effect::Permit,
        scope: elements.clone(),
        provisions: list([Provision { elements, exceptions: list([exception]) }]),
        rule_set: Some(RuleSet::FhirStrictAll),
        basis: codes(&["42CFRPart2", "GDPRCONSENT"]),
        protocol: Some(Hash([0x22; 32])),
        document: Some(Hash([0x77; 32])),
        details: Some(details()),
    }
}

pub(crate) fn least_consent() -> Consent {
    Consent {
        source: source(1, None),
        version: 1,
        previous: None,
        grantor: own(),
        period: period(MORNING, None),
        decision: Effect::Deny,
        scope: anything(),
        provisions: List::default(),
        rule_set: None,
        basis: Set::default(),
        protocol: None,
        document: None,
        details: None,
        ..full_consent()
    }
}

fn full_access() -> Access {
    Access {
        source: source(8, Some(0x88)),
        subject: key(40),
        custodian: organization("st-anna.example"),
        event: Identifier([0x99; 16]),
        outcome: Outcome::Success,
        by_custodian: Some(CustodianHalf {
            processing: emergency(),
            request: Some(Hash([0xAA; 32])),
            consents: list([ConsentReference {
                consent: Identifier([0x66; 16]),
                version: Hash([0x55; 32]),
            }]),
            client: code("ward-7"),
            server: code("archive-2"),
            origin: Some(code("lab-nord.example")),
            disclosure: Some(Disclosure {
                recipient: Some(organization("insurer.example")),
                name: Some(text("Versicherung für alle, a. G.")),
                address: Some(text("Hauptstraße 1, 10115 Berlin")),
                description: Some(Hash([0xBB; 32])),
                statement: Some(Hash([0xCC; 32])),
                redisclosure_notice: true,
                legal_proceedings: true,
            }),
        }),
        by_recipient: None,
        details: Some(details()),
    }
}

fn least_access() -> Access {
    Access {
        source: source(1, None),
        outcome: Outcome::Denied,
        by_custodian: None,
        by_recipient: Some(RecipientHalf {
            actor: actor(),
            client: code("ward-7"),
            server: code("archive-2"),
        }),
        details: None,
        ..full_access()
    }
}

fn organizations() -> [Organization; 2] {
    let grant = KeyGrant {
        key: key(10),
        uses: set([KeyUse::Gateway, KeyUse::PrivacyOfficer, KeyUse::Device]),
        period: period(MORNING, Some(MORNING + 730 * DAY)),
        revoked_at: Some(at(MORNING + 10 * DAY)),
    };
    let full = Organization {
        source: source(3, Some(0xDD)),
        change: OrganizationChange::Register,
        organization: organization("st-anna.example"),
        name: Some(text("St. Anna Krankenhaus")),
        address: Some(text("Annaplatz 3, 1090 Wien")),
        roles: set([OrganizationRole::Recipient, OrganizationRole::Custodian]),
        keys: list([grant]),
        validators: list([
            ValidatorChange { key: key(0), power: 10 },
            ValidatorChange { key: key(1), power: 0 },
        ]),
        regimes: codes(&["ehds", "gdpr"]),
    };
    let least = Organization {
        source: source(1, None),
        change: OrganizationChange::Suspend,
        name: None,
        address: None,
        roles: Set::default(),
        keys: List::default(),
        validators: List::default(),
        regimes: Set::default(),
        ..full.clone()
    };
    [full, least]
}

fn delegations() -> [Delegation; 2] {
    let full = Delegation {
        source: source(5, Some(0xDD)),
        subject: key(40),
        custodian: organization("st-anna.example"),
        change: DelegationChange::Withdraw,
        grantor: Some(own()),
        delegate: key(41),
        relation: Relation::Parent,
        rights: set([Right::Access, Right::Consent, Right::Delegate]),
        period: period(MORNING, Some(MORNING + 365 * DAY)),
        majority_at: Some(at(MORNING + 1_000 * DAY)),
        own_consent_at: Some(at(MORNING + 300 * DAY)),
        withdrawn: Some(Hash([0x33; 32])),
        details: Some(details()),
    };
    let least = Delegation {
        source: source(1, None),
        change: DelegationChange::Rotate,
        grantor: None,
        relation: Relation::Own,
        rights: Set::default(),
        period: period(MORNING, None),
        majority_at: None,
        own_consent_at: None,
        withdrawn: None,
        details: None,
        ..full.clone()
    };
    [full, least]
}

fn protocols() -> [Protocol; 2] {
    let full = Protocol {
        source: source(2, Some(0xDD)),
        sponsor: organization("charite.example"),
        protocol: Identifier([0xEE; 16]),
        version: 2,
        previous: Some(Hash([0x22; 32])),
        status: ProtocolStatus::Open,
        period: period(MORNING, Some(MORNING + 700 * DAY)),
        purposes: codes(&["CLINTRCH", "HRESCH"]),
        approval: Some(text("EK 2026/118")),
        document: Hash([0x12; 32]),
    };
    let least = Protocol {
        source: source(1, None),
        version: 1,
        previous: None,
        status: ProtocolStatus::Closed,
        approval: None,
        ..full.clone()
    };
    [full, least]
}

/// Name, body and number of the test key that signs.
pub(crate) fn all() -> Vec<(&'static str, Body, usize)> {
    let [organization_full, organization_least] = organizations();
    let [delegation_full, delegation_least] = delegations();
    let [protocol_full, protocol_least] = protocols();
    let revocation = Revocation {
        source: source(3, Some(0x55)),
        subject: key(40),
        consent: Identifier([0x66; 16]),
        version: Hash([0x55; 32]),
        custodian: organization("st-anna.example"),
        grantor: own(),
        details: Some(details()),
    };
    let request = Request {
        source: source(7, Some(0x88)),
        subject: key(40),
        custodian: organization("st-anna.example"),
        event: Identifier([0x99; 16]),
        processing: emergency(),
        details: Some(details()),
    };
    let review = Review {
        source: source(2, Some(0xDD)),
        subject: key(40),
        custodian: organization("st-anna.example"),
        access: Hash([0xAA; 32]),
        reviewer: Hash([0x13; 32]),
        outcome: ReviewOutcome::Unjustified,
        details: Some(details()),
    };
    let anchor = Anchor {
        source: source(2, Some(0xDD)),
        custodian: organization("st-anna.example"),
        subject: Some(key(40)),
        anchored: Anchored::Readings,
        root: Hash([0x14; 32]),
        leaf_count: 1_440,
        details: Some(details()),
    };
    let least = |body: &Source| Source { sequence: 1, previous: None, ..body.clone() };
    vec![
        ("organization, full", Body::Organization(organization_full), 9),
        ("organization, least", Body::Organization(organization_least), 9),
        ("consent, full", Body::Consent(full_consent().into()), 41),
        ("consent, least", Body::Consent(least_consent().into()), 40),
        ("revocation, full", Body::Revocation(revocation.clone()), 40),
        (
            "revocation, least",
            Body::Revocation(Revocation {
                source: least(&revocation.source),
                details: None,
                ..revocation
            }),
            40,
        ),
        ("delegation, full", Body::Delegation(delegation_full), 40),
        ("delegation, least", Body::Delegation(delegation_least), 40),
        ("request, full", Body::Request(request.clone().into()), 10),
        (
            "request, least",
            Body::Request(
                Request {
                    source: least(&request.source),
                    processing: processing(),
                    details: None,
                    ..request
                }
                .into(),
            ),
            10,
        ),
        ("access, full", Body::Access(full_access().into()), 10),
        ("access, least", Body::Access(least_access().into()), 12),
        ("review, full", Body::Review(review.clone()), 11),
        (
            "review, least",
            Body::Review(Review { source: least(&review.source), details: None, ..review }),
            11,
        ),
        ("anchor, full", Body::Anchor(anchor.clone()), 10),
        (
            "anchor, least",
            Body::Anchor(Anchor {
                source: least(&anchor.source),
                subject: None,
                anchored: Anchored::Documents,
                details: None,
                ..anchor
            }),
            10,
        ),
        ("protocol, full", Body::Protocol(protocol_full), 14),
        ("protocol, least", Body::Protocol(protocol_least), 14),
    ]
}
