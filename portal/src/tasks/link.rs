//! The fragment of the page's address.

use gloo::events::EventListener;
use yew::Callback;

use crate::{link::Target, state::Action};

/// Says which finding the address points to, now and whenever that changes.
pub(crate) fn listen(emit: Callback<Action>) -> Option<EventListener> {
    let window = web_sys::window()?;
    let say = move || {
        let fragment = web_sys::window().and_then(|window| window.location().hash().ok());
        let target = Target::from_fragment(&fragment.unwrap_or_default());
        emit.emit(Action::Linked(target));
    };
    say();
    Some(EventListener::new(&window, "hashchange", move |_| say()))
}
