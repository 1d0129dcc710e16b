//! `docs/worked-examples.md`, from the tables.

use crate::example::{Example, Source};

const HEAD: &str = "\
# Worked examples

Consents that others published, expressed as [records](records.md), and what the
[contract](contract.md#decisions) decides of accesses under each. Written by
`node/tests/worked_examples.rs` (`cargo xtask bless`), which holds three things against each other: the
decisions, what the examples' texts imply, and the published resources.

For every example stands here what it says, what holds on the network beside it, and where the consent
differs from the published resource, field by field. Everything else that the resource says is in the
consent, but for what decides nothing: the kind of resource, its id, category and patient, the paper that was
signed. Days are those of UTC; a last day belongs to its span. A policy stands in the consent's `basis`. FHIR's
`access` is `R` and `query`, `correct` is `U`.

In R4 a root provision without type leaves open what it says. Where the policy is `OPTIN` or `OPTOUT` it
decides, and the root provision is the exception to it; where a nested provision has a type, the root has
the other; else the root is read as a deny.

A decision is named with its ground where that is not the consent. Under *asked* stand action, purposes, and the
level and labels of the data.
";

const PCF: &str = "\
Version 1.1 of IHE's [Privacy Consent on FHIR](https://profiles.ihe.net/ITI/PCF/). One patient, one
organization that holds the data. TPO is treatment, payment and operations: `TREAT`, `HPAYMT`, `HOPERAT`.
";

const HL7: &str = "\
The twelve examples of `Consent` in FHIR R4 (4.0.1). Their fields say less than their texts, and at times
something else; then the text is followed, and a note says so.
";

/// The document.
pub(crate) fn write(examples: &[Example]) -> String {
    let mut text = HEAD.to_owned();
    let parts =
        [(Source::Pcf, "IHE Privacy Consent on FHIR", PCF), (Source::Hl7, "HL7 FHIR R4", HL7)];
    for (source, title, about) in parts {
        text.extend(["\n## ", title, "\n\n", about]);
        let of_source = examples.iter().filter(|example| example.source == source);
        text.extend(of_source.map(section));
    }
    text
}

fn section(example: &Example) -> String {
    let Example { name, about, implicit, notes, rows, .. } = example;
    let break_glass = if example.break_glass { "allowed" } else { "not allowed" };
    let link = example.link();
    let mut text = format!(
        "\n### {name}\n\n[Published]({link}). {about}\n\n\
         Network: implicit policy `{implicit}`, overriding in an emergency {break_glass}.\n"
    );
    if !notes.is_empty() {
        text += "\n";
    }
    for (field, why) in *notes {
        text.extend(["- `", field, "`: ", why, "\n"]);
    }
    text += "\n| access | asked | decision | because |\n|---|---|---|---|\n";
    text.extend(rows.iter().map(|row| {
        let by_consent = row.ground.name() == "consent" || !row.verdict.permits();
        let ground = if by_consent { String::new() } else { format!(" ({})", row.ground) };
        let (says, why, verdict, asked) = (row.says, row.why, row.verdict, row.access.codes());
        format!("| {says} | {asked} | {verdict}{ground} | {why} |\n")
    }));
    text
}
