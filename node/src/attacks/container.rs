//! By somebody without any key: the file as such.

use vidimus::{
    encoding::hex::Hash,
    snapshot::{Kind, Writer},
};

use super::{Attack, BLOCKS, STRIKE, WRONG, honest, ledger, take_apart};
use crate::simulate::{Config, Hooks, Item, SimulatedBlock};

/// Positions of the items of one kind.
fn positions(items: &[Item], kind: Kind) -> Vec<usize> {
    let of_kind = items.iter().enumerate().filter(|(_, item)| item.kind == kind);
    of_kind.map(|(position, _)| position).collect()
}

fn nth(items: &[Item], kind: Kind, n: usize) -> usize {
    positions(items, kind).get(n).copied().unwrap_or_default()
}

pub(super) fn attacks() -> Vec<Attack> {
    [manifests(), blocks(), order(), framing()].concat()
}

fn plain(name: &'static str, expects: &'static str) -> Attack {
    Attack::new(name, expects, ledger(honest(), Hooks::default()))
}

fn churn(name: &'static str, expects: &'static str) -> Attack {
    let config = Config { churn: 3, ..honest() };
    Attack::new(name, expects, ledger(config, Hooks::default()))
}

fn manifests() -> Vec<Attack> {
    let anchor = ledger(honest(), Hooks::default()).anchor;
    let foreign = vidimus::anchor::TrustAnchor { header_hash: WRONG, ..anchor };
    vec![
        plain("the anchor is of another ledger", "anchor.header-hash").with_anchor(&foreign),
        plain("the manifest promises a block that does not follow", "snapshot.manifest")
            .items(|manifest, _| manifest.last = BLOCKS.saturating_add(1)),
        block_after_the_last(),
        plain("the manifest starts at a later block", "header.height")
            .items(|manifest, _| manifest.first = 2)
            .caught_twice(),
        plain("the manifest runs backwards", "snapshot.manifest")
            .items(|manifest, _| manifest.first = BLOCKS.saturating_add(1))
            .caught_twice(),
        plain("the manifest names another chain", "anchor-chain")
            .items(|manifest, _| manifest.chain_id.push('x'))
            .caught_twice(),
        plain("the manifest names another family", "unsupported")
            .items(|manifest, _| "fabric".clone_into(&mut manifest.family))
            .caught_twice(),
    ]
}

/// The manifest, and with it the anchor, ends before the blocks do.
fn block_after_the_last() -> Attack {
    let ledger = ledger(honest(), Hooks::default());
    let tip = BLOCKS.saturating_sub(1);
    let hash = ledger.blocks.iter().find(|block| block.height() == tip).map(SimulatedBlock::hash);
    let anchor = vidimus::anchor::TrustAnchor {
        height: tip,
        header_hash: hash.unwrap_or(WRONG),
        ..ledger.anchor.clone()
    };
    Attack::new("a block follows the last of the manifest", "snapshot.manifest", ledger)
        .with_anchor(&anchor)
        .items(move |manifest, _| manifest.last = tip)
}

fn blocks() -> Vec<Attack> {
    vec![
        plain("a block is left out", "header.height").caught_twice().items(|_, items| {
            let at = nth(items, Kind::Block, 4);
            drop(items.remove(at));
            // Its results and parameters go with it.
            items.retain(|item| item.kind != Kind::BlockResults);
            items.retain(|item| item.kind != Kind::ConsensusParams);
        }),
        plain("a block stands twice", "header.height").caught_twice().items(|_, items| {
            let at = nth(items, Kind::Block, 4);
            let block = items.get(at).cloned();
            items.splice(at..at, block);
        }),
        plain("two blocks are swapped", "header.height").caught_twice().items(|_, items| {
            let (one, two) = (nth(items, Kind::Block, 3), nth(items, Kind::Block, 4));
            items.swap(one, two);
        }),
        plain("the last block is cut off, the manifest is not", "snapshot.manifest")
            .items(|_, items| {
                let at = nth(items, Kind::Block, 7);
                items.truncate(at.saturating_sub(2));
            })
            .caught_twice(),
        plain("the commit of the last block is left out", "incomplete")
            .items(|_, items| drop(items.pop()))
            .caught_twice(),
        left_out_with_new_heights(),
    ]
}

