//! Named attacks on packets, each with the check that must catch it. The honest twin of all is the packet
//! that they start from, which is verified first.

#[path = "attacks/commits.rs"]
mod commits;
#[path = "attacks/documents.rs"]
mod documents;
#[path = "attacks/entries.rs"]
mod entries;
#[path = "attacks/links.rs"]
mod links;
#[path = "attacks/logs.rs"]
mod logs;
#[path = "attacks/organizations.rs"]
mod organizations;
#[path = "attacks/places.rs"]
mod places;
#[path = "attacks/splices.rs"]
mod splices;

use super::{
    fixture::Fixture,
    world::{LEDGER, anchors_at, build, id, patient, verify, verify_with},
};
use std::{collections::BTreeSet, sync::LazyLock};
use vidimus::{
    encoding::cbor::List, encoding::hex::Hash, merkle::anchor_tree::SaltedDigest, packet::Bytes,
    packet::Hashes, packet::Packet, packet::build::Wanted, packet::claim::Claim,
    packet::claim::Entry, packet::claim::RecordClaim, packet::claim::Shown,
    packet::claim::SubjectClaim, packet::link::Link, policy::Policy,
};
use vidimus_node::simulate::{Hooks, Ledger};

/// An attack: the honest packet, for an anchor at which height of which ledger, and what is done to it.
struct Attack {
    name: &'static str,
    expects: &'static str,
    ledger: &'static LazyLock<Ledger>,
    anchor: u64,
    honest: Box<dyn Fn() -> Packet>,
    edit: Box<dyn Fn(&mut Packet)>,
    /// What whoever verifies has in place of the document.
    digest: Option<SaltedDigest>,
}

impl Attack {
    /// Whoever verifies has another document than the honest one.
    fn with_document(self, digest: SaltedDigest) -> Self {
        Self { digest: Some(digest), ..self }
    }

    /// Why it is not judged as it should be, if it is not.
    fn judge(&self) -> Option<String> {
        let Self { name, expects, ledger, anchor, honest, edit, digest } = self;
        let mut packet = honest();
        let twin = verify(ledger, *anchor, &packet.to_bytes()).verdict.code;
        edit(&mut packet);
        let bytes = packet.to_bytes();
        let report = match digest {
            Some(digest) => {
                let documents = vec![vec![*digest]];
                verify_with(anchors_at(ledger, *anchor), Policy::default(), &bytes, documents)
            }
            None => verify(ledger, *anchor, &bytes),
        };
        let code = report.verdict.code;
        let is_right = twin == "verified" && code == *expects && report.claims.is_empty();
        (!is_right).then(|| format!("{name}: expected {expects}, got {code}; its twin {twin}"))
    }
}

/// Another ledger of the same validators and chain id, with another history.
pub(super) static OTHER: LazyLock<Ledger> = LazyLock::new(|| {
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
    attack_on(&LEDGER, name, expects, anchor, vec![wanted], edit)
}

/// On a packet about several things, or of another ledger.
fn attack_on(
    ledger: &'static LazyLock<Ledger>,
    name: &'static str,
    expects: &'static str,
    anchor: u64,
    wanted: Vec<Wanted>,
    edit: impl Fn(&mut Packet) + 'static,
) -> Attack {
    let honest = Box::new(move || build(ledger, anchor, wanted.clone()).unwrap());
    Attack { name, expects, ledger, anchor, honest, edit: Box::new(edit), digest: None }
}

#[test]
fn every_attack_fails_the_check_that_it_names_and_its_twin_is_verified() {
    let areas = [
        places::attacks(),
        logs::attacks(),
        organizations::attacks(),
        splices::attacks(),
        entries::attacks(),
        documents::attacks(),
        links::attacks(),
        commits::attacks(),
    ];
    let attacks: Vec<Attack> = areas.into_iter().flatten().collect();
    let names: BTreeSet<&str> = attacks.iter().map(|attack| attack.name).collect();
    assert_eq!(names.len(), attacks.len(), "each attack has a name of its own");
    let wrong: Vec<String> = attacks.iter().filter_map(Attack::judge).collect();
    println!(
        "harness: {} attacks on packets, {} judged otherwise than named",
        attacks.len(),
        wrong.len()
    );
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(attacks.len() >= 150, "{}", attacks.len());
}
