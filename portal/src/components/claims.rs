//! What an evidence packet shows, claim by claim: in plain words what is proven, and as large what is not.

mod records;
mod versions;

use std::rc::Rc;

use yew::prelude::*;

use self::{records::RecordTable, versions::versions};
use super::{prose::claimed, who::AccessTable};
use crate::{
    catalogue::Catalogue,
    report::{
        Report,
        claims::{Claim, Document, Record},
    },
    text::{self, claims as words, who::Reader},
    views::Event as Access,
};

#[derive(PartialEq, Properties)]
pub(crate) struct Props {
    pub(crate) report: Rc<Report>,
    pub(crate) catalogue: Rc<Catalogue>,
    /// Whether a viewing file was given.
    pub(crate) is_viewed: bool,
    /// Whether an audit policy was given.
    pub(crate) has_policy: bool,
}

#[component]
pub(crate) fn Claims(props: &Props) -> Html {
    let Props { report, catalogue, is_viewed, has_policy } = props;
    let claims = &report.claims;
    let is_about_document = report.verdict.code == "incomplete";
    let accesses = || claims.iter().flat_map(Claim::accesses);
    let is_sealed = accesses().any(|access| access.classes.is_none());
    let is_opened = *is_viewed && accesses().any(|access| access.classes.is_some());
    let notes = [
        (claims.is_empty() && is_about_document, words::NEEDS_DOCUMENT),
        (is_sealed && !is_viewed, words::SEALED),
        (is_sealed && *is_viewed && !is_opened, words::VIEW_OF_OTHERS),
        (claims.is_empty() && *is_viewed, words::VIEW_UNUSED),
        (*has_policy, words::POLICY_UNUSED),
        (!claims.is_empty() && !report.is_verified(), words::NOT_VERIFIED),
    ];
    let notes: Vec<_> = notes.into_iter().filter(|(is_due, _)| *is_due).collect();
    if !report.is_of_packet() || (claims.is_empty() && notes.is_empty()) {
        return html! {};
    }
    html! {
        <section class="claims" aria-labelledby="claims">
            <h2 id="claims">{ words::HEADING }</h2>
            if !claims.is_empty() {
                <p>{ words::INTRODUCTION }</p>
            }
            for (_, note) in notes {
                <p class="caution">{ note }</p>
            }
            for index in 0..claims.len() {
                <ClaimSection key={index} report={report.clone()} catalogue={catalogue.clone()}
                    {index} />
            }
        </section>
    }
}

#[derive(PartialEq, Properties)]
struct ClaimProps {
    report: Rc<Report>,
    catalogue: Rc<Catalogue>,
    /// Which claim of the report.
    index: usize,
}

#[component]
fn ClaimSection(ClaimProps { report, catalogue, index }: &ClaimProps) -> Html {
    let lists = use_memo((report.clone(), *index), |(report, index)| {
        let claim = || report.claims.get(*index).into_iter();
        let accesses: Rc<[Access]> = claim().flat_map(Claim::accesses).cloned().collect();
        let others: Rc<[Record]> = claim().flat_map(Claim::others).cloned().collect();
        (accesses, others)
    });
    let Some(claim) = report.claims.get(*index) else { return html! {} };
    let (accesses, others) = (*lists).clone();
    // Whoever opens every access of a claim is told of it as that patient, others as strangers.
    let reader = if claim.is_of_reader() { Reader::Patient } else { Reader::Other };
    let heading = format!("claim-{index}");
    let is_list = claim.kind == "subject";
    let beside = if accesses.is_empty() { words::records::CAPTION } else { words::records::BESIDE };
    html! {
        <section class="claim" aria-labelledby={heading.clone()}>
            <h3 id={heading}>
                if report.claims.len() > 1 {
                    { words::number(*index) }
                }
                { words::kind(&claim.kind) }
            </h3>
            <dl class="sides">
                <div class="side"><dt>{ words::PROVEN }</dt><dd>{ claimed(&claim.proven) }</dd></div>
                <div class="side open">
                    <dt>{ words::NOT_PROVEN }</dt><dd>{ claimed(&claim.not_proven) }</dd>
                </div>
            </dl>
            { facts(claim) }
            { versions(&claim.versions) }
            if is_list {
                <p>
                    if claim.count() == 0 {
                        { words::NO_RECORD }
                    } else {
                        { words::withheld(&claim.withheld, claim.count()) }
                    }
                </p>
            }
            if !accesses.is_empty() {
                <AccessTable report={report.clone()} catalogue={catalogue.clone()} events={accesses}
                    {reader} caption={words::ACCESSES} />
            }
            if !others.is_empty() {
                <RecordTable records={others} caption={beside} />
            }
        </section>
    }
}

/// Until when it holds, and whom and what it is about.
fn facts(claim: &Claim) -> Html {
    let block = &claim.attested_by;
    html! {
        <dl class="facts">
            if let Some(until) = &claim.until {
                <dt>{ words::UNTIL }</dt><dd>{ words::block(until) }</dd>
            }
            <dt>{ words::ATTESTED }</dt>
            <dd>
                { words::block(&block.height) }
                { ", " }<time datetime={block.time.clone()}>{ text::time(&block.time) }</time>
                <code class="hash">{ &block.hash }</code>
            </dd>
            if let Some(subject) = &claim.subject {
                <dt>{ words::SUBJECT }</dt><dd><code class="hash">{ subject }</code></dd>
            }
            if let Some(consent) = &claim.consent {
                <dt>{ words::CONSENT }</dt><dd><code class="hash">{ consent }</code></dd>
            }
            if let Some(document) = &claim.document {
                { document_facts(document) }
            }
        </dl>
    }
}

fn document_facts(document: &Document) -> Html {
    html! {
        <>
            <dt>{ words::DIGEST }</dt><dd><code class="hash">{ &document.digest }</code></dd>
            <dt>{ words::POSITION }</dt>
            <dd>{ words::position(&document.index, &document.leaf_count) }</dd>
            <dt>{ words::CUSTODIAN }</dt><dd><bdi>{ text::visible(&document.custodian) }</bdi></dd>
            <dt>{ words::ANCHOR }</dt><dd><code class="hash">{ &document.anchor }</code></dd>
        </>
    }
}
