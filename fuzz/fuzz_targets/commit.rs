//! Bytes that decode as a commit encode to themselves.
#![no_main]

use libfuzzer_sys::fuzz_target;
use vidimus::{
    encoding::protobuf::{Message as _, decode_canonical},
    ledger::cometbft::commit::Commit,
};

fuzz_target!(|bytes: &[u8]| {
    if let Ok(value) = decode_canonical::<Commit>(bytes) {
        assert_eq!(value.to_bytes(), bytes);
    }
});
