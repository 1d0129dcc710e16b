//! Restrictions: codes and words that tell whoever reads them that data are restricted, or of a kind that is.

use alloc::{collections::BTreeMap, format, string::String};

use super::clear::seen;
use crate::record::codes::{Code, Concept, System};

/// Systems every code of which tells of a restriction.
const SYSTEMS: [System; 3] = [System::Directive, System::Refrain, System::Sensitivity];

/// Laws that protect one kind of data each; the others mark data of any kind.
const LAWS: [&str; 4] = ["42CFRPart2", "HIPAAPsyNotes", "HIPAASelfPay", "Title38Section7332"];

/// How lawful bases begin that only data on substance use have.
const BASES: &str = "Part2-";

/// Shorter codes are initials of other things too, such as `ETH` and `B`.
const LETTERS: usize = 5;

/// Words, and pairs of words, for kinds of data that the tables have codes for (docs/audit.md).
const WORDS: [&str; 25] = [
    "abortion",
    "addiction",
    "alcoholism",
    "behavioral health",
    "behavioural health",
    "detox",
    "domestic violence",
    "genetic",
    "genetics",
    "HIV",
    "mental health",
    "methadone",
    "opioid",
    "opt out",
    "psychiatric",
    "psychiatry",
    "psychotherapy",
    "sexual abuse",
    "sexual assault",
    "sexual health",
    "sexually transmitted",
    "sickle cell",
    "substance abuse",
    "substance use",
    "venereal",
];

/// Whether a code tells that something is restricted, or on what.
pub(super) fn is_restriction(text: &str) -> bool {
    let is_known = |system| Code::new(system, text).is_ok_and(|code| code.lookup().is_some());
    LAWS.contains(&text)
        || (text.starts_with(BASES) && is_known(System::Basis))
        || SYSTEMS.into_iter().any(is_known)
}

/// Looks for words in texts that tell the same: a heuristic, since words have more than one meaning.
#[derive(Debug)]
pub(super) struct RestrictionScan {
    /// As they are spelled, by what they are in lower case.
    words: BTreeMap<String, &'static str>,
}

impl Default for RestrictionScan {
    fn default() -> Self {
        let concepts = SYSTEMS.into_iter().flat_map(|system| system.table().concepts());
        let codes = concepts.map(Concept::text).filter(|code| code.len() >= LETTERS);
        let words = codes.chain(LAWS).chain(WORDS);
        Self { words: words.map(|word| (word.to_lowercase(), word)).collect() }
    }
}

impl RestrictionScan {
    /// The first word, or pair of words, of the text that tells of a restriction. What is not seen parts
    /// no word.
    pub(super) fn find(&self, text: &str) -> Option<&'static str> {
        let text = seen(text).to_lowercase();
        let mut words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
        let mut before = "";
        words.find_map(|word| {
            let pair = format!("{before} {word}");
            before = word;
            self.words.get(word).or_else(|| self.words.get(&pair)).copied()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_tell_of_a_restriction_are_found_and_others_are_not() {
        let scan = RestrictionScan::default();
        for (text, word) in [
            ("hiv-clinic", "HIV"),
            ("Psychiatric\u{200b} ward", "psychiatric"),
            ("Centre for substance-use disorders", "substance use"),
            ("optout", "OPTOUT"),
            ("unit 42cfrpart2", "42CFRPart2"),
            ("Ethics committee, OPIOIDUD trial", "OPIOIDUD"),
        ] {
            assert_eq!(scan.find(text), Some(word), "{text}");
        }
        for text in [
            "ward-7",
            "ehr-1",
            "DEMO",
            "ETH Zurich",
            "Ethics committee, approval B-7",
            "District Health Office",
            "Use of a substance",
            "Shiva Hospital",
            "Mental asylum, Health Street",
        ] {
            assert_eq!(scan.find(text), None, "{text}");
        }
    }

    #[test]
    fn words_are_those_of_the_documentation() {
        let document = include_str!("../../../docs/audit.md");
        for word in WORDS.into_iter().chain(LAWS) {
            assert!(document.contains(&format!("`{word}`")), "{word}");
        }
    }
}
