//! Simulated ledgers keep every rule of their profile: the verifier says so, with the right counts.
#![expect(
    clippy::arithmetic_side_effects,
    clippy::unwrap_used,
    reason = "a test that fails may panic"
)]

mod support;

use std::collections::BTreeSet;

use support::verify;
use vidimus::{
    encoding::hex::Hash,
    ledger::cometbft::{commit::BlockIdFlag, profile::Profile},
    merkle::sha256,
    report::{Report, Status},
};
use vidimus_node::simulate::{Config, Format, Hooks, Ledger, Simulation};

fn simulate(config: &Config) -> Ledger {
    Simulation::new(config.clone(), Hooks::default()).unwrap().run()
}

/// Ledgers of every kind; each for every profile.
fn configs() -> Vec<Config> {
    let base = Config { blocks: 24, ..Config::default() };
    let busy =
        Config { churn: 2, nil_percent: 15, absent_percent: 15, evidence: 5, ..base.clone() };
    vec![
        Config { blocks: 1, validators: 1, transactions: 0, ..base.clone() },
        Config { validators: 1, churn: 1, ..base.clone() },
        Config { validators: 7, round_percent: 50, ..busy.clone() },
        Config { validators: 40, churn: 1, seed: 9, ..busy.clone() },
        Config { initial_height: 1_000, seed: 3, ..busy.clone() },
        Config { omitted: 7, seed: 4, ..busy.clone() },
        Config { transactions: 40, transaction_bytes: 5_000, blocks: 5, ..busy.clone() },
        Config { results: false, chain_id: "a/b \u{e9}<c>".to_owned(), ..busy },
    ]
}

fn check_counts(config: &Config, ledger: &Ledger, report: &Report) {
    let in_container = |height| height >= config.first_height();
    let flags: Vec<BlockIdFlag> = ledger
        .blocks
        .iter()
        .filter(|block| in_container(block.height()))
        .flat_map(|block| block.commit.signatures.iter().map(|entry| entry.flag))
        .collect();
    let count = |wanted| u64::try_from(flags.iter().filter(|f| **f == wanted).count()).unwrap();
    let (nil, absent) = (count(BlockIdFlag::Nil), count(BlockIdFlag::Absent));
    let blocks = config.blocks - config.omitted;
    assert_eq!(report.counts.blocks, blocks);
    assert_eq!(report.counts.transactions, blocks * u64::try_from(config.transactions).unwrap());
    assert_eq!(report.counts.commit_signatures, count(BlockIdFlag::Commit) + nil);
    assert_eq!((report.counts.nil, report.counts.absent), (nil, absent));
    let mut sets: Vec<Hash> = Vec::new();
    for block in ledger.blocks.iter().filter(|block| in_container(block.height())) {
        sets.extend([block.validators.hash(), block.next_validators.hash()]);
    }
    sets.dedup();
    // A set of the height after the tip counts once the tip's header commits to it.
    assert_eq!(report.counts.validator_sets, u64::try_from(sets.len()).unwrap());
}

#[test]
fn every_profile_and_kind_of_ledger_is_verified_with_its_counts() {
    let mut failures = Vec::new();
    for profile in Profile::ALL {
        for (index, config) in configs().into_iter().enumerate() {
            let config = Config { profile, ..config };
            let ledger = simulate(&config);
            let report = verify(&ledger.container, &ledger.anchor);
            if report.verdict.status == Status::Verified {
                assert!(report.test_keys, "test keys are named");
                check_counts(&config, &ledger, &report);
            } else {
                failures.push(format!("{profile} {index}: {:?}", report.verdict));
            }
        }
    }
    assert!(failures.is_empty(), "{failures:#?}");
}

