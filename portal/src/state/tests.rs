//! Tests of the reducer.

use wasm_bindgen_test::wasm_bindgen_test;

use super::*;
use crate::protocol::Phase;

fn after(actions: impl IntoIterator<Item = Action>) -> State {
    let mut state = State::default();
    actions.into_iter().for_each(|action| state.apply(action));
    state
}

fn ready() -> Action {
    Action::EngineReady { version: "1".into(), catalogue: Catalogue::default() }
}

fn chosen() -> Action {
    Action::FilesChosen(Chosen { name: "a".into(), files: 1, bytes: 2 })
}

fn refusal() -> Refusal {
    Refusal { line: Some(1), ..Refusal::of("anchor") }
}

fn progress(run: u32) -> Progress {
    Progress {
        run,
        phase: Phase::Read,
        bytes: 1,
        size: 2,
        permille: 500,
        blocks: 0,
        signatures: 0,
        outstanding: 0,
        rate: 0,
        elapsed: 0,
        left: None,
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn nothing_starts_without_engine_or_file() {
    assert!(!after([]).can_start());
    assert!(!after([ready()]).can_start());
    assert!(!after([chosen()]).can_start());
    assert!(after([ready(), chosen()]).can_start());
    assert!(!after([ready(), chosen(), Action::Started { run: 1 }]).can_start());
}

#[wasm_bindgen_test(unsupported = test)]
fn wrong_anchor_keeps_the_run_from_starting() {
    let typed = Action::AnchorTyped { text: "x".into(), question: 1 };
    let answered = Action::AnchorAnswered { question: 1, result: Err(refusal()) };
    let state = after([ready(), chosen(), typed, answered]);
    assert!(!state.can_start());
}

#[wasm_bindgen_test(unsupported = test)]
fn answer_about_an_earlier_text_is_ignored() {
    let state = after([
        Action::AnchorTyped { text: "x".into(), question: 1 },
        Action::AnchorTyped { text: "xy".into(), question: 2 },
        Action::AnchorAnswered { question: 1, result: Err(refusal()) },
    ]);
    assert_eq!(state.anchor.answer, AnchorAnswer::Asked);
}

#[wasm_bindgen_test(unsupported = test)]
fn messages_of_an_earlier_run_change_nothing() {
    let state = after([
        Action::Started { run: 1 },
        Action::Started { run: 2 },
        Action::Progressed(progress(1)),
        Action::Refused { run: 1, refusal: refusal() },
        Action::Broke { run: 1 },
        Action::Reported { run: 1, json: "{}".into(), viewing: false },
    ]);
    assert_eq!(state.run, Run::Running { progress: None, cancelling: false });
}

#[wasm_bindgen_test(unsupported = test)]
fn text_that_is_no_report_is_never_shown_as_one() {
    let state = after([
        Action::Started { run: 1 },
        Action::Reported {
            run: 1,
            json: "{\"schema\":\"vidimus/report/1\"}".into(),
            viewing: false,
        },
    ]);
    assert_eq!(state.run, Run::Broken);
}

#[wasm_bindgen_test(unsupported = test)]
fn verdict_goes_when_other_files_are_chosen() {
    let broken = [Action::Started { run: 1 }, Action::Broke { run: 1 }];
    assert_eq!(after(broken.into_iter().chain([chosen()])).run, Run::Idle);
}

#[wasm_bindgen_test(unsupported = test)]
fn policy_file_is_given_only_for_what_is_not_the_default() {
    assert_eq!(after([]).policy(), None);
    let state = after([Action::RequireChosen(Require::Headers)]);
    assert_eq!(state.policy().as_deref(), Some("{\"require\": \"headers\"}"));
}

/// A report of which the page shows nothing but its verdict.
const REPORT: &str = r#"{
    "schema": "vidimus/report/1",
    "verdict": {"status": "verified", "code": "verified", "reason": "", "locus": null, "evidence": null},
    "ledger": null, "last_checked": null, "test_keys": false, "anchors": [],
    "counts": {"blocks": "0", "transactions": "0", "commit_signatures": "0", "nil": "0", "absent": "0",
        "validator_sets": "0"},
    "participation": [], "checks": [], "findings": [], "findings_omitted": "0", "audit": null, "not_proven": [],
    "policy": {"require": "ledger", "signatures": "all"},
    "input": {"kind": "snapshot", "bytes": "0", "sha256": ""},
    "tool": {"name": "vidimus", "version": "1"}
}"#;

/// A run whose report is out, and whose files are being read again.
fn viewing() -> [Action; 2] {
    [Action::Started { run: 1 }, Action::Reported { run: 1, json: REPORT.into(), viewing: true }]
}

fn viewing_of(state: &State) -> &Viewing {
    let Run::Reported { viewing, .. } = &state.run else { panic!("no report: {:?}", state.run) };
    viewing
}

#[wasm_bindgen_test(unsupported = test)]
fn files_are_read_again_only_if_the_report_says_so() {
    let reading = after(viewing());
    assert!(reading.is_busy());
    let reported = Action::Reported { run: 1, json: REPORT.into(), viewing: false };
    let state = after([Action::Started { run: 1 }, reported]);
    assert_eq!((viewing_of(&state), state.is_busy()), (&Viewing::Off, false));
}

#[wasm_bindgen_test(unsupported = test)]
fn progress_and_cancel_go_on_while_files_are_read_again() {
    let mut state = after(viewing());
    state.apply(Action::Progressed(progress(1)));
    state.apply(Action::CancelAsked);
    let expected = Viewing::Reading { progress: Some(progress(1).into()), cancelling: true };
    assert_eq!(*viewing_of(&state), expected);
    state.apply(Action::NotAgain { run: 1, refusal: Refusal::of("cancelled") });
    assert_eq!(*viewing_of(&state), Viewing::Refused(Refusal::of("cancelled")));
}

#[wasm_bindgen_test(unsupported = test)]
fn views_of_an_earlier_run_are_ignored_and_what_is_none_is_never_shown() {
    let views = || {
        r#"{"one_patient": true, "events": [], "events_omitted": "0", "other_findings": [],
            "other_findings_omitted": "0"}"#
            .to_owned()
    };
    let mut state = after(viewing());
    state.apply(Action::Viewed { run: 0, json: views() });
    assert!(matches!(viewing_of(&state), Viewing::Reading { .. }));
    let mut broken = state.clone();
    broken.apply(Action::Viewed { run: 1, json: "{}".into() });
    assert!(matches!(viewing_of(&broken), Viewing::Refused(_)));
    state.apply(Action::Viewed { run: 1, json: views() });
    assert!(matches!(viewing_of(&state), Viewing::Done(_)));
}

