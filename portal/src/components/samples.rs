//! Samples, one click from a verdict.

use yew::prelude::*;

use crate::{
    tasks::samples::{GROUPS, Group, Sample},
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
    let list = |group: &Group, id: String| {
        html! {
            <>
                <h3 id={id.clone()}>{ group.heading }</h3>
                <ul aria-labelledby={id}>
                    for sample in group.samples {
                        <li>
                            <button type="button" disabled={*disabled} onclick={try_it(*sample)}>
                                <span class="title">{ sample.title }</span>
                                <span class="what">{ sample.what }</span>
                            </button>
                        </li>
                    }
                </ul>
            </>
        }
    };
    html! {
        <section class="samples" aria-labelledby="samples">
            <h2 id="samples">{ words::HEADING }</h2>
            <p>{ words::INTRODUCTION }</p>
            for (index, group) in GROUPS.iter().enumerate() {
                { list(group, format!("samples-{index}")) }
            }
        </section>
    }
}
