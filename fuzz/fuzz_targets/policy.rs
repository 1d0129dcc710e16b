//! Any text as an audit policy, any bytes as a viewing file.
#![no_main]

use libfuzzer_sys::fuzz_target;
use vidimus::{audit::AuditPolicy, record::view::ViewingFile};

fuzz_target!(|bytes: &[u8]| {
    if let Ok(text) = std::str::from_utf8(bytes) {
        match AuditPolicy::from_toml(text) {
            Ok(policy) => assert!(policy.sha256().is_some()),
            Err(error) => assert!(!error.message.is_empty() && !error.place.is_empty()),
        }
    }
    if let Ok(view) = ViewingFile::decode(bytes) {
        assert_eq!(view.encode().as_bytes(), bytes);
    }
});
