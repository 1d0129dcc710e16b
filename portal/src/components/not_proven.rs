//! What the report does not show: as prominent as what it does.

use yew::prelude::*;

use super::{ReportProps, prose::prose};
use crate::text::not_proven as words;

#[component]
pub(crate) fn NotProven(ReportProps { report }: &ReportProps) -> Html {
    html! {
        <section class="not-proven" aria-labelledby="not-proven">
            <h2 id="not-proven">{ words::HEADING }</h2>
            <ul>
                for item in &report.not_proven {
                    <li data-code={item.code.clone()}>{ prose(&item.text) }</li>
                }
            </ul>
        </section>
    }
}
