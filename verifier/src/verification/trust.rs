//! What is trusted, and what waits until it is.

use alloc::collections::BTreeSet;

use crate::anchor::Anchors;

/// Shows that every block of the input is proven from the user's anchors. The verdict makes it, after
/// all bytes are in, every check held and every signature was discharged.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Trusted(());

impl Trusted {
    /// Of a packet, all of whose headers are reached from one: that was compared with an anchor. `None`
    /// where none was.
    pub(super) fn from_start(met: &BTreeSet<u64>) -> Option<Self> {
        (!met.is_empty()).then_some(Self(()))
    }

    /// Trust has one source: there are anchors, and the header at the height of each was compared
    /// with it. `None` where that did not happen.
    pub(super) fn from_anchors(anchors: &Anchors, met: &BTreeSet<u64>) -> Option<Self> {
        let anchors = &anchors.anchors;
        let all_met = anchors.iter().all(|anchor| met.contains(&anchor.height));
        (all_met && !anchors.is_empty()).then_some(Self(()))
    }
}

/// Something computed from linked blocks, which the last byte may still show to be a forgery.
///
/// An anchor at the head of a ledger is reached at its end only, so whatever is drawn from the blocks
/// on the way is computed in here, and comes out once they are trusted.
#[derive(Clone, Debug, Default)]
pub(crate) struct Provisional<T>(T);

impl<T> Provisional<T> {
    /// Computes further.
    pub(crate) fn update(&mut self, compute: impl FnOnce(&mut T)) {
        compute(&mut self.0);
    }

    /// Looks into it.
    pub(super) fn open_mut(&mut self, _: Trusted) -> &mut T {
        &mut self.0
    }

    /// Takes it out.
    pub(super) fn open(self, _: Trusted) -> T {
        self.0
    }
}
