//! One line of the table.

use std::{
    fmt,
    time::{Duration, Instant},
};

/// What was measured, the figure, and the goal it is held against.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) what: String,
    pub(crate) figure: String,
    pub(crate) goal: &'static str,
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "| {} | {} | {} |", self.what, self.figure, self.goal)
    }
}

/// The shortest of several runs: what else the machine does only ever adds.
pub(crate) fn shortest<T>(runs: u32, mut run: impl FnMut() -> T) -> (Duration, T) {
    let mut best = time(&mut run);
    for _ in 1..runs {
        let next = time(&mut run);
        if next.0 < best.0 {
            best = next;
        }
    }
    best
}

fn time<T>(run: &mut impl FnMut() -> T) -> (Duration, T) {
    let start = Instant::now();
    let value = run();
    (start.elapsed(), value)
}
