//! Child processes: none of them reads from the terminal, each failure names the command line.

use std::io::{self, BufRead as _, BufReader};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::failure::Failure;

/// Runs `command` to its end, its output on ours.
pub(crate) fn run(command: &mut Command) -> Result<(), Failure> {
    let line = announce(command);
    match command.stdin(Stdio::null()).status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(Failure::new(format!("`{line}` failed: {status}"))),
        Err(error) => Err(Failure::new(format!("`{line}` did not start: {error}"))),
    }
}

/// What `command` wrote to its standard output; `None` where it could not run or failed.
pub(crate) fn output(command: &mut Command) -> Option<String> {
    let output = command.stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Runs `command`, and prints those lines it writes to either stream for which `is_shown` holds.
/// Returns whether the command succeeded.
pub(crate) fn stream(
    command: &mut Command,
    mut is_shown: impl FnMut(&str) -> bool,
) -> Result<bool, Failure> {
    let line = announce(command);
    let failed = |error: io::Error| Failure::new(format!("`{line}` did not run: {error}"));
    let (reader, writer) = io::pipe().map_err(failed)?;
    let both = writer.try_clone().map_err(failed)?;
    let mut child =
        command.stdin(Stdio::null()).stdout(writer).stderr(both).spawn().map_err(failed)?;
    // Our own ends of the pipe go, so that its end is seen when the child's are closed.
    command.stdout(Stdio::null()).stderr(Stdio::null());
    for bytes in BufReader::new(reader).split(b'\n') {
        let bytes = bytes.map_err(failed)?;
        let text = String::from_utf8_lossy(&bytes);
        if is_shown(&text) {
            println!("{text}");
        }
    }
    Ok(child.wait().map_err(failed)?.success())
}

fn announce(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    let line = words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ");
    println!("$ {line}");
    line
}

/// Measures how long a step takes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stopwatch(Instant);

impl Stopwatch {
    #[expect(clippy::disallowed_methods, reason = "the one clock of this tool, for its reports")]
    pub(crate) fn start() -> Self {
        Self(Instant::now())
    }

    pub(crate) fn elapsed(self) -> Duration {
        self.0.elapsed()
    }
}

/// `m:ss`.
pub(crate) fn minutes(duration: Duration) -> String {
    let seconds = duration.as_secs();
    format!("{}:{:02}", seconds / 60, seconds % 60)
}
