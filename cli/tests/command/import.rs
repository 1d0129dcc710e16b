//! `vidimus import`: the snapshot verifies as the export does, and nothing else is left behind.

use std::{fs, path::Path};

use crate::support::{busy, mistyped, run, simulate, verify};

/// Imports, and asserts that the report on the snapshot is the one on the export.
pub(crate) fn check_import(export: &Path, output: &Path, anchors: &[&str]) {
    let imported = run(["import", export.to_str().unwrap(), "-o", output.to_str().unwrap()]);
    let size = fs::metadata(output).unwrap().len();
    let line = format!("{}: {size} bytes\n", output.display());
    assert_eq!((imported.code, imported.stdout), (0, line));
    for anchor in anchors {
        let (direct, snapshot) = (verify(export, anchor, &[]), verify(output, anchor, &[]));
        assert_eq!(direct.code, snapshot.code);
        let (mut direct, mut snapshot) = (direct.report(), snapshot.report());
        assert_eq!(direct["input"]["kind"], "export");
        assert_eq!(snapshot["input"]["kind"], "snapshot");
        for report in [&mut direct, &mut snapshot] {
            report["input"]["kind"].take();
            // Those of the import itself ran on the export only.
            let checks = report["checks"].as_array_mut().unwrap();
            checks.retain(|check| !check["id"].as_str().unwrap().starts_with("import."));
        }
        assert_eq!(direct["input"]["sha256"], snapshot["input"]["sha256"]);
        assert_eq!(direct, snapshot);
    }
}

#[test]
fn imported_snapshot_verifies_as_the_export_does() {
    let files = simulate("import", &busy());
    let output = files.folder.join("imported.vidimus");
    check_import(&files.export, &output, &[&files.anchor, &mistyped(&files.anchor)]);
    assert_eq!(fs::read(output).unwrap(), files.ledger.container, "the simulation's own");
}

#[test]
fn file_that_is_there_is_not_overwritten() {
    let files = simulate("import-again", &busy());
    let output = files.folder.join("precious");
    fs::write(&output, "mine").unwrap();
    let run = run(["import", files.export.to_str().unwrap(), "-o", output.to_str().unwrap()]);
    assert_eq!((run.code, &*run.stdout), (73, ""));
    assert!(run.stderr.contains("cannot write") && run.stderr.contains("precious"));
    assert_eq!(fs::read_to_string(output).unwrap(), "mine");
}

#[test]
fn output_that_cannot_be_made_ends_with_73() {
    let files = simulate("import-nowhere", &busy());
    let output = files.folder.join("missing").join("imported.vidimus");
    let run = run(["import", files.export.to_str().unwrap(), "-o", output.to_str().unwrap()]);
    assert_eq!((run.code, &*run.stdout), (73, ""));
}

/// The first is noticed by the scan; the others when part of the snapshot is written already.
#[test]
fn failed_import_leaves_nothing_behind() {
    let files = simulate("import-failed", &busy());
    let output = files.folder.join("imported.vidimus");
    for (name, from, to) in [
        ("commit_9.json", "{", "["),
        ("block_9.json", r#""data_hash":""#, r#""data_hash":"XY"#),
        ("validators_9.json", r#""address":""#, r#""address":"00"#),
    ] {
        let path = files.export.join(name);
        let genuine = fs::read_to_string(&path).unwrap();
        fs::write(&path, genuine.replacen(from, to, 1)).unwrap();
        let run = run(["import", files.export.to_str().unwrap(), "-o", output.to_str().unwrap()]);
        assert_eq!((run.code, &*run.stdout), (66, ""), "{name}");
        assert!(run.stderr.contains(name), "{}", run.stderr);
        assert!(!output.exists(), "{name}");
        fs::write(&path, genuine).unwrap();
    }
    fs::remove_file(files.export.join("block_9.json")).unwrap();
    let run = run(["import", files.export.to_str().unwrap(), "-o", output.to_str().unwrap()]);
    assert_eq!(run.code, 66);
    assert!(run.stderr.contains("block at height 9 missing"), "{}", run.stderr);
    assert!(!output.exists());
}
