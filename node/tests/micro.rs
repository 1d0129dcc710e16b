//! The small ledger in `testdata/micro`, whose every bit is flipped, and the seeds of the fuzz
//! targets: written here, compared here.
#![expect(clippy::expect_used, reason = "a test stops where something is not as it says")]

use std::{collections::BTreeMap, fs, path::PathBuf};

use vidimus::encoding::protobuf::Message as _;
use vidimus_node::{
    rpc::Export,
    simulate::{Config, Hooks, Hospital, Ledger, Simulation},
};

/// Several heights, a change of validators, nil and absent votes, evidence.
fn config() -> Config {
    Config {
        chain_id: "vidimus-micro".to_owned(),
        validators: 4,
        powers: vec![3, 3, 2, 2],
        blocks: 5,
        transactions: 1,
        transaction_bytes: 16,
        seed: 7,
        churn: 2,
        nil_percent: 15,
        absent_percent: 15,
        evidence: 4,
        ..Config::default()
    }
}

/// A ledger of the contract: a consent, a request, accesses, a forged record, a new validator.
fn contract() -> Ledger {
    let config = Config {
        chain_id: "vidimus-micro-contract".to_owned(),
        validators: 2,
        blocks: 7,
        seed: 7,
        ..Config::default()
    };
    let mut hospital = Hospital::new(&config.chain_id);
    let records = move |height, time| hospital.block(height, time);
    let network = Hospital::network().expect("a network");
    let simulation = Simulation::with_contract(config, Hooks::default(), network, records);
    simulation.expect("a ledger").run()
}

/// Every file, by its path in the checkout.
fn files() -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut seed = |target: &str, n: usize, bytes: Vec<u8>| {
        files.insert(format!("fuzz/corpus/{target}/micro-{n}"), bytes);
    };
    let mut export = Export::new(config());
    let ledger = Simulation::new(config(), Hooks::default()).expect("a ledger").run();
    let mut answers = Vec::new();
    for (n, block) in ledger.blocks.iter().enumerate() {
        seed("block", n, block.bytes.clone());
        seed("commit", n, block.commit.to_bytes());
        seed("validators", n, block.validators.list().to_bytes());
        answers.extend(export.files(block));
    }
    for (n, answer) in answers.iter().enumerate() {
        seed("json", n, answer.text.clone().into_bytes());
    }
    seed("container", 0, ledger.container.clone());
    let contract = contract();
    seed("container", 1, contract.container.clone());
    for answer in answers {
        files.insert(format!("testdata/micro/rpc/{}", answer.name), answer.text.into_bytes());
    }
    files.insert("testdata/micro/ledger.vidimus".to_owned(), ledger.container);
    files.insert("testdata/micro/contract.vidimus".to_owned(), contract.container);
    let line = format!("# A simulated ledger: its keys are published.\n{}\n", contract.anchor);
    files.insert("testdata/micro/contract-anchor.txt".to_owned(), line.into_bytes());
    let anchor = format!("# A simulated ledger: its keys are published.\n{}\n", ledger.anchor);
    files.insert("testdata/micro/anchor.txt".to_owned(), anchor.into_bytes());
    files
}

#[test]
fn small_ledger_and_seeds_are_what_the_simulator_writes() {
    let checkout = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..");
    let files = files();
    if std::env::var_os("VIDIMUS_BLESS").is_some() {
        for (name, bytes) in &files {
            let path = checkout.join(name);
            fs::create_dir_all(path.parent().expect("a folder")).expect("the checkout is writable");
            fs::write(path, bytes).expect("the checkout is writable");
        }
    }
    let answers = files.keys().filter(|name| name.starts_with("testdata/micro/rpc/")).count();
    let found = fs::read_dir(checkout.join("testdata/micro/rpc")).expect("testdata/micro/rpc");
    assert_eq!(found.count(), answers, "empty testdata/micro, then run `cargo xtask bless`");
    for (name, bytes) in &files {
        let found = fs::read(checkout.join(name)).expect(name);
        assert!(found == *bytes, "{name} differs: run `cargo xtask bless`");
    }
}
