//! `cargo xtask bless`: the tests that compare a checked-in file with what the code says write the
//! file instead. Read the difference before committing it.

use crate::failure::Failure;
use crate::process;
use crate::suites::native_tests;
use crate::workspace::Workspace;

pub(crate) fn run(workspace: &Workspace) -> Result<(), Failure> {
    process::run(native_tests(workspace).env("VIDIMUS_BLESS", "1"))
}
