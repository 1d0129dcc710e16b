//! Something that went wrong, or that must not be overlooked.

use yew::prelude::*;

#[derive(PartialEq, Properties)]
pub(crate) struct Props {
    pub(crate) heading: AttrValue,
    pub(crate) body: AttrValue,
}

#[component]
pub(crate) fn Notice(Props { heading, body }: &Props) -> Html {
    html! {
        <section class="panel notice" role="alert">
            <h2>{ heading }</h2>
            <p>{ body }</p>
        </section>
    }
}
