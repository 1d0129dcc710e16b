//! A hospital and a patient, whose ledger a test writes block by block.

use std::collections::BTreeMap;

use vidimus::{
    InputKind, Verification,
    anchor::Anchors,
    audit::{AuditOptions, AuditPolicy, AuditReport, Finding, ViolationId},
    contract::{
        network::{Limits as NetworkLimits, Network},
        rules::{CombiningRule, DecisionRules, ImplicitPolicy},
    },
    encoding::{
        cbor::{List, Set},
        hex::{Hash, Identifier, PublicKey},
    },
    limits::Limits,
    policy::Policy,
    record::{
        Body, Record,
        access::{Access, CustodianHalf, Outcome, RecipientHalf},
        actor::{Actor, CodeText, OrganizationId},
        authority::{Authority, Relation},
        codes::{Code, System},
        consent::{Consent, ConsentStatus, Effect, Elements, RuleSet},
        delegation::{Delegation, DelegationChange, Right},
        details::{Ciphertext, Nonce, SealedDetails, SealedSet},
        disclosure::Disclosure,
        instant::{Instant, Period},
        keys::ViewKey,
        organization::{
            KeyGrant, KeyUse, Organization, OrganizationChange, OrganizationRole, ValidatorChange,
        },
        protocol::{Protocol, ProtocolStatus},
        request::{Processing, Request},
        revocation::Revocation,
        sealing::{Binding, Carried, Details, Named, Sealer, TextKind, open_details, seal_details},
        source::{Schema, Source},
        view::ViewingFile,
    },
};
use vidimus_node::{
    records::sign,
    simulate::{Config, Hooks, Ledger, Simulation},
    test_keys,
};

/// Who signs, by number of the test key.
pub(super) const GOVERNANCE: usize = 0;
pub(super) const GATEWAY: usize = 10;
pub(super) const OFFICER: usize = 11;
pub(super) const DEVICE: usize = 12;
pub(super) const CLINIC: usize = 20;
pub(super) const SPONSOR: usize = 30;
pub(super) const COURT: usize = 40;
pub(super) const PATIENT: usize = 50;
pub(super) const DELEGATE: usize = 60;
pub(super) const STRANGER: usize = 90;

/// The hospital, a clinic that may receive data, a sponsor, a guardian authority.
pub(super) const HOSPITAL_ID: &str = "st-anna.example";
pub(super) const CLINIC_ID: &str = "clinic.example";
pub(super) const SPONSOR_ID: &str = "trials.example";
pub(super) const COURT_ID: &str = "court.example";

/// The network's limits, in milliseconds. A block takes about a second.
pub(super) const LATENCY: u64 = 6_000;
pub(super) const SKEW: u64 = 3_000;
pub(super) const REQUEST: u64 = 20_000;
pub(super) const REVIEW: u64 = 5_000;
const YEAR: u64 = 366 * 86_400_000;

/// What opens the patient's records.
pub(super) const VIEW_KEY: [u8; 32] = [0x77; 32];

type Step = Box<dyn FnOnce(&mut World) -> Vec<Vec<u8>>>;

/// A ledger to be written and audited.
pub(super) struct Fixture {
    pub(super) network: Network,
    pub(super) policy: AuditPolicy,
    pub(super) view: bool,
    /// Blocks that stand before the snapshot.
    pub(super) omitted: u64,
    steps: Vec<Step>,
}

/// The ledger as it grows.
pub(super) struct World {
    /// Time of the block.
    pub(super) now: Instant,
    /// Ids of all records, in the order in which they were signed.
    pub(super) ids: Vec<Hash>,
    sources: BTreeMap<usize, (u64, Option<Hash>)>,
    events: u8,
}

impl Fixture {
    /// The first block holds the patient's consent to treatment by anybody.
    pub(super) fn new() -> Self {
        Self::with_consent(|_| {})
    }

