//! How headers are reached from anchors below, at and above them.

use vidimus::{
    anchor::{Anchors, TrustAnchor},
    encoding::cbor::List,
    ledger::cometbft::validator::{Validator, ValidatorKey},
    packet::{Packet, build::Wanted, claim::Claim},
    policy::{Policy, TrustLevel},
};
use vidimus_node::{
    simulate::{Config, Hooks, Hospital, Ledger, Simulation},
    test_keys,
};

use super::{
    attacks::OTHER,
    world::{LEDGER, anchor_at, anchors_at, build, everything, id, patient, verify, verify_with},
};

/// A ledger in which a newcomer gets ever more power, until the others no longer vote.
fn changing() -> Ledger {
    let powers = vec![2; 4];
    let config =
        Config { blocks: 48, validators: 4, powers, absent_percent: 100, ..Config::default() };
    let mut hospital = Hospital::new(&config.chain_id);
    let records = move |height, time| hospital.block(height, time);
    let network = Hospital::network().unwrap();
    Simulation::with_contract(config, Hooks::default(), network, records).unwrap().run()
}

#[test]
fn every_claim_is_reached_from_an_anchor_at_any_height() {
    for anchor in 1..=LEDGER.anchor.height {
        let packet = build(&LEDGER, anchor, everything(&LEDGER)).unwrap();
        let report = verify(&LEDGER, anchor, &packet.to_bytes());
        assert_eq!(report.verdict.code, "verified", "{anchor}: {:?}", report.verdict);
        // What is below the anchor needs no signature.
        let is_at_tip = anchor == LEDGER.anchor.height;
        assert_eq!(packet.commits.is_empty(), is_at_tip, "{anchor}");
    }
}

#[test]
fn records_far_below_the_anchor_are_shown_in_the_log() {
    let wanted = || vec![Wanted::Record(id(&LEDGER, 3, 0))];
    for (anchor, is_log) in [(1, false), (3, false), (19, false), (20, true), (25, true)] {
        let packet = build(&LEDGER, anchor, wanted()).unwrap();
        let Claim::Record(claim) = &packet.claims[0] else { panic!("a record") };
        assert_eq!(claim.log.is_some(), is_log, "{anchor}");
        assert_eq!(verify(&LEDGER, anchor, &packet.to_bytes()).verdict.code, "verified");
    }
}

#[test]
fn trust_goes_as_far_as_it_carries_and_on_from_there() {
    let ledger = changing();
    let last = ledger.anchor.height;
    let packet = build(&ledger, 1, vec![Wanted::Header]).unwrap();
    assert!(packet.links.len() > 1, "{} links", packet.links.len());
    assert!(packet.links.len() < 12, "{} links", packet.links.len());
    let bytes = packet.to_bytes();
    assert_eq!(verify(&ledger, 1, &bytes).verdict.code, "verified");
    // Who trusts less is not satisfied with one third.
    let policy = Policy { trust_level: TrustLevel::new(1, 1).unwrap(), ..Policy::default() };
    let report = verify_with(anchors_at(&ledger, 1), policy, &bytes, vec![]);
    assert_eq!(report.verdict.code, "not-enough-trust");
    println!("harness: {} links over {last} blocks whose validators change", packet.links.len());
    // Each of them is needed.
    for link in 0..packet.links.len() {
        let mut links = packet.links.to_vec();
        links.remove(link);
        let links = List::new(links).unwrap();
        let without = Packet { links, ..packet.clone() };
        let code = verify(&ledger, 1, &without.to_bytes()).verdict.code;
        assert_eq!(code, "packet.links", "without link {link}");
    }
}

#[test]
fn clock_and_trusting_period_are_the_users() {
    let bytes = build(&LEDGER, 1, vec![Wanted::Header]).unwrap().to_bytes();
    let time = |height: usize| LEDGER.blocks[height - 1].draft.header.time;
    let judged = |now, period| {
        let policy = Policy { now: Some(now), trusting_period: period, ..Policy::default() };
        verify_with(anchors_at(&LEDGER, 1), policy, &bytes, vec![]).verdict.code
    };
    let last = LEDGER.blocks.len();
    assert_eq!(judged(time(last), Some(1_000_000)), "verified");
    assert_eq!(judged(time(last), Some(1)), "light.trusting-period");
    assert_eq!(judged(time(1), Some(1_000_000)), "light.clock-drift");
    let report = verify(&LEDGER, 1, &bytes);
    let codes: Vec<_> = report.not_proven.iter().map(|item| &*item.code).collect();
    assert!(codes.contains(&"policy:light.trusting-period"), "{codes:?}");
}

