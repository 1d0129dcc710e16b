//! Every check of the catalogue and what came of it.

use std::rc::Rc;

use yew::prelude::*;

use crate::{
    catalogue::Catalogue,
    report::{CheckEntry, Outcome, Report},
    text::{self, checks as words},
};

#[derive(PartialEq, Properties)]
pub(crate) struct Props {
    pub(crate) report: Rc<Report>,
    pub(crate) catalogue: Rc<Catalogue>,
}

#[component]
pub(crate) fn Checks(Props { report, catalogue }: &Props) -> Html {
    let of = |outcome| report.checks.iter().filter(|entry| entry.outcome == outcome).count();
    let summary = words::summary(of(Outcome::Pass), of(Outcome::Fail), of(Outcome::Skip));
    html! {
        <section aria-labelledby="checks">
            <h2 id="checks">{ words::HEADING }</h2>
            <p>{ summary }</p>
            <table class="checks">
                <thead>
                    <tr>
                        <th scope="col">{ words::RESULT }</th>
                        <th scope="col">{ words::CHECK }</th>
                        <th scope="col" class="number">{ words::TIMES }</th>
                    </tr>
                </thead>
                <tbody>
                    for entry in &report.checks { { row(entry, catalogue) } }
                </tbody>
            </table>
        </section>
    }
}

fn row(entry: &CheckEntry, catalogue: &Catalogue) -> Html {
    let (sign, word) = words::result(entry.outcome, entry.reason);
    let check = catalogue.check(&entry.id);
    let class = match entry.outcome {
        Outcome::Pass => "pass",
        Outcome::Fail => "fail",
        Outcome::Skip => "skip",
    };
    html! {
        <tr {class} id={format!("check-{}", entry.id)}>
            <td class="result"><span class="glyph" aria-hidden="true">{ sign }</span>{ " " }{ word }</td>
            <td>
                if let Some(check) = check {
                    <span class="says">{ &check.says }</span>{ " " }
                }
                <code class="id">{ &entry.id }</code>
                if let (Some(check), Outcome::Fail) = (check, entry.outcome) {
                    <span class="why">{ &check.why }</span>
                }
                if let Some(reason) = entry.reason {
                    <span class="why">{ words::skipped(&entry.skipped, reason) }</span>
                }
            </td>
            <td class="number">{ text::number(&entry.passed) }</td>
        </tr>
    }
}
