//! The rows of maps for the contract's state, natively.

use std::{
    error::Error,
    fs,
    process::{Command, Stdio},
};

use cpu_time::ThreadTime;
use vidimus_bench::maps::{Host, NAMES, TABLE_HEAD, measure, most_subjects};

/// Subjects whose state the maps hold.
const SUBJECTS: [u32; 3] = [10_000, 100_000, 300_000];

/// The whole table. Each row has a process of its own, whose memory is no other map's.
pub(crate) fn print_all() -> Result<(), Box<dyn Error>> {
    println!("{TABLE_HEAD}");
    for subjects in SUBJECTS {
        for name in NAMES.iter().filter(|name| subjects <= most_subjects(name)) {
            let mut child = Command::new(std::env::current_exe()?);
            child.args(["maps", name, &subjects.to_string()]).stdout(Stdio::inherit());
            if !child.status()?.success() {
                return Err(format!("{name} failed").into());
            }
        }
    }
    Ok(())
}

/// One row.
pub(crate) fn print(name: &str, subjects: u32) -> Result<(), Box<dyn Error>> {
    let start = ThreadTime::try_now()?;
    let microseconds = || start.elapsed().as_secs_f64() * 1e6;
    let host = Host { name: "native", microseconds: &microseconds, memory: &resident };
    println!("{}", measure(name, subjects, &host)?);
    Ok(())
}

/// Resident memory of this process, in bytes.
fn resident() -> usize {
    let text = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kilobytes = line.and_then(|rest| rest.split_whitespace().next()?.parse().ok());
    kilobytes.map_or(0, |kilobytes: usize| kilobytes.saturating_mul(1024))
}
