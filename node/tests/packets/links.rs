//! How headers are reached from anchors below, at and above them.

use vidimus::{
    packet::{Packet, build::Wanted, claim::Claim},
    policy::{Policy, TrustLevel},
};
use vidimus_node::simulate::{Config, Hooks, Hospital, Ledger, Simulation};

use super::world::{LEDGER, anchors_at, build, everything, id, patient, verify, verify_with};

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
        let links = vidimus::encoding::cbor::List::new(links).unwrap();
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
