//! Sentences of the library: names between backticks, and long numbers, are set as code.

use yew::prelude::*;

use crate::text;

/// Digits from which on a number is no word that happens to be made of them.
const LONG: usize = 32;

pub(crate) fn prose(sentence: &str) -> Html {
    let part = |(index, part): (usize, &str)| {
        // Every other part stands between two backticks.
        if index.is_multiple_of(2) {
            html! { { part } }
        } else {
            html! { <code>{ part }</code> }
        }
    };
    sentence.split('`').enumerate().map(part).collect()
}

/// A sentence that says what stands on the ledger: every character of it is to be seen.
pub(crate) fn claimed(sentence: &str) -> Html {
    let shown = |part| match part {
        Part::Words(words) => html! { { words } },
        Part::Number(digits) => html! { <code class="hash">{ digits }</code> },
    };
    let shown: Html = parts(&text::visible(sentence)).into_iter().map(shown).collect();
    html! { <bdi>{ shown }</bdi> }
}

#[derive(Debug, Eq, PartialEq)]
enum Part {
    Words(String),
    /// A hash, a key or an id.
    Number(String),
}

fn parts(sentence: &str) -> Vec<Part> {
    let is_digit = |c: char| c.is_ascii_hexdigit();
    let mut parts = Vec::new();
    let mut words = String::new();
    // Each piece is digits, if any, and the one character that ends them.
    for piece in sentence.split_inclusive(|c: char| !is_digit(c)) {
        let digits = piece.trim_end_matches(|c: char| !is_digit(c));
        if digits.len() < LONG {
            words.push_str(piece);
            continue;
        }
        parts.push(Part::Words(std::mem::take(&mut words)));
        parts.push(Part::Number(digits.to_owned()));
        words.push_str(piece.trim_start_matches(is_digit));
    }
    parts.push(Part::Words(words));
    parts
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test(unsupported = test)]
    fn long_numbers_are_told_from_words() {
        let (key, id) = ("AB".repeat(32), "07".repeat(16));
        let sentence = format!("The added {key}, block 64 ({id})é");
        let words = |words: &str| Part::Words(words.to_owned());
        let expected = vec![
            words("The added "),
            Part::Number(key),
            words(", block 64 ("),
            Part::Number(id),
            words(")é"),
        ];
        assert_eq!(parts(&sentence), expected);
        assert_eq!(parts(""), [words("")]);
    }
}
