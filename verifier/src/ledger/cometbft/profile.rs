//! Profiles: the rules of one era of CometBFT, frozen as data.

use core::fmt;

use crate::signature::SignatureRule;

/// How the address in a commit entry relates to the validator at its index.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum AddressRule {
    /// It must be that validator's address (since the fix of CSA-2026-001 "Tachyon").
    MustMatch,
    /// Nodes of this era did not look; a difference is reported as a finding.
    Unchecked,
}

/// How a block's time follows from the last commit.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum TimeRule {
    /// Weighted median over COMMIT and NIL votes.
    MedianOfAllVotes,
    /// Weighted median over COMMIT votes.
    MedianOfCommitVotes,
    /// Asserted by the proposer (PBTS): it cannot be derived again from the ledger.
    Asserted,
}

/// The rules of one era. Neither a header nor a node's version says which one applies: the anchor does.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
#[non_exhaustive]
pub enum Profile {
    /// Tendermint and CometBFT 0.34.
    V0_34,
    /// 0.37.0 to 0.37.17.
    V0_37_0,
    /// 0.37.18 and later 0.37.
    V0_37,
    /// 0.38.0 to 0.38.20.
    V0_38_0,
    /// 0.38.21 and later 0.38, 0.39.
    V0_38,
    /// 0.40.
    V0_40,
    /// 1.0 with proposer-based timestamps off.
    V1_0,
    /// 1.0 with proposer-based timestamps on.
    V1_0Pbts,
}

impl Profile {
    /// Every profile, oldest first.
    pub const ALL: [Self; 8] = [
        Self::V0_34,
        Self::V0_37_0,
        Self::V0_37,
        Self::V0_38_0,
        Self::V0_38,
        Self::V0_40,
        Self::V1_0,
        Self::V1_0Pbts,
    ];

    /// The name in an anchor.
    pub const fn name(self) -> &'static str {
        match self {
            Self::V0_34 => "cometbft-0.34",
            Self::V0_37_0 => "cometbft-0.37.0",
            Self::V0_37 => "cometbft-0.37",
            Self::V0_38_0 => "cometbft-0.38.0",
            Self::V0_38 => "cometbft-0.38",
            Self::V0_40 => "cometbft-0.40",
            Self::V1_0 => "cometbft-1.0",
            Self::V1_0Pbts => "cometbft-1.0-pbts",
        }
    }

    /// The profile of a name, in any letter case.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|profile| profile.name().eq_ignore_ascii_case(name))
    }

    /// Which Ed25519 signatures validators accept (`crypto/ed25519/ed25519.go` of each line).
    pub const fn signature_rule(self) -> SignatureRule {
        match self {
            Self::V0_34 | Self::V0_37_0 | Self::V0_37 => SignatureRule::GoEd25519,
            Self::V0_38_0 | Self::V0_38 | Self::V0_40 | Self::V1_0 | Self::V1_0Pbts => {
                SignatureRule::Zip215
            }
        }
    }

    /// Whether commit entries are bound to their index by address.
    pub const fn address_rule(self) -> AddressRule {
        match self {
            Self::V0_34 | Self::V0_37_0 | Self::V0_38_0 | Self::V1_0 | Self::V1_0Pbts => {
                AddressRule::Unchecked
            }
            Self::V0_37 | Self::V0_38 | Self::V0_40 => AddressRule::MustMatch,
        }
    }

    /// How block time is derived (`state/state.go`, `MedianTime` of each line).
    pub const fn time_rule(self) -> TimeRule {
        match self {
            Self::V0_34
            | Self::V0_37_0
            | Self::V0_37
            | Self::V0_38_0
            | Self::V0_38
            | Self::V1_0 => TimeRule::MedianOfAllVotes,
            Self::V0_40 => TimeRule::MedianOfCommitVotes,
            Self::V1_0Pbts => TimeRule::Asserted,
        }
    }
}

impl fmt::Display for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
