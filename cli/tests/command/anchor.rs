//! `vidimus anchor` and `vidimus check`: each file of a batch is found in it, and nothing else is.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use vidimus::{
    encoding::hex::{Hash, PublicKey},
    merkle::anchor_tree::{BatchList, DocumentProof},
    record::{
        Body, Record,
        actor::OrganizationId,
        anchor::{Anchor, Anchored},
        instant::Instant,
        source::{Schema, Source},
    },
};
use vidimus_node::{records::sign, simulate::Config, test_keys};

use crate::support::{Files, Run, command, folder, mistyped, run, simulate_records};

/// A batch on disk.
#[derive(Debug)]
pub(crate) struct Batch {
    pub(crate) folder: PathBuf,
    root: String,
    leaves: u64,
}

impl Batch {
    /// Writes files into a folder of this name and anchors the folder.
    pub(crate) fn anchor(name: &str, files: &[(&str, &[u8])]) -> Self {
        let folder = folder(name);
        let (records, output) = (folder.join("records"), folder.join("batch"));
        fs::create_dir(&records).unwrap();
        // Named one by one, in their order: below a folder it would be that of the names.
        let paths = files.iter().map(|(name, content)| {
            let path = records.join(name);
            fs::write(&path, content).unwrap();
            path.into_os_string()
        });
        let paths: Vec<_> = paths.collect();
        let run = run([vec!["anchor".into()], paths, vec!["-o".into(), output.into()]].concat());
        assert_eq!(run.code, 0);
        let value = |word: &str| {
            let line = run.stdout.lines().find(|line| line.starts_with(word)).unwrap();
            line.split_whitespace().nth(1).unwrap().to_owned()
        };
        Self { root: value("root"), leaves: value("leaves").parse().unwrap(), folder }
    }

    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.folder.join("records").join(name)
    }

    pub(crate) fn proof(&self, name: &str) -> PathBuf {
        self.folder.join("batch").join(format!("{name}.proof"))
    }

    pub(crate) fn check_command(&self, file: &Path, proof: &Path) -> Command {
        let leaves = self.leaves.to_string();
        let file = ["check".as_ref(), file.as_os_str(), "--proof".as_ref(), proof.as_os_str()];
        let trusted = ["--root", &self.root, "--leaves", &leaves].map(AsRef::as_ref);
        command(file.iter().chain(&trusted))
    }

    fn check(&self, file: &Path, proof: &Path) -> Run {
        let run = Run::of(self.check_command(file, proof).output().unwrap());
        assert_eq!(run.stderr, "");
        let (word, code) = if run.stdout.starts_with("IN THE BATCH") {
            ("IN THE BATCH with the root that you gave", 0)
        } else {
            ("NOT SHOWN to be in the batch with the root that you gave", 1)
        };
        assert_eq!((run.stdout.lines().next(), run.code), (Some(word), code));
        assert!(run.stdout.contains("you gave it. Take root and leaves"), "where roots come from");
        run
    }
}

const FILES: [(&str, &[u8]); 3] =
    [("pulse.txt", b"61/min"), ("empty.txt", b""), ("again.txt", b"61/min")];

/// The first and the last have one content, and either proof shows either.
#[test]
fn every_content_is_in_the_batch_by_its_own_proof_only() {
    let batch = Batch::anchor("anchor", &FILES);
    for (index, (name, _)) in FILES.iter().enumerate() {
        for (place, (other, _)) in FILES.iter().enumerate() {
            let run = batch.check(&batch.file(name), &batch.proof(&format!("{place}-{other}")));
            let same = FILES[index].1 == FILES[place].1;
            assert_eq!(run.code == 0, same, "{name} with the proof of {other}");
        }
        let shown = batch.check(&batch.file(name), &batch.proof(&format!("{index}-{name}")));
        let leaf = format!("  leaf      {index} of 3, counted from 0");
        assert!(shown.stdout.lines().any(|line| line == leaf), "{}", shown.stdout);
        assert!(shown.stdout.contains(&batch.root), "{}", shown.stdout);
    }
}

