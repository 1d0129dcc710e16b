//! Commits: too few votes, votes for something else, votes that are none.

use vidimus::{
    encoding::{hex::Address, time::Timestamp},
    ledger::cometbft::{
        commit::{BlockIdFlag, Commit, CommitSignature, SignatureBytes},
        profile::Profile,
    },
};

use super::{Attack, STRIKE, WRONG, honest, ledger};
use crate::simulate::{Config, Hooks, VotePlan};

/// Votes that are planned otherwise and then signed.
fn planned(
    name: &'static str,
    expects: &'static str,
    change: impl Fn(&mut VotePlan) + 'static,
) -> Attack {
    planned_with(name, expects, honest(), change)
}

fn planned_with(
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
    Attack::new(name, expects, ledger(config, hooks))
}

/// A commit that is changed after it is signed.
fn changed(
    name: &'static str,
    expects: &'static str,
    change: impl Fn(&mut Commit) + 'static,
) -> Attack {
    changed_with(name, expects, honest(), change)
}

fn changed_with(
    name: &'static str,
    expects: &'static str,
    config: Config,
    change: impl Fn(&mut Commit) + 'static,
) -> Attack {
    let hooks = Hooks::default()
        .on_votes(|plan| {
            // One absent vote for sure, one vote for the block first.
            if plan.height == STRIKE {
                plan.votes.iter_mut().for_each(|vote| vote.flag = BlockIdFlag::Commit);
                plan.votes.iter_mut().rev().take(1).for_each(|v| v.flag = BlockIdFlag::Absent);
            }
        })
        .on_commit(move |draft| {
            if draft.height == STRIKE {
                change(&mut draft.commit);
            }
        });
    Attack::new(name, expects, ledger(config, hooks))
}

fn first(commit: &mut Commit) -> impl Iterator<Item = &mut CommitSignature> {
    commit.signatures.iter_mut().take(1)
}

fn absent(commit: &mut Commit) -> impl Iterator<Item = &mut CommitSignature> {
    commit.signatures.iter_mut().filter(|entry| entry.flag == BlockIdFlag::Absent)
}

pub(super) fn attacks() -> Vec<Attack> {
    [identity(), entries(), signatures(), quorum()].concat()
}

fn identity() -> Vec<Attack> {
    vec![
        planned("a commit says another height than its votes", "commit.height", |plan| {
            plan.commit_height = plan.commit_height.saturating_add(1);
        }),
        planned("a commit and its votes are of another height", "commit.height", |plan| {
            plan.commit_height = plan.commit_height.saturating_add(1);
            plan.signed.height = plan.commit_height;
        })
        .caught_twice(),
        planned("everybody signs another block", "commit.block-hash", |plan| {
            plan.commit_block_id.hash = Some(WRONG);
            plan.signed.block_id = plan.commit_block_id;
        }),
        planned("everybody signs other parts", "commit.part-set", |plan| {
            plan.commit_block_id.parts.hash = Some(WRONG);
            plan.signed.block_id = plan.commit_block_id;
        }),
        planned("everybody signs one part more", "commit.part-set", |plan| {
            plan.commit_block_id.parts.total = 2;
            plan.signed.block_id = plan.commit_block_id;
        }),
        changed("a commit has one entry more than the set", "commit.length", |commit| {
            commit.signatures.push(CommitSignature::ABSENT);
        }),
        changed("a commit has one entry fewer than the set", "commit.length", |commit| {
            commit.signatures.truncate(commit.signatures.len().saturating_sub(1));
        }),
        planned("a commit is of a negative round", "commit.entry", |plan| {
            plan.commit_round = -1;
            plan.signed.round = -1;
        }),
    ]
}

