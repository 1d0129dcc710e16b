//! Memory and time of large ledgers, as containers and as RPC JSON.

use std::{
    error::Error,
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use crate::{
    ledger::{Ledger, tool},
    row::Row,
};

/// 64 MB, 256 MB and 1 GB of containers, and 256 MB as RPC JSON.
pub(crate) fn measure(root: &Path) -> Result<Vec<Row>, Box<dyn Error>> {
    let mut rows = Vec::new();
    let mut before: Option<(f64, f64)> = None;
    for (name, blocks) in [("64 MB", 1_000), ("256 MB", 4_000), ("1 GB", 16_000)] {
        let dir = root.join(format!("large{blocks}"));
        let ledger = Ledger::make(dir, 4, blocks, &["--txs", "64", "--tx-size", "1000"])?;
        let (time, peak) = run(&[ledger.container()], &ledger.dir.join("anchor.txt"))?;
        let size = fs::metadata(ledger.container())?.len();
        rows.push(peak_row(&format!("{name} container ({} MB)", size / 1_000_000), peak));
        let (bytes, seconds) = (f64::from(blocks), time.as_secs_f64());
        if let Some((bytes_before, seconds_before)) = before {
            // Time for twice the size, from the step of four.
            let doubled = (seconds / seconds_before).powf(1.0 / (bytes / bytes_before).log2());
            rows.push(Row {
                what: format!("{name} container: t(2n) ÷ t(n)"),
                figure: format!("{doubled:.2}"),
                goal: "≤ 2.1",
            });
        }
        before = Some((bytes, seconds));
    }
    let flags = ["--txs", "64", "--tx-size", "1000", "--rpc-json"];
    let ledger = Ledger::make(root.join("json"), 4, 3_000, &flags)?;
    let (json, json_peak) = run(&[ledger.dir.join("rpc")], &ledger.dir.join("anchor.txt"))?;
    let (container, _) = run(&[ledger.container()], &ledger.dir.join("anchor.txt"))?;
    rows.push(peak_row("the same ledger as RPC JSON (256 MB)", json_peak));
    rows.push(Row {
        what: "RPC JSON ÷ container, time".to_owned(),
        figure: format!("{:.1} ×", json.as_secs_f64() / container.as_secs_f64()),
        goal: "",
    });
    Ok(rows)
}

pub(crate) fn peak_row(what: &str, peak: u64) -> Row {
    Row {
        what: format!("{what}: peak memory"),
        figure: format!("{} MB", peak / 1_000),
        goal: "≤ 256 MB, flat",
    }
}

/// Verifies with the command line and watches its peak resident memory, in kB.
pub(crate) fn run(paths: &[PathBuf], anchor: &Path) -> Result<(Duration, u64), Box<dyn Error>> {
    let mut verify = Command::new(tool("vidimus")?);
    verify.arg("verify").args(paths).arg("--anchor").arg(anchor).args(["--threads", "1"]);
    watch(&mut verify)
}

/// How long a command takes, and its peak resident memory, in kB.
pub(crate) fn watch(command: &mut Command) -> Result<(Duration, u64), Box<dyn Error>> {
    let start = Instant::now();
    let mut child = command.stdout(Stdio::null()).spawn()?;
    let status_file = format!("/proc/{}/status", child.id());
    let mut peak = 0;
    let status = loop {
        let text = fs::read_to_string(&status_file).unwrap_or_default();
        let high_water = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kilobytes = high_water.and_then(|rest| rest.split_whitespace().next()?.parse().ok());
        peak = peak.max(kilobytes.unwrap_or(0));
        if let Some(status) = child.try_wait()? {
            break status;
        }
        thread::sleep(Duration::from_millis(10));
    };
    if !status.success() {
        return Err(format!("{command:?} ended with {status}").into());
    }
    Ok((start.elapsed(), peak))
}
