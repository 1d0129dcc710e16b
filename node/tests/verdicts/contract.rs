//! Ledgers on which the contract runs: run again, started anywhere, and asked about without it.

use vidimus::{
    check::CheckId, contract::chunk::StateChunk, encoding::cbor, limits::Limits,
    report::SkipReason, snapshot::Kind,
};
use vidimus_node::simulate::{Config, Hooks, Hospital, Ledger, Simulation};

use super::{
    DEFAULT, HEADERS, anchor_at, check, code, judge, judge_within, says, simulate, take_apart,
};

/// Keys and values of a state.
type Entries = Vec<(Vec<u8>, Vec<u8>)>;

const CONTRACT: &str = r#"{"require": "contract"}"#;

fn hospital(config: &Config, hooks: Hooks) -> Ledger {
    let mut hospital = Hospital::new(&config.chain_id);
    let records = move |height, time| hospital.block(height, time);
    let network = Hospital::network().unwrap();
    Simulation::with_contract(config.clone(), hooks, network, records).unwrap().run()
}

fn config() -> Config {
    Config { blocks: 24, nil_percent: 10, ..Config::default() }
}

#[test]
fn ledger_of_the_contract_is_run_again_from_its_genesis_and_from_any_block() {
    for omitted in 0..23 {
        let ledger = hospital(&Config { omitted, ..config() }, Hooks::default());
        let report = judge(&ledger.container, &ledger.anchor.to_string(), CONTRACT);
        assert_eq!(report.verdict.code, "verified", "{omitted}: {:?}", report.verdict);
        assert!(says(&report, "audit") && !says(&report, "meaning"));
        let passed = |id| check(&report, id).passed;
        assert!(passed(CheckId::ContractState) > 1);
        let skipped = check(&report, CheckId::ContractState).skipped;
        assert_eq!(skipped, u64::from(omitted > 0));
        for id in [CheckId::ContractResults, CheckId::ContractAppHash, CheckId::ContractValidators]
        {
            // All but the last block, which no header attests.
            let started = u64::from(id == CheckId::ContractValidators);
            let expected = (23 - omitted + started, 1);
            assert_eq!((passed(id), check(&report, id).skipped), expected, "{id}");
            assert_eq!(check(&report, id).reason, Some(SkipReason::Tip));
        }
    }
}

/// Eleven records in eight blocks are signed, and one is forged, which the contract refused.
#[test]
fn signature_of_every_record_is_checked() {
    let config = Config { blocks: 9, ..config() };
    let ledger = hospital(&config, Hooks::default());
    let report = judge(&ledger.container, &ledger.anchor.to_string(), CONTRACT);
    assert_eq!(check(&report, CheckId::ContractSignature).passed, 9);
}

#[test]
fn without_the_state_only_what_does_not_hang_on_it_is_proven() {
    let hooks = || Hooks::default().on_items(|draft| draft.items.retain(|i| i.kind != Kind::State));
    let ledger = hospital(&config(), hooks());
    let anchor = ledger.anchor.to_string();
    for (policy, expected) in
        [(DEFAULT, "incomplete"), (CONTRACT, "incomplete"), (HEADERS, "verified")]
    {
        let report = judge(&ledger.container, &anchor, policy);
        assert_eq!(report.verdict.code, expected, "{policy}");
        let entry = check(&report, CheckId::ContractResults);
        assert_eq!((entry.passed, entry.reason), (0, Some(SkipReason::NotGiven)));
    }
}

#[test]
fn another_application_is_no_contract() {
    let ledger = simulate(&Config::default(), Hooks::default());
    let anchor = ledger.anchor.to_string();
    let report = judge(&ledger.container, &anchor, DEFAULT);
    assert_eq!(report.verdict.code, "verified");
    assert!(says(&report, "meaning") && !says(&report, "audit"));
    assert_eq!(code(&ledger.container, &anchor, CONTRACT), "incomplete");
}

#[test]
fn state_on_the_chain_of_another_application_is_without_use() {
    let of_contract = hospital(&config(), Hooks::default());
    let (_, items) = take_apart(&of_contract.container);
    let state = items.into_iter().find(|item| item.kind == Kind::State).unwrap();
    let hooks = Hooks::default().on_items(move |draft| {
        if draft.height == 1 {
            let item =
                vidimus_node::simulate::Item { kind: Kind::State, bytes: state.bytes.clone() };
            draft.items.insert(1, item);
        }
    });
    let ledger = simulate(&Config::default(), hooks);
    assert_eq!(code(&ledger.container, &ledger.anchor.to_string(), DEFAULT), "snapshot.order");
}

#[test]
fn later_version_of_the_contract_is_not_taken_for_this_one() {
    for (height, last) in [(1, 24), (5, 24), (24, 24)] {
        let hooks = Hooks::default().on_block(move |draft| {
            if draft.height >= height {
                draft.header.version_app += 1;
            }
        });
        let ledger = hospital(&config(), hooks);
        let report = judge(&ledger.container, &anchor_at(&ledger, last).to_string(), DEFAULT);
        assert_eq!(report.verdict.code, "unsupported", "{height}");
    }
}

