//! Each hook breaks the one rule that it is for, and what follows fits what it left.
#![expect(clippy::unwrap_used, reason = "a test that fails may panic")]

mod support;

use support::verify;
use vidimus::{
    encoding::hex::{Address, Hash},
    ledger::cometbft::{
        commit::{BlockIdFlag, CommitSignature},
        params::HashedParams,
    },
    report::Status,
    snapshot::Kind,
};
use vidimus_node::simulate::{Config, Hooks, Simulation};

const HEIGHT: u64 = 5;

/// Runs a ledger of nine blocks with hooks and returns the verdict's code.
fn code(hooks: Hooks) -> String {
    let config = Config {
        blocks: 9,
        powers: vec![3, 2, 2, 1, 1],
        validators: 5,
        churn: 4,
        evidence: 3,
        round_percent: 0,
        ..Config::default()
    };
    let ledger = Simulation::new(config, hooks).unwrap().run();
    verify(&ledger.container, &ledger.anchor).verdict.code
}

fn items(change: fn(&mut Vec<vidimus_node::simulate::Item>)) -> Hooks {
    Hooks::default().on_items(move |draft| {
        if draft.height == HEIGHT {
            change(&mut draft.items);
        }
    })
}

fn header(change: fn(&mut vidimus::ledger::cometbft::header::Header)) -> Hooks {
    Hooks::default().on_header(move |draft| {
        if draft.height == HEIGHT {
            change(&mut draft.header);
        }
    })
}

fn votes(change: fn(&mut vidimus_node::simulate::VotePlan)) -> Hooks {
    Hooks::default().on_votes(move |plan| {
        if plan.height == HEIGHT {
            change(plan);
        }
    })
}

#[test]
fn no_hook_breaks_nothing() {
    assert_eq!(code(Hooks::default()), "verified");
}

#[test]
fn wrong_header_fields_are_signed_and_linked_all_the_same() {
    type Change = fn(&mut vidimus::ledger::cometbft::header::Header);
    let cases: [(Change, &str); 14] = [
        (|h| h.version_block = 12, "header.version"),
        (|h| h.chain_id.push('x'), "header.chain-id"),
        (|h| h.height += 1, "header.height"),
        (|h| h.time.nanos ^= 1, "header.time"),
        (|h| h.time.seconds -= 100, "header.time-monotonic"),
        (|h| h.last_block_id.hash = Some(Hash([7; 32])), "header.last-block-hash"),
        (|h| h.last_block_id.parts.total = 2, "header.last-part-set"),
        (|h| h.last_commit_hash = Some(Hash([7; 32])), "block.last-commit-hash"),
        (|h| h.data_hash = Some(Hash([7; 32])), "block.data-hash"),
        (|h| h.validators_hash = Some(Hash([7; 32])), "header.validators-hash"),
        (|h| h.next_validators_hash = Some(Hash([7; 32])), "header.next-validators-hash"),
        (|h| h.consensus_hash = Some(Hash([7; 32])), "header.consensus-hash"),
        (|h| h.last_results_hash = Some(Hash([7; 32])), "header.last-results-hash"),
        (|h| h.proposer_address = Some(Address([7; 20])), "header.proposer"),
    ];
    for (change, check) in cases {
        assert_eq!(code(header(change)), check);
    }
    // No rule binds the state of a simulated application: it is the next header's word.
    assert_eq!(code(header(|h| h.app_hash = vec![1])), "verified");
}

#[test]
fn votes_are_cast_as_planned() {
    for (power, expected) in [(5, "commit.quorum"), (6, "commit.quorum"), (7, "verified")] {
        let hooks = Hooks::default().on_votes(move |plan| {
            if plan.height == 2 {
                assert!(plan.commit_exactly(power, BlockIdFlag::Absent));
            }
        });
        assert_eq!(code(hooks), expected, "power {power} of 9");
    }
    assert_eq!(code(votes(|plan| plan.votes[0].key = plan.votes[1].key)), "commit.signature");
    assert_eq!(code(votes(|plan| plan.commit_height += 1)), "commit.height");
    assert_eq!(code(votes(|plan| plan.commit_block_id.parts.total += 1)), "commit.part-set");
    assert_eq!(code(votes(|plan| plan.votes[0].address = Address([7; 20]))), "commit.address");
    assert_eq!(code(votes(|plan| plan.votes.swap(0, 1))), "commit.address");
}

