//! What a block adds to the container.

use std::mem;

use vidimus::{
    encoding::protobuf::Message as _,
    ledger::cometbft::{genesis::Genesis, validator::ValidatorList},
    snapshot::{Kind, Manifest, Writer},
};

use super::{
    block::SimulatedBlock,
    config::{Format, GENESIS_TIME},
    hooks::{Item, ItemsDraft, SetDraft},
    rotation::RotatedSet,
    simulation::Simulation,
};

impl Simulation {
    /// Bytes that the container grows by.
    pub(super) fn write(&mut self, block: &SimulatedBlock) -> Vec<u8> {
        let height = block.height();
        let is_in_range = height >= self.config.first_height();
        if is_in_range {
            let mut draft = ItemsDraft { height, items: self.items(block) };
            self.hooks.run_items(&mut draft);
            for item in draft.items {
                self.writer.item(item.kind, &item.bytes);
            }
        }
        if !block.is_last {
            // The manifest waits in the writer for the first block of the range.
            return if is_in_range { self.writer.take() } else { Vec::new() };
        }
        let ended = Writer::new(&Manifest {
            family: String::new(),
            chain_id: String::new(),
            first: 0,
            last: 0,
        });
        mem::replace(&mut self.writer, ended).finish()
    }

    fn items(&mut self, block: &SimulatedBlock) -> Vec<Item> {
        let height = block.height();
        let is_first = height == self.config.first_height();
        if self.config.format == Format::LightBlocks {
            let mut light = block.light_block();
            light.validators = self.listed(&block.validators, height);
            return vec![Item { kind: Kind::LightBlock, bytes: light.to_bytes() }];
        }
        let mut items = Vec::new();
        let mut push = |kind, bytes| items.push(Item { kind, bytes });
        if is_first && height == self.config.initial_height {
            let genesis = Genesis { initial_height: height, time: GENESIS_TIME };
            push(Kind::Genesis, genesis.to_bytes());
        }
        if is_first {
            for chunk in mem::take(&mut self.state) {
                push(Kind::State, chunk);
            }
            push(Kind::Validators, self.listed(&block.validators, height).to_bytes());
        } else if let (Some(last), true) = (&self.last, self.config.results) {
            push(Kind::BlockResults, last.results.to_bytes());
        }
        if block.next_validators.hash() != block.validators.hash() {
            let next = self.listed(&block.next_validators, height.saturating_add(1));
            push(Kind::Validators, next.to_bytes());
        }
        push(Kind::ConsensusParams, block.draft.params.to_bytes());
        push(Kind::Block, block.bytes.clone());
        if block.is_last {
            push(Kind::Commit, block.commit.to_bytes());
        }
        items
    }

    fn listed(&mut self, set: &RotatedSet, height: u64) -> ValidatorList {
        let mut draft = SetDraft { height, list: set.list().clone() };
        self.hooks.run_listed(&mut draft);
        draft.list
    }
}
