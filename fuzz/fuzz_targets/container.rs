//! Any bytes as a snapshot: a report, never a panic, and the same one whatever the chunks.
#![no_main]

use libfuzzer_sys::fuzz_target;
use vidimus::{
    InputKind, Verification, anchor::Anchors, limits::Limits, policy::Policy, report::Status,
};

fuzz_target!(|bytes: &[u8]| {
    let start = || {
        let (anchors, policy) = (Anchors::default(), Policy::default());
        Verification::new(anchors, policy, Limits::default(), InputKind::Snapshot)
    };
    let whole = start().run(bytes);
    assert_ne!(whole.verdict.status, Status::Verified, "no anchor was given");
    let mut pieces = start();
    for piece in bytes.chunks(7) {
        assert_eq!(pieces.feed(piece).consumed, piece.len());
        pieces.discharge_inline();
    }
    assert!(pieces.end());
    pieces.discharge_inline();
    assert_eq!(pieces.finish().to_json(), whole.to_json());
});
