//! Keys of a patient: what is printed, what is written, and what is refused.

use std::fs;

use vidimus::record::view::ViewingFile;
use vidimus_keys::PatientSeed;

use crate::support::{folder, run};

/// The seed of tests, which is no secret.
const SEED: &str = "0707070707070707070707070707070707070707070707070707070707070707";

#[test]
fn viewing_file_holds_the_keys_of_every_custodian() {
    let folder = folder("keys-view");
    let (seed, output) = (folder.join("seed"), folder.join("patient.view"));
    fs::write(&seed, format!("{SEED}\n")).unwrap();
    let (seed, path) = (seed.to_str().unwrap(), output.to_str().unwrap());
    let custodians = ["--custodian", "st-mary", "--custodian", "clinic"];
    let view = run(["keys", "view", "--seed", seed, "-o", path].iter().chain(&custodians));
    assert_eq!(view.code, 0, "{}", view.stderr);
    assert!(view.stdout.contains("view keys of 2 subjects. It opens health data"));

    let file = ViewingFile::decode(&fs::read(&output).unwrap()).unwrap();
    let patient = PatientSeed::parse(SEED).unwrap();
    let show = run(["keys", "show", "--seed", seed].iter().chain(&custodians));
    assert_eq!((show.code, show.stdout.lines().count()), (0, 2));
    for (line, custodian) in show.stdout.lines().zip(["st-mary", "clinic"]) {
        let id = custodian.parse().unwrap();
        let subject = patient.subject_key(&id).public();
        assert_eq!(line, format!("{subject} {custodian}"));
        assert_eq!(file.view_key(&subject), Some(&patient.view_key(&id)));
    }
    assert_eq!(file.subjects().len(), 2);

    #[cfg(unix)]
    {
        let metadata = fs::metadata(&output).unwrap();
        let mode = std::os::unix::fs::PermissionsExt::mode(&metadata.permissions());
        assert_eq!(mode & 0o777, 0o600, "{mode:o}");
    }
}

#[test]
fn viewing_file_is_never_overwritten() {
    let folder = folder("keys-overwrite");
    let (seed, output) = (folder.join("seed"), folder.join("patient.view"));
    fs::write(&seed, SEED).unwrap();
    fs::write(&output, "precious").unwrap();
    let (seed, path) = (seed.to_str().unwrap(), output.to_str().unwrap());
    let run = run(["keys", "view", "--seed", seed, "--custodian", "clinic", "-o", path]);
    assert_eq!((run.code, &*run.stdout), (73, ""));
    assert_eq!(fs::read_to_string(&output).unwrap(), "precious");
}

#[test]
fn loose_seeds_and_ids_are_refused_and_no_secret_is_repeated() {
    let folder = folder("keys-refused");
    let seed = folder.join("seed");
    let output = folder.join("patient.view");
    let (path, output_path) = (seed.to_str().unwrap(), output.to_str().unwrap());
    let view = |custodian| {
        run(["keys", "view", "--seed", path, "--custodian", custodian, "-o", output_path])
    };
    for text in [
        String::new(),
        format!(" {SEED}"),
        format!("{SEED}\r\n"),
        format!("{SEED}00"),
        format!("0x{SEED}"),
        SEED.repeat(1_000),
        SEED.replace('7', "\u{fc}"),
    ] {
        fs::write(&seed, &text).unwrap();
        let refused = view("clinic");
        assert_eq!((refused.code, &*refused.stdout), (64, ""), "{text}");
        assert!(refused.stderr.contains("a seed is 64 hex digits"), "{}", refused.stderr);
        assert!(!refused.stderr.contains("0707"), "{}", refused.stderr);
    }
    fs::write(&seed, SEED).unwrap();
    let custodian = view("st mary");
    assert_eq!(custodian.code, 64);
    assert!(custodian.stderr.contains("without spaces"), "{}", custodian.stderr);
    let none = run(["keys", "show", "--seed", path]);
    assert_eq!(none.code, 64);
    let missing = run(["keys", "show", "--seed", output_path, "--custodian", "clinic"]);
    assert_eq!(missing.code, 66);
    assert!(!output.exists());
}
