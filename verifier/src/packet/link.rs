//! How one header is reached from another.

use alloc::{format, sync::Arc, vec::Vec};

use super::{
    Bytes, Hashes,
    headers::{Headers, PacketHeader},
    only,
    verify::locus,
};
use crate::{
    check::CheckId,
    encoding::{
        DecodeProblem,
        cbor::{List, map},
        hex::Hash,
        protobuf::{Message as _, Reader},
    },
    ledger::cometbft::{
        block_id::{BlockId, PartSetHeader},
        commit::{
            Commit,
            verify::{CommitContext, verify_commit},
        },
        header::{FIELDS, LAST_BLOCK_ID},
        light::{is_expired, is_in_future, tally_trusted},
        places::count_elements,
        rules::{
            At, Rules, decode, differ, show, verify_proposer, verify_set, verify_validators_hash,
            within_limit,
        },
        validator::{ValidatorList, ValidatorSet},
    },
    merkle::{leaf_hash, proof::root_of_path},
    policy::{Policy, Signatures},
    report::{Reason, SkipReason},
    verification::recorder::{Place, Recorder, Stop},
};

/// Most headers that one link goes back over.
const MOST: usize = 1_000_000;

map! {
    /// One header is reached from another: forward by a commit over it, or back by the hashes of the
    /// headers before.
    pub struct Link checked by one_way {
        /// The header that was reached before.
        1 => from: u64,
        /// The header that is reached.
        2 => to: u64,
        /// Forward: what was signed.
        3 => commit: Option<CommitLink>,
        /// Back: the headers between the two, ascending.
        4 => between: List<Ancestor, 0, MOST>,
    }
}

map! {
    /// A commit over a header, and the sets that it is judged by.
    pub struct CommitLink {
        /// The commit.
        1 => commit: u64,
        /// The set that signs the header.
        2 => validators: u64,
        /// Where heights are skipped: the set that the earlier header names as the next.
        3 => trusted: Option<u64>,
    }
}

map! {
    /// A header between two others, as far as it is needed: its last block id, and the hashes beside it.
    pub struct Ancestor {
        /// Parts of the block before.
        1 => parts: u64,
        /// Hash of the part set of the block before, then the four hashes beside the last block id on the
        /// way to the header hash.
        2 => hashes: Hashes,
    }
}

fn one_way(link: &Link) -> Result<(), DecodeProblem> {
    only(link.commit.is_none() || link.between.is_empty())
}

impl Ancestor {
    /// The hash of the header, of which `before` is the hash of the header before it.
    fn compute_hash(&self, before: Hash) -> Option<Hash> {
        let (parts_hash, aunts) = self.hashes.split_first()?;
        let parts =
            PartSetHeader { total: u32::try_from(self.parts).ok()?, hash: Some(*parts_hash) };
        let id = BlockId { hash: Some(before), parts };
        root_of_path(&leaf_hash(&id.to_bytes()), LAST_BLOCK_ID, FIELDS, aunts)
    }
}

/// The sets and commits of a packet, and what of them was used.
pub(super) struct Signed<'a> {
    sets: Vec<Arc<ValidatorSet>>,
    commits: &'a [Bytes],
    used_sets: Vec<bool>,
    used_commits: Vec<bool>,
}

impl<'a> Signed<'a> {
    /// Reads the sets (step 3.5).
    pub(super) fn read(
        recorder: &mut Recorder,
        packet: &'a super::Packet,
        limit: u64,
    ) -> Result<Self, Stop> {
        let mut sets = Vec::new();
        for (index, bytes) in packet.sets.iter().enumerate() {
            let at = At { height: None, offset: bytes.offset() };
            within_limit(count_elements(bytes, &[1]), limit, "validators", at)?;
            let path = format!("sets[{index}]");
            let list = decode::<ValidatorList>(recorder, bytes, at, &path)?;
            sets.push(verify_set(recorder, &list, at, &path)?);
        }
        for bytes in packet.commits.iter() {
            let at = At { height: None, offset: bytes.offset() };
            within_limit(count_elements(bytes, &[4]), limit, "validators", at)?;
        }
        let (used_sets, used_commits) =
            (alloc::vec![false; sets.len()], alloc::vec![false; packet.commits.len()]);
        Ok(Self { sets, commits: &packet.commits, used_sets, used_commits })
    }

