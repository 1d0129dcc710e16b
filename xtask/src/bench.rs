//! `cargo xtask bench`: everything that is measured, in one run on one machine.

use crate::failure::Failure;
use crate::process;
use crate::setup::{self, Chromium};
use crate::wasm;
use crate::workspace::Workspace;

/// The crate with the benchmark, which drives Node and Chromium itself.
const PACKAGE: &str = "vidimus-bench";

pub(crate) fn run(workspace: &Workspace, arguments: &[String]) -> Result<(), Failure> {
    setup::ensure(workspace, &[&Chromium])?;
    wasm::build(workspace)?;
    let mut bench = workspace.cargo();
    bench.args(["run", "--release", "--package", PACKAGE, "--"]);
    process::run(bench.args(arguments))
}
