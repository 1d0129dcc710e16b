//! What the tests of simulated ledgers share.

use vidimus::{
    InputKind, Verification, anchor::Anchors, anchor::TrustAnchor, limits::Limits, policy::Policy,
    report::Report,
};

/// Verifies a container from one anchor under the default policy.
pub(crate) fn verify(container: &[u8], anchor: &TrustAnchor) -> Report {
    let anchors = Anchors { anchors: vec![anchor.clone()], ..Anchors::default() };
    let limits = Limits::default();
    Verification::new(anchors, Policy::default(), limits, InputKind::Snapshot).run(container)
}
