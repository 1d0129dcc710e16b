//! By all validators together: what the contract does not say.

use vidimus::{
    contract::{chunk::StateChunk, decision::Verdict, outcome::Judgement},
    encoding::cbor,
    record::instant::Instant,
    snapshot::Kind,
    state::StateMap,
};

use super::{Attack, BLOCKS, STRIKE, WRONG, honest, no_ledger, take_apart};
use crate::simulate::{Config, Hooks, Hospital, Item, Ledger, Simulation};

/// A ledger of the contract, before its first block.
fn hospital(config: Config, hooks: Hooks) -> Option<Simulation> {
    let mut hospital = Hospital::new(&config.chain_id);
    let records = move |height, time: Instant| hospital.block(height, time);
    Simulation::with_contract(config, hooks, Hospital::network()?, records).ok()
}

fn ledger(hooks: Hooks) -> Ledger {
    hospital(honest(), hooks).map_or_else(no_ledger, Simulation::run)
}

pub(super) fn attacks() -> Vec<Attack> {
    vec![
        decision_changed(),
        results("a refused record is shown as accepted", 4, 2, |code, _| *code = 0),
        results("a record is refused without reason", 3, 0, |code, data| {
            *code = 5;
            data.clear();
        }),
        forged_record_accepted(),
        another_state(),
        validators("validators change without a record", 4),
        validators("validators change otherwise than the record says", 7),
        state_changed(),
        genesis_with_more_than_the_network(),
        state_left_out(),
    ]
}

/// Changes one result before the next header commits to it.
fn results(
    name: &'static str,
    height: u64,
    index: usize,
    change: impl Fn(&mut u32, &mut Vec<u8>) + 'static,
) -> Attack {
    let hooks = Hooks::default().on_block(move |draft| {
        if draft.height == height
            && let Some(result) = draft.results.results.get_mut(index)
        {
            change(&mut result.code, &mut result.data);
        }
    });
    Attack::new(name, "contract.results", ledger(hooks))
}

/// The last access, which nothing covers.
fn decision_changed() -> Attack {
    let name = "an access without ground is passed off as covered";
    Attack::new(name, "contract.results", ledger(with_wrong_decision(Hooks::default(), 7)))
}

/// Passes the first access from a height on that was not permitted off as covered, before the next header
/// commits to it: every validator signs the wrong decision.
pub fn with_wrong_decision(hooks: Hooks, from: u64) -> Hooks {
    let mut is_done = false;
    hooks.on_block(move |draft| {
        if is_done || draft.height < from {
            return;
        }
        let wrong = draft.results.results.iter_mut().find_map(|result| {
            let judgement = cbor::decode::<Judgement>(&result.data).ok()?;
            // A request is judged too, and names none.
            let is_access = judgement.request.is_some();
            (is_access && !judgement.decision.verdict.permits()).then_some((result, judgement))
        });
        if let Some((result, mut judgement)) = wrong {
            judgement.decision.verdict = Verdict::Covered;
            result.data = cbor::encode(&judgement);
            is_done = true;
        }
    })
}

fn forged_record_accepted() -> Attack {
    let ledger = hospital(honest(), Hooks::default())
        .map_or_else(no_ledger, |simulation| simulation.without_signature_checks().run());
    Attack::new("a record that nobody signed is accepted", "contract.signature", ledger)
}

fn another_state() -> Attack {
    let hooks = Hooks::default().on_header(|draft| {
        if let (STRIKE, Some(byte)) = (draft.height, draft.header.app_hash.first_mut()) {
            *byte ^= 1;
        }
    });
    Attack::new("the state is another than the records make", "contract.app-hash", ledger(hooks))
}

/// Gives the first validator another power at a height.
fn validators(name: &'static str, height: u64) -> Attack {
    let hooks = Hooks::default().on_set(move |draft| {
        if let (true, Some(first)) = (draft.height == height, draft.list.validators.first_mut()) {
            first.power = first.power.saturating_add(1);
        }
    });
    Attack::new(name, "contract.validators", ledger(hooks))
}

/// Changes the value of the organization in the chunks of a state.
fn suspend(items: &mut [Item]) {
    for item in items.iter_mut().filter(|item| item.kind == Kind::State) {
        let Ok(StateChunk(mut entries)) = cbor::decode(&item.bytes) else { continue };
        for (_, value) in entries.iter_mut().filter(|(key, _)| key.starts_with(b"o/")) {
            if let Some(last) = value.last_mut() {
                *last ^= 1;
            }
        }
        item.bytes = StateChunk(entries).to_bytes();
    }
}

/// One block alone: nothing after it runs on the state.
fn state_changed() -> Attack {
    let hooks = Hooks::default().on_items(|draft| suspend(&mut draft.items));
    let config = Config { omitted: BLOCKS.saturating_sub(1), ..honest() };
    let ledger = hospital(config, hooks).map_or_else(no_ledger, Simulation::run);
    Attack::new("the state at the start is another", "contract.state", ledger)
}

/// The first header commits to a state that does not follow from its network.
fn genesis_with_more_than_the_network() -> Attack {
    let config = Config { blocks: 1, ..honest() };
    let run = |hooks| hospital(config.clone(), hooks).map_or_else(no_ledger, Simulation::run);
    let parts = take_apart(&run(Hooks::default()).container);
    let mut items = parts.map_or_else(Vec::new, |(_, items)| items);
    suspend(&mut items);
    let chunks = items.iter().filter(|item| item.kind == Kind::State);
    let chunks = chunks.filter_map(|item| cbor::decode::<StateChunk>(&item.bytes).ok());
    let state = StateMap::from_entries(chunks.flat_map(|chunk| chunk.0));
    let root = state.map_or(WRONG, |mut state| state.commit());
    let hooks = Hooks::default()
        .on_header(move |draft| draft.header.app_hash = root.0.to_vec())
        .on_items(|draft| suspend(&mut draft.items));
    let name = "the genesis holds what does not follow from its network";
    Attack::new(name, "contract.state", run(hooks))
}

fn state_left_out() -> Attack {
    let hooks = Hooks::default().on_items(|draft| {
        draft.items.retain(|item| item.kind != Kind::State);
    });
    Attack::new("the contract's state is left out", "incomplete", ledger(hooks)).caught_twice()
}
