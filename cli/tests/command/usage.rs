//! Wrong usage, input that cannot be read, output that cannot be written.

use std::fs;

use crate::support::{Run, busy, folder, run, simulate};

const ROOT: &str = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

#[test]
fn wrong_usage_ends_with_64() {
    let files = simulate("usage", &busy());
    let snapshot = files.snapshot.to_str().unwrap();
    let export = files.export.to_str().unwrap();
    let policy = files.folder.join("policy.json");
    fs::write(&policy, r#"{"require": "trust"}"#).unwrap();
    let out = files.folder.join("out.vidimus");
    for (arguments, says) in [
        (&[][..], "Usage:"),
        (&["prove"], "unrecognized subcommand"),
        (&["verify"], "required"),
        (&["verify", snapshot, "--skip", "commit.quorum"], "unexpected argument"),
        (&["verify", snapshot, "--threads", "0"], "1..=256"),
        (&["verify", snapshot, "--format", "xml"], "possible values"),
        (&["verify", snapshot, "--policy", policy.to_str().unwrap()], "policy.json: policy file"),
        (&["verify", snapshot, export], "is a snapshot: verify one snapshot at a time"),
        (&["import", export], "--output"),
        (&["import", snapshot, "-o", out.to_str().unwrap()], "is a snapshot already"),
        (&["anchor", snapshot], "--output"),
        (&["anchor", "-o", out.to_str().unwrap()], "required"),
        (&["check", snapshot, "--proof", snapshot, "--leaves", "1"], "--root"),
        (&["check", snapshot, "--proof", snapshot, "--root", ROOT], "--leaves"),
        (&["check", snapshot, "--root", ROOT, "--leaves", "1"], "--proof"),
        (&["check", snapshot, "--proof", snapshot], "<SNAPSHOT>"),
        (
            &["check", export, snapshot, "--proof", export, "--root", ROOT, "--leaves", "1"],
            "cannot be used with",
        ),
        (
            &["check", export, "--proof", export, "--root", ROOT, "--leaves", "1", "--anchor", "a"],
            "cannot be used with",
        ),
        (
            &["check", snapshot, "--proof", snapshot, "--root", "AB", "--leaves", "1"],
            "64 hex digits",
        ),
        (&["check", snapshot, "--proof", snapshot, "--root", ROOT, "--leaves", "0"], "1..=1048576"),
        (&["checks", "commit.majority"], "there is no check or violation commit.majority"),
        (&["completions", "cmd"], "possible values"),
    ] {
        let run = run(arguments);
        assert_eq!((run.code, &*run.stdout), (64, ""), "{arguments:?}");
        assert!(run.stderr.contains(says), "{arguments:?}: {}", run.stderr);
    }
    assert!(!out.exists());
}

#[test]
fn help_and_version_are_no_errors() {
    for arguments in [&["help"][..], &["--help"], &["verify", "--help"], &["--version"]] {
        let run = run(arguments);
        assert_eq!((run.code, run.stdout.is_empty()), (0, false), "{arguments:?}");
    }
}

fn anchored(path: &str, anchor: &str) -> Run {
    run(["verify", path, "--anchor", anchor])
}

#[test]
fn anchor_that_is_none_is_told_apart_from_a_file_that_is_not_there() {
    let files = simulate("anchors", &busy());
    let snapshot = files.snapshot.to_str().unwrap();
    let mistyped = anchored(snapshot, "s/ancor.txt");
    assert_eq!(mistyped.code, 64);
    assert!(mistyped.stderr.contains("expected profile/chain-id/height/header-hash"));
    assert!(mistyped.stderr.contains("There is no file of the name `s/ancor.txt`"));
    let unknown = anchored(snapshot, &files.anchor.replace("0.38", "0.39"));
    assert!(unknown.stderr.contains("unknown profile"), "{}", unknown.stderr);

    let path = files.folder.join("anchor.txt");
    fs::write(&path, "# two lines\nat-least many\n").unwrap();
    let malformed = anchored(snapshot, path.to_str().unwrap());
    assert_eq!(malformed.code, 64);
    assert!(malformed.stderr.contains("anchor.txt: anchor, line 2"), "{}", malformed.stderr);
    assert!(!malformed.stderr.contains("no file"), "{}", malformed.stderr);
    let directory = anchored(snapshot, files.folder.to_str().unwrap());
    assert_eq!(directory.code, 66, "{}", directory.stderr);
}

#[test]
fn input_that_is_not_there_is_named_before_the_anchor_is_judged() {
    let missing = folder("missing").join("ledger.vidimus");
    let run = anchored(missing.to_str().unwrap(), "s/ancor.txt");
    assert_eq!((run.code, &*run.stdout), (66, ""));
    assert!(run.stderr.contains("ledger.vidimus"), "{}", run.stderr);
    assert!(!run.stderr.contains("ancor.txt"), "{}", run.stderr);
}

#[test]
fn unreadable_input_ends_with_66() {
    let files = simulate("unreadable", &busy());
    let empty = folder("empty");
    let (empty, snapshot) = (empty.to_str().unwrap(), files.snapshot.to_str().unwrap());
    let missing = files.folder.join("missing");
    let missing = missing.to_str().unwrap();
    let output = files.folder.join("out.vidimus");
    for arguments in [
        &["verify", missing][..],
        &["verify", empty],
        &["verify", snapshot, "--policy", missing],
        &["verify", snapshot, "--limits", missing],
        &["inspect", missing],
        &["inspect", empty],
        &["import", missing, "-o", output.to_str().unwrap()],
        &["import", empty, "-o", output.to_str().unwrap()],
        &["anchor", missing, "-o", output.to_str().unwrap()],
        &["anchor", snapshot, empty, "-o", output.to_str().unwrap()],
        &["check", missing, "--proof", snapshot, "--root", ROOT, "--leaves", "1"],
        &["check", snapshot, "--proof", missing, "--root", ROOT, "--leaves", "1"],
    ] {
        let run = run(arguments);
        assert_eq!((run.code, &*run.stdout), (66, ""), "{arguments:?}");
        let named = if arguments.contains(&missing) { missing } else { empty };
        assert!(run.stderr.contains(named), "{arguments:?}: {}", run.stderr);
    }
    assert!(!output.exists());
}

#[test]
fn report_that_cannot_be_written_ends_with_73_after_the_verdict() {
    let files = simulate("unwritable", &busy());
    let report = files.folder.join("missing").join("report.json");
    let (snapshot, report) = (files.snapshot.to_str().unwrap(), report.to_str().unwrap());
    let run = run(["verify", snapshot, "--anchor", &files.anchor, "--report", report]);
    assert_eq!((run.code, run.stdout.lines().next()), (73, Some("VERIFIED")));
    assert!(run.stderr.contains("cannot write") && run.stderr.contains(report), "{}", run.stderr);
}
