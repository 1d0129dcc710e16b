//! The trust anchor, with its explanation and what is wrong with it.

use web_sys::HtmlTextAreaElement;
use yew::prelude::*;

use crate::{
    protocol::AnchorText,
    state::{AnchorAnswer, AnchorField},
    text::anchor as words,
};

#[derive(PartialEq, Properties)]
pub(crate) struct Props {
    pub(crate) field: AnchorField,
    pub(crate) disabled: bool,
    pub(crate) on_type: Callback<String>,
}

#[component]
pub(crate) fn AnchorInput(Props { field, disabled, on_type }: &Props) -> Html {
    let on_type = on_type.clone();
    let oninput = Callback::from(move |event: InputEvent| {
        on_type.emit(event.target_unchecked_into::<HtmlTextAreaElement>().value());
    });
    let (class, said) = answer(&field.answer);
    let rows = field.text.lines().count().clamp(2, 8).to_string();
    html! {
        <div class="field">
            <label for="anchor">{ words::LABEL }</label>
            <p class="help" id="anchor-help">{ words::HELP }</p>
            <textarea id="anchor" class="mono" {rows} spellcheck="false" autocomplete="off"
                autocapitalize="off" placeholder={words::FORM} value={field.text.clone()}
                disabled={*disabled} {oninput} aria-describedby="anchor-help anchor-answer"
                aria-invalid={(class == "wrong").then_some("true")} />
            <p id="anchor-answer" class={classes!("answer", class)} role="status">{ said }</p>
        </div>
    }
}

fn answer(answer: &AnchorAnswer) -> (&'static str, String) {
    match answer {
        AnchorAnswer::Empty => ("empty", words::EMPTY.to_owned()),
        AnchorAnswer::Asked => ("asked", words::ASKED.to_owned()),
        AnchorAnswer::Wrong(refusal) => ("wrong", words::wrong(refusal.line, &refusal.message)),
        AnchorAnswer::Understood(text) => understood(text),
    }
}

fn understood(text: &AnchorText) -> (&'static str, String) {
    if let Some(conflict) = &text.conflict {
        return ("wrong", words::conflict(conflict).to_owned());
    }
    match text.anchors.first() {
        None => ("empty", words::NO_ANCHOR.to_owned()),
        Some(first) => {
            let count = text.anchors.len();
            ("understood", words::understood(count, &first.chain_id, &first.height, &first.profile))
        }
    }
}
