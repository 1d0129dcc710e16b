//! The state machine: what is refused leaves no trace, and the same blocks give the same roots.

use vidimus::{
    contract::{
        machine::{Contract, ContractBlock, GenesisError},
        network::Network,
        outcome::ResultCode,
    },
    record::{
        Body, Record,
        organization::{KeyUse, OrganizationChange, ValidatorChange},
    },
    state::{LogEntry, StateMap, SubjectLog, result_hash},
};
use vidimus_node::{records::sign, test_keys};

use super::world::{
    GATEWAY, GOVERNANCE, PATIENT, VALIDATOR, World, access, consent, network, registered, request,
};
use crate::{
    CHAIN,
    samples::{at, key, list, processing},
};

fn signed(world: &mut World, signer: usize, body: impl Fn(&mut World) -> Body) -> Vec<u8> {
    let body = body(world);
    sign(&body, &test_keys::all()[signer], CHAIN)
}

fn asked(world: &mut World) -> Body {
    let source = world.source(GATEWAY);
    Body::Request(Box::new(request(source, 1, processing())))
}

#[test]
fn bytes_that_are_no_record_of_this_ledger_are_refused_and_leave_no_trace() {
    let mut world = World::new();
    let good = signed(&mut world, GATEWAY, asked);
    let mut forged = good.clone();
    *forged.last_mut().unwrap() ^= 1;
    let body = Record::decode(&good, CHAIN).unwrap().0.body;
    let elsewhere = sign(&body, &test_keys::all()[GATEWAY], "another-ledger");
    let mut longer = good.clone();
    longer.push(0);
    let (empty, root) = (Vec::new(), world.root());
    let transactions = [empty, b"key=value".to_vec(), longer, forged, elsewhere];
    let codes: Vec<_> = world.block(&transactions).iter().map(|result| result.code).collect();
    let (malformed, signature) = (ResultCode::Malformed, ResultCode::Signature);
    assert_eq!(codes, [malformed, malformed, malformed, signature, signature]);
    assert_eq!(world.root(), root);
    // The number of the forged one is not used up.
    assert_eq!(world.block(&[good])[0].code, ResultCode::Accepted);
}

#[test]
fn record_counts_once_in_one_block_and_over_blocks() {
    let mut world = World::new();
    let record = signed(&mut world, GATEWAY, asked);
    let codes: Vec<_> =
        world.block(&[record.clone(), record.clone()]).iter().map(|result| result.code).collect();
    assert_eq!(codes, [ResultCode::Accepted, ResultCode::Replayed]);
    let root = world.root();
    assert_eq!(world.block(&[record])[0].code, ResultCode::Replayed);
    assert_eq!(world.root(), root);
}

#[test]
fn records_of_a_gateway_may_come_in_another_order() {
    let mut world = World::new();
    let mut records: Vec<_> = (0..5).map(|_| signed(&mut world, GATEWAY, asked)).collect();
    records.swap(0, 4);
    records.swap(1, 3);
    let results = world.block(&records);
    assert!(results.iter().all(|result| result.code == ResultCode::Accepted));
}

#[test]
fn executing_changes_nothing_until_it_is_committed() {
    let mut world = World::new();
    let record = signed(&mut world, GATEWAY, asked);
    let before = world.root();
    let first = world.execute(std::slice::from_ref(&record));
    let second = world.execute(std::slice::from_ref(&record));
    assert_eq!(world.root(), before);
    assert_eq!(first.results, second.results);
    let root = world.contract.commit(first);
    assert_eq!((root, world.root()), (world.root(), root));
    assert_ne!(root, before);
}

#[test]
fn same_blocks_give_the_same_roots_from_the_genesis_and_from_any_state() {
    let mut world = World::new();
    let mut other = World::new();
    for height in 0..6 {
        let transactions = [
            signed(&mut world, PATIENT, |world| {
                let source = world.source(PATIENT);
                let mut body = consent(source, 1, None);
                body.consent.0[0] = height;
                Body::Consent(Box::new(body))
            }),
            signed(&mut world, GATEWAY, asked),
        ];
        world.block(&transactions);
        other.block(&transactions);
        assert_eq!(world.root(), other.root());
        if height == 3 {
            // A verifier that starts here gets the entries and puts them together again.
            let entries: Vec<_> = other.contract.state().entries().collect();
            let entries = entries.iter().map(|(key, value)| (key.to_vec(), value.to_vec()));
            let state = StateMap::from_entries(entries).unwrap();
            other.contract = Contract::resume(state, CHAIN).unwrap();
            assert_eq!(world.root(), other.root());
        }
    }
}

