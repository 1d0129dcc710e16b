//! Where files come in: two pickers, and a place to drop files and folders.

use web_sys::{HtmlElement, HtmlInputElement};
use yew::prelude::*;

use crate::{
    protocol::NamedFile,
    state::Chosen,
    tasks::files::{self, Dropped},
    text::files as words,
};

#[derive(PartialEq, Properties)]
pub(crate) struct Props {
    pub(crate) chosen: Chosen,
    pub(crate) disabled: bool,
    pub(crate) on_take: Callback<Vec<NamedFile>>,
    pub(crate) on_drop: Callback<Dropped>,
}

#[component]
pub(crate) fn FilePicker(props: &Props) -> Html {
    let Props { chosen, disabled, on_take, on_drop } = props;
    let disabled = *disabled;
    let is_over = use_state_eq(|| false);
    let files_input = use_node_ref();
    let folder_input = use_node_ref();

    let take = {
        let on_take = on_take.clone();
        Callback::from(move |event: Event| {
            let input: HtmlInputElement = event.target_unchecked_into();
            let files = input.files().map(|list| files::from_list(&list));
            // The same files may be chosen again.
            input.set_value("");
            on_take.emit(files.unwrap_or_default());
        })
    };
    let hover = {
        let is_over = is_over.clone();
        Callback::from(move |event: DragEvent| {
            event.prevent_default();
            is_over.set(!disabled);
        })
    };
    let leave = {
        let is_over = is_over.clone();
        Callback::from(move |_: DragEvent| is_over.set(false))
    };
    let drop_here = {
        let (is_over, on_drop) = (is_over.clone(), on_drop.clone());
        Callback::from(move |event: DragEvent| {
            event.prevent_default();
            is_over.set(false);
            let dropped = event.data_transfer().map(|transfer| files::dropped(&transfer));
            if let Some(dropped) = dropped.filter(|dropped| !disabled && !dropped.is_empty()) {
                on_drop.emit(dropped);
            }
        })
    };
    let open = |input: &NodeRef| {
        let input = input.clone();
        Callback::from(move |_: MouseEvent| {
            if let Some(input) = input.cast::<HtmlElement>() {
                input.click();
            }
        })
    };

    html! {
        <fieldset>
            <legend>{ words::LEGEND }</legend>
            <p class="help" id="files-help">{ words::HELP }</p>
            <div class={classes!("drop-zone", is_over.then_some("over"))}
                ondragenter={hover.clone()} ondragover={hover} ondragleave={leave} ondrop={drop_here}>
                <p class="chosen" role="status">
                    if chosen.files == 0 {
                        <span class="drop">{ words::DROP }</span>
                    } else {
                        <strong>{ words::chosen(&chosen.name, chosen.files, chosen.bytes) }</strong>
                    }
                </p>
                <p class="pickers">
                    <button type="button" {disabled} onclick={open(&files_input)}
                        aria-describedby="files-help">{ words::CHOOSE_FILES }</button>
                    <button type="button" {disabled} onclick={open(&folder_input)}
                        aria-describedby="files-help">{ words::CHOOSE_FOLDER }</button>
                </p>
                <input id="files" type="file" multiple=true hidden=true ref={files_input}
                    onchange={take.clone()} />
                <input id="folder" type="file" webkitdirectory=true hidden=true ref={folder_input}
                    onchange={take} />
            </div>
        </fieldset>
    }
}
