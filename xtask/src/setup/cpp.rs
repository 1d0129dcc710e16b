//! A C++ compiler: the fuzzer that is linked to each fuzz target, libFuzzer, is built from source.

use std::env;

use super::{Component, apt};
use crate::failure::Failure;
use crate::workspace::Workspace;

/// `c++`, or what `CXX` names.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CppCompiler;

impl Component for CppCompiler {
    fn name(&self) -> &'static str {
        "cpp"
    }

    fn is_present(&self, workspace: &Workspace) -> bool {
        env::var_os("CXX").is_some() || workspace.which("c++").is_some()
    }

    fn install(&self, workspace: &Workspace) -> Result<(), Failure> {
        apt::install(workspace, &["g++"])
    }
}
