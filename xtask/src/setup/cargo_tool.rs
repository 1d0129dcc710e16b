//! Commands that `cargo install` builds, each in one exact version.

use super::Component;
use crate::failure::Failure;
use crate::files;
use crate::process::{output, run};
use crate::workspace::Workspace;

/// The crate's version is the one of the library in our `Cargo.lock`.
const AS_LOCKED: &str = "as in Cargo.lock";

pub(crate) const WASM_BINDGEN: CargoTool = CargoTool {
    name: "wasm-bindgen",
    package: "wasm-bindgen-cli",
    version: AS_LOCKED,
    version_arguments: &["--version"],
    features: &[],
    opt_level: "1",
};

/// 0.22 needs a rustc later than the one of Debian.
pub(crate) const TRUNK: CargoTool = CargoTool {
    name: "trunk",
    package: "trunk",
    version: "0.21.14",
    version_arguments: &["--version"],
    features: &["--no-default-features", "--features", "rustls"],
    opt_level: "0",
};

pub(crate) const CARGO_DENY: CargoTool = CargoTool {
    name: "cargo-deny",
    package: "cargo-deny",
    version: "0.20.2",
    version_arguments: &["--version"],
    features: &[],
    opt_level: "0",
};

pub(crate) const CARGO_FUZZ: CargoTool = CargoTool {
    name: "cargo-fuzz",
    package: "cargo-fuzz",
    version: "0.13.2",
    version_arguments: &["--version"],
    features: &[],
    opt_level: "0",
};

pub(crate) const CARGO_MUTANTS: CargoTool = CargoTool {
    name: "cargo-mutants",
    package: "cargo-mutants",
    version: "27.1.0",
    version_arguments: &["mutants", "--version"],
    features: &[],
    opt_level: "0",
};

/// A command from the crate registry.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CargoTool {
    name: &'static str,
    package: &'static str,
    version: &'static str,
    version_arguments: &'static [&'static str],
    features: &'static [&'static str],
    /// Built once and run for seconds: how quick a build counts for most.
    opt_level: &'static str,
}

impl CargoTool {
    fn version(&self, workspace: &Workspace) -> Result<String, Failure> {
        if self.version != AS_LOCKED {
            return Ok(self.version.to_owned());
        }
        let lock = files::read_text(&workspace.path("Cargo.lock"))?;
        locked_version(&lock, self.name)
            .map(str::to_owned)
            .ok_or_else(|| Failure::new(format!("Cargo.lock has no {}", self.name)))
    }
}

impl Component for CargoTool {
    fn name(&self) -> &'static str {
        self.name
    }

    /// Looks on the whole `PATH`, so that a developer's own installation serves as well.
    fn is_present(&self, workspace: &Workspace) -> bool {
        let printed = output(workspace.command(self.name).args(self.version_arguments));
        let wanted = self.version(workspace);
        printed.is_some_and(|printed| {
            wanted.is_ok_and(|wanted| printed.split_whitespace().any(|word| word == wanted))
        })
    }

    fn install(&self, workspace: &Workspace) -> Result<(), Failure> {
        let version = format!("={}", self.version(workspace)?);
        let install = |lock: &[&str]| {
            let mut cargo = workspace.cargo();
            cargo.args(["install", "--quiet", "--force", self.package, "--version", &version]);
            cargo.args(lock).args(self.features).arg("--root").arg(workspace.tools());
            cargo.env("CARGO_PROFILE_RELEASE_OPT_LEVEL", self.opt_level);
            for (setting, value) in [("LTO", "off"), ("CODEGEN_UNITS", "16"), ("DEBUG", "0")] {
                cargo.env(format!("CARGO_PROFILE_RELEASE_{setting}"), value);
            }
            run(cargo.env_remove("CARGO_TARGET_DIR"))
        };
        // A registry mirror can lack a version of the tool's own lock file.
        install(&["--locked"]).or_else(|failure| {
            println!("setup: {failure}; again without its lock file");
            install(&[])
        })
    }
}

/// The version of the package `name` in the text of a `Cargo.lock`.
fn locked_version<'lock>(lock: &'lock str, name: &str) -> Option<&'lock str> {
    let name = format!("name = \"{name}\"");
    let mut lines = lock.lines().skip_while(|line| *line != name);
    lines.nth(1)?.strip_prefix("version = \"")?.strip_suffix('"')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn version_is_of_the_package_named_exactly_so() {
        let lock = "[[package]]\nname = \"wasm-bindgen-macro\"\nversion = \"1.0.0\"\n\n\
                    [[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.130\"\n";
        assert_eq!(locked_version(lock, "wasm-bindgen"), Some("0.2.130"));
        assert_eq!(locked_version(lock, "wasm"), None);
    }
}
