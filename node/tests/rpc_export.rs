//! The RPC JSON of a simulated ledger reads as that of a real node.
#![expect(clippy::indexing_slicing, clippy::unwrap_used, reason = "a test that fails may panic")]

#[path = "../../verifier/tests/support/vectors.rs"]
mod support;

use std::collections::BTreeMap;

use tendermint::{
    block::signed_header::SignedHeader,
    validator::{Info, Set},
};
use vidimus::ledger::cometbft::profile::Profile;
use vidimus_node::{
    rpc::Export,
    simulate::{Config, Hooks, Simulation},
};

fn export(config: &Config) -> BTreeMap<String, String> {
    let mut simulation = Simulation::new(config.clone(), Hooks::default()).unwrap();
    let mut export = Export::new(config.clone());
    let mut files = BTreeMap::new();
    while let Some(block) = simulation.next_block() {
        for file in export.files(&block) {
            assert!(files.insert(file.name, file.text).is_none(), "one file a name");
        }
    }
    files
}

fn busy() -> Config {
    Config {
        blocks: 12,
        churn: 2,
        nil_percent: 10,
        absent_percent: 20,
        validators: 8,
        evidence: 3,
        ..Config::default()
    }
}

/// The keys of all objects in the order of their first occurrence.
fn keys(text: &str) -> Vec<&str> {
    let mut keys = Vec::new();
    // None of these files has an escaped quote: every second piece is a string.
    let pieces: Vec<&str> = text.split('"').collect();
    for pair in pieces[1..].chunks(2) {
        if pair.len() == 2 && pair[1].starts_with(':') && !keys.contains(&pair[0]) {
            keys.push(pair[0]);
        }
    }
    keys
}

#[test]
fn keys_stand_in_the_order_of_real_nodes() {
    let Some(vectors) = support::vectors() else { return };
    for (folder, profile, head) in [
        ("live-038", Profile::V0_38, 99),
        ("live-040", Profile::V0_40, 0),
        ("live-1", Profile::V1_0, 111),
    ] {
        let files =
            export(&Config { profile, evidence: 0, nil_percent: 0, absent_percent: 0, ..busy() });
        let read = |name: &str| {
            std::fs::read_to_string(vectors.join("cometbft").join(folder).join(name)).unwrap()
        };
        let mut pairs = vec![
            ("block_2.json", "block_2.json".to_owned()),
            ("commit_2.json", "commit_2.json".to_owned()),
            ("validators_2.json", "validators_2.json".to_owned()),
            ("block_results_12.json", "block_results_3.json".to_owned()),
            ("genesis.json", "genesis.json".to_owned()),
            ("status.json", "status.json".to_owned()),
        ];
        if head > 0 {
            pairs.push(("consensus_params_12.json", format!("consensus_params_{head}.json")));
        }
        for (ours, theirs) in pairs {
            let theirs_text = read(&theirs);
            let theirs_keys = keys(&theirs_text);
            // Theirs may lack what an empty block has not; the common ones stand in one order.
            let ours_keys = keys(&files[ours]);
            let common: Vec<_> = ours_keys.iter().filter(|key| theirs_keys.contains(key)).collect();
            assert_eq!(common, theirs_keys.iter().collect::<Vec<_>>(), "{folder} {theirs}");
        }
    }
}

/// Go prints a leaving validator's update without its power (`omitempty`).
#[test]
fn block_results_of_a_leaving_validator_have_no_power() {
    let config = Config { blocks: 60, churn: 1, profile: Profile::V0_38, ..busy() };
    let files = export(&config);
    let results = files.iter().filter(|(name, _)| name.starts_with("block_results"));
    let leaving = results
        .filter(|(_, text)| text.contains("validator_updates\":[{") && !text.contains("\"power\""));
    assert!(leaving.count() > 0);
}

#[test]
fn types_of_tendermint_rs_read_headers_commits_and_sets() {
    for profile in Profile::ALL {
        let config = Config { profile, ..busy() };
        let files = export(&config);
        let result = |name: String| {
            let value: serde_json::Value = serde_json::from_str(&files[&name]).unwrap();
            value["result"].clone()
        };
        for height in 1..=config.blocks {
            let commit = result(format!("commit_{height}.json"));
            assert_eq!(commit["canonical"], height < config.blocks);
            let signed: SignedHeader =
                serde_json::from_value(commit["signed_header"].clone()).unwrap();
            assert_eq!(signed.header.hash(), signed.commit.block_id.hash);
            let set = |height: u64| {
                let page = result(format!("validators_{height}.json"));
                let infos: Vec<Info> = serde_json::from_value(page["validators"].clone()).unwrap();
                Set::without_proposer(infos)
            };
            assert_eq!(set(height).hash(), signed.header.validators_hash);
            assert_eq!(set(height + 1).hash(), signed.header.next_validators_hash);
            let block = result(format!("block_{height}.json"));
            let block_header: tendermint::block::Header =
                serde_json::from_value(block["block"]["header"].clone()).unwrap();
            assert_eq!(block_header, signed.header);
            let txs = block["block"]["data"]["txs"].as_array().unwrap();
            assert_eq!(txs.len(), config.transactions);
        }
    }
}

#[test]
fn large_sets_come_in_pages_and_left_out_blocks_leave_no_files() {
    let config = Config { validators: 230, blocks: 3, omitted: 1, ..Config::default() };
    let files = export(&config);
    for (name, count) in
        [("validators_2.json", 100), ("validators_2_2.json", 100), ("validators_2_3.json", 30)]
    {
        let page: serde_json::Value = serde_json::from_str(&files[name]).unwrap();
        assert_eq!(page["result"]["validators"].as_array().unwrap().len(), count);
        assert_eq!(page["result"]["total"], "230");
    }
    assert!(!files.contains_key("block_1.json") && files.contains_key("block_2.json"));
    let status: serde_json::Value = serde_json::from_str(&files["status.json"]).unwrap();
    assert_eq!(status["result"]["sync_info"]["earliest_block_height"], "2");
}
