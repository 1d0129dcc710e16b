//! The standard library of wasm32: from rustup where it can be had, else built from Debian's
//! packages, which bring a whole second toolchain.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::{Component, apt};
use crate::failure::Failure;
use crate::files;
use crate::process::{output, run};
use crate::workspace::Workspace;

/// The target of every browser build.
pub(crate) const TRIPLE: &str = "wasm32-unknown-unknown";

/// A toolchain that compiles and links for wasm32.
#[derive(Clone, Copy, Debug)]
pub(crate) struct WasmTarget;

/// Which one.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Toolchain {
    /// The native one of `rust-toolchain.toml`.
    Native,
    /// Debian's, known to rustup by [`Toolchain::DEBIAN_NAME`].
    Debian,
}

impl Toolchain {
    const DEBIAN_NAME: &str = "debian";

    /// Makes `command` and all that it starts use this toolchain.
    pub(crate) fn select(self, command: &mut Command) {
        match self {
            Self::Native => {}
            Self::Debian => {
                command.env("RUSTUP_TOOLCHAIN", Self::DEBIAN_NAME);
            }
        }
    }

    /// Links a module that uses the standard library: what is there may be of another version.
    fn works(self, workspace: &Workspace) -> bool {
        let source = workspace.tools().join("wasm-target.rs");
        let module = workspace.tools().join("wasm-target.wasm");
        let mut rustc = workspace.command("rustc");
        self.select(&mut rustc);
        rustc.args(["--crate-type", "cdylib", "--target", TRIPLE, "-o"]).args([&module, &source]);
        files::create_dir(workspace.tools()).is_ok()
            && files::write(&source, "pub fn bytes() -> Vec<u8> { vec![0] }\n").is_ok()
            && output(&mut rustc).is_some()
    }
}

impl WasmTarget {
    /// The toolchain to build with. Whatever rustup once refused needs no memory: it is Debian's
    /// that works then, and nothing is asked again.
    pub(crate) fn toolchain(workspace: &Workspace) -> Option<Toolchain> {
        [Toolchain::Native, Toolchain::Debian]
            .into_iter()
            .find(|toolchain| toolchain.works(workspace))
    }
}

impl Component for WasmTarget {
    fn name(&self) -> &'static str {
        "wasm-target"
    }

    fn is_present(&self, workspace: &Workspace) -> bool {
        Self::toolchain(workspace).is_some()
    }

    fn install(&self, workspace: &Workspace) -> Result<(), Failure> {
        let added = run(workspace.command("rustup").args(["target", "add", TRIPLE]));
        if added.is_ok() && Toolchain::Native.works(workspace) {
            return Ok(());
        }
        println!("setup: rustup has none that works; Debian's toolchain instead");
        install_debian(workspace)
    }
}

fn install_debian(workspace: &Workspace) -> Result<(), Failure> {
    apt::install(workspace, &["rustc-web", "cargo-web", "rust-web-src", "rust-web-clippy"])?;
    run(workspace.command("rustup").args(["toolchain", "link", Toolchain::DEBIAN_NAME, "/usr"]))?;
    link_rust_lld(workspace)?;
    build_std(workspace)
}

/// Debian's rustc has no linker for wasm32; the native toolchain brings one.
fn link_rust_lld(workspace: &Workspace) -> Result<(), Failure> {
    let host = host(workspace)?;
    let native = sysroot(workspace, Toolchain::Native)?;
    let debian = sysroot(workspace, Toolchain::Debian)?;
    let binaries = format!("lib/rustlib/{host}/bin");
    let lld = native.join(&binaries).join("rust-lld");
    files::create_dir(&debian.join(&binaries))?;
    files::link(&lld, &debian.join(&binaries).join("rust-lld"))
}

/// Builds the standard library from Debian's sources and puts it where its rustc looks.
fn build_std(workspace: &Workspace) -> Result<(), Failure> {
    let project = workspace.tools().join("wasm-std");
    files::empty_dir(&project)?;
    files::write(
        &project.join("Cargo.toml"),
        "[package]\nname = \"empty\"\nedition = \"2024\"\n\n[workspace]\n\n\
         [lib]\npath = \"lib.rs\"\ncrate-type = [\"cdylib\"]\n",
    )?;
    files::write(&project.join("lib.rs"), "")?;

    let mut cargo = workspace.cargo();
    Toolchain::Debian.select(&mut cargo);
    cargo.args(["build", "--quiet", "--release", "--target", TRIPLE]);
    cargo.args(["-Zbuild-std=std,panic_abort,test", "--target-dir", "target"]);
    // Without bitcode, link-time optimisation fails with "Can't find section .llvmbc".
    cargo.env("RUSTC_BOOTSTRAP", "1").env("RUSTFLAGS", "-Cembed-bitcode=yes");
    run(cargo.current_dir(&project))?;

    let library =
        sysroot(workspace, Toolchain::Debian)?.join("lib/rustlib").join(TRIPLE).join("lib");
    files::empty_dir(&library)?;
    let built = project.join("target").join(TRIPLE).join("release/deps");
    for rlib in files::ending_in(&built, ".rlib") {
        if let Some(name) = rlib.file_name() {
            files::copy(&rlib, &library.join(name))?;
        }
    }
    files::remove_dir(&project)?;
    // Cargo does not notice that the standard library is another one.
    files::remove_dir(&workspace.wasm_target())
}

fn sysroot(workspace: &Workspace, toolchain: Toolchain) -> Result<PathBuf, Failure> {
    let mut rustc = workspace.command("rustc");
    toolchain.select(&mut rustc);
    output(rustc.args(["--print", "sysroot"]))
        .map(|printed| Path::new(printed.trim()).to_path_buf())
        .ok_or_else(|| Failure::new(format!("rustc of the {toolchain:?} toolchain does not run")))
}

/// The triple of this machine.
fn host(workspace: &Workspace) -> Result<String, Failure> {
    output(workspace.command("rustc").args(["--print", "host-tuple"]))
        .map(|printed| printed.trim().to_owned())
        .ok_or_else(|| Failure::new("rustc does not run"))
}