#[test]
fn genesis_that_is_not_sound_makes_no_contract() {
    let base = network();
    let double = registered("lab.example", &[], &[(GATEWAY, KeyUse::Gateway)]);
    let mut suspended = registered("lab.example", &[], &[]);
    suspended.change = OrganizationChange::Suspend;
    let with = |organization| {
        let organizations = base.organizations.iter().cloned().chain([organization]);
        Network { organizations: list(organizations), ..base.clone() }
    };
    let powers = |powers: &[u64]| {
        let changes = powers.iter().zip(0..);
        let changes = changes.map(|(power, n)| ValidatorChange { key: key(n), power: *power });
        Network { validators: list(changes), ..base.clone() }
    };
    for (network, code) in [
        (with(double), ResultCode::Keys),
        (with(suspended), ResultCode::UnknownOrganization),
        (with(registered("clinic.example", &[], &[])), ResultCode::Exists),
        (powers(&[0]), ResultCode::Validators),
        (powers(&[5, u64::MAX]), ResultCode::Validators),
    ] {
        assert_eq!(Contract::start(network, CHAIN).unwrap_err(), GenesisError(code));
    }
    let (start, again) = (World::new(), World::new());
    assert_eq!(start.root(), again.root());
    let mut other = network();
    other.limits.skew += 1;
    let other = Contract::start(other, CHAIN).unwrap();
    assert_ne!(other.state().root().unwrap(), start.root());
}

#[test]
fn state_without_a_network_is_not_resumed() {
    let mut state = StateMap::default();
    assert!(Contract::resume(state.clone(), CHAIN).is_err());
    state.insert(b"n", vec![0xA0]);
    assert!(Contract::resume(state, CHAIN).is_err());
}

/// The log proves that these are all records of the subject, with what was decided of each.
#[test]
fn log_of_a_subject_and_of_an_organization_has_every_record_that_concerns_it() {
    let mut world = World::new();
    let mut entries = Vec::new();
    let mut of_clinic = Vec::new();
    for step in 0..7_u8 {
        let (signer, record) = if step == 2 {
            let source = world.source(PATIENT);
            (PATIENT, Body::Consent(Box::new(consent(source, 1, None))))
        } else {
            let source = world.source(GATEWAY);
            let mut processing = processing();
            if step == 5 {
                processing.actor.organization = crate::samples::organization("clinic.example");
            }
            (GATEWAY, Body::Access(Box::new(access(source, step, None, processing))))
        };
        let (height, index) = (world.height, 1);
        let refused = b"no record".to_vec();
        let bytes = sign(&record, &test_keys::all()[signer], CHAIN);
        let record_id = Record::decode(&bytes, CHAIN).unwrap().0.id;
        let results = world.block(&[refused, bytes]);
        let result_hash = result_hash(0, &results[1].data);
        let entry = LogEntry { height, index, record_id, result_hash };
        entries.push(entry);
        if step == 5 {
            of_clinic.push(entry);
        }
    }
    let log = |key: &[u8]| {
        let root = world.root();
        let proof = world.contract.state().prove(key).unwrap();
        let value = proof.verify(&root, key).unwrap().expect("a log").to_vec();
        SubjectLog::decode(&value).unwrap()
    };
    let subject = log(&[b"l/s/".as_slice(), &key(PATIENT).0].concat());
    assert_eq!(subject.verify(&entries).unwrap().entries(), entries);
    assert!(subject.verify(&entries[1..]).is_err());
    let custodian = log(b"l/o/st-anna.example");
    assert_eq!(custodian.verify(&entries).unwrap().entries(), entries);
    let clinic = log(b"l/o/clinic.example");
    assert_eq!(clinic.verify(&of_clinic).unwrap().entries(), of_clinic);
}

