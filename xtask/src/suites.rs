//! `cargo xtask test`: every suite there is, and one line that says how it went.

use std::env;
use std::process::{Command, ExitCode};
use std::time::Duration;

use crate::counts::Counts;
use crate::failure::Failure;
use crate::process::{Stopwatch, minutes, output, run as run_command, stream};
use crate::serve::Server;
use crate::setup::{
    self, CARGO_DENY, CARGO_FUZZ, CARGO_MUTANTS, Chromium, Component, CppCompiler, Nightly, Npm,
    TRIPLE, TRUNK, WASM_BINDGEN, WasmTarget,
};
use crate::transcript::{Results, Transcript};
use crate::wasm::{BINDING, LIBRARY, PORTAL};
use crate::workspace::Workspace;
use crate::{files, portal, samples, wasm};

/// How much of the suites to run.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Extent {
    /// Mutation testing too.
    pub(crate) mutants: bool,
    /// Ignored tests too.
    pub(crate) full: bool,
}

struct Suite {
    name: &'static str,
    when: When,
    needs: &'static [&'static dyn Component],
    run: fn(&Workspace, Extent) -> Result<Results, Failure>,
}

/// When a suite runs that was not named.
#[derive(Clone, Copy, Eq, PartialEq)]
enum When {
    Always,
    Mutants,
}

const SUITES: [Suite; 10] = [
    Suite { name: "fmt", when: When::Always, needs: &[], run: fmt },
    Suite { name: "clippy", when: When::Always, needs: &[&WasmTarget], run: clippy },
    Suite { name: "doc", when: When::Always, needs: &[], run: doc },
    Suite { name: "deny", when: When::Always, needs: &[&CARGO_DENY], run: deny },
    Suite { name: "native", when: When::Always, needs: &[], run: native },
    Suite {
        name: "wasm",
        when: When::Always,
        needs: &[&WasmTarget, &WASM_BINDGEN, &Chromium],
        run: browser,
    },
    Suite {
        name: "node",
        when: When::Always,
        needs: &[&WasmTarget, &WASM_BINDGEN, &Npm],
        run: node,
    },
    Suite {
        name: "e2e",
        when: When::Always,
        needs: &[&WasmTarget, &WASM_BINDGEN, &Npm, &TRUNK, &Chromium],
        run: e2e,
    },
    Suite {
        name: "fuzz",
        when: When::Always,
        needs: &[&Nightly, &CppCompiler, &CARGO_FUZZ],
        run: fuzz,
    },
    Suite { name: "mutants", when: When::Mutants, needs: &[&CARGO_MUTANTS], run: mutants },
];

pub(crate) fn names() -> Vec<&'static str> {
    SUITES.iter().map(|suite| suite.name).collect()
}

