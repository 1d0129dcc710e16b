//! Evidence packets on the command line: made, verified, looked into and refused.

use std::{fs, path::PathBuf};

use vidimus::{
    encoding::hex::Hash,
    record::{Body, Record},
};
use vidimus_node::{
    scenario::{Scenario, ScenarioConfig},
    simulate::Ledger,
};

use crate::support::{Run, folder, mistyped, run};

/// A scenario on disk.
struct Hospitals {
    folder: PathBuf,
    ledger: Ledger,
}

fn hospitals(name: &str) -> Hospitals {
    let folder = folder(name);
    let config = ScenarioConfig { seed: 7, ..ScenarioConfig::default() };
    let scenario = Scenario::new(config).unwrap();
    let ledger = scenario.simulation().unwrap().run();
    fs::write(folder.join("ledger.vidimus"), &ledger.container).unwrap();
    let files = scenario.files().unwrap();
    let view = files.iter().find(|file| file.path == "patients/0001.view").unwrap();
    fs::write(folder.join("patient.view"), &view.text).unwrap();
    Hospitals { folder, ledger }
}

impl Hospitals {
    fn path(&self, name: &str) -> String {
        self.folder.join(name).to_str().unwrap().to_owned()
    }

    fn packet(&self, output: &str, wanted: &[&str]) -> Run {
        let (ledger, output) = (self.path("ledger.vidimus"), self.path(output));
        let anchor = self.ledger.anchor.to_string();
        let arguments = ["packet", &ledger, "--anchor", &anchor, "-o", &output];
        run(arguments.iter().chain(wanted))
    }

    fn verify(&self, packet: &str, anchor: &str, more: &[&str]) -> Run {
        let packet = self.path(packet);
        run(["verify", &packet, "--anchor", anchor].iter().chain(more))
    }

    /// The first record of which this holds.
    fn record<T>(&self, of: impl Fn(&Record) -> Option<T>) -> (Hash, T) {
        let blocks = self.ledger.blocks.iter().flat_map(|block| &block.draft.transactions);
        let records =
            blocks.map(|bytes| Record::decode(bytes, &self.ledger.anchor.chain_id).unwrap().0);
        { records }.find_map(|record| Some((record.id, of(&record)?))).unwrap()
    }
}

#[test]
fn packets_are_made_and_verified_and_nothing_else_passes() {
    let hospitals = hospitals("packet");
    let anchor = hospitals.ledger.anchor.to_string();
    let view = hospitals.path("patient.view");
    let (revocation, consent) = hospitals.record(|record| {
        let Body::Revocation(body) = &record.body else { return None };
        Some(body.consent)
    });
    let (revocation, consent) = (revocation.to_string(), consent.to_string());
    let stranger = "07".repeat(32);
    for (name, wanted, says) in [
        ("patient", &["--view", &view][..], "are all accepted ones that concern the subject"),
        ("record", &["--record", &revocation], "The revocation"),
        ("consent", &["--consent", &consent], "is revoked"),
        ("absence", &["--no-signer", &stranger], "no accepted record was signed by the key 0707"),
        ("none", &["--subject", &stranger, "--consent", &consent], "there was no accepted consent"),
        ("head", &["--head"], "of the ledger has the header"),
    ] {
        let name = format!("{name}.vidimus-packet");
        let made = hospitals.packet(&name, wanted);
        assert_eq!(made.code, 0, "{made:?}");
        assert!(made.stdout.contains(says), "{}", made.stdout);
        let text = hospitals.verify(&name, &anchor, &[]);
        assert_eq!(text.code, 0, "{}", text.stdout);
        assert!(text.stdout.starts_with("VERIFIED"), "{}", text.stdout);
        assert!(text.stdout.contains(says), "{}", text.stdout);
        assert!(text.stdout.contains("  not       "), "{}", text.stdout);
        let json = hospitals.verify(&name, &anchor, &["--format", "json"]);
        assert_eq!(json.verdict(), (0, "verified".to_owned()));
        let proven = json.report()["claims"][0]["proven"].as_str().unwrap().to_owned();
        assert!(proven.contains(says), "{proven}");
        // The anchor is what makes it evidence.
        let other = hospitals.verify(&name, &mistyped(&anchor), &["--format", "json"]);
        assert_eq!(other.verdict(), (1, "anchor.header-hash".to_owned()));
        assert!(other.report().get("claims").is_none(), "{}", other.stdout);
        let inspected = run(["inspect", &hospitals.path(&name)]);
        assert!(inspected.stdout.starts_with("evidence packet: "), "{}", inspected.stdout);
    }
    // Nothing that is asked for is passed over.
    let (head, document) = (hospitals.path("head.vidimus-packet"), hospitals.path("patient.view"));
    for asked in [&["--document", &*document][..], &["--fail-on", "info"], &["--with-views"]] {
        let run = hospitals.verify("head.vidimus-packet", &anchor, asked);
        assert_ne!(run.code, 0, "{asked:?}: {run:?}");
    }
    let ledger = hospitals.verify("ledger.vidimus", &anchor, &["--document", &head]);
    assert_eq!(ledger.code, 64, "{ledger:?}");
    for asked in [&["records"][..], &["report", "--regime", "hipaa"]] {
        let packet = hospitals.path("patient.vidimus-packet");
        let run = run(asked.iter().chain(&[&*packet, "--anchor", &anchor]));
        assert_eq!(run.code, 2, "{asked:?}: {run:?}");
        assert!(run.stdout.contains("not what they ran it over"), "{}", run.stdout);
    }
    // It is not written over.
    let again = hospitals.packet("head.vidimus-packet", &["--head"]);
    assert_eq!(again.code, 73, "{again:?}");
}