#[test]
fn state_beyond_its_limit_ends_without_a_verdict() {
    let ledger = hospital(&config(), Hooks::default());
    let (_, items) = take_apart(&ledger.container);
    let state = items.iter().find(|item| item.kind == Kind::State).unwrap();
    let StateChunk(entries) = cbor::decode(&state.bytes).unwrap();
    // Each entry weighs 168 bytes beside its key and its value.
    let weight = |(key, value): &(Vec<u8>, Vec<u8>)| 168 + key.len() + value.len();
    let bytes = u64::try_from(entries.iter().map(weight).sum::<usize>()).unwrap();
    for (state_bytes, expected) in [(bytes, "verified"), (bytes - 1, "limit")] {
        let mut limits = Limits::default();
        limits.state_bytes = state_bytes;
        let report = judge_within(&ledger.container, &ledger.anchor.to_string(), DEFAULT, limits);
        assert_eq!(report.verdict.code, expected);
    }
}

/// The result that was agreed on, and the one that the contract gives, at the transaction.
#[test]
fn wrong_decision_is_named_with_both_results_and_its_place() {
    let hooks = || {
        Hooks::default().on_block(|draft| {
            if draft.height == 7 {
                draft.results.results[0].code = 6;
            }
        })
    };
    let ledger = hospital(&config(), hooks());
    let report = judge(&ledger.container, &ledger.anchor.to_string(), DEFAULT);
    assert_eq!(report.verdict.code, "contract.results");
    let locus = report.verdict.locus.unwrap();
    assert_eq!((locus.height, locus.path.as_str()), (Some(7), "block.txs[0]"));
    let transaction = &ledger.blocks[6].draft.transactions[0];
    let offset = usize::try_from(locus.offset.unwrap()).unwrap();
    assert_eq!(&ledger.container[offset..offset + transaction.len()], transaction);
    let evidence = report.verdict.evidence.unwrap();
    assert!(evidence.claimed.starts_with("code 6, data A"), "{evidence:?}");
    assert!(evidence.computed.starts_with("code 0, data A"), "{evidence:?}");
    // Without the results in the snapshot, the header's hash is all there is to compare with.
    let without = hooks().on_items(|draft| draft.items.retain(|i| i.kind != Kind::BlockResults));
    let ledger = hospital(&config(), without);
    let report = judge(&ledger.container, &ledger.anchor.to_string(), DEFAULT);
    assert_eq!(report.verdict.code, "contract.results");
    let locus = report.verdict.locus.unwrap();
    assert_eq!((locus.height, locus.path.as_str()), (Some(8), "header.last_results_hash"));
}

#[test]
fn record_that_nobody_signed_is_named_by_the_place_of_its_signature() {
    let mut hospital = Hospital::new("vidimus-simulated");
    let records = move |height, time| hospital.block(height, time);
    let network = Hospital::network().unwrap();
    let simulation =
        Simulation::with_contract(config(), Hooks::default(), network, records).unwrap();
    let ledger = simulation.without_signature_checks().run();
    let report = judge(&ledger.container, &ledger.anchor.to_string(), DEFAULT);
    assert_eq!(report.verdict.code, "contract.signature");
    let locus = report.verdict.locus.unwrap();
    assert_eq!((locus.height, locus.path.as_str()), (Some(4), "block.txs[2].signature"));
    let record = ledger.blocks[3].draft.transactions[2].as_slice();
    let offset = usize::try_from(locus.offset.unwrap()).unwrap();
    assert_eq!(ledger.container[offset..offset + 64], record[record.len() - 64..]);
}

/// Order, repetition and emptiness of entries; a state whose open requests lead nowhere.
#[test]
fn state_that_is_none_fails_or_ends_and_never_hangs() {
    let judged = |change: fn(&mut Entries)| {
        let hooks = Hooks::default().on_items(move |draft| {
            for item in draft.items.iter_mut().filter(|item| item.kind == Kind::State) {
                let StateChunk(mut entries) = cbor::decode(&item.bytes).unwrap();
                change(&mut entries);
                item.bytes = StateChunk(entries).to_bytes();
            }
        });
        let ledger = hospital(&config(), hooks);
        code(&ledger.container, &ledger.anchor.to_string(), DEFAULT)
    };
    let changes: [fn(&mut Entries); 4] = [
        |entries| entries.swap(0, 1),
        |entries| entries.push(entries.last().unwrap().clone()),
        |entries| drop(entries.pop()),
        |entries| entries.retain(|(key, _)| key != b"n"),
    ];
    for change in changes {
        assert_eq!(judged(change), "contract.state");
    }
}

/// One block shows the state and runs nothing.
#[test]
fn contract_that_was_run_over_no_block_is_not_taken_for_run() {
    let ledger = hospital(&Config { omitted: 23, ..config() }, Hooks::default());
    let anchor = ledger.anchor.to_string();
    let report = judge(&ledger.container, &anchor, DEFAULT);
    assert_eq!(report.verdict.code, "verified");
    assert!(says(&report, "meaning") && !says(&report, "audit"));
    assert_eq!(code(&ledger.container, &anchor, CONTRACT), "incomplete");
}
