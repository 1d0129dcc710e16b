//! The whole state of the page, and how each action changes it. Pure: no DOM, no worker, no file.

mod again;

use std::rc::Rc;

use yew::Reducible;

pub(crate) use self::again::{Accounted, Viewing};

use crate::{
    accounting::Accounting,
    catalogue::Catalogue,
    link::Target,
    protocol::{AnchorText, Progress, Refusal},
    report::{
        Report,
        audit::{Entry, Severity},
    },
    views::Views,
};

/// What the page knows.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct State {
    pub(crate) engine: Engine,
    pub(crate) files: Chosen,
    /// Names of what is given beside them.
    pub(crate) beside: Beside,
    pub(crate) anchor: AnchorField,
    pub(crate) require: Require,
    pub(crate) run: Run,
    /// Number of the last run.
    pub(crate) runs: u32,
    pub(crate) filter: Filter,
    /// The finding that the address points to.
    pub(crate) target: Option<Target>,
}

/// The verifier's worker.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) enum Engine {
    #[default]
    Loading,
    Ready {
        version: String,
        catalogue: Rc<Catalogue>,
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

/// What is given for the audit, by the names of the files.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(crate) struct Beside {
    pub(crate) view: Option<String>,
    pub(crate) policy: Option<String>,
}

/// Which of the two.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum BesideKind {
    View,
    Policy,
}

/// Which findings are shown; all of them at first.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(crate) struct Filter {
    pub(crate) severity: Option<Severity>,
    pub(crate) id: Option<String>,
}

impl Filter {
    pub(crate) fn shows(&self, entry: &Entry) -> bool {
        self.severity.is_none_or(|severity| severity == entry.severity)
            && self.id.as_ref().is_none_or(|id| *id == entry.id)
    }
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
    Fetching(Fetching),
    Running {
        progress: Option<Rc<Progress>>,
        cancelling: bool,
    },
    Reported {
        report: Rc<Report>,
        json: Rc<str>,
        viewing: Viewing,
        accounting: Accounted,
    },
    Refused(Refusal),
    /// There is not even a report that says that the engine broke down.
    Broken,
}

/// How much of a file is here; nothing is known of a dropped folder.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) struct Fetching {
    pub(crate) bytes: u64,
    pub(crate) size: Option<u64>,
}

/// What happened.
#[derive(Clone, Debug)]
pub(crate) enum Action {
    EngineReady {
        version: String,
        catalogue: Catalogue,
    },
    EngineUnavailable {
        message: String,
    },
    FetchStarted,
    FetchProgressed(Fetching),
    FetchStopped,
    FetchFailed(Refusal),
    FilesChosen(Chosen),
    BesideChosen {
        kind: BesideKind,
        name: Option<String>,
    },
    AnchorTyped {
        text: String,
        question: u32,
    },
    AnchorAnswered {
        question: u32,
        result: Result<AnchorText, Refusal>,
    },
    RequireChosen(Require),
    Started {
        run: u32,
    },
    Progressed(Progress),
    CancelAsked,
    Reported {
        run: u32,
        json: String,
        viewing: bool,
    },
    Viewed {
        run: u32,
        json: String,
    },
    AccountAsked {
        regime: String,
    },
    Accounted {
        run: u32,
        accounting: Option<Accounting>,
    },
    /// The files were not read again to their end.
    NotAgain {
        run: u32,
        refusal: Refusal,
    },
    Refused {
        run: u32,
        refusal: Refusal,
    },
    Broke {
        run: u32,
    },
    Filtered(Filter),
    Linked(Option<Target>),
}

impl State {
    /// Whether a verification can be started.
    pub(crate) fn can_start(&self) -> bool {
        let ready = matches!(self.engine, Engine::Ready { .. });
        let anchor = !matches!(self.anchor.answer, AnchorAnswer::Wrong(_));
        ready && anchor && self.files.files > 0 && !self.is_busy()
    }

    pub(crate) fn is_busy(&self) -> bool {
        matches!(self.run, Run::Running { .. } | Run::Fetching(_)) || self.is_again()
    }

    /// Whether the files are being read again.
    fn is_again(&self) -> bool {
        self.is_viewing() || self.is_accounting()
    }

    fn is_accounting(&self) -> bool {
        matches!(&self.run, Run::Reported { accounting: Accounted::Reading { .. }, .. })
    }

