//! Light blocks.

use vidimus::{
    encoding::protobuf::Message as _,
    ledger::cometbft::{commit::BlockIdFlag, profile::Profile, validator::ValidatorList},
    snapshot::Kind,
};

use super::{Attack, BLOCKS, STRIKE, honest, ledger};
use crate::simulate::{Config, Format, Hooks, Item, Ledger};

const HEADERS: &str = r#"{"require": "headers"}"#;

fn headers() -> Config {
    Config { format: Format::LightBlocks, evidence: 0, ..honest() }
}

/// A row of light blocks with the anchor at its start, so that trust must be carried forward.
fn forward(name: &'static str, expects: &'static str, config: Config, hooks: Hooks) -> Attack {
    let ledger = ledger(config, hooks);
    let anchor = first_anchor(&ledger);
    Attack::new(name, expects, ledger).with_anchor(&anchor).with_policy(HEADERS)
}

fn first_anchor(ledger: &Ledger) -> vidimus::anchor::TrustAnchor {
    let mut anchor = ledger.anchor.clone();
    if let Some(block) = ledger.blocks.first() {
        (anchor.height, anchor.header_hash) = (block.height(), block.hash());
    }
    anchor
}

/// Keeps only the first and the last light block: everything in between is skipped.
fn skipping(attack: Attack) -> Attack {
    attack.items(|_, items| {
        let last = items.pop();
        items.truncate(1);
        items.extend(last);
    })
}

pub(super) fn attacks() -> Vec<Attack> {
    let no_next_set = Hooks::default().on_header(|draft| {
        if draft.height == BLOCKS {
            draft.header.next_validators_hash = None;
        }
    });
    let replaced = Hooks::default().on_set(|draft| {
        if draft.height == STRIKE {
            strangers(&mut draft.list);
        }
    });
    let unchecked = Config { profile: Profile::V1_0Pbts, ..headers() };
    vec![
        forward("a header names no next set", "header.well-formed", headers(), no_next_set),
        skipping(forward(
            "a stranger's set signs under the addresses of trusted validators",
            "not-enough-trust",
            unchecked,
            impersonating(),
        )),
        between_trusted_ones(),
        before_the_anchor(),
        anchor_in_a_gap(),
        skipping(forward(
            "the whole set is replaced between two headers",
            "not-enough-trust",
            headers(),
            replaced,
        ))
        .caught_twice(),
        forward(
            "trust starts from a header of long ago",
            "light.trusting-period",
            headers(),
            Hooks::default(),
        )
        .with_policy(
            r#"{"require": "headers", "now": "2026-06-01T00:00:00Z", "trusting_period": "86400"}"#,
        ),
        forward("headers are of the future", "light.clock-drift", headers(), Hooks::default())
            .with_policy(r#"{"require": "headers", "now": "2025-12-31T23:00:00Z"}"#),
        forward("headers stand for blocks", "incomplete", headers(), Hooks::default())
            .with_policy("{}")
            .caught_twice(),
        forward(
            "a header before the anchor is left out",
            "incomplete",
            headers(),
            Hooks::default(),
        )
        .items(|_, items| drop(items.remove(1)))
        .caught_twice()
        .anchored_last(),
        forward("a light block stands twice", "header.height", headers(), Hooks::default())
            .items(|_, items| {
                let copy = items.get(3).cloned();
                items.splice(3..3, copy);
            })
            .caught_twice(),
        forward(
            "a commit stands among light blocks",
            "snapshot.order",
            headers(),
            Hooks::default(),
        )
        .items(|_, items| {
            for item in items.iter_mut().skip(3).take(1) {
                item.kind = Kind::Commit;
            }
        })
        .caught_twice(),
    ]
}

impl Attack {
    /// Moves the anchor to the last light block.
    fn anchored_last(self) -> Self {
        let anchor = ledger(headers(), Hooks::default()).anchor;
        self.with_anchor(&anchor)
    }
}

/// From one height on strangers sign; their entries name the validators of the set before.
fn impersonating() -> Hooks {
    let honest = ledger(headers(), Hooks::default());
    let names: Vec<_> = honest.blocks.first().map_or_else(Vec::new, |block| {
        block.validators.list().validators.iter().map(|validator| validator.address).collect()
    });
    Hooks::default()
        .on_set(|draft| {
            if draft.height == STRIKE {
                strangers(&mut draft.list);
            }
        })
        .on_votes(move |plan| {
            if plan.height >= STRIKE {
                for (vote, name) in plan.votes.iter_mut().zip(&names) {
                    vote.address = *name;
                    vote.flag = BlockIdFlag::Commit;
                }
            }
        })
}

fn strangers(list: &mut ValidatorList) {
    let other = ledger(Config { seed: 99, ..headers() }, Hooks::default());
    if let Some(block) = other.blocks.first() {
        list.clone_from(block.validators.list());
    }
}

/// A forger's light block at `height`, on a chain of the same id.
fn forged(height: u64) -> Option<Item> {
    let other = ledger(Config { seed: 99, ..headers() }, Hooks::default());
    let block = other.blocks.iter().find(|block| block.height() == height)?;
    Some(Item { kind: Kind::LightBlock, bytes: block.light_block().to_bytes() })
}

/// Between two headers that trust reaches, one that it does not.
fn between_trusted_ones() -> Attack {
    let name = "a forged header stands between two trusted ones";
    forward(name, "not-enough-trust", headers(), Hooks::default()).caught_twice().items(
        |_, items| {
            let last = items.pop();
            items.truncate(1);
            items.extend(forged(4));
            items.extend(last);
        },
    )
}

/// Before the anchor, behind a gap.
fn before_the_anchor() -> Attack {
    let name = "a forged header stands before the anchor";
    forward(name, "incomplete", headers(), Hooks::default()).caught_twice().anchored_last().items(
        |_, items| {
            let last = items.pop();
            items.clear();
            items.extend(forged(1));
            items.extend(last);
        },
    )
}

/// Of two anchors, the snapshot skips the height of one.
fn anchor_in_a_gap() -> Attack {
    let name = "the snapshot skips the height of an anchor";
    let mut attack = forward(name, "anchor-out-of-range", headers(), Hooks::default());
    let missing = vidimus::anchor::TrustAnchor {
        height: 4,
        header_hash: super::WRONG,
        ..first_anchor(&ledger(headers(), Hooks::default()))
    };
    attack.anchor = format!("{}\n{missing}", attack.anchor);
    skipping(attack.caught_twice())
}
