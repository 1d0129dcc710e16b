//! What happens during a run: files that change, Ctrl-C, a reader that goes away.
//!
//! Named pipes keep the command where the test wants it: who opens one for writing waits until
//! the command opens it for reading.
#![cfg(unix)]

use std::{
    fs::{self, File},
    io::Write as _,
    path::{Path, PathBuf},
    process::{Child, Command},
    time::{Duration, UNIX_EPOCH},
};

use vidimus_node::simulate::{Config, Hospital};

use crate::{
    anchor::Batch,
    support::{Files, Run, busy, command, folder, simulate, simulate_records},
};

fn pipe(folder: &Path, name: &str) -> PathBuf {
    let path = folder.join(name);
    assert!(Command::new("mkfifo").arg(&path).status().unwrap().success());
    path
}

fn open(path: &Path) -> File {
    File::options().write(true).open(path).unwrap()
}

fn finish(child: Child) -> Run {
    Run::of(child.wait_with_output().unwrap())
}

/// Verifies `input`; the files change after they were looked at and before they are read.
fn verify_while(files: &Files, input: &Path, change: impl FnOnce()) -> Run {
    let anchor = pipe(&files.folder, "anchor");
    let arguments = [
        "verify".as_ref(),
        input,
        "--format".as_ref(),
        "json".as_ref(),
        "--anchor".as_ref(),
        &anchor,
    ];
    let child = command(arguments).spawn().unwrap();
    let mut writer = open(&anchor);
    change();
    writer.write_all(files.anchor.as_bytes()).unwrap();
    drop(writer);
    finish(child)
}

fn touch(path: &Path) {
    let time = UNIX_EPOCH.checked_add(Duration::from_secs(1_000_000_000)).unwrap();
    open(path).set_modified(time).unwrap();
}

fn shorten(path: &Path) {
    open(path).set_len(100).unwrap();
}

fn append(path: &Path) {
    File::options().append(true).open(path).unwrap().write_all(b" ").unwrap();
}

#[test]
fn files_that_stay_as_they_are_verify_from_an_anchor_in_a_pipe() {
    let files = simulate("unchanged", &busy());
    let run = verify_while(&files, &files.snapshot, || ());
    assert_eq!(run.verdict(), (0, "verified".to_owned()));
}

/// A time alone is enough: other bytes may have stood there in between.
#[test]
fn files_that_change_while_they_are_read_give_no_verdict() {
    let changes: [(_, fn(&Path)); 2] = [("touched", touch), ("grown", append)];
    for (name, change) in changes {
        let files = simulate(name, &busy());
        let run = verify_while(&files, &files.snapshot, || change(&files.snapshot));
        assert_eq!(run.verdict(), (2, "changed-file".to_owned()), "{name}");
        let files = simulate(name, &busy());
        let run =
            verify_while(&files, &files.export, || change(&files.export.join("block_7.json")));
        assert_eq!(run.verdict(), (2, "changed-file".to_owned()), "{name}");
    }
}

#[test]
fn import_of_files_that_change_leaves_nothing_behind() {
    let changes: [(_, fn(&Path)); 2] = [("import-touched", touch), ("import-cut", shorten)];
    for (name, change) in changes {
        let files = simulate(name, &busy());
        let (limits, output) = (pipe(&files.folder, "limits"), files.folder.join("out.vidimus"));
        let arguments = [
            "import".as_ref(),
            &*files.export,
            "--limits".as_ref(),
            &limits,
            "-o".as_ref(),
            &output,
        ];
        let child = command(arguments).spawn().unwrap();
        let mut writer = open(&limits);
        change(&files.export.join("block_7.json"));
        writer.write_all(b"{}").unwrap();
        drop(writer);
        let run = finish(child);
        assert_eq!((run.code, &*run.stdout), (66, ""), "{name}");
        assert!(run.stderr.contains("block_7.json changed while it was read"), "{}", run.stderr);
        assert!(!output.exists(), "{name}");
    }
}

/// The first is read when the second, a pipe, is waited for.
#[test]
fn batch_of_files_that_change_leaves_nothing_behind() {
    let folder = folder("anchor-changed");
    let (first, second, output) =
        (folder.join("first.txt"), pipe(&folder, "second"), folder.join("batch"));
    fs::write(&first, "one").unwrap();
    let arguments = ["anchor".as_ref(), &*first, &*second, "-o".as_ref(), &*output];
    let child = command(arguments).spawn().unwrap();
    let mut writer = open(&second);
    append(&first);
    writer.write_all(b"two").unwrap();
    drop(writer);
    let run = finish(child);
    assert_eq!((run.code, &*run.stdout), (66, ""));
    assert!(run.stderr.contains("first.txt changed while it was read"), "{}", run.stderr);
    assert!(!output.exists());
}

#[test]
fn file_that_changes_while_it_is_checked_is_not_judged() {
    let batch = Batch::anchor("check-changed", &[("visit.txt", b"one"), ("other.txt", b"two")]);
    let (file, proof) = (batch.file("visit.txt"), pipe(&batch.folder, "proof"));
    let genuine = fs::read(batch.proof("0-visit.txt")).unwrap();
    let changes: [(fn(&Path), _, _); 2] =
        [(|_| (), 0, "IN THE BATCH with"), (touch, 2, "COULD NOT BE DETERMINED  changed-file\n")];
    for (change, code, says) in changes {
        let child = batch.check_command(&file, &proof).spawn().unwrap();
        let mut writer = open(&proof);
        change(&file);
        writer.write_all(&genuine).unwrap();
        drop(writer);
        let run = finish(child);
        assert!(run.code == code && run.stdout.starts_with(says), "{run:?}");
    }
}