#[test]
fn every_anchor_of_a_ledger_verifies_it_and_no_other_hash_does() {
    let config = Config { churn: 3, nil_percent: 20, ..Config::default() };
    let ledger = simulate(&config);
    for block in &ledger.blocks {
        let mut anchor = block.anchor(&config);
        assert_eq!(verify(&ledger.container, &anchor).verdict.status, Status::Verified);
        anchor.header_hash.0[31] ^= 1;
        let verdict = verify(&ledger.container, &anchor).verdict;
        assert_eq!((verdict.status, &*verdict.code), (Status::Rejected, "anchor.header-hash"));
    }
}

/// Profiles are told apart by block time alone.
#[test]
fn nil_votes_tell_the_time_rules_apart() {
    let config = Config { nil_percent: 30, blocks: 40, validators: 10, ..Config::default() };
    let ledger = simulate(&config);
    let mut anchor = ledger.anchor.clone();
    anchor.profile = Profile::V0_40;
    let verdict = verify(&ledger.container, &anchor).verdict;
    assert_eq!((verdict.status, &*verdict.code), (Status::Rejected, "header.time"));
}

#[test]
fn container_of_light_blocks_verifies_as_headers() {
    use vidimus::{
        InputKind, Verification,
        anchor::Anchors,
        limits::Limits,
        policy::{Policy, Require},
    };
    let config = Config {
        format: Format::LightBlocks,
        churn: 2,
        nil_percent: 10,
        absent_percent: 10,
        blocks: 30,
        ..Config::default()
    };
    let ledger = simulate(&config);
    let anchors = Anchors { anchors: vec![ledger.anchor], ..Anchors::default() };
    let policy = Policy { require: Require::Headers, ..Policy::default() };
    let verification = Verification::new(anchors, policy, Limits::default(), InputKind::Snapshot);
    let report = verification.run(&ledger.container);
    assert_eq!(report.verdict.status, Status::Verified, "{:?}", report.verdict);
    assert_eq!(report.counts.blocks, 30);
}

#[test]
fn simulation_covers_what_a_network_does() {
    let config = Config {
        validators: 8,
        blocks: 200,
        churn: 2,
        nil_percent: 10,
        absent_percent: 10,
        evidence: 7,
        round_percent: 20,
        ..Config::default()
    };
    let ledger = simulate(&config);
    let any = |test: &dyn Fn(&vidimus_node::simulate::SimulatedBlock) -> bool| {
        ledger.blocks.iter().any(test)
    };
    assert!(any(&|block| block.commit.round > 1));
    assert!(any(&|block| !block.draft.evidence.is_empty()));
    assert!(any(&|block| block.draft.results.results.iter().any(|result| result.code != 0)));
    for flag in [BlockIdFlag::Nil, BlockIdFlag::Absent] {
        assert!(any(&|block| block.commit.signatures.iter().any(|entry| entry.flag == flag)));
    }
    let updates: Vec<_> = ledger.blocks.iter().flat_map(|block| &block.draft.updates).collect();
    assert!(updates.iter().any(|update| update.power == 0), "somebody leaves");
    let sizes: BTreeSet<usize> =
        ledger.blocks.iter().map(|block| block.validators.list().validators.len()).collect();
    assert!(sizes.len() > 2, "the set grows and shrinks");
    let proposers: BTreeSet<_> =
        ledger.blocks.iter().map(|block| block.draft.header.proposer_address).collect();
    assert!(proposers.len() > 6, "proposers rotate");
}

#[test]
fn same_seed_gives_the_same_bytes() {
    let config = Config {
        validators: 10,
        churn: 3,
        nil_percent: 10,
        absent_percent: 10,
        evidence: 4,
        ..Config::default()
    };
    let digest = sha256(&[&simulate(&config).container]);
    assert_eq!(
        digest.to_lower_hex(),
        "2f56cca91d9d76e28ab9b91c5bf5f94d96beb0bfffa52fd443efc27fca248bac"
    );
    let other = Config { seed: 2, ..config };
    assert_ne!(digest, sha256(&[&simulate(&other).container]));
}
