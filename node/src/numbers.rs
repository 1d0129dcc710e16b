//! Randomness from a seed, and integers that do not overflow.

use rand_chacha::{
    ChaCha8Rng,
    rand_core::{Rng as _, SeedableRng as _},
};
use vidimus::{encoding::time::Timestamp, merkle::sha256};

/// A length or index as u64; `usize` has at most 64 bits on every target of this crate.
pub(crate) fn to_u64(n: usize) -> u64 {
    u64::try_from(n).unwrap_or(u64::MAX)
}

/// A length or index as i64, as protobuf and Go carry it.
pub(crate) fn to_i64(n: u64) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

/// `time` and so many nanoseconds.
pub(crate) fn after(time: Timestamp, nanos: u64) -> Timestamp {
    const SECOND: u64 = 1_000_000_000;
    let sum = u64::from(time.nanos).saturating_add(nanos);
    let seconds = sum.checked_div(SECOND).unwrap_or_default();
    let nanos = u32::try_from(sum.checked_rem(SECOND).unwrap_or_default()).unwrap_or_default();
    Timestamp { seconds: time.seconds.saturating_add(to_i64(seconds)), nanos }
}

/// What randomness is drawn for: each use at each height has a stream of its own, so that nothing
/// that a hook changes shifts what is drawn later.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Use {
    Genesis,
    Transactions,
    Block,
    Votes,
    Updates,
    Evidence,
    Time,
    Scenario,
}

/// Numbers drawn from a seed.
#[derive(Clone, Debug)]
pub(crate) struct Draw(ChaCha8Rng);

impl Draw {
    /// The stream for one use at one height.
    pub(crate) fn new(seed: u64, height: u64, purpose: Use) -> Self {
        let seed = sha256(&[b"vidimus simulation ", seed.to_string().as_bytes()]);
        let mut rng = ChaCha8Rng::from_seed(seed.0);
        let purpose = match purpose {
            Use::Genesis => 0,
            Use::Transactions => 1,
            Use::Block => 2,
            Use::Votes => 3,
            Use::Updates => 4,
            Use::Evidence => 5,
            Use::Time => 6,
            Use::Scenario => 7,
        };
        rng.set_stream(height.wrapping_mul(8) | purpose);
        Self(rng)
    }

    /// A number below `bound`; 0 if that is 0. The bias is below `bound` ÷ 2^64.
    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        self.0.next_u64().checked_rem(bound).unwrap_or_default()
    }

    /// An index below a length.
    pub(crate) fn index(&mut self, length: usize) -> usize {
        usize::try_from(self.below(to_u64(length))).unwrap_or_default()
    }

    /// True so many times in a hundred.
    pub(crate) fn percent(&mut self, percent: u8) -> bool {
        self.below(100) < u64::from(percent)
    }

    /// Fills a buffer.
    pub(crate) fn fill(&mut self, bytes: &mut [u8]) {
        self.0.fill_bytes(bytes);
    }

    /// Puts a list in random order (Fisher–Yates).
    pub(crate) fn shuffle<T>(&mut self, list: &mut [T]) {
        for last in (1..list.len()).rev() {
            list.swap(last, self.index(last.saturating_add(1)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nanoseconds_carry_into_seconds() {
        let time = Timestamp { seconds: 5, nanos: 999_999_999 };
        assert_eq!(after(time, 1), Timestamp { seconds: 6, nanos: 0 });
        assert_eq!(after(time, 3_000_000_001), Timestamp { seconds: 9, nanos: 0 });
    }

    #[test]
    fn streams_of_different_uses_differ() {
        let mut first = Draw::new(1, 1, Use::Votes);
        let mut second = Draw::new(1, 1, Use::Updates);
        let mut again = Draw::new(1, 1, Use::Votes);
        let number = first.below(u64::MAX);
        assert_ne!(number, second.below(u64::MAX));
        assert_eq!(number, again.below(u64::MAX));
    }
}
