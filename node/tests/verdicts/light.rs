//! Light blocks: what carries trust over heights that are left out, and what stands before them.

use vidimus::{
    encoding::protobuf::Message as _,
    ledger::cometbft::{
        genesis::Genesis,
        validator::{Validator, ValidatorKey},
    },
    limits::Limits,
    snapshot::{Kind, Manifest, Writer},
};
use vidimus_node::{
    simulate::{Config, GENESIS_TIME, Hooks, Item, Ledger, PARAMS, SimulatedBlock},
    test_keys,
};

use super::{DEFAULT, HEADERS, anchor_at, code, judge, judge_within, simulate};

/// Items of a container of light blocks.
#[derive(Clone, Copy, Debug)]
enum Part {
    /// The light block at a height.
    Light(u64),
    /// The set that signs a height.
    Set(u64),
    Genesis,
    Params,
}
use Part::{Genesis as Start, Light, Params, Set};

fn container(ledger: &Ledger, first: u64, last: u64, parts: &[Part]) -> Vec<u8> {
    let chain_id = ledger.anchor.chain_id.clone();
    let family = "cometbft".to_owned();
    let mut writer = Writer::new(&Manifest { family, chain_id, first, last });
    let block = |height| ledger.blocks.iter().find(|block| block.height() == height).unwrap();
    let set = |block: &SimulatedBlock| block.validators.list().to_bytes();
    for part in parts {
        let (kind, bytes) = match *part {
            Light(height) => (Kind::LightBlock, block(height).light_block().to_bytes()),
            Set(height) => (Kind::Validators, set(block(height))),
            Start => {
                let genesis = Genesis { initial_height: 1, time: GENESIS_TIME };
                (Kind::Genesis, genesis.to_bytes())
            }
            Params => (Kind::ConsensusParams, PARAMS.to_bytes()),
        };
        writer.item(kind, &bytes);
    }
    writer.finish()
}

/// A network whose set changes at every height, by one validator of twelve.
fn changing() -> Ledger {
    let ledger =
        simulate(&Config { validators: 12, churn: 1, ..Config::default() }, Hooks::default());
    let sets: Vec<_> = ledger.blocks[2..].iter().map(|block| block.validators.hash()).collect();
    assert!(sets.windows(2).all(|pair| pair[0] != pair[1]), "a set stands twice in a row");
    ledger
}

/// From height 3 to 8 trust moves on with the set of height 4, which header 3 names: a set of the
/// file, wherever it stands before light block 8.
#[test]
fn trust_skips_heights_with_the_set_that_the_trusted_header_names() {
    let ledger = changing();
    let anchor = anchor_at(&ledger, 3).to_string();
    let cases: [(&[Part], &str); 7] = [
        (&[Light(3), Light(8)], "incomplete"),
        (&[Light(3), Set(5), Light(8)], "incomplete"),
        (&[Light(3), Set(4), Light(8)], "verified"),
        (&[Set(4), Light(3), Light(8)], "verified"),
        (&[Light(3), Light(8), Set(4)], "incomplete"),
        (&[Light(3), Light(4), Light(8)], "incomplete"),
        (&[Light(3), Light(4), Set(5), Light(8)], "verified"),
    ];
    for (parts, expected) in cases {
        let verdict = judge(&container(&ledger, 3, 8, parts), &anchor, HEADERS).verdict;
        assert_eq!(verdict.code, expected, "{parts:?}");
        assert!(expected == "verified" || verdict.reason.contains("validator set"), "{parts:?}");
    }
}

/// Of the sets in a file the latest are held, each once; the one that trust needs must be among
/// them when it is needed.
#[test]
fn sets_beyond_the_limit_are_dropped_oldest_first() {
    let ledger = changing();
    let anchor = anchor_at(&ledger, 3).to_string();
    let cases: [(&[Part], u64); 7] = [
        (&[Light(3), Set(4), Light(8)], 1),
        (&[Set(4), Light(3), Light(8)], 2),
        (&[Light(3), Set(4), Set(5), Light(8)], 2),
        (&[Light(3), Set(4), Set(5), Set(6), Light(8)], 3),
        (&[Light(3), Set(5), Set(6), Set(4), Light(8)], 1),
        (&[Light(3), Set(4), Set(5), Set(5), Light(8)], 2),
        (&[Light(3), Set(4), Set(5), Set(4), Light(8)], 1),
    ];
    for (parts, needed) in cases {
        let container = container(&ledger, 3, 8, parts);
        for held_sets in 1..=3 {
            let mut limits = Limits::default();
            limits.held_sets = held_sets;
            let code = judge_within(&container, &anchor, HEADERS, limits).verdict.code;
            let expected = if held_sets >= needed { "verified" } else { "incomplete" };
            assert_eq!(code, expected, "{held_sets} held of {parts:?}");
        }
    }
}

