//! How the headers of a packet are reached: forward by commits over them, back by hashes.

mod commits;

use vidimus::{
    anchor::TrustAnchor,
    encoding::{cbor::List, hex::Address, protobuf::Message as _, time::Timestamp},
    ledger::cometbft::{
        commit::CommitSignature,
        header::Header,
        profile::Profile,
        validator::{MAX_TOTAL_POWER, Validator, ValidatorKey, ValidatorList},
    },
    packet::{
        Bytes, Packet,
        claim::{Claim, HeaderClaim},
        link::{CommitLink, Link},
    },
};

use crate::{
    attacks::{Attack, BLOCKS, STRIKE, WRONG, honest, ledger},
    simulate::{Config, Hooks, Ledger, SimulatedBlock},
    test_keys,
};

/// Heights of the header that trust starts from, and of the one that is claimed.
type Way = (u64, u64);

/// From the anchor to the header after it.
const FORWARD: Way = (STRIKE.saturating_sub(1), STRIKE);
/// From the anchor over skipped heights.
const SKIPPING: Way = (1, STRIKE);
/// From the anchor to the header before it.
const BACK: Way = (BLOCKS, BLOCKS.saturating_sub(1));

pub(super) fn attacks() -> Vec<Attack> {
    [headers(), sets(), commits::attacks(), trust()].concat()
}

fn block(ledger: &Ledger, height: u64) -> Option<&SimulatedBlock> {
    ledger.blocks.iter().find(|block| block.height() == height)
}

fn index_of(sets: &mut Vec<Bytes>, list: &ValidatorList) -> u64 {
    let bytes = Bytes::from(list.to_bytes());
    let found = sets.iter().position(|set| *set == bytes).unwrap_or(sets.len());
    if found == sets.len() {
        sets.push(bytes);
    }
    u64::try_from(found).unwrap_or(u64::MAX)
}

/// The packet of one header, reached from that of another: by its commit, or as the one before.
fn reaching(ledger: &Ledger, (from, to): Way) -> Option<Packet> {
    let (start, claimed) = (block(ledger, from)?, block(ledger, to)?);
    let is_forward = from < to;
    let (start_index, index) = if is_forward { (0, 1) } else { (1, 0) };
    let mut headers = vec![start, claimed];
    headers.sort_by_key(|block| block.height());
    let headers = headers.into_iter().map(|block| block.draft.header.to_bytes().into());
    let (mut sets, mut commits, mut commit) = (Vec::new(), Vec::new(), None);
    if is_forward {
        let validators = index_of(&mut sets, claimed.validators.list());
        let is_skipping = to > from.saturating_add(1);
        let trusted = is_skipping.then(|| index_of(&mut sets, start.next_validators.list()));
        commits.push(claimed.commit.to_bytes().into());
        commit = Some(CommitLink { commit: 0, validators, trusted });
    }
    let link = Link { from: start_index, to: index, commit, between: List::default() };
    Some(Packet {
        headers: List::new(headers.collect())?,
        start: start_index,
        sets: List::new(sets)?,
        commits: List::new(commits)?,
        links: List::new(vec![link])?,
        claims: List::new(vec![Claim::Header(HeaderClaim { header: index })])?,
    })
}

/// A packet of this ledger, changed, for the anchor at its start.
fn attack(
    name: &'static str,
    expects: &'static str,
    ledger: &Ledger,
    way: Way,
    edit: impl FnOnce(&mut Packet) -> Option<()>,
) -> Attack {
    let packet = reaching(ledger, way).and_then(|mut packet| {
        edit(&mut packet)?;
        Some(packet.to_bytes())
    });
    // A packet that could not be made is none, and fails as such.
    let container = packet.unwrap_or_default();
    let header_hash = block(ledger, way.0).map_or(WRONG, SimulatedBlock::hash);
    let anchor = TrustAnchor { height: way.0, header_hash, ..ledger.anchor.clone() };
    Attack::new(name, expects, Ledger { container, blocks: Vec::new(), anchor })
}

/// A ledger that somebody with every key made so.
fn made(
    name: &'static str,
    expects: &'static str,
    way: Way,
    config: Config,
    hooks: Hooks,
) -> Attack {
    attack(name, expects, &ledger(config, hooks), way, |_| Some(()))
}