#[test]
fn list_names_the_files_and_proofs_do_not() {
    let batch = Batch::anchor("anchor-list", &FILES);
    let output = batch.folder.join("batch");
    let list = BatchList::decode(&fs::read(output.join("batch.cbor")).unwrap()).unwrap();
    let names: Vec<_> = list.documents().iter().map(|document| &*document.name).collect();
    assert_eq!(names, FILES.map(|(name, _)| name));
    assert_eq!(list.tree().head().root.to_string(), batch.root);
    assert_eq!((list.tree().head().leaf_count, batch.leaves), (3, 3));

    let mut salts = BTreeSet::new();
    for (index, (name, content)) in (0..).zip(FILES) {
        let bytes = fs::read(batch.proof(&format!("{index}-{name}"))).unwrap();
        assert!(!bytes.windows(5).any(|window| window == &name.as_bytes()[..5]), "{name}");
        let proof = DocumentProof::decode(&bytes).unwrap();
        assert!(salts.insert(*proof.salt.as_bytes()), "a salt of its own");
        let mut hasher = proof.hasher();
        hasher.update(content);
        let digest = hasher.finish();
        assert_eq!(digest, list.documents()[usize::try_from(index).unwrap()].digest);
        assert!(proof.verify(&digest, &list.tree().head()).is_ok());
    }
    let digests = list.documents().iter().map(|document| document.digest);
    assert_eq!(digests.collect::<BTreeSet<_>>().len(), 3, "equal contents do not show");
    assert_eq!(fs::read_dir(output).unwrap().count(), 4);
}

#[test]
fn altered_document_proof_root_and_number_are_told_apart() {
    let mut batch = Batch::anchor("anchor-altered", &FILES);
    let (file, proof) = (batch.file("pulse.txt"), batch.proof("0-pulse.txt"));
    fs::write(&file, b"62/min").unwrap();
    let run = batch.check(&file, &proof);
    assert!(run.stdout.contains("the file is not the one that was anchored"), "{}", run.stdout);
    fs::write(&file, FILES[0].1).unwrap();
    assert_eq!(batch.check(&file, &proof).code, 0);

    let genuine = fs::read(&proof).unwrap();
    for (bytes, says) in [
        (genuine[..100].to_vec(), "the bytes end inside a value at byte 100"),
        ([&*genuine, b"\n"].concat(), "bytes follow the end of the value"),
        (vec![0xff; 1 << 20], "a value of another type than the schema's at byte 0, proof"),
        (b"61/min".to_vec(), "The proof is no file of `vidimus anchor`"),
    ] {
        fs::write(&proof, bytes).unwrap();
        let run = batch.check(&file, &proof);
        assert!(run.code == 1 && run.stdout.contains(says), "{}", run.stdout);
    }
    fs::write(&proof, genuine).unwrap();

    batch.leaves = 4;
    let run = batch.check(&file, &proof);
    assert!(run.stdout.contains("a batch of 3 leaves, the trusted one has 4"), "{}", run.stdout);
    batch.leaves = 3;
    let digit = if batch.root.ends_with('0') { '1' } else { '0' };
    batch.root.pop();
    batch.root.push(digit);
    let run = batch.check(&file, &proof);
    assert!(run.stdout.contains("or the root was mistyped"), "{}", run.stdout);
}

#[test]
fn files_below_a_directory_are_anchored_in_the_order_of_their_paths() {
    let folder = folder("anchor-tree");
    let records = folder.join("records");
    fs::create_dir_all(records.join("2026")).unwrap();
    let large: Vec<u8> = (0..5_u32 << 19).map(|n| n.to_le_bytes()[1]).collect();
    for (name, content) in [("b.bin", &*large), ("2026/a.txt", b"a"), ("2026/b.txt", b"b")] {
        fs::write(records.join(name), content).unwrap();
    }
    let output = folder.join("batch");
    let (records, out) = (records.to_str().unwrap(), output.to_str().unwrap());
    assert_eq!(run(["anchor", records, "-o", out]).code, 0);
    let list = BatchList::decode(&fs::read(output.join("batch.cbor")).unwrap()).unwrap();
    let names: Vec<_> = list.documents().iter().map(|document| &*document.name).collect();
    assert_eq!(names, ["records/2026/a.txt", "records/2026/b.txt", "records/b.bin"]);
    // Larger than a chunk of reading.
    let proof = DocumentProof::decode(&fs::read(output.join("2-b.bin.proof")).unwrap()).unwrap();
    let mut hasher = proof.hasher();
    hasher.update(&large);
    assert_eq!(hasher.finish(), list.documents()[2].digest);
}

