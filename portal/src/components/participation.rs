//! What each validator did.

use yew::prelude::*;

use super::ReportProps;
use crate::text::{self, participation as words};

#[component]
pub(crate) fn Participation(ReportProps { report }: &ReportProps) -> Html {
    html! {
        <section aria-labelledby="participation">
            <h2 id="participation">{ words::HEADING }</h2>
            if report.participation.is_empty() {
                <p>{ words::NONE }</p>
            } else {
                <p>{ words::INTRODUCTION }</p>
                <table class="participation">
                    <thead>
                        <tr>
                            <th scope="col">{ words::ADDRESS }</th>
                            <th scope="col" class="number">{ words::COMMIT }</th>
                            <th scope="col" class="number">{ words::NIL }</th>
                            <th scope="col" class="number">{ words::ABSENT }</th>
                        </tr>
                    </thead>
                    <tbody>
                        for validator in &report.participation {
                            <tr>
                                <th scope="row">
                                    <code class="hash">{ &validator.address }</code>
                                    if validator.test_key {
                                        <span class="tag">{ words::TEST_KEY }</span>
                                    }
                                </th>
                                <td class="number">{ text::number(&validator.commit) }</td>
                                <td class="number">{ text::number(&validator.nil) }</td>
                                <td class="number">{ text::number(&validator.absent) }</td>
                            </tr>
                        }
                    </tbody>
                </table>
            }
        </section>
    }
}
