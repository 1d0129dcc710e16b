//! By somebody with every key: a header field that is not what it must be.

use vidimus::{
    encoding::{hex::Address, time::Timestamp},
    ledger::cometbft::{
        block_id::{BlockId, PartSetHeader},
        header::Header,
        profile::Profile,
    },
    snapshot::Kind,
};

use super::{Attack, STRIKE, WRONG, honest, ledger};
use crate::simulate::{Config, Hooks};

/// A header that is changed after its hashes are computed, and then signed by everybody.
fn signed(
    name: &'static str,
    expects: &'static str,
    change: impl Fn(&mut Header) + 'static,
) -> Attack {
    signed_at(name, expects, STRIKE, honest(), change)
}

fn signed_at(
    name: &'static str,
    expects: &'static str,
    height: u64,
    config: Config,
    change: impl Fn(&mut Header) + 'static,
) -> Attack {
    let hooks = Hooks::default().on_header(move |draft| {
        if draft.height == height {
            change(&mut draft.header);
        }
    });
    Attack::new(name, expects, ledger(config, hooks))
}

pub(super) fn attacks() -> Vec<Attack> {
    [fields(), first_blocks_with_a_past()].concat()
}

fn fields() -> Vec<Attack> {
    let asserted = || Config { profile: Profile::V1_0Pbts, ..honest() };
    vec![
        signed("a header is of an older block protocol", "header.version", |h| {
            h.version_block = 10;
        }),
        signed("a header is of another chain", "header.chain-id", |h| h.chain_id.push('2')),
        signed("a header has no proposer", "header.well-formed", |h| h.proposer_address = None)
            .caught_twice(),
        signed("a header names no validators", "header.well-formed", |h| h.validators_hash = None)
            .caught_twice(),
        signed("a header links to another block", "header.last-block-hash", |h| {
            h.last_block_id.hash = Some(WRONG);
        }),
        signed("a header links to no block", "header.last-block-hash", |h| {
            h.last_block_id = BlockId::default();
        })
        .caught_twice(),
        signed("a header links to other parts", "header.last-part-set", |h| {
            h.last_block_id.parts.hash = Some(WRONG);
        }),
        signed("a header links to one part more", "header.last-part-set", |h| {
            h.last_block_id.parts.total = 2;
        }),
        signed("a header names other transactions", "block.data-hash", |h| {
            h.data_hash = Some(WRONG);
        }),
        signed("a header names no transactions", "block.data-hash", |h| h.data_hash = None),
        signed("a header names other signatures", "block.last-commit-hash", |h| {
            h.last_commit_hash = Some(WRONG);
        }),
        signed("a header names other evidence", "block.evidence-hash", |h| {
            h.evidence_hash = Some(WRONG);
        }),
        signed("a header names another validator set", "header.validators-hash", |h| {
            h.validators_hash = Some(WRONG);
        }),
        signed("a header names another next set", "header.next-validators-hash", |h| {
            h.next_validators_hash = Some(WRONG);
        }),
        signed("a stranger proposes a block", "header.proposer", |h| {
            h.proposer_address = Some(Address([7; 20]));
        }),
        signed("a header names other parameters", "header.consensus-hash", |h| {
            h.consensus_hash = Some(WRONG);
        }),
        signed("a header names other results", "header.last-results-hash", |h| {
            h.last_results_hash = Some(WRONG);
        }),
        signed("a proposer moves time forward by a nanosecond", "header.time", |h| {
            h.time = plus(h.time, 1);
        }),
        signed("a proposer moves time forward by a day", "header.time", |h| {
            h.time.seconds = h.time.seconds.saturating_add(86_400);
        }),
        signed_at(
            "time stands still where proposers assert it",
            "header.time-monotonic",
            STRIKE,
            asserted(),
            |h| h.time = Timestamp { seconds: 1_767_225_600, nanos: 0 },
        ),
        signed_at("time runs back", "header.time-monotonic", STRIKE, honest(), |h| {
            h.time.seconds = h.time.seconds.saturating_sub(3_600);
        })
        .caught_twice(),
        nil_votes_steer_time(),
    ]
}

fn plus(time: Timestamp, nanos: u32) -> Timestamp {
    Timestamp { nanos: time.nanos.saturating_add(nanos).min(999_999_999), ..time }
}

/// A chain that began earlier is passed off as beginning here: at height 1, or with a genesis at
/// another height.
fn first_blocks_with_a_past() -> Vec<Attack> {
    let past = BlockId { hash: Some(WRONG), parts: PartSetHeader { total: 1, hash: Some(WRONG) } };
    let attack = |name, initial_height| {
        let hooks = Hooks::default().on_block(move |draft| {
            if draft.height == initial_height {
                draft.header.last_block_id = past;
                draft.last_commit.block_id = past;
            }
        });
        let config = Config { initial_height, ..honest() };
        Attack::new(name, "block.first", ledger(config, hooks))
    };
    vec![
        attack("the first block has a block before it", 1),
        attack("the first block of a later start has a block before it", 7).caught_twice(),
        attack("the first block has a block before it, without genesis", 1)
            .items(|_, items| items.retain(|item| item.kind != Kind::Genesis)),
    ]
}

/// Block time by the rule of 0.38, shown to a user whose network counts COMMIT votes only.
fn nil_votes_steer_time() -> Attack {
    let config = Config { nil_percent: 30, ..honest() };
    let mut ledger = ledger(config, Hooks::default());
    ledger.anchor.profile = Profile::V0_40;
    Attack::new("nil votes move block time", "header.time", ledger)
}