#[test]
fn commits_and_sets_are_written_as_left() {
    let commit = |change: fn(&mut vidimus::ledger::cometbft::commit::Commit)| {
        code(Hooks::default().on_commit(move |draft| {
            if draft.height == HEIGHT {
                change(&mut draft.commit);
            }
        }))
    };
    assert_eq!(commit(|c| c.signatures.push(CommitSignature::ABSENT)), "commit.length");
    assert_eq!(commit(|c| c.round = 3), "commit.signature");
    let entry = CommitSignature { address: Some(Address([7; 20])), ..CommitSignature::ABSENT };
    let hooks = Hooks::default().on_commit(move |draft| {
        if draft.height == HEIGHT {
            draft.commit.signatures[4] = entry;
        }
    });
    assert_eq!(code(hooks), "commit.entry");

    let set = |change: fn(&mut vidimus_node::simulate::SetDraft)| {
        let changed = move |draft: &mut vidimus_node::simulate::SetDraft| {
            if draft.height == HEIGHT {
                change(draft);
            }
        };
        code(Hooks::default().on_set(changed))
    };
    assert_eq!(set(|draft| draft.list.validators.swap(0, 4)), "validators.order");
    assert_eq!(set(|draft| draft.list.validators[4].power = 0), "validators.power");
    assert_eq!(
        set(|draft| draft.list.validators.insert(0, draft.list.validators[0].clone())),
        "validators.unique"
    );
    let listed = Hooks::default().on_listed(|draft| {
        draft.list.validators[0].address = Address([7; 20]);
    });
    assert_eq!(code(listed), "validators.address");
}

#[test]
fn blocks_items_and_manifest_are_written_as_left() {
    let hooks = Hooks::default().on_header(|draft| {
        if draft.height == HEIGHT {
            draft.transactions[0][0] ^= 1;
        }
    });
    assert_eq!(code(hooks), "block.data-hash");
    let hooks = Hooks::default().on_header(|draft| draft.evidence.truncate(0));
    assert_eq!(code(hooks), "block.evidence-hash");
    // With the hash computed after the change nothing is wrong.
    assert_eq!(code(Hooks::default().on_block(|draft| draft.transactions.clear())), "verified");
    let hooks = Hooks::default().on_block(|draft| {
        draft.params = HashedParams { block_max_bytes: 1, block_max_gas: 1 };
    });
    assert_eq!(code(hooks), "verified");
    let hooks = Hooks::default().on_encoded(|draft| {
        if draft.height == HEIGHT {
            // An unknown field 15 at the end: part set and votes cover it.
            draft.bytes.extend_from_slice(&[0x7a, 0]);
        }
    });
    assert_eq!(code(hooks), "block.encoding");
    assert_eq!(
        code(Hooks::default().on_manifest(|manifest| manifest.last += 1)),
        "snapshot.manifest"
    );
    assert_eq!(code(items(|items| items.swap(0, 1))), "snapshot.order");
    assert_eq!(
        code(items(|items| items.retain(|item| item.kind != Kind::Block))),
        "snapshot.order"
    );
    assert_eq!(
        code(items(|items| items.retain(|item| item.kind != Kind::BlockResults))),
        "verified"
    );
}

#[test]
fn evidence_names_the_powers_and_time_of_its_height() {
    use vidimus::ledger::cometbft::evidence::Evidence;
    let config = Config { blocks: 30, churn: 2, evidence: 1, ..Config::default() };
    let ledger = Simulation::new(config, Hooks::default()).unwrap().run();
    for pair in ledger.blocks.windows(2) {
        let Some(Evidence::DuplicateVote(evidence)) = pair[1].draft.evidence.first() else {
            panic!("no evidence at {}", pair[1].height());
        };
        let members = &pair[0].validators.list().validators;
        let total: u64 = members.iter().map(|member| member.power).sum();
        let index = usize::try_from(evidence.vote_a.validator_index).unwrap();
        assert_eq!(evidence.total_voting_power, i64::try_from(total).unwrap());
        assert_eq!(evidence.validator_power, i64::try_from(members[index].power).unwrap());
        assert_eq!(evidence.vote_a.validator_address, Some(members[index].address));
        assert_eq!(evidence.timestamp, pair[0].draft.header.time);
        assert!(evidence.is_equivocation());
    }
    assert_eq!(verify(&ledger.container, &ledger.anchor).verdict.status, Status::Verified);
}
