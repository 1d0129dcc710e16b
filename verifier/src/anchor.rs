//! Trust anchors: what the user knows of the ledger from elsewhere.

use alloc::{
    string::{String, ToString},
    vec::Vec,
};
use core::fmt;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use crate::{
    encoding::{hex::Hash, time::Timestamp, to_u64},
    ledger::cometbft::{header::CHAIN_ID_LENGTH, profile::Profile},
    limits::Limits,
};

/// Characters of a chain id that stand for themselves in an anchor (RFC 3986 §2.3, unreserved).
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// One line that can be read over a telephone:
/// `cometbft-0.38/<chain id, percent-encoded>/<height>/<64 hex digits of the header hash>`.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct TrustAnchor {
    /// The rules at this height.
    pub profile: Profile,
    /// Chain id.
    pub chain_id: String,
    /// Height, 1 or more.
    pub height: u64,
    /// Header hash at that height.
    pub header_hash: Hash,
}

impl fmt::Display for TrustAnchor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let chain_id = utf8_percent_encode(&self.chain_id, ENCODED);
        write!(f, "{}/{chain_id}/{}/{}", self.profile, self.height, self.header_hash)
    }
}

/// What is wrong with a line of an anchor text.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum AnchorProblem {
    /// Not four parts between slashes, nor `era`, `at-least` or `as-of`.
    #[error("expected profile/chain-id/height/header-hash, `era`, `at-least` or `as-of`")]
    Shape,
    /// A profile that this version does not know.
    #[error(
        "unknown profile; known are cometbft-0.34, -0.37.0, -0.37, -0.38.0, -0.38, -0.40, -1.0 and -1.0-pbts"
    )]
    Profile,
    /// Not a percent-encoded chain id of 1 to 50 bytes.
    #[error("not a percent-encoded chain id of 1 to 50 bytes")]
    ChainId,
    /// Not a height of 1 or more, in plain digits.
    #[error("not a height: digits without leading zeros, 1 or more")]
    Height,
    /// Not 64 hex digits.
    #[error("not 64 hex digits of a header hash")]
    HeaderHash,
    /// Not an RFC 3339 time in UTC.
    #[error("not a time like 2026-11-23T12:00:00Z")]
    Time,
    /// An era that does not come after the one before, or stands twice.
    #[error("eras must be in ascending order of height")]
    EraOrder,
    /// A statement that stands twice.
    #[error("stands twice")]
    Twice,
    /// More lines than the limits allow.
    #[error("more lines than the limits allow")]
    Limit,
}

/// A text that is not anchors: which line, and why.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("anchor, line {line}: {problem}")]
pub struct AnchorError {
    /// Line, from 1.
    pub line: u64,
    /// What is wrong with it.
    pub problem: AnchorProblem,
}

/// Everything an anchor text says. All of it must hold.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Anchors {
    /// Anchors, in the order of the text.
    pub anchors: Vec<TrustAnchor>,
    /// `era H P`: from block H's header and last commit on, profile P governs. Ascending.
    pub eras: Vec<(u64, Profile)>,
    /// `at-least H`: a ledger that ends before H is stale.
    pub at_least: Option<u64>,
    /// `as-of T`: a ledger whose last block is before T is stale.
    pub as_of: Option<Timestamp>,
}

/// Why anchors cannot all hold.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum AnchorConflict {
    /// Two hashes for one height.
    Hash,
    /// Two chain ids.
    ChainId,
    /// An anchor's profile is not the one in force at its height.
    Profile,
    /// No profile is given for the first heights of the snapshot.
    NoProfile,
}

impl Anchors {
    /// Reads one anchor line or a whole anchor file. `#` starts a comment.
    ///
    /// # Errors
    /// The first line that is none.
    pub fn parse(text: &str, limits: &Limits) -> Result<Self, AnchorError> {
        let mut anchors = Self::default();
        for (index, line) in text.lines().enumerate() {
            let line_number = to_u64(index).saturating_add(1);
            let content = line.split('#').next().unwrap_or_default().trim();
            if content.is_empty() {
                continue;
            }
            anchors
                .parse_line(content, limits)
                .map_err(|problem| AnchorError { line: line_number, problem })?;
        }
        Ok(anchors)
    }

