//! The nightly toolchain, whose compiler instruments fuzz targets.

use super::Component;
use crate::failure::Failure;
use crate::process::{output, run};
use crate::workspace::Workspace;

/// rustup's `nightly`, of any day.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Nightly;

impl Nightly {
    /// What `RUSTUP_TOOLCHAIN` names it.
    pub(crate) const TOOLCHAIN: &str = "nightly";
}

impl Component for Nightly {
    fn name(&self) -> &'static str {
        "nightly"
    }

    /// A rustc without rustup ignores the name of a toolchain, and says what it is.
    fn is_present(&self, workspace: &Workspace) -> bool {
        let mut rustc = workspace.command("rustc");
        let version = output(rustc.env("RUSTUP_TOOLCHAIN", Self::TOOLCHAIN).arg("--version"));
        version.is_some_and(|version| version.contains("-nightly "))
    }

    fn install(&self, workspace: &Workspace) -> Result<(), Failure> {
        let mut rustup = workspace.command("rustup");
        rustup.args(["toolchain", "install", "--profile", "minimal", Self::TOOLCHAIN]);
        run(&mut rustup)
            .map_err(|failure| Failure::new(format!("{failure}; fuzz targets need nightly Rust")))
    }
}
