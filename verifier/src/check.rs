//! The catalogue of checks. An id is one rule: in code, report, documentation and tests.

use core::fmt;

macro_rules! catalogue {
    ($($variant:ident $id:literal $step:literal $source:literal, $says:literal, $why:literal;)*) => {
        /// One rule of the catalogue, named by the fault-free state. Ids are never reused.
        #[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
        #[non_exhaustive]
        pub enum CheckId {
            $(#[doc = $says] $variant,)*
        }

        impl CheckId {
            /// Every check, in the order in which the procedure runs them.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The id in reports and documentation, `<noun>.<rule>`.
            pub const fn id(self) -> &'static str {
                match self { $(Self::$variant => $id),* }
            }

            /// Step of the procedure in `docs/verification.md`.
            pub const fn step(self) -> &'static str {
                match self { $(Self::$variant => $step),* }
            }

            /// Where the rule comes from.
            pub const fn source(self) -> &'static str {
                match self { $(Self::$variant => $source),* }
            }

            /// What holds when the check passes, in one sentence.
            pub const fn says(self) -> &'static str {
                match self { $(Self::$variant => $says),* }
            }

            /// Why it matters, and what a failure can mean.
            pub const fn why(self) -> &'static str {
                match self { $(Self::$variant => $why),* }
            }
        }
    };
}

