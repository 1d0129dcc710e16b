//! What a ledger says: findings, records, who looked.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::PathBuf,
};

use serde_json::{Value, json};
use vidimus::encoding::time::Timestamp;
use vidimus_node::scenario::{Scenario, ScenarioConfig};

use crate::support::{Run, folder, mistyped, run};

/// A scenario on disk.
struct Hospitals {
    folder: PathBuf,
    anchor: String,
    scenario: Scenario,
}

fn hospitals(name: &str) -> Hospitals {
    let folder = folder(name);
    let scenario = Scenario::new(ScenarioConfig::default()).unwrap();
    for file in scenario.files().unwrap() {
        let path = folder.join(&file.path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, file.text).unwrap();
    }
    let ledger = scenario.simulation().unwrap().run();
    fs::write(folder.join("ledger.vidimus"), &ledger.container).unwrap();
    Hospitals { folder, anchor: ledger.anchor.to_string(), scenario }
}

impl Hospitals {
    fn path(&self, name: &str) -> String {
        self.folder.join(name).to_str().unwrap().to_owned()
    }

    fn run(&self, command: &str, more: &[&str]) -> Run {
        let ledger = self.path("ledger.vidimus");
        run([command, &ledger, "--anchor", &self.anchor].iter().chain(more))
    }

    /// The pages of everybody, and the lists that some violations need.
    fn with_everything(&self, command: &str, more: &[&str]) -> Run {
        let (view, policy) = (self.path("regulator.view"), self.path("policy.toml"));
        let options = ["--view", view.as_str(), "--audit-policy", policy.as_str()];
        let options: Vec<_> = options.iter().chain(more).copied().collect();
        self.run(command, &options)
    }
}

#[test]
fn findings_stand_after_the_verdict_by_severity_with_their_sentences() {
    let hospitals = hospitals("audit-verify");
    let text = hospitals.with_everything("verify", &[]);
    assert_eq!(text.code, 0, "{}", text.stdout);
    let at = |what: &str| text.stdout.find(what).unwrap();
    assert!(text.stdout.starts_with("VERIFIED"));
    assert!(at("CRITICAL V09") < at("HIGH     V01"));
    assert!(at("HIGH     V01") < at("MEDIUM   V11"));
    assert!(at("MEDIUM   V11") < at("Not proven"));
    assert!(text.stdout.contains("not looked for: V30 (outside)"));
    assert!(!text.stdout.contains('{') && !text.stdout.contains("?;"), "every value is there");

    let json = hospitals.with_everything("verify", &["--format", "json"]).report();
    let planted = hospitals.scenario.findings().len();
    let counts = json["audit"]["violations"].as_array().unwrap().iter();
    let sum: usize = counts.map(|it| it["count"].as_str().unwrap().parse::<usize>().unwrap()).sum();
    assert_eq!(sum, planted);
    let again = hospitals.with_everything("verify", &["--format", "json"]).report();
    assert_eq!(json, again);
}

/// The accesses of the ground are counted once in each table.
#[test]
fn views_are_added_on_request_and_change_nothing_else() {
    let hospitals = hospitals("audit-views");
    let json = |more: &[&str]| {
        let options = [&["--format", "json"], more].concat();
        hospitals.with_everything("verify", &options).report()
    };
    let (plain, mut with) = (json(&[]), json(&["--with-views"]));
    let views = with["audit"].as_object_mut().unwrap().remove("views").unwrap();
    assert_eq!(plain, with);
    let number = |value: &Value| -> u64 {
        value.as_str().map_or_else(|| value.as_u64().unwrap(), |text| text.parse().unwrap())
    };
    let sum = |name: &str| -> u64 { views[name].as_object().unwrap().values().map(number).sum() };
    let of_rows = |name: &str| -> u64 {
        views[name].as_array().unwrap().iter().map(|row| number(&row["accesses"])).sum()
    };
    let hours = views["hours"].as_array().unwrap().iter();
    let hours: u64 = hours.flat_map(|day| day.as_array().unwrap().iter().map(number)).sum();
    assert!(hours > 100, "{hours}");
    for found in [sum("decisions"), of_rows("organizations"), of_rows("persons")] {
        assert_eq!(found, hours);
    }
    let text = hospitals.with_everything("verify", &["--with-views"]).stdout;
    for part in ["by decision", "by purpose", "by organization", "by person", "by hour (UTC)"] {
        assert!(text.contains(part), "{part}");
    }
    let refused = Hospitals { anchor: mistyped(&hospitals.anchor), ..hospitals };
    let refused = refused.run("verify", &["--with-views"]);
    assert!(refused.code == 1 && !refused.stdout.contains("by hour"), "{}", refused.stdout);
}

#[test]
fn severity_decides_the_exit_code_of_a_verified_ledger_alone() {
    let hospitals = hospitals("audit-fail-on");
    for (severity, code) in [("critical", 3), ("info", 3)] {
        assert_eq!(hospitals.run("verify", &["--fail-on", severity]).code, code, "{severity}");
    }
    assert_eq!(hospitals.run("verify", &["--fail-on", "grave"]).code, 64);
    let other = Hospitals { anchor: mistyped(&hospitals.anchor), ..hospitals };
    assert_eq!(other.run("verify", &["--fail-on", "info"]).code, 1);
}

