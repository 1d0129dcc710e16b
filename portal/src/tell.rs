//! The sentences of a violation with the values of a finding, each written in the reader's way.

use crate::{
    catalogue::Catalogue,
    report::audit::{Argument, Finding, Value},
    text,
};

/// A part of a sentence.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Piece {
    Text(String),
    /// Something that stands on the ledger, which may hold any character.
    Quoted(String),
    Time(String),
    /// A long number, cut to its first digits.
    Short {
        digits: String,
        all: String,
    },
}

/// `sentence` with `{name}` replaced by the finding's argument of that name.
pub(crate) fn tell(sentence: &str, finding: &Finding, catalogue: &Catalogue) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut rest = sentence;
    while let Some((before, name, after)) = next_name(rest) {
        pieces.push(Piece::Text(before.to_owned()));
        let argument = finding.arguments.iter().find(|argument| argument.name == name);
        pieces.push(argument.map_or_else(|| Piece::Text("?".to_owned()), |one| of(one, catalogue)));
        rest = after;
    }
    pieces.push(Piece::Text(rest.to_owned()));
    pieces
}

fn next_name(text: &str) -> Option<(&str, &str, &str)> {
    let (before, after) = text.split_once('{')?;
    let (name, after) = after.split_once('}')?;
    Some((before, name, after))
}

fn of(argument: &Argument, catalogue: &Catalogue) -> Piece {
    let many = |codes: &[String]| Piece::Quoted(catalogue.list(system(&argument.name), codes));
    let value = match &argument.value {
        Value::Many(codes) => return many(codes),
        Value::One(value) => value,
    };
    match argument.kind.as_str() {
        "time" => Piece::Time(text::time(value)),
        "count" => Piece::Text(text::number(value)),
        "span" => Piece::Text(text::span(value)),
        "word" => Piece::Text(value.clone()),
        "person" | "record" | "key" | "id" => {
            Piece::Short { digits: text::short(value), all: value.clone() }
        }
        _ => Piece::Quoted(value.clone()),
    }
}

/// The table of an argument's codes, by its name.
fn system(name: &str) -> &str {
    match name {
        "purposes" => "purpose",
        "classes" => "class",
        "labels" | "label" => "sensitivity",
        _ => name,
    }
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;
    use crate::protocol::CodeInWords;

    fn finding(arguments: &str) -> Finding {
        let json = format!(
            r#"{{"id": "V10", "height": "3", "index": "0", "offset": "9", "time": "", "record": null,
            "subject": null, "custodian": null, "arguments": {arguments}, "evidence": [], "rule_path": null}}"#
        );
        serde_json::from_str(&json).expect("a finding")
    }

    fn told(sentence: &str, arguments: &str) -> String {
        let code = |system: &str, code: &str, words: &str| CodeInWords {
            system: system.into(),
            code: code.into(),
            words: words.into(),
        };
        let codes = vec![code("purpose", "TREAT", "treatment"), code("role", "TREAT", "wrong")];
        let catalogue = Catalogue::new(vec![], vec![], codes);
        let pieces = tell(sentence, &finding(arguments), &catalogue);
        let words = pieces.into_iter().map(|piece| match piece {
            Piece::Text(text) | Piece::Quoted(text) | Piece::Time(text) => text,
            Piece::Short { digits, .. } => digits,
        });
        words.collect()
    }

    #[wasm_bindgen_test(unsupported = test)]
    fn values_stand_where_their_names_stood() {
        let arguments = r#"[
            {"name": "person", "type": "person", "value": "ABABABABABAB"},
            {"name": "purposes", "type": "codes", "value": ["TREAT", "X-OWN"]},
            {"name": "late", "type": "span", "value": "7200000"},
            {"name": "moment", "type": "time", "value": "2026-11-26T12:00:00.000Z"},
            {"name": "new", "type": "of-a-later-version", "value": "as it is"}
        ]"#;
        let sentence = "{person} for {purposes}, {late} late at {moment}: {new}, {unknown}, {left";
        let expected = "ABABABAB… for treatment, X-OWN, 2 hours late at 2026-11-26 12:00:00 UTC: as it is, ?, {left";
        assert_eq!(told(sentence, arguments), expected);
    }
}
