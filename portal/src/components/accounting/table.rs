//! The accesses that a regime accounts for, a row each.

use std::rc::Rc;

use yew::prelude::*;

use crate::{
    accounting::{Accounting, Cell, Repeats, Row, Table},
    catalogue::Catalogue,
    components::more::More,
    text::{self, accounting as words},
};

/// Rows that are shown at first, and that each click adds.
const FIRST: usize = 20;
const MORE: usize = 200;

#[derive(PartialEq, Properties)]
pub(crate) struct Props {
    pub(crate) accounting: Rc<Accounting>,
    pub(crate) catalogue: Rc<Catalogue>,
}

#[component]
pub(crate) fn AccountingTable(Props { accounting, catalogue }: &Props) -> Html {
    let shown = use_state_eq(|| FIRST);
    let table = &accounting.table;
    if table.rows.is_empty() {
        return html! { <p>{ words::NO_ROWS }</p> };
    }
    let visible = *shown;
    let rest = table.rows.len().saturating_sub(visible);
    let more = Callback::from(move |()| shown.set(visible.saturating_add(MORE)));
    html! {
        <>
            // What is wider than the page is moved by itself, with the keys of arrows too.
            <div class="wide" role="region" tabindex="0" aria-label={words::ROWS}>
                <table class="rows">
                    <thead>
                        <tr>
                            for head in &table.columns {
                                <th scope="col">
                                    { words::column(&head.name) }
                                    <span class="source">{ &head.source }</span>
                                </th>
                            }
                            <th scope="col">{ words::SUBJECT }</th>
                            <th scope="col">{ words::PLACE }</th>
                        </tr>
                    </thead>
                    <tbody>
                        for entry in table.rows.iter().take(visible) {
                            { row(table, catalogue, entry) }
                        }
                    </tbody>
                </table>
            </div>
            <More {rest} step={MORE} on_more={more} />
        </>
    }
}

fn row(table: &Table, catalogue: &Catalogue, row: &Row) -> Html {
    let cells = row.cells.iter().zip(&table.columns).enumerate();
    html! {
        <tr>
            for (position, (cell, head)) in cells {
                { one(catalogue, &table.regime, &head.name, cell, row.repeats.as_ref().filter(|_| position == 0)) }
            }
            <td>
                <code title={row.subject.clone()}>{ text::short(&row.subject) }</code>
                <span class="line"><bdi>{ text::visible(&row.custodian) }</bdi></span>
            </td>
            <td>
                { words::place(&row.height, &row.index) }
                <span class="line"><code title={row.record.clone()}>{ text::short(&row.record) }</code></span>
            </td>
        </tr>
    }
}

fn one(
    catalogue: &Catalogue,
    regime: &str,
    column: &str,
    cell: &Cell,
    repeats: Option<&Repeats>,
) -> Html {
    let system = catalogue.column(regime, column).and_then(|column| column.system.as_deref());
    let (class, shown) = match cell {
        Cell::Missing => (Some("missing"), words::CELL_MISSING.to_owned()),
        Cell::Sealed => (Some("sealed"), words::CELL_SEALED.to_owned()),
        Cell::None => (None, "–".to_owned()),
        Cell::Codes(codes) => (None, catalogue.list(system.unwrap_or_default(), codes)),
        Cell::Text(value) => (None, words::cell(value)),
    };
    let title = match cell {
        Cell::Text(value) if *value != shown => Some(text::visible(value)),
        Cell::Codes(codes) => Some(codes.join(" ")),
        Cell::Missing | Cell::None | Cell::Sealed | Cell::Text(_) => None,
    };
    html! {
        <td class={classes!(class)} {title}>
            <bdi>{ text::visible(&shown) }</bdi>
            if let Some(Repeats { count, last, every }) = repeats {
                <span class="line fine">{ words::repeats(count, last, every) }</span>
            }
        </td>
    }
}