#[test]
fn reader_that_closes_its_end_changes_no_exit_code() {
    let plain = simulate("closed", &busy());
    let mut hospital = Hospital::new(&Config::default().chain_id);
    let records = move |height, time| hospital.block(height, time);
    let listed = simulate_records("closed-list", records);
    for (name, files) in [("verify", &plain), ("records", &listed), ("findings", &listed)] {
        let anchor = pipe(&files.folder, &format!("anchor of {name}"));
        let arguments = [name.as_ref(), &*files.snapshot, "--anchor".as_ref(), &anchor];
        let mut child = command(arguments).spawn().unwrap();
        let mut writer = open(&anchor);
        drop(child.stdout.take());
        writer.write_all(files.anchor.as_bytes()).unwrap();
        drop(writer);
        let run = finish(child);
        assert_eq!((run.code, &*run.stderr), (0, ""), "{name}");
    }
}

/// Ctrl-C, for a command that reads from pipes and so does not end before its time.
#[cfg(target_os = "linux")]
mod ctrl_c {
    use std::{
        fs::{self, File},
        io::Write as _,
        path::Path,
        process::{Child, Command},
        thread,
        time::Duration,
    };

    use vidimus::snapshot::MAGIC;

    use super::{finish, open, pipe};
    use crate::support::{Run, busy, command, simulate};

    /// Starts the command and interrupts it while it reads `pipe`, which is to begin with `head`.
    fn run_interrupted(arguments: &[&str], pipe: &Path, head: &[u8], more: &[u8]) -> Run {
        let mut child = command(arguments).spawn().unwrap();
        // The first bytes tell a snapshot from an export: the command reads them alone, and closes.
        open(pipe).write_all(head.get(..MAGIC.len()).unwrap()).unwrap();
        wait_for_handler(&mut child);
        let mut writer = open(pipe);
        writer.write_all(head).unwrap();
        // `kill` is part of every shell.
        let mut kill = Command::new("sh");
        kill.args(["-c", "kill -INT \"$0\"", &child.id().to_string()]);
        assert!(kill.status().unwrap().success());
        trickle(writer, more);
        finish(child)
    }

    /// Returns once the process catches signal 2: bit 1 of `SigCgt` in `proc_pid_status(5)`.
    fn wait_for_handler(child: &mut Child) {
        let status = format!("/proc/{}/status", child.id());
        loop {
            assert!(child.try_wait().unwrap().is_none(), "ended before it was interrupted");
            let status = fs::read_to_string(&status).unwrap();
            let caught = status.lines().find_map(|line| line.strip_prefix("SigCgt:")).unwrap();
            if u64::from_str_radix(caught.trim(), 16).unwrap() & 2 != 0 {
                return;
            }
            thread::sleep(Duration::from_millis(1));
        }
    }

    /// Writes a byte now and then until nobody reads any more.
    fn trickle(mut writer: File, bytes: &[u8]) {
        for byte in bytes {
            if writer.write_all(&[*byte]).is_err() {
                return;
            }
            thread::sleep(Duration::from_millis(1));
        }
    }

    /// Nothing, in an export.
    static SPACES: [u8; 60_000] = [b' '; 60_000];

    #[test]
    fn interrupted_verification_of_a_snapshot_is_cancelled() {
        let files = simulate("interrupted", &busy());
        let snapshot = pipe(&files.folder, "snapshot");
        let path = snapshot.to_str().unwrap();
        let arguments = ["verify", path, "--anchor", &files.anchor, "--format", "json"];
        let container = &files.ledger.container;
        let (head, more) = container.split_at(container.len() / 2);
        let run = run_interrupted(&arguments, &snapshot, head, more);
        assert_eq!((run.verdict(), &*run.stderr), ((2, "cancelled".to_owned()), ""));
    }

    #[test]
    fn interrupted_verification_of_an_export_is_cancelled() {
        let files = simulate("interrupted-export", &busy());
        let last = pipe(&files.folder, "last");
        let (export, path) = (files.export.to_str().unwrap(), last.to_str().unwrap());
        let arguments = ["verify", export, path, "--anchor", &files.anchor];
        let run = run_interrupted(&arguments, &last, &SPACES[..1_000], &SPACES);
        let first = run.stdout.lines().next();
        assert_eq!((run.code, first), (2, Some("COULD NOT BE DETERMINED  cancelled")));
    }

    #[test]
    fn interrupted_import_leaves_nothing_behind() {
        let files = simulate("interrupted-import", &busy());
        let last = pipe(&files.folder, "last");
        let output = files.folder.join("imported.vidimus");
        let (export, path) = (files.export.to_str().unwrap(), last.to_str().unwrap());
        let arguments = ["import", export, path, "-o", output.to_str().unwrap()];
        let run = run_interrupted(&arguments, &last, &SPACES[..1_000], &SPACES);
        assert_eq!((run.code, &*run.stdout, &*run.stderr), (2, "", "vidimus: stopped.\n"));
        assert!(!output.exists());
    }
}
