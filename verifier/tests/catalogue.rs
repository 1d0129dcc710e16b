//! The catalogue of checks and the documents say the same.

use std::{collections::BTreeSet, fs, path::PathBuf};

use vidimus::{audit::ViolationId, check::CheckId, limits::Limits};

fn document(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../docs").join(name)
}

fn catalogue() -> String {
    let entry = |check: &CheckId| {
        let (id, says, why) = (check.id(), check.says(), check.why());
        let (step, source) = (check.step(), check.source());
        format!(
            "\n## `{id}`\n\n{says}\n\n{why}\n\nStep {step} of the [procedure](verification.md). \
             Source: {source}.\n"
        )
    };
    let head = "# Checks\n\nEvery rule that a verification applies. An id is never reused and never renamed after 1.0.\n\
                Generated from `verifier/src/check.rs` and `verifier/src/audit` by `cargo xtask bless`; a test compares.\n";
    let violation = |id: &ViolationId| {
        let description = id.description();
        let text = description.english;
        let heuristic = if description.heuristic { ", heuristic" } else { "" };
        format!(
            "\n## `{id}`\n\n{} ({}{heuristic}).\n\n{}\n\n{}\n\nLawful: {}\n\nNot proven: {}\n\n\
             When it fires: [audit](audit.md).\n",
            text.title,
            description.severity,
            text.happened,
            text.matters,
            text.lawful,
            text.not_proven
        )
    };
    let entries = CheckId::ALL.iter().map(entry).chain(ViolationId::ALL.iter().map(violation));
    std::iter::once(head.to_owned()).chain(entries).collect()
}

/// The severity that `docs/audit.md` gives a violation, and that it is there at all.
#[test]
fn docs_audit_md_has_every_violation_with_its_severity() {
    let text = fs::read_to_string(document("audit.md")).expect("docs/audit.md");
    for id in ViolationId::ALL {
        let row = format!("| {id} | {} |", id.severity());
        assert!(text.contains(&row), "docs/audit.md lacks {row}");
        let is_heuristic = text.lines().any(|l| l.starts_with(&row) && l.contains("heuristic"));
        assert_eq!(is_heuristic, id.is_heuristic(), "{id}");
    }
}

#[test]
fn docs_checks_md_is_generated_from_the_code() {
    let path = document("checks.md");
    if std::env::var_os("VIDIMUS_BLESS").is_some() {
        fs::write(&path, catalogue()).expect("docs/ is writable");
    }
    let found = fs::read_to_string(&path).expect("docs/checks.md");
    assert_eq!(found, catalogue(), "run `cargo xtask bless`");
}

#[test]
fn check_ids_are_unique_and_kebab_case() {
    let ids: BTreeSet<_> = CheckId::ALL.iter().map(|check| check.id()).collect();
    assert_eq!(ids.len(), CheckId::ALL.len());
    for id in ids {
        let (noun, rule) = id.split_once('.').expect("noun.rule");
        for part in [noun, rule] {
            assert!(part.bytes().all(|b| b.is_ascii_lowercase() || b == b'-'), "{id}");
        }
        assert_eq!(CheckId::from_id(id).map(CheckId::id), Some(id));
    }
}

#[test]
fn every_check_stands_in_the_procedure_under_its_step() {
    let text = fs::read_to_string(document("verification.md")).expect("docs/verification.md");
    for check in CheckId::ALL {
        let named = text.contains(&format!("`{}`", check.id()));
        assert!(named, "{} is not in docs/verification.md", check.id());
    }
}

#[test]
fn docs_limits_md_lists_every_limit_with_its_default() {
    let text = fs::read_to_string(document("limits.md")).expect("docs/limits.md");
    let limits = serde_json::to_value(Limits::default()).expect("limits are JSON");
    for (name, value) in limits.as_object().expect("an object") {
        let value = value.as_str().expect("a decimal string");
        let row = format!("| `{name}` | {value} |");
        assert!(text.contains(&row), "docs/limits.md lacks the row {row}");
    }
}
