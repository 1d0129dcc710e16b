//! `cargo xtask wasm`: the npm binding as one wasm module, with glue for each way to load it.

use std::path::{Path, PathBuf};

use crate::failure::Failure;
use crate::files;
use crate::process::run;
use crate::setup::{self, Component, Npm, TRIPLE, WASM_BINDGEN, WasmTarget};
use crate::workspace::Workspace;

/// The crates that are built for wasm32: the library, the binding, the portal.
pub(crate) const LIBRARY: &str = "vidimus";
pub(crate) const BINDING: &str = "vidimus-npm";
pub(crate) const PORTAL: &str = "vidimus-portal";
const BENCH: &str = "vidimus-bench";

pub(crate) const NEEDS: [&dyn Component; 3] = [&WasmTarget, &WASM_BINDGEN, &Npm];

/// The kinds of glue, each a folder of `target/npm`: a classic script for a worker that needs no
/// module loader, and a module for pages and for Node.
const GLUE: [&str; 2] = ["no-modules", "web"];

/// The glue in each of those folders, and the module that it loads.
const GLUE_SCRIPT: &str = "vidimus.js";
const MODULE: &str = "vidimus_bg.wasm";

/// The script of the Web Worker: the glue of its folder, then these of `verifier/npm/js`.
const WORKER: &str = "vidimus.worker.js";
const WORKER_PARTS: [&str; 4] = ["source.js", "pool.js", "run.js", "worker.js"];

/// What is downloaded is built for size, and what takes the time for speed.
const SMALL: [&str; 2] = ["profile.release.opt-level='s'", "profile.release.lto='fat'"];
const FAST: [&str; 5] = [
    "profile.release.package.curve25519-dalek.opt-level=3",
    "profile.release.package.ed25519-dalek.opt-level=3",
    "profile.release.package.ed25519-zebra.opt-level=3",
    "profile.release.package.rand_chacha.opt-level=3",
    "profile.release.package.sha2.opt-level=3",
];

/// `target/npm` in the checkout, wherever the build folder is: the portal and the tests name it.
pub(crate) fn output(workspace: &Workspace) -> PathBuf {
    workspace.path("target/npm")
}

pub(crate) fn build(workspace: &Workspace) -> Result<(), Failure> {
    let compiled = compile(workspace, BINDING)?;
    let output = output(workspace);
    let done = output.join("done");
    let parts = WORKER_PARTS.map(|part| workspace.path("verifier/npm/js").join(part));
    let is_fresh = |source| files::is_newer(&done, source);
    if is_fresh(&compiled) && parts.iter().all(|part| is_fresh(part)) {
        return Ok(());
    }
    files::empty_dir(&output)?;
    let folders = GLUE.map(|kind| output.join(kind));
    for (kind, folder) in GLUE.into_iter().zip(&folders) {
        bind(workspace, &compiled, kind, folder)?;
    }
    // Each glue loads the same module, so that a check of one is a check of what is shipped.
    let [first, others @ ..] = folders.map(|folder| folder.join(MODULE));
    let module = files::read(&first)?;
    for other in &others {
        if files::read(other)? != module {
            return Err(Failure::new("wasm-bindgen made different modules for different glue"));
        }
    }
    optimise(workspace, &first)?;
    others.iter().try_for_each(|other| files::copy(&first, other))?;
    write_worker(&first.with_file_name(GLUE_SCRIPT), &parts)?;
    files::write(&done, "")
}

/// The measurement of maps as a module for Node, compiled as what is shipped. Returns its glue.
pub(crate) fn build_maps(workspace: &Workspace) -> Result<PathBuf, Failure> {
    let compiled = compile(workspace, BENCH)?;
    let folder = workspace.target("maps");
    files::empty_dir(&folder)?;
    bind(workspace, &compiled, "web", &folder)?;
    optimise(workspace, &folder.join(MODULE))?;
    Ok(folder.join(GLUE_SCRIPT))
}

/// Compiles a library for wasm32 and returns the module.
fn compile(workspace: &Workspace, package: &str) -> Result<PathBuf, Failure> {
    setup::ensure(workspace, &NEEDS)?;
    let mut cargo = workspace.wasm_command("cargo")?;
    cargo.args(["build", "--release", "--lib", "--target", TRIPLE, "--package", package]);
    run(cargo.args(SMALL.iter().chain(&FAST).flat_map(|setting| ["--config", setting])))?;
    let module = format!("{TRIPLE}/release/{}.wasm", package.replace('-', "_"));
    Ok(workspace.wasm_target().join(module))
}

/// Writes the glue of one kind, and the module that it loads, into `folder`.
fn bind(workspace: &Workspace, compiled: &Path, kind: &str, folder: &Path) -> Result<(), Failure> {
    let mut bindgen = workspace.command("wasm-bindgen");
    bindgen.args(["--target", kind, "--out-name", "vidimus", "--remove-name-section"]);
    bindgen.arg("--remove-producers-section").arg("--out-dir").arg(folder).arg(compiled);
    run(&mut bindgen)?;
    let format = if kind == "web" { "module" } else { "commonjs" };
    files::write(&folder.join("package.json"), format!("{{ \"type\": \"{format}\" }}\n"))
}

/// Writes the worker's script beside the glue that it begins with: one file, so that it starts
/// wherever a page may load a script.
fn write_worker(glue: &Path, parts: &[PathBuf]) -> Result<(), Failure> {
    let mut script = "\"use strict\";\n".to_owned();
    for source in std::iter::once(glue).chain(parts.iter().map(PathBuf::as_path)) {
        script.push_str(&files::read_text(source)?);
        script.push('\n');
    }
    files::write(&glue.with_file_name(WORKER), script)
}

/// Optimises in place, with the features that the module itself says it uses and no others. `-O3` makes
/// a module that is 3 % smaller and no faster, and a tenth larger once it is compressed for the way.
fn optimise(workspace: &Workspace, module: &Path) -> Result<(), Failure> {
    let optimised = module.with_extension("opt");
    run(workspace.command("wasm-opt").arg("-O1").arg(module).arg("--output").arg(&optimised))?;
    files::rename(&optimised, module)
}
