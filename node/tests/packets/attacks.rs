//! Named attacks on packets, each with the check that must catch it. The honest twin of all is the packet
//! that they start from, which is verified first.

#[path = "attacks/entries.rs"]
mod entries;
#[path = "attacks/links.rs"]
mod links;
#[path = "attacks/logs.rs"]
mod logs;
#[path = "attacks/places.rs"]
mod places;

use super::{
    fixture::Fixture,
    world::{LEDGER, build, id, patient, verify},
};
use std::{collections::BTreeSet, sync::LazyLock};
use vidimus::{
    encoding::cbor::List, encoding::hex::Hash, packet::Bytes, packet::Hashes, packet::Packet,
    packet::build::Wanted, packet::claim::Claim, packet::claim::Entry, packet::claim::RecordClaim,
    packet::claim::Shown, packet::claim::SubjectClaim, packet::link::Link,
};
use vidimus_node::simulate::{Hooks, Ledger};

/// An attack: what the packet is about, for an anchor at which height, and what is done to it.
struct Attack {
    name: &'static str,
    expects: &'static str,
    anchor: u64,
    wanted: Vec<Wanted>,
    edit: Box<dyn Fn(&mut Packet)>,
}

/// Another ledger of the same validators and chain id, with another history.
static OTHER: LazyLock<Ledger> = LazyLock::new(|| {
    Fixture::new()
        .block(|world| vec![world.access(None, |_| {})])
        .idle(28)
        .write_with(|config| config.validators = 7, Hooks::default())
});

fn list<T, const MIN: usize, const MAX: usize>(values: Vec<T>) -> List<T, MIN, MAX> {
    List::new(values).unwrap()
}

fn claims(packet: &mut Packet, edit: impl FnOnce(&mut Vec<Claim>)) {
    let mut all = packet.claims.to_vec();
    edit(&mut all);
    packet.claims = list(all);
}

fn record(packet: &mut Packet, edit: impl FnOnce(&mut RecordClaim)) {
    claims(packet, |claims| {
        let Claim::Record(claim) = &mut claims[0] else { panic!("a record") };
        edit(claim);
    });
}

fn subject(packet: &mut Packet, edit: impl FnOnce(&mut SubjectClaim)) {
    claims(packet, |claims| {
        let Claim::Subject(claim) = &mut claims[0] else { panic!("a subject") };
        edit(claim);
    });
}

fn records(packet: &mut Packet, edit: impl FnOnce(&mut Vec<Entry>)) {
    subject(packet, |claim| {
        let mut records = claim.records.to_vec();
        edit(&mut records);
        claim.records = list(records);
    });
}

fn shown(entry: &mut Entry) -> &mut Shown {
    let Entry::Shown(shown) = entry else { panic!("shown") };
    shown
}

fn change_links(packet: &mut Packet, edit: impl FnOnce(&mut Vec<Link>)) {
    let mut links = packet.links.to_vec();
    edit(&mut links);
    packet.links = list(links);
}

/// The packet that the builder makes of another ledger or for something else.
fn of(ledger: &Ledger, anchor: u64, wanted: Wanted) -> Packet {
    build(ledger, anchor, vec![wanted]).unwrap()
}

fn proof_of(packet: &Packet) -> Bytes {
    match &packet.claims[0] {
        Claim::Subject(claim) => claim.proof.clone(),
        Claim::Consent(claim) => claim.proof.clone(),
        Claim::Absence(claim) => claim.proof.clone(),
        _ => panic!("a claim with a proof"),
    }
}

fn changed(hashes: &Hashes, edit: impl FnOnce(&mut Vec<Hash>)) -> Hashes {
    let mut hashes = hashes.to_vec();
    edit(&mut hashes);
    hashes.into()
}

fn access() -> Wanted {
    Wanted::Record(id(&LEDGER, 3, 0))
}

fn all() -> Wanted {
    patient(None, None, &[])
}

fn attack(
    name: &'static str,
    expects: &'static str,
    anchor: u64,
    wanted: Wanted,
    edit: impl Fn(&mut Packet) + 'static,
) -> Attack {
    Attack { name, expects, anchor, wanted: vec![wanted], edit: Box::new(edit) }
}

#[test]
fn every_attack_fails_the_check_that_it_names_and_its_twin_is_verified() {
    let areas = [places::attacks(), logs::attacks(), entries::attacks(), links::attacks()];
    let attacks: Vec<Attack> = areas.into_iter().flatten().collect();
    let names: BTreeSet<&str> = attacks.iter().map(|attack| attack.name).collect();
    assert_eq!(names.len(), attacks.len(), "each attack has a name of its own");
    let mut wrong = Vec::new();
    for Attack { name, expects, anchor, wanted, edit } in &attacks {
        let mut packet = build(&LEDGER, *anchor, wanted.clone()).unwrap();
        let twin = verify(&LEDGER, *anchor, &packet.to_bytes()).verdict.code;
        edit(&mut packet);
        let code = verify(&LEDGER, *anchor, &packet.to_bytes()).verdict.code;
        if twin != "verified" || code != *expects {
            wrong.push(format!("{name}: expected {expects}, got {code}; its twin {twin}"));
        }
    }
    println!(
        "harness: {} attacks on packets, {} judged otherwise than named",
        attacks.len(),
        wrong.len()
    );
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(attacks.len() >= 50, "{}", attacks.len());
}
