//! What is found about the patients of a list beside the accesses to their records.

use std::rc::Rc;

use yew::prelude::*;

use super::{finding::sentence_of, more::More, who::named};
use crate::{
    catalogue::Catalogue,
    report::{Report, audit::Finding},
    text::{
        self, audit,
        who::{self as words, Reader},
    },
    views::Views,
};

/// Findings that are shown at first, and that each click adds.
const FIRST: usize = 50;
const MORE: usize = 500;

#[derive(PartialEq, Properties)]
pub(crate) struct Props {
    pub(crate) report: Rc<Report>,
    pub(crate) catalogue: Rc<Catalogue>,
    pub(crate) views: Rc<Views>,
}

#[component]
pub(crate) fn Also(Props { report, catalogue, views }: &Props) -> Html {
    let shown = use_state_eq(|| FIRST);
    let Views { other_findings: findings, other_findings_omitted: omitted, .. } = &**views;
    if findings.is_empty() && omitted == "0" {
        return html! {};
    }
    let reader = Reader::of(views);
    let visible = *shown;
    let rest = findings.len().saturating_sub(visible);
    let more = {
        let shown = shown.clone();
        Callback::from(move |()| shown.set(visible.saturating_add(MORE)))
    };
    html! {
        <section class="also" aria-labelledby="also">
            <h3 id="also">{ reader.also() }</h3>
            if omitted != "0" {
                <p>{ words::omitted(findings.len(), omitted) }</p>
            }
            <ul class="findings">
                for finding in findings.iter().rev().take(visible) {
                    { item(report, catalogue, finding, reader) }
                }
            </ul>
            <More {rest} step={MORE} on_more={more} />
        </section>
    }
}

fn item(report: &Report, catalogue: &Catalogue, finding: &Finding, reader: Reader) -> Html {
    let violation = catalogue.violation(&finding.id);
    let subject = finding.subject.as_ref().filter(|_| reader == Reader::Other);
    let said = |sentence: &str| sentence_of(sentence, finding, catalogue);
    html! {
        <li>
            <time datetime={finding.time.clone()}>{ text::time(&finding.time) }</time>{ " " }
            { named(report, catalogue, &finding.target()) }
            if let Some(violation) = violation {
                <span class="line">{ said(&violation.happened) }</span>
                <span class="line">{ audit::NOT_PROVEN }{ ": " }{ said(&violation.not_proven) }</span>
            }
            if let Some(subject) = subject {
                <span class="line fine">
                    { words::PATIENT }{ " " }<code title={subject.clone()}>{ text::short(subject) }</code>
                </span>
            }
            <span class="line fine">
                { audit::place(&finding.height, finding.index.as_deref(), &finding.offset) }
                if let Some(record) = &finding.record {
                    { ", " }{ words::RECORD }{ " " }<code class="hash">{ record }</code>
                }
            </span>
        </li>
    }
}