#[test]
fn files_that_are_there_are_not_overwritten() {
    let folder = folder("anchor-again");
    let (file, output) = (folder.join("visit.txt"), folder.join("batch"));
    fs::write(&file, "content").unwrap();
    fs::create_dir(&output).unwrap();
    let (file, out) = (file.to_str().unwrap(), output.to_str().unwrap());
    for precious in ["batch.cbor", "0-visit.txt.proof"] {
        fs::write(output.join(precious), "mine").unwrap();
        let run = run(["anchor", file, "-o", out]);
        assert_eq!((run.code, &*run.stdout), (73, ""), "{precious}");
        assert!(run.stderr.contains("cannot write") && run.stderr.contains(precious));
        assert_eq!(fs::read_to_string(output.join(precious)).unwrap(), "mine");
        assert_eq!(fs::read_dir(&output).unwrap().count(), 1, "nothing is left behind");
        fs::remove_file(output.join(precious)).unwrap();
    }
    fs::write(output.join("unrelated"), "mine").unwrap();
    assert_eq!(run(["anchor", file, "-o", out]).code, 0, "other files do not matter");
}

#[test]
fn output_that_cannot_be_made_ends_with_73() {
    let folder = folder("anchor-nowhere");
    let file = folder.join("visit.txt");
    fs::write(&file, "content").unwrap();
    for output in [folder.join("missing").join("batch"), file.clone()] {
        let run = run(["anchor", file.to_str().unwrap(), "-o", output.to_str().unwrap()]);
        assert_eq!((run.code, &*run.stdout), (73, ""));
        assert!(run.stderr.contains("cannot write"), "{}", run.stderr);
    }
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 1);
}

/// Who signs on the small hospital network, by number of the test key.
const GATEWAY: usize = 1;
const PATIENT: usize = 2;

/// A ledger whose third block holds an anchor record of the batch.
fn anchored(name: &str, batch: &Batch, edit: impl FnOnce(&mut Anchor), signer: usize) -> Files {
    let custodian = OrganizationId::new("st-anna.example").unwrap();
    let root = Hash::from_hex(&batch.root).unwrap();
    let recorded_at = Instant::MAX;
    let source = Source { schema: Schema::V1, sequence: 1, previous: None, recorded_at };
    let anchored = Anchored::Documents;
    let (subject, leaf_count, details) = (None, batch.leaves, None);
    let mut anchor = Anchor { source, custodian, subject, anchored, root, leaf_count, details };
    edit(&mut anchor);
    simulate_records(name, move |height, time| {
        if height != 3 {
            return Vec::new();
        }
        anchor.source.recorded_at = time;
        let body = Body::Anchor(anchor.clone());
        vec![sign(&body, &test_keys::all()[signer], &Config::default().chain_id)]
    })
}

/// `vidimus check FILE LEDGER --proof PROOF --anchor ANCHOR`.
fn check_on(ledger: &Path, anchor: &str, file: &Path, proof: &Path) -> Run {
    let [ledger, file, proof] = [ledger, file, proof].map(|path| path.to_str().unwrap());
    run(["check", file, ledger, "--proof", proof, "--anchor", anchor])
}

