//! How many tests passed, failed or were skipped, read from the summaries of test runners.

use std::fmt;

/// Tests of one suite, or of all.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) struct Counts {
    pub(crate) passed: u64,
    pub(crate) failed: u64,
    /// For want of what they read.
    pub(crate) skipped: u64,
    /// Too long for every run.
    pub(crate) ignored: u64,
}

impl Counts {
    pub(crate) const ONE_PASSED: Self = Self { passed: 1, failed: 0, skipped: 0, ignored: 0 };

    pub(crate) fn add(&mut self, other: Self) {
        self.passed = self.passed.saturating_add(other.passed);
        self.failed = self.failed.saturating_add(other.failed);
        self.skipped = self.skipped.saturating_add(other.skipped);
        self.ignored = self.ignored.saturating_add(other.ignored);
    }

    pub(crate) fn fail_one(&mut self) {
        self.failed = self.failed.saturating_add(1);
    }

    /// Calls what was skipped failed.
    pub(crate) fn fail_skipped(&mut self) {
        self.failed = self.failed.saturating_add(self.skipped);
        self.skipped = 0;
    }

    /// Counts `tests` as skipped that their runner, which knows no such thing, says passed.
    pub(crate) fn skip_passed(&mut self, tests: u64) {
        self.passed = self.passed.saturating_sub(tests);
        self.skipped = self.skipped.saturating_add(tests);
    }

    /// Reads one line; any that is no runner's summary counts nothing.
    pub(crate) fn read(&mut self, line: &str) {
        let line = line.trim();
        if let Some(summary) = line.strip_prefix("test result: ") {
            self.add(libtest(summary));
        } else if let Some(summary) = line.strip_prefix("\u{2139} ") {
            self.add(node_test(summary));
        }
    }
}

/// `3 passed, 0 failed`, and what was skipped where anything was.
impl fmt::Display for Counts {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { passed, failed, skipped, .. } = self;
        match skipped {
            0 => write!(formatter, "{passed} passed, {failed} failed"),
            _ => write!(formatter, "{passed} passed, {skipped} skipped, {failed} failed"),
        }
    }
}

/// `ok. 3 passed; 0 failed; 1 ignored; …`, of libtest and of wasm-bindgen's runner.
fn libtest(summary: &str) -> Counts {
    let (_, parts) = summary.split_once(". ").unwrap_or_default();
    let count = |what: &str| {
        parts
            .split(';')
            .find_map(|part| part.trim().strip_suffix(what)?.trim().parse().ok())
            .unwrap_or(0)
    };
    let (passed, failed, ignored) = (count("passed"), count("failed"), count("ignored"));
    Counts { passed, failed, ignored, skipped: 0 }
}

/// `pass 3`, one line of the end of Node's runner. What is cancelled or put off was meant to run.
fn node_test(summary: &str) -> Counts {
    let Some((what, count)) = summary.split_once(' ') else {
        return Counts::default();
    };
    let count = count.parse().unwrap_or(0);
    match what {
        "pass" => Counts { passed: count, ..Counts::default() },
        "fail" | "cancelled" | "todo" => Counts { failed: count, ..Counts::default() },
        "skipped" => Counts { skipped: count, ..Counts::default() },
        _ => Counts::default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(output: &str) -> Counts {
        let mut counts = Counts::default();
        output.lines().for_each(|line| counts.read(line));
        counts
    }

    #[test]
    fn libtest_summaries_add_up() {
        let output = "running 3 tests\ntest a ... ok\n\
            test result: ok. 3 passed; 0 failed; 2 ignored; 0 measured; 1 filtered out; finished in 0.1s\n\
            test result: FAILED. 10 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out\n";
        assert_eq!(read(output), Counts { passed: 13, failed: 1, skipped: 0, ignored: 2 });
    }

    #[test]
    fn node_skips_tests_but_cancels_none() {
        let output = "\u{2714} a (1ms)\n\u{2139} tests 7\n\u{2139} suites 0\n\u{2139} pass 3\n\
            \u{2139} fail 1\n\u{2139} cancelled 1\n\u{2139} skipped 1\n\u{2139} todo 1\n";
        assert_eq!(read(output), Counts { passed: 3, failed: 3, skipped: 1, ignored: 0 });
    }

    #[test]
    fn other_lines_count_nothing() {
        assert_eq!(read("5 passed, 2 failed\npass 3\ntest result\n"), Counts::default());
    }

    #[test]
    fn last_line_names_what_was_skipped_and_is_as_ever_where_nothing_was() {
        let mut counts = Counts { passed: 13, failed: 1, skipped: 0, ignored: 2 };
        assert_eq!(counts.to_string(), "13 passed, 1 failed");
        counts.skip_passed(3);
        assert_eq!(counts.to_string(), "10 passed, 3 skipped, 1 failed");
        counts.fail_skipped();
        assert_eq!(counts.to_string(), "10 passed, 4 failed");
    }
}
