//! The policy: what must be shown. It comes from the user; the file never lowers it.

use core::fmt;

use serde::{Deserialize, Serialize};

use crate::encoding::time::Timestamp;

/// How much of the ledger must be in the snapshot and proven.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Require {
    /// Headers, commits and validator sets.
    Headers,
    /// Whole blocks.
    #[default]
    Ledger,
    /// Whole blocks and the re-execution of the consent contract.
    Contract,
}

/// Which commit signatures are checked.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Signatures {
    /// Every COMMIT and NIL signature.
    #[default]
    All,
    /// None: an anchor at or after the last block proves every earlier one by hash links.
    /// Participation of validators is then not proven. Without such an anchor the policy cannot be met.
    HashLinks,
}

/// A fraction of the voting power, between 1/3 and 1.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct TrustLevel {
    numerator: u32,
    denominator: u32,
}

impl TrustLevel {
    /// One third, the default of every light client.
    pub const ONE_THIRD: Self = Self { numerator: 1, denominator: 3 };

    /// `None` outside of [1/3, 1] (CometBFT v0.38.21 `light/verifier.go`, `ValidateTrustLevel`).
    pub fn new(numerator: u32, denominator: u32) -> Option<Self> {
        let (n, d) = (u64::from(numerator), u64::from(denominator));
        (d > 0 && n.saturating_mul(3) >= d && n <= d).then_some(Self { numerator, denominator })
    }

    /// Whether `tallied` is more than this fraction of `total`, in wide integers.
    pub fn is_exceeded_by(self, tallied: u64, total: u64) -> bool {
        let left = u128::from(tallied).saturating_mul(u128::from(self.denominator));
        left > u128::from(total).saturating_mul(u128::from(self.numerator))
    }
}

impl fmt::Display for TrustLevel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.numerator, self.denominator)
    }
}

impl core::str::FromStr for TrustLevel {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let parse = || {
            let (numerator, denominator) = text.split_once('/')?;
            Self::new(numerator.parse().ok()?, denominator.parse().ok()?)
        };
        parse().ok_or("a trust level is a fraction from 1/3 to 1/1")
    }
}

impl Serialize for TrustLevel {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for TrustLevel {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = alloc::string::String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// What a verification must show, and the facts it may assume.
///
/// As a file it is JSON, every field optional: `{"require": "ledger", "signatures": "all",
/// "trust_level": "1/3", "trusting_period": "1209600", "clock_drift": "10", "now": "2026-11-23T12:00:00Z"}`.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Policy {
    /// How much must be proven.
    pub require: Require,
    /// Which signatures are checked.
    pub signatures: Signatures,
    /// Power that must carry over when light blocks skip heights.
    pub trust_level: TrustLevel,
    /// Seconds for which a header may be trusted when light blocks skip heights; needs `now`.
    #[serde(with = "crate::report::optional_decimal")]
    pub trusting_period: Option<u64>,
    /// Seconds by which a header may be ahead of `now`.
    #[serde(with = "crate::report::decimal")]
    pub clock_drift: u64,
    /// The time of the verification. The library reads no clock.
    pub now: Option<Timestamp>,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            require: Require::default(),
            signatures: Signatures::default(),
            trust_level: TrustLevel::ONE_THIRD,
            trusting_period: None,
            clock_drift: 10,
            now: None,
        }
    }
}

impl Policy {
    /// Reads a policy file.
    ///
    /// # Errors
    /// What is wrong with the JSON and where.
    pub fn from_json(text: &str) -> Result<Self, PolicyError> {
        serde_json::from_str(text).map_err(|error| PolicyError {
            line: error.line(),
            column: error.column(),
            message: alloc::string::ToString::to_string(&error),
        })
    }
}

/// A policy file that is not one.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("policy file: {message}")]
pub struct PolicyError {
    /// Line, from 1.
    pub line: usize,
    /// Column, from 1.
    pub column: usize,
    /// What is wrong.
    pub message: alloc::string::String,
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString as _;

    use super::*;

    #[test]
    fn fraction_is_exceeded_by_more_than_it_alone() {
        let level = TrustLevel::ONE_THIRD;
        assert_eq!(level.to_string(), "1/3");
        assert_eq!(
            [0, 1, 2, 3].map(|tallied| level.is_exceeded_by(tallied, 3)),
            [false, false, true, true]
        );
        assert!(!level.is_exceeded_by(u64::MAX / 3, u64::MAX));
        assert!(level.is_exceeded_by(u64::MAX / 3 + 1, u64::MAX));
    }
}
