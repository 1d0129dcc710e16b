//! The command line: what it writes, and that it says no.
#![expect(clippy::unwrap_used, reason = "a test that fails may panic")]

mod support;

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use vidimus::{anchor::Anchors, limits::Limits, report::Status};

fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    if folder.exists() {
        fs::remove_dir_all(&folder).unwrap();
    }
    folder
}

fn run(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_vidimus-node")).args(arguments).output().unwrap()
}

fn simulate(out: &Path, more: &[&str]) {
    let mut arguments = vec!["simulate", "--out", out.to_str().unwrap(), "--blocks", "20"];
    arguments.extend(["--churn", "3", "--nil", "10", "--absent", "10", "--evidence", "6"]);
    arguments.extend(more);
    let output = run(&arguments);
    assert!(output.status.success(), "{output:?}");
    assert!(output.stdout.is_empty() && output.stderr.is_empty(), "quiet when piped");
}

#[test]
fn ledger_is_verified_from_the_anchor_beside_it() {
    let out = folder("verified");
    simulate(&out, &["--profile", "cometbft-0.40", "--initial-height", "77"]);
    let text = fs::read_to_string(out.join("anchor.txt")).unwrap();
    assert!(text.starts_with("# TEST DATA"));
    let anchors = Anchors::parse(&text, &Limits::default()).unwrap();
    let report =
        support::verify(&fs::read(out.join("ledger.vidimus")).unwrap(), &anchors.anchors[0]);
    assert_eq!(report.verdict.status, Status::Verified);
    assert_eq!((report.counts.blocks, anchors.anchors[0].height), (20, 96));
    assert!(!out.join("rpc").exists());
}

#[test]
fn same_seed_writes_the_same_files() {
    let (first, second) = (folder("first"), folder("second"));
    for out in [&first, &second] {
        simulate(out, &["--seed", "5", "--rpc-json"]);
    }
    let read = |out: &Path, name: &str| fs::read(out.join(name)).unwrap();
    let names =
        ["ledger.vidimus", "anchor.txt", "rpc/block_7.json", "rpc/genesis.json", "rpc/status.json"];
    for name in names {
        assert_eq!(read(&first, name), read(&second, name), "{name}");
    }
    // Of each of 20 blocks five files; a set more; genesis, status.
    assert_eq!(fs::read_dir(first.join("rpc")).unwrap().count(), 103);
}

#[test]
fn test_keys_are_written_as_the_verifier_has_them() {
    let out = folder("keys.bin");
    let output = run(&["test-keys", "--out", out.to_str().unwrap()]);
    assert!(output.status.success());
    assert_eq!(fs::read(&out).unwrap(), vidimus_node::test_keys::public_bytes());
    fs::remove_file(out).unwrap();
}

#[test]
fn figures_that_make_no_ledger_end_with_a_reason() {
    let out = folder("refused");
    let out = out.to_str().unwrap();
    for (arguments, reason) in [
        (["--validators", "257"], "1 to 256"),
        (["--profile", "cometbft-9"], "cometbft-0.38"),
        (["--blocks", "0"], "there must be a block"),
        (["--tx-size", "99999999"], "would have more than"),
    ] {
        let output = run(&["simulate", "--out", out, arguments[0], arguments[1]]);
        assert!(!output.status.success());
        let text = String::from_utf8(output.stderr).unwrap();
        assert!(text.contains(reason), "{text}");
    }
    assert!(!Path::new(out).exists(), "nothing was written");
}
