//! Who opened the records of the viewing file: who, when, what, why, and under which consent; and the table
//! that shows accesses, wherever they come from.

use std::rc::Rc;

use yew::prelude::*;

use super::{also::Also, more::More, progress::ProgressPanel};
use crate::{
    catalogue::Catalogue,
    link::Target,
    report::Report,
    state::Viewing,
    text::{
        self,
        who::{self as words, Reader},
    },
    views::{Event as Access, Views},
};

/// Accesses that are shown at first, and that each click adds.
const FIRST: usize = 50;
const MORE: usize = 500;

#[derive(PartialEq, Properties)]
pub(crate) struct Props {
    pub(crate) report: Rc<Report>,
    pub(crate) catalogue: Rc<Catalogue>,
    pub(crate) viewing: Viewing,
    /// Whether a viewing file was given.
    pub(crate) is_asked: bool,
    pub(crate) on_cancel: Callback<()>,
}

#[component]
pub(crate) fn Who(props: &Props) -> Html {
    let Props { report, catalogue, viewing, is_asked, on_cancel } = props;
    let content = match viewing {
        Viewing::Off if !is_asked => return html! {},
        Viewing::Off => html! { <p>{ words::UNUSED }</p> },
        Viewing::Refused(refusal) => {
            html! { <p class="caution" role="alert">{ words::refused(refusal) }</p> }
        }
        Viewing::Reading { progress, cancelling } => html! {
            <>
                <p>{ words::READING }</p>
                <ProgressPanel progress={progress.clone()} cancelling={*cancelling} follows=true
                    on_cancel={on_cancel.clone()} />
            </>
        },
        Viewing::Done(views) => html! {
            <>
                { complete(report, views) }
                if views.events.is_empty() {
                    <p>{ words::NOBODY }</p>
                } else {
                    <AccessTable report={report.clone()} catalogue={catalogue.clone()}
                        events={views.events.clone()} reader={Reader::of(views)}
                        caption={words::CAPTION} />
                }
                <Also report={report.clone()} catalogue={catalogue.clone()} views={views.clone()} />
            </>
        },
    };
    html! {
        <section class="who" aria-labelledby="who">
            <h2 id="who">{ words::HEADING }</h2>
            { content }
        </section>
    }
}

/// What the list is complete for, and what it cannot have.
fn complete(report: &Report, views: &Views) -> Html {
    let times = report.ledger.as_ref();
    let times = times.map(|ledger| (ledger.first.time.as_str(), ledger.last.time.as_str()));
    let has_all_findings = views.other_findings_omitted == "0";
    let audit = report.audit.as_ref().filter(|_| has_all_findings);
    html! {
        <p>
            if views.events_omitted != "0" {
                { words::omitted(views.events.len(), &views.events_omitted) }
            } else if let Some(audit) = audit {
                { words::complete(&audit.first, &audit.last, times) }
            }
            { " " }{ words::NOT_IN_IT }
        </p>
    }
}

#[derive(PartialEq, Properties)]
pub(crate) struct AccessProps {
    /// Where its audit has findings, the accesses say so.
    pub(crate) report: Rc<Report>,
    pub(crate) catalogue: Rc<Catalogue>,
    /// In the order of the ledger; the latest are shown first.
    pub(crate) events: Rc<[Access]>,
    pub(crate) reader: Reader,
    pub(crate) caption: AttrValue,
}

