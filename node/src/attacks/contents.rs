//! By somebody with every key: contents, evidence, results and encodings.

use vidimus::{
    encoding::{
        hex::Address,
        protobuf::{Message as _, decode_canonical},
    },
    ledger::cometbft::{
        commit::{Commit, CommitSignature},
        evidence::{DuplicateVote, Evidence, LightClientAttack, Vote},
        genesis::Genesis,
        params::HashedParams,
        results::{BlockResults, TransactionResult},
        signed_header::SignedHeader,
    },
    snapshot::Kind,
};

use super::{Attack, STRIKE, honest, ledger};
use crate::{
    simulate::{BlockDraft, Config, Hooks},
    test_keys,
};

/// The height with evidence.
const EVIDENCE: u64 = 4;

pub(super) fn attacks() -> Vec<Attack> {
    [transactions(), evidence(), results(), encodings()].concat()
}

/// Contents that are changed after the header committed to them.
fn changed(
    name: &'static str,
    expects: &'static str,
    change: impl Fn(&mut BlockDraft) + 'static,
) -> Attack {
    let hooks = Hooks::default().on_header(move |draft| {
        if draft.height == STRIKE {
            change(draft);
        }
    });
    Attack::new(name, expects, ledger(honest(), hooks))
}

fn transactions() -> Vec<Attack> {
    vec![
        changed("a transaction is added", "block.data-hash", |draft| {
            draft.transactions.push(b"added".to_vec());
        }),
        changed("a transaction is left out", "block.data-hash", |draft| {
            drop(draft.transactions.pop());
        }),
        changed("two transactions are swapped", "block.data-hash", |draft| {
            draft.transactions.reverse();
        }),
        changed("the last transaction stands twice", "block.data-hash", |draft| {
            let last = draft.transactions.last().cloned();
            draft.transactions.extend(last);
        }),
        changed("a byte moves from one transaction to the next", "block.data-hash", |draft| {
            if let [one, two, ..] = &mut draft.transactions[..] {
                two.splice(0..0, one.pop());
            }
        }),
        changed("a vote is dropped from the last commit", "block.last-commit-hash", |draft| {
            for entry in draft.last_commit.signatures.iter_mut().take(1) {
                entry.timestamp.seconds = entry.timestamp.seconds.saturating_add(1);
            }
        })
        .caught_twice(),
        evidence_dropped(),
    ]
}

fn evidence_dropped() -> Attack {
    let hooks = Hooks::default().on_header(|draft| {
        if draft.height == EVIDENCE {
            draft.evidence.clear();
        }
    });
    let name = "evidence of misbehavior is left out";
    Attack::new(name, "block.evidence-hash", ledger(honest(), hooks))
}

/// Evidence that is changed before the header commits to it, both votes signed again.
fn defamed(name: &'static str, change: impl Fn(&mut DuplicateVote) + 'static) -> Attack {
    let hooks = Hooks::default().on_block(move |draft| {
        let chain_id = draft.header.chain_id.clone();
        for item in &mut draft.evidence {
            if let Evidence::DuplicateVote(evidence) = item {
                change(evidence);
                sign(&mut evidence.vote_a, &chain_id);
                sign(&mut evidence.vote_b, &chain_id);
            }
        }
    });
    Attack::new(name, "evidence.duplicate-vote", ledger(honest(), hooks))
}

fn sign(vote: &mut Vote, chain_id: &str) {
    let key = test_keys::all().iter().find(|key| Some(key.address()) == vote.validator_address);
    if let Some(key) = key {
        vote.signature = key.sign(&vote.sign_bytes(chain_id));
    }
}

