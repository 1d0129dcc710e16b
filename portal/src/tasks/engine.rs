//! The verifier's workers: one at work, one standing by for when the first has to be ended.
//!
//! A run always ends: with what the worker says, or, if that traps, falls silent or does not stop
//! when told to, with what the other says of a run that was given up.

use std::{cell::RefCell, rc::Rc};

use gloo::{
    events::EventListener,
    timers::callback::{Interval, Timeout},
};
use serde::Serialize as _;
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::{ErrorEvent, MessageEvent, Worker};
use yew::Callback;

use crate::{
    accounting::Accounting,
    catalogue::Catalogue,
    protocol::{Audit, FromWorker, GiveUp, NamedFile, Refusal, ToWorker},
    state::Action,
    text,
};

const SCRIPT: &str = "./vidimus.worker.js";

/// Most workers that check signatures; each costs some megabytes.
const POOL: u32 = 4;

/// Milliseconds that a worker has to end a run by itself.
const CANCEL: u32 = 100;

/// Seconds in a row without a word, while a run is on, after which a worker is dead.
const SILENCE: u32 = 10;

/// What is asked of a run.
#[derive(Clone, Debug, Default)]
pub(crate) struct Request {
    pub(crate) run: u32,
    pub(crate) files: Vec<NamedFile>,
    pub(crate) anchor: String,
    pub(crate) policy: Option<String>,
    pub(crate) audit: Audit,
}

/// A handle on the workers.
#[derive(Clone, Debug)]
pub(crate) struct Engine(Rc<RefCell<Inner>>);

impl PartialEq for Engine {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

#[derive(Debug)]
struct Inner {
    emit: Callback<Action>,
    active: Option<Hand>,
    standby: Option<Hand>,
    /// The compiled module, once the first worker has it.
    module: JsValue,
    run: Option<Current>,
    /// Seconds since a word was heard.
    silent: u32,
    /// Number of the last worker.
    hired: u32,
    watch: Option<Interval>,
}

/// The run that is on.
#[derive(Debug)]
struct Current {
    request: Request,
    /// Its worker is gone; another was asked for the report.
    given_up: bool,
    /// Its report is out: what is still to come changes nothing about it.
    reported: bool,
    patience: Option<Timeout>,
}

/// One worker.
#[derive(Debug)]
struct Hand {
    number: u32,
    worker: Worker,
    is_ready: bool,
    _listeners: [EventListener; 2],
}

impl Drop for Hand {
    fn drop(&mut self) {
        self.worker.terminate();
    }
}

impl Hand {
    fn post(&self, message: &ToWorker) {
        let serializer = serde_wasm_bindgen::Serializer::json_compatible();
        // Plain data, files and modules can always be cloned.
        if let Ok(message) = message.serialize(&serializer) {
            drop(self.worker.post_message(&message));
        }
    }
}

impl Engine {
    /// Loads the engine; `emit` hears of it.
    pub(crate) fn start(emit: Callback<Action>) -> Self {
        let engine = Self(Rc::new(RefCell::new(Inner {
            emit,
            active: None,
            standby: None,
            module: JsValue::NULL,
            run: None,
            silent: 0,
            hired: 0,
            watch: None,
        })));
        let hand = engine.hire(pool_size());
        let watcher = engine.clone();
        let watch = Interval::new(1_000, move || watcher.listen_for_silence());
        let mut inner = engine.0.borrow_mut();
        if hand.is_none() {
            inner.emit.emit(Action::EngineUnavailable { message: text::engine::NO_WORKER.into() });
        }
        inner.active = hand;
        inner.watch = Some(watch);
        drop(inner);
        engine
    }

    /// Starts a run.
    pub(crate) fn verify(&self, request: Request) {
        let mut inner = self.0.borrow_mut();
        inner.silent = 0;
        if let Some(hand) = &inner.active {
            let Request { run, files, anchor, policy, audit } = request.clone();
            hand.post(&ToWorker::Verify { run, files, anchor, policy, limits: None, audit });
        }
        inner.run = Some(Current { request, given_up: false, reported: false, patience: None });
    }

