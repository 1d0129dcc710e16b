//! What test runners print, read line by line: the counts of tests, and the figures that tests tell.
//!
//! libtest shows what a test printed that passed if it is told `--show-output`, all of it. Kept are the
//! lines that begin with [`FIGURE`], counted are tests with one that begins with [`SKIPPED`].

use crate::counts::Counts;

/// Before a figure that whoever runs the suites should see: how many vectors, attacks, flips.
const FIGURE: &str = "harness: ";

/// Before the reason why a test does not test: it lacks what it reads.
const SKIPPED: &str = "skipped: ";

/// What the tests of a suite came to.
#[derive(Debug, Default)]
pub(crate) struct Results {
    pub(crate) counts: Counts,
    /// In the order in which they were told.
    pub(crate) figures: Vec<String>,
}

impl From<Counts> for Results {
    fn from(counts: Counts) -> Self {
        Self { counts, figures: Vec::new() }
    }
}

/// The output of a runner, as far as it was read.
#[derive(Debug, Default)]
pub(crate) struct Transcript {
    results: Results,
    /// What follows was printed by tests that passed.
    is_of_passed: bool,
    /// The test whose lines are read has said that it is skipped.
    is_skipped: bool,
    skipped: u64,
}

impl Transcript {
    /// Reads one line and returns whether to show it: what a test printed that passed is not shown.
    pub(crate) fn read(&mut self, line: &str) -> bool {
        if let Some(figure) = line.strip_prefix(FIGURE) {
            self.results.figures.push(figure.to_owned());
        }
        if line == "successes:" {
            self.is_of_passed = true;
        } else if line == "failures:" || line.starts_with("test result: ") {
            self.is_of_passed = false;
        }
        if self.is_of_passed {
            self.read_of_passed(line);
        } else {
            self.results.counts.read(line);
        }
        !self.is_of_passed
    }

    fn read_of_passed(&mut self, line: &str) {
        if line.starts_with("---- ") && line.ends_with(" stdout ----") {
            self.is_skipped = false;
        } else if line.starts_with(SKIPPED) && !self.is_skipped {
            self.is_skipped = true;
            self.skipped = self.skipped.saturating_add(1);
        }
    }

    /// What it came to, at the end of the output.
    pub(crate) fn finish(self) -> Results {
        let Self { mut results, skipped, .. } = self;
        results.counts.skip_passed(skipped);
        results
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The lines that are shown, and the results.
    fn read(output: &str) -> (String, Results) {
        let mut transcript = Transcript::default();
        let shown = output.lines().filter(|line| transcript.read(line));
        let shown: Vec<&str> = shown.collect();
        (shown.join("\n") + "\n", transcript.finish())
    }

    /// Two test binaries as libtest reports them: of four tests of the first two lack vectors; of two of
    /// the second one fails.
    const TWO_BINARIES: &str = "\
running 4 tests
test a ... ok

successes:

---- a stdout ----
harness: 196 vectors
something else

---- b stdout ----
skipped: no vectors
skipped: no vectors

---- c stdout ----
skipped: no vectors


successes:
    a
    b
    c
    d

test result: ok. 4 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s

running 2 tests

successes:

---- e stdout ----
harness: 3 attacks


successes:
    e

failures:

---- f stdout ----
harness: 7 flips
thread 'f' panicked

failures:
    f

test result: FAILED. 1 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out
";

    #[test]
    fn tests_that_say_so_are_skipped_once_each_and_have_not_passed() {
        let (_, results) = read(TWO_BINARIES);
        assert_eq!(results.counts, Counts { passed: 3, failed: 1, skipped: 2, ignored: 1 });
    }

    #[test]
    fn figures_are_kept_of_tests_that_passed_and_of_those_that_failed() {
        let (_, results) = read(TWO_BINARIES);
        assert_eq!(results.figures, ["196 vectors", "3 attacks", "7 flips"]);
    }

    #[test]
    fn of_what_tests_print_that_of_failed_ones_alone_is_shown() {
        let (shown, _) = read(TWO_BINARIES);
        assert_eq!(
            shown,
            "running 4 tests\ntest a ... ok\n\n\
             test result: ok. 4 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s\n\n\
             running 2 tests\n\n\
             failures:\n\n---- f stdout ----\nharness: 7 flips\nthread 'f' panicked\n\n\
             failures:\n    f\n\n\
             test result: FAILED. 1 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out\n"
        );
    }

    #[test]
    fn runner_that_shows_no_output_of_tests_is_read_as_it_stands() {
        let output = "skipped: no vectors\nharness: 12 rows\n\u{2139} pass 3\n\u{2139} skipped 1\n";
        let (shown, results) = read(output);
        assert_eq!(shown, output);
        assert_eq!(results.counts, Counts { passed: 3, failed: 0, skipped: 1, ignored: 0 });
        assert_eq!(results.figures, ["12 rows"]);
    }
}
