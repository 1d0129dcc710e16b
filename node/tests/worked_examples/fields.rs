//! The fields of a published consent and of a draft, in the same words, so that they can be compared.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use vidimus::record::consent::Effect;

use crate::draft::{Draft, Terms};

/// What stands in each field, without order and repetitions.
pub(crate) type Fields = BTreeMap<String, BTreeSet<String>>;

/// What the root provision of a published consent is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Root {
    /// The consent itself: its type is the decision, its elements are the scope.
    Scope,
    /// An exception to the policy that the consent rests on, `OPTIN` or `OPTOUT`.
    Exception,
}

/// Fields that no decision rests on: what the resource is, whose data it is about, where the paper lies.
const ASIDE: [&str; 10] = [
    "resourceType",
    "id",
    "meta",
    "text",
    "identifier",
    "scope",
    "category",
    "patient",
    "sourceAttachment",
    "sourceReference",
];

/// Fields of an element of a list, or of the one that there is.
fn each(value: &Value) -> Vec<&Value> {
    match value {
        Value::Array(values) => values.iter().flat_map(each).collect(),
        one @ (Value::Null
        | Value::Bool(_)
        | Value::Number(_)
        | Value::String(_)
        | Value::Object(_)) => vec![one],
    }
}

/// The codes, references and texts in a value.
fn texts(value: &Value) -> BTreeSet<String> {
    let text = |one: &Value| {
        let inner = ["coding", "code", "reference", "uri"].iter().find_map(|name| one.get(name));
        match inner {
            Some(inner) => texts(inner),
            None => BTreeSet::from([one.as_str().unwrap().to_owned()]),
        }
    };
    each(value).into_iter().flat_map(text).collect()
}

fn one_text(value: &Value) -> String {
    let texts = texts(value);
    assert_eq!(texts.len(), 1, "{value}");
    texts.into_iter().collect()
}

/// The fields of a published consent.
pub(crate) fn of_resource(resource: &Value) -> Fields {
    let mut fields = Fields::new();
    for (name, value) in resource.as_object().unwrap() {
        match name.as_str() {
            aside if ASIDE.contains(&aside) => {}
            "provision" => {
                let root = each(value);
                assert_eq!(root.len(), 1, "one root");
                let of_root = of_provision(root[0]).into_iter();
                fields.extend(of_root.map(|(field, texts)| (format!("provision.{field}"), texts)));
            }
            "policy" | "policyRule" => {
                fields.insert("policy".to_owned(), texts(value));
            }
            name => {
                fields.insert(name.to_owned(), texts(value));
            }
        }
    }
    fields
}

fn of_provision(provision: &Value) -> Fields {
    let mut fields = Fields::new();
    let mut add = |field: &str, text: String| {
        fields.entry(field.to_owned()).or_default().insert(text);
    };
    for (name, value) in provision.as_object().unwrap() {
        for one in each(value) {
            match name.as_str() {
                "actor" => add(name, actor(one)),
                "data" => {
                    let meaning = one_text(&one["meaning"]);
                    add(&format!("data.{meaning}"), one_text(&one["reference"]));
                }
                "action" => {
                    for code in actions(&one_text(one)) {
                        add(name, (*code).into());
                    }
                }
                "period" | "dataPeriod" => add(name, span(one)),
                "provision" => add(name, written(&of_provision(one))),
                name => texts(one).into_iter().for_each(|text| add(name, text)),
            }
        }
    }
    fields
}

/// Who receives data is whom a consent names; others (who keeps it, who wrote it) say so.
fn actor(actor: &Value) -> String {
    let (role, reference) = (one_text(&actor["role"]), one_text(&actor["reference"]));
    if ["IRCP", "PRCP"].contains(&role.as_str()) {
        reference
    } else {
        format!("{role} {reference}")
    }
}

/// FHIR's consent actions in those of records.
fn actions(action: &str) -> &'static [&'static str] {
    match action {
        "access" => &["R", "query"],
        "correct" => &["U"],
        other => panic!("action {other}"),
    }
}

fn span(span: &Value) -> String {
    let text = |name| span.get(name).map(one_text).unwrap_or_default();
    format!("{}..{}", text("start"), text("end"))
}

