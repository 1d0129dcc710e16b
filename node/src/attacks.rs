//! Named attacks: ledgers that break one rule each, and the check that must catch it.
//!
//! The attacker may recompute every hash, and in most cases holds every key, so that nothing but
//! the named rule is broken: with that rule off, the verifier would accept the ledger. Where the
//! attacker has less, or more than one rule would catch it, the case says so.

mod commit;
mod container;
mod contents;
mod contract;
mod header;
mod light;
mod packet;
mod validators;

use vidimus::{
    anchor::TrustAnchor,
    encoding::hex::Hash,
    limits::Limits,
    snapshot::{self, Manifest, Reader, Writer},
};

pub use self::contract::with_wrong_decision;

use crate::simulate::{Config, Hooks, Item, Ledger, Simulation};

/// The height at which most attacks strike, of [`BLOCKS`].
const STRIKE: u64 = 5;
/// Blocks of an attacked ledger.
const BLOCKS: u64 = 8;

/// A ledger that must not be verified.
#[derive(Clone, Debug)]
pub struct Attack {
    /// What the attacker does, as a sentence.
    pub name: &'static str,
    /// The id of the check that fails, or the code of the reason for no verdict.
    pub expects: &'static str,
    /// Whether this check alone stands between the attack and a verified ledger.
    pub sole: bool,
    /// The snapshot, or the packet.
    pub container: Vec<u8>,
    /// The anchor text that the user has.
    pub anchor: String,
    /// The user's policy, JSON.
    pub policy: &'static str,
}

impl Attack {
    fn new(name: &'static str, expects: &'static str, ledger: Ledger) -> Self {
        Self {
            name,
            expects,
            sole: true,
            anchor: ledger.anchor.to_string(),
            container: ledger.container,
            policy: "{}",
        }
    }

    /// Other checks would catch it as well.
    fn caught_twice(self) -> Self {
        Self { sole: false, ..self }
    }

    fn with_anchor(self, anchor: &TrustAnchor) -> Self {
        Self { anchor: anchor.to_string(), ..self }
    }

    fn with_policy(self, policy: &'static str) -> Self {
        Self { policy, ..self }
    }

    /// Changes the container after it was written.
    fn edited(mut self, edit: impl FnOnce(&mut Vec<u8>)) -> Self {
        edit(&mut self.container);
        self
    }

    /// Takes the container apart, changes its items, and writes it again.
    fn items(self, edit: impl FnOnce(&mut Manifest, &mut Vec<Item>)) -> Self {
        self.edited(|container| {
            if let Some((mut manifest, mut items)) = take_apart(container) {
                edit(&mut manifest, &mut items);
                *container = write(&manifest, &items);
            }
        })
    }
}

/// Every attack there is.
pub fn all() -> Vec<Attack> {
    [
        container::attacks(),
        header::attacks(),
        contents::attacks(),
        validators::attacks(),
        commit::attacks(),
        light::attacks(),
        contract::attacks(),
        packet::attacks(),
    ]
    .concat()
}

/// The ledger that attacks start from: five validators of unlike power, votes of every kind.
fn honest() -> Config {
    Config {
        chain_id: "vidimus-attacked".to_owned(),
        validators: 5,
        powers: vec![10, 9, 8, 7, 6],
        blocks: BLOCKS,
        nil_percent: 10,
        absent_percent: 10,
        evidence: 4,
        ..Config::default()
    }
}

/// What stands for a ledger that cannot be simulated: no verification takes it for one.
fn no_ledger() -> Ledger {
    Ledger {
        container: Vec::new(),
        blocks: Vec::new(),
        anchor: TrustAnchor {
            profile: vidimus::ledger::cometbft::profile::Profile::V0_38,
            chain_id: String::new(),
            height: 0,
            header_hash: Hash([0; 32]),
        },
    }
}

/// Simulates; the configurations here are all sound.
fn ledger(config: Config, hooks: Hooks) -> Ledger {
    match Simulation::new(config, hooks) {
        Ok(simulation) => simulation.run(),
        Err(_) => no_ledger(),
    }
}

/// A hash that is nothing's.
const WRONG: Hash = Hash([0xee; 32]);

fn take_apart(container: &[u8]) -> Option<(Manifest, Vec<Item>)> {
    let mut reader = Reader::new(Limits::default());
    reader.feed(container);
    let snapshot::Item::Manifest(manifest) = reader.next_item().ok()?? else { return None };
    let mut items = Vec::new();
    while let Some(item) = reader.next_item().ok()? {
        if let snapshot::Item::Payload { kind, bytes, .. } = item {
            items.push(Item { kind, bytes });
        }
    }
    Some((manifest, items))
}

fn write(manifest: &Manifest, items: &[Item]) -> Vec<u8> {
    let mut writer = Writer::new(manifest);
    for item in items {
        writer.item(item.kind, &item.bytes);
    }
    writer.finish()
}
