//! The page on which an export is verified.

use std::rc::Rc;

use web_sys::File;
use yew::prelude::*;

use crate::{
    accounting::Format,
    components::{
        accounting::Accounting, anchor_input::AnchorInput, audit::Audit, beside_file::BesideFile,
        checks::Checks, claims::Claims, facts::Facts, fetching::FetchingPanel,
        file_picker::FilePicker, findings::Findings, not_proven::NotProven, notice::Notice,
        participation::Participation, progress::ProgressPanel, require_select::RequireSelect,
        samples::Samples, verdict::VerdictBanner, who::Who,
    },
    protocol::NamedFile,
    state::{AnchorAnswer, BesideKind, Engine, Filter, Require, Run, State},
    tasks::{files::Dropped, samples::Sample},
    text::{self, beside, page as words},
};

/// What can be done on the page.
#[derive(Clone, PartialEq)]
pub(crate) struct Acts {
    pub(crate) take: Callback<Vec<NamedFile>>,
    pub(crate) drop_files: Callback<Dropped>,
    pub(crate) choose_beside: Callback<(BesideKind, Option<File>)>,
    pub(crate) type_anchor: Callback<String>,
    pub(crate) choose_require: Callback<Require>,
    pub(crate) start: Callback<()>,
    pub(crate) cancel: Callback<()>,
    pub(crate) try_sample: Callback<Sample>,
    pub(crate) filter: Callback<Filter>,
    pub(crate) save: Callback<()>,
    pub(crate) account: Callback<String>,
    pub(crate) save_accounting: Callback<Format>,
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
                    { beside_inputs(state, acts) }
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
                if state.target.is_some() && !matches!(state.run, Run::Reported { .. }) {
                    <p class="panel" role="status">{ text::audit::WAITING }</p>
                }
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

/// A viewing file, and tucked away an audit policy.
fn beside_inputs(state: &State, acts: &Acts) -> Html {
    let choose = |kind| acts.choose_beside.reform(move |file| (kind, file));
    let busy = state.is_busy();
    html! {
        <>
            <fieldset>
                <legend>{ beside::VIEW }</legend>
                <p class="help" id="view-help">{ beside::VIEW_HELP }</p>
                <p class="caution" id="view-warning">{ beside::VIEW_WARNING }</p>
                <BesideFile id="view" choose={beside::CHOOSE_VIEW} name={state.beside.view.clone()}
                    disabled={busy} described_by="view-help view-warning"
                    on_choose={choose(BesideKind::View)} />
            </fieldset>
            <details class="tucked">
                <summary>{ beside::POLICY }</summary>
                <p class="help" id="policy-help">{ beside::POLICY_HELP }</p>
                <BesideFile id="policy" choose={beside::CHOOSE_POLICY}
                    name={state.beside.policy.clone()} disabled={busy} described_by="policy-help"
                    on_choose={choose(BesideKind::Policy)} />
            </details>
        </>
    }
}

/// Why the button is disabled.
fn start_hint(state: &State) -> &'static str {
    match (&state.engine, &state.anchor.answer) {
        (Engine::Ready { .. }, _) if state.is_busy() => "",
        (Engine::Loading, _) => text::engine::LOADING,
        (Engine::Ready { .. }, _) if state.files.files == 0 => text::start::NO_FILES,
        (Engine::Ready { .. }, AnchorAnswer::Wrong(_)) => text::start::WRONG_ANCHOR,
        (Engine::Ready { .. } | Engine::Unavailable { .. }, _) => "",
    }
}

fn outcome(state: &State, acts: &Acts) -> Html {
    match &state.run {
        Run::Idle => html! {},
        Run::Fetching(fetching) => html! {
            <FetchingPanel fetching={*fetching} on_cancel={acts.cancel.clone()} />
        },
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
        Run::Reported { report, viewing, accounting, .. } => {
            let catalogue = match &state.engine {
                Engine::Ready { catalogue, .. } => catalogue.clone(),
                Engine::Loading | Engine::Unavailable { .. } => Rc::default(),
            };
            let audit = report.audit.as_ref();
            let is_viewed = state.beside.view.is_some();
            let is_linked = state.target.as_ref().zip(audit);
            let is_linked =
                is_linked.is_some_and(|(target, audit)| audit.finding(target).is_some());
            html! {
                <article class="report" aria-labelledby="verdict" key={state.runs}>
                    <VerdictBanner report={report.clone()} is_passed_over={is_linked} on_save={acts.save.clone()}
                        on_print={acts.print.clone()} />
                    <Claims report={report.clone()} catalogue={catalogue.clone()} {is_viewed}
                        has_policy={state.beside.policy.is_some()} />
                    <Facts report={report.clone()} />
                    <NotProven report={report.clone()} />
                    <Who report={report.clone()} catalogue={catalogue.clone()}
                        viewing={viewing.clone()} is_asked={is_viewed && !report.is_of_packet()}
                        on_cancel={acts.cancel.clone()} />
                    <Audit report={report.clone()} catalogue={catalogue.clone()}
                        filter={state.filter.clone()} target={state.target.clone()}
                        on_filter={acts.filter.clone()} />
                    <Accounting report={report.clone()} catalogue={catalogue.clone()}
                        accounting={accounting.clone()} disabled={state.is_busy()}
                        on_account={acts.account.clone()} on_save={acts.save_accounting.clone()}
                        on_cancel={acts.cancel.clone()} />
                    <Findings report={report.clone()} />
                    <Checks report={report.clone()} {catalogue} />
                    <Participation report={report.clone()} />
                </article>
            }
        }
    }
}
