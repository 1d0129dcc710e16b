//! The page on which an export is verified.

use yew::prelude::*;

use crate::{
    components::{
        anchor_input::AnchorInput, checks::Checks, facts::Facts, file_picker::FilePicker,
        findings::Findings, not_proven::NotProven, notice::Notice, participation::Participation,
        progress::ProgressPanel, require_select::RequireSelect, samples::Samples,
        verdict::VerdictBanner,
    },
    protocol::NamedFile,
    state::{AnchorAnswer, Engine, Require, Run, State},
    tasks::{files::Dropped, samples::Sample},
    text::{self, page as words},
};

/// What can be done on the page.
#[derive(Clone, PartialEq)]
pub(crate) struct Acts {
    pub(crate) take: Callback<Vec<NamedFile>>,
    pub(crate) drop_files: Callback<Dropped>,
    pub(crate) type_anchor: Callback<String>,
    pub(crate) choose_require: Callback<Require>,
    pub(crate) start: Callback<()>,
    pub(crate) cancel: Callback<()>,
    pub(crate) try_sample: Callback<Sample>,
    pub(crate) save: Callback<()>,
    pub(crate) print: Callback<()>,
}

#[derive(PartialEq, Properties)]
pub(crate) struct Props {
    pub(crate) state: State,
    pub(crate) acts: Acts,
}

#[component]
pub(crate) fn VerifyPage(Props { state, acts }: &Props) -> Html {
    let submit = {
        let start = acts.start.clone();
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            start.emit(());
        })
    };
    let busy = state.is_busy();
    let can_start = state.can_start();
    html! {
        <>
            <a class="skip-link" href="#form">{ words::SKIP_LINK }</a>
            <header class="masthead">
                <div class="measure">
                    <p class="name">{ words::NAME }<span class="tagline">{ words::TAGLINE }</span></p>
                </div>
            </header>
            <main class="measure">
                <section class="introduction">
                    <h1>{ words::PURPOSE }</h1>
                    <p class="privacy">{ words::PRIVACY }</p>
                </section>
                if let Engine::Unavailable { message } = &state.engine {
                    <Notice heading={text::engine::UNAVAILABLE} body={message.clone()} />
                }
                <form id="form" class="panel" aria-label={words::FORM} onsubmit={submit} tabindex="-1">
                    <FilePicker chosen={state.files.clone()} disabled={busy}
                        on_take={acts.take.clone()} on_drop={acts.drop_files.clone()} />
                    <AnchorInput field={state.anchor.clone()} disabled={busy}
                        on_type={acts.type_anchor.clone()} />
                    <div class="actions">
                        <RequireSelect value={state.require} disabled={busy}
                            on_choose={acts.choose_require.clone()} />
                        <div class="start">
                            <p id="start-hint" class="hint">{ start_hint(state) }</p>
                            <button type="submit" class="primary" disabled={!can_start}
                                aria-describedby="start-hint">{ text::start::BUTTON }</button>
                        </div>
                    </div>
                </form>
                { outcome(state, acts) }
                <Samples disabled={busy || !matches!(state.engine, Engine::Ready { .. })}
                    on_try={acts.try_sample.clone()} />
            </main>
            <footer class="measure">
                if let Engine::Ready { version, .. } = &state.engine {
                    <p>{ words::version(version) }</p>
                }
            </footer>
        </>
    }
}

/// Why the button is disabled.
fn start_hint(state: &State) -> &'static str {
    match (&state.engine, &state.anchor.answer) {
        (Engine::Loading, _) => text::engine::LOADING,
        (Engine::Ready { .. }, _) if state.files.files == 0 => text::start::NO_FILES,
        (Engine::Ready { .. }, AnchorAnswer::Wrong(_)) => text::start::WRONG_ANCHOR,
        (Engine::Ready { .. } | Engine::Unavailable { .. }, _) => "",
    }
}

fn outcome(state: &State, acts: &Acts) -> Html {
    match &state.run {
        Run::Idle => html! {},
        Run::Fetching => html! { <p class="panel" role="status">{ text::progress::FETCHING }</p> },
        Run::Running { progress, cancelling } => html! {
            <ProgressPanel progress={progress.clone()} cancelling={*cancelling}
                on_cancel={acts.cancel.clone()} />
        },
        Run::Refused(refusal) => html! {
            <Notice heading={text::refusal::HEADING} body={text::refusal::sentence(refusal)} />
        },
        Run::Broken => html! {
            <Notice heading={text::verdict::word(crate::report::Status::Inconclusive)}
                body={text::engine::BROKEN} />
        },
        Run::Reported { report, .. } => {
            let catalogue = match &state.engine {
                Engine::Ready { checks, .. } => checks.clone(),
                Engine::Loading | Engine::Unavailable { .. } => [].into(),
            };
            html! {
                <article class="report" aria-labelledby="verdict" key={state.runs}>
                    <VerdictBanner report={report.clone()} on_save={acts.save.clone()}
                        on_print={acts.print.clone()} />
                    <Facts report={report.clone()} />
                    <NotProven report={report.clone()} />
                    <Findings report={report.clone()} />
                    <Checks report={report.clone()} {catalogue} />
                    <Participation report={report.clone()} />
                </article>
            }
        }
    }
}