    fn parse_line(&mut self, line: &str, limits: &Limits) -> Result<(), AnchorProblem> {
        let mut words = line.split_ascii_whitespace();
        match (words.next(), words.next(), words.next(), words.next()) {
            (Some("era"), Some(height), Some(profile), None) => {
                let height = parse_height(height)?;
                let profile = Profile::from_name(profile).ok_or(AnchorProblem::Profile)?;
                if self.eras.last().is_some_and(|(before, _)| *before >= height) {
                    return Err(AnchorProblem::EraOrder);
                }
                self.eras.push((height, profile));
            }
            (Some("at-least"), Some(height), None, None) => {
                set_once(&mut self.at_least, parse_height(height)?)?;
            }
            (Some("as-of"), Some(time), None, None) => {
                set_once(&mut self.as_of, Timestamp::parse(time).ok_or(AnchorProblem::Time)?)?;
            }
            (Some(anchor), None, None, None) => self.anchors.push(anchor.parse()?),
            _ => return Err(AnchorProblem::Shape),
        }
        let lines = to_u64(self.anchors.len()).saturating_add(to_u64(self.eras.len()));
        if lines > limits.anchors { Err(AnchorProblem::Limit) } else { Ok(()) }
    }

    /// Whether the anchors contradict each other before any file is read.
    pub fn conflict(&self) -> Option<AnchorConflict> {
        let first = self.anchors.first()?;
        for (index, anchor) in self.anchors.iter().enumerate() {
            if anchor.chain_id != first.chain_id {
                return Some(AnchorConflict::ChainId);
            }
            let same_height =
                self.anchors.iter().take(index).find(|other| other.height == anchor.height);
            if same_height.is_some_and(|other| other.header_hash != anchor.header_hash) {
                return Some(AnchorConflict::Hash);
            }
            if self.profile_at(anchor.height) != Some(anchor.profile) {
                return Some(AnchorConflict::Profile);
            }
        }
        None
    }

    /// The profile in force for the header and last commit of the block at `height`.
    ///
    /// From an era's height on its profile; before the first era, the profile of the anchors there.
    pub fn profile_at(&self, height: u64) -> Option<Profile> {
        if let Some((_, profile)) = self.eras.iter().rev().find(|(from, _)| *from <= height) {
            return Some(*profile);
        }
        let first_era = self.eras.first().map_or(u64::MAX, |(from, _)| *from);
        self.anchors.iter().find(|anchor| anchor.height < first_era).map(|anchor| anchor.profile)
    }

    /// The lines again, in canonical spelling.
    pub fn to_lines(&self) -> Vec<String> {
        let anchors = self.anchors.iter().map(ToString::to_string);
        let eras =
            self.eras.iter().map(|(height, profile)| alloc::format!("era {height} {profile}"));
        let at_least = self.at_least.iter().map(|height| alloc::format!("at-least {height}"));
        let as_of = self.as_of.iter().map(|time| alloc::format!("as-of {time}"));
        anchors.chain(eras).chain(at_least).chain(as_of).collect()
    }
}

impl core::str::FromStr for TrustAnchor {
    type Err = AnchorProblem;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut parts = text.split('/');
        let (Some(profile), Some(chain_id), Some(height), Some(hash), None) =
            (parts.next(), parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(AnchorProblem::Shape);
        };
        let profile = Profile::from_name(profile).ok_or(AnchorProblem::Profile)?;
        let written = chain_id;
        let chain_id = percent_decode_str(written)
            .decode_utf8()
            .map_err(|_| AnchorProblem::ChainId)?
            .to_string();
        // One spelling, but for the case of the hex digits.
        let encoded = utf8_percent_encode(&chain_id, ENCODED).to_string();
        let is_canonical = encoded.eq_ignore_ascii_case(written);
        if chain_id.is_empty() || chain_id.len() > CHAIN_ID_LENGTH || !is_canonical {
            return Err(AnchorProblem::ChainId);
        }
        let height = parse_height(height)?;
        let header_hash = Hash::from_hex(hash).ok_or(AnchorProblem::HeaderHash)?;
        Ok(Self { profile, chain_id, height, header_hash })
    }
}

fn parse_height(text: &str) -> Result<u64, AnchorProblem> {
    let plain = text.bytes().all(|byte| byte.is_ascii_digit()) && !text.starts_with('0');
    text.parse()
        .ok()
        .filter(|height| plain && *height <= i64::MAX.unsigned_abs())
        .ok_or(AnchorProblem::Height)
}