fn evidence() -> Vec<Attack> {
    let forged = |name, break_vote: fn(&mut DuplicateVote)| {
        let hooks = Hooks::default().on_block(move |draft| {
            for item in &mut draft.evidence {
                if let Evidence::DuplicateVote(evidence) = item {
                    break_vote(evidence);
                }
            }
        });
        Attack::new(name, "evidence.duplicate-vote", ledger(honest(), hooks))
    };
    vec![
        defamed("evidence shows the same vote twice", |e| e.vote_b = e.vote_a.clone()),
        defamed("evidence shows votes of two heights", |e| {
            e.vote_b.height = e.vote_b.height.saturating_add(1);
        }),
        defamed("evidence shows votes of its own block's height", |e| {
            (e.vote_a.height, e.vote_b.height) = (EVIDENCE, EVIDENCE);
        }),
        defamed("evidence shows votes of two rounds", |e| {
            e.vote_b.round = e.vote_b.round.saturating_add(1);
        }),
        defamed("evidence shows votes of two types", |e| {
            e.vote_b.vote_type = if e.vote_b.vote_type == 1 { 2 } else { 1 };
        }),
        defamed("evidence shows votes of two validators", |e| {
            e.vote_b.validator_address = Some(Address([9; 20]));
        }),
        defamed("evidence shows the votes in the wrong order", |e| {
            core::mem::swap(&mut e.vote_a, &mut e.vote_b);
        }),
        forged("evidence has a forged first vote", |e| {
            e.vote_a.timestamp.seconds = e.vote_a.timestamp.seconds.saturating_add(1);
        }),
        forged("evidence has a forged second vote", |e| {
            e.vote_b.timestamp.seconds = e.vote_b.timestamp.seconds.saturating_add(1);
        }),
        forged("evidence makes the offender more powerful", |e| {
            e.validator_power = e.validator_power.saturating_add(1);
        }),
        forged("evidence makes the network more powerful", |e| {
            e.total_voting_power = e.total_voting_power.saturating_add(1);
        }),
        forged("evidence is dated otherwise", |e| {
            e.timestamp.seconds = e.timestamp.seconds.saturating_add(1);
        }),
        evidence_repeated("evidence stands twice in one block", EVIDENCE),
        evidence_repeated("evidence stands again in a later block", EVIDENCE.saturating_add(2)),
        light_client_attack_repeated(),
    ]
}

/// The same attack on light clients in two blocks, shown by two commits.
fn light_client_attack_repeated() -> Attack {
    let mut attack: Option<LightClientAttack> = None;
    let hooks = Hooks::default().on_block(move |draft| {
        let shown = attack.get_or_insert_with(|| LightClientAttack {
            signed_header: SignedHeader {
                header: draft.header.clone(),
                commit: Commit { height: draft.height, ..Commit::default() },
            },
            validators: Vec::new(),
            proposer: None,
            set_total_voting_power: 0,
            common_height: 1,
            byzantine_validators: Vec::new(),
            total_voting_power: 1,
            timestamp: draft.header.time,
        });
        if [STRIKE, STRIKE.saturating_add(1)].contains(&draft.height) {
            draft.evidence.push(Evidence::LightClientAttack(Box::new(shown.clone())));
            shown.signed_header.commit.signatures.push(CommitSignature::ABSENT);
        }
    });
    let name = "an attack on light clients stands again, shown by another commit";
    Attack::new(name, "evidence.unique", ledger(honest(), hooks))
}

/// The evidence of one block once more, in the block of this height.
fn evidence_repeated(name: &'static str, height: u64) -> Attack {
    let mut found = Vec::new();
    let hooks = Hooks::default().on_block(move |draft| {
        found.extend_from_slice(&draft.evidence);
        if draft.height == height {
            draft.evidence.extend_from_slice(&found);
        }
    });
    Attack::new(name, "evidence.unique", ledger(honest(), hooks))
}

/// Results as the container lists them, after the header committed to others.
fn answered(name: &'static str, change: impl Fn(&mut Vec<TransactionResult>) + 'static) -> Attack {
    let hooks = Hooks::default().on_items(move |draft| {
        let results = draft.items.iter_mut().find(|item| item.kind == Kind::BlockResults);
        if let (Some(item), STRIKE) = (results, draft.height)
            && let Ok(list) = decode_canonical::<BlockResults>(&item.bytes)
        {
            let mut list = list.into_inner();
            change(&mut list.results);
            item.bytes = list.to_bytes();
        }
    });
    Attack::new(name, "header.last-results-hash", ledger(honest(), hooks))
}

