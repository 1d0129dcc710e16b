//! Limits: what fills one exactly is verified, one more is `limit` and named.

use vidimus::{
    encoding::protobuf::{Message as _, decode_canonical},
    ledger::cometbft::{
        commit::CommitSignature, evidence::Evidence, profile::Profile, results::BlockResults,
    },
    limits::Limits,
    snapshot::Kind,
};
use vidimus_node::simulate::{Config, Format, Hooks, Ledger};

use super::{DEFAULT, HEADERS, findings::foreign_address, judge_within, simulate, take_apart};

type Set = fn(&mut Limits, u64);

struct Case {
    name: &'static str,
    set: Set,
    /// As many as the ledger needs.
    needed: u64,
    ledger: Ledger,
    policy: &'static str,
    /// The verdict where the limit is not in the way.
    otherwise: &'static str,
}

impl Case {
    fn new(name: &'static str, set: Set, needed: u64, config: &Config, hooks: Hooks) -> Self {
        let ledger = simulate(config, hooks);
        let is_light = config.format == Format::LightBlocks;
        let policy = if is_light { HEADERS } else { DEFAULT };
        Self { name, set, needed, ledger, policy, otherwise: "verified" }
    }

    fn otherwise(self, otherwise: &'static str) -> Self {
        Self { otherwise, ..self }
    }
}

/// Bytes of the largest item of these kinds.
fn largest(ledger: &Ledger, kinds: &[Kind]) -> u64 {
    let (_, items) = take_apart(&ledger.container);
    let of_kind = items.iter().filter(|item| kinds.contains(&item.kind));
    u64::try_from(of_kind.map(|item| item.bytes.len()).max().unwrap()).unwrap()
}

/// Evidence of two heights in one block.
fn collected() -> Hooks {
    let mut held: Vec<Evidence> = Vec::new();
    Hooks::default().on_block(move |draft| match draft.height {
        3 => held.append(&mut draft.evidence),
        4 => draft.evidence.append(&mut held),
        _ => draft.evidence.clear(),
    })
}

/// A list of results longer than that of any block's transactions.
fn one_result_more() -> Hooks {
    Hooks::default().on_items(|draft| {
        for item in draft.items.iter_mut().filter(|item| item.kind == Kind::BlockResults) {
            let mut list = decode_canonical::<BlockResults>(&item.bytes).unwrap().into_inner();
            list.results.push(list.results[0].clone());
            item.bytes = list.to_bytes();
        }
    })
}

fn one_entry_more(height: u64) -> Hooks {
    Hooks::default().on_commit(move |draft| {
        if draft.height == height {
            draft.commit.signatures.push(CommitSignature::ABSENT);
        }
    })
}

fn cases() -> Vec<Case> {
    let transactions: Set = |limits, value| limits.block_transactions = value;
    let validators: Set = |limits, value| limits.validators = value;
    let block_bytes: Set = |limits, value| limits.block_bytes = value;
    let item_bytes: Set = |limits, value| limits.item_bytes = value;
    let plain = Config { validators: 5, transactions: 3, ..Config::default() };
    let light = Config { format: Format::LightBlocks, ..plain.clone() };
    let busy = Config { evidence: 1, ..plain.clone() };
    let some = Config { evidence: 2, ..plain.clone() };
    let none = Hooks::default;
    let blocks = simulate(&plain, none());
    let lights = simulate(&light, none());
    let block = largest(&blocks, &[Kind::Block]);
    let item = largest(&blocks, &[Kind::Validators, Kind::Commit]);
    let light_block = largest(&lights, &[Kind::LightBlock]);
    vec![
        Case::new("block_transactions", transactions, 3, &plain, none()),
        Case::new("block_transactions", transactions, 4, &plain, one_result_more())
            .otherwise("header.last-results-hash"),
        Case::new("block_evidence", |l, value| l.block_evidence = value, 2, &busy, collected()),
        // At heights 2, 4, 6, 8 and 10.
        Case::new("evidence", |l, value| l.evidence = value, 5, &some, none()),
        Case::new("validators", validators, 5, &plain, none()),
        Case::new("validators", validators, 6, &plain, one_entry_more(5))
            .otherwise("commit.length"),
        Case::new("validators", validators, 6, &plain, one_entry_more(10))
            .otherwise("commit.length"),
        Case::new("validators", validators, 5, &light, none()),
        Case::new("validators", validators, 6, &light, one_entry_more(5))
            .otherwise("commit.length"),
        Case::new("block_bytes", block_bytes, block, &plain, none()),
        Case::new("item_bytes", item_bytes, item, &plain, none()),
        Case::new("item_bytes", item_bytes, light_block, &light, none()),
    ]
}

#[test]
fn what_fills_a_limit_passes_and_one_more_is_named() {
    for Case { name, set, needed, ledger, policy, otherwise } in cases() {
        for (value, expected) in
            [(needed + 1, otherwise), (needed, otherwise), (needed - 1, "limit")]
        {
            let mut limits = Limits::default();
            set(&mut limits, value);
            let anchor = ledger.anchor.to_string();
            let report = judge_within(&ledger.container, &anchor, policy, limits.clone());
            assert_eq!(report.verdict.code, expected, "{name} {value}");
            assert_eq!(report.limits, limits);
            let is_named = report.verdict.reason.contains(&format!("limit `{name}`"));
            assert_eq!(is_named, expected == "limit", "{name}: {}", report.verdict.reason);
        }
    }
}

/// Lists in a report are cut, not the verification: what is left out is counted.
#[test]
fn findings_and_participants_beyond_their_limits_are_counted() {
    let config = Config { validators: 5, profile: Profile::V0_38_0, ..Config::default() };
    // Three findings; five validators, with ten votes each.
    let ledger = simulate(&config, foreign_address(&[3, 5, 10]));
    let anchor = ledger.anchor.to_string();
    let full = judge_within(&ledger.container, &anchor, DEFAULT, Limits::default());
    for (findings, listed, omitted) in [(4, 3, 0), (3, 3, 0), (2, 2, 1), (0, 0, 3)] {
        let mut limits = Limits::default();
        limits.findings = findings;
        let report = judge_within(&ledger.container, &anchor, DEFAULT, limits);
        assert_eq!(report.verdict.code, "verified");
        assert_eq!((report.findings.len(), report.findings_omitted), (listed, omitted));
        assert_eq!(report.findings, full.findings[..listed]);
    }
    for (participants, listed, omitted) in [(6, 5, 0), (5, 5, 0), (4, 4, 10), (0, 0, 50)] {
        let mut limits = Limits::default();
        limits.participants = participants;
        let report = judge_within(&ledger.container, &anchor, DEFAULT, limits);
        assert_eq!(report.verdict.code, "verified");
        assert_eq!((report.participation.len(), report.participants_omitted), (listed, omitted));
        assert_eq!(report.counts, full.counts, "whoever is listed");
        assert!(report.participation.iter().all(|one| full.participation.contains(one)));
    }
}

/// Nothing may ever be outstanding, and a batch holds no signature: it must end all the same.
#[test]
fn batches_of_none_are_batches_of_one() {
    let ledger = simulate(&Config { blocks: 3, ..Config::default() }, Hooks::default());
    let mut limits = Limits::default();
    (limits.outstanding_signatures, limits.batch_signatures) = (0, 0);
    let report = judge_within(&ledger.container, &ledger.anchor.to_string(), DEFAULT, limits);
    assert_eq!(report.verdict.code, "verified");
}
