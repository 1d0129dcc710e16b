//! The rest of a long list: a button that shows more of it, and on paper how much is missing.

use yew::prelude::*;

use crate::text::more as words;

#[derive(PartialEq, Properties)]
pub(crate) struct Props {
    /// How many entries are not shown.
    pub(crate) rest: usize,
    /// How many of them a click adds at most.
    pub(crate) step: usize,
    pub(crate) on_more: Callback<()>,
}

#[component]
pub(crate) fn More(Props { rest, step, on_more }: &Props) -> Html {
    if *rest == 0 {
        return html! {};
    }
    let on_click = on_more.reform(|_: MouseEvent| ());
    html! {
        <>
            <button type="button" class="more" onclick={on_click}>
                { words::show(*rest.min(step)) }
            </button>
            <p class="on-paper">{ words::not_printed(*rest) }</p>
        </>
    }
}
