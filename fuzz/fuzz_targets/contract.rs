//! Any sequence of records: the contract never panics, does the same twice, and leaves a state from
//! which it goes on as if it had never stopped.
//!
//! A record is two bytes of length, most significant first, and as many bytes; a length of zero ends
//! the block. Signatures are taken for good, so that what is behind them is reached.
#![no_main]

use libfuzzer_sys::fuzz_target;
use vidimus::{
    contract::{
        machine::{Contract, ContractBlock},
        outcome::ResultCode,
    },
    record::instant::Instant,
    state::StateMap,
};
use vidimus_node::simulate::Hospital;

const CHAIN: &str = "vidimus-simulated";

/// Blocks of records.
fn blocks(bytes: &[u8]) -> Vec<Vec<&[u8]>> {
    let (mut blocks, mut block, mut rest) = (Vec::new(), Vec::new(), bytes);
    while let Some((length, after)) = rest.split_first_chunk::<2>() {
        let length = usize::from(u16::from_be_bytes(*length));
        if length == 0 {
            blocks.push(std::mem::take(&mut block));
            rest = after;
            continue;
        }
        let (record, after) = after.split_at(length.min(after.len()));
        block.push(record);
        rest = after;
    }
    blocks.push(block);
    blocks
}

fuzz_target!(|bytes: &[u8]| {
    let network = Hospital::network().expect("the simulation's");
    let mut contract = Contract::start(network, CHAIN).expect("the simulation's");
    // The first block of a simulation has this time.
    let mut time = Instant::from_millis(1_767_225_600_000).expect("a time");
    for (height, transactions) in (1..).zip(blocks(bytes)) {
        let block = ContractBlock { height, time, transactions: &transactions };
        let before = contract.state().root();
        let executed = contract.execute(block, |_| true).expect("its own state");
        let again = contract.execute(block, |_| true).expect("its own state");
        assert_eq!(executed.results, again.results);
        assert_eq!(executed.results.len(), transactions.len());
        for (result, transacted) in executed.results.iter().zip(&executed.transacted) {
            assert_eq!(result.code == ResultCode::Malformed, transacted.record.is_err());
            assert!(result.code == ResultCode::Accepted || result.data.is_empty());
        }
        assert_eq!(contract.state().root(), before, "executing changes nothing");
        // The same from the entries of the state, as a snapshot carries them.
        let entries = contract.state().entries();
        let entries = entries.map(|(key, value)| (key.to_vec(), value.to_vec()));
        let state = StateMap::from_entries(entries).expect("in order");
        let mut resumed = Contract::resume(state, CHAIN).expect("its own state");
        let elsewhere = resumed.execute(block, |_| true).expect("its own state");
        assert_eq!(contract.commit(executed), resumed.commit(elsewhere));
        time = time.saturating_add(1_000);
    }
});
