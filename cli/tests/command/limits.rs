//! `--limits`: what the report at a limit advises can be done.

use std::{fs, path::Path};

use crate::support::{Run, busy, run, simulate, verify};

fn limits(folder: &Path, text: &str) -> String {
    let path = folder.join("limits.json");
    fs::write(&path, text).unwrap();
    path.to_str().unwrap().to_owned()
}

#[test]
fn lower_limit_gives_no_verdict_and_the_text_says_how_to_raise_it() {
    let files = simulate("limit", &busy());
    let limits = limits(&files.folder, r#"{"block_bytes": "100"}"#);
    let run_json = verify(&files.snapshot, &files.anchor, &["--limits", &limits]);
    assert_eq!(run_json.verdict(), (2, "limit".to_owned()));
    assert_eq!(run_json.report()["limits"]["block_bytes"], "100");
    let snapshot = files.snapshot.to_str().unwrap();
    let text = run(["verify", snapshot, "--anchor", &files.anchor, "--limits", &limits]);
    assert!(text.stdout.contains("`block_bytes`"), "{}", text.stdout);
    assert!(text.stdout.contains("`--limits FILE` raises it"), "{}", text.stdout);
}

#[test]
fn defaults_may_be_left_out() {
    let files = simulate("limits-defaults", &busy());
    let limits = limits(&files.folder, "{}");
    let run = verify(&files.snapshot, &files.anchor, &["--limits", &limits]);
    assert_eq!(run.stdout, verify(&files.snapshot, &files.anchor, &[]).stdout);
    assert_eq!(run.code, 0);
}

/// However few signatures may be outstanding, the verification ends, with the same figures.
#[test]
fn least_limits_on_signatures_still_end() {
    let files = simulate("limits-least", &busy());
    let usual = verify(&files.snapshot, &files.anchor, &[]).report();
    for text in [
        r#"{"outstanding_signatures": "1", "batch_signatures": "1"}"#,
        r#"{"outstanding_signatures": "0", "batch_signatures": "1"}"#,
        r#"{"outstanding_signatures": "1", "batch_signatures": "0"}"#,
    ] {
        let limits = limits(&files.folder, text);
        let run = verify(&files.snapshot, &files.anchor, &["--limits", &limits]);
        assert_eq!(run.verdict(), (0, "verified".to_owned()), "{text}");
        assert_eq!(run.report()["counts"], usual["counts"], "{text}");
    }
}

#[test]
fn file_that_is_no_limits_ends_with_64() {
    let files = simulate("limits-refused", &busy());
    for (text, says) in [
        (r#"{"validators": 3}"#, "expected a string"),
        (r#"{"validators": "03"}"#, "decimal string"),
        (r#"{"validator": "3"}"#, "unknown field"),
        (r#"{"validators": "3", "validators": "4"}"#, "duplicate field"),
        ("{", "limits file"),
        (r#"{"outstanding_signatures": "0", "batch_signatures": "0"}"#, "must not both be 0"),
    ] {
        let limits = limits(&files.folder, text);
        let run = verify(&files.snapshot, &files.anchor, &["--limits", &limits]);
        assert_eq!((run.code, &*run.stdout), (64, ""), "{text}");
        assert!(run.stderr.contains("limits.json: "), "{}", run.stderr);
        assert!(run.stderr.contains(says), "{}", run.stderr);
    }
}

#[test]
fn import_and_inspect_keep_to_the_limits_too() {
    let files = simulate("limits-import", &busy());
    let output = files.folder.join("imported.vidimus");
    let few = limits(&files.folder, r#"{"import_values": "3"}"#);
    let export = files.export.to_str().unwrap();
    for arguments in [
        &["import", export, "--limits", &few, "-o", output.to_str().unwrap()][..],
        &["inspect", export, "--limits", &few],
    ] {
        let Run { code, stdout, stderr } = run(arguments);
        assert_eq!((code, &*stdout), (66, ""), "{arguments:?}");
        assert!(stderr.contains("`import_values`") && stderr.contains("`--limits`"), "{stderr}");
    }
    assert!(!output.exists());
    let small = limits(&files.folder, r#"{"block_bytes": "100"}"#);
    let run = run(["inspect", files.snapshot.to_str().unwrap(), "--limits", &small]);
    assert!(run.stdout.contains("above the limit of 100"), "{}", run.stdout);
}