fn first(results: &mut [TransactionResult]) -> impl Iterator<Item = &mut TransactionResult> {
    results.iter_mut().take(1)
}

fn results() -> Vec<Attack> {
    let item = |name, expects, kind, bytes: Vec<u8>| {
        let hooks = Hooks::default().on_items(move |draft| {
            for item in draft.items.iter_mut().filter(|item| item.kind == kind) {
                item.bytes.clone_from(&bytes);
            }
        });
        Attack::new(name, expects, ledger(honest(), hooks))
    };
    let time = crate::simulate::GENESIS_TIME;
    let later = vidimus::encoding::time::Timestamp { nanos: 1, ..time };
    vec![
        answered("a refused transaction is shown as accepted", |results| {
            first(results).for_each(|result| result.code ^= 1);
        }),
        answered("an answer is changed", |results| {
            first(results).for_each(|result| result.data.push(0));
        }),
        answered("the gas asked for is changed", |results| {
            first(results).for_each(|result| result.gas_wanted ^= 1);
        }),
        answered("the gas used is changed", |results| {
            first(results).for_each(|result| result.gas_used ^= 1);
        }),
        answered("a result is left out", |results| drop(results.pop())),
        item(
            "other parameters are shown",
            "header.consensus-hash",
            Kind::ConsensusParams,
            HashedParams { block_max_bytes: 1, block_max_gas: -1 }.to_bytes(),
        ),
        item(
            "the chain is shown to have begun at another height",
            "genesis.initial-height",
            Kind::Genesis,
            Genesis { initial_height: 2, time }.to_bytes(),
        ),
        item(
            "the chain is shown to have begun at another time",
            "genesis.time",
            Kind::Genesis,
            Genesis { initial_height: 1, time: later }.to_bytes(),
        ),
    ]
}

/// A block in another encoding of the same values, signed as it is.
fn reencoded(name: &'static str, change: impl Fn(&mut Vec<u8>) + 'static) -> Attack {
    let hooks = Hooks::default().on_encoded(move |draft| {
        if draft.height == STRIKE {
            change(&mut draft.bytes);
        }
    });
    Attack::new(name, "block.encoding", ledger(honest(), hooks))
}

fn encodings() -> Vec<Attack> {
    vec![
        reencoded("a block has an empty field again at its end", |bytes| {
            bytes.extend_from_slice(&[0x12, 0x00]);
        }),
        reencoded("a block's first length is padded", |bytes| {
            // 0a <len, two bytes> …: a third byte that adds nothing.
            if let Some(last) = bytes.get_mut(2) {
                *last |= 0x80;
                bytes.insert(3, 0);
            }
        }),
        reencoded("a block has a field that nobody knows", |bytes| {
            bytes.extend_from_slice(&[0x28, 0x01]);
        })
        .caught_twice(),
        reencoded("a block ends inside a field", |bytes| {
            bytes.truncate(bytes.len().saturating_sub(1));
        })
        .caught_twice(),
    ]
    .into_iter()
    .chain([reencoded_set()])
    .collect()
}

fn reencoded_set() -> Attack {
    let hooks = Hooks::default().on_items(|draft| {
        for item in draft.items.iter_mut().filter(|item| item.kind == Kind::Validators) {
            // Field 4 of the first validator: a proposer priority, which no hash covers.
            if let Some(length) = item.bytes.get_mut(1) {
                *length = length.saturating_add(2);
                let end = usize::from(*length);
                item.bytes.splice(end..end, [0x20, 0x05]);
            }
        }
    });
    let ledger = ledger(Config { ..honest() }, hooks);
    Attack::new("a set carries a proposer priority", "block.encoding", ledger).caught_twice()
}
