//! The verdict in words, with its reason and place.

use std::rc::Rc;

use web_sys::HtmlElement;
use yew::prelude::*;

use super::{icon, prose::prose};
use crate::{
    report::{Report, Status},
    text::{self, verdict as words},
};

#[derive(PartialEq, Properties)]
pub(crate) struct Props {
    pub(crate) report: Rc<Report>,
    /// Whether something else in the report is where the reader is led.
    pub(crate) is_passed_over: bool,
    pub(crate) on_save: Callback<()>,
    pub(crate) on_print: Callback<()>,
}

#[component]
pub(crate) fn VerdictBanner(Props { report, is_passed_over, on_save, on_print }: &Props) -> Html {
    let heading = use_node_ref();
    {
        let heading = heading.clone();
        let is_passed_over = *is_passed_over;
        use_effect_with((), move |()| {
            if let (false, Some(heading)) = (is_passed_over, heading.cast::<HtmlElement>()) {
                drop(heading.focus());
            }
        });
    }
    let verdict = &report.verdict;
    let class = match verdict.status {
        Status::Verified => "verified",
        Status::Rejected => "rejected",
        Status::Inconclusive => "inconclusive",
    };
    let clicked = |callback: &Callback<()>| {
        let callback = callback.clone();
        Callback::from(move |_: MouseEvent| callback.emit(()))
    };
    html! {
        <section class={classes!("verdict", class)} aria-labelledby="verdict">
            { icon::verdict(verdict.status) }
            <div class="verdict-body">
                <p class="label">{ words::LABEL }</p>
                <h2 id="verdict" tabindex="-1" ref={heading}>{ words::word(verdict.status) }</h2>
                <p class="reason">{ prose(&verdict.reason) }</p>
                if let Some(audit) = &report.audit {
                    <p class="reason">
                        { text::audit::summary(audit) }{ " " }
                        <a class="whole" href="#audit">{ text::audit::SEE }</a>
                    </p>
                }
                if report.test_keys {
                    <p class="test-keys" role="note">
                        <strong>{ words::TEST_KEYS }</strong>{ " " }{ words::TEST_KEYS_WHAT }
                    </p>
                }
                if verdict.status != Status::Verified {
                    <dl class="facts">
                        <dt>{ words::CODE }</dt><dd><code>{ &verdict.code }</code></dd>
                        if let Some(locus) = &verdict.locus {
                            <dt>{ words::WHERE }</dt><dd>{ text::place(locus) }</dd>
                        }
                        if let Some(evidence) = &verdict.evidence {
                            <dt>{ words::CLAIMED }</dt><dd><code>{ &evidence.claimed }</code></dd>
                            <dt>{ words::COMPUTED }</dt><dd><code>{ &evidence.computed }</code></dd>
                        }
                    </dl>
                }
                <p class="buttons">
                    <button type="button" onclick={clicked(on_save)}>{ words::DOWNLOAD }</button>
                    <button type="button" onclick={clicked(on_print)}>{ words::PRINT }</button>
                </p>
            </div>
        </section>
    }
}
