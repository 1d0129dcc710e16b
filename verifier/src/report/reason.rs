//! Why there is no verdict, in a code and in a sentence.

use alloc::string::{String, ToString as _};

/// Why there is no verdict.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Reason {
    /// No anchor was given.
    Unanchored,
    /// The anchors contradict each other.
    AnchorConflict(crate::anchor::AnchorConflict),
    /// An anchor is of another chain than the snapshot.
    AnchorChain,
    /// An anchor's height is not in the snapshot.
    AnchorOutOfRange {
        /// Its height.
        height: u64,
    },
    /// A packet does not lead over a block that an anchor was given for.
    AnchorSkipped {
        /// Its height.
        height: u64,
    },
    /// A packet begins at another height than any anchor.
    AnchorElsewhere {
        /// The height that it begins at.
        height: u64,
    },
    /// The snapshot ends before `at-least` or `as-of`.
    Stale,
    /// The policy asks for something that is not there.
    Incomplete(Missing),
    /// Something this version does not verify.
    Unsupported(Unsupported),
    /// The policy cannot be met with these anchors.
    Policy,
    /// A limit was reached.
    Limit(&'static str),
    /// Not enough trusted power carries over to a later light block.
    NotEnoughTrust,
    /// The user stopped it.
    Cancelled,
    /// The file changed while it was read.
    ChangedFile,
    /// The verifier itself failed.
    Engine,
}

/// What is missing for a verdict.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Missing {
    /// Blocks: the snapshot holds headers only.
    Blocks,
    /// The commit of the last block.
    LastCommit,
    /// The validator set that trust starts from.
    TrustedValidators,
    /// Headers between two heights, for hash links back from an anchor.
    Links,
    /// Something a raw export leaves out.
    FromExport(String),
    /// The contract's state at the first block.
    State,
    /// The consent contract: another application runs on the chain.
    Contract,
    /// The contract's re-execution: a packet has none.
    Execution,
    /// The document that a packet is about.
    Document,
    /// A claim about a document that was given.
    Claim,
    /// The snapshot has no blocks at all.
    Everything,
}

/// What this version does not verify.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Unsupported {
    /// A validator key of another type than Ed25519.
    KeyType(&'static str),
    /// Another ledger family than CometBFT.
    Family,
    /// Re-execution of the consent contract.
    Contract,
}