#[wasm_bindgen_test(unsupported = test)]
fn verdict_goes_when_another_viewing_file_is_chosen() {
    let name = Some("a.view".to_owned());
    let chosen = Action::BesideChosen { kind: BesideKind::View, name: name.clone() };
    let state = after(viewing().into_iter().chain([chosen]));
    assert_eq!((state.run, state.beside.view), (Run::Idle, name));
}

#[wasm_bindgen_test(unsupported = test)]
fn link_shows_what_a_filter_hides() {
    let filter = Filter { id: Some("V10".into()), severity: Some(Severity::High) };
    let target = Target::from_fragment("#/finding/V11/3/0");
    let linked = Action::Linked(target.clone());
    let state = after([Action::Filtered(filter.clone()), linked]);
    assert_eq!((state.filter, state.target), (Filter::default(), target));
    // An address that is no link leaves it.
    let state = after([Action::Filtered(filter.clone()), Action::Linked(None)]);
    assert_eq!(state.filter, filter);
}

#[wasm_bindgen_test(unsupported = test)]
fn bytes_of_a_sample_count_while_it_is_on_its_way() {
    let half = Fetching { bytes: 5, size: Some(10) };
    let state = after([ready(), Action::FetchStarted, Action::FetchProgressed(half)]);
    assert_eq!(state.run, Run::Fetching(half));
    assert!(state.is_busy());
    let stopped =
        after([Action::FetchStarted, Action::FetchStopped, Action::FetchProgressed(half)]);
    assert_eq!(stopped.run, Run::Idle, "what comes after it was stopped is not shown");
}
