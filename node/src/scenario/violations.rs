//! Which violations are planted, and how many.

use std::{fs, io, path::PathBuf, str::FromStr};

use super::plant::IDS;
use crate::numbers::{Draw, Use};

/// What is planted.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub enum Violations {
    /// One of each.
    #[default]
    All,
    /// So many accesses in a million, of every violation about as many.
    Rate(u64),
    /// So many of each that is listed.
    Counts(Vec<(&'static str, u64)>),
}

/// Why a text says nothing of violations.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ViolationsError {
    /// The file cannot be read.
    #[error("neither `all`, nor a rate such as 0.02, nor a file: {}: {error}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// A line of the file.
    #[error("line {line}: expected a violation and a count, such as `V03 = 2`")]
    Line {
        /// Number of the line, from 1.
        line: usize,
    },
}

impl FromStr for Violations {
    type Err = ViolationsError;

    /// `all`, a rate from 0 to 1 with at most six decimals, or the path of a file.
    fn from_str(text: &str) -> Result<Self, ViolationsError> {
        if text == "all" {
            return Ok(Self::All);
        }
        if let Some(rate) = parse_rate(text) {
            return Ok(Self::Rate(rate));
        }
        let path = PathBuf::from(text);
        match fs::read_to_string(&path) {
            Ok(text) => Self::parse(&text),
            Err(error) => Err(ViolationsError::Read { path, error }),
        }
    }
}

impl Violations {
    /// Reads a TOML file of lines such as `V03 = 2`.
    ///
    /// # Errors
    /// The first line that is something else.
    pub fn parse(text: &str) -> Result<Self, ViolationsError> {
        let mut counts = Vec::new();
        for (line, content) in (1..).zip(text.lines()) {
            let content = content.split('#').next().unwrap_or_default().trim();
            if content.is_empty() {
                continue;
            }
            let entry = content.split_once('=').and_then(|(id, count)| {
                let id = IDS.into_iter().find(|known| *known == id.trim())?;
                Some((id, count.trim().parse().ok()?))
            });
            counts.push(entry.ok_or(ViolationsError::Line { line })?);
        }
        Ok(Self::Counts(counts))
    }

    /// The violations to plant, one after another.
    pub(super) fn list(&self, accesses: u64, seed: u64) -> Vec<&'static str> {
        match self {
            Self::All => IDS.to_vec(),
            Self::Rate(rate) => {
                let count = accesses.saturating_mul(*rate) / 1_000_000;
                let mut ids = IDS;
                Draw::new(seed, 1, Use::Scenario).shuffle(&mut ids);
                let count = usize::try_from(count).unwrap_or(usize::MAX);
                ids.into_iter().cycle().take(count).collect()
            }
            Self::Counts(counts) => {
                let repeated = counts.iter().flat_map(|(id, count)| {
                    std::iter::repeat_n(*id, usize::try_from(*count).unwrap_or(usize::MAX))
                });
                repeated.collect()
            }
        }
    }
}

/// A decimal from 0 to 1 in millionths.
fn parse_rate(text: &str) -> Option<u64> {
    let (whole, decimals) = text.split_once('.').unwrap_or((text, "0"));
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    if !is_number(whole) || !is_number(decimals) || decimals.len() > 6 {
        return None;
    }
    let whole: u64 = whole.parse().ok()?;
    let millionths: u64 = format!("{decimals:0<6}").parse().ok()?;
    let rate = whole.checked_mul(1_000_000)?.checked_add(millionths)?;
    (rate <= 1_000_000).then_some(rate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rate_is_read_in_millionths() {
        for (text, rate) in [("0", 0), ("0.02", 20_000), ("1", 1_000_000), ("0.000001", 1)] {
            assert_eq!(text.parse::<Violations>().unwrap(), Violations::Rate(rate));
        }
        for text in ["1.1", "-1", "0.0000001", "", ".", "2"] {
            assert!(text.parse::<Violations>().is_err(), "{text}");
        }
    }

    #[test]
    fn list_of_counts_is_read_line_by_line() {
        let text = "# comment\nV03 = 2\n\nV28=1 # once\n";
        let counts = Violations::parse(text).unwrap();
        assert_eq!(counts, Violations::Counts(vec![("V03", 2), ("V28", 1)]));
        assert_eq!(counts.list(200, 1), ["V03", "V03", "V28"]);
        for (text, line) in [("V03", 1), ("V03 = 1\nV30 = 1", 2), ("V39 = 1", 1), ("V01 = x", 1)] {
            let error = Violations::parse(text).unwrap_err();
            assert!(matches!(error, ViolationsError::Line { line: at } if at == line), "{text}");
        }
    }

    #[test]
    fn rate_takes_every_violation_about_as_often() {
        let list = Violations::Rate(20_000).list(37 * 100, 1);
        assert_eq!(list.len(), 74);
        assert!(IDS.iter().all(|id| list.iter().filter(|other| *other == id).count() == 2));
    }
}