#[test]
fn organization_that_nobody_registered_has_no_log() {
    let mut world = World::new();
    let source = world.source(GATEWAY);
    let mut processing = processing();
    processing.actor.organization = crate::samples::organization("made-up.example");
    let body = Body::Access(Box::new(access(source, 1, None, processing)));
    assert_eq!(world.put_signed(GATEWAY, &body).0.code, ResultCode::Accepted);
    let root = world.root();
    let key = b"l/o/made-up.example";
    assert_eq!(world.contract.state().prove(key).unwrap().verify(&root, key), Ok(None));
}

/// Two records of one block change one validator: the later counts, and there is one update.
#[test]
fn updates_of_one_block_are_joined() {
    let mut world = World::new();
    let mut records = Vec::new();
    for power in [3, 8] {
        let mut body = registered("clinic.example", &[], &[(20, KeyUse::Gateway)]);
        body.change = OrganizationChange::Update;
        body.source = world.source(GOVERNANCE);
        body.validators = list([ValidatorChange { key: key(VALIDATOR), power }]);
        records.push(sign(&Body::Organization(body), &test_keys::all()[GOVERNANCE], CHAIN));
    }
    let updates: Vec<_> = world.execute(&records).validators.into_iter().collect();
    assert_eq!(updates, [(key(VALIDATOR), 8)]);
}

/// Who checks signatures later says that all are right: the result is that of checking them.
#[test]
fn signatures_may_be_checked_later() {
    let mut world = World::new();
    let record = signed(&mut world, GATEWAY, asked);
    let block = ContractBlock {
        height: world.height,
        time: at(world.now),
        transactions: &[record.as_slice()],
    };
    let mut seen = 0;
    let optimistic = world.contract.execute(block, |_| {
        seen += 1;
        true
    });
    assert_eq!(optimistic.unwrap().results, world.execute(&[record]).results);
    assert_eq!(seen, 1);
}

/// After a bit of everything, each entry is what the documentation says that its key holds.
#[test]
fn every_entry_of_the_state_is_what_the_documented_cddl_describes() {
    let mut world = World::new();
    super::organizations::protocol(&mut world);
    let id = super::authority::granted(&mut world, PATIENT, |_| {});
    assert_ne!(id, world.root());
    world.accept(PATIENT, |source| Body::Consent(Box::new(consent(source, 1, None))));
    world.request(1);
    let cddl = crate::documentation::cddl();
    let rules = [
        ("n", "network"),
        ("o/", "organization-entry"),
        ("k/", "key-entry"),
        ("q/", "used-numbers"),
        ("p/", "subject-entry"),
        ("c/", "consent-entry"),
        ("d/", "delegation-entry"),
        ("r/", "request-entry"),
        ("e", "open-requests"),
        ("e/", "block-requests"),
        ("t/", "protocol-entry"),
        ("v", "validator-totals"),
        ("v/", "validator-entry"),
    ];
    let mut met = std::collections::BTreeSet::new();
    for (key, value) in world.contract.state().entries() {
        let fits = |(prefix, _): &&(&str, &str)| {
            let is_table = prefix.ends_with('/') && key.starts_with(prefix.as_bytes());
            is_table || key == prefix.as_bytes()
        };
        let Some((_, rule)) = rules.iter().find(fits) else {
            assert!(key.starts_with(b"l/s/") || key.starts_with(b"l/o/"), "{key:?}");
            continue;
        };
        met.insert(*rule);
        let schema = format!("start = {rule}\n{cddl}");
        let valid = cddl::validate_cbor_from_slice(&schema, value, None);
        assert_eq!(valid.map_err(|e| e.to_string()), Ok(()), "{rule}");
    }
    assert_eq!(met.len(), rules.len(), "{met:?}");
}

/// A state may be proven and still be none that a contract wrote: that ends, and soon.
#[test]
fn state_whose_open_requests_lead_nowhere_is_not_run() {
    let world = World::new();
    let entries = world.contract.state().entries();
    let mut state = StateMap::default();
    for (key, value) in entries {
        state.insert(key, value.to_vec());
    }
    // {1: [18446744073709551615]}
    let heights = [&[0xA1, 0x01, 0x81, 0x1B][..], &[0xFF; 8]].concat();
    state.insert(b"e", heights);
    let contract = Contract::resume(state, CHAIN).unwrap();
    let block = ContractBlock { height: 1, time: at(world.now), transactions: &[] };
    assert!(contract.execute(block, |_| true).is_err());
}
