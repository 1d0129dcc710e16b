//! The catalogue of checks and the documents say the same.

use std::{collections::BTreeSet, fs, path::PathBuf};

use vidimus::{check::CheckId, limits::Limits};

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
                Generated from `verifier/src/check.rs` by `cargo xtask bless`; a test compares.\n";
    std::iter::once(head.to_owned()).chain(CheckId::ALL.iter().map(entry)).collect()
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
