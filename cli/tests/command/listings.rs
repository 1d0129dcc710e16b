//! What the command says without verifying anything.

use vidimus::{audit::ViolationId, check::CheckId};

use crate::support::{busy, run, simulate};

const SUBCOMMANDS: [&str; 14] = [
    "verify",
    "records",
    "findings",
    "who",
    "report",
    "packet",
    "inspect",
    "import",
    "anchor",
    "check",
    "checks",
    "keys",
    "completions",
    "man",
];

#[test]
fn every_check_is_listed_and_explained() {
    let list = run(["checks"]);
    assert_eq!(list.code, 0);
    assert_eq!(list.stdout.lines().count(), CheckId::ALL.len() + ViolationId::ALL.len());
    for (line, check) in list.stdout.lines().zip(CheckId::ALL) {
        assert_eq!(line.split_whitespace().next(), Some(check.id()));
        let one = run(["checks", check.id()]);
        assert_eq!((one.code, one.stdout.lines().next()), (0, Some(check.id())));
        assert!(one.stdout.contains(check.says()) && one.stdout.contains(check.why()));
    }
    for (line, id) in list.stdout.lines().skip(CheckId::ALL.len()).zip(ViolationId::ALL) {
        assert_eq!(line.split_whitespace().next(), Some(id.id()));
        let one = run(["checks", id.id()]);
        let text = id.description().english;
        assert_eq!(one.code, 0);
        for sentence in [text.title, text.happened, text.matters, text.lawful, text.not_proven] {
            assert!(one.stdout.contains(sentence), "{id}");
        }
    }
}

#[test]
fn completions_know_every_subcommand() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let run = run(["completions", shell]);
        assert_eq!(run.code, 0);
        for subcommand in SUBCOMMANDS {
            assert!(run.stdout.contains(subcommand), "{shell}: {subcommand}");
        }
    }
}

#[test]
fn man_page_has_a_title_and_every_subcommand() {
    let run = run(["man"]);
    assert_eq!(run.code, 0);
    assert!(run.stdout.lines().any(|line| line.starts_with(".TH vidimus 1")), "{}", run.stdout);
    for subcommand in SUBCOMMANDS {
        assert!(run.stdout.contains(&format!("vidimus\\-{subcommand}(1)")), "{subcommand}");
    }
    assert!(run.stdout.contains("73 output that cannot be written"), "exit codes");
}

#[test]
fn inspect_marks_the_head_as_untrusted() {
    let files = simulate("inspect", &busy());
    let (_, head) = files.anchor.split_once('/').unwrap();
    let snapshot = run(["inspect", files.snapshot.to_str().unwrap()]);
    assert_eq!(snapshot.code, 0);
    let mut lines = snapshot.stdout.lines();
    assert!(lines.any(|line| line.starts_with("UNTRUSTED anchor candidate")));
    assert_eq!(lines.next(), Some(&*format!("  <profile>/{head}")), "no line to copy");
    let export = run(["inspect", files.export.to_str().unwrap()]);
    assert_eq!(export.code, 0);
    let line = export.stdout.lines().find(|line| line.starts_with("head, untrusted")).unwrap();
    assert!(line.ends_with(&head.split_once("/12/").unwrap().1), "{line}");
    for run in [snapshot, export] {
        assert!(!run.stdout.contains(&files.anchor), "{}", run.stdout);
        assert!(!run.stdout.contains("VERIFIED"), "{}", run.stdout);
    }
}

#[test]
fn inspect_of_a_damaged_snapshot_says_so() {
    let files = simulate("inspect-damaged", &busy());
    let container = &files.ledger.container;
    std::fs::write(&files.snapshot, &container[..container.len() / 2]).unwrap();
    let run = run(["inspect", files.snapshot.to_str().unwrap()]);
    assert_eq!(run.code, 0, "inspecting is not verifying");
    assert!(run.stdout.contains("damaged: "), "{}", run.stdout);
}