    /// The first block holds the patient's consent, edited.
    pub(super) fn with_consent(edit: impl FnOnce(&mut Consent) + 'static) -> Self {
        Self::without_consent().block(|world| vec![world.consent(edit)])
    }

    /// No block holds anything yet.
    pub(super) fn without_consent() -> Self {
        let (network, policy) = (network(), AuditPolicy::default());
        Self { network, policy, view: true, omitted: 0, steps: vec![] }
    }

    /// Is audited by this policy.
    pub(super) fn policy(mut self, text: &str) -> Self {
        self.policy = AuditPolicy::from_toml(text).unwrap();
        self
    }

    /// Adds a block with another consent of the patient.
    pub(super) fn consent(self, number: u8, edit: impl FnOnce(&mut Consent) + 'static) -> Self {
        self.block(move |world| {
            vec![world.consent(|consent| {
                consent.consent = Identifier([number; 16]);
                edit(consent);
            })]
        })
    }

    /// Adds a block.
    pub(super) fn block(
        mut self,
        records: impl FnOnce(&mut World) -> Vec<Vec<u8>> + 'static,
    ) -> Self {
        self.steps.push(Box::new(records));
        self
    }

    /// Adds a block with the request of an access and one with the access.
    pub(super) fn access(self, edit: impl Fn(&mut Access) + Clone + 'static) -> Self {
        let again = edit.clone();
        self.block(move |world| vec![world.request(edit)]).block(move |world| {
            let request = world.ids.last().copied();
            vec![world.access(request, again)]
        })
    }

    /// The same, where the edit needs the ids of the records before the request.
    pub(super) fn access_naming(
        self,
        edit: impl Fn(&mut Access, &[Hash]) + Clone + 'static,
    ) -> Self {
        let again = edit.clone();
        self.block(move |world| {
            let ids = world.ids.clone();
            vec![world.request(|access| edit(access, &ids))]
        })
        .block(move |world| {
            let ids = world.ids.clone();
            let (request, ids) = ids.split_last().unwrap();
            vec![world.access(Some(*request), |access| again(access, ids))]
        })
    }

    /// Adds empty blocks.
    pub(super) fn idle(mut self, blocks: usize) -> Self {
        for _ in 0..blocks {
            self.steps.push(Box::new(|_| vec![]));
        }
        self
    }

    /// Writes the ledger.
    pub(super) fn write(self) -> Ledger {
        self.write_with(|_| {}, Hooks::default())
    }

    /// The same by other validators than the fixture's, or by such as lie.
    pub(super) fn write_with(self, edit: impl FnOnce(&mut Config), hooks: Hooks) -> Ledger {
        let Self { network, omitted, steps, .. } = self;
        let blocks = u64::try_from(steps.len()).unwrap() + 1;
        let mut config = Config { blocks, omitted, ..Config::default() };
        edit(&mut config);
        let mut world = World {
            now: Instant::from_millis(0).unwrap(),
            ids: vec![],
            sources: BTreeMap::new(),
            events: 0,
        };
        let mut steps = steps.into_iter();
        let records = move |_height, time| {
            world.now = time;
            steps.next().map_or_else(Vec::new, |step| step(&mut world))
        };
        Simulation::with_contract(config, hooks, network, records).unwrap().run()
    }

    /// Writes the ledger and audits it.
    pub(super) fn run(self) -> AuditReport {
        let mut options = AuditOptions::default();
        options.policy = self.policy.clone();
        options.view = self.view.then(viewing_file);
        let ledger = self.write();
        let anchors = Anchors { anchors: vec![ledger.anchor], ..Anchors::default() };
        let (limits, kind) = (Limits::default(), InputKind::Snapshot);
        let report = Verification::new(anchors, Policy::default(), limits, kind)
            .with_audit(options)
            .run(&ledger.container);
        assert_eq!(report.verdict.code, "verified", "{:?}", report.verdict);
        report.audit.unwrap()
    }

