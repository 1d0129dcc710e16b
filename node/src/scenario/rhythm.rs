//! When people open records: by hour and weekday.

use super::terms::{DAY, HOUR, MINUTE, SECOND};
use crate::{
    numbers::{Draw, to_u64},
    simulate::GENESIS_TIME,
};

/// Days that a scenario lasts.
pub(super) const DAYS: u64 = 14;

/// Minutes of a slot in which a session may stand.
const SLOT: u64 = 30 * MINUTE;
const SLOTS_OF_DAY: u64 = DAY / SLOT;

/// How often records are opened in each hour of a working day.
const HOURS: [u64; 24] =
    [2, 1, 1, 1, 1, 2, 5, 12, 18, 20, 20, 18, 14, 16, 18, 17, 14, 9, 6, 5, 4, 4, 3, 2];

/// A block of requests, and a few minutes later the block of what was opened on them. There are no
/// blocks where nothing happens, so that two weeks stay small.
#[derive(Clone, Copy, Debug)]
pub(super) struct Session {
    /// Time of the block of requests, in milliseconds.
    pub(super) asked: u64,
    /// Time of the block of accesses.
    pub(super) opened: u64,
    weight: u64,
}

/// The genesis in milliseconds.
pub(super) fn genesis() -> u64 {
    u64::try_from(GENESIS_TIME.seconds).unwrap_or_default().saturating_mul(SECOND)
}

/// The sessions of a scenario in order.
#[derive(Debug)]
pub(super) struct Rhythm {
    pub(super) sessions: Vec<Session>,
    total: u64,
}

impl Rhythm {
    /// About as many sessions as `accesses` need, morning and afternoon of each day among them.
    pub(super) fn new(draw: &mut Draw, accesses: u64) -> Self {
        let first = 6 * HOUR / SLOT;
        let last = DAYS.saturating_mul(SLOTS_OF_DAY);
        let of_day = |slot: u64| slot % SLOTS_OF_DAY;
        let mut chosen: Vec<u64> =
            (first..last).filter(|slot| [20, 30].contains(&of_day(*slot))).collect();
        let mut free: Vec<u64> = (first..last).filter(|slot| !chosen.contains(slot)).collect();
        for _ in 0..(accesses >> 4) {
            let weights = free.iter().map(|slot| weight(*slot));
            let Some(index) = weighted(draw, weights) else { break };
            chosen.push(free.swap_remove(index));
        }
        chosen.sort_unstable();
        let session = |slot: u64| {
            let start = genesis().saturating_add(slot.saturating_mul(SLOT));
            let asked = start.saturating_add(draw.below(240 * SECOND));
            let wait = draw.below(60 * SECOND).saturating_add(300 * SECOND);
            Session { asked, opened: asked.saturating_add(wait), weight: weight(slot) }
        };
        let sessions: Vec<Session> = chosen.into_iter().map(session).collect();
        let total = sessions.iter().fold(0_u64, |sum, session| sum.saturating_add(session.weight));
        Self { sessions, total }
    }

    /// A session, busy ones more often.
    pub(super) fn draw(&self, draw: &mut Draw) -> usize {
        let mut rest = draw.below(self.total);
        for (index, session) in self.sessions.iter().enumerate() {
            match rest.checked_sub(session.weight) {
                Some(left) => rest = left,
                None => return index,
            }
        }
        0
    }

    /// A time of the last block: everything else lies more than the latency before it.
    pub(super) fn end() -> u64 {
        genesis().saturating_add(DAYS * DAY + 3 * HOUR)
    }
}

/// The first day, 2026-01-01, is a Thursday; nights and weekends are quiet.
fn weight(slot: u64) -> u64 {
    let hour = usize::try_from(slot % SLOTS_OF_DAY / 2).unwrap_or_default();
    let of_hour = HOURS.get(hour).copied().unwrap_or(1);
    let is_weekend = (slot / SLOTS_OF_DAY).saturating_add(3) % 7 >= 5;
    if is_weekend { (of_hour / 3).saturating_add(1) } else { of_hour }
}

fn weighted(draw: &mut Draw, weights: impl Iterator<Item = u64> + Clone) -> Option<usize> {
    let total = weights.clone().fold(0_u64, u64::saturating_add);
    let mut rest = draw.below(total);
    { weights }.position(|weight| match rest.checked_sub(weight) {
        Some(left) => {
            rest = left;
            false
        }
        None => true,
    })
}

/// Days since the genesis, as a policy counts them: both begin at midnight.
pub(super) fn day(millis: u64) -> u64 {
    millis / DAY
}

/// Number of a session as a list has it.
pub(super) fn count(sessions: &[Session]) -> u64 {
    to_u64(sessions.len())
}
