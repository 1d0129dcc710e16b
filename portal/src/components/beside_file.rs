//! A file that is given beside the ledger, or none.

use web_sys::{File, HtmlElement, HtmlInputElement};
use yew::prelude::*;

use crate::text::beside as words;

#[derive(PartialEq, Properties)]
pub(crate) struct Props {
    /// Of the hidden input.
    pub(crate) id: &'static str,
    pub(crate) choose: &'static str,
    pub(crate) name: Option<String>,
    pub(crate) disabled: bool,
    /// Id of what explains it.
    pub(crate) described_by: &'static str,
    pub(crate) on_choose: Callback<Option<File>>,
}

#[component]
pub(crate) fn BesideFile(props: &Props) -> Html {
    let Props { id, choose, name, disabled, described_by, on_choose } = props;
    let input = use_node_ref();
    let take = {
        let on_choose = on_choose.clone();
        Callback::from(move |event: Event| {
            let input: HtmlInputElement = event.target_unchecked_into();
            let file = input.files().and_then(|list| list.get(0));
            // The same file may be chosen again.
            input.set_value("");
            if file.is_some() {
                on_choose.emit(file);
            }
        })
    };
    let open = {
        let input = input.clone();
        Callback::from(move |_: MouseEvent| {
            if let Some(input) = input.cast::<HtmlElement>() {
                input.click();
            }
        })
    };
    let remove = {
        let on_choose = on_choose.clone();
        Callback::from(move |_: MouseEvent| on_choose.emit(None))
    };
    html! {
        <div class="beside-file">
            <p class="chosen" role="status">
                if let Some(name) = name {
                    <strong>{ name }</strong>
                } else {
                    { words::NONE }
                }
            </p>
            <p class="pickers">
                <button type="button" disabled={*disabled} onclick={open}
                    aria-describedby={*described_by}>{ *choose }</button>
                if let Some(name) = name {
                    <button type="button" disabled={*disabled} onclick={remove}
                        aria-label={words::remove(name)}>{ words::REMOVE }</button>
                }
            </p>
            <input id={*id} type="file" hidden=true ref={input} onchange={take} />
        </div>
    }
}