    /// Has the files of a reported run read again for what a regime accounts for.
    pub(crate) fn account(&self, run: u32, regime: String) {
        let mut inner = self.0.borrow_mut();
        inner.silent = 0;
        if let Some(hand) = &inner.active {
            hand.post(&ToWorker::Account { run, regime });
        }
        // The worker has the files; nobody is asked for another report.
        let request = Request { run, ..Request::default() };
        inner.run = Some(Current { request, given_up: false, reported: true, patience: None });
    }

    /// Stops the run that is on; its report says so.
    pub(crate) fn cancel(&self) {
        let mut inner = self.0.borrow_mut();
        let Inner { active: Some(hand), run: Some(current), .. } = &mut *inner else { return };
        if current.patience.is_some() {
            return;
        }
        hand.post(&ToWorker::Cancel { run: current.request.run });
        let engine = self.clone();
        let end = move || engine.replace(GiveUp::Cancelled);
        current.patience = Some(Timeout::new(CANCEL, end));
    }

    /// Asks what an anchor text says.
    pub(crate) fn parse_anchor(&self, question: u32, text: String) {
        if let Some(hand) = &self.0.borrow().active {
            hand.post(&ToWorker::ParseAnchor { question, text });
        }
    }

    /// Starts a worker.
    fn hire(&self, pool: u32) -> Option<Hand> {
        let worker = Worker::new(SCRIPT).ok()?;
        let mut inner = self.0.borrow_mut();
        inner.hired = inner.hired.wrapping_add(1);
        let (number, module) = (inner.hired, inner.module.clone());
        drop(inner);
        let (hearer, loser) = (self.clone(), self.clone());
        let hear = EventListener::new(&worker, "message", move |event| {
            let data = event.unchecked_ref::<MessageEvent>().data();
            let module = js_sys::Reflect::get(&data, &"module".into());
            if let Ok(message) = serde_wasm_bindgen::from_value(data) {
                hearer.hear(number, message, module.unwrap_or_default());
            }
        });
        let lose = EventListener::new(&worker, "error", move |event| {
            let message = event.dyn_ref::<ErrorEvent>().map(ErrorEvent::message);
            loser.lose(number, message.unwrap_or_default());
        });
        let hand = Hand { number, worker, is_ready: false, _listeners: [hear, lose] };
        hand.post(&ToWorker::Load { module, pool });
        Some(hand)
    }

    fn hear(&self, number: u32, message: FromWorker, module: JsValue) {
        let mut inner = self.0.borrow_mut();
        let is_active = inner.active.as_ref().is_some_and(|hand| hand.number == number);
        if is_active {
            inner.silent = 0;
        }
        let emit = inner.emit.clone();
        match message {
            FromWorker::Ready { version, checks, violations, regimes, codes } => {
                inner.module = module;
                if let Some(hand) = inner.active.as_mut().filter(|_| is_active) {
                    hand.is_ready = true;
                }
                let alone = inner.standby.is_none();
                drop(inner);
                if alone {
                    let standby = self.hire(0);
                    self.0.borrow_mut().standby = standby;
                }
                if is_active {
                    let catalogue = Catalogue::new(checks, violations, codes);
                    let catalogue = catalogue.with_regimes(regimes);
                    emit.emit(Action::EngineReady { version, catalogue });
                }
            }
            FromWorker::Unavailable { message } => {
                drop(inner);
                self.lose(number, message);
            }
            FromWorker::Failed {} => {
                drop(inner);
                self.lose(number, String::new());
            }
            FromWorker::Progress(progress) => {
                drop(inner);
                emit.emit(Action::Progressed(progress));
            }
            FromWorker::Report { run, json, viewing } => {
                match &mut inner.run {
                    Some(current) if viewing && current.request.run == run => {
                        current.reported = true;
                    }
                    _ => inner.end(run),
                }
                drop(inner);
                emit.emit(Action::Reported { run, json, viewing });
            }
            FromWorker::Views { run, json } => {
                inner.end(run);
                drop(inner);
                emit.emit(Action::Viewed { run, json });
            }
            FromWorker::Accounting { run, csv, html, json } => {
                inner.end(run);
                drop(inner);
                let accounting = Accounting::from_files(csv, html, json);
                emit.emit(Action::Accounted { run, accounting });
            }
            FromWorker::NoViews { run, error } | FromWorker::NoAccounting { run, error } => {
                inner.end(run);
                drop(inner);
                emit.emit(Action::NotAgain { run, refusal: error });
            }
            FromWorker::Refused { run, error } => {
                inner.end(run);
                drop(inner);
                emit.emit(Action::Refused { run, refusal: error });
            }
            FromWorker::Anchor { question, anchor, error } => {
                drop(inner);
                let result = anchor.ok_or(error);
                if let Ok(result) = result.map_or_else(|e| e.map(Err).ok_or(()), |a| Ok(Ok(a))) {
                    emit.emit(Action::AnchorAnswered { question, result });
                }
            }
        }
    }

