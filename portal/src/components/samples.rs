//! Samples, one click from a verdict.

use yew::prelude::*;

use crate::{
    tasks::samples::{SAMPLES, Sample},
    text::samples as words,
};

#[derive(PartialEq, Properties)]
pub(crate) struct Props {
    pub(crate) disabled: bool,
    pub(crate) on_try: Callback<Sample>,
}

#[component]
pub(crate) fn Samples(Props { disabled, on_try }: &Props) -> Html {
    let try_it = |sample: Sample| {
        let on_try = on_try.clone();
        Callback::from(move |_: MouseEvent| on_try.emit(sample))
    };
    html! {
        <section class="samples" aria-labelledby="samples">
            <h2 id="samples">{ words::HEADING }</h2>
            <p>{ words::INTRODUCTION }</p>
            <ul>
                for sample in SAMPLES {
                    <li>
                        <button type="button" disabled={*disabled} onclick={try_it(sample)}>
                            <span class="title">{ sample.title }</span>
                            <span class="what">{ sample.what }</span>
                        </button>
                    </li>
                }
            </ul>
        </section>
    }
}