#[test]
fn file_was_anchored_by_the_custodian_in_the_block_whose_record_holds_its_batch() {
    let batch = Batch::anchor("anchored-batch", &FILES);
    let patient: PublicKey = test_keys::all()[PATIENT].public();
    let of_patient = |anchor: &mut Anchor| anchor.subject = Some(patient);
    let files = anchored("anchored", &batch, of_patient, GATEWAY);
    let transaction = &files.ledger.blocks[2].draft.transactions[0];
    let (record, _) = Record::decode(transaction, &files.ledger.anchor.chain_id).unwrap();
    for (index, (name, content)) in FILES.iter().enumerate() {
        let (file, proof) = (batch.file(name), batch.proof(&format!("{index}-{name}")));
        fs::write(&file, content).unwrap();
        let shown = check_on(&files.snapshot, &files.anchor, &file, &proof);
        assert_eq!(shown.code, 0, "{}", shown.stdout);
        assert!(shown.stdout.starts_with("ANCHORED on the ledger\n"), "{}", shown.stdout);
        for line in [
            "TEST KEYS: anybody could have made this ledger.".to_owned(),
            "This exact file was anchored by st-anna.example in block 3.".to_owned(),
            "  index     0, of the transaction in the block, counted from 0".to_owned(),
            format!("  record    {}", record.id),
            format!("  subject   {patient}"),
            format!("  root      {}", batch.root),
            format!("  leaf      {index} of 3, counted from 0"),
            format!("Anchor      {}", files.anchor),
            "Not proven".to_owned(),
        ] {
            assert!(shown.stdout.lines().any(|it| it == line), "{line}: {}", shown.stdout);
        }
        fs::write(&file, [*content, b"\n"].concat()).unwrap();
        let altered = check_on(&files.snapshot, &files.anchor, &file, &proof);
        assert_eq!(altered.code, 1, "{}", altered.stdout);
        assert!(altered.stdout.starts_with("NOT SHOWN to be anchored"), "{}", altered.stdout);
        assert!(altered.stdout.contains("the file is not the one that was anchored"));
        assert!(!altered.stdout.contains("anchored by"), "{}", altered.stdout);
    }
}

/// Anybody's bytes can stand in a block.
#[test]
fn only_an_accepted_record_of_the_same_batch_anchors_a_file() {
    let batch = Batch::anchor("anchored-not", &FILES);
    let (file, proof) = (batch.file("pulse.txt"), batch.proof("0-pulse.txt"));
    let refused = anchored("anchored-refused", &batch, |_| {}, PATIENT);
    let longer = anchored("anchored-longer", &batch, |anchor| anchor.leaf_count = 4, GATEWAY);
    let other = anchored("anchored-other", &batch, |anchor| anchor.root.0[0] ^= 1, GATEWAY);
    for files in [refused, longer, other] {
        let none = check_on(&files.snapshot, &files.anchor, &file, &proof);
        assert_eq!(none.code, 1, "{}", none.stdout);
        assert!(none.stdout.starts_with("NOT SHOWN to be anchored on the ledger\n"));
        assert!(none.stdout.contains("No accepted anchor record"), "{}", none.stdout);
        assert!(none.stdout.contains(&batch.root) && !none.stdout.contains("anchored by"));
    }
}

#[test]
fn nothing_was_anchored_on_a_ledger_that_is_not_verified() {
    let batch = Batch::anchor("anchored-unverified", &FILES);
    let (file, proof) = (batch.file("pulse.txt"), batch.proof("0-pulse.txt"));
    let files = anchored("anchored-wrong", &batch, |_| {}, GATEWAY);
    let wrong = check_on(&files.snapshot, &mistyped(&files.anchor), &file, &proof);
    assert_eq!(wrong.code, 2, "{}", wrong.stdout);
    assert!(wrong.stdout.starts_with("REJECTED  anchor.header-hash"), "{}", wrong.stdout);
    let [ledger, document, with] = [&files.snapshot, &file, &proof].map(|it| it.to_str().unwrap());
    let unanchored = run(["check", document, ledger, "--proof", with]);
    assert_eq!(unanchored.code, 2, "{}", unanchored.stdout);
    assert!(unanchored.stdout.starts_with("COULD NOT BE DETERMINED  unanchored"));
    // Not what the network accepted, but what it says itself.
    let packet = files.folder.join("head.vidimus-packet");
    let output = packet.to_str().unwrap();
    assert_eq!(run(["packet", ledger, "--anchor", &files.anchor, "--head", "-o", output]).code, 0);
    let of_packet = check_on(&packet, &files.anchor, &file, &proof);
    assert!(of_packet.code == 64 && of_packet.stderr.contains("is an evidence packet"));
    // What is no proof is told before anything is verified.
    fs::write(&proof, b"61/min").unwrap();
    let none = check_on(&files.snapshot, &mistyped(&files.anchor), &file, &proof);
    assert_eq!(none.code, 1, "{}", none.stdout);
    assert!(none.stdout.starts_with("NOT SHOWN to be anchored"), "{}", none.stdout);
    assert!(none.stdout.contains("The proof is no file of `vidimus anchor`"), "{}", none.stdout);
}
