//! What the audit found: counts, a filter, the findings of each violation, and what was looked for.

use std::{cmp::Reverse, rc::Rc};

use web_sys::HtmlSelectElement;
use yew::prelude::*;

use super::violation::ViolationGroup;
use crate::{
    catalogue::Catalogue,
    link::Target,
    report::{
        Report,
        audit::{Audit as AuditReport, Entry, Severity},
    },
    state::Filter,
    text::{self, audit as words},
};

#[derive(PartialEq, Properties)]
pub(crate) struct Props {
    pub(crate) report: Rc<Report>,
    pub(crate) catalogue: Rc<Catalogue>,
    pub(crate) filter: Filter,
    pub(crate) target: Option<Target>,
    pub(crate) on_filter: Callback<Filter>,
}

#[component]
pub(crate) fn Audit(props: &Props) -> Html {
    let Props { report, catalogue, filter, target, on_filter } = props;
    let Some(audit) = &report.audit else { return html! {} };
    let mut found: Vec<&Entry> =
        audit.violations.iter().filter(|entry| entry.count != "0").collect();
    // The worst first; of one severity, in the order of the catalogue.
    found.sort_by_key(|entry| Reverse(entry.severity));
    let shown: Vec<_> = found.iter().copied().filter(|entry| filter.shows(entry)).collect();
    let absent = target.as_ref().filter(|target| audit.finding(target).is_none());
    html! {
        <section class="audit" aria-labelledby="audit">
            <h2 id="audit">{ words::HEADING }</h2>
            <p>{ words::INTRODUCTION }{ " " }{ words::range(&audit.first, &audit.last, &audit.end) }</p>
            if let Some(Target { id, height, .. }) = absent {
                <p class="caution" role="status">{ words::absent(id, height) }</p>
            }
            if found.is_empty() {
                <p>{ words::NONE }</p>
            } else {
                { counts(audit) }
                { controls(&found, catalogue, filter, on_filter) }
                if shown.is_empty() {
                    <p role="status">{ words::NO_MATCH }</p>
                }
                for entry in shown {
                    <ViolationGroup key={entry.id.clone()} report={report.clone()}
                        catalogue={catalogue.clone()} id={entry.id.clone()}
                        target={target.clone().filter(|target| target.id == entry.id)} />
                }
            }
            { looked_for(audit, catalogue) }
        </section>
    }
}

/// How many findings of each severity there are.
fn counts(audit: &AuditReport) -> Html {
    let count = |severity| text::number(&audit.count(severity).to_string());
    html! {
        <ul class="counts severities" aria-label={words::COUNTS}>
            for severity in Severity::ALL {
                <li class={severity.name()}><span class="count">{ count(severity) }</span>{ " " }
                    <span class="of">{ words::severity(severity) }</span></li>
            }
        </ul>
    }
}

fn controls(
    found: &[&Entry],
    catalogue: &Catalogue,
    filter: &Filter,
    on_filter: &Callback<Filter>,
) -> Html {
    let choose = |change: fn(&mut Filter, Option<&str>)| {
        let (filter, on_filter) = (filter.clone(), on_filter.clone());
        Callback::from(move |event: Event| {
            let value = event.target_unchecked_into::<HtmlSelectElement>().value();
            let mut filter = filter.clone();
            change(&mut filter, Some(value.as_str()).filter(|value| !value.is_empty()));
            on_filter.emit(filter);
        })
    };
    let by_severity = choose(|filter, name| {
        filter.severity = Severity::ALL.into_iter().find(|severity| Some(severity.name()) == name);
    });
    let by_id = choose(|filter, id| filter.id = id.map(str::to_owned));
    let severities = Severity::ALL
        .into_iter()
        .filter(|severity| found.iter().any(|entry| entry.severity == *severity));
    let title = |entry: &Entry| catalogue.violation(&entry.id).map_or("", |one| one.title.as_str());
    html! {
        <div class="filter" role="group" aria-label={words::FILTER}>
            <div class="field">
                <label for="filter-severity">{ words::SEVERITY }</label>
                <select id="filter-severity" onchange={by_severity}>
                    <option value="" selected={filter.severity.is_none()}>{ words::ALL }</option>
                    for severity in severities {
                        <option value={severity.name()} selected={filter.severity == Some(severity)}>
                            { words::severity(severity) }
                        </option>
                    }
                </select>
            </div>
            <div class="field">
                <label for="filter-violation">{ words::VIOLATION }</label>
                <select id="filter-violation" onchange={by_id}>
                    <option value="" selected={filter.id.is_none()}>{ words::ALL }</option>
                    for entry in found {
                        <option value={entry.id.clone()} selected={filter.id.as_ref() == Some(&entry.id)}>
                            { words::option(&entry.id, title(entry), &entry.count) }
                        </option>
                    }
                </select>
            </div>
        </div>
    }
}

/// Every violation of the catalogue, and what was skipped and why.
fn looked_for(audit: &AuditReport, catalogue: &Catalogue) -> Html {
    html! {
        <section class="looked-for" aria-labelledby="looked-for">
            <h3 id="looked-for">{ words::LOOKED_FOR }</h3>
            if audit.viewed_subjects != "0" {
                <p>{ words::opened_for(&audit.viewed_subjects) }</p>
            }
            <table class="checks" aria-labelledby="looked-for">
                <thead>
                    <tr>
                        <th scope="col">{ words::RESULT }</th>
                        <th scope="col">{ words::VIOLATION }</th>
                        <th scope="col" class="number">{ words::TIMES }</th>
                    </tr>
                </thead>
                <tbody>
                    for entry in &audit.violations { { row(entry, catalogue) } }
                </tbody>
            </table>
        </section>
    }
}

fn row(entry: &Entry, catalogue: &Catalogue) -> Html {
    let is_found = entry.count != "0";
    let (sign, word) = words::result(is_found, entry.reason);
    let class = match (is_found, entry.reason) {
        (true, _) => "found",
        (false, None) => "none",
        (false, Some(_)) => "skip",
    };
    html! {
        <tr {class}>
            <td class="result"><span class="glyph" aria-hidden="true">{ sign }</span>{ " " }{ word }</td>
            <td>
                if let Some(violation) = catalogue.violation(&entry.id) {
                    <span class="says">{ &violation.title }</span>{ " " }
                }
                <code class="id">{ &entry.id }</code>
                if let Some(reason) = entry.reason {
                    <span class="why">{ words::skipped(reason) }</span>
                }
            </td>
            <td class="number">{ text::number(&entry.count) }</td>
        </tr>
    }
}