/// The lines of a list.
fn objects(run: &Run) -> Vec<Value> {
    run.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// A number that a report holds as text.
fn number(value: &Value) -> usize {
    value.as_str().unwrap().parse().unwrap()
}

/// The report lists one of each violation, and the list all.
#[test]
fn every_finding_is_listed_by_violation_and_by_severity() {
    let hospitals = hospitals("audit-findings");
    let limits = hospitals.path("limits.json");
    fs::write(&limits, r#"{"findings_each": "1"}"#).unwrap();
    let report =
        hospitals.with_everything("verify", &["--limits", &limits, "--format", "json"]).report();
    let audit = &report["audit"];
    let violations = audit["violations"].as_array().unwrap();
    let found = hospitals.with_everything("findings", &["--limits", &limits]);
    assert_eq!(found.code, 0, "{}", found.stderr);
    let all = objects(&found);
    assert_eq!(all.len(), hospitals.scenario.findings().len());
    let places: BTreeSet<_> = all.iter().map(Value::to_string).collect();
    assert_eq!(places.len(), all.len(), "each once");
    for entry in violations {
        let listed = all.iter().filter(|finding| finding["id"] == entry["id"]).count();
        assert_eq!(listed, number(&entry["count"]), "{entry}");
    }
    let first = audit["findings"].as_array().unwrap();
    assert!(first.len() < all.len() && first.iter().all(|finding| all.contains(finding)));

    let options = ["--limits", &limits, "--id", "V11"];
    let of_one = objects(&hospitals.with_everything("findings", &options));
    assert!(!of_one.is_empty() && of_one.iter().all(|finding| finding["id"] == "V11"));
    let is_severe = |entry: &&Value| entry["severity"] == "high" || entry["severity"] == "critical";
    let severe = violations.iter().filter(is_severe).map(|entry| number(&entry["count"]));
    let listed = objects(&hospitals.with_everything("findings", &["--severity", "high"])).len();
    assert_eq!(listed, severe.sum::<usize>());
    assert!(listed > 0 && listed < all.len());
    for bad in [["--id", "V99"], ["--severity", "grave"], ["--format", "text"]] {
        assert_eq!(hospitals.run("findings", &bad).code, 64, "{bad:?}");
    }
}

#[test]
fn list_begins_with_the_rules_that_moments_and_decisions_follow_from() {
    let hospitals = hospitals("audit-network");
    let mut lines = objects(&hospitals.run("records", &[]));
    let network = lines.remove(0)["network"].take();
    let rules = json!({
        "combining": "deny-overrides",
        "implicit": "deny",
        "rule_set": "pcf-1.1",
        "break_glass": true,
        "authorized_purposes": [],
        "lawful_bases": ["GDPR-9(2)(i)", "HIPAA-164.512(b)"],
    });
    assert_eq!(network["rules"], rules);
    let millis = |value: &Value| {
        Timestamp::parse(value.as_str().unwrap()).unwrap().as_nanos().div_euclid(1_000_000)
    };
    let limit = |name: &str| i128::from(network["limits"][name].as_u64().unwrap());
    let mut by_law = 0;
    for line in lines.iter().filter(|line| line["judgement"].is_object()) {
        let (record, judgement) = (&line["record"], &line["judgement"]);
        let (block, recorded) = (&line["time"], &record["source"]["recorded_at"]);
        let late = millis(block) - millis(recorded);
        let is_believed = -limit("skew") <= late && late <= limit("latency");
        let is_block_time = record["kind"] == "request" || !is_believed;
        assert_eq!(judgement["is_block_time"], is_block_time, "{line}");
        assert_eq!(judgement["at"], *if is_block_time { block } else { recorded }, "{line}");
        let decision = &judgement["decision"];
        assert_eq!(decision["combining"], network["rules"]["combining"]);
        if decision["ground"] == "lawful-basis" {
            let bases = network["rules"]["lawful_bases"].as_array().unwrap();
            assert!(bases.contains(&decision["basis"]), "{line}");
            by_law += 1;
        }
    }
    assert!(by_law > 0);
}

#[test]
fn records_are_listed_with_position_decision_and_what_the_view_opens() {
    let hospitals = hospitals("audit-records");
    let all = hospitals.run("records", &[]);
    assert_eq!(all.code, 0);
    let mut lines = objects(&all);
    assert!(lines.remove(0)["network"].is_object());
    let report = hospitals.run("verify", &["--format", "json"]).report();
    assert_eq!(report["counts"]["transactions"], lines.len().to_string());
    let mut kinds = BTreeMap::<&str, usize>::new();
    for line in &lines {
        let kind = line["record"]["kind"].as_str().unwrap();
        *kinds.entry(kind).or_default() += 1;
        let is_judged =
            kind == "request" || (kind == "access" && !line["record"]["by_custodian"].is_null());
        let is_accepted = line["code"] == "accepted";
        assert_eq!(line["judgement"].is_object(), is_judged && is_accepted, "{line}");
    }
    assert_eq!(kinds.len(), 9, "every kind: {kinds:?}");
    assert_eq!(hospitals.run("records", &["--format", "ndjson"]).stdout, all.stdout);
    assert_eq!(hospitals.run("records", &["--format", "text"]).code, 64);
    let accesses = hospitals.run("records", &["--kind", "access"]);
    assert_eq!(accesses.stdout.lines().count(), 1 + kinds["access"], "after the network");

    let view = hospitals.path("patients/0001.view");
    let mine = hospitals.run("records", &["--view", &view]);
    let opened = mine.stdout.lines().filter(|line| line.contains("\"carried\"")).count();
    assert!(opened > 0 && mine.stdout.lines().count() < lines.len());
    let subject = fs::read_to_string(&view).unwrap();
    let subject = subject.lines().last().unwrap().split(' ').next().unwrap().to_owned();
    let about = hospitals.run("records", &["--subject", &subject]);
    assert!(about.stdout.lines().count() > 1);
    assert!(about.stdout.lines().skip(1).all(|line| line.contains(&subject)));

    for bad in [["--kind", "letter"], ["--subject", "AB"], ["--view", "none"]] {
        assert!(hospitals.run("records", &bad).code >= 64, "{bad:?}");
    }
}

#[test]
fn nothing_is_listed_of_a_ledger_that_is_not_verified() {
    let hospitals = hospitals("audit-refused");
    let view = hospitals.path("patients/0001.view");
    let other = Hospitals { anchor: mistyped(&hospitals.anchor), ..hospitals };
    for command in ["records", "findings", "who"] {
        let refused = other.run(command, &["--view", &view]);
        assert_eq!(refused.code, 1, "{command}");
        assert!(refused.stdout.starts_with("REJECTED  anchor.header-hash"), "{}", refused.stdout);
        assert!(!refused.stdout.contains("\"record\"") && !refused.stdout.contains("why"));
    }
}

#[test]
fn patients_read_who_looked_why_and_what_the_list_is_complete_for() {
    let hospitals = hospitals("audit-who");
    let view = hospitals.path("patients/0001.view");
    let text = hospitals.run("who", &["--view", &view]);
    assert_eq!(text.code, 0, "{}", text.stderr);
    assert!(text.stdout.contains("This list is complete for blocks 1 to "));
    let json = hospitals.run("who", &["--view", &view, "--format", "json"]).report();
    let events = json["events"].as_array().unwrap();
    assert_eq!(text.stdout.matches("\n  why    ").count(), events.len());
    for event in events {
        assert!(text.stdout.contains(event["record"].as_str().unwrap()));
    }
    assert!(!text.stdout.contains("the patient's consent"));
    // Nobody's list without a viewing file.
    assert_eq!(hospitals.run("who", &[]).code, 64);
}

#[test]
fn list_of_several_patients_tells_of_them_and_of_what_else_is_found() {
    let hospitals = hospitals("audit-who-all");
    let view = hospitals.path("regulator.view");
    let text = hospitals.run("who", &["--view", &view]).stdout;
    let words = text.split(|c: char| !c.is_alphabetic()).map(str::to_lowercase);
    assert_eq!(words.filter(|word| ["you", "your"].contains(&word.as_str())).count(), 0);
    let json = hospitals.run("who", &["--view", &view, "--format", "json"]).report();
    assert_eq!(json["one_patient"], false);
    let events = json["events"].as_array().unwrap();

    let heading = text.lines().find(|line| line.starts_with("Who opened")).unwrap();
    let named: Vec<_> = heading.split_once(", at ").unwrap().1.split(", ").collect();
    let custodians: BTreeSet<_> =
        events.iter().map(|event| event["custodian"].as_str().unwrap()).collect();
    assert_eq!(named, custodians.into_iter().collect::<Vec<_>>(), "each once");

    // Whoever is recorded as the patient is told with role and pseudonym all the same.
    let own = events.iter().filter(|event| event["own"] == true).count();
    let recorded = "recorded by the hospital as the patient or somebody for them";
    assert!(own > 0 && text.matches(recorded).count() == own, "{own}");
    for event in events {
        let (person, subject) = (&event["person"], event["subject"].as_str().unwrap());
        let person = person.as_str().and_then(|person| person.get(..8)).unwrap();
        assert!(text.contains(&format!("({person}…)")), "{person}");
        assert!(text.contains(&format!("  of     patient {subject}\n")), "{subject}");
    }

    let others = json["other_findings"].as_array().unwrap();
    let (_, also) = text.split_once("\nAlso about these patients\n").unwrap();
    assert_eq!(also.matches("\n  what   ").count(), others.len());
    for finding in others {
        let (id, record) = (finding["id"].as_str().unwrap(), finding["record"].as_str().unwrap());
        assert!(also.contains(&format!("  !      {id} ")) && also.contains(record), "{id}");
    }
    assert!(others.iter().any(|finding| finding["id"] == "V31"));
}
