//! Commits, sets, and headers that only a forger signed.

use super::{Attack, attack, attack_on, change_links, claims, list};
use crate::world::LEDGER;
use std::sync::LazyLock;
use vidimus::{
    encoding::{hex::Address, protobuf::Message as _},
    ledger::cometbft::{
        block_id::BlockId,
        commit::{BlockIdFlag, Commit, CommitSignature, SignatureBytes},
        header::Header,
        validator::{Validator, ValidatorKey, ValidatorList},
        vote::{PRECOMMIT, SignBytes},
    },
    packet::{
        Bytes, Packet,
        build::Wanted,
        claim::{Claim, HeaderClaim},
        link::CommitLink,
    },
};
use vidimus_node::{
    simulate::{Config, Hooks, Ledger, SimulatedBlock, Simulation},
    test_keys::{self, TestKey},
};

/// Three validators of one power each.
static THREE: LazyLock<Ledger> = LazyLock::new(|| three(Hooks::default()));

/// The same, of whom one stays from block 5 on; two others come in their place.
static ONE_STAYS: LazyLock<Ledger> = LazyLock::new(|| {
    three(Hooks::default().on_set(|draft| {
        if draft.height == 5 {
            draft.list.validators.truncate(1);
            draft.list.validators.extend(strangers(2, 1).validators);
            draft.list.sort();
        }
    }))
});

fn three(hooks: Hooks) -> Ledger {
    let config = Config { validators: 3, powers: vec![1; 3], blocks: 8, ..Config::default() };
    Simulation::new(config, hooks).unwrap().run()
}

/// A set with keys that no honest validator has.
fn strangers(count: usize, power: u64) -> ValidatorList {
    // All ledgers here draw their validators in the same order.
    let honest = &LEDGER.blocks[0].validators.list().validators;
    let is_free = |key: &&TestKey| honest.iter().all(|one| one.address != key.address());
    let keys = test_keys::all().iter().filter(is_free).take(count);
    let validators = keys.map(|key| Validator {
        address: key.address(),
        key: ValidatorKey::Ed25519(key.public()),
        power,
    });
    let mut list = ValidatorList { validators: validators.collect() };
    list.sort();
    list
}

fn last(ledger: &Ledger) -> &SimulatedBlock {
    ledger.blocks.last().unwrap()
}

/// The commit of a set over a header.
fn commit(set: &ValidatorList, header: &Header) -> Commit {
    let block_id = BlockId { hash: header.compute_hash(), ..last(&LEDGER).block_id };
    let message = SignBytes::new(PRECOMMIT, header.height, 0, Some(&block_id), &header.chain_id);
    let vote = |validator: &Validator| {
        let key = test_keys::all().iter().find(|key| key.address() == validator.address);
        let timestamp = header.time;
        CommitSignature {
            flag: BlockIdFlag::Commit,
            address: Some(validator.address),
            timestamp,
            signature: key.unwrap().sign(&message.at(&timestamp)),
        }
    };
    let signatures = set.validators.iter().map(vote).collect();
    Commit { height: header.height, round: 0, block_id, signatures }
}

/// The last header with another state in it, signed by a forger's own set.
fn forge(packet: &mut Packet) {
    let set = strangers(4, 10);
    let mut header = last(&LEDGER).draft.header.clone();
    header.app_hash = vec![1; 32];
    header.validators_hash = Some(set.compute_hash());
    header.proposer_address = Some(set.validators[0].address);
    packet.commits = list(vec![commit(&set, &header).to_bytes().into()]);
    change_header(packet, 1, &header);
    // The honest set, which comes first, is that which the anchored header names as the next.
    let mut sets = packet.sets.to_vec();
    sets.push(set.to_bytes().into());
    packet.sets = list(sets);
    change_link(packet, |link| link.validators = 1);
}

fn change_header(packet: &mut Packet, index: usize, header: &Header) {
    let mut headers = packet.headers.to_vec();
    headers[index] = header.to_bytes().into();
    packet.headers = list(headers);
}

fn change_link(packet: &mut Packet, edit: impl FnOnce(&mut CommitLink)) {
    change_links(packet, |links| edit(links[0].commit.as_mut().unwrap()));
}

fn change_commit(packet: &mut Packet, edit: impl FnOnce(&mut Vec<CommitSignature>)) {
    let mut commit = last(&LEDGER).commit.clone();
    edit(&mut commit.signatures);
    packet.commits = list(vec![commit.to_bytes().into()]);
}

pub(super) fn attacks() -> Vec<Attack> {
    [forgeries(), votes(), powers()].into_iter().flatten().collect()
}