/// Runs the suites named, or all; each of them, whatever happened to the one before.
pub(crate) fn run(workspace: &Workspace, names: &[String], extent: Extent) -> ExitCode {
    let is_chosen = |suite: &&Suite| match suite.when {
        _ if names.iter().any(|name| name == suite.name) => true,
        When::Mutants => extent.mutants,
        When::Always => names.is_empty(),
    };
    if !workspace.vectors().is_dir() {
        println!("skipped: no vectors. Tests of published data need the folder VIDIMUS_VECTORS.");
    }
    let reports: Vec<Report> =
        SUITES.iter().filter(is_chosen).map(|suite| suite.report(workspace, extent)).collect();

    reports.iter().for_each(Report::show_figures);
    let mut all = Counts::default();
    println!("\nsuite      passed  failed  skipped  ignored   setup     run");
    for Report { name, results, setup, run } in reports {
        all.add(results.counts);
        let Counts { passed, failed, skipped, ignored } = results.counts;
        let (setup, run) = (minutes(setup), minutes(run));
        println!("{name:<9} {passed:>7} {failed:>7} {skipped:>8} {ignored:>8} {setup:>7} {run:>7}");
    }
    println!("\n{all}");
    if all.failed == 0 && all.passed > 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

struct Report {
    name: &'static str,
    results: Results,
    setup: Duration,
    run: Duration,
}

impl Report {
    /// What its tests told, if anything.
    fn show_figures(&self) {
        let Self { name, results, .. } = self;
        if !results.figures.is_empty() {
            println!("\nfigures of {name}");
        }
        for figure in &results.figures {
            println!("  {figure}");
        }
    }
}

impl Suite {
    /// Sets up, runs and counts; what could not run, or ran no test, failed.
    fn report(&self, workspace: &Workspace, extent: Extent) -> Report {
        println!("\n=== {} ===", self.name);
        let clock = Stopwatch::start();
        let ready = setup::ensure(workspace, self.needs);
        let setup = clock.elapsed();
        let clock = Stopwatch::start();
        let result = ready.and_then(|()| match (self.run)(workspace, extent)? {
            Results { counts: Counts { passed: 0, failed: 0, .. }, .. } => {
                Err(Failure::new("no test ran"))
            }
            results => Ok(results),
        });
        let mut results = result.unwrap_or_else(|failure| {
            println!("{}: {failure}", self.name);
            Counts { failed: 1, ..Counts::default() }.into()
        });
        let skipped = results.counts.skipped;
        if skipped > 0 && is_in_ci() {
            println!("{}: {skipped} tests were skipped, which have failed: this is CI", self.name);
            results.counts.fail_skipped();
        }
        Report { name: self.name, results, setup, run: clock.elapsed() }
    }
}

/// There a test that lacks what it reads fails.
fn is_in_ci() -> bool {
    env::var_os("CI").is_some_and(|ci| ci == "true")
}

/// Runs commands that pass or fail as a whole; together they count as one test.
fn gate<const N: usize>(commands: [&mut Command; N]) -> Result<Results, Failure> {
    commands.into_iter().try_for_each(run_command).map(|()| Counts::ONE_PASSED.into())
}

/// Runs a test runner and reads what it reports. One that fails without a failed test (it did not
/// compile, it crashed) counts as one.
fn tests(command: &mut Command) -> Result<Results, Failure> {
    let mut transcript = Transcript::default();
    let succeeded = stream(command, |line| transcript.read(line))?;
    let mut results = transcript.finish();
    if !succeeded && results.counts.failed == 0 {
        results.counts.fail_one();
    }
    Ok(results)
}

fn fmt(workspace: &Workspace, _: Extent) -> Result<Results, Failure> {
    let fuzz = ["fmt", "--manifest-path", "fuzz/Cargo.toml", "--check"];
    gate([workspace.cargo().args(["fmt", "--all", "--check"]), workspace.cargo().args(fuzz)])
}

/// As on the host, so on wasm32. The library's tests are compiled on the host only, since what they
/// compare it with is native.
fn clippy(workspace: &Workspace, _: Extent) -> Result<Results, Failure> {
    let deny = ["--", "--deny", "warnings"];
    // Debian's toolchain has no clippy: there the wasm32 build is at least checked.
    let has_clippy =
        output(workspace.wasm_command("cargo")?.args(["clippy", "--version"])).is_some();
    let lint = |targets: &[&str]| -> Result<Command, Failure> {
        let mut cargo = workspace.wasm_command("cargo")?;
        cargo.arg(if has_clippy { "clippy" } else { "check" }).args(["--target", TRIPLE]);
        cargo.args(targets).args(has_clippy.then_some(deny).into_iter().flatten());
        Ok(cargo)
    };
    gate([
        native_only(workspace.cargo().args(["clippy", "--all-targets"])).args(deny),
        &mut lint(&["--package", LIBRARY])?,
        &mut lint(&["--all-targets", "--package", BINDING, "--package", PORTAL])?,
    ])
}

fn doc(workspace: &Workspace, _: Extent) -> Result<Results, Failure> {
    let mut cargo = workspace.cargo();
    cargo.args(["doc", "--no-deps"]).env("RUSTDOCFLAGS", "--deny warnings");
    gate([native_only(&mut cargo)])
}

/// Advisories need their database from the network: a full run only.
fn deny(workspace: &Workspace, extent: Extent) -> Result<Results, Failure> {
    let mut cargo = workspace.cargo();
    cargo.args(["deny", "--workspace", "--all-features", "check", "bans", "licenses", "sources"]);
    gate([cargo.args(extent.full.then_some("advisories"))])
}

fn native(workspace: &Workspace, extent: Extent) -> Result<Results, Failure> {
    let mut cargo = native_tests(workspace);
    cargo.args(ignored_too(extent)).arg("--show-output");
    tests(&mut cargo)
}

/// Every test that runs without a browser.
pub(crate) fn native_tests(workspace: &Workspace) -> Command {
    let mut cargo = workspace.cargo();
    native_only(cargo.args(["test", "--no-fail-fast"]));
    cargo
}

/// The tests of the crates that are made for a browser, in one.
fn browser(workspace: &Workspace, extent: Extent) -> Result<Results, Failure> {
    let mut cargo = workspace.wasm_command("cargo")?;
    cargo.args(["test", "--no-fail-fast", "--lib", "--bins", "--tests", "--target", TRIPLE]);
    cargo.args(["--package", BINDING, "--package", PORTAL]).args(ignored_too(extent));
    cargo.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", "wasm-bindgen-test-runner");
    cargo.env("WASM_BINDGEN_USE_BROWSER", "1").env("WASM_BINDGEN_TEST_TIMEOUT", "600");
    if let Some(driver) = Chromium::driver(workspace) {
        cargo.env("CHROMEDRIVER", driver);
    }
    tests(&mut cargo)
}

/// The npm binding in Node.
fn node(workspace: &Workspace, _: Extent) -> Result<Results, Failure> {
    wasm::build(workspace)?;
    samples::make(workspace)?;
    tests(&mut node_tests(workspace, "wasm-tests/node")?)
}

/// The portal in Chromium, as a person would use it.
fn e2e(workspace: &Workspace, _: Extent) -> Result<Results, Failure> {
    portal::build(workspace)?;
    let server = Server::start(portal::dist(workspace), 0)?;
    let mut node = node_tests(workspace, "wasm-tests/e2e")?;
    if let Some(browser) = Chromium::browser(workspace) {
        node.env("CHROMIUM", browser);
    }
    tests(node.env("VIDIMUS_URL", server.url()))
}

/// Compiles every fuzz target and runs each for half a minute, from the inputs checked in.
fn fuzz(workspace: &Workspace, _: Extent) -> Result<Results, Failure> {
    let nightly = |subcommand: &str| {
        let mut cargo = workspace.cargo();
        cargo.env("RUSTUP_TOOLCHAIN", Nightly::TOOLCHAIN).env_remove("CARGO_TARGET_DIR");
        cargo.args(["fuzz", subcommand, "--target-dir"]).arg(workspace.target("fuzz"));
        cargo
    };
    let targets = files::ending_in(&workspace.path("fuzz/fuzz_targets"), ".rs");
    if targets.is_empty() {
        return Err(Failure::new("no target in fuzz/fuzz_targets"));
    }
    run_command(&mut nightly("build"))?;
    for target in targets.iter().filter_map(|target| target.file_stem()) {
        // libFuzzer adds to the first folder; what is checked in is only read.
        let found = workspace.target("fuzz-corpus").join(target);
        let seeds = workspace.path("fuzz/corpus").join(target);
        files::create_dir(&found)?;
        let mut run = nightly("run");
        run.arg(target).arg(found).args(seeds.is_dir().then_some(seeds));
        run_command(run.args(["--", "-max_total_time=30", "-timeout=10", "-print_final_stats=1"]))?;
    }
    Ok(Counts::ONE_PASSED.into())
}

/// What each stage of [`mutants`] runs: the library's own tests find most changes within a second,
/// those of verdicts, of records and of the import nearly all others; what survives meets all tests.
const STAGES: [&[&str]; 4] = [
    &["--cargo-arg=--lib"],
    &[
        "--test-package",
        "vidimus-node",
        "--cargo-arg=--test",
        "--cargo-arg=verdicts",
        "--cargo-arg=--test",
        "--cargo-arg=records",
    ],
    &["--cargo-arg=--test", "--cargo-arg=import"],
    &["--test-package", LIBRARY, "--test-package", "vidimus-node"],
];

/// Changes the library in every way that cargo-mutants knows; a survivor is a test that is missing,
/// or has its reason in `.cargo/mutants.toml`.
fn mutants(workspace: &Workspace, _: Extent) -> Result<Results, Failure> {
    let mut result = Ok(());
    // The copies stand elsewhere, where no vectors lie beside the checkout.
    let vectors = workspace.vectors();
    for (stage, tests) in STAGES.iter().enumerate() {
        let mut cargo = workspace.cargo();
        cargo.args(["mutants", "--package", LIBRARY, "--jobs", "2", "--output"]);
        // Each of the two builds in a copy of its own.
        cargo.arg(workspace.target("mutants")).env_remove("CARGO_TARGET_DIR");
        cargo.env("VIDIMUS_VECTORS", &vectors);
        cargo.args((stage > 0).then_some("--iterate")).args(*tests);
        // The test runner of the stable toolchain has `--fail-fast` too, behind this door.
        cargo.args(["--", "--", "-Zunstable-options", "--fail-fast"]).env("RUSTC_BOOTSTRAP", "1");
        result = run_command(&mut cargo);
        if result.is_ok() {
            break;
        }
    }
    result.map(|()| Counts::ONE_PASSED.into())
}

/// The workspace without the crates that are made for a browser.
fn native_only(cargo: &mut Command) -> &mut Command {
    cargo.args(["--workspace", "--exclude", BINDING, "--exclude", PORTAL])
}

/// The end of cargo's own arguments, and the first of the test runner's.
fn ignored_too(extent: Extent) -> &'static [&'static str] {
    if extent.full { &["--", "--include-ignored"] } else { &["--"] }
}

/// Node's own runner over the tests of `folder`, and the command line that they compare with; the
/// runner of Node 20 expands no patterns itself.
fn node_tests(workspace: &Workspace, folder: &str) -> Result<Command, Failure> {
    let scripts = files::ending_in(&workspace.path(folder), ".test.mjs");
    if scripts.is_empty() {
        return Err(Failure::new(format!("no *.test.mjs in {folder}")));
    }
    run_command(workspace.cargo().args(["build", "--release", "--package", "vidimus-cli"]))?;
    let mut node = workspace.command("node");
    // A test that failed with a browser open, or that waits for ever, ends all the same.
    node.args(["--test", "--test-force-exit", "--test-timeout=600000"]);
    node.arg("--test-reporter=spec").args(scripts);
    node.env("VIDIMUS_NPM", wasm::output(workspace));
    node.env("VIDIMUS_CLI", workspace.target("release").join("vidimus"));
    Ok(node)
}
