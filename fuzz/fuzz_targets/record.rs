//! Any bytes as a record: what decodes encodes to itself, and what it seals is bound to it.
#![no_main]

use libfuzzer_sys::fuzz_target;
use vidimus::record::Record;

fuzz_target!(|bytes: &[u8]| {
    let chain = "vidimus-simulated";
    match Record::decode(bytes, chain) {
        Ok((record, envelope)) => {
            assert_eq!(record.body.to_bytes(), envelope.payload);
            assert_eq!(record.id, envelope.id(chain));
            // Whether it verifies is the signature's business; it must not panic.
            let _holds = envelope.verify(chain);
            // Only an anchor may seal something about nobody.
            let is_about_somebody = record.body.subject().is_some();
            assert_eq!(record.body.binding().is_some(), is_about_somebody);
        }
        Err(error) => {
            assert!(error.offset <= u64::try_from(bytes.len()).unwrap_or(u64::MAX));
        }
    }
});
