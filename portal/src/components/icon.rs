//! The shape of each verdict: told apart without colour.

use yew::prelude::*;

use crate::report::Status;

/// A seal, a stop sign, a diamond.
pub(crate) fn verdict(status: Status) -> Html {
    let (outline, sign) = match status {
        Status::Verified => ("M24 2a22 22 0 1 0 0 44a22 22 0 1 0 0-44z", "M13 25l8 8 15-17"),
        Status::Rejected => {
            ("M15 2h18l13 13v18l-13 13h-18l-13-13v-18z", "M16 16l16 16M32 16l-16 16")
        }
        Status::Inconclusive => {
            ("M24 1l23 23-23 23-23-23z", "M18 19a6 6 0 1 1 8 5.7c-1.6.6-2 1.6-2 3.3M24 34.5v.5")
        }
    };
    html! {
        <svg class="sign" viewBox="0 0 48 48" aria-hidden="true" focusable="false">
            <path class="outline" d={outline} />
            <path class="mark" d={sign} />
        </svg>
    }
}
