//! Bytes that decode as a validator list encode to themselves; a list that is a set has one power.
#![no_main]

use libfuzzer_sys::fuzz_target;
use vidimus::{
    encoding::protobuf::{Message as _, decode_canonical},
    ledger::cometbft::validator::{ValidatorList, ValidatorSet},
};

fuzz_target!(|bytes: &[u8]| {
    if let Ok(list) = decode_canonical::<ValidatorList>(bytes) {
        assert_eq!(list.to_bytes(), bytes);
        if let Ok(set) = ValidatorSet::verify(&list) {
            let sum: u128 = set.members().iter().map(|member| u128::from(member.power)).sum();
            assert_eq!(sum, u128::from(set.total_power()));
        }
    }
});
