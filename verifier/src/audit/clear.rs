//! What stands in clear in a record: codes and texts that everybody on the network reads.

use alloc::{borrow::Cow, vec::Vec};

use regex_lite::Regex;

use crate::record::{Body, actor::CodeText, consent::Elements, request::Processing};

/// Every code in clear, with the field that it stands in. Names of systems are none: they mean nothing
/// beyond themselves.
pub(super) fn clear_codes(body: &Body) -> Vec<(&'static str, &CodeText)> {
    let mut codes = Vec::new();
    match body {
        Body::Organization(body) => codes.extend(body.regimes.iter().map(|code| ("regimes", code))),
        Body::Consent(body) => {
            codes.extend(body.basis.iter().map(|code| ("basis", code)));
            of_elements(&body.scope, &mut codes);
            for provision in body.provisions.iter() {
                of_elements(&provision.elements, &mut codes);
                provision.exceptions.iter().for_each(|elements| of_elements(elements, &mut codes));
            }
        }
        Body::Request(body) => of_processing(&body.processing, &mut codes),
        Body::Access(body) => {
            if let Some(half) = &body.by_custodian {
                of_processing(&half.processing, &mut codes);
            }
            codes.extend(body.by_recipient.iter().map(|half| ("role", &half.actor.role)));
        }
        Body::Protocol(body) => codes.extend(body.purposes.iter().map(|code| ("purposes", code))),
        Body::Revocation(_) | Body::Delegation(_) | Body::Review(_) | Body::Anchor(_) => {}
    }
    codes
}

fn of_processing<'a>(processing: &'a Processing, codes: &mut Vec<(&'static str, &'a CodeText)>) {
    codes.extend([("role", &processing.actor.role), ("action", &processing.action)]);
    codes.extend(processing.purposes.iter().map(|code| ("purposes", code)));
    codes.extend(processing.basis.iter().map(|code| ("basis", code)));
}

fn of_elements<'a>(elements: &'a Elements, codes: &mut Vec<(&'static str, &'a CodeText)>) {
    let roles = elements.actors.iter().filter_map(|pattern| pattern.role.as_ref());
    codes.extend(roles.map(|code| ("role", code)));
    codes.extend(elements.actions.iter().map(|code| ("actions", code)));
    codes.extend(elements.purposes.iter().map(|code| ("purposes", code)));
}

/// Every text in clear that a person or a system chose, with the field that it stands in.
pub(super) fn clear_texts(body: &Body) -> Vec<(&'static str, &str)> {
    let mut texts = Vec::new();
    match body {
        Body::Organization(body) => {
            texts.extend(body.name.iter().map(|text| ("name", text.as_str())));
            texts.extend(body.address.iter().map(|text| ("address", text.as_str())));
        }
        Body::Access(access) => {
            if let Some(half) = &access.by_custodian {
                texts.extend([("client", half.client.as_str()), ("server", half.server.as_str())]);
                texts.extend(half.origin.iter().map(|code| ("origin", code.as_str())));
                if let Some(disclosure) = &half.disclosure {
                    let (name, address) = (&disclosure.name, &disclosure.address);
                    texts.extend(name.iter().map(|text| ("disclosure.name", text.as_str())));
                    texts.extend(address.iter().map(|text| ("disclosure.address", text.as_str())));
                }
            }
            if let Some(half) = &access.by_recipient {
                texts.extend([("client", half.client.as_str()), ("server", half.server.as_str())]);
            }
        }
        Body::Protocol(body) => {
            texts.extend(body.approval.iter().map(|text| ("approval", text.as_str())));
        }
        Body::Consent(_)
        | Body::Revocation(_)
        | Body::Delegation(_)
        | Body::Request(_)
        | Body::Review(_)
        | Body::Anchor(_) => {}
    }
    texts
}

/// Looks for direct identifiers: what a text must not look like.
#[derive(Debug)]
pub(super) struct IdentifierScan {
    patterns: Vec<(&'static str, Regex)>,
}

/// What is looked for, and as what. `^|[^…]` and `[^…]|$` keep a pattern from the middle of a longer
/// number or word.
const PATTERNS: [(&str, &str); 5] = [
    ("an e-mail address", r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+\.[A-Za-z]{2,}"),
    ("a social security number", r"(^|[^0-9-])[0-9]{3}-[0-9]{2}-[0-9]{4}([^0-9-]|$)"),
    ("a telephone number", r"(^|[^0-9+])\+[0-9][0-9 ()/.-]{7,}[0-9]"),
    (
        "a date of birth",
        r"(^|[^0-9-])(19|20)[0-9]{2}-(0[1-9]|1[0-2])-([0-2][0-9]|3[01])([^0-9-]|$)",
    ),
    ("a date of birth", r"(^|[^0-9A-Za-z.])[0-3]?[0-9]\.[01]?[0-9]\.(19|20)[0-9]{2}([^0-9.]|$)"),
];

impl Default for IdentifierScan {
    fn default() -> Self {
        let compile = |(what, pattern)| Some((what, Regex::new(pattern).ok()?));
        Self { patterns: PATTERNS.into_iter().filter_map(compile).collect() }
    }
}

impl IdentifierScan {
    /// What the text looks like, if it looks like an identifier, or like what the policy names.
    ///
    /// What is not seen breaks no pattern.
    pub(super) fn find(&self, text: &str, more: &[Regex]) -> Option<&'static str> {
        let text = &*seen(text);
        let mut patterns = self.patterns.iter().filter(|_| may_match(text));
        let known = patterns.find(|(_, pattern)| pattern.is_match(text));
        let named = || more.iter().any(|pattern| pattern.is_match(text));
        known.map(|(what, _)| *what).or_else(|| named().then_some("a pattern of the policy"))
    }
}

/// Whether one of the [`PATTERNS`] can match at all: most texts and codes have none of what they ask for.
fn may_match(text: &str) -> bool {
    text.contains(['@', '+']) || text.bytes().filter(u8::is_ascii_digit).count() >= 6
}

/// The text without the characters that nobody sees.
pub(super) fn seen(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(text.chars().filter(|c| !is_unseen(*c)).collect())
    }
}

/// Characters that format a text and have no shape: no width, another direction, tags.
const fn is_unseen(c: char) -> bool {
    matches!(
        c,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_are_found_and_ordinary_texts_are_not() {
        let scan = IdentifierScan::default();
        assert_eq!(scan.patterns.len(), PATTERNS.len());
        for (text, what) in [
            ("jane.doe@example.org", "an e-mail address"),
            ("SSN 078-05-1120", "a social security number"),
            ("call +44 20 7946 0018", "a telephone number"),
            ("born 1961-04-02", "a date of birth"),
            ("* 2.4.1961", "a date of birth"),
            ("jane\u{200b}.doe\u{2060}@ex\u{ad}ample.org", "an e-mail address"),
        ] {
            assert_eq!(scan.find(text, &[]), Some(what), "{text}");
        }
        for text in [
            "St. Anna Hospital",
            "12 Hill Road, 1010 Vienna",
            "ehr-1",
            "ward-7",
            "pacs-2026-04",
            "IRB 2026-0417",
            "10.0.0.12",
            "4078-05-11203",
            "EC 12/2026",
            "v1.2.2026",
        ] {
            assert_eq!(scan.find(text, &[]), None, "{text}");
        }
        let own = [Regex::new("MRN-[0-9]{6}").unwrap()];
        assert_eq!(scan.find("MRN-123456", &own), Some("a pattern of the policy"));
    }
}