fn entries() -> Vec<Attack> {
    // Eras in which nodes looked neither at addresses nor at the median: one rule less to catch it.
    let loose = || Config { profile: Profile::V1_0Pbts, ..honest() };
    vec![
        changed("an absent vote has a time", "commit.entry", |commit| {
            absent(commit).for_each(|entry| entry.timestamp = Timestamp { seconds: 1, nanos: 0 });
        }),
        changed("an absent vote has an address", "commit.entry", |commit| {
            absent(commit).for_each(|entry| entry.address = Some(Address([1; 20])));
        }),
        changed("an absent vote has a signature", "commit.entry", |commit| {
            let smuggled = SignatureBytes::from_slice(&[1; 64]);
            absent(commit).for_each(|e| e.signature = smuggled.unwrap_or(SignatureBytes::EMPTY));
        }),
        changed_with("a vote has no address", "commit.entry", loose(), |commit| {
            first(commit).for_each(|entry| entry.address = None);
        }),
        planned("a vote goes by the address of another validator", "commit.address", |plan| {
            if let [one, two, ..] = &mut plan.votes[..] {
                one.address = two.address;
            }
        }),
        planned("a vote goes by an address that nobody has (Tachyon)", "commit.address", |plan| {
            plan.votes.iter_mut().take(1).for_each(|vote| vote.address = Address([1; 20]));
        }),
    ]
}

fn signatures() -> Vec<Attack> {
    vec![
        changed("a signature has one bit flipped", "commit.signature", |commit| {
            first(commit).for_each(|entry| entry.signature = flipped(&entry.signature, 3));
        }),
        changed("a signature has the last bit flipped", "commit.signature", |commit| {
            first(commit).for_each(|entry| entry.signature = flipped(&entry.signature, 511));
        }),
        changed("a signature is cut short", "commit.signature", |commit| {
            first(commit).for_each(|entry| {
                let cut = entry.signature.as_slice().get(..63).and_then(SignatureBytes::from_slice);
                entry.signature = cut.unwrap_or(SignatureBytes::EMPTY);
            });
        }),
        changed("a signature is written with S + L", "commit.signature", |commit| {
            first(commit).for_each(|entry| entry.signature = malleated(&entry.signature));
        }),
        changed("two validators swap signatures", "commit.signature", |commit| {
            if let [one, two, ..] = &mut commit.signatures[..] {
                core::mem::swap(&mut one.signature, &mut two.signature);
            }
        }),
        changed("one validator's signature stands for another's", "commit.signature", |commit| {
            if let [one, two, ..] = &mut commit.signatures[..] {
                two.signature = one.signature;
            }
        }),
        changed("a vote for the block is counted as one for nil", "commit.signature", |commit| {
            first(commit).for_each(|entry| entry.flag = BlockIdFlag::Nil);
        })
        .caught_twice(),
        planned("a nil vote is counted as one for the block", "commit.signature", |plan| {
            plan.votes.iter_mut().for_each(|vote| vote.flag = BlockIdFlag::Commit);
            plan.signed.block_id = vidimus::ledger::cometbft::block_id::BlockId::default();
        }),
        planned("a stranger signs for a validator", "commit.signature", |plan| {
            let own = plan.votes.get(1).and_then(|vote| vote.key);
            plan.votes.iter_mut().take(1).for_each(|vote| {
                vote.flag = BlockIdFlag::Commit;
                vote.key = own;
            });
        }),
        planned("nobody signs: signatures are zeros", "commit.signature", |plan| {
            plan.votes.iter_mut().for_each(|vote| {
                vote.flag = BlockIdFlag::Commit;
                vote.key = None;
            });
        }),
        planned("votes are of another chain", "commit.signature", |plan| {
            plan.signed.chain_id.push('2');
        }),
        planned("votes are of another height", "commit.signature", |plan| {
            plan.signed.height = plan.signed.height.saturating_add(1);
        }),
        planned("votes are of another round", "commit.signature", |plan| {
            plan.signed.round = plan.signed.round.saturating_add(1);
        }),
        planned("votes are prevotes", "commit.signature", |plan| plan.signed.vote_type = 1),
        planned("votes are proposals", "commit.signature", |plan| plan.signed.vote_type = 32),
        planned("votes are for another block", "commit.signature", |plan| {
            plan.signed.block_id.hash = Some(WRONG);
        }),
        planned("votes are for other parts", "commit.signature", |plan| {
            plan.signed.block_id.parts.total = 9;
        }),
        signature_at_the_tip(),
        garbage_after_the_quorum(),
    ]
}

