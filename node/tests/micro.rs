//! The small ledger in `testdata/micro`, whose every bit is flipped: written here, compared here.
#![expect(clippy::expect_used, reason = "a test stops where something is not as it says")]

use std::{collections::BTreeMap, fs, path::PathBuf};

use vidimus_node::{
    rpc::Export,
    simulate::{Config, Hooks, Simulation},
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

/// Every file of `testdata/micro`, by its path in it.
fn files() -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut export = Export::new(config());
    let ledger = Simulation::new(config(), Hooks::default()).expect("a ledger").run();
    for block in &ledger.blocks {
        for file in export.files(block) {
            files.insert(format!("rpc/{}", file.name), file.text.into_bytes());
        }
    }
    files.insert("ledger.vidimus".to_owned(), ledger.container);
    let anchor = format!("# A simulated ledger: its keys are published.\n{}\n", ledger.anchor);
    files.insert("anchor.txt".to_owned(), anchor.into_bytes());
    files
}

#[test]
fn testdata_micro_is_what_the_simulator_writes() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../testdata/micro");
    let files = files();
    if std::env::var_os("VIDIMUS_BLESS").is_some() {
        fs::create_dir_all(folder.join("rpc")).expect("testdata/ is writable");
        for (name, bytes) in &files {
            fs::write(folder.join(name), bytes).expect("testdata/ is writable");
        }
    }
    let found = fs::read_dir(folder.join("rpc")).expect("testdata/micro/rpc").count();
    assert_eq!(found + 2, files.len(), "run `cargo xtask bless` after emptying testdata/micro");
    for (name, bytes) in &files {
        let found = fs::read(folder.join(name)).expect("a file of testdata/micro");
        assert!(found == *bytes, "{name} differs: run `cargo xtask bless`");
    }
}