fn set_once<T>(slot: &mut Option<T>, value: T) -> Result<(), AnchorProblem> {
    match slot.replace(value) {
        None => Ok(()),
        Some(_) => Err(AnchorProblem::Twice),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HASH: &str = "CDA6C557FDA53B7A7105262EEF0BE58801CE514B3D4C9A26892A483CD7AC2D79";

    fn parse(text: &str) -> Result<Anchors, AnchorError> {
        Anchors::parse(text, &Limits::default())
    }

    #[test]
    fn anchor_is_read_in_any_letter_case_and_written_in_one() {
        let line = alloc::format!("cometbft-0.38/vidimus-live-038/99/{HASH}");
        let lower =
            alloc::format!("  CometBFT-0.38/vidimus-live-038/99/{}  # head", HASH.to_lowercase());
        assert_eq!(parse(&line), parse(&lower));
        assert_eq!(parse(&lower).unwrap().to_lines(), [line]);
    }

    #[test]
    fn chain_id_with_any_character_survives() {
        let chain_id = "a/b c#%\u{e9}\n";
        let anchor = TrustAnchor {
            profile: Profile::V1_0Pbts,
            chain_id: chain_id.into(),
            height: 7,
            header_hash: Hash::from_hex(HASH).unwrap(),
        };
        assert_eq!(parse(&anchor.to_string()).unwrap().anchors, [anchor]);
    }

    #[test]
    fn lines_that_are_no_anchor_are_named() {
        let problem = |text: &str| parse(text).unwrap_err();
        for (text, expected) in [
            ("x", AnchorProblem::Shape),
            ("cometbft-9/c/1/00", AnchorProblem::Profile),
            ("cometbft-0.38//1/00", AnchorProblem::ChainId),
            ("cometbft-0.38/c/01/00", AnchorProblem::Height),
            ("cometbft-0.38/c/0/00", AnchorProblem::Height),
            ("cometbft-0.38/c/9223372036854775808/00", AnchorProblem::Height),
            ("cometbft-0.38/c/1/00", AnchorProblem::HeaderHash),
            ("as-of 2026", AnchorProblem::Time),
            ("at-least 5\nat-least 6", AnchorProblem::Twice),
            ("era 5 cometbft-0.38\nera 5 cometbft-0.40", AnchorProblem::EraOrder),
        ] {
            assert_eq!(problem(text).problem, expected, "{text}");
        }
        assert_eq!(problem("# ok\n\nx").line, 3);
    }

    #[test]
    fn conflicts_are_seen_before_any_file_is_read() {
        let other = HASH.replace('C', "D");
        let conflict = |text: &str| parse(text).unwrap().conflict();
        let a = alloc::format!("cometbft-0.38/c/9/{HASH}\n");
        assert_eq!(
            conflict(&alloc::format!("{a}cometbft-0.38/c/9/{other}")),
            Some(AnchorConflict::Hash)
        );
        assert_eq!(
            conflict(&alloc::format!("{a}cometbft-0.38/d/8/{other}")),
            Some(AnchorConflict::ChainId)
        );
        assert_eq!(
            conflict(&alloc::format!("{a}cometbft-0.40/c/8/{other}")),
            Some(AnchorConflict::Profile)
        );
        assert_eq!(
            conflict(&alloc::format!("{a}era 12 cometbft-0.40\ncometbft-0.40/c/12/{other}")),
            None
        );
        assert_eq!(
            conflict(&alloc::format!("era 9 cometbft-0.40\n{a}")),
            Some(AnchorConflict::Profile)
        );
    }

    #[test]
    fn era_governs_from_its_block_on() {
        let anchors =
            parse(&alloc::format!("cometbft-0.38/c/9/{HASH}\nera 20 cometbft-0.40")).unwrap();
        assert_eq!(anchors.profile_at(19), Some(Profile::V0_38));
        assert_eq!(anchors.profile_at(20), Some(Profile::V0_40));
    }

    #[test]
    fn era_says_nothing_of_the_blocks_before_it() {
        let text = alloc::format!("cometbft-0.40/c/20/{HASH}\nera 20 cometbft-0.40");
        let anchors = parse(&text).unwrap();
        assert_eq!(anchors.conflict(), None);
        assert_eq!(anchors.profile_at(19), None);
    }

    #[test]
    fn limit_is_on_anchors_and_eras_together() {
        let limits = Limits { anchors: 2, ..Limits::default() };
        let two = alloc::format!("cometbft-0.38/c/9/{HASH}\nera 20 cometbft-0.40");
        assert!(Anchors::parse(&two, &limits).is_ok());
        let three = alloc::format!("{two}\nera 30 cometbft-0.40");
        let error = Anchors::parse(&three, &limits).unwrap_err();
        assert_eq!((error.line, error.problem), (3, AnchorProblem::Limit));
    }

    #[test]
    fn chain_id_may_be_as_long_as_cometbft_allows() {
        let anchor = |length| alloc::format!("cometbft-0.38/{}/9/{HASH}", "c".repeat(length));
        assert!(parse(&anchor(CHAIN_ID_LENGTH)).is_ok());
        assert_eq!(
            parse(&anchor(CHAIN_ID_LENGTH + 1)).unwrap_err().problem,
            AnchorProblem::ChainId
        );
    }
}
