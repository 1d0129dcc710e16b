//! The findings of one violation, some at first and more when asked for.

use std::rc::Rc;

use yew::prelude::*;

use super::{finding::FindingItem, more::More};
use crate::{
    catalogue::Catalogue,
    link::Target,
    report::{
        Report,
        audit::{Entry, Finding},
    },
    text::audit as words,
};

/// Findings that are shown at first, and that each click adds.
const FIRST: usize = 10;
const MORE: usize = 100;

#[derive(PartialEq, Properties)]
pub(crate) struct Props {
    pub(crate) report: Rc<Report>,
    pub(crate) catalogue: Rc<Catalogue>,
    /// Which violation.
    pub(crate) id: String,
    /// The finding that the address points to, if it is one of these.
    pub(crate) target: Option<Target>,
}

#[component]
pub(crate) fn ViolationGroup(Props { report, catalogue, id, target }: &Props) -> Html {
    let shown = use_state_eq(|| FIRST);
    let findings = use_memo((report.clone(), id.clone()), |(report, id)| {
        let audit = report.audit.iter();
        let of_it = audit.flat_map(|audit| &audit.findings).filter(|finding| finding.id == *id);
        of_it.cloned().map(Rc::new).collect::<Vec<Rc<Finding>>>()
    });
    let entries = report.audit.iter().flat_map(|audit| &audit.violations);
    let Some(Entry { severity, heuristic, count, .. }) =
        entries.into_iter().find(|one| one.id == *id)
    else {
        return html! {};
    };
    let is_target = |finding: &Finding| target.as_ref() == Some(&finding.target());
    // A link shows what it points to, however far down that stands.
    let linked = findings.iter().position(|finding| is_target(finding));
    let visible = linked.map_or(*shown, |at| (*shown).max(at.saturating_add(1)));
    let rest = findings.len().saturating_sub(visible);
    let more = {
        let shown = shown.clone();
        Callback::from(move |()| shown.set(visible.saturating_add(MORE)))
    };
    let heading = format!("violation-{id}");
    html! {
        <section class={classes!("violation", severity.name())} aria-labelledby={heading.clone()}>
            <h3 id={heading}>
                <span class="severity">{ words::severity(*severity) }</span>{ " " }
                <span class="id">{ id }</span>{ " " }
                { catalogue.violation(id).map_or("", |violation| violation.title.as_str()) }
            </h3>
            <p class="help">
                { words::found(count) }
                if *heuristic { { " " }<strong>{ words::HEURISTIC }</strong> }
                if findings.len().to_string() != *count {
                    { " " }{ words::listed(findings.len(), count) }
                }
            </p>
            <ul class="findings">
                for finding in findings.iter().take(visible) {
                    <FindingItem key={finding.target().element()} finding={finding.clone()}
                        catalogue={catalogue.clone()} is_target={is_target(finding)} />
                }
            </ul>
            <More {rest} step={MORE} on_more={more} />
        </section>
    }
}