#[component]
pub(crate) fn AccessTable(props: &AccessProps) -> Html {
    let AccessProps { report, catalogue, events, reader, caption } = props;
    let shown = use_state_eq(|| FIRST);
    let visible = *shown;
    let rest = events.len().saturating_sub(visible);
    let more = Callback::from(move |()| shown.set(visible.saturating_add(MORE)));
    html! {
        <>
            <table class="accesses stacked">
                <caption>{ caption }</caption>
                <thead>
                    <tr>
                        <th scope="col">{ words::WHEN }</th>
                        <th scope="col">{ words::WHO }</th>
                        <th scope="col">{ words::WHAT }</th>
                        <th scope="col">{ words::WHY }</th>
                        if report.audit.is_some() {
                            <th scope="col">{ words::FINDINGS }</th>
                        }
                    </tr>
                </thead>
                <tbody>
                    for access in events.iter().rev().take(visible) {
                        { row(report, catalogue, access, *reader) }
                    }
                </tbody>
            </table>
            <More {rest} step={MORE} on_more={more} />
        </>
    }
}

fn row(report: &Report, catalogue: &Catalogue, access: &Access, reader: Reader) -> Html {
    let class = classes!(words::is_wrong(access).then_some("wrong"));
    let consents = || access.permitted_by.iter().chain(&access.denied_by);
    html! {
        <tr {class}>
            <th scope="row" data-label={words::WHEN}>
                <time datetime={access.moment.clone()}>{ text::time(&access.moment) }</time>
            </th>
            <td data-label={words::WHO}>{ who(catalogue, access, reader) }</td>
            <td data-label={words::WHAT}>
                <bdi>{ text::visible(&words::did(access, catalogue)) }</bdi>
                if let Some(recipient) = &access.recipient {
                    <span class="line">
                        { words::TO }{ " " }<bdi>{ text::visible(recipient) }</bdi>
                    </span>
                }
                <span class="line fine">
                    { words::place(access) }{ " " }{ words::RECORD }{ " " }
                    <code class="hash">{ &access.record }</code>
                </span>
            </td>
            <td data-label={words::WHY}>
                if !access.purposes.is_empty() {
                    <bdi>{ text::visible(&words::purposes(access, catalogue)) }</bdi>
                }
                <span class="line why">{ text::visible(&words::why(access, reader)) }</span>
                for consent in consents() {
                    <span class="line fine">
                        { words::CONSENT }{ " " }<code class="hash">{ consent }</code>
                    </span>
                }
            </td>
            if report.audit.is_some() {
                <td data-label={words::FINDINGS}>{ findings(report, catalogue, access) }</td>
            }
        </tr>
    }
}

fn who(catalogue: &Catalogue, access: &Access, reader: Reader) -> Html {
    html! {
        <>
            <bdi>{ text::visible(catalogue.words("role", &access.role)) }</bdi>
            <span class="line fine">
                { words::PERSON }{ " " }
                <code title={access.person.clone()}>{ text::short(&access.person) }</code>
            </span>
            <span class="line"><bdi>{ text::visible(&access.organization) }</bdi></span>
            if access.own {
                <span class="line own">{ reader.own() }</span>
            }
            if reader == Reader::Other {
                <span class="line fine">
                    { words::PATIENT }{ " " }
                    <code title={access.subject.clone()}>{ text::short(&access.subject) }</code>
                </span>
            }
            if access.organization != access.custodian {
                <span class="line">
                    { words::AT }{ " " }<bdi>{ text::visible(&access.custodian) }</bdi>
                </span>
            }
        </>
    }
}

fn findings(report: &Report, catalogue: &Catalogue, access: &Access) -> Html {
    if access.findings.is_empty() {
        return html! { { words::NO_FINDING } };
    }
    html! {
        <ul>
            for id in &access.findings {
                <li>{ named(report, catalogue, &access.target(id)) }</li>
            }
        </ul>
    }
}

/// A finding by its violation: a link, where the report lists it.
pub(super) fn named(report: &Report, catalogue: &Catalogue, target: &Target) -> Html {
    let is_listed = report.audit.as_ref().is_some_and(|audit| audit.finding(target).is_some());
    let title = catalogue.violation(&target.id).map_or("", |violation| violation.title.as_str());
    html! {
        <>
            if is_listed {
                <a href={target.fragment()}>{ &target.id }</a>
            } else {
                { &target.id }
            }
            { " " }{ title }
        </>
    }
}
