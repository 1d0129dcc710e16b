//! Findings in words: the sentences of the violation with the values of the finding.

use alloc::{
    string::{String, ToString as _},
    vec::Vec,
};
use core::fmt::Write as _;

use super::finding::{Argument, Finding, Value};
use crate::record::codes::{System, words};

impl Finding {
    /// A sentence of the violation, such as `description().english.happened`, with `{name}` replaced
    /// by the value of that name.
    ///
    /// Texts of the ledger come out as they stand there: whoever shows it makes invisible characters
    /// visible.
    pub fn tell(&self, sentence: &str) -> String {
        let mut told = String::new();
        let mut rest = sentence;
        while let Some((before, after)) = rest.split_once('{') {
            told.push_str(before);
            let Some((name, after)) = after.split_once('}') else {
                told.push('{');
                rest = after;
                continue;
            };
            match self.arguments.iter().find(|argument| argument.name == name) {
                Some(argument) => told.push_str(&argument.to_words()),
                None => told.push('?'),
            }
            rest = after;
        }
        told.push_str(rest);
        told
    }
}

impl Argument {
    /// The value as it stands in a sentence: codes in words, as far as its name says of which table.
    fn to_words(&self) -> String {
        let system = match self.name.as_str() {
            "purposes" => System::Purpose,
            "role" => System::Role,
            "action" => System::Action,
            "classes" => System::Class,
            _ => return self.value.to_words(),
        };
        let Value::Codes(codes) = &self.value else { return self.value.to_words() };
        let told: Vec<String> = codes.iter().map(|code| words(system, code)).collect();
        told.join(", ")
    }
}

impl Value {
    /// The value as it stands in a sentence.
    fn to_words(&self) -> String {
        match self {
            Self::Codes(codes) => codes.join(", "),
            Self::Person(hash) | Self::Record(hash) => short(&hash.to_string()),
            Self::Key(key) => short(&key.to_string()),
            Self::Id(id) => short(&id.to_string()),
            Self::Count(count) => count.to_string(),
            Self::Span(millis) => span(*millis),
            Self::Organization(text) | Self::Time(text) | Self::Word(text) | Self::Text(text) => {
                text.clone()
            }
        }
    }
}

/// The first digits of a long number: enough to tell it from others on one page.
fn short(digits: &str) -> String {
    let mut text: String = digits.chars().take(8).collect();
    text.push('…');
    text
}

fn span(millis: u64) -> String {
    let seconds = millis / 1_000;
    let (value, unit) = match seconds {
        172_800.. => (seconds / 86_400, "days"),
        7_200.. => (seconds / 3_600, "hours"),
        120.. => (seconds / 60, "minutes"),
        _ => (seconds, "seconds"),
    };
    let mut text = String::new();
    // Writing into a string cannot fail.
    let _always = write!(text, "{value} {unit}");
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        audit::{Place, ViolationId},
        encoding::hex::Hash,
        record::instant::Instant,
    };

    #[test]
    fn values_stand_where_their_names_stood() {
        let time = Instant::from_millis(0).unwrap();
        let place = Place { height: 1, index: Some(0), offset: 0, time };
        let finding = Finding::at(ViolationId::V10, place)
            .with("person", Value::Person(Hash([0xab; 32])))
            .with("purposes", Value::Codes(alloc::vec!["TREAT".into(), "HPAYMT".into()]))
            .with("late", Value::Span(7_200_000));
        let told = finding.tell("{person} for {purposes}, {late} late {unknown}, {left");
        assert_eq!(told, "ABABABAB… for treatment, payment, 2 hours late ?, {left");
    }

    #[test]
    fn spans_have_the_unit_of_their_size() {
        let spans = [0, 119_999, 120_000, 7_199_000, 7_200_000, 172_800_000];
        let texts = ["0 seconds", "119 seconds", "2 minutes", "119 minutes", "2 hours", "2 days"];
        assert_eq!(spans.map(span), texts);
    }
}
