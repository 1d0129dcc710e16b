//! Commits over the header that a packet claims.

use vidimus::ledger::cometbft::commit::{BlockIdFlag, Commit, CommitSignature};

use super::{FORWARD, full, made};
use crate::{
    attacks::{Attack, STRIKE, WRONG},
    simulate::{Config, Hooks, VotePlan},
};

/// Votes over the claimed header that are planned otherwise and then signed.
fn planned(
    name: &'static str,
    expects: &'static str,
    config: Config,
    change: impl Fn(&mut VotePlan) + 'static,
) -> Attack {
    let hooks = Hooks::default().on_votes(move |plan| {
        if plan.height == STRIKE {
            change(plan);
        }
    });
    made(name, expects, FORWARD, config, hooks)
}

pub(super) fn attacks() -> Vec<Attack> {
    let changed = |name, expects, change: fn(&mut Commit)| {
        let hooks = Hooks::default().on_commit(move |draft| {
            if draft.height == STRIKE {
                change(&mut draft.commit);
            }
        });
        made(name, expects, FORWARD, full(), hooks)
    };
    vec![
        planned("a packet's commit says another height", "commit.height", full(), |plan| {
            plan.commit_height = plan.commit_height.saturating_add(1);
        }),
        planned("a packet's commit is over another block", "commit.block-hash", full(), |plan| {
            plan.commit_block_id.hash = Some(WRONG);
            plan.signed.block_id = plan.commit_block_id;
        }),
        changed("a packet's commit has an entry too many", "commit.length", |commit| {
            commit.signatures.push(CommitSignature::ABSENT);
        }),
        changed("a vote stands twice in a packet's commit", "commit.length", |commit| {
            commit.signatures.extend(commit.signatures.last().copied());
        }),
        planned("a packet's commit is of a negative round", "commit.entry", full(), |plan| {
            (plan.commit_round, plan.signed.round) = (-1, -1);
        }),
        planned("a vote of a packet goes by another's address", "commit.address", full(), |plan| {
            if let [one, two, ..] = &mut plan.votes[..] {
                one.address = two.address;
            }
        }),
        planned("nobody signs a packet's commit", "commit.signature", full(), |plan| {
            plan.votes.iter_mut().for_each(|vote| vote.key = None);
        }),
        planned(
            "exactly two thirds sign a packet's commit",
            "commit.quorum",
            Config { validators: 30, powers: vec![1; 30], ..full() },
            |plan| {
                // 30 powers of 1: every sum can be had.
                let _changed = plan.commit_exactly(20, BlockIdFlag::Absent);
            },
        ),
    ]
}
