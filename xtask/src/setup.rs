//! `cargo xtask setup`: what the commands need that a fresh machine does not have.

mod apt;
mod cargo_tool;
mod chromium;
mod cpp;
mod nightly;
mod npm;
mod wasm_target;

use crate::failure::Failure;
use crate::process::Stopwatch;
use crate::workspace::Workspace;

pub(crate) use self::cargo_tool::{CARGO_DENY, CARGO_FUZZ, CARGO_MUTANTS, TRUNK, WASM_BINDGEN};
pub(crate) use self::chromium::Chromium;
pub(crate) use self::cpp::CppCompiler;
pub(crate) use self::nightly::Nightly;
pub(crate) use self::npm::Npm;
pub(crate) use self::wasm_target::{TRIPLE, WasmTarget};

/// Something that can be missing.
pub(crate) trait Component: Sync {
    fn name(&self) -> &'static str;
    fn is_present(&self, workspace: &Workspace) -> bool;
    fn install(&self, workspace: &Workspace) -> Result<(), Failure>;
}

/// What `cargo xtask setup` installs, in this order.
const ALL: [&dyn Component; 9] = [
    &WasmTarget,
    &Npm,
    &Chromium,
    &WASM_BINDGEN,
    &TRUNK,
    &CARGO_DENY,
    &Nightly,
    &CppCompiler,
    &CARGO_FUZZ,
];

/// What it installs only when it is named.
const ON_REQUEST: [&dyn Component; 1] = [&CARGO_MUTANTS];

pub(crate) fn names() -> Vec<&'static str> {
    ALL.iter().chain(&ON_REQUEST).map(|component| component.name()).collect()
}

pub(crate) fn run(workspace: &Workspace, names: &[String]) -> Result<(), Failure> {
    let clock = Stopwatch::start();
    let is_named = |component: &&dyn Component| names.iter().any(|name| name == component.name());
    let chosen: Vec<_> = if names.is_empty() {
        ALL.to_vec()
    } else {
        ALL.into_iter().chain(ON_REQUEST).filter(is_named).collect()
    };
    ensure(workspace, &chosen)?;
    println!("setup: {} of {0} present, {:.1?}", chosen.len(), clock.elapsed());
    Ok(())
}

/// Installs those of `components` that are missing.
pub(crate) fn ensure(workspace: &Workspace, components: &[&dyn Component]) -> Result<(), Failure> {
    for component in components {
        if component.is_present(workspace) {
            continue;
        }
        let name = component.name();
        println!("setup: {name} is missing");
        let clock = Stopwatch::start();
        component.install(workspace)?;
        if !component.is_present(workspace) {
            return Err(Failure::new(format!("{name} was installed, and still does not work")));
        }
        println!("setup: {name} installed in {:.1?}", clock.elapsed());
    }
    Ok(())
}
