//! `vidimus verify`: the verdict, in every form that it takes.

use std::fs;

use vidimus::{InputKind, Verification, anchor::Anchors, limits::Limits, policy::Policy};
use vidimus_node::simulate::{Config, Format};

use crate::support::{busy, command, mistyped, run, simulate, verify};

#[test]
fn ledger_with_its_anchor_is_verified() {
    let files = simulate("verified", &busy());
    for path in [&files.snapshot, &files.export] {
        let run = verify(path, &files.anchor, &[]);
        assert_eq!(run.verdict(), (0, "verified".to_owned()));
        assert_eq!(run.report()["counts"]["blocks"], "12");
    }
}

#[test]
fn report_is_the_librarys_to_the_byte_with_any_number_of_threads() {
    let files = simulate("threads", &busy());
    let limits = Limits::default();
    let anchors = Anchors::parse(&files.anchor, &limits).unwrap();
    let library = Verification::new(anchors, Policy::default(), limits, InputKind::Snapshot)
        .run(&files.ledger.container)
        .to_json();
    for more in [&[][..], &["--threads", "1"], &["--threads", "2"], &["--threads", "256"]] {
        assert_eq!(verify(&files.snapshot, &files.anchor, more).stdout, library, "{more:?}");
    }
}

#[test]
fn report_file_holds_what_is_printed_as_json() {
    let files = simulate("report", &busy());
    let path = files.folder.join("report.json");
    let to_file = ["--report", path.to_str().unwrap()];
    let wrong = mistyped(&files.anchor);
    for anchor in [&files.anchor, &wrong] {
        let json = verify(&files.snapshot, anchor, &to_file);
        assert_eq!(fs::read_to_string(&path).unwrap(), json.stdout, "an older report is replaced");
        fs::remove_file(&path).unwrap();
        let snapshot = files.snapshot.to_str().unwrap();
        let text = run(["verify", snapshot, "--anchor", anchor].iter().chain(&to_file));
        assert_eq!(fs::read_to_string(&path).unwrap(), json.stdout, "whatever is printed");
        assert_eq!((text.code, text.stdout.starts_with('{')), (json.code, false));
    }
}

#[test]
fn text_names_the_verdict_and_what_is_not_proven() {
    let files = simulate("text", &busy());
    let snapshot = files.snapshot.to_str().unwrap();
    let wrong = mistyped(&files.anchor);
    let text = |more: &[&str]| run(["verify", snapshot].iter().chain(more));
    for (more, code, first, also) in [
        (&["--anchor", &*files.anchor][..], 0, "VERIFIED", "Anchor      cometbft-0.38/"),
        (&["--anchor", &wrong], 1, "REJECTED  anchor.header-hash", "the anchor was mistyped"),
        (&[], 2, "COULD NOT BE DETERMINED  unanchored", "profile unknown without an anchor"),
    ] {
        let run = text(more);
        assert_eq!((run.code, run.stdout.lines().next()), (code, Some(first)));
        assert!(run.stdout.contains(also), "{}", run.stdout);
        assert!(run.stdout.contains("TEST KEYS: anybody could have made this ledger"));
        assert!(run.stdout.contains("\nNot proven\n  - "), "{}", run.stdout);
    }
}

#[test]
fn changed_byte_is_rejected_and_the_place_is_named() {
    let files = simulate("changed-byte", &busy());
    let mut container = files.ledger.container.clone();
    let middle = container.len() / 2;
    container[middle] ^= 1;
    fs::write(&files.snapshot, container).unwrap();
    let run = verify(&files.snapshot, &files.anchor, &[]);
    assert_eq!(run.code, 1, "{}", run.stdout);
    assert!(!run.report()["verdict"]["locus"].is_null());
}

#[test]
fn snapshot_cut_short_is_rejected() {
    let files = simulate("cut", &busy());
    let container = &files.ledger.container;
    fs::write(&files.snapshot, &container[..container.len() / 2]).unwrap();
    let run = verify(&files.snapshot, &files.anchor, &[]);
    assert_eq!(run.verdict(), (1, "snapshot.complete".to_owned()));
}

#[test]
fn ledger_that_ends_too_early_is_stale() {
    let files = simulate("stale", &busy());
    let anchor = format!("{}\nat-least 13\n", files.anchor);
    assert_eq!(verify(&files.snapshot, &anchor, &[]).verdict(), (2, "stale".to_owned()));
}

#[test]
fn anchor_is_taken_from_a_file() {
    let files = simulate("anchor-file", &busy());
    let path = files.folder.join("anchor.txt");
    fs::write(&path, format!("# from the regulator\n{}\n", files.anchor)).unwrap();
    let run = verify(&files.snapshot, path.to_str().unwrap(), &[]);
    assert_eq!(run.stdout, verify(&files.snapshot, &files.anchor, &[]).stdout);
    assert_eq!(run.code, 0);
}

#[test]
fn light_blocks_verify_only_if_the_policy_says_so() {
    let files = simulate("light", &Config { format: Format::LightBlocks, ..busy() });
    let policy = files.folder.join("policy.json");
    fs::write(&policy, r#"{"require": "headers"}"#).unwrap();
    let more = ["--policy", policy.to_str().unwrap()];
    let run = verify(&files.snapshot, &files.anchor, &[]);
    assert_eq!(run.verdict(), (2, "incomplete".to_owned()));
    let run = verify(&files.snapshot, &files.anchor, &more);
    assert_eq!(run.verdict(), (0, "verified".to_owned()));
}

/// A chain id comes from the file: on a terminal it must not hide or rewrite the verdict.
#[test]
fn control_characters_of_the_file_are_not_printed() {
    let config = Config { chain_id: "a\n\u{1b}[2K\u{202e}b".to_owned(), ..busy() };
    let files = simulate("controls", &config);
    for arguments in [&["verify"][..], &["inspect"]] {
        for path in [&files.snapshot, &files.export] {
            let run = run(arguments.iter().chain(&[path.to_str().unwrap()]));
            assert!(run.stdout.contains(r"a\u{a}\u{1b}[2K\u{202e}b"), "{}", run.stdout);
            assert!(!run.stdout.contains(['\u{1b}', '\u{202e}']), "{}", run.stdout);
        }
    }
}

/// So do names of files that were unpacked from somebody's archive.
#[test]
fn control_characters_of_file_names_are_not_printed() {
    let files = simulate("control-names", &busy());
    let genuine = files.export.join("block_7.json");
    let answer = r#"{"jsonrpc":"2.0","id":-1,"error":{"code":-32603,"message":"","data":""}}"#;
    fs::write(files.export.join("\u{1b}[2K.json"), answer).unwrap();
    fs::remove_file(genuine).unwrap();
    let (export, output) = (files.export.to_str().unwrap(), files.folder.join("out.vidimus"));
    for arguments in [
        &["verify", export, "--anchor", &files.anchor][..],
        &["import", export, "-o", output.to_str().unwrap()],
    ] {
        let run = run(arguments);
        let text = run.stdout + &run.stderr;
        assert!(text.contains(r"\u{1b}[2K.json") && !text.contains('\u{1b}'), "{text}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn verdict_that_cannot_be_printed_is_no_verdict() {
    let files = simulate("full", &busy());
    let full = fs::File::options().write(true).open("/dev/full").unwrap();
    let mut command = command(["verify".as_ref(), files.snapshot.as_os_str()]);
    let output = command.stdout(full).output().unwrap();
    assert_eq!(output.status.code(), Some(73));
    assert!(String::from_utf8(output.stderr).unwrap().contains("cannot print"));
}
