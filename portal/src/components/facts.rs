//! Which ledger it is, from where to where, and how much of it was checked.

use yew::prelude::*;

use super::ReportProps;
use crate::{
    report::{BlockPoint, Status},
    text::{self, facts as words},
};

#[component]
pub(crate) fn Facts(ReportProps { report }: &ReportProps) -> Html {
    let counts = &report.counts;
    let figures = [
        (&counts.blocks, words::BLOCKS),
        (&counts.transactions, words::TRANSACTIONS),
        (&counts.commit_signatures, words::SIGNATURES),
        (&counts.nil, words::NIL),
        (&counts.absent, words::ABSENT),
        (&counts.validator_sets, words::SETS),
    ];
    let is_verified = report.verdict.status == Status::Verified;
    let last = if is_verified { words::LAST } else { words::LAST_CHECKED };
    html! {
        <section aria-labelledby="facts">
            <h2 id="facts">{ words::HEADING }</h2>
            <ul class="counts" aria-label={words::COUNTS}>
                for (count, name) in figures {
                    <li><span class="count">{ text::number(count) }</span>{ " " }
                        <span class="of">{ name }</span></li>
                }
            </ul>
            <dl class="facts">
                if let Some(ledger) = &report.ledger {
                    <dt>{ words::CHAIN }</dt><dd><bdi>{ &ledger.chain_id }</bdi></dd>
                    if let Some(profile) = &ledger.profile {
                        <dt>{ words::PROFILE }</dt><dd>{ profile }</dd>
                    }
                    <dt>{ words::FIRST }</dt><dd>{ point(&ledger.first) }</dd>
                    <dt>{ last }</dt><dd>{ point(&ledger.last) }</dd>
                } else {
                    <dt>{ words::CHAIN }</dt><dd>{ words::NO_LEDGER }</dd>
                }
                <dt>{ words::ANCHOR }</dt>
                if report.anchors.is_empty() {
                    <dd>{ words::NO_ANCHOR }</dd>
                }
                for anchor in &report.anchors {
                    <dd>
                        <code class="hash">{ &anchor.line }</code>{ " " }
                        <span class="holds">
                            { if anchor.holds { words::ANCHOR_HOLDS } else { words::ANCHOR_OPEN } }
                        </span>
                    </dd>
                }
                // What is required of blocks says nothing of a packet, which has none.
                if !report.is_of_packet() {
                    <dt>{ words::REQUIRED }</dt>
                    <dd>{ words::required(&report.policy.require, &report.policy.signatures) }</dd>
                }
                <dt>{ words::INPUT }</dt>
                <dd>{ words::input(&report.input.kind, &report.input.bytes) }</dd>
                <dt>{ words::SHA256 }</dt><dd><code class="hash">{ &report.input.sha256 }</code></dd>
            </dl>
        </section>
    }
}

fn point(point: &BlockPoint) -> Html {
    html! {
        <>
            { words::height(&point.height) }
            { ", " }<time datetime={point.time.clone()}>{ text::time(&point.time) }</time>
            <code class="hash">{ &point.hash }</code>
        </>
    }
}
