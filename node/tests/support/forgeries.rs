//! Ways to make a light block that is not what a network decided.

use std::{cell::RefCell, ops::Range, rc::Rc};

use vidimus::{
    encoding::{
        hex::{Address, Hash},
        time::Timestamp,
    },
    ledger::cometbft::{
        commit::{BlockIdFlag, CommitSignature, SignatureBytes},
        header::Header,
        light::LightBlock,
        profile::Profile,
        validator::ValidatorKey,
    },
};
use vidimus_node::{
    simulate::{Hooks, SetDraft, VotePlan},
    test_keys::{self, TestKey},
};

/// Height that is forged.
pub(crate) const HEIGHT: u64 = 6;

/// Powers of the five validators: 9 in all, two thirds is 6. In the set's order.
pub(crate) const POWERS: [u64; 5] = [3, 2, 2, 1, 1];

/// A way to forge: with keys while the block is made, or by changing bytes afterwards.
pub(crate) struct Forgery {
    pub(crate) name: &'static str,
    pub(crate) profile: Profile,
    pub(crate) hooks: fn(Hooks) -> Hooks,
    pub(crate) edit: fn(&mut LightBlock),
}

impl Forgery {
    fn edited(name: &'static str, edit: fn(&mut LightBlock)) -> Self {
        Self { name, profile: Profile::V0_38, hooks: |hooks| hooks, edit }
    }

    fn signed(name: &'static str, hooks: fn(Hooks) -> Hooks) -> Self {
        Self { name, profile: Profile::V0_38, hooks, edit: |_| () }
    }
}

fn votes(hooks: Hooks, change: fn(&mut VotePlan)) -> Hooks {
    hooks.on_votes(move |plan| {
        if plan.height == HEIGHT {
            change(plan);
        }
    })
}

fn header(hooks: Hooks, change: fn(&mut Header)) -> Hooks {
    hooks.on_header(move |draft| {
        if draft.height == HEIGHT {
            change(&mut draft.header);
        }
    })
}

/// Changes the set of the forged height only: the header before it commits to the genuine one.
fn set(hooks: Hooks, change: fn(&mut SetDraft)) -> Hooks {
    let hooks = hooks.on_set(move |draft| {
        if draft.height == HEIGHT {
            change(draft);
        }
    });
    hooks.on_header(|draft| {
        if draft.height + 1 == HEIGHT {
            draft.header.next_validators_hash = draft.header.validators_hash;
        }
    })
}

/// Puts others, of the same powers, in the places of these members.
pub(crate) fn replace(draft: &mut SetDraft, places: Range<usize>) {
    let members = &mut draft.list.validators;
    let mut others: Vec<&TestKey> = test_keys::all().iter().collect();
    others.retain(|key| members.iter().all(|member| member.address != key.address()));
    for (member, key) in members[places].iter_mut().zip(others) {
        member.address = key.address();
        member.key = ValidatorKey::Ed25519(key.public());
    }
    draft.list.sort();
}

/// The validators of another network; its keys are the attacker's own.
fn replace_set(draft: &mut SetDraft) {
    replace(draft, 0..draft.list.validators.len());
}

fn flip(entry: &mut CommitSignature) {
    let mut bytes = *entry.signature.ed25519().unwrap();
    bytes[0] ^= 1;
    entry.signature = SignatureBytes::from_slice(&bytes).unwrap();
}

/// Adds the group order to S: the same signature in another encoding.
fn add_order(entry: &mut CommitSignature) {
    const ORDER: [u8; 32] = [
        0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde,
        0x14, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
    ];
    let mut bytes = *entry.signature.ed25519().unwrap();
    let mut carry = 0_u16;
    for (byte, order) in bytes[32..].iter_mut().zip(ORDER) {
        let [low, high] = (u16::from(*byte) + u16::from(order) + carry).to_le_bytes();
        (*byte, carry) = (low, u16::from(high));
    }
    entry.signature = SignatureBytes::from_slice(&bytes).unwrap();
}