/// The commit of the last block is in no other block: only its own signatures protect it.
fn signature_at_the_tip() -> Attack {
    let hooks = Hooks::default().on_commit(|draft| {
        if draft.height == super::BLOCKS {
            draft.commit.signatures.iter_mut().filter(|e| e.flag == BlockIdFlag::Commit).for_each(
                |entry| entry.timestamp.seconds = entry.timestamp.seconds.saturating_add(1),
            );
        }
    });
    let name = "the last block's votes are dated otherwise";
    Attack::new(name, "commit.signature", ledger(honest(), hooks))
}

/// GHSA-6jqj-f58p-mrw3: a verifier that stops at two thirds never sees the last signature.
fn garbage_after_the_quorum() -> Attack {
    let config = Config { validators: 4, powers: vec![10, 10, 10, 1], ..honest() };
    planned_with("a vote after the quorum is garbage", "commit.signature", config, |plan| {
        plan.votes.iter_mut().for_each(|vote| vote.flag = BlockIdFlag::Commit);
        plan.votes.iter_mut().rev().take(1).for_each(|vote| vote.key = None);
    })
}

/// A commit in which validators of exactly this power, of 30, vote for the block.
fn voted(name: &'static str, power: u64, otherwise: BlockIdFlag) -> Attack {
    let config = Config { validators: 30, powers: vec![1; 30], ..honest() };
    planned_with(name, "commit.quorum", config, move |plan| {
        // 30 powers of 1: every sum can be had.
        let _changed = plan.commit_exactly(power, otherwise);
    })
}

fn quorum() -> Vec<Attack> {
    vec![
        voted("exactly two thirds sign", 20, BlockIdFlag::Absent),
        voted("one less than two thirds sign", 19, BlockIdFlag::Absent),
        voted("exactly two thirds sign and the rest vote for nil", 20, BlockIdFlag::Nil),
        voted("one third signs", 10, BlockIdFlag::Absent),
        voted("one validator signs", 1, BlockIdFlag::Nil),
        voted("nobody votes for the block", 0, BlockIdFlag::Nil),
    ]
}

/// Two thirds and one: enough. Not an attack; the other side of the boundary.
#[cfg(test)]
fn two_thirds_and_one() -> Attack {
    voted("two thirds and one sign", 21, BlockIdFlag::Absent)
}

fn flipped(signature: &SignatureBytes, bit: usize) -> SignatureBytes {
    let mut bytes = signature.as_slice().to_vec();
    if let Some(byte) = bytes.get_mut(bit / 8) {
        *byte ^= 1_u8.wrapping_shl(u32::try_from(bit % 8).unwrap_or_default());
    }
    SignatureBytes::from_slice(&bytes).unwrap_or(SignatureBytes::EMPTY)
}

/// S + L, which a verifier that does not demand S < L accepts.
fn malleated(signature: &SignatureBytes) -> SignatureBytes {
    /// The order of the base point, little-endian (RFC 8032 §5.1).
    const L: [u8; 32] = [
        0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde,
        0x14, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
    ];
    let mut bytes = signature.as_slice().to_vec();
    let mut carry: u16 = 0;
    for (byte, order) in bytes.iter_mut().skip(32).zip(L) {
        let sum = u16::from(*byte).saturating_add(u16::from(order)).saturating_add(carry);
        let [low, high] = sum.to_le_bytes();
        (*byte, carry) = (low, u16::from(high));
    }
    SignatureBytes::from_slice(&bytes).unwrap_or(SignatureBytes::EMPTY)
}

#[cfg(test)]
mod tests {
    use vidimus::{
        InputKind, Verification, anchor::Anchors, limits::Limits, policy::Policy, report::Status,
    };

    use super::*;

    #[test]
    fn two_thirds_and_one_are_enough() {
        let attack = two_thirds_and_one();
        let limits = Limits::default();
        let anchors = Anchors::parse(&attack.anchor, &limits).unwrap();
        let report = Verification::new(anchors, Policy::default(), limits, InputKind::Snapshot)
            .run(&attack.container);
        assert_eq!(report.verdict.status, Status::Verified, "{:?}", report.verdict);
    }
}
