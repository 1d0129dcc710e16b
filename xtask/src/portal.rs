//! `cargo xtask portal`: from an empty checkout to the sample's verdict in a browser tab.

use std::convert::Infallible;
use std::path::PathBuf;

use crate::failure::Failure;
use crate::process::run;
use crate::serve::Server;
use crate::setup::{self, Component, Npm, TRUNK, WASM_BINDGEN, WasmTarget};
use crate::workspace::Workspace;
use crate::{csp, samples, wasm};

pub(crate) const NEEDS: [&dyn Component; 4] = [&WasmTarget, &WASM_BINDGEN, &Npm, &TRUNK];

/// Where Trunk leaves the page, as `Trunk.toml` says.
pub(crate) fn dist(workspace: &Workspace) -> PathBuf {
    workspace.path("www/dist")
}

/// Makes the samples, verifies the good one, builds the binding and the page around it.
pub(crate) fn build(workspace: &Workspace) -> Result<(), Failure> {
    setup::ensure(workspace, &NEEDS)?;
    samples::make(workspace)?;
    samples::verify(workspace)?;
    wasm::build(workspace)?;
    let mut trunk = workspace.wasm_command("trunk")?;
    // The page does nothing that takes time: it is built for size.
    trunk.env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "s").env("CARGO_PROFILE_RELEASE_LTO", "fat");
    run(trunk.args(["build", "--release"]))?;
    csp::seal(&dist(workspace).join("index.html"))
}

/// Builds, then serves until interrupted.
pub(crate) fn show(workspace: &Workspace, port: u16) -> Result<Infallible, Failure> {
    build(workspace)?;
    let server = Server::start(dist(workspace), port)?;
    println!("The portal is at {} (Ctrl-C ends it).", server.url());
    server.wait()
}