    /// Ids, heights and indices of what is found, in the order of the ledger.
    pub(super) fn found(self) -> Vec<(ViolationId, u64, Option<u64>)> {
        let place = |finding: &Finding| (finding.id, finding.height, finding.index);
        let report = self.run();
        for finding in &report.findings {
            has_its_arguments(finding);
        }
        report.findings.iter().map(place).collect()
    }
}

/// Every `{name}` of the sentences is an argument of the finding.
fn has_its_arguments(finding: &Finding) {
    let text = finding.id.description().english;
    for sentence in [text.happened, text.matters, text.lawful, text.not_proven] {
        for part in sentence.split('{').skip(1) {
            let (name, _) = part.split_once('}').unwrap();
            let is_given = finding.arguments.iter().any(|argument| argument.name == name);
            assert!(is_given, "{} has no argument {name}: {:?}", finding.id, finding.arguments);
        }
    }
}

impl World {
    /// Signs a record with the next number of its signer.
    pub(super) fn sign(&mut self, signer: usize, body: impl FnOnce(Source) -> Body) -> Vec<u8> {
        let (sequence, previous) = self.sources.get(&signer).copied().unwrap_or_default();
        let sequence = sequence + 1;
        let source = Source { schema: Schema::V1, sequence, previous, recorded_at: self.now };
        let body = body(source);
        let chain = &Config::default().chain_id;
        let bytes = sign(&body, &test_keys::all()[signer], chain);
        let id = Record::decode(&bytes, chain).unwrap().0.id;
        self.sources.insert(signer, (body.source().sequence, Some(id)));
        self.ids.push(id);
        bytes
    }

    /// The patient's consent to treatment at the hospital, edited.
    pub(super) fn consent(&mut self, edit: impl FnOnce(&mut Consent)) -> Vec<u8> {
        self.consent_by(PATIENT, edit)
    }

    /// The same, signed by somebody.
    pub(super) fn consent_by(&mut self, signer: usize, edit: impl FnOnce(&mut Consent)) -> Vec<u8> {
        self.sign(signer, |source| {
            let now = source.recorded_at;
            let mut consent = Consent {
                source,
                subject: key(PATIENT),
                consent: Identifier([1; 16]),
                version: 1,
                previous: None,
                custodian: organization(HOSPITAL_ID),
                grantor: Authority { relation: Relation::Own, delegation: None },
                status: ConsentStatus::Active,
                period: period(now.as_millis(), None),
                given_at: now,
                decision: Effect::Permit,
                scope: Elements { purposes: set([code("TREAT")]), ..anything() },
                provisions: List::default(),
                rule_set: None,
                basis: Set::default(),
                protocol: None,
                document: None,
                details: None,
            };
            edit(&mut consent);
            Body::Consent(Box::new(consent))
        })
    }

    /// Ends the patient's consent.
    pub(super) fn revocation(&mut self, edit: impl FnOnce(&mut Revocation)) -> Vec<u8> {
        let version = self.ids[0];
        self.sign(PATIENT, |source| {
            let mut revocation = Revocation {
                source,
                subject: key(PATIENT),
                consent: Identifier([1; 16]),
                version,
                custodian: organization(HOSPITAL_ID),
                grantor: Authority { relation: Relation::Own, delegation: None },
                details: None,
            };
            edit(&mut revocation);
            Body::Revocation(revocation)
        })
    }

    /// The patient lets a proxy look into the hospital's records, edited.
    pub(super) fn delegation(
        &mut self,
        signer: usize,
        edit: impl FnOnce(&mut Delegation),
    ) -> Vec<u8> {
        self.sign(signer, |source| {
            let now = source.recorded_at.as_millis();
            let mut delegation = Delegation {
                source,
                subject: key(PATIENT),
                custodian: organization(HOSPITAL_ID),
                change: DelegationChange::Grant,
                grantor: Some(Authority { relation: Relation::Own, delegation: None }),
                delegate: key(DELEGATE),
                relation: Relation::Proxy,
                rights: set([Right::Access]),
                period: period(now, None),
                majority_at: None,
                own_consent_at: None,
                withdrawn: None,
                details: None,
            };
            edit(&mut delegation);
            Body::Delegation(delegation)
        })
    }