/// Until the first block shows what kind of snapshot it is, four items wait for it and no more.
#[test]
fn at_most_four_items_stand_before_the_first_block() {
    let ledger = changing();
    let anchor = anchor_at(&ledger, 3).to_string();
    let cases: [(&[Part], &str); 4] = [
        (&[Set(4), Set(5), Set(6), Set(7), Light(3), Light(8)], "verified"),
        (&[Set(4), Set(5), Set(6), Set(7), Set(9), Light(3), Light(8)], "snapshot.order"),
        (&[Start, Set(4), Light(3), Light(8)], "snapshot.order"),
        (&[Params, Set(4), Light(3), Light(8)], "snapshot.order"),
    ];
    for (parts, expected) in cases {
        let code = code(&container(&ledger, 3, 8, parts), &anchor, HEADERS);
        assert_eq!(code, expected, "{parts:?}");
    }
    for (copies, expected) in [(0, "verified"), (1, "snapshot.order")] {
        // Genesis, two sets, parameters; then the parameters again.
        let hooks = Hooks::default()
            .on_set(|draft| {
                if draft.height == 2 {
                    draft.list.validators[0].power += 1;
                }
            })
            .on_items(move |draft| {
                let again: Vec<Item> =
                    draft.items.iter().take(4).skip(4 - copies).cloned().collect();
                if draft.height == 1 {
                    assert_eq!(draft.items[4].kind, Kind::Block);
                    draft.items.splice(4..4, again);
                }
            });
        let ledger = simulate(&Config::default(), hooks);
        assert_eq!(code(&ledger.container, &ledger.anchor.to_string(), DEFAULT), expected);
    }
}

/// Trusted power that signs light block 6: exactly the trust level is too little, one more enough.
#[test]
fn trust_needs_more_power_than_the_trust_level() {
    // Of 9; in the order of the set.
    let powers = [3, 2, 2, 1, 1];
    let cases: [(&str, &'static [usize], &str); 8] = [
        ("1/3", &[1], "not-enough-trust"),
        ("1/3", &[0], "not-enough-trust"),
        ("1/3", &[0, 3], "verified"),
        ("2/3", &[0, 1], "not-enough-trust"),
        ("2/3", &[0, 1, 3], "not-enough-trust"),
        ("2/3", &[0, 1, 2], "verified"),
        ("8/9", &[0, 1, 2, 3, 4], "verified"),
        ("1/1", &[0, 1, 2, 3, 4], "not-enough-trust"),
    ];
    for (level, stay, expected) in cases {
        let power: u64 = stay.iter().map(|index| powers[*index]).sum();
        let hooks = Hooks::default().on_set(move |draft| {
            if draft.height == 6 {
                let members = std::mem::take(&mut draft.list.validators);
                let is_known = |key: &&test_keys::TestKey| {
                    members.iter().any(|member| member.address == key.address())
                };
                let strangers = test_keys::all().iter().filter(|key| !is_known(key)).take(3);
                draft.list.validators = strangers
                    .map(|key| Validator {
                        address: key.address(),
                        key: ValidatorKey::Ed25519(key.public()),
                        power: 1,
                    })
                    .chain(stay.iter().map(|index| members[*index].clone()))
                    .collect();
                draft.list.sort();
            }
        });
        let config = Config { validators: 5, powers: powers.to_vec(), ..Config::default() };
        let ledger = simulate(&config, hooks);
        let policy = format!(r#"{{"require": "headers", "trust_level": "{level}"}}"#);
        let container = container(&ledger, 1, 6, &[Light(1), Light(6)]);
        let anchor = anchor_at(&ledger, 1).to_string();
        assert_eq!(code(&container, &anchor, &policy), expected, "{power} of 9, {level}");
        // With the anchor at its own height nobody need carry trust there.
        let own = format!("{anchor}\n{}", anchor_at(&ledger, 6));
        assert_eq!(code(&container, &own, &policy), "verified", "{power} of 9, {level}");
    }
}

#[test]
fn every_set_of_light_blocks_counts_once_in_a_row() {
    let changing = changing();
    let parts = [1, 2, 3, 4, 5].map(Light);
    // The first two heights have one set.
    let report =
        judge(&container(&changing, 1, 5, &parts), &anchor_at(&changing, 1).to_string(), HEADERS);
    assert_eq!((&*report.verdict.code, report.counts.validator_sets), ("verified", 4));
    let still = simulate(&Config::default(), Hooks::default());
    let report =
        judge(&container(&still, 1, 5, &parts), &anchor_at(&still, 1).to_string(), HEADERS);
    assert_eq!((&*report.verdict.code, report.counts.validator_sets), ("verified", 1));
}
