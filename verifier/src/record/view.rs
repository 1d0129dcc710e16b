//! Viewing files: who can read what records seal, and of whom.
//!
//! A patient derives one from their seed, or a custodian hands one to a regulator. It opens the details
//! of the records of the subjects in it; nobody can sign with it. [`ViewingFile::decode`] reads it,
//! [`ViewingFile::merge`] joins several, [`ViewingFile::view_key`] gives the key of a subject.
//!
//! It is text, so that people see what they have in their hands: four lines that are always the same,
//! then a line for each subject, ascending, each ended by one line feed.
//!
//! ```text
//! vidimus/view/1
//! # WARNING: THIS FILE OPENS HEALTH DATA.
//! # Whoever has it can read what the records of the subjects below seal. It cannot sign for them.
//! # Subject, view key, custodian:
//! <64 hex digits> <64 hex digits> <custodian id>
//! ```

use alloc::{collections::BTreeMap, format, string::String};
use core::fmt;

use zeroize::Zeroizing;

use super::keys::{CustodianId, ViewKey};
use crate::encoding::{DecodeError, DecodeProblem, hex::PublicKey};

/// Most subjects of one file.
pub const VIEW_SUBJECTS: usize = 1_000_000;

/// The first line: what the file is.
const FORMAT: &str = "vidimus/view/1\n";

/// What stands between the first line and the first subject.
const WARNING: &str = "\
# WARNING: THIS FILE OPENS HEALTH DATA.
# Whoever has it can read what the records of the subjects below seal. It cannot sign for them.
# Subject, view key, custodian:
";

#[derive(Clone, Debug, Eq, PartialEq)]
struct Entry {
    custodian: CustodianId,
    view_key: ViewKey,
}

/// View keys by subject. Printing it for debugging shows subjects and custodians and no key.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct ViewingFile {
    entries: BTreeMap<PublicKey, Entry>,
}

/// Two entries of one subject that differ in view key or custodian. A subject's key belongs to one
/// custodian, so at least one of them is wrong.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("two different view keys or custodians for the subject {subject}")]
pub struct ViewConflict {
    /// The subject.
    pub subject: PublicKey,
}