    fn is_viewing(&self) -> bool {
        matches!(&self.run, Run::Reported { viewing: Viewing::Reading { .. }, .. })
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
            Action::EngineReady { version, catalogue } => {
                self.engine = Engine::Ready { version, catalogue: catalogue.into() };
            }
            Action::EngineUnavailable { message } => {
                self.engine = Engine::Unavailable { message };
            }
            Action::FetchStarted => self.run = Run::Fetching(Fetching::default()),
            Action::FetchProgressed(new) => {
                if let Run::Fetching(fetching) = &mut self.run {
                    *fetching = new;
                }
            }
            Action::FetchStopped => self.run = Run::Idle,
            Action::FetchFailed(refusal) => self.run = Run::Refused(refusal),
            Action::FilesChosen(chosen) => {
                self.files = chosen;
                // A verdict must not stand beside files that it is not about.
                self.run = Run::Idle;
            }
            Action::BesideChosen { kind, name } => {
                match kind {
                    BesideKind::View => self.beside.view = name,
                    BesideKind::Policy => self.beside.policy = name,
                }
                self.run = Run::Idle;
            }
            Action::AnchorTyped { text, question } => {
                let answer =
                    if text.trim().is_empty() { AnchorAnswer::Empty } else { AnchorAnswer::Asked };
                self.anchor = AnchorField { text, question, answer };
            }
            Action::AnchorAnswered { question, result } => self.answer_anchor(question, result),
            Action::RequireChosen(require) => self.require = require,
            Action::Started { run } => {
                self.runs = run;
                self.filter = Filter::default();
                self.run = Run::Running { progress: None, cancelling: false };
            }
            Action::Progressed(new) => {
                if let (true, Some((progress, _))) = (new.run == self.runs, self.progress_mut()) {
                    *progress = Some(new.into());
                }
            }
            Action::CancelAsked => {
                if let Some((_, cancelling)) = self.progress_mut() {
                    *cancelling = true;
                }
            }
            Action::Reported { run, json, viewing } if self.is_current(run) => {
                let reading = || Viewing::Reading { progress: None, cancelling: false };
                let viewing = viewing.then(reading).unwrap_or_default();
                self.run = Report::from_json(&json).map_or(Run::Broken, |report| Run::Reported {
                    report: report.into(),
                    json: json.into(),
                    viewing,
                    accounting: Accounted::Off,
                });
            }
            Action::Viewed { run, json } if run == self.runs && self.is_viewing() => {
                let broken = || Viewing::Refused(Refusal::of("engine"));
                let views = Views::from_json(&json);
                self.view(views.map_or_else(broken, |views| Viewing::Done(views.into())));
            }
            Action::AccountAsked { regime } if !self.is_busy() => {
                self.account(|_| Accounted::Reading { regime, progress: None, cancelling: false });
            }
            Action::Accounted { run, accounting } if run == self.runs && self.is_accounting() => {
                let broken = |regime| Accounted::Refused { regime, refusal: Refusal::of("engine") };
                self.account(|regime| match accounting {
                    Some(accounting) => Accounted::Done(accounting.into()),
                    None => broken(regime),
                });
            }
            Action::NotAgain { run, refusal } if run == self.runs && self.is_viewing() => {
                self.view(Viewing::Refused(refusal));
            }
            Action::NotAgain { run, refusal } if run == self.runs && self.is_accounting() => {
                self.account(|regime| Accounted::Refused { regime, refusal });
            }
            Action::Filtered(filter) => self.filter = filter,
            Action::Linked(target) => {
                // What a link points to must not be filtered away.
                if target.is_some() {
                    self.filter = Filter::default();
                }
                self.target = target;
            }
            Action::Refused { run, refusal } if self.is_current(run) => {
                self.run = Run::Refused(refusal);
            }
            Action::Broke { run } if self.is_current(run) => self.run = Run::Broken,
            Action::Reported { .. }
            | Action::Viewed { .. }
            | Action::AccountAsked { .. }
            | Action::Accounted { .. }
            | Action::NotAgain { .. }
            | Action::Refused { .. }
            | Action::Broke { .. } => {}
        }
    }

    fn answer_anchor(&mut self, question: u32, result: Result<AnchorText, Refusal>) {
        if question == self.anchor.question && self.anchor.answer == AnchorAnswer::Asked {
            self.anchor.answer = match result {
                Ok(anchor) => AnchorAnswer::Understood(anchor.into()),
                Err(refusal) => AnchorAnswer::Wrong(refusal),
            };
        }
    }

    /// How far the worker is, and whether it was told to stop.
    fn progress_mut(&mut self) -> Option<(&mut Option<Rc<Progress>>, &mut bool)> {
        match &mut self.run {
            Run::Running { progress, cancelling }
            | Run::Reported { viewing: Viewing::Reading { progress, cancelling }, .. }
            | Run::Reported {
                accounting: Accounted::Reading { progress, cancelling, .. }, ..
            } => Some((progress, cancelling)),
            Run::Idle | Run::Fetching(_) | Run::Reported { .. } | Run::Refused(_) | Run::Broken => {
                None
            }
        }
    }

    fn view(&mut self, new: Viewing) {
        if let Run::Reported { viewing, .. } = &mut self.run {
            *viewing = new;
        }
    }

    /// What comes of an accounting, for the regime that it is about.
    fn account(&mut self, new: impl FnOnce(String) -> Accounted) {
        if let Run::Reported { accounting, .. } = &mut self.run {
            let regime = accounting.regime().unwrap_or_default().to_owned();
            *accounting = new(regime);
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
mod tests;