fn forgeries() -> Vec<Attack> {
    let before = LEDGER.anchor.height - 1;
    let header = || last(&LEDGER).draft.header.clone();
    let on_header = |name, expects, anchor, edit: fn(&mut Header)| {
        attack(name, expects, anchor, Wanted::Header, move |packet| {
            let mut header = header();
            edit(&mut header);
            change_header(packet, 1, &header);
        })
    };
    vec![
        attack(
            "a forger's header and set after the anchor",
            "header.next-validators-hash",
            before,
            Wanted::Header,
            |packet| {
                forge(packet);
                packet.sets = list(packet.sets[1..].to_vec());
                change_link(packet, |link| link.validators = 0);
            },
        ),
        attack(
            "a forger's header and set far from the anchor",
            "not-enough-trust",
            1,
            Wanted::Header,
            forge,
        ),
        attack(
            "a forger's set that trusts itself",
            "header.next-validators-hash",
            1,
            Wanted::Header,
            |packet| {
                forge(packet);
                packet.sets = list(packet.sets[1..].to_vec());
                change_link(packet, |link| (link.validators, link.trusted) = (0, Some(0)));
            },
        ),
        attack(
            "a set of strangers for an honest header",
            "header.validators-hash",
            before,
            Wanted::Header,
            |packet| {
                let set = strangers(7, 10);
                packet.commits =
                    list(vec![commit(&set, &last(&LEDGER).draft.header).to_bytes().into()]);
                packet.sets = list(vec![set.to_bytes().into()]);
            },
        ),
        attack(
            "a trusted set between neighbors",
            "packet.used",
            before,
            Wanted::Header,
            |packet| change_link(packet, |link| link.trusted = Some(0)),
        ),
        attack(
            "another trusted set than the anchored header names",
            "header.next-validators-hash",
            1,
            Wanted::Header,
            |packet| {
                let mut sets = packet.sets.to_vec();
                sets.push(strangers(7, 10).to_bytes().into());
                packet.sets = list(sets);
                change_link(packet, |link| link.trusted = Some(1));
            },
        ),
        on_header("a header of the anchor's time", "header.time-monotonic", 1, |header| {
            header.time = LEDGER.blocks[0].draft.header.time;
        }),
        on_header("a header before the anchor's time", "header.time-monotonic", before, |header| {
            header.time.seconds -= 3_600;
        }),
        on_header("a header that a stranger proposes", "header.proposer", 1, |header| {
            header.proposer_address = Some(Address([7; 20]));
        }),
        on_header("a header without a proposer", "header.well-formed", 1, |header| {
            header.proposer_address = None;
        }),
        on_header("a header of another protocol", "header.version", 1, |header| {
            header.version_block += 1;
        }),
        on_header("a header of another chain", "header.chain-id", 1, |header| {
            header.chain_id.push('2');
        }),
        on_header("a header with another state", "commit.block-hash", before, |header| {
            header.app_hash = vec![1; 32];
        }),
    ]
}

fn votes() -> Vec<Attack> {
    let on_votes = |name, expects, edit: fn(&mut Vec<CommitSignature>)| {
        attack(name, expects, 1, Wanted::Header, move |packet| change_commit(packet, edit))
    };
    vec![
        on_votes("a vote in place of another", "commit.address", |votes| votes[1] = votes[0]),
        on_votes("a signature in place of another", "commit.signature", |votes| {
            votes[1].signature = votes[0].signature;
        }),
        on_votes("two signatures changed places", "commit.signature", |votes| {
            let (one, two) = (votes[0].signature, votes[1].signature);
            (votes[0].signature, votes[1].signature) = (two, one);
        }),
        on_votes("a vote once more", "commit.length", |votes| votes.push(votes[0])),
        on_votes("a vote left out", "commit.length", |votes| votes.truncate(6)),
        on_votes("votes in another order", "commit.address", |votes| votes.swap(0, 1)),
        on_votes("a vote for nil counted for the block", "commit.signature", |votes| {
            votes[0].flag = BlockIdFlag::Nil;
        }),
        on_votes("a vote that says it is absent", "commit.entry", |votes| {
            votes[0].flag = BlockIdFlag::Absent;
        }),
        on_votes("a vote of another time", "commit.signature", |votes| {
            votes[0].timestamp.seconds += 1;
        }),
        on_votes("a signature that is cut short", "commit.signature", |votes| {
            let cut = SignatureBytes::from_slice(&votes[0].signature.as_slice()[..63]);
            votes[0].signature = cut.unwrap();
        }),
    ]
}

/// Exactly what is not enough.
fn powers() -> Vec<Attack> {
    vec![
        attack_on(
            &THREE,
            "exactly two thirds sign",
            "commit.quorum",
            1,
            vec![Wanted::Header],
            |packet| {
                let mut commit = last(&THREE).commit.clone();
                commit.signatures[2] = CommitSignature::ABSENT;
                packet.commits = list(vec![commit.to_bytes().into()]);
            },
        ),
        attack_on(
            &ONE_STAYS,
            "exactly a third of those who are trusted sign",
            "not-enough-trust",
            1,
            vec![Wanted::Header],
            |packet| {
                let (first, last) = (&ONE_STAYS.blocks[0], last(&ONE_STAYS));
                let bytes = |block: &SimulatedBlock| Bytes::from(block.draft.header.to_bytes());
                packet.headers = list(vec![bytes(first), bytes(last)]);
                let sets = [last.validators.list(), first.next_validators.list()];
                packet.sets = list(sets.map(|set| Bytes::from(set.to_bytes())).to_vec());
                packet.commits = list(vec![last.commit.to_bytes().into()]);
                change_links(packet, |links| {
                    links.truncate(1);
                    let commit = CommitLink { commit: 0, validators: 0, trusted: Some(1) };
                    links[0].commit = Some(commit);
                    (links[0].from, links[0].to) = (0, 1);
                });
                claims(packet, |claims| claims[0] = Claim::Header(HeaderClaim { header: 1 }));
            },
        ),
    ]
}