    /// Whether every set and commit was used.
    pub(super) fn are_used(&self) -> bool {
        self.used_sets.iter().chain(&self.used_commits).all(|is_used| *is_used)
    }

    fn set(&mut self, index: u64) -> Option<Arc<ValidatorSet>> {
        let index = usize::try_from(index).ok()?;
        *self.used_sets.get_mut(index)? = true;
        self.sets.get(index).map(Arc::clone)
    }

    fn commit(&mut self, index: u64) -> Option<&'a Bytes> {
        let index = usize::try_from(index).ok()?;
        *self.used_commits.get_mut(index)? = true;
        self.commits.get(index)
    }
}

impl Link {
    /// Reaches the header, or says why not.
    pub(super) fn verify(
        &self,
        recorder: &mut Recorder,
        headers: &mut Headers<'_>,
        signed: &mut Signed<'_>,
    ) -> Result<(), Stop> {
        let is_first = headers.is_reached(self.from) && !headers.is_reached(self.to);
        recorder.require(CheckId::PacketLinks, is_first, || {
            let expected = "from a header that was reached to one that was not";
            (locus("links"), differ(&format!("from {} to {}", self.from, self.to), &expected))
        })?;
        match &self.commit {
            Some(commit) => self.verify_forward(recorder, headers, signed, commit)?,
            None => self.verify_back(recorder, headers)?,
        }
        headers.use_header(self.from);
        headers.reach(self.to, self.commit.is_some());
        Ok(())
    }

    /// Steps 3.2, 3.5, 3.7 and 4 over two light blocks.
    fn verify_forward(
        &self,
        recorder: &mut Recorder,
        headers: &mut Headers<'_>,
        signed: &mut Signed<'_>,
        link: &CommitLink,
    ) -> Result<(), Stop> {
        recorder.require(CheckId::PacketLinks, headers.is_ahead(self.from), || {
            let expected = "from the start, or from a header that commits lead to from there";
            (
                locus("links.from"),
                differ(&"from a header that was reached by going back", &expected),
            )
        })?;
        let policy = headers.context.policy;
        if policy.signatures == Signatures::HashLinks {
            return Err(Stop::inconclusive(Reason::Policy));
        }
        let from = headers.referred(recorder, self.from, "links.from")?.clone();
        let to = headers.referred(recorder, self.to, "links.to")?.clone();
        headers.verify_next_anchor(from.point.height, to.point.height)?;
        let missing = |recorder: &mut Recorder, path: &str| {
            recorder.require(CheckId::PacketReferences, false, || {
                (locus(path), differ(&"an index of nothing", &"an index within its list"))
            })
        };
        let (Some(commit), Some(set)) = (signed.commit(link.commit), signed.set(link.validators))
        else {
            return missing(recorder, "links.commit");
        };
        let (header, height) = (&to.header, to.point.height);
        let at = to.at();
        recorder.require(CheckId::HeaderHeight, height > from.point.height, || {
            (
                at.locus("header.height"),
                differ(&height, &format!("more than {}", from.point.height)),
            )
        })?;
        verify_validators_hash(recorder, header, &set, at)?;
        verify_proposer(recorder, header, &set, at)?;
        let at_commit = At { height: Some(height), offset: commit.offset() };
        let decoded = decode::<Commit>(recorder, commit, at_commit, "commit")?;
        let context = CommitContext {
            chain_id: &header.chain_id,
            height,
            block_hash: to.point.hash,
            parts: None,
            set: &set,
            // A commit belongs to the era of the block that carries it.
            rules: Rules::of(headers.context.anchors.profile_at(height.saturating_add(1))),
            signatures: Signatures::All,
            counts: true,
            place: Place::Commit,
            path: "commit",
            at: at_commit,
            bytes: Some(Reader::new(commit)),
        };
        verify_commit(recorder, &decoded, &context)?;
        verify_clock(recorder, policy, &from, &to)?;
        let next = from.header.next_validators_hash;
        if height == from.point.height.saturating_add(1) {
            recorder.require(CheckId::PacketUsed, link.trusted.is_none(), || {
                (locus("links.trusted"), differ(&"a set", &"none: the headers are neighbors"))
            })?;
            let is_linked = header.last_block_id.hash == Some(from.point.hash);
            recorder.require(CheckId::HeaderLastBlockHash, is_linked, || {
                let evidence = differ(&show(header.last_block_id.hash), &from.point.hash);
                (at.locus("header.last_block_id.hash"), evidence)
            })?;
            return recorder.require(
                CheckId::HeaderNextValidatorsHash,
                header.validators_hash == next,
                || {
                    let evidence = differ(&show(header.validators_hash), &show(next));
                    (at.locus("header.validators_hash"), evidence)
                },
            );
        }
        let Some(trusted) = link.trusted.and_then(|trusted| signed.set(trusted)) else {
            return missing(recorder, "links.trusted");
        };
        recorder.require(
            CheckId::HeaderNextValidatorsHash,
            Some(trusted.hash()) == next,
            || (locus("links.trusted"), differ(&trusted.hash(), &show(next))),
        )?;
        let tallied = tally_trusted(&decoded, &set, &trusted);
        let is_enough = policy.trust_level.is_exceeded_by(tallied, trusted.total_power());
        if !is_enough && !recorder.is_disabled(CheckId::LightTrust) {
            return Err(Stop::inconclusive(Reason::NotEnoughTrust));
        }
        recorder.pass(CheckId::LightTrust);
        Ok(())
    }

