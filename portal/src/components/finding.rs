//! One finding: closed, it says what happened; open, all that is known of it.

use std::rc::Rc;

use web_sys::HtmlElement;
use yew::prelude::*;

use crate::{
    catalogue::Catalogue,
    report::audit::Finding,
    tell::{Piece, tell},
    text::{self, audit as words},
};

#[derive(PartialEq, Properties)]
pub(crate) struct Props {
    pub(crate) finding: Rc<Finding>,
    pub(crate) catalogue: Rc<Catalogue>,
    /// Whether the address points to it.
    pub(crate) is_target: bool,
}

#[component]
pub(crate) fn FindingItem(Props { finding, catalogue, is_target }: &Props) -> Html {
    let summary = use_node_ref();
    {
        let summary = summary.clone();
        use_effect_with(*is_target, move |is_target| {
            if let (true, Some(summary)) = (*is_target, summary.cast::<HtmlElement>()) {
                drop(summary.focus());
                summary.scroll_into_view();
            }
        });
    }
    let violation = catalogue.violation(&finding.id);
    let said = |sentence: &str| sentence_of(sentence, finding, catalogue);
    let target = finding.target();
    html! {
        <li class="finding">
            <details id={target.element()} open={*is_target}>
                <summary ref={summary}>
                    if let Some(violation) = violation {
                        <span class="happened">{ said(&violation.happened) }</span>
                    } else {
                        <span class="happened">{ &finding.id }</span>
                    }
                    <span class="place">
                        { words::place(&finding.height, finding.index.as_deref(), &finding.offset) }
                    </span>
                </summary>
                <dl class="facts">
                    if let Some(violation) = violation {
                        <dt>{ words::MATTERS }</dt><dd>{ said(&violation.matters) }</dd>
                        <dt>{ words::LAWFUL }</dt><dd>{ said(&violation.lawful) }</dd>
                        <dt>{ words::NOT_PROVEN }</dt><dd>{ said(&violation.not_proven) }</dd>
                    }
                    <dt>{ words::TIME }</dt>
                    <dd><time datetime={finding.time.clone()}>{ text::time(&finding.time) }</time></dd>
                    <dt>{ words::RECORD }</dt>
                    <dd>
                        if let Some(record) = &finding.record {
                            <code class="hash">{ record }</code>
                        } else {
                            { words::NO_RECORD }
                        }
                    </dd>
                    if !finding.evidence.is_empty() {
                        <dt>{ words::EVIDENCE }</dt>
                        for record in &finding.evidence {
                            <dd><code class="hash">{ record }</code></dd>
                        }
                    }
                    if let Some(subject) = &finding.subject {
                        <dt>{ words::SUBJECT }</dt><dd><code class="hash">{ subject }</code></dd>
                    }
                    if let Some(custodian) = &finding.custodian {
                        <dt>{ words::CUSTODIAN }</dt><dd><bdi>{ text::visible(custodian) }</bdi></dd>
                    }
                    if let Some(path) = &finding.rule_path {
                        <dt>{ words::RULE }</dt><dd><code>{ path }</code></dd>
                    }
                </dl>
                <p><a href={target.fragment()}>{ words::LINK }</a></p>
            </details>
        </li>
    }
}

/// A sentence of the violation with the finding's values.
pub(super) fn sentence_of(sentence: &str, finding: &Finding, catalogue: &Catalogue) -> Html {
    let show = |piece| match piece {
        Piece::Text(text) => html! { { text } },
        Piece::Time(text) => html! { <span class="whole">{ text }</span> },
        Piece::Quoted(text) => html! { <bdi>{ text::visible(&text) }</bdi> },
        Piece::Short { digits, all } => html! { <code title={all}>{ digits }</code> },
    };
    tell(sentence, finding, catalogue).into_iter().map(show).collect()
}