/// What an access seals is opened by whoever has the keys, and the report says the same else.
#[test]
fn viewing_file_opens_the_accesses_of_a_packet() {
    let hospitals = hospitals("packet-view");
    let anchor = hospitals.ledger.anchor.to_string();
    let view = hospitals.path("patient.view");
    let made = hospitals.packet("patient.vidimus-packet", &["--view", &view]);
    assert_eq!(made.code, 0, "{made:?}");
    let accesses = |more: &[&str]| -> Vec<serde_json::Value> {
        let more = [&["--format", "json"], more].concat();
        let run = hospitals.verify("patient.vidimus-packet", &anchor, &more);
        assert_eq!(run.verdict(), (0, "verified".to_owned()));
        let report = run.report();
        let records = report["claims"][0]["records"].as_array().unwrap();
        { records.iter() }
            .map(|record| record["access"].clone())
            .filter(|access| !access.is_null())
            .collect()
    };
    let (sealed, opened) = (accesses(&[]), accesses(&["--view", &view]));
    assert!(!sealed.is_empty(), "the patient has no access");
    assert_eq!(sealed.len(), opened.len());
    for (mut sealed, mut opened) in sealed.into_iter().zip(opened) {
        assert!(sealed["classes"].is_null() && sealed["labels"].is_null(), "{sealed}");
        assert!(opened["classes"].is_array() && opened["labels"].is_array(), "{opened}");
        for codes in ["classes", "labels"] {
            sealed[codes].take();
            opened[codes].take();
        }
        assert_eq!(sealed, opened);
    }
    let text = hospitals.verify("patient.vidimus-packet", &anchor, &["--view", &view]).stdout;
    assert!(text.contains("  why    "), "{text}");
}

#[test]
fn records_are_withheld_and_counted() {
    let hospitals = hospitals("packet-withheld");
    let anchor = hospitals.ledger.anchor.to_string();
    let (id, subject) = hospitals.record(|record| {
        let Body::Access(body) = &record.body else { return None };
        Some(body.subject)
    });
    let (id, subject) = (id.to_string(), subject.to_string());
    let wanted = ["--subject", &subject, "--withhold", &id];
    assert_eq!(hospitals.packet("withheld.vidimus-packet", &wanted).code, 0);
    let text = hospitals.verify("withheld.vidimus-packet", &anchor, &[]).stdout;
    assert!(text.contains(" are withheld: they are counted, and not shown."), "{text}");
    let report =
        hospitals.verify("withheld.vidimus-packet", &anchor, &["--format", "json"]).report();
    assert_eq!(report["claims"][0]["withheld"], "1");
}

#[test]
fn what_makes_no_packet_is_said_and_nothing_is_written() {
    let hospitals = hospitals("packet-usage");
    let id = "00".repeat(32);
    let late = hospitals.ledger.anchor.height.to_string();
    for (wanted, code, says) in [
        (&[][..], 64, "nothing is wanted"),
        (&["--record", "AB"], 64, "64 hex digits"),
        (&["--consent", "AB"], 64, "32 hex digits"),
        (&["--document", "letter"], 64, "--proof"),
        (&["--record", &id], 66, "number 1 of what is wanted, a record, is not in these blocks"),
        (&["--no-signer", &id, "--to", &late], 66, "a signer without records, is not in these"),
    ] {
        let run = hospitals.packet("out.vidimus-packet", wanted);
        assert_eq!(run.code, code, "{wanted:?} {run:?}");
        assert!(run.stderr.contains(says), "{wanted:?}: {}", run.stderr);
        assert!(!hospitals.folder.join("out.vidimus-packet").exists());
    }
    // An anchor that the ledger does not meet gives no packet, and a verdict.
    let (ledger, output) = (hospitals.path("ledger.vidimus"), hospitals.path("out.vidimus-packet"));
    let anchor = mistyped(&hospitals.ledger.anchor.to_string());
    let run_with =
        |anchor: &str| run(["packet", &ledger, "--anchor", anchor, "--head", "-o", &output]);
    let wrong = run_with(&anchor);
    assert_eq!(wrong.code, 1, "{wrong:?}");
    assert!(wrong.stdout.contains("anchor.header-hash"), "{}", wrong.stdout);
    assert!(!hospitals.folder.join("out.vidimus-packet").exists());
    // A packet is no snapshot.
    assert_eq!(run_with(&hospitals.ledger.anchor.to_string()).code, 0);
    for (arguments, says) in [
        (&["import", &output, "-o", &ledger][..], "is an evidence packet"),
        (
            &["packet", &output, "--anchor", &anchor, "--head", "-o", &ledger],
            "is an evidence packet",
        ),
        (&["verify", &output, &ledger], "is an evidence packet: verify it alone"),
    ] {
        let run = run(arguments);
        assert_eq!(run.code, 64, "{run:?}");
        assert!(run.stderr.contains(says), "{}", run.stderr);
    }
}
