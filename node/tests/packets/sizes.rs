//! How large packets are.

use vidimus::packet::{
    build::Wanted,
    claim::{Claim, Entry},
};
use vidimus_node::simulate::{Hooks, Ledger};

use super::{
    fixture::Fixture,
    world::{build, id, patient, verify},
};

/// Twenty validators, and two hundred accesses of one subject in twenty blocks.
fn ledger() -> Ledger {
    let mut fixture = Fixture::new();
    for _ in 0..20 {
        fixture = fixture.block(|world| (0..10).map(|_| world.access(None, |_| {})).collect());
    }
    fixture.idle(3).write_with(|config| config.validators = 20, Hooks::default())
}

#[test]
fn packets_are_small() {
    let ledger = ledger();
    let tip = ledger.anchor.height;
    // From below over a commit, in the block of ten; from close above; from far above.
    for anchor in [1, 14, tip] {
        let packet = build(&ledger, anchor, vec![Wanted::Record(id(&ledger, 4, 9))]).unwrap();
        let bytes = packet.to_bytes();
        println!("harness: packet of one record, anchor at {anchor}: {} bytes", bytes.len());
        assert!(bytes.len() <= 8_000, "{} bytes", bytes.len());
        assert_eq!(verify(&ledger, anchor, &bytes).verdict.code, "verified");
    }
    for anchor in [1, tip] {
        let packet = build(&ledger, anchor, vec![patient(None, None, &[])]).unwrap();
        let bytes = packet.to_bytes();
        let Claim::Subject(claim) = &packet.claims[0] else { panic!("a subject") };
        let of = |entry: &Entry| match entry {
            Entry::Shown(shown) => shown.transaction.len(),
            _ => 0,
        };
        let own: usize = claim.records.iter().map(of).sum();
        let percent = bytes.len() * 100 / own;
        println!(
            "harness: packet of {} records of {own} bytes, anchor at {anchor}: {} bytes, {percent} %",
            claim.records.len(),
            bytes.len()
        );
        assert_eq!(claim.records.len(), 201);
        assert!(percent <= 130, "{percent} %");
        assert_eq!(verify(&ledger, anchor, &bytes).verdict.code, "verified");
    }
}
