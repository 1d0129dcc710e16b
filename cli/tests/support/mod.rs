//! Runs the command; puts ledgers on disk.

#[path = "../../../verifier/tests/support/vectors.rs"]
pub(crate) mod vectors;

use std::{
    ffi::OsStr,
    fs,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

use serde_json::Value;
use vidimus::record::instant::Instant;
use vidimus_node::{
    rpc::Export,
    simulate::{Config, Hooks, Hospital, Ledger, Simulation},
};

/// An empty folder of this name, below the build's own.
pub(crate) fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    if folder.exists() {
        fs::remove_dir_all(&folder).unwrap();
    }
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// The command, not yet started, with every stream piped.
pub(crate) fn command<S: AsRef<OsStr>>(arguments: impl IntoIterator<Item = S>) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_vidimus"));
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// What the command came to.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Run {
    pub(crate) fn of(output: Output) -> Self {
        Self {
            code: output.status.code().unwrap(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// The report that `--format json` printed.
    pub(crate) fn report(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap()
    }

    /// Exit code and code of the verdict of a report that `--format json` printed.
    pub(crate) fn verdict(&self) -> (i32, String) {
        (self.code, self.report()["verdict"]["code"].as_str().unwrap().to_owned())
    }
}

/// Runs the command. Piped, it says nothing on standard error but why it failed, in one line.
pub(crate) fn run<S: AsRef<OsStr>>(arguments: impl IntoIterator<Item = S>) -> Run {
    let run = Run::of(command(arguments).output().unwrap());
    assert!(run.code < 64 || !run.stderr.is_empty(), "a failure says why: {run:?}");
    assert!(run.code >= 64 || run.stderr.is_empty(), "quiet when piped: {run:?}");
    run
}

/// `vidimus verify PATH --anchor ANCHOR --format json` and more.
pub(crate) fn verify(path: &Path, anchor: &str, more: &[&str]) -> Run {
    let path = path.to_str().unwrap();
    run(["verify", path, "--anchor", anchor, "--format", "json"].iter().chain(more))
}

/// A simulated ledger on disk.
#[derive(Debug)]
pub(crate) struct Files {
    pub(crate) folder: PathBuf,
    pub(crate) snapshot: PathBuf,
    /// The folder of a node's answers.
    pub(crate) export: PathBuf,
    /// The anchor at the last block.
    pub(crate) anchor: String,
    pub(crate) ledger: Ledger,
}

/// Everything that a network does, in few blocks.
pub(crate) fn busy() -> Config {
    Config {
        blocks: 12,
        churn: 3,
        nil_percent: 15,
        absent_percent: 15,
        evidence: 5,
        ..Config::default()
    }
}

/// Simulates a ledger into a folder of this name.
pub(crate) fn simulate(name: &str, config: &Config) -> Files {
    let ledger = Simulation::new(config.clone(), Hooks::default()).unwrap().run();
    write(name, config, ledger)
}

/// Simulates a ledger of the small hospital network, with these records by height and time.
pub(crate) fn simulate_records(
    name: &str,
    records: impl FnMut(u64, Instant) -> Vec<Vec<u8>> + 'static,
) -> Files {
    let (config, network) = (Config::default(), Hospital::network().unwrap());
    let simulation = Simulation::with_contract(config.clone(), Hooks::default(), network, records);
    write(name, &config, simulation.unwrap().run())
}

fn write(name: &str, config: &Config, ledger: Ledger) -> Files {
    let folder = folder(name);
    let (snapshot, export) = (folder.join("ledger.vidimus"), folder.join("rpc"));
    fs::write(&snapshot, &ledger.container).unwrap();
    fs::create_dir(&export).unwrap();
    let mut answers = Export::new(config.clone());
    for file in ledger.blocks.iter().flat_map(|block| answers.files(block)) {
        fs::write(export.join(file.name), file.text).unwrap();
    }
    Files { folder, snapshot, export, anchor: ledger.anchor.to_string(), ledger }
}

/// The anchor with another last digit.
pub(crate) fn mistyped(anchor: &str) -> String {
    let (rest, digit) = anchor.split_at(anchor.len().checked_sub(1).unwrap());
    format!("{rest}{}", if digit == "0" { '1' } else { '0' })
}