    /// A research protocol of the sponsor, open from now on, edited.
    pub(super) fn protocol(&mut self, edit: impl FnOnce(&mut Protocol)) -> Vec<u8> {
        self.sign(SPONSOR, |source| {
            let now = source.recorded_at.as_millis();
            let mut protocol = Protocol {
                source,
                sponsor: organization(SPONSOR_ID),
                protocol: Identifier([7; 16]),
                version: 1,
                previous: None,
                status: ProtocolStatus::Open,
                period: period(now, None),
                purposes: set([code("HRESCH")]),
                approval: None,
                document: Hash([0x44; 32]),
            };
            edit(&mut protocol);
            Body::Protocol(protocol)
        })
    }

    /// The request of the access that [`Self::access`] gives with the same edits.
    pub(super) fn request(&mut self, edit: impl FnOnce(&mut Access)) -> Vec<u8> {
        self.events += 1;
        let event = self.events;
        self.sign(GATEWAY, |source| {
            let mut access = access(source, event);
            edit(&mut access);
            let half = access.by_custodian.unwrap();
            let mut request = Request {
                source: access.source,
                subject: access.subject,
                custodian: access.custodian,
                event: access.event,
                processing: half.processing,
                details: None,
            };
            request.details = access.details.map(|details| {
                let (subject, event) = (request.subject, request.event);
                let details = opened(&details, &subject, &event.0);
                seal("request", &subject, &event.0, &details)
            });
            Body::Request(Box::new(request))
        })
    }

    /// A physician of the hospital reads for treatment, edited.
    pub(super) fn access(
        &mut self,
        request: Option<Hash>,
        edit: impl FnOnce(&mut Access),
    ) -> Vec<u8> {
        let event = self.events;
        self.sign(GATEWAY, |source| {
            let mut access = access(source, event);
            if let Some(half) = &mut access.by_custodian {
                half.request = request;
            }
            edit(&mut access);
            Body::Access(Box::new(access))
        })
    }

    /// The half of the clinic, whose physician asked for the last event, edited.
    pub(super) fn recipient_half(&mut self, edit: impl FnOnce(&mut Access)) -> Vec<u8> {
        let event = self.events;
        self.sign(CLINIC, |source| {
            let mut access = access(source, event);
            disclose(&mut access);
            let half = access.by_custodian.take().unwrap();
            let (actor, client, server) = (half.processing.actor, half.client, half.server);
            access.by_recipient = Some(RecipientHalf { actor, client, server });
            access.details = None;
            edit(&mut access);
            Body::Access(Box::new(access))
        })
    }
}

fn access(source: Source, event: u8) -> Access {
    let (subject, event) = (key(PATIENT), Identifier([event; 16]));
    let half = CustodianHalf {
        processing: processing(&carried()),
        request: None,
        consents: List::default(),
        client: code("ward-7"),
        server: code("ehr-1"),
        origin: Some(code("ehr-1")),
        disclosure: None,
    };
    Access {
        source,
        subject,
        custodian: organization(HOSPITAL_ID),
        event,
        outcome: Outcome::Success,
        by_custodian: Some(half),
        by_recipient: None,
        details: Some(sealed("access", &subject, &event.0, &carried())),
    }
}

/// A physician of the hospital reads what is carried, for treatment.
pub(super) fn processing(carried: &Carried) -> Processing {
    Processing {
        actor: Actor {
            person: Hash([0x11; 32]),
            role: code("physician"),
            organization: organization(HOSPITAL_ID),
        },
        action: code("R"),
        purposes: set([code("TREAT")]),
        basis: Set::default(),
        protocol: None,
        delegate: None,
        emergency: false,
        justification: None,
        data_period: None,
        closures: Sealer::new(&ViewKey::new(VIEW_KEY)).compute_closures(carried),
    }
}