    /// Every header names the hash of the one before it.
    fn verify_back(&self, recorder: &mut Recorder, headers: &mut Headers<'_>) -> Result<(), Stop> {
        let from = headers.referred(recorder, self.from, "links.from")?.clone();
        let to = headers.referred(recorder, self.to, "links.to")?.clone();
        let steps = from.point.height.checked_sub(to.point.height);
        let between = crate::encoding::to_u64(self.between.len());
        let at = from.at();
        recorder.require(CheckId::HeaderHeight, steps == between.checked_add(1), || {
            let claimed = format!("{between} headers between");
            let expected = format!("those from {} to {}", to.point.height, from.point.height);
            (at.locus("links.between"), differ(&claimed, &expected))
        })?;
        let mut computed = Some(to.point.hash);
        let mut known = Vec::new();
        for (ancestor, height) in self.between.iter().zip(to.point.height.saturating_add(1)..) {
            computed = computed.and_then(|before| ancestor.compute_hash(before));
            if headers.is_known(height) {
                known.extend(computed.map(|hash| (height, hash)));
            }
        }
        let claimed = from.header.last_block_id.hash;
        let holds = computed.is_some() && claimed == computed;
        recorder.require(CheckId::HeaderLastBlockHash, holds, || {
            (at.locus("header.last_block_id.hash"), differ(&show(claimed), &show(computed)))
        })?;
        for (height, hash) in known {
            headers.verify_between(recorder, height, &hash, from.offset)?;
        }
        Ok(())
    }
}

/// What depends on the time that it is now, if the policy says it.
fn verify_clock(
    recorder: &mut Recorder,
    policy: &Policy,
    from: &PacketHeader,
    to: &PacketHeader,
) -> Result<(), Stop> {
    if let Some(now) = policy.now {
        let holds = !is_in_future(to.header.time, now, policy.clock_drift);
        recorder.require(CheckId::LightClockDrift, holds, || {
            (
                to.at().locus("header.time"),
                differ(&to.header.time, &format!("before {now} and a drift")),
            )
        })?;
    } else {
        recorder.skip(CheckId::LightClockDrift, SkipReason::Policy);
    }
    if let (Some(now), Some(period)) = (policy.now, policy.trusting_period) {
        let holds = !is_expired(from.point.time, now, period);
        recorder.require(CheckId::LightTrustingPeriod, holds, || {
            let before = from.at();
            let expected = format!("within {period} s before {now}");
            (before.locus("header.time"), differ(&from.point.time, &expected))
        })?;
    } else {
        recorder.skip(CheckId::LightTrustingPeriod, SkipReason::Policy);
    }
    Ok(())
}
