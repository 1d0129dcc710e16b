//! Where things are, and commands that find them.

use std::env;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::failure::Failure;
use crate::setup::WasmTarget;

/// The checkout, the build folder and the folder of installed tools.
#[derive(Debug)]
pub(crate) struct Workspace {
    root: PathBuf,
    /// `CARGO_TARGET_DIR`, or `target` in the checkout.
    target: PathBuf,
    /// `VIDIMUS_TOOLS`, or `~/.cache/vidimus`.
    tools: PathBuf,
    /// `PATH` with the installed tools first.
    search_path: OsString,
}

impl Workspace {
    pub(crate) fn find() -> Result<Self, Failure> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"))
            .parent()
            .ok_or_else(|| Failure::new("xtask lies in no workspace"))?
            .to_path_buf();
        let target = root.join(env::var_os("CARGO_TARGET_DIR").unwrap_or_else(|| "target".into()));
        let tools = match (env::var_os("VIDIMUS_TOOLS"), env::home_dir()) {
            (Some(tools), _) => root.join(tools),
            (None, Some(home)) => home.join(".cache/vidimus"),
            (None, None) => return Err(Failure::new("neither VIDIMUS_TOOLS nor HOME is set")),
        };
        let installed = [tools.join("bin"), root.join("wasm-tests/node_modules/.bin")];
        let inherited = env::var_os("PATH").unwrap_or_default();
        let search_path =
            env::join_paths(installed.into_iter().chain(env::split_paths(&inherited)))
                .map_err(|error| Failure::new(format!("PATH: {error}")))?;
        Ok(Self { root, target, tools, search_path })
    }

    /// A path in the checkout.
    pub(crate) fn path(&self, relative: &str) -> PathBuf {
        self.root.join(relative)
    }

    /// Where the tests look for the published vectors, which may not be there.
    pub(crate) fn vectors(&self) -> PathBuf {
        let beside = || self.path("../shared/vectors");
        env::var_os("VIDIMUS_VECTORS").map_or_else(beside, PathBuf::from)
    }

    /// A path in the build folder.
    pub(crate) fn target(&self, relative: &str) -> PathBuf {
        self.target.join(relative)
    }

    pub(crate) fn tools(&self) -> &Path {
        &self.tools
    }

    /// Looks `program` up as [`Self::command`] would.
    pub(crate) fn which(&self, program: &str) -> Option<PathBuf> {
        env::split_paths(&self.search_path)
            .map(|directory| directory.join(program))
            .find(|path| path.is_file())
    }

    /// `program`, run in the checkout, without what `cargo run` told this process about itself.
    pub(crate) fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(program);
        command.current_dir(&self.root).env("PATH", &self.search_path);
        for (name, _) in env::vars_os() {
            let about_us = ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_", "CARGO_CRATE_"];
            let text = name.to_string_lossy();
            if text == "CARGO" || about_us.iter().any(|prefix| text.starts_with(prefix)) {
                command.env_remove(&name);
            }
        }
        command
    }

    /// The native cargo.
    pub(crate) fn cargo(&self) -> Command {
        self.command("cargo")
    }

    /// A program that builds for wasm32, with the toolchain that can, in a build folder of its own.
    pub(crate) fn wasm_command(&self, program: &str) -> Result<Command, Failure> {
        let toolchain = WasmTarget::toolchain(self).ok_or_else(|| {
            Failure::new("no toolchain builds for wasm32: cargo xtask setup wasm-target")
        })?;
        let mut command = self.command(program);
        toolchain.select(&mut command);
        command.env("CARGO_TARGET_DIR", self.wasm_target());
        Ok(command)
    }

    /// The build folder of wasm32; apart, since its toolchain may differ.
    pub(crate) fn wasm_target(&self) -> PathBuf {
        self.target("wasm")
    }
}
