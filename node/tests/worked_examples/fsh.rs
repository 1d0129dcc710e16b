//! FHIR Shorthand as the consents of IHE PCF are written in it, read into JSON.
//!
//! Every element becomes a list; a coding keeps its code alone, a reference its target.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

/// The instances of the profiles of consents, by name.
pub(crate) fn consents(text: &str) -> BTreeMap<String, Value> {
    let mut found = BTreeMap::new();
    let mut name = "";
    for line in text.lines() {
        if let Some(instance) = line.strip_prefix("Instance:") {
            name = instance.trim();
        } else if line.starts_with("InstanceOf:") && line.ends_with("Consent") {
            found.insert(name.to_owned(), Value::Object(Map::new()));
        } else if let (Some(rule), Some(instance)) = (line.strip_prefix("* "), found.get_mut(name))
        {
            let (path, value) = rule.split_once(" = ").unwrap();
            put(instance, &path.split('.').collect::<Vec<_>>(), value_of(value.trim()));
        }
    }
    found
}

/// `#code`, `system#code "display"`, `Reference(target)`, `"text"`, or a date.
fn value_of(text: &str) -> Value {
    if let Some(text) = text.strip_prefix('"') {
        return json!(text.trim_end_matches('"'));
    }
    if let Some(target) = text.strip_prefix("Reference(") {
        return json!({ "reference": target.trim_end_matches(')') });
    }
    match text.split_once('#') {
        Some((_, code)) => json!({ "code": code.split(' ').next().unwrap() }),
        None => json!(text),
    }
}

/// Puts a value where the path says. `[+]` adds one, everything else means the last one.
fn put(object: &mut Value, path: &[&str], value: Value) {
    let [segment, rest @ ..] = path else {
        *object = value;
        return;
    };
    let name = segment.split('[').next().unwrap();
    if object.is_null() {
        *object = Value::Object(Map::new());
    }
    let entries = object.as_object_mut().unwrap();
    let list = entries.entry(name).or_insert_with(|| json!([])).as_array_mut().unwrap();
    if segment.ends_with("[+]") || list.is_empty() {
        list.push(Value::Null);
    }
    put(list.last_mut().unwrap(), rest, value);
}
