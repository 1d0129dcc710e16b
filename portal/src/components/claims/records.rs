//! Records of a claim that are no accesses, a row each.

use std::rc::Rc;

use yew::prelude::*;

use crate::{
    components::more::More,
    report::claims::Record,
    text::{
        self, accounting,
        claims::{self, records as words},
    },
};

/// Records that are shown at first, and that each click adds.
const FIRST: usize = 50;
const MORE: usize = 500;

#[derive(PartialEq, Properties)]
pub(crate) struct Props {
    /// In the order of the ledger; the latest are shown first.
    pub(crate) records: Rc<[Record]>,
    pub(crate) caption: AttrValue,
}

#[component]
pub(crate) fn RecordTable(Props { records, caption }: &Props) -> Html {
    let shown = use_state_eq(|| FIRST);
    let visible = *shown;
    let rest = records.len().saturating_sub(visible);
    let more = Callback::from(move |()| shown.set(visible.saturating_add(MORE)));
    html! {
        <>
            <table class="shown stacked">
                <caption>{ caption }</caption>
                <thead>
                    <tr>
                        <th scope="col">{ words::WHEN }</th>
                        <th scope="col">{ words::WHAT }</th>
                        <th scope="col">{ words::WHERE }</th>
                        <th scope="col">{ words::RESULT }</th>
                        <th scope="col">{ words::RECORD }</th>
                    </tr>
                </thead>
                <tbody>
                    for record in records.iter().rev().take(visible) {
                        { row(record) }
                    }
                </tbody>
            </table>
            <More {rest} step={MORE} on_more={more} />
        </>
    }
}

fn row(record: &Record) -> Html {
    html! {
        <tr>
            <th scope="row">
                <time datetime={record.recorded_at.clone()}>{ text::time(&record.recorded_at) }</time>
                if let Some(time) = &record.time {
                    <span class="line fine">{ words::block_of(time) }</span>
                }
            </th>
            <td data-label={words::WHAT}>
                <bdi>{ text::visible(claims::record_kind(&record.kind)) }</bdi>
                if let Some(consent) = &record.consent {
                    <span class="line fine">
                        { words::CONSENT }{ " " }<code class="hash">{ consent }</code>
                    </span>
                }
            </td>
            <td data-label={words::WHERE}>
                if let Some(custodian) = &record.custodian {
                    <bdi>{ text::visible(custodian) }</bdi>
                } else {
                    { words::NOWHERE }
                }
                <span class="line fine">
                    { words::SIGNER }{ " " }
                    <code title={record.signer.clone()}>{ text::short(&record.signer) }</code>
                </span>
            </td>
            <td data-label={words::RESULT}>{ text::visible(&claims::result(record)) }</td>
            <td data-label={words::RECORD}>
                { accounting::place(&record.height, &record.index) }
                <span class="line fine"><code class="hash">{ &record.id }</code></span>
            </td>
        </tr>
    }
}