fn order() -> Vec<Attack> {
    vec![
        plain("a validator set that does not change stands again", "snapshot.order").items(
            |_, items| {
                let set = items.get(nth(items, Kind::Validators, 0)).cloned();
                let at = nth(items, Kind::ConsensusParams, 3);
                items.splice(at..at, set);
            },
        ),
        plain("the results of a block stand twice", "snapshot.order").items(|_, items| {
            let at = nth(items, Kind::BlockResults, 2);
            let results = items.get(at).cloned();
            items.splice(at..at, results);
        }),
        plain("the parameters stand before the results", "snapshot.order").items(|_, items| {
            let at = nth(items, Kind::BlockResults, 2);
            items.swap(at, at.saturating_add(1));
        }),
        plain("results follow the last block", "snapshot.order").items(|_, items| {
            let results = items.get(nth(items, Kind::BlockResults, 2)).cloned();
            items.extend(results);
        }),
        plain("the genesis item comes after the first block", "snapshot.order").items(
            |_, items| {
                let genesis = items.remove(0);
                let at = nth(items, Kind::Block, 0).saturating_add(1);
                items.insert(at, genesis);
            },
        ),
        plain("the first validator set is left out", "snapshot.order").caught_twice().items(
            |_, items| {
                let at = nth(items, Kind::Validators, 0);
                drop(items.remove(at));
            },
        ),
        plain("a light block stands among the blocks", "snapshot.order").caught_twice().items(
            |_, items| {
                let at = nth(items, Kind::Block, 3);
                items.insert(at, Item { kind: Kind::LightBlock, bytes: Vec::new() });
            },
        ),
        churn("a change of validators is left out", "header.next-validators-hash")
            .caught_twice()
            .items(|_, items| {
                let at = nth(items, Kind::Validators, 1);
                drop(items.remove(at));
            }),
    ]
}

fn framing() -> Vec<Attack> {
    vec![
        plain("the end marker is missing", "snapshot.complete").edited(|bytes| {
            bytes.truncate(bytes.len().saturating_sub(5));
        }),
        plain("bytes follow the end marker", "snapshot.complete")
            .edited(|bytes| bytes.push(0x82))
            .caught_twice(),
        plain("the end marker counts one block more", "snapshot.complete").caught_twice().edited(
            |bytes| {
                if let Some(blocks) = bytes.last_mut() {
                    *blocks = blocks.saturating_add(1);
                }
            },
        ),
        plain("the manifest stands twice", "snapshot.manifest").caught_twice().edited(|bytes| {
            if let Some((manifest, _)) = take_apart(bytes) {
                bytes.splice(0..0, Writer::new(&manifest).take());
            }
        }),
        plain("an item is of a kind that nobody knows", "snapshot.framing").caught_twice().edited(
            |bytes| {
                let end = bytes.len().saturating_sub(5);
                bytes.splice(end..end, [0x82, 0x09, 0x40]);
            },
        ),
        plain("an item's length is written longer than it need be", "snapshot.framing")
            .caught_twice()
            .edited(|bytes| {
                let end = bytes.len().saturating_sub(5);
                bytes.splice(end..end, [0x82, 0x03, 0x58, 0x00]);
            }),
    ]
}

/// With every key: the chain goes on after a gap, and every height is signed that way.
fn left_out_with_new_heights() -> Attack {
    let hooks = Hooks::default()
        .on_manifest(|manifest| manifest.last = manifest.last.saturating_add(1))
        .on_header(|draft| {
            if draft.height >= STRIKE {
                draft.header.height = draft.height.saturating_add(1);
            }
            if draft.height > STRIKE {
                draft.evidence.clear();
                draft.compute_hashes();
            }
        })
        .on_votes(|plan| {
            if plan.height >= STRIKE {
                plan.commit_height = plan.height.saturating_add(1);
                plan.signed.height = plan.commit_height;
            }
        });
    let mut ledger = ledger(honest(), hooks);
    ledger.anchor.height = BLOCKS.saturating_add(1);
    let last = ledger.blocks.last().map_or(Hash([0; 32]), SimulatedBlock::hash);
    ledger.anchor.header_hash = last;
    Attack::new("a height is skipped, and everybody signs that", "header.height", ledger)
}
