//! How a consent stands, version by version.

use yew::prelude::*;

use crate::{
    report::claims::Version,
    text::{
        self,
        claims::{self, versions as words},
    },
};

/// The versions of a consent, in the order of the ledger; nothing where there are none.
pub(super) fn versions(versions: &[Version]) -> Html {
    if versions.is_empty() {
        return html! {};
    }
    html! {
        <table class="shown stacked">
            <caption>{ words::CAPTION }</caption>
            <thead>
                <tr>
                    <th scope="col">{ words::VERSION }</th>
                    <th scope="col">{ words::STATUS }</th>
                    <th scope="col">{ words::GIVEN }</th>
                    <th scope="col">{ words::HOLDS }</th>
                    <th scope="col">{ words::WHERE }</th>
                    <th scope="col">{ words::RECORD }</th>
                </tr>
            </thead>
            <tbody>
                for version in versions {
                    { row(version) }
                }
            </tbody>
        </table>
    }
}

fn row(version: &Version) -> Html {
    let Version { given_from, given_until, holds_from, holds_until, .. } = version;
    html! {
        <tr>
            <th scope="row">{ claims::version(&version.number) }</th>
            <td data-label={words::STATUS}><bdi>{ text::visible(&version.status) }</bdi></td>
            <td data-label={words::GIVEN}>{ claims::span(given_from, given_until.as_deref()) }</td>
            <td data-label={words::HOLDS}>
                if let Some(holds_from) = holds_from {
                    { claims::span(holds_from, holds_until.as_deref()) }{ ", " }
                    { claims::end(version) }
                } else {
                    { words::NOTHING }
                }
                if let Some(revocation) = &version.revocation {
                    <span class="line fine">
                        { words::REVOCATION }{ " " }<code class="hash">{ revocation }</code>
                    </span>
                }
            </td>
            <td data-label={words::WHERE}><bdi>{ text::visible(&version.custodian) }</bdi></td>
            <td data-label={words::RECORD}>
                { claims::block(&version.height) }
                <span class="line fine"><code class="hash">{ &version.record }</code></span>
            </td>
        </tr>
    }
}