fn edits() -> Vec<Forgery> {
    vec![
        Forgery::edited("genuine", |_| ()),
        Forgery::edited("wrong signature, first vote", |b| {
            flip(&mut b.signed_header.commit.signatures[0]);
        }),
        Forgery::edited("wrong signature, last vote", |b| {
            flip(&mut b.signed_header.commit.signatures[4]);
        }),
        Forgery::edited("signature with S plus the group order", |b| {
            add_order(&mut b.signed_header.commit.signatures[0]);
        }),
        Forgery::edited("signature cut to 63 bytes, last vote", |b| {
            let entry = &mut b.signed_header.commit.signatures[4];
            entry.signature =
                SignatureBytes::from_slice(&entry.signature.as_slice()[..63]).unwrap();
        }),
        Forgery::edited("address of no validator", |b| {
            b.signed_header.commit.signatures[0].address = Some(Address([7; 20]));
        }),
        Forgery::edited("two entries with each other's address", |b| {
            let first = b.signed_header.commit.signatures[0].address;
            b.signed_header.commit.signatures[0].address =
                b.signed_header.commit.signatures[1].address;
            b.signed_header.commit.signatures[1].address = first;
        }),
        Forgery::edited("two entries in each other's place", |b| {
            b.signed_header.commit.signatures.swap(0, 1);
        }),
        Forgery::edited("one vote counted twice", |b| {
            b.signed_header.commit.signatures[1] = b.signed_header.commit.signatures[0];
        }),
        Forgery::edited("an entry too few", |b| {
            b.signed_header.commit.signatures.pop();
        }),
        Forgery::edited("an entry too many", |b| {
            b.signed_header.commit.signatures.push(CommitSignature::ABSENT);
        }),
        Forgery::edited("last vote flagged nil", |b| {
            b.signed_header.commit.signatures[4].flag = BlockIdFlag::Nil;
        }),
        Forgery::edited("absent vote with an address", |b| {
            let address = b.signed_header.commit.signatures[4].address;
            b.signed_header.commit.signatures[4] =
                CommitSignature { address, ..CommitSignature::ABSENT };
        }),
        Forgery::edited("absent vote with a time", |b| {
            let timestamp = b.signed_header.commit.signatures[4].timestamp;
            b.signed_header.commit.signatures[4] =
                CommitSignature { timestamp, ..CommitSignature::ABSENT };
        }),
        Forgery::edited("round changed", |b| b.signed_header.commit.round = 9),
        Forgery::edited("commit height changed", |b| b.signed_header.commit.height += 1),
        Forgery::edited("commit for another part set", |b| {
            b.signed_header.commit.block_id.parts.total += 1;
        }),
        Forgery::edited("header time changed", |b| b.signed_header.header.time.nanos ^= 1),
        Forgery::edited("app hash changed", |b| b.signed_header.header.app_hash[0] ^= 1),
        Forgery::edited("data hash changed", |b| {
            b.signed_header.header.data_hash = Some(Hash([1; 32]));
        }),
        Forgery::edited("list out of order", |b| b.validators.validators.swap(0, 4)),
        Forgery::edited("list with another power", |b| b.validators.validators[0].power += 1),
        Forgery::edited("list without the last validator", |b| {
            b.validators.validators.pop();
        }),
        Forgery::edited("list with a false address", |b| {
            b.validators.validators[4].address = Address([7; 20]);
        }),
    ]
}

