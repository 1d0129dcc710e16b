//! How much of a file is here, and the way to stop it.

use web_sys::HtmlElement;
use yew::prelude::*;

use crate::{
    state::Fetching,
    text::{self, progress as words},
};

#[derive(PartialEq, Properties)]
pub(crate) struct Props {
    pub(crate) fetching: Fetching,
    pub(crate) on_cancel: Callback<()>,
}

#[component]
pub(crate) fn FetchingPanel(Props { fetching, on_cancel }: &Props) -> Html {
    let Fetching { bytes, size } = *fetching;
    let button = use_node_ref();
    {
        // The button that started it is disabled now: the focus goes to the one that stops it.
        let button = button.clone();
        use_effect_with((), move |()| {
            if let Some(button) = button.cast::<HtmlElement>() {
                drop(button.focus());
            }
        });
    }
    let permille = size.and_then(|size| bytes.saturating_mul(1_000).checked_div(size));
    let permille = permille.map(|permille| u32::try_from(permille).unwrap_or(1_000).min(1_000));
    let share = size.map_or_else(|| text::bytes(bytes), |size| words::share(bytes, size));
    html! {
        <section class="panel progress fetching" aria-labelledby="fetching">
            <h2 id="fetching">{ words::FETCHING }</h2>
            <progress max="1000" value={permille.map(|permille| permille.to_string())}
                aria-label={words::FETCHED_BAR} />
            if let Some(permille) = permille {
                <p class="visually-hidden" role="status">{ words::spoken(permille) }</p>
            }
            <dl class="figures">
                <div><dt>{ words::FETCHED }</dt><dd>{ share }</dd></div>
            </dl>
            <button type="button" ref={button} onclick={on_cancel.reform(|_: MouseEvent| ())}>
                { words::CANCEL }
            </button>
        </section>
    }
}
