//! Joins state, tasks and page.

use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::{
    pages::verify::{Acts, VerifyPage},
    protocol::{NamedFile, Refusal},
    state::{Action, Require, Run, State},
    tasks::{
        download,
        engine::{Engine, Request},
        files::{self, Dropped},
        samples::Sample,
    },
    text,
};

#[component]
pub(crate) fn App() -> Html {
    let state = use_reducer(State::default);
    let engine = use_state(|| None::<Engine>);
    let chosen = use_mut_ref(Vec::<NamedFile>::new);
    {
        let (dispatcher, engine) = (state.dispatcher(), engine.clone());
        use_effect_with((), move |()| {
            let emit = Callback::from(move |action| dispatcher.dispatch(action));
            engine.set(Some(Engine::start(emit)));
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
        Callback::from(move |dropped: Dropped| {
            let (dispatcher, take) = (dispatcher.clone(), take.clone());
            dispatcher.dispatch(Action::FetchStarted);
            spawn_local(async move {
                match dropped.read().await {
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
            engine.verify(Request { run, files, anchor, policy });
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
        Callback::from(move |()| {
            dispatcher.dispatch(Action::CancelAsked);
            if let Some(engine) = &*engine {
                engine.cancel();
            }
        })
    };
    let try_sample = {
        let (dispatcher, take) = (state.dispatcher(), take.clone());
        let (type_anchor, verify) = (type_anchor.clone(), verify);
        Callback::from(move |sample: Sample| {
            let (dispatcher, take) = (dispatcher.clone(), take.clone());
            let (type_anchor, verify) = (type_anchor.clone(), verify.clone());
            dispatcher.dispatch(Action::FetchStarted);
            spawn_local(async move {
                match sample.fetch().await {
                    Ok((file, anchor)) => {
                        take.emit(vec![file]);
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
                drop(download::save(text::verdict::FILE_NAME, json));
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
        type_anchor,
        choose_require,
        start,
        cancel,
        try_sample,
        save,
        print,
    };
    html! { <VerifyPage state={(*state).clone()} {acts} /> }
}

fn failed(code: &str, message: &str) -> Action {
    let (code, message) = (code.to_owned(), message.to_owned());
    Action::FetchFailed(Refusal { code, message, line: None, path: None })
}