/// A nested provision in one text.
fn written(fields: &Fields) -> String {
    let field = |(name, texts): (&String, &BTreeSet<String>)| {
        format!("{name}: {}", texts.iter().cloned().collect::<Vec<_>>().join(", "))
    };
    fields.iter().map(field).collect::<Vec<_>>().join("; ")
}

/// The fields of a draft, as a resource would have them.
pub(crate) fn of_draft(draft: &Draft, root: Root) -> Fields {
    let mut fields = Fields::new();
    let mut add = |field: String, texts: BTreeSet<String>| {
        if !texts.is_empty() {
            fields.insert(field, texts);
        }
    };
    let one = |text: &str| BTreeSet::from([text.to_owned()]);
    add("status".into(), one("active"));
    add("dateTime".into(), one(draft.given));
    add("organization".into(), one(draft.custodian));
    add("performer".into(), draft.grantor.iter().map(|text| (*text).to_owned()).collect());
    add("policy".into(), one(draft.policy));
    add("protocol".into(), draft.protocol.iter().map(|text| (*text).to_owned()).collect());
    add("provision.period".into(), draft.period.iter().map(|span| of_span(*span)).collect());
    let (terms, effect, nested): (_, _, Vec<String>) = match root {
        Root::Scope => {
            let reversed = draft.decision.reversed();
            let nested = |(terms, exceptions): &(Terms, Vec<Terms>)| {
                let but = exceptions.iter().map(|one| format!(" but {}", written(&of_terms(one))));
                written(&typed(terms, reversed)) + &but.collect::<String>()
            };
            let nested = draft.provisions.iter().map(nested).collect();
            (draft.scope, draft.decision, nested)
        }
        Root::Exception => {
            let decided = [("OPTIN", Effect::Permit), ("OPTOUT", Effect::Deny)];
            assert!(decided.contains(&(draft.policy, draft.decision)), "{draft:?}");
            for (field, texts) in of_terms(&draft.scope) {
                add(format!("scope.{field}"), texts);
            }
            assert_eq!(draft.provisions.len(), 1, "the root");
            let (terms, exceptions) = &draft.provisions[0];
            let nested = exceptions.iter().map(|one| written(&typed(one, draft.decision)));
            (*terms, draft.decision.reversed(), nested.collect())
        }
    };
    for (field, texts) in typed(&terms, effect) {
        add(format!("provision.{field}"), texts);
    }
    add("provision.provision".into(), nested.into_iter().collect());
    fields
}

fn typed(terms: &Terms, effect: Effect) -> Fields {
    let mut fields = of_terms(terms);
    fields.insert("type".into(), BTreeSet::from([effect.name().to_owned()]));
    fields
}

fn of_terms(terms: &Terms) -> Fields {
    let spans: Vec<String> = terms.data_period.iter().map(|span| of_span(*span)).collect();
    let spans: Vec<&str> = spans.iter().map(String::as_str).collect();
    let fields = [
        ("actor", terms.actors),
        ("action", terms.actions),
        ("purpose", terms.purposes),
        ("securityLabel", terms.labels),
        ("class", terms.classes),
        ("data.instance", terms.resources),
        ("data.authoredby", terms.authors),
        ("dataPeriod", spans.as_slice()),
    ];
    let texts = |texts: &[&str]| -> BTreeSet<String> {
        texts.iter().map(|text| (*text).to_owned()).collect()
    };
    let fields = fields.into_iter().filter(|(_, named)| !named.is_empty());
    fields.map(|(field, named)| (field.to_owned(), texts(named))).collect()
}

fn of_span((start, end): (Option<&str>, Option<&str>)) -> String {
    format!("{}..{}", start.unwrap_or_default(), end.unwrap_or_default())
}

/// The fields that differ, with what stands there and here.
pub(crate) fn differences(published: &Fields, drafted: &Fields) -> BTreeMap<String, [String; 2]> {
    let text = |fields: &Fields, field: &String| {
        fields.get(field).map(|texts| format!("{texts:?}")).unwrap_or_default()
    };
    let fields: BTreeSet<_> = published.keys().chain(drafted.keys()).collect();
    let pair = |field| (field, [text(published, field), text(drafted, field)]);
    let differing = fields.into_iter().map(pair).filter(|(_, [left, right])| left != right);
    differing.map(|(field, pair)| (field.clone(), pair)).collect()
}