/// Medication of normal confidentiality.
pub(super) fn carried() -> Carried {
    labelled(&[(System::Class, "MedicationRequest")])
}

/// Data of normal confidentiality with these codes.
pub(super) fn labelled(codes: &[(System, &str)]) -> Carried {
    let normal = Code::new(System::Confidentiality, "N").unwrap();
    let codes = codes.iter().map(|(system, text)| Code::new(*system, text).unwrap());
    Carried::new(codes.chain([normal]), [], []).unwrap()
}

/// Lets an access open other data than medication.
pub(super) fn open(access: &mut Access, carried: &Carried) {
    let closures = processing(carried).closures;
    if let Some(half) = &mut access.by_custodian {
        half.processing.closures = closures;
    }
    access.details = Some(sealed("access", &access.subject, &access.event.0, carried));
}

/// Lets an access go to the clinic, with all that must be written of it.
pub(super) fn disclose(access: &mut Access) {
    half(access).processing.actor.organization = organization(CLINIC_ID);
    account(access);
}

/// Writes all of a disclosure to the clinic that must be written: beside what is opened, the texts.
pub(super) fn account(access: &mut Access) {
    half(access).disclosure = Some(Disclosure {
        recipient: Some(organization(CLINIC_ID)),
        name: None,
        address: None,
        description: Some(Hash([0x44; 32])),
        statement: Some(Hash([0x55; 32])),
        redisclosure_notice: true,
        legal_proceedings: false,
    });
    let (subject, event) = (access.subject, access.event);
    let opened = opened(access.details.as_ref().unwrap(), &subject, &event.0);
    let texts = [(TextKind::Description, "Medication."), (TextKind::Purpose, "Asked for.")];
    let texts = texts.map(|(kind, text)| (kind, text.to_owned())).into();
    let details = Details::new(opened.carried().cloned(), vec![], texts).unwrap();
    access.details = Some(seal("access", &subject, &event.0, &details));
}

/// What the details of an access say.
fn opened(details: &SealedDetails, subject: &PublicKey, event_id: &[u8]) -> Details {
    let binding = Binding { kind: "access", subject, event_id };
    let (nonce, ciphertext) = (&details.nonce.0, details.ciphertext.as_bytes());
    open_details(&ViewKey::new(VIEW_KEY), nonce, &binding, ciphertext).unwrap()
}

/// The disclosure of an access that has one.
pub(super) fn disclosure(access: &mut Access) -> &mut Disclosure {
    half(access).disclosure.as_mut().unwrap()
}

/// The custodian's half of an access.
pub(super) fn half(access: &mut Access) -> &mut CustodianHalf {
    access.by_custodian.as_mut().unwrap()
}

/// Lets the details of a consent say that its parts name this.
pub(super) fn say<const N: usize>(consent: &mut Consent, named: [Named; N]) {
    let details = Details::new(None, named.into(), BTreeMap::new()).unwrap();
    consent.details = Some(seal("consent", &consent.subject, &consent.consent.0, &details));
}

/// Seals what a record opens.
pub(super) fn sealed(
    kind: &str,
    subject: &PublicKey,
    event_id: &[u8],
    carried: &Carried,
) -> SealedDetails {
    let details = Details::new(Some(carried.clone()), vec![], BTreeMap::new()).unwrap();
    seal(kind, subject, event_id, &details)
}

/// Seals details. Every nonce of these tests is the same, as no two records have one event id.
pub(super) fn seal(
    kind: &str,
    subject: &PublicKey,
    event_id: &[u8],
    details: &Details,
) -> SealedDetails {
    let nonce = [0x24; 24];
    let binding = Binding { kind, subject, event_id };
    let key = ViewKey::new(VIEW_KEY);
    let ciphertext = seal_details(&key, &nonce, &binding, details).unwrap();
    SealedDetails { nonce: Nonce(nonce), ciphertext: Ciphertext::new(ciphertext).unwrap() }
}