catalogue! {
    ImportDecoded "import.decoded" "1" "CometBFT RPC openapi.yaml; RFC 8259",
        "Every value of a raw export is strict JSON in a form that CometBFT's RPC gives.",
        "Two programs may read loose JSON differently. A file that is not exactly what a node prints is not evidence of what the node said.";
    ImportConsistent "import.consistent" "1" "docs/snapshot-format.md",
        "Values of a raw export that say the same thing say it alike.",
        "Two different headers, blocks or validator lists for one height mean that the export mixes ledgers or was edited.";
    SnapshotFraming "snapshot.framing" "1" "docs/snapshot-format.md; RFC 8742; RFC 8949 §4.2.1",
        "The file is a sequence of known items, each in its one encoding.",
        "Bytes that no rule covers could hide or change something.";
    SnapshotManifest "snapshot.manifest" "1" "docs/snapshot-format.md",
        "The manifest names the family, chain and range that the items then hold.",
        "A manifest that promises more or other blocks than follow is a lie or a mix-up.";
    SnapshotOrder "snapshot.order" "1" "docs/snapshot-format.md",
        "Items stand in the order of the format, none twice and none without use.",
        "Reordered or duplicated items are not what a node exported.";
    SnapshotComplete "snapshot.complete" "1" "docs/snapshot-format.md",
        "The end marker is there, its counts agree, and nothing follows.",
        "A copy that was cut off must not look like a shorter ledger.";
    BlockEncoding "block.encoding" "2" "CometBFT types.proto; ADR-027",
        "Blocks, commits, sets and results are in CometBFT's one encoding.",
        "Another encoding of the same values has other hashes; accepting it would let one block have two identities.";
    HeaderWellFormed "header.well-formed" "3.1" "CometBFT types/block.go Header.ValidateBasic",
        "Header fields have the sizes that CometBFT allows.",
        "A header without a validators hash, for one, has no hash at all.";
    HeaderVersion "header.version" "3.1" "CometBFT version/version.go",
        "The header is of block protocol 11.",
        "Other protocols hash and sign differently.";
    HeaderChainId "header.chain-id" "3.1" "CVE-2022-23507",
        "The header belongs to the chain of the anchor.",
        "Blocks of another ledger, even with the same validators, prove nothing about this one.";
    HeaderHeight "header.height" "3.2" "CometBFT state/validation.go",
        "Heights follow each other without gap or repetition.",
        "A missing block hides what was in it.";
    HeaderLastBlockHash "header.last-block-hash" "3.2" "CometBFT state/validation.go",
        "The header names the hash of the block before it.",
        "This link makes the blocks a chain: changing an old block breaks every later one.";
    HeaderLastPartSet "header.last-part-set" "3.2" "CometBFT types/part_set.go",
        "The header names the part set of the block before it.",
        "The part set covers every byte of that block, also those that the header hash does not.";
    BlockFirst "block.first" "3.2" "CometBFT state/validation.go",
        "The chain's first block names no block before it and carries no commit.",
        "A chain that starts in the middle must not be passed off as complete.";
    BlockDataHash "block.data-hash" "3.3" "CometBFT types/tx.go",
        "The header's data hash is that of the transactions.",
        "Otherwise transactions were added, dropped, changed or reordered.";
    BlockLastCommitHash "block.last-commit-hash" "3.3" "CometBFT types/block.go Commit.Hash",
        "The header's last-commit hash is that of the signatures in the block.",
        "Otherwise the record of who signed the block before was changed.";
    BlockEvidenceHash "block.evidence-hash" "3.3" "CometBFT types/evidence.go",
        "The header's evidence hash is that of the evidence in the block.",
        "Otherwise proof of a validator's misbehavior was added, dropped or changed.";
    EvidenceDuplicateVote "evidence.duplicate-vote" "3.4" "CometBFT evidence/verify.go",
        "Duplicate-vote evidence shows two signed votes of one validator for different blocks.",
        "Evidence that proves nothing would defame a validator.";
    EvidenceUnique "evidence.unique" "3.4" "CometBFT evidence/pool.go CheckEvidence",
        "No evidence stands twice in the blocks.",
        "One misdeed shown twice would look like two, and be punished twice.";
    ValidatorsPower "validators.power" "3.5" "CometBFT types/validator_set.go",
        "Every voting power is positive and the total within CometBFT's bound.",
        "An overflowing total could make a minority look like a quorum.";
    ValidatorsAddress "validators.address" "3.5" "ISA-2025-003",
        "Every validator's address is that of its key.",
        "The address is in no hash. A wrong one lets a signature be counted for another validator.";
    ValidatorsOrder "validators.order" "3.5" "CometBFT types/validator_set.go",
        "Validators are ordered by power, then address.",
        "The order decides whose signature stands where.";
    ValidatorsUnique "validators.unique" "3.5" "ISA-2025-003",
        "No validator stands twice in a set.",
        "A validator listed twice would be counted twice.";
    HeaderValidatorsHash "header.validators-hash" "3.5" "CometBFT types/validator_set.go Hash",
        "The header commits to the validator set that signs it.",
        "Otherwise keys could be swapped for the forger's own.";
    HeaderNextValidatorsHash "header.next-validators-hash" "3.5" "CometBFT state/validation.go",
        "The header commits to the set that signs the next block.",
        "Trust moves from set to set only through this field.";
    HeaderProposer "header.proposer" "3.5" "CometBFT state/validation.go",
        "The proposer is a member of the set.",
        "A block proposed from outside was not made by this network.";
    HeaderConsensusHash "header.consensus-hash" "3.6" "CometBFT types/params.go HashedParams",
        "The header commits to the consensus parameters given.",
        "Other block limits than the network's would be passed off as its own.";
    HeaderLastResultsHash "header.last-results-hash" "3.6" "CometBFT types/results.go",
        "The header commits to the results of the block before it.",
        "Otherwise what a transaction was answered was changed.";
    GenesisInitialHeight "genesis.initial-height" "3.6" "CometBFT types/genesis.go",
        "The first block has the initial height of the genesis document.",
        "Otherwise blocks before it are missing, or the document is another chain's.";
    GenesisTime "genesis.time" "3.6" "CometBFT state/validation.go",
        "The first block has the time of the genesis document.",
        "Otherwise the document is another chain's.";
    CommitHeight "commit.height" "3.7" "CometBFT types/validation.go",
        "The commit is for the height of its block.",
        "A commit of another height proves nothing here.";
    CommitBlockHash "commit.block-hash" "3.7" "CometBFT types/validation.go",
        "The commit is for the hash of its block.",
        "Signatures over another block prove nothing here.";
    CommitPartSet "commit.part-set" "3.7" "CometBFT types/part_set.go",
        "The commit is for the part set of its block's bytes.",
        "Validators sign the whole block through it, not only the header.";
    CommitLength "commit.length" "3.7" "CometBFT types/validation.go",
        "The commit has one entry for each validator of the set.",
        "Entries are matched to validators by position.";
    CommitEntry "commit.entry" "3.7" "CometBFT types/block.go CommitSig.ValidateBasic",
        "Each entry has the shape of its flag: a vote with address and signature, or nothing.",
        "An absent vote with content could smuggle in something unsigned.";
    CommitAddress "commit.address" "3.7" "CSA-2026-001",
        "Each entry's address is that of the validator at its position.",
        "The address is not signed. A foreign one once let an attacker move the block time.";
    CommitSignature "commit.signature" "3.7" "CometBFT types/validation.go; ZIP 215",
        "Every signature for the block and for no block is valid.",
        "A signature that does not verify was forged, damaged, or made for something else.";
    CommitQuorum "commit.quorum" "3.7" "CometBFT types/validation.go",
        "Validators with more than two thirds of the power signed the block.",
        "Less than that and another block may have been decided at this height.";
    HeaderTimeMonotonic "header.time-monotonic" "3.8" "CometBFT state/validation.go",
        "Block time strictly increases.",
        "Time that stands still or runs back would upset every order of events.";
    HeaderTime "header.time" "3.8" "CometBFT state/state.go MedianTime",
        "Block time is the weighted median of the validators' own times.",
        "Consents begin and end by this clock; a proposer must not set it alone.";
    ContractState "contract.state" "3.9" "docs/contract.md",
        "The contract's state at the start is that of the first header's app hash.",
        "Consents, keys and rules that the network does not have would decide everything after them.";
    ContractResults "contract.results" "3.9" "docs/contract.md",
        "Running the block again gives the results that the next header commits to.",
        "Otherwise the validators recorded a decision that the contract does not make: an access was passed off as covered, or a record as refused.";
    ContractSignature "contract.signature" "3.9" "docs/contract.md",
        "Every record that the contract accepted is signed by its signer.",
        "A record that nobody signed was put in somebody's mouth, with the validators' help.";
    ContractAppHash "contract.app-hash" "3.9" "docs/contract.md",
        "Running the block again gives the state that the next header commits to.",
        "Otherwise the validators' consents, keys or logs are not those that the records make.";
    ContractValidators "contract.validators" "3.9" "docs/contract.md; CometBFT state/execution.go updateState",
        "The set of the block after the next is what governance's records make of the set before it.",
        "Validators that nobody appointed would decide from there on.";
    LightTrust "light.trust" "4" "CometBFT light/verifier.go VerifyNonAdjacent",
        "Validators that were trusted before signed the later header with enough power.",
        "Skipping blocks is safe only while enough of the known validators still sign.";
    LightTrustingPeriod "light.trusting-period" "4" "CometBFT light/verifier.go",
        "The header that trust starts from is not older than the trusting period.",
        "Validators that left long ago have nothing to lose by signing another history.";
    LightClockDrift "light.clock-drift" "4" "CometBFT light/verifier.go",
        "The header's time is not in the future of the given time.",
        "Validators can sign blocks of the future in advance.";
    AnchorHeaderHash "anchor.header-hash" "5" "docs/verification.md",
        "The header at the anchor's height has the anchor's hash.",
        "This is the one fact that does not come from the file. If it differs, the file is another ledger, or the anchor was mistyped.";
    PacketEncoding "packet.encoding" "7.1" "docs/packet-format.md; RFC 8949 §4.2.1",
        "The packet, and every proof and record in it, is in its one encoding.",
        "Bytes that no rule covers could hide or change something.";
    PacketReferences "packet.references" "7.1" "docs/packet-format.md",
        "What a link or a claim refers to is in the packet, and is of the kind that it needs.",
        "A proof that is said to be elsewhere is no proof.";
    PacketLinks "packet.links" "7.3" "docs/packet-format.md",
        "Each header is reached once, by a link from one that was reached before.",
        "A header that nothing ties to the anchor may be of any ledger.";
    ClaimHeader "claim.header" "7.4" "docs/packet-format.md",
        "The results of a block are read from the header after it.",
        "Another header attests other results.";
    RecordTransaction "record.transaction" "7.4" "RFC 9162 §2.1.3; CometBFT types/tx.go",
        "The record is the transaction of its index, among as many as are said, of the block.",
        "Otherwise the record, its place or the number of transactions was changed.";
    RecordResult "record.result" "7.4" "RFC 9162 §2.1.3; CometBFT types/results.go",
        "The result is that of the record's transaction.",
        "Otherwise the decision was changed, or is that on another record.";
    StateProof "state.proof" "7.4" "docs/state.md",
        "The proof of an entry leads to the app hash of the header.",
        "The entry is of another state, of another key, or was changed.";
    StateValue "state.value" "7.4" "docs/contract.md",
        "The entry says what the claim says, or is not there if the claim says so.",
        "A consent that stands could be passed off as none.";
    LogEntry "log.entry" "7.4" "docs/state.md; RFC 9162 §2.1.3",
        "The record stands in the log with its height, its index and its result.",
        "Otherwise the record, its place or the decision on it was changed.";
    LogComplete "log.complete" "7.4" "docs/state.md; RFC 9162 §2.1",
        "The records are all that the log has between two blocks, in its order and of its subject.",
        "A record was left out, added, changed or moved.";
    DocumentIncluded "document.included" "7.4" "docs/anchor-trees.md",
        "The document is a leaf of the tree that the anchor record holds the root of.",
        "It is another document, was changed, or was never anchored.";
    PacketUsed "packet.used" "7.5" "docs/packet-format.md",
        "Every header, set and commit is needed by a link or a claim.",
        "What is not needed was never compared with anything.";
}

impl fmt::Display for CheckId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}

impl CheckId {
    /// The check of an id.
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|check| check.id() == id)
    }

    /// Position in [`Self::ALL`].
    #[expect(clippy::as_conversions, reason = "the discriminants of a fieldless enum count from 0")]
    pub(crate) const fn position(self) -> usize {
        self as usize
    }
}

impl serde::Serialize for CheckId {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.id())
    }
}

impl<'de> serde::Deserialize<'de> for CheckId {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let id = alloc::string::String::deserialize(deserializer)?;
        Self::from_id(&id).ok_or_else(|| serde::de::Error::custom("unknown check id"))
    }
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString as _;

    use super::*;

    #[test]
    fn every_check_has_its_place_and_one_id() {
        for (position, check) in CheckId::ALL.iter().enumerate() {
            assert_eq!(check.position(), position);
            assert_eq!(check.to_string(), check.id());
            assert_eq!(CheckId::from_id(check.id()), Some(*check));
        }
    }
}