impl ViewingFile {
    /// Reads a file.
    ///
    /// There is one text for each set of entries: digits are upper-case, subjects ascend. Whether a
    /// key opens anything shows only where it is used.
    ///
    /// # Errors
    /// [`DecodeError`] with the offset of the byte and a path such as `subjects[3].view_key`.
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        let text = core::str::from_utf8(bytes)
            .map_err(|error| DecodeError::new(error.valid_up_to(), DecodeProblem::Text))?;
        let mut at = 0_usize;
        for (fixed, path) in [(FORMAT, "format"), (WARNING, "warning")] {
            check_fixed(text.get(at..).unwrap_or_default(), fixed)
                .map_err(|(same, problem)| error(at.saturating_add(same), problem, path))?;
            at = at.saturating_add(fixed.len());
        }
        let mut file = Self::default();
        for (index, line) in text.get(at..).unwrap_or_default().split_inclusive('\n').enumerate() {
            let (subject, entry) = decode_line(line)
                .and_then(|(subject, entry)| file.check_next(subject).map(|()| (subject, entry)))
                .map_err(|error| {
                    let base = crate::encoding::to_u64(at);
                    error.shifted(base).within(&format!("subjects[{index}]"))
                })?;
            file.entries.insert(subject, entry);
            at = at.saturating_add(line.len());
        }
        Ok(file)
    }

    /// The text of the file. It holds keys, and is overwritten when dropped.
    pub fn encode(&self) -> Zeroizing<String> {
        let line = |(subject, entry): (&PublicKey, &Entry)| {
            let key = Zeroizing::new(::hex::encode_upper(entry.view_key.expose()));
            Zeroizing::new(format!("{subject} {} {}\n", *key, entry.custodian))
        };
        // Asked for at once: text that grows leaves copies behind.
        let lines = self.entries.len().saturating_mul(MOST_LINE);
        let mut text = Zeroizing::new(String::with_capacity(
            lines.saturating_add(FORMAT.len()).saturating_add(WARNING.len()),
        ));
        text.push_str(FORMAT);
        text.push_str(WARNING);
        for entry in &self.entries {
            text.push_str(&line(entry));
        }
        text
    }

    /// Adds a subject; one that is there already with the same key and custodian is left as it is.
    ///
    /// # Errors
    /// [`ViewConflict`]; nothing is added.
    pub fn insert(
        &mut self,
        custodian: CustodianId,
        subject: PublicKey,
        view_key: ViewKey,
    ) -> Result<(), ViewConflict> {
        let entry = Entry { custodian, view_key };
        match self.entries.get(&subject) {
            Some(known) if *known != entry => Err(ViewConflict { subject }),
            Some(_) => Ok(()),
            None => {
                self.entries.insert(subject, entry);
                Ok(())
            }
        }
    }

    /// Adds every subject of another file.
    ///
    /// # Errors
    /// [`ViewConflict`] for the lowest subject of which the two say different things; nothing is added.
    pub fn merge(&mut self, other: Self) -> Result<(), ViewConflict> {
        let differs = |(subject, entry): &(&PublicKey, &Entry)| {
            self.entries.get(*subject).is_some_and(|known| known != *entry)
        };
        if let Some((subject, _)) = other.entries.iter().find(differs) {
            return Err(ViewConflict { subject: *subject });
        }
        self.entries.extend(other.entries);
        Ok(())
    }

    /// The key that opens what the subject's records seal.
    pub fn view_key(&self, subject: &PublicKey) -> Option<&ViewKey> {
        self.entries.get(subject).map(|entry| &entry.view_key)
    }

    /// Subjects, ascending, and whose records of them are opened.
    pub fn subjects(&self) -> impl ExactSizeIterator<Item = (&PublicKey, &CustodianId)> {
        self.entries.iter().map(|(subject, entry)| (subject, &entry.custodian))
    }

    fn check_next(&self, subject: PublicKey) -> Result<(), DecodeError> {
        let last = self.entries.last_key_value();
        if last.is_some_and(|(last, _)| *last >= subject) {
            return Err(error(0, DecodeProblem::NotCanonical, "subject"));
        }
        if self.entries.len() >= VIEW_SUBJECTS {
            return Err(DecodeError::new(0, DecodeProblem::Length));
        }
        Ok(())
    }
}

/// Most bytes of a line: two keys, a custodian's id, two spaces, a line feed.
const MOST_LINE: usize = 64 + 64 + 64 + 3;

fn error(offset: usize, problem: DecodeProblem, field: &str) -> DecodeError {
    DecodeError::new(offset, problem).within(field)
}

/// Checks that `text` starts with `fixed`; otherwise how far it does, and what is wrong there.
fn check_fixed(text: &str, fixed: &str) -> Result<(), (usize, DecodeProblem)> {
    if text.starts_with(fixed) {
        return Ok(());
    }
    let same = text.bytes().zip(fixed.bytes()).take_while(|(byte, fixed)| byte == fixed).count();
    let is_cut = same == text.len();
    Err((same, if is_cut { DecodeProblem::Truncated } else { DecodeProblem::UnknownVariant }))
}

/// `subject SP view-key SP custodian LF`.
fn decode_line(line: &str) -> Result<(PublicKey, Entry), DecodeError> {
    let Some(content) = line.strip_suffix('\n') else {
        return Err(DecodeError::new(line.len(), DecodeProblem::Truncated));
    };
    let mut at = 0_usize;
    let mut parts = content.splitn(3, ' ').map(|part| {
        let start = at;
        at = at.saturating_add(part.len()).saturating_add(1);
        (start, part)
    });
    let mut part = |field| {
        let missing = || error(content.len(), DecodeProblem::Missing, field);
        parts.next().map(|(start, part)| (start, part, field)).ok_or_else(missing)
    };
    let (subject, view_key, custodian) = (part("subject")?, part("view_key")?, part("custodian")?);
    let subject = PublicKey(*decode_key(subject)?);
    let view_key = ViewKey::new(*decode_key(view_key)?);
    let (start, text, field) = custodian;
    let custodian = text.parse().map_err(|_| error(start, DecodeProblem::Text, field))?;
    Ok((subject, Entry { custodian, view_key }))
}