pub(super) fn viewing_file() -> ViewingFile {
    let mut view = ViewingFile::default();
    let key = key(PATIENT);
    view.insert(HOSPITAL_ID.parse().unwrap(), key, ViewKey::new(VIEW_KEY)).unwrap();
    view
}

pub(super) fn key(index: usize) -> PublicKey {
    test_keys::all()[index].public()
}

pub(super) fn code(text: &str) -> CodeText {
    CodeText::new(text).unwrap()
}

pub(super) fn organization(id: &str) -> OrganizationId {
    OrganizationId::new(id).unwrap()
}

pub(super) fn set<T: Ord + Clone, const N: usize, const M: usize>(
    values: impl IntoIterator<Item = T>,
) -> Set<T, N, M> {
    Set::new(values.into_iter().collect()).unwrap()
}

pub(super) fn list<T, const N: usize, const M: usize>(
    values: impl IntoIterator<Item = T>,
) -> List<T, N, M> {
    List::new(values.into_iter().collect()).unwrap()
}

pub(super) fn period(start: u64, end: Option<u64>) -> Period {
    let at = |millis| Instant::from_millis(millis).unwrap();
    Period::new(at(start), end.map(at)).unwrap()
}

/// Elements that every access meets.
pub(super) fn anything() -> Elements {
    Elements {
        actors: List::default(),
        actions: Set::default(),
        purposes: Set::default(),
        period: None,
        data_period: None,
        confidentiality: SealedSet::default(),
        labels: SealedSet::default(),
        classes: SealedSet::default(),
        resources: SealedSet::default(),
        authors: SealedSet::default(),
    }
}

/// An organization with these roles, and keys with one use each.
pub(super) fn registered(
    id: &str,
    roles: &[OrganizationRole],
    keys: &[(usize, KeyUse)],
) -> Organization {
    let grant = |(index, key_use): &(usize, KeyUse)| KeyGrant {
        key: key(*index),
        uses: set([*key_use]),
        period: period(0, None),
        revoked_at: None,
    };
    Organization {
        source: Source {
            schema: Schema::V1,
            sequence: 1,
            previous: None,
            recorded_at: Instant::from_millis(0).unwrap(),
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

fn network() -> Network {
    let custodian = OrganizationRole::Custodian;
    Network {
        governance: set([key(GOVERNANCE)]),
        rules: DecisionRules {
            combining: CombiningRule::DenyOverrides,
            implicit: ImplicitPolicy::Deny,
            rule_set: RuleSet::Pcf11,
            break_glass: true,
            authorized_purposes: Set::default(),
            lawful_bases: Set::default(),
        },
        limits: NetworkLimits {
            latency: LATENCY,
            skew: SKEW,
            request: REQUEST,
            review: REVIEW,
            retention: 10 * YEAR,
        },
        organizations: list([
            registered(
                HOSPITAL_ID,
                &[custodian],
                &[
                    (GATEWAY, KeyUse::Gateway),
                    (OFFICER, KeyUse::PrivacyOfficer),
                    (DEVICE, KeyUse::Device),
                ],
            ),
            registered(
                CLINIC_ID,
                &[custodian, OrganizationRole::Recipient],
                &[(CLINIC, KeyUse::Gateway)],
            ),
            registered(SPONSOR_ID, &[OrganizationRole::Sponsor], &[(SPONSOR, KeyUse::Sponsor)]),
            registered(
                COURT_ID,
                &[OrganizationRole::GuardianAuthority],
                &[(COURT, KeyUse::GuardianAuthority)],
            ),
        ]),
        // The simulation's take their place.
        validators: list([ValidatorChange { key: key(200), power: 1 }]),
    }
}
