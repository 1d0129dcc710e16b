//! `cargo xtask bench`: everything that is measured, in one run on one machine, as one table.

use std::process::Command;

use crate::failure::Failure;
use crate::files;
use crate::portal;
use crate::process;
use crate::setup::{self, Chromium, Npm};
use crate::wasm;
use crate::workspace::Workspace;

/// What is measured natively, and the commands that it measures.
const PACKAGES: [&str; 3] = ["vidimus-bench", "vidimus-cli", "vidimus-node"];

/// The page that keeps the last table, and the line that the table follows.
const PAGE: &str = "docs/performance.md";
const MARK: &str = "<!-- The table below is written by `cargo xtask bench`. -->";

pub(crate) fn run(workspace: &Workspace) -> Result<(), Failure> {
    let table = table(workspace, &[])?;
    let page = files::read_text(&workspace.path(PAGE))?;
    let (before, _) = page
        .split_once(MARK)
        .ok_or_else(|| Failure::new(format!("{PAGE} lacks the line {MARK}")))?;
    files::write(&workspace.path(PAGE), format!("{before}{MARK}\n\n{table}"))
}

/// Ledgers of records alone, natively, in Node and in Chromium.
pub(crate) fn measure_records(workspace: &Workspace) -> Result<(), Failure> {
    table(workspace, &["records"]).map(drop)
}

/// Evidence packets alone, natively, in Node and in Chromium.
pub(crate) fn measure_packets(workspace: &Workspace) -> Result<(), Failure> {
    table(workspace, &["packets"]).map(drop)
}

/// Measures, and prints the table: of everything, or of one part.
fn table(workspace: &Workspace, part: &[&str]) -> Result<String, Failure> {
    setup::ensure(workspace, &[&Chromium, &Npm])?;
    portal::build(workspace)?;
    let mut build = workspace.cargo();
    build.args(["build", "--release"]).args(PACKAGES.iter().flat_map(|name| ["--package", name]));
    process::run(&mut build)?;

    let ledgers = workspace.target("bench");
    files::create_dir(&ledgers)?;
    let native = workspace.target("release").join("vidimus-bench");
    let mut node = workspace.command("node");
    node.arg(workspace.path("wasm-tests/bench/bench.mjs"))
        .env("VIDIMUS_NPM", wasm::output(workspace));
    let mut rows = Vec::new();
    for command in [&mut Command::new(native), &mut node] {
        let succeeded = process::stream(command.args(part).arg(&ledgers), |line| {
            rows.extend(line.starts_with("| ").then(|| format!("{line}\n")));
            true
        })?;
        if !succeeded {
            return Err(Failure::new("a benchmark failed"));
        }
    }
    let machine = machine().unwrap_or_else(|| "an unknown machine".to_owned());
    let table = format!("{machine}\n\n| What | Figure | Goal |\n|---|---|---|\n{}", rows.concat());
    println!("\n{table}");
    Ok(table)
}

/// Maps for the contract's state, natively and in Node, against the signatures of the same records.
pub(crate) fn compare_maps(workspace: &Workspace) -> Result<(), Failure> {
    let module = wasm::build_maps(workspace)?;
    process::run(workspace.cargo().args(["build", "--release", "--package", PACKAGES[0]]))?;
    println!("{}\n", machine().unwrap_or_default());
    let native = workspace.target("release").join(PACKAGES[0]);
    process::run(Command::new(native).arg("maps"))?;
    let script = workspace.path("wasm-tests/bench/maps.mjs");
    process::run(workspace.command("node").arg(script).arg(module))
}

/// Date, processor and number of cores.
fn machine() -> Option<String> {
    let date = process::output(Command::new("date").args(["--utc", "+%Y-%m-%d"]))?;
    let cores = process::output(&mut Command::new("nproc"))?;
    let info = process::output(Command::new("cat").arg("/proc/cpuinfo"))?;
    let model = info.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": "))?.1;
    Some(format!("{}, {model}, {} cores.", date.trim(), cores.trim()))
}