#[test]
fn signatures_cannot_be_left_out_where_they_are_what_proves() {
    let policy = Policy::from_json(r#"{"signatures": "hash-links"}"#).unwrap();
    let judged = |anchor| {
        let bytes = build(&LEDGER, anchor, vec![patient(None, None, &[])]).unwrap().to_bytes();
        verify_with(anchors_at(&LEDGER, anchor), policy.clone(), &bytes, vec![]).verdict.code
    };
    assert_eq!(judged(1), "policy");
    assert_eq!(judged(LEDGER.anchor.height), "verified");
}

/// A ledger of the same chain and validators, whose blocks are others.
fn other_at(height: u64) -> TrustAnchor {
    anchor_at(&OTHER, height)
}

#[test]
fn second_anchor_is_compared_or_the_packet_is_none_for_it() {
    let end = LEDGER.anchor.height;
    let own = |height| anchor_at(&LEDGER, height);
    let old = || vec![patient(None, Some(4), &[])];
    for (name, start, wanted, second, expected) in [
        ("above, the anchor between is the ledger's", end, old(), own(10), "verified"),
        ("above, the anchor between is another's", end, old(), other_at(10), "anchor.header-hash"),
        ("above, the anchor at the claim's header is the ledger's", end, old(), own(5), "verified"),
        (
            "above, the anchor at the claim's header is another's",
            end,
            old(),
            other_at(5),
            "anchor.header-hash",
        ),
        ("above, the anchor below all is another's", end, old(), other_at(2), "verified"),
        ("below, the anchor at the claim's header is the ledger's", 1, old(), own(5), "verified"),
        (
            "below, the anchor at the claim's header is another's",
            1,
            old(),
            other_at(5),
            "anchor.header-hash",
        ),
        (
            "below, the anchor that is passed by is the ledger's",
            1,
            old(),
            own(3),
            "anchor-out-of-range",
        ),
        (
            "below, the anchor that is passed by is another's",
            1,
            old(),
            other_at(3),
            "anchor-out-of-range",
        ),
        (
            "below, the anchor above all is another's",
            1,
            old(),
            other_at(end),
            "anchor-out-of-range",
        ),
    ] {
        let bytes = build(&LEDGER, start, wanted).unwrap().to_bytes();
        let anchors = Anchors { anchors: vec![own(start), second], ..Anchors::default() };
        let report = verify_with(anchors, Policy::default(), &bytes, vec![]);
        assert_eq!(report.verdict.code, expected, "{name}: {:?}", report.verdict);
        assert_eq!(report.claims.is_empty(), expected != "verified", "{name}");
    }
}

/// Twenty validators, of whom thirteen are replaced at a time. The seven that stay are trusted enough for one
/// change, and not for two.
#[test]
fn twenty_validators_are_followed_over_several_sets() {
    let config = Config { validators: 20, powers: vec![1; 20], blocks: 40, ..Config::default() };
    let hooks = Hooks::default().on_set(|draft| {
        if !draft.height.is_multiple_of(8) {
            return;
        }
        let known: Vec<_> = draft.list.validators.iter().map(|one| one.address).collect();
        let mut newcomers = test_keys::all().iter().filter(|key| !known.contains(&key.address()));
        let turn = usize::try_from(draft.height / 8).unwrap();
        for place in 0..13 {
            let key = newcomers.nth(turn).unwrap();
            draft.list.validators[place] = Validator {
                address: key.address(),
                key: ValidatorKey::Ed25519(key.public()),
                power: 1,
            };
        }
        draft.list.sort();
    });
    let ledger = Simulation::new(config, hooks).unwrap().run();
    let packet = build(&ledger, 1, vec![Wanted::Header]).unwrap();
    let bytes = packet.to_bytes();
    assert_eq!(verify(&ledger, 1, &bytes).verdict.code, "verified");
    assert!(packet.links.len() >= 3, "{} links", packet.links.len());
    assert!(packet.sets.len() >= 3, "{} sets", packet.sets.len());
    println!(
        "{} links over {} sets of twenty validators: {} bytes",
        packet.links.len(),
        packet.sets.len(),
        bytes.len()
    );
    for link in packet.links.iter() {
        let mut changed = packet.clone();
        let mut links = packet.links.to_vec();
        links.retain(|other| other != link);
        changed.links = List::new(links).unwrap();
        assert_eq!(verify(&ledger, 1, &changed.to_bytes()).verdict.code, "packet.links");
    }
}