/// 64 upper-case hex digits.
fn decode_key(
    (start, text, field): (usize, &str, &str),
) -> Result<Zeroizing<[u8; 32]>, DecodeError> {
    if text.len() != 64 {
        return Err(error(start, DecodeProblem::Length, field));
    }
    let is_digit = |byte: u8| byte.is_ascii_digit() || (b'A'..=b'F').contains(&byte);
    if let Some(position) = text.bytes().position(|byte| !is_digit(byte)) {
        return Err(error(start.saturating_add(position), DecodeProblem::Text, field));
    }
    let mut key = Zeroizing::new([0; 32]);
    ::hex::decode_to_slice(text, key.as_mut_slice())
        .map_err(|_| error(start, DecodeProblem::Text, field))?;
    Ok(key)
}

impl fmt::Display for ViewingFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = self.entries.len();
        write!(f, "view keys of {count} {}", if count == 1 { "subject" } else { "subjects" })
    }
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString as _;

    use super::*;

    fn subject(byte: u8) -> PublicKey {
        PublicKey([byte; 32])
    }

    fn file(subjects: &[(u8, u8, &str)]) -> ViewingFile {
        let mut file = ViewingFile::default();
        for (byte, key, custodian) in subjects {
            let custodian = custodian.parse().unwrap();
            file.insert(custodian, subject(*byte), ViewKey::new([*key; 32])).unwrap();
        }
        file
    }

    fn refused(text: &str) -> (DecodeProblem, u64, String) {
        let error = ViewingFile::decode(text.as_bytes()).unwrap_err();
        (error.problem, error.offset, error.path)
    }

    #[test]
    fn file_reads_back_and_looks_as_it_is_described() {
        let file = file(&[(0xab, 0xcd, "st-mary.example"), (0x01, 0x02, "clinic")]);
        let text = file.encode();
        let lines = [
            format!("{} {} clinic\n", "01".repeat(32), "02".repeat(32)),
            format!("{} {} st-mary.example\n", "AB".repeat(32), "CD".repeat(32)),
        ];
        assert_eq!(*text, [FORMAT, WARNING, &lines[0], &lines[1]].concat());
        assert_eq!(ViewingFile::decode(text.as_bytes()), Ok(file.clone()));
        assert_eq!(file.view_key(&subject(0xab)), Some(&ViewKey::new([0xcd; 32])));
        assert_eq!(file.view_key(&subject(0xcd)), None);
        let empty = ViewingFile::default();
        assert_eq!(ViewingFile::decode(empty.encode().as_bytes()), Ok(empty));
    }

    #[test]
    fn no_other_text_reads_as_the_same_file() {
        let file = file(&[(1, 2, "a"), (3, 4, "b")]);
        let text = file.encode();
        for at in 0..text.len() {
            let cut = ViewingFile::decode(&text.as_bytes()[..at]);
            assert_ne!(cut.as_ref(), Ok(&file), "cut at {at}");
            for bit in 0..8 {
                let mut changed = text.as_bytes().to_vec();
                changed[at] ^= 1 << bit;
                if let Ok(changed) = ViewingFile::decode(&changed) {
                    assert_ne!(changed, file, "bit {bit} of {at}");
                }
            }
        }
    }

    #[test]
    fn deviations_are_refused_where_they_stand() {
        let text = file(&[(1, 2, "a"), (3, 4, "b")]).encode();
        let head = FORMAT.len() + WARNING.len();
        let line = 64 + 1 + 64 + 1 + 1 + 1;
        let at = |offset: usize| u64::try_from(offset).unwrap();
        let (first, second) = text.split_at(head).1.split_at(line);
        let with = |lines: &str| format!("{FORMAT}{WARNING}{lines}");
        let path = |field: &str| -> String { format!("subjects[0]{field}") };

        let version = text.replace("view/1", "view/2");
        assert_eq!(refused(&version), (DecodeProblem::UnknownVariant, 13, "format".into()));
        let warning = text.replace("OPENS", "HAS");
        let offset = FORMAT.len() + WARNING.find("OPENS").unwrap();
        assert_eq!(
            refused(&warning),
            (DecodeProblem::UnknownVariant, at(offset), "warning".into())
        );
        assert_eq!(refused(""), (DecodeProblem::Truncated, 0, "format".into()));
        assert_eq!(refused(FORMAT), (DecodeProblem::Truncated, 15, "warning".into()));

        let lower = with(&first.replace("01 ", "0a "));
        assert_eq!(refused(&lower), (DecodeProblem::Text, at(head + 63), path(".subject")));
        let short = with(first.split_at(2).1);
        assert_eq!(refused(&short), (DecodeProblem::Length, at(head), path(".subject")));
        let key = with(&first.replace("02 ", "0 "));
        assert_eq!(refused(&key), (DecodeProblem::Length, at(head + 65), path(".view_key")));
        let custodian = with(&first.replace(" a", " a b"));
        assert_eq!(refused(&custodian), (DecodeProblem::Text, at(head + 130), path(".custodian")));
        let missing = with(&first.replace(" a", ""));
        assert_eq!(refused(&missing), (DecodeProblem::Missing, at(head + 129), path(".custodian")));
        let cut = with(first.trim_end());
        assert_eq!(refused(&cut), (DecodeProblem::Truncated, at(head + line - 1), path("")));

        for lines in [[second, first].concat(), [first, first].concat()] {
            let expected =
                (DecodeProblem::NotCanonical, at(head + line), "subjects[1].subject".into());
            assert_eq!(refused(&with(&lines)), expected);
        }
        let windows = text.replace('\n', "\r\n");
        assert_eq!(refused(&windows).0, DecodeProblem::UnknownVariant);
        let mut binary = text.as_bytes().to_vec();
        binary.push(0xff);
        let error = ViewingFile::decode(&binary).unwrap_err();
        assert_eq!((error.problem, error.offset), (DecodeProblem::Text, at(text.len())));
    }

    #[test]
    fn files_are_merged_unless_they_contradict_each_other() {
        let mut merged = file(&[(1, 1, "a"), (2, 2, "b")]);
        merged.merge(file(&[(2, 2, "b"), (3, 3, "c")])).unwrap();
        assert_eq!(merged, file(&[(1, 1, "a"), (2, 2, "b"), (3, 3, "c")]));

        let before = merged.clone();
        for other in [file(&[(0, 0, "a"), (2, 9, "b")]), file(&[(0, 0, "a"), (2, 2, "a")])] {
            assert_eq!(merged.merge(other), Err(ViewConflict { subject: subject(2) }));
            assert_eq!(merged, before, "all or nothing");
        }
        let inserted = merged.insert("b".parse().unwrap(), subject(2), ViewKey::new([9; 32]));
        assert_eq!(inserted, Err(ViewConflict { subject: subject(2) }));
        assert_eq!(merged, before);
    }

    #[test]
    fn nothing_but_the_text_of_the_file_shows_a_key() {
        let file = file(&[(0x11, 0xee, "a")]);
        let debug = format!("{file:?} {file}");
        assert!(debug.contains("ViewKey(..)") && debug.contains(&"11".repeat(32)), "{debug}");
        assert!(debug.ends_with("view keys of 1 subject"), "{debug}");
        for spelling in ["EE", "ee", "238"] {
            assert!(!debug.contains(spelling), "{debug}");
        }
        assert!(file.encode().to_string().contains(&"EE".repeat(32)));
    }
}
