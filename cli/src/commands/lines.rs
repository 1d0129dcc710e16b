//! Lists: what a second pass hands out, a line of JSON each.

use std::{
    io::{self, BufWriter, StdoutLock, Write as _},
    process::ExitCode,
};

use vidimus::SecondPass;

use super::{Verified, exit_code, print};
use crate::{drive, error::CommandError, text};

/// Lines on standard output.
#[derive(Debug)]
pub(super) struct Lines {
    out: BufWriter<StdoutLock<'static>>,
    /// A reader that closes its end of a pipe has seen enough.
    is_open: bool,
}

impl Lines {
    fn new() -> Self {
        Self { out: BufWriter::new(io::stdout().lock()), is_open: true }
    }

    /// Prints a line, as long as somebody reads.
    pub(super) fn print(&mut self, line: serde_json::Result<String>) -> Result<(), CommandError> {
        if !self.is_open {
            return Ok(());
        }
        let written = line.map_err(io::Error::from).and_then(|line| writeln!(self.out, "{line}"));
        self.heed(written)
    }

    fn flush(&mut self) -> Result<(), CommandError> {
        let flushed = self.out.flush();
        self.heed(flushed)
    }

    fn heed(&mut self, written: io::Result<()>) -> Result<(), CommandError> {
        match written {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => self.is_open = false,
            written => written.map_err(CommandError::Print)?,
        }
        Ok(())
    }
}

/// Reads what was verified again; `take` prints of it what is asked for. Nothing is listed of a ledger
/// that is not verified: then the verdict is printed instead.
pub(super) fn list(
    verified: Verified,
    mut take: impl FnMut(&mut SecondPass, &mut Lines) -> Result<(), CommandError>,
) -> Result<ExitCode, CommandError> {
    let Verified { input, limits, audit, report, trusted } = verified;
    let Some(trusted) = trusted else {
        print(&text::report(&report))?;
        return Ok(exit_code(&report));
    };
    let mut lines = Lines::new();
    let pass = trusted.second_pass(audit).with_start();
    let listed =
        drive::second_pass(pass, &input, &limits, |pass: &mut SecondPass| take(pass, &mut lines));
    lines.flush()?;
    listed.map(|()| exit_code(&report))
}
