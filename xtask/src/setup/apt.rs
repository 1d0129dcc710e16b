//! Packages of the distribution.

use crate::failure::Failure;
use crate::process::run;
use crate::workspace::Workspace;

/// Installs `packages` where apt is at hand and may be used; says what to do where not.
pub(super) fn install(workspace: &Workspace, packages: &[&str]) -> Result<(), Failure> {
    let names = packages.join(" ");
    if workspace.which("apt-get").is_none() {
        return Err(Failure::new(format!("no apt-get here; install what Debian calls: {names}")));
    }
    let apt = || {
        let mut apt = workspace.command("apt-get");
        apt.env("DEBIAN_FRONTEND", "noninteractive");
        apt.args(["--option", "DPkg::Lock::Timeout=600"]);
        apt.args(["--quiet", "--quiet", "--option", "Dpkg::Use-Pty=0"]);
        apt
    };
    let installed = run(apt().arg("update")).and_then(|()| {
        run(apt().args(["install", "--yes", "--no-install-recommends"]).args(packages))
    });
    installed
        .map_err(|failure| Failure::new(format!("{failure}; as root: apt-get install {names}")))
}
