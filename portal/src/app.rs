//! Joins state, tasks and page.

use wasm_bindgen_futures::spawn_local;
use web_sys::{AbortController, File};
use yew::prelude::*;

use crate::{
    accounting::Format,
    pages::verify::{Acts, VerifyPage},
    protocol::{Audit, Beside, NamedFile, Refusal},
    state::{Accounted, Action, BesideKind, Filter, Require, Run, State},
    tasks::{
        download,
        engine::{Engine, Request},
        files::{self, Dropped},
        link,
        samples::{Fetched, Sample},
    },
    text,
};

#[component]
pub(crate) fn App() -> Html {
    let state = use_reducer(State::default);
    let engine = use_state(|| None::<Engine>);
    let chosen = use_mut_ref(Vec::<NamedFile>::new);
    let beside = use_mut_ref(Audit::default);
    // Stops what is on its way.
    let fetch = use_mut_ref(|| None::<AbortController>);
    {
        let (dispatcher, engine) = (state.dispatcher(), engine.clone());
        use_effect_with((), move |()| {
            let emit = Callback::from(move |action| dispatcher.dispatch(action));
            let listener = link::listen(emit.clone());
            engine.set(Some(Engine::start(emit)));
            move || drop(listener)
        });
    }

    let take = {
        let (dispatcher, chosen) = (state.dispatcher(), chosen.clone());
        Callback::from(move |new: Vec<NamedFile>| {
            if new.is_empty() {
                return;
            }
            dispatcher.dispatch(Action::FilesChosen(files::summary(&new)));
            *chosen.borrow_mut() = new;
        })
    };
    let drop_files = {
        let (dispatcher, take) = (state.dispatcher(), take.clone());
        let fetch = fetch.clone();
        Callback::from(move |dropped: Dropped| {
            let Ok(abort) = AbortController::new() else { return };
            let (dispatcher, take) = (dispatcher.clone(), take.clone());
            let fetch = fetch.clone();
            dispatcher.dispatch(Action::FetchStarted);
            drop(fetch.replace(Some(abort.clone())));
            spawn_local(async move {
                let read = dropped.read().await;
                if abort.signal().aborted() {
                    return;
                }
                drop(fetch.take());
                match read {
                    Ok(files) if !files.is_empty() => take.emit(files),
                    _ => dispatcher.dispatch(failed("drop", text::files::UNREADABLE)),
                }
            });
        })
    };
    let type_anchor = {
        let (state, engine) = (state.clone(), engine.clone());
        Callback::from(move |text: String| {
            let question = state.anchor.question.wrapping_add(1);
            state.dispatch(Action::AnchorTyped { text: text.clone(), question });
            if let (Some(engine), false) = (&*engine, text.trim().is_empty()) {
                engine.parse_anchor(question, text);
            }
        })
    };
    let choose_beside = {
        let (dispatcher, beside) = (state.dispatcher(), beside.clone());
        Callback::from(move |(kind, file): (BesideKind, Option<File>)| {
            let name = file.as_ref().map(File::name);
            let mut beside = beside.borrow_mut();
            match kind {
                BesideKind::View => beside.view = file.map(Beside),
                BesideKind::Policy => beside.policy = file.map(Beside),
            }
            dispatcher.dispatch(Action::BesideChosen { kind, name });
        })
    };
    let filter = {
        let dispatcher = state.dispatcher();
        Callback::from(move |filter: Filter| dispatcher.dispatch(Action::Filtered(filter)))
    };
    let choose_require = {
        let dispatcher = state.dispatcher();
        Callback::from(move |require: Require| dispatcher.dispatch(Action::RequireChosen(require)))
    };
    let verify = {
        let (state, engine, chosen) = (state.clone(), engine.clone(), chosen.clone());
        Callback::from(move |anchor: String| {
            let run = state.runs.wrapping_add(1);
            let Some(engine) = &*engine else { return };
            state.dispatch(Action::Started { run });
            let (files, policy) = (chosen.borrow().clone(), state.policy());
            let audit = beside.borrow().clone();
            engine.verify(Request { run, files, anchor, policy, audit });
        })
    };
    let start = {
        let (state, verify) = (state.clone(), verify.clone());
        Callback::from(move |()| {
            if state.can_start() {
                verify.emit(state.anchor.text.clone());
            }
        })
    };
    let cancel = {
        let (dispatcher, engine) = (state.dispatcher(), engine.clone());
        let fetch = fetch.clone();
        Callback::from(move |()| {
            if let Some(fetch) = fetch.take() {
                fetch.abort();
                dispatcher.dispatch(Action::FetchStopped);
                return;
            }
            dispatcher.dispatch(Action::CancelAsked);
            if let Some(engine) = &*engine {
                engine.cancel();
            }
        })
    };
    let try_sample = {
        let (dispatcher, take) = (state.dispatcher(), take.clone());
        let (type_anchor, verify) = (type_anchor.clone(), verify);
        let choose_beside = choose_beside.clone();
        Callback::from(move |sample: Sample| {
            let Ok(abort) = AbortController::new() else { return };
            let (dispatcher, take) = (dispatcher.clone(), take.clone());
            let (type_anchor, verify) = (type_anchor.clone(), verify.clone());
            let (choose_beside, fetch) = (choose_beside.clone(), fetch.clone());
            dispatcher.dispatch(Action::FetchStarted);
            drop(fetch.replace(Some(abort.clone())));
            spawn_local(async move {
                let heard = dispatcher.clone();
                let on_progress = move |fetching| heard.dispatch(Action::FetchProgressed(fetching));
                let fetched = sample.fetch(&abort, on_progress).await;
                if abort.signal().aborted() {
                    return;
                }
                drop(fetch.take());
                match fetched {
                    Ok(Fetched { file, anchor, view, policy }) => {
                        take.emit(vec![file]);
                        choose_beside.emit((BesideKind::View, view));
                        choose_beside.emit((BesideKind::Policy, policy));
                        type_anchor.emit(anchor.clone());
                        verify.emit(anchor);
                    }
                    Err(_) => dispatcher.dispatch(failed("sample", "")),
                }
            });
        })
    };
    let save = {
        let state = state.clone();
        Callback::from(move |()| {
            if let Run::Reported { json, .. } = &state.run {
                // A browser that saves no files has said so itself.
                drop(download::save(text::verdict::FILE_NAME, "application/json", json));
            }
        })
    };
    let account = {
        let (state, engine) = (state.clone(), engine.clone());
        Callback::from(move |regime: String| {
            if let (Some(engine), false) = (&*engine, state.is_busy()) {
                state.dispatch(Action::AccountAsked { regime: regime.clone() });
                engine.account(state.runs, regime);
            }
        })
    };
    let save_accounting = {
        let state = state.clone();
        Callback::from(move |format: Format| {
            if let Run::Reported { accounting: Accounted::Done(accounting), .. } = &state.run {
                let (name, content) = (accounting.file_name(format), accounting.file(format));
                drop(download::save(&name, format.media_type(), content));
            }
        })
    };
    let print = Callback::from(|()| {
        if let Some(window) = web_sys::window() {
            drop(window.print());
        }
    });

    let acts = Acts {
        take,
        drop_files,
        choose_beside,
        type_anchor,
        choose_require,
        start,
        cancel,
        try_sample,
        filter,
        save,
        account,
        save_accounting,
        print,
    };
    html! { <VerifyPage state={(*state).clone()} {acts} /> }
}

fn failed(code: &str, message: &str) -> Action {
    Action::FetchFailed(Refusal { message: message.to_owned(), ..Refusal::of(code) })
}