impl Reason {
    /// The code in a report.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unanchored => "unanchored",
            Self::AnchorConflict(_) => "anchor-conflict",
            Self::AnchorChain => "anchor-chain",
            Self::AnchorOutOfRange { .. }
            | Self::AnchorSkipped { .. }
            | Self::AnchorElsewhere { .. } => "anchor-out-of-range",
            Self::Stale => "stale",
            Self::Incomplete(_) => "incomplete",
            Self::Unsupported(_) => "unsupported",
            Self::Policy => "policy",
            Self::Limit(_) => "limit",
            Self::NotEnoughTrust => "not-enough-trust",
            Self::Cancelled => "cancelled",
            Self::ChangedFile => "changed-file",
            Self::Engine => "engine",
        }
    }

    /// What happened and what to do, in plain words.
    pub fn sentence(&self) -> String {
        use crate::anchor::AnchorConflict;
        match self {
            Self::Unanchored => "No trust anchor was given. The snapshot is consistent as far as it was checked, but anybody can make a consistent one: get an anchor from somebody you trust, not from this file.".to_string(),
            Self::AnchorConflict(AnchorConflict::Hash) => "Two anchors give different header hashes for one height. Both cannot be right: ask where each came from.".to_string(),
            Self::AnchorConflict(AnchorConflict::ChainId) => "The anchors are of different chains. Give the anchors of one ledger.".to_string(),
            Self::AnchorConflict(AnchorConflict::Profile) => "An anchor's profile is not the one in force at its height. Check the profiles and the `era` lines.".to_string(),
            Self::AnchorConflict(AnchorConflict::NoProfile) => "No anchor and no `era` line says which rules govern the first blocks of the snapshot. Add an anchor before the first era, or an era that begins with them.".to_string(),
            Self::AnchorChain => "The anchor is of another chain than the snapshot. Either the wrong file or the wrong anchor was given.".to_string(),
            Self::AnchorOutOfRange { height } => alloc::format!("The anchor's height, {height}, is not in the snapshot. Ask for a snapshot that holds it, or for an anchor within the snapshot's range."),
            Self::AnchorSkipped { height } => alloc::format!("An anchor was given for block {height}, and the packet does not lead over it: old validators could have signed something else. Ask for a packet that starts at that block, or leave that anchor out if the other ones are enough for you."),
            Self::AnchorElsewhere { height } => alloc::format!("The packet begins at block {height}, and no anchor of that height was given. Get the anchor of that block from somebody you trust, or ask for a packet that is made for yours."),
            Self::Stale => "What was given ends before the height or time that the anchor asks for. Something later may have been left out: ask for a newer one.".to_string(),
            Self::Incomplete(Missing::Blocks) => "The snapshot holds headers only, and the policy asks for whole blocks. What is in the blocks is not shown.".to_string(),
            Self::Incomplete(Missing::LastCommit) => "The commit of the last block is missing, so nothing shows that it was decided. Export /commit at that height.".to_string(),
            Self::Incomplete(Missing::TrustedValidators) => "The validator set that the anchor's header names for the next block is missing, so nothing after the anchor can be checked.".to_string(),
            Self::Incomplete(Missing::Links) => "Headers between an older block and the anchor are missing, so the older block is not linked to it.".to_string(),
            Self::Incomplete(Missing::FromExport(what)) => alloc::format!("The export is incomplete: {what}."),
            Self::Incomplete(Missing::State) => "The state of the consent contract at the first block is missing, so the contract cannot be run again. Ask for a snapshot with the state.".to_string(),
            Self::Incomplete(Missing::Contract) => "The policy asks for the consent contract, and it was run over no block: another application runs on the chain, or no block follows the first.".to_string(),
            Self::Incomplete(Missing::Execution) => "The policy asks for the consent contract to be run again, and an evidence packet holds what validators signed, not what they ran it over. Verify a snapshot, or ask for less.".to_string(),
            Self::Incomplete(Missing::Document) => "The packet is about a document, which was not given. Give the document itself, so that it can be compared.".to_string(),
            Self::Incomplete(Missing::Claim) => "A document was given that no claim of the packet is about. Leave it out, or ask for a packet about it.".to_string(),
            Self::Incomplete(Missing::Everything) => "The snapshot holds no blocks.".to_string(),
            Self::Unsupported(Unsupported::KeyType(kind)) => alloc::format!("A validator has a key of type {kind}, which this version does not verify."),
            Self::Unsupported(Unsupported::Family) => "The snapshot is of a ledger family that this version does not verify.".to_string(),
            Self::Unsupported(Unsupported::Contract) => "The blocks are of a version of the consent contract that this version cannot run again.".to_string(),
            Self::Policy => "The policy asks for hash links only, which prove blocks only up to an anchor. Give an anchor at the last block, or let signatures be checked.".to_string(),
            Self::Limit(limit) => alloc::format!("The input is beyond the limit `{limit}`. If you trust it not to be hostile, raise the limit."),
            Self::NotEnoughTrust => "Too few of the validators trusted so far signed a later header. Add the headers in between.".to_string(),
            Self::Cancelled => "The verification was stopped before its end.".to_string(),
            Self::ChangedFile => "The file changed while it was being read. Copy it to a place where nothing writes to it and start again.".to_string(),
            Self::Engine => "The verifier stopped unexpectedly. This says nothing about the file; start again, and report it if it happens twice.".to_string(),
        }
    }
}

#[cfg(test)]
mod tests {
    use alloc::collections::BTreeSet;

    use super::*;
    use crate::anchor::AnchorConflict;

    #[test]
    fn every_reason_has_a_sentence_of_its_own() {
        let reasons = [
            Reason::Unanchored,
            Reason::AnchorConflict(AnchorConflict::Hash),
            Reason::AnchorConflict(AnchorConflict::ChainId),
            Reason::AnchorConflict(AnchorConflict::Profile),
            Reason::AnchorConflict(AnchorConflict::NoProfile),
            Reason::AnchorChain,
            Reason::AnchorOutOfRange { height: 7 },
            Reason::AnchorSkipped { height: 7 },
            Reason::AnchorElsewhere { height: 7 },
            Reason::Stale,
            Reason::Incomplete(Missing::Blocks),
            Reason::Incomplete(Missing::LastCommit),
            Reason::Incomplete(Missing::TrustedValidators),
            Reason::Incomplete(Missing::Links),
            Reason::Incomplete(Missing::State),
            Reason::Incomplete(Missing::Contract),
            Reason::Incomplete(Missing::Document),
            Reason::Incomplete(Missing::Everything),
            Reason::Unsupported(Unsupported::KeyType("secp256k1")),
            Reason::Unsupported(Unsupported::Family),
            Reason::Unsupported(Unsupported::Contract),
            Reason::Policy,
            Reason::Limit("x"),
            Reason::NotEnoughTrust,
            Reason::Cancelled,
            Reason::ChangedFile,
            Reason::Engine,
        ];
        let sentences: BTreeSet<_> = reasons.iter().map(Reason::sentence).collect();
        assert_eq!(sentences.len(), reasons.len());
        assert!(sentences.iter().all(|sentence| sentence.ends_with('.')), "{sentences:?}");
        assert!(Reason::AnchorOutOfRange { height: 7 }.sentence().contains(" 7,"));
    }
}