fn signings() -> Vec<Forgery> {
    vec![
        Forgery::signed("votes of two thirds less one", |hooks| {
            votes(hooks, |plan| assert!(plan.commit_exactly(5, BlockIdFlag::Absent)))
        }),
        Forgery::signed("votes of exactly two thirds", |hooks| {
            votes(hooks, |plan| assert!(plan.commit_exactly(6, BlockIdFlag::Absent)))
        }),
        Forgery::signed("votes of two thirds and one", |hooks| {
            votes(hooks, |plan| assert!(plan.commit_exactly(7, BlockIdFlag::Absent)))
        }),
        Forgery::signed("votes of exactly two thirds, others nil", |hooks| {
            votes(hooks, |plan| assert!(plan.commit_exactly(6, BlockIdFlag::Nil)))
        }),
        Forgery::signed("nil vote signed with another key", |hooks| {
            votes(hooks, |plan| {
                plan.votes[4].flag = BlockIdFlag::Nil;
                plan.votes[4].key = plan.votes[3].key;
            })
        }),
        Forgery::signed("nobody votes", |hooks| {
            votes(hooks, |plan| assert!(plan.commit_exactly(0, BlockIdFlag::Absent)))
        }),
        Forgery::signed("signed for another chain", |hooks| {
            votes(hooks, |plan| "another-chain".clone_into(&mut plan.signed.chain_id))
        }),
        Forgery::signed("block of another chain", |hooks| {
            let hooks = header(hooks, |header| "another-chain".clone_into(&mut header.chain_id));
            votes(hooks, |plan| "another-chain".clone_into(&mut plan.signed.chain_id))
        }),
        Forgery::signed("prevotes for precommits", |hooks| {
            votes(hooks, |plan| plan.signed.vote_type = 1)
        }),
        Forgery::signed("signed for another height", |hooks| {
            votes(hooks, |plan| plan.signed.height += 1)
        }),
        Forgery::signed("signed for another block", |hooks| {
            votes(hooks, |plan| plan.signed.block_id.hash = Some(Hash([1; 32])))
        }),
        Forgery::signed("time before the trusted header, signed", |hooks| {
            header(hooks, |header| header.time = Timestamp { seconds: 1_000_000_000, nanos: 0 })
        }),
        Forgery::signed("time in the future, signed", |hooks| {
            header(hooks, |header| header.time = Timestamp { seconds: 2_000_000_000, nanos: 0 })
        }),
        Forgery::signed("block protocol 12, signed", |hooks| {
            header(hooks, |header| header.version_block = 12)
        }),
        Forgery::signed("proposer from outside, signed", |hooks| {
            header(hooks, |header| header.proposer_address = Some(Address([7; 20])))
        }),
        Forgery::signed("another last block, signed", |hooks| {
            header(hooks, |header| header.last_block_id.hash = Some(Hash([1; 32])))
        }),
    ]
}

fn sets() -> Vec<Forgery> {
    let foreign_addresses = |profile| Forgery {
        profile,
        ..Forgery::signed("attacker's set, votes under the trusted addresses", |hooks| {
            let hooks = set(hooks, replace_set);
            let trusted = Rc::new(RefCell::new(Vec::new()));
            let seen = Rc::clone(&trusted);
            hooks.on_votes(move |plan| {
                let addresses = plan.votes.iter().map(|vote| vote.address);
                if plan.height + 1 == HEIGHT {
                    *seen.borrow_mut() = addresses.collect();
                } else if plan.height == HEIGHT {
                    for (vote, address) in plan.votes.iter_mut().zip(trusted.borrow().iter()) {
                        vote.address = *address;
                    }
                }
            })
        })
    };
    let swapped = Forgery::edited("each other's address under cometbft-1.0", |b| {
        let first = b.signed_header.commit.signatures[0].address;
        b.signed_header.commit.signatures[0].address = b.signed_header.commit.signatures[1].address;
        b.signed_header.commit.signatures[1].address = first;
    });
    vec![
        Forgery { profile: Profile::V1_0, ..swapped },
        Forgery::signed("attacker's set", |hooks| set(hooks, replace_set)),
        foreign_addresses(Profile::V0_38),
        Forgery { name: "the same under cometbft-1.0", ..foreign_addresses(Profile::V1_0) },
        Forgery::signed("a validator twice in the set", |hooks| {
            set(hooks, |draft| draft.list.validators.insert(1, draft.list.validators[0].clone()))
        }),
        Forgery::signed("set out of order", |hooks| {
            set(hooks, |draft| draft.list.validators.swap(0, 4))
        }),
        Forgery::signed("a validator without power", |hooks| {
            set(hooks, |draft| draft.list.validators[4].power = 0)
        }),
        Forgery::signed("powers above the bound", |hooks| {
            set(hooks, |draft| draft.list.validators[0].power = u64::MAX / 4)
        }),
    ]
}

/// Every forgery.
pub(crate) fn all() -> Vec<Forgery> {
    [edits(), signings(), sets()].into_iter().flatten().collect()
}
