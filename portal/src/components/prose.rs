//! A sentence of the library: what stands between backticks in it is set as code.

use yew::prelude::*;

pub(crate) fn prose(sentence: &str) -> Html {
    let part = |(index, part): (usize, &str)| {
        // Every other part stands between two backticks.
        if index.is_multiple_of(2) {
            html! { { part } }
        } else {
            html! { <code>{ part }</code> }
        }
    };
    sentence.split('`').enumerate().map(part).collect()
}
