//! How much must be shown.

use web_sys::HtmlSelectElement;
use yew::prelude::*;

use crate::{state::Require, text::require as words};

#[derive(PartialEq, Properties)]
pub(crate) struct Props {
    pub(crate) value: Require,
    pub(crate) disabled: bool,
    pub(crate) on_choose: Callback<Require>,
}

#[component]
pub(crate) fn RequireSelect(Props { value, disabled, on_choose }: &Props) -> Html {
    let on_choose = on_choose.clone();
    let onchange = Callback::from(move |event: Event| {
        let select: HtmlSelectElement = event.target_unchecked_into();
        if let Some(require) = Require::from_word(&select.value()) {
            on_choose.emit(require);
        }
    });
    html! {
        <div class="field require">
            <label for="require">{ words::LABEL }</label>
            <select id="require" {onchange} disabled={*disabled}>
                for require in Require::ALL {
                    <option value={require.word()} selected={require == *value}>
                        { words::option(require) }
                    </option>
                }
            </select>
        </div>
    }
}
