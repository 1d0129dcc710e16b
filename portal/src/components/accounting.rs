//! What each regime wants to be on record: which columns are complete, and the accesses themselves.

mod table;

use std::rc::Rc;

use yew::prelude::*;

use self::table::AccountingTable;
use super::progress::ProgressPanel;
use crate::{
    accounting::{Accounting as Made, Format},
    catalogue::Catalogue,
    report::{
        Report,
        audit::{ColumnEntry, RegimeEntry},
    },
    state::Accounted,
    text::{self, accounting as words},
};

#[derive(PartialEq, Properties)]
pub(crate) struct Props {
    pub(crate) report: Rc<Report>,
    pub(crate) catalogue: Rc<Catalogue>,
    pub(crate) accounting: Accounted,
    pub(crate) disabled: bool,
    pub(crate) on_account: Callback<String>,
    pub(crate) on_save: Callback<Format>,
    pub(crate) on_cancel: Callback<()>,
}

#[component]
pub(crate) fn Accounting(props: &Props) -> Html {
    let regimes = props.report.audit.as_ref().map_or(&[][..], |audit| &audit.regimes);
    if regimes.is_empty() {
        return html! {};
    }
    html! {
        <section class="accounting" aria-labelledby="accounting">
            <h2 id="accounting">{ words::HEADING }</h2>
            <p>{ words::INTRODUCTION }</p>
            for entry in regimes {
                { regime(props, entry) }
            }
        </section>
    }
}

fn regime(props: &Props, entry: &RegimeEntry) -> Html {
    let name = &entry.regime;
    let title = props.catalogue.regime(name).map_or(name.as_str(), |regime| &regime.title);
    let id = format!("regime-{name}");
    let asked = props.accounting.regime() == Some(name.as_str());
    let make = {
        let (on_account, name) = (props.on_account.clone(), name.clone());
        Callback::from(move |_: MouseEvent| on_account.emit(name.clone()))
    };
    html! {
        <section class="regime" aria-labelledby={id.clone()} key={name.clone()}>
            <h3 id={id.clone()}>{ title }</h3>
            <p>{ words::counts(&entry.accesses, &entry.events, &entry.complete) }</p>
            if entry.events != "0" {
                { completeness(props, entry, &id) }
            }
            <p class="make">
                <button type="button" disabled={props.disabled} onclick={make}
                    aria-label={words::make_of(title)}>{ words::MAKE }</button>
            </p>
            if asked {
                { made(props) }
            }
        </section>
    }
}

/// Which columns every event carries.
fn completeness(props: &Props, entry: &RegimeEntry, id: &str) -> Html {
    html! {
        <table class="checks columns" aria-labelledby={id.to_owned()}>
            <thead>
                <tr>
                    <th scope="col">{ words::STATE }</th>
                    <th scope="col">{ words::COLUMN }</th>
                    <th scope="col" class="number">{ words::MISSING }</th>
                </tr>
            </thead>
            <tbody>
                for column in &entry.columns {
                    { completeness_row(props, entry, column) }
                }
            </tbody>
        </table>
    }
}

fn completeness_row(props: &Props, entry: &RegimeEntry, column: &ColumnEntry) -> Html {
    let is_complete = column.missing == "0";
    let (sign, word) = words::state(is_complete);
    let source = props.catalogue.column(&entry.regime, &column.name);
    html! {
        <tr class={if is_complete { "pass" } else { "fail" }}>
            <td class="result"><span class="glyph" aria-hidden="true">{ sign }</span>{ " " }{ word }</td>
            <td>
                <span class="says">{ words::column(&column.name) }</span>
                if let Some(source) = source {
                    { " " }<span class="id">{ &source.source }</span>
                }
                if column.always || column.sealed != "0" {
                    <span class="why">{ words::note(column.always, &column.sealed) }</span>
                }
            </td>
            <td class="number">{ text::number(&column.missing) }</td>
        </tr>
    }
}

/// What was asked for, or what became of it.
fn made(props: &Props) -> Html {
    match &props.accounting {
        Accounted::Off => html! {},
        Accounted::Reading { progress, cancelling, .. } => html! {
            <ProgressPanel progress={progress.clone()} cancelling={*cancelling} follows=true
                on_cancel={props.on_cancel.clone()} />
        },
        Accounted::Refused { refusal, .. } => html! {
            <p class="caution" role="alert">{ words::refused(refusal) }</p>
        },
        Accounted::Done(accounting) => html! {
            <>
                { about(props, accounting) }
                <AccountingTable accounting={accounting.clone()} catalogue={props.catalogue.clone()} />
            </>
        },
    }
}

/// What the accounting is about, what was left out of it, and its files.
fn about(props: &Props, accounting: &Made) -> Html {
    let table = &accounting.table;
    let save = |format: Format| {
        let on_save = props.on_save.clone();
        Callback::from(move |_: MouseEvent| on_save.emit(format))
    };
    html! {
        <>
            <p role="status">{ words::made(table.rows.len(), &table.rows_omitted, &table.missing) }</p>
            <p>
                { words::period(table.since.as_deref(), &table.as_of) }{ " " }
                { words::of(table.is_viewed) }
            </p>
            if !table.excluded.is_empty() {
                <h4>{ words::EXCLUDED }</h4>
                <ul>
                    for excluded in &table.excluded {
                        <li>
                            { text::number(&excluded.count) }{ " " }
                            { props.catalogue.words("exclusion", &excluded.reason) }
                            { " (" }{ &excluded.section }{ ")" }
                        </li>
                    }
                </ul>
            }
            <p class="buttons" role="group" aria-label={words::FILES}>
                for format in Format::ALL {
                    <button type="button" onclick={save(format)}>{ words::download(format) }</button>
                }
            </p>
        </>
    }
}
