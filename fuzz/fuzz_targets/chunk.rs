//! Any bytes as a chunk of the contract's state: entries or an error at a byte, never a panic.
#![no_main]

use libfuzzer_sys::fuzz_target;
use vidimus::{
    contract::{chunk::StateChunk, machine::Contract},
    encoding::cbor,
    state::StateMap,
};

fuzz_target!(|bytes: &[u8]| {
    let mut reader = StateChunk::entries(bytes);
    let mut entries = Vec::new();
    let is_whole = loop {
        match reader.next_entry() {
            Ok(Some((key, value))) => entries.push((key.to_vec(), value.to_vec())),
            Ok(None) => break true,
            Err(error) => {
                assert!(error.offset <= u64::try_from(bytes.len()).unwrap_or(u64::MAX));
                break false;
            }
        }
    };
    // What decodes as a whole can be read entry by entry.
    assert!(is_whole || cbor::decode::<StateChunk>(bytes).is_err());
    let mut state = StateMap::default();
    for (key, value) in entries {
        state.insert(&key, value);
    }
    // A state that nobody wrote: an error or a contract, and never a panic.
    let _contract = Contract::resume(state, "vidimus-simulated");
});
