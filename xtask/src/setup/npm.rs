//! The packages of `wasm-tests/package-lock.json`; wasm-opt is one of their commands.

use std::path::PathBuf;

use super::Component;
use crate::failure::Failure;
use crate::files;
use crate::process::{output, run};
use crate::workspace::Workspace;

/// `wasm-tests/node_modules`, as the lock file has it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Npm;

impl Npm {
    fn lock(workspace: &Workspace) -> PathBuf {
        workspace.path("wasm-tests/package-lock.json")
    }

    /// A copy of the lock file that was installed.
    fn installed_lock(workspace: &Workspace) -> PathBuf {
        workspace.path("wasm-tests/node_modules/.installed-lock.json")
    }
}

impl Component for Npm {
    fn name(&self) -> &'static str {
        "npm"
    }

    fn is_present(&self, workspace: &Workspace) -> bool {
        let lock = files::read(&Self::lock(workspace));
        let installed = files::read(&Self::installed_lock(workspace));
        lock.is_ok_and(|lock| installed.is_ok_and(|installed| lock == installed))
    }

    fn install(&self, workspace: &Workspace) -> Result<(), Failure> {
        if output(workspace.command("npm").arg("--version")).is_none() {
            return Err(Failure::new("no npm here; install Node.js 20.19 or later, with its npm"));
        }
        let mut npm = workspace.command("npm");
        npm.args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]);
        run(npm.current_dir(workspace.path("wasm-tests")))?;
        files::copy(&Self::lock(workspace), &Self::installed_lock(workspace))
    }
}
