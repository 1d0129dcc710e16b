//! How far a run is, and the way to stop it.

use std::rc::Rc;

use web_sys::HtmlElement;
use yew::prelude::*;

use crate::{
    protocol::Progress,
    text::{self, progress as words},
};

#[derive(PartialEq, Properties)]
pub(crate) struct Props {
    pub(crate) progress: Option<Rc<Progress>>,
    pub(crate) cancelling: bool,
    /// Whether it stands below a report, and must not draw the reader away from it.
    #[prop_or_default]
    pub(crate) follows: bool,
    pub(crate) on_cancel: Callback<()>,
}

#[component]
pub(crate) fn ProgressPanel(Props { progress, cancelling, follows, on_cancel }: &Props) -> Html {
    let on_cancel = on_cancel.clone();
    let cancel = Callback::from(move |_: MouseEvent| on_cancel.emit(()));
    let button = use_node_ref();
    {
        // The button that started it is disabled now: the focus goes to the one that stops it.
        let button = button.clone();
        use_effect_with(*follows, move |follows| {
            if let (false, Some(button)) = (*follows, button.cast::<HtmlElement>()) {
                drop(button.focus());
            }
        });
    }
    let (phase, permille) = match progress {
        None => (words::STARTING, 0),
        Some(progress) => (words::phase(progress.phase), progress.permille),
    };
    let phase = if *cancelling { words::STOPPING } else { phase };
    html! {
        <section class="panel progress" aria-label={words::HEADING}>
            if !follows {
                <h2>{ words::HEADING }</h2>
            }
            <p class="phase">{ phase }</p>
            <progress max="1000" value={permille.to_string()} aria-label={words::BAR} />
            <p class="visually-hidden" role="status">{ words::spoken(permille) }</p>
            <dl class="figures">
                if let Some(progress) = progress {
                    { figure(words::BYTES, words::share(progress.bytes, progress.size)) }
                    { figure(words::BLOCKS, text::number(&progress.blocks.to_string())) }
                    { figure(words::SIGNATURES, text::number(&progress.signatures.to_string())) }
                    { figure(words::RATE, words::rate(progress.rate)) }
                    { figure(words::LEFT, words::left(progress.left)) }
                }
            </dl>
            <button type="button" ref={button} onclick={cancel} disabled={*cancelling}>
                { words::CANCEL }
            </button>
        </section>
    }
}

fn figure(name: &'static str, value: String) -> Html {
    html! { <div><dt>{ name }</dt><dd>{ value }</dd></div> }
}