/// A header that is changed after its hashes are computed, and then signed by everybody.
fn signed(
    name: &'static str,
    expects: &'static str,
    (way, height): (Way, u64),
    change: impl Fn(&mut Header) + 'static,
) -> Attack {
    let hooks = Hooks::default().on_header(move |draft| {
        if draft.height == height {
            change(&mut draft.header);
        }
    });
    made(name, expects, way, honest(), hooks)
}

fn headers() -> Vec<Attack> {
    let own = ledger(honest(), Hooks::default());
    let other = ledger(Config { seed: 99, ..honest() }, Hooks::default());
    let below = (BACK, BACK.1);
    let above = (BACK, BACK.0);
    let next = (FORWARD, FORWARD.1);
    let name = "headers are of another ledger";
    vec![
        attack(name, "anchor.header-hash", &other, BACK, |_| Some(())).with_anchor(&own.anchor),
        attack("a header says its height twice", "block.encoding", &own, BACK, |packet| {
            let mut headers = packet.headers.to_vec();
            let mut bytes = headers.first()?.to_vec();
            // Field 3, a varint of one byte.
            bytes.extend([0x18, u8::try_from(BACK.1).ok()?]);
            *headers.first_mut()? = bytes.into();
            packet.headers = List::new(headers)?;
            Some(())
        }),
        signed("the header before the anchor has no proposer", "header.well-formed", below, |h| {
            h.proposer_address = None;
        }),
        signed(
            "the header before the anchor is of block protocol 10",
            "header.version",
            below,
            |h| {
                h.version_block = 10;
            },
        ),
        signed("the anchored header is of another chain", "header.chain-id", above, |h| {
            h.chain_id.push('2');
        }),
        signed("a header passes for the one below it", "header.height", below, |h| {
            h.height = h.height.saturating_sub(1);
        }),
        signed("the anchored header is the earlier one", "header.time-monotonic", above, |h| {
            h.time = Timestamp { seconds: 1_767_225_600, nanos: 0 };
        }),
        signed("the anchored header follows another", "header.last-block-hash", above, |h| {
            h.last_block_id.hash = Some(WRONG);
        }),
        signed("a signed header follows another", "header.last-block-hash", next, |h| {
            h.last_block_id.hash = Some(WRONG);
        }),
        signed("a signed header is a stranger's proposal", "header.proposer", next, |h| {
            h.proposer_address = Some(Address([7; 20]));
        }),
    ]
}

/// Eras in which nodes did not look at addresses: one rule less to catch it. Everybody votes.
fn loose() -> Config {
    Config { profile: Profile::V1_0Pbts, ..full() }
}

fn full() -> Config {
    Config { nil_percent: 0, absent_percent: 0, evidence: 0, ..honest() }
}

/// A set that headers commit to and that signs, from its first height on.
fn replaced(change: impl Fn(&mut ValidatorList) + 'static) -> Hooks {
    Hooks::default().on_set(move |draft| {
        if draft.height == STRIKE {
            change(&mut draft.list);
        }
    })
}

fn change_set(packet: &mut Packet, edit: impl FnOnce(&mut ValidatorList)) -> Option<()> {
    let mut sets = packet.sets.to_vec();
    let bytes = sets.first()?.to_vec();
    let decoded = vidimus::encoding::protobuf::decode_canonical::<ValidatorList>(&bytes);
    let mut list = decoded.ok()?.into_inner();
    edit(&mut list);
    *sets.first_mut()? = list.to_bytes().into();
    packet.sets = List::new(sets)?;
    Some(())
}