    /// A worker broke down.
    fn lose(&self, number: u32, message: String) {
        let mut inner = self.0.borrow_mut();
        if inner.standby.as_ref().is_some_and(|hand| hand.number == number) {
            inner.standby = None;
            return;
        }
        let Some(hand) = inner.active.as_ref().filter(|hand| hand.number == number) else { return };
        if !hand.is_ready && inner.run.is_none() {
            let emit = inner.emit.clone();
            drop(inner);
            emit.emit(Action::EngineUnavailable { message });
            return;
        }
        drop(inner);
        self.replace(GiveUp::Engine);
    }

    /// Ends the active worker; the other takes its place and gives the run up.
    fn replace(&self, reason: GiveUp) {
        let mut inner = self.0.borrow_mut();
        drop(inner.active.take());
        inner.silent = 0;
        let standby = inner.standby.take();
        drop(inner);
        let pool = pool_size();
        let hand = standby.or_else(|| self.hire(pool));
        let mut inner = self.0.borrow_mut();
        let module = inner.module.clone();
        let mut broken = None;
        let mut is_reported = false;
        if let Some(current) = &mut inner.run {
            current.patience = None;
            is_reported = current.reported;
            let Request { run, anchor, policy, .. } = current.request.clone();
            match &hand {
                Some(hand) if !current.given_up && !current.reported => {
                    hand.post(&ToWorker::GiveUp { run, reason, anchor, policy, limits: None });
                    current.given_up = true;
                }
                _ => broken = Some(run),
            }
        }
        if let Some(hand) = &hand {
            // Who stood by had no pool yet.
            hand.post(&ToWorker::Load { module, pool });
        }
        inner.active = hand;
        if let Some(run) = broken {
            inner.end(run);
        }
        let emit = inner.emit.clone();
        drop(inner);
        match broken {
            Some(run) if is_reported => {
                let refusal = Refusal::of(reason.code());
                emit.emit(Action::NotAgain { run, refusal });
            }
            Some(run) => emit.emit(Action::Broke { run }),
            None => {}
        }
    }

    fn listen_for_silence(&self) {
        let mut inner = self.0.borrow_mut();
        if inner.run.is_none() {
            return;
        }
        // Turns are counted, not time: a computer that slept has been silent for one turn.
        inner.silent = inner.silent.saturating_add(1);
        if inner.silent >= SILENCE {
            drop(inner);
            self.replace(GiveUp::Engine);
        }
    }
}

impl Inner {
    fn end(&mut self, run: u32) {
        if self.run.as_ref().is_some_and(|current| current.request.run == run) {
            self.run = None;
        }
    }
}

fn pool_size() -> u32 {
    let cores = web_sys::window().map_or(0.0, |window| window.navigator().hardware_concurrency());
    (1..=POOL).rev().find(|size| f64::from(*size) <= cores).unwrap_or(1)
}
