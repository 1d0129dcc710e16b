//! The whole state of the page, and how each action changes it. Pure: no DOM, no worker, no file.

use std::rc::Rc;

use yew::Reducible;

use crate::{
    protocol::{AnchorText, Check, Progress, Refusal},
    report::Report,
};

/// What the page knows.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct State {
    pub(crate) engine: Engine,
    pub(crate) files: Chosen,
    pub(crate) anchor: AnchorField,
    pub(crate) require: Require,
    pub(crate) run: Run,
    /// Number of the last run.
    pub(crate) runs: u32,
}

/// The verifier's worker.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) enum Engine {
    #[default]
    Loading,
    Ready {
        version: String,
        checks: Rc<[Check]>,
    },
    Unavailable {
        message: String,
    },
}

/// What was chosen, in figures; the files themselves are with [`crate::tasks::files`].
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(crate) struct Chosen {
    /// Name of the only file, or of the folder, or of the first of many.
    pub(crate) name: String,
    pub(crate) files: u64,
    pub(crate) bytes: u64,
}

/// The anchor as typed, and what the engine makes of it.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(crate) struct AnchorField {
    pub(crate) text: String,
    /// Number of the question that the engine was last asked.
    pub(crate) question: u32,
    pub(crate) answer: AnchorAnswer,
}

#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(crate) enum AnchorAnswer {
    #[default]
    Empty,
    Asked,
    Understood(Rc<AnchorText>),
    Wrong(Refusal),
}

/// How much the user wants to see proven.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) enum Require {
    Headers,
    #[default]
    Ledger,
}

impl Require {
    pub(crate) const ALL: [Self; 2] = [Self::Ledger, Self::Headers];

    /// The word of the policy file.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Headers => "headers",
            Self::Ledger => "ledger",
        }
    }

    pub(crate) fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|require| require.word() == word)
    }
}

/// The current verification, or the last one.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) enum Run {
    #[default]
    Idle,
    /// A sample, or a dropped folder, is on its way.
    Fetching,
    Running {
        progress: Option<Rc<Progress>>,
        cancelling: bool,
    },
    Reported {
        report: Rc<Report>,
        json: Rc<str>,
    },
    Refused(Refusal),
    /// There is not even a report that says that the engine broke down.
    Broken,
}

/// What happened.
#[derive(Clone, Debug)]
pub(crate) enum Action {
    EngineReady { version: String, checks: Vec<Check> },
    EngineUnavailable { message: String },
    FetchStarted,
    FetchFailed(Refusal),
    FilesChosen(Chosen),
    AnchorTyped { text: String, question: u32 },
    AnchorAnswered { question: u32, result: Result<AnchorText, Refusal> },
    RequireChosen(Require),
    Started { run: u32 },
    Progressed(Progress),
    CancelAsked,
    Reported { run: u32, json: String },
    Refused { run: u32, refusal: Refusal },
    Broke { run: u32 },
}

impl State {
    /// Whether a verification can be started.
    pub(crate) fn can_start(&self) -> bool {
        let ready = matches!(self.engine, Engine::Ready { .. });
        let anchor = !matches!(self.anchor.answer, AnchorAnswer::Wrong(_));
        ready && anchor && self.files.files > 0 && !self.is_busy()
    }

    pub(crate) fn is_busy(&self) -> bool {
        matches!(self.run, Run::Running { .. } | Run::Fetching)
    }

    /// The policy file of what was chosen; none for the default.
    pub(crate) fn policy(&self) -> Option<String> {
        (self.require != Require::default())
            .then(|| format!("{{\"require\": \"{}\"}}", self.require.word()))
    }

    fn is_current(&self, run: u32) -> bool {
        run == self.runs && matches!(self.run, Run::Running { .. })
    }

    fn apply(&mut self, action: Action) {
        match action {
            Action::EngineReady { version, checks } => {
                self.engine = Engine::Ready { version, checks: checks.into() };
            }
            Action::EngineUnavailable { message } => {
                self.engine = Engine::Unavailable { message };
            }
            Action::FetchStarted => self.run = Run::Fetching,
            Action::FetchFailed(refusal) => self.run = Run::Refused(refusal),
            Action::FilesChosen(chosen) => {
                self.files = chosen;
                // A verdict must not stand beside files that it is not about.
                self.run = Run::Idle;
            }
            Action::AnchorTyped { text, question } => {
                let answer =
                    if text.trim().is_empty() { AnchorAnswer::Empty } else { AnchorAnswer::Asked };
                self.anchor = AnchorField { text, question, answer };
            }
            Action::AnchorAnswered { question, result } => {
                if question == self.anchor.question && self.anchor.answer == AnchorAnswer::Asked {
                    self.anchor.answer = match result {
                        Ok(anchor) => AnchorAnswer::Understood(anchor.into()),
                        Err(refusal) => AnchorAnswer::Wrong(refusal),
                    };
                }
            }
            Action::RequireChosen(require) => self.require = require,
            Action::Started { run } => {
                self.runs = run;
                self.run = Run::Running { progress: None, cancelling: false };
            }
            Action::Progressed(new) => {
                if let (true, Run::Running { progress, .. }) = (new.run == self.runs, &mut self.run)
                {
                    *progress = Some(new.into());
                }
            }
            Action::CancelAsked => {
                if let Run::Running { cancelling, .. } = &mut self.run {
                    *cancelling = true;
                }
            }
            Action::Reported { run, json } if self.is_current(run) => {
                self.run = Report::from_json(&json).map_or(Run::Broken, |report| Run::Reported {
                    report: report.into(),
                    json: json.into(),
                });
            }
            Action::Refused { run, refusal } if self.is_current(run) => {
                self.run = Run::Refused(refusal);
            }
            Action::Broke { run } if self.is_current(run) => self.run = Run::Broken,
            Action::Reported { .. } | Action::Refused { .. } | Action::Broke { .. } => {}
        }
    }
}

impl Reducible for State {
    type Action = Action;

    fn reduce(self: Rc<Self>, action: Action) -> Rc<Self> {
        let mut state = (*self).clone();
        state.apply(action);
        state.into()
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;
    use crate::protocol::Phase;

    fn after(actions: impl IntoIterator<Item = Action>) -> State {
        let mut state = State::default();
        actions.into_iter().for_each(|action| state.apply(action));
        state
    }

    fn ready() -> Action {
        Action::EngineReady { version: "1".into(), checks: vec![] }
    }

    fn chosen() -> Action {
        Action::FilesChosen(Chosen { name: "a".into(), files: 1, bytes: 2 })
    }

    fn refusal() -> Refusal {
        Refusal { code: "anchor".into(), message: "no".into(), line: Some(1), path: None }
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
            Action::Reported { run: 1, json: "{}".into() },
        ]);
        assert_eq!(state.run, Run::Running { progress: None, cancelling: false });
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn text_that_is_no_report_is_never_shown_as_one() {
        let state = after([
            Action::Started { run: 1 },
            Action::Reported { run: 1, json: "{\"schema\":\"vidimus/report/1\"}".into() },
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
}