fn sets() -> Vec<Attack> {
    let honest = ledger(loose(), Hooks::default());
    vec![
        made(
            "the powers of a packet's set add up to too much",
            "validators.power",
            FORWARD,
            loose(),
            replaced(|list| {
                for validator in list.validators.iter_mut().take(1) {
                    validator.power = MAX_TOTAL_POWER;
                }
            }),
        ),
        made(
            "a packet's set is out of order",
            "validators.order",
            FORWARD,
            loose(),
            replaced(|list| list.validators.reverse()),
        ),
        made(
            "a validator stands twice in a packet's set",
            "validators.unique",
            FORWARD,
            loose(),
            replaced(|list| {
                let copy = list.validators.first().cloned();
                list.validators.splice(0..0, copy);
            }),
        ),
        attack(
            "two validators of a packet swap addresses",
            "validators.address",
            &honest,
            FORWARD,
            |packet| {
                change_set(packet, |list| {
                    if let [one, two, ..] = &mut list.validators[..] {
                        core::mem::swap(&mut one.address, &mut two.address);
                    }
                })
            },
        ),
        attack(
            "one validator is given the power to sign alone",
            "header.validators-hash",
            &honest,
            FORWARD,
            |packet| {
                change_set(packet, |list| {
                    for validator in list.validators.iter_mut().take(1) {
                        validator.power = 1_000;
                    }
                })?;
                let mut commit = block(&honest, STRIKE)?.commit.clone();
                for entry in commit.signatures.iter_mut().skip(1) {
                    *entry = CommitSignature::ABSENT;
                }
                packet.commits = List::new(vec![commit.to_bytes().into()])?;
                Some(())
            },
        ),
    ]
}

/// Validators with test keys that are not in the list, each of power 10.
fn strangers(list: &ValidatorList, count: usize) -> Vec<Validator> {
    let is_free = |key: &&test_keys::TestKey| {
        list.validators.iter().all(|validator| validator.address != key.address())
    };
    let validator = |key: &test_keys::TestKey| Validator {
        address: key.address(),
        key: ValidatorKey::Ed25519(key.public()),
        power: 10,
    };
    test_keys::all().iter().filter(is_free).take(count).map(validator).collect()
}

/// By somebody with keys of their own only: they sign a header that the honest ones never saw.
fn forged() -> Hooks {
    replaced(|list| {
        list.validators = strangers(list, 4);
        list.sort();
    })
    .on_header(|draft| {
        // The header before stays as the honest network signed it.
        if draft.height == STRIKE.saturating_sub(1) {
            draft.header.next_validators_hash = draft.header.validators_hash;
        }
    })
}

fn trust() -> Vec<Attack> {
    let honest = ledger(full(), Hooks::default());
    let of_forger = ledger(full(), forged());
    // One of three stays; strangers have the power of the others.
    let third = Config { validators: 3, powers: vec![10; 3], ..full() };
    let staying = replaced(|list| {
        let strangers = strangers(list, 2);
        list.validators.truncate(1);
        list.validators.extend(strangers);
        list.sort();
    });
    let plain = |_: &mut Packet| Some(());
    vec![
        attack(
            "a forger's own set signs the next header",
            "header.next-validators-hash",
            &of_forger,
            FORWARD,
            plain,
        ),
        attack(
            "a forger's own set signs a header further on",
            "not-enough-trust",
            &of_forger,
            SKIPPING,
            plain,
        ),
        attack(
            "a forger's own set passes for the trusted one",
            "header.next-validators-hash",
            &of_forger,
            SKIPPING,
            |packet| {
                change_commit_link(packet, |link| link.trusted = Some(link.validators))?;
                let sets = packet.sets.iter().take(1).cloned().collect();
                packet.sets = List::new(sets)?;
                Some(())
            },
        ),
        made(
            "exactly a third of those who are trusted sign",
            "not-enough-trust",
            SKIPPING,
            third,
            staying,
        ),
        attack("a set is trusted where none is asked", "packet.used", &honest, FORWARD, |packet| {
            change_commit_link(packet, |link| link.trusted = Some(link.validators))
        }),
        attack("a packet starts from long ago", "light.trusting-period", &honest, FORWARD, plain)
            .with_policy(r#"{"now": "2026-06-01T00:00:00Z", "trusting_period": "86400"}"#),
        attack("a packet is of the future", "light.clock-drift", &honest, FORWARD, plain)
            .with_policy(r#"{"now": "2025-12-31T23:00:00Z"}"#),
    ]
}

fn change_commit_link(packet: &mut Packet, edit: impl FnOnce(&mut CommitLink)) -> Option<()> {
    let mut links = packet.links.to_vec();
    edit(links.first_mut()?.commit.as_mut()?);
    packet.links = List::new(links)?;
    Some(())
}
