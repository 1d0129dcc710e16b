//! What stands out without breaking integrity.

use yew::prelude::*;

use super::ReportProps;
use crate::text::{self, findings as words, verdict};

#[component]
pub(crate) fn Findings(ReportProps { report }: &ReportProps) -> Html {
    if report.findings.is_empty() {
        return html! {};
    }
    html! {
        <section aria-labelledby="findings">
            <h2 id="findings">{ words::HEADING }</h2>
            <p>{ words::INTRODUCTION }</p>
            <ul>
                for finding in &report.findings {
                    <li>
                        <code>{ &finding.check }</code>{ " " }{ text::place(&finding.locus) }
                        <dl class="facts">
                            <dt>{ verdict::CLAIMED }</dt><dd><code>{ &finding.evidence.claimed }</code></dd>
                            <dt>{ verdict::COMPUTED }</dt><dd><code>{ &finding.evidence.computed }</code></dd>
                        </dl>
                    </li>
                }
            </ul>
            if report.findings_omitted != "0" {
                <p>{ words::omitted(&report.findings_omitted) }</p>
            }
        </section>
    }
}
