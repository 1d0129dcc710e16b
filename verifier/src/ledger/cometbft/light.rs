//! Light blocks: signed headers with their validator sets, adjacent or skipping heights.
//!
//! CometBFT v0.38.21 `light/verifier.go` and `spec/light-client`.

mod light_block;
mod step;

use alloc::{
    boxed::Box,
    collections::{BTreeMap, VecDeque},
    format,
    string::ToString as _,
    sync::Arc,
    vec::Vec,
};

pub use light_block::LightBlock;
pub use step::{LightOptions, LightVerdict, TrustedState, verify_step};

use super::{
    commit::{
        BlockIdFlag, Commit,
        verify::{CommitContext, verify_commit},
    },
    header::Header,
    places::{count_elements, elements},
    rules::{
        At, Rules, decode, differ, show, verify_anchor, verify_header_fields, verify_proposer,
        verify_set, verify_time_increases, verify_validators_hash, within_limit,
    },
    validator::{ValidatorList, ValidatorSet},
};
use crate::{
    anchor::Anchors,
    check::CheckId,
    encoding::{hex::Hash, protobuf::Reader, time::Timestamp, to_u64},
    limits::Limits,
    policy::{Policy, Signatures},
    report::{BlockPoint, Locus, Missing, Reason, SkipReason},
    snapshot::{Kind, Manifest},
    verification::recorder::{Place, Recorder, Stop},
};

/// A light block whose own rules hold.
#[derive(Clone, Copy, Debug)]
struct LinkedHeader {
    point: BlockPoint,
    next_validators_hash: Option<Hash>,
}

/// A linked header that trust has reached: an anchor's, the next after a trusted one, or one that
/// enough trusted power signed. Made by [`LightChain::verify_trust`], and for a single step from the
/// state that its caller trusts.
#[derive(Clone, Copy, Debug)]
struct TrustedHeader(LinkedHeader);

/// Follows light blocks in ascending order.
///
/// Ascending order is bisection over what the file holds: each header is reached from the
/// nearest trusted one below it.
#[derive(Debug)]
pub(crate) struct LightChain {
    anchors: Arc<Anchors>,
    policy: Policy,
    limits: Limits,
    manifest: Manifest,
    held: VecDeque<Arc<ValidatorSet>>,
    last: Option<LinkedHeader>,
    trusted: Option<TrustedHeader>,
    /// Why headers at the end of an unbroken row of hash links are not trusted: a trusted header
    /// further along that row proves them.
    pending: Option<Reason>,
    /// Why headers before a gap are not trusted: nothing will prove them any more.
    lost: Option<Reason>,
    /// Heights of anchors that have not come yet.
    unmet: Vec<u64>,
    /// Whether neighbors must be linked by hash. A single step of a light client does not look.
    needs_links: bool,
}

impl LightChain {
    pub(crate) fn new(
        anchors: Arc<Anchors>,
        policy: Policy,
        limits: Limits,
        manifest: Manifest,
    ) -> Self {
        let unmet = anchors.anchors.iter().map(|anchor| anchor.height).collect();
        Self {
            anchors,
            policy,
            limits,
            manifest,
            held: VecDeque::new(),
            last: None,
            trusted: None,
            pending: None,
            lost: None,
            unmet,
            needs_links: true,
        }
    }

    pub(crate) fn last_point(&self) -> Option<BlockPoint> {
        self.last.map(|last| last.point)
    }

    /// Why not every header is trusted, although nothing failed.
    pub(crate) fn doubt(&self) -> Option<Reason> {
        let unmet = self.unmet.first().map(|height| Reason::AnchorOutOfRange { height: *height });
        unmet.or_else(|| self.lost.clone()).or_else(|| self.pending.clone())
    }

    pub(crate) fn item(
        &mut self,
        recorder: &mut Recorder,
        kind: Kind,
        bytes: &[u8],
        offset: u64,
    ) -> Result<(), Stop> {
        let at = At { height: None, offset };
        let holds = matches!(kind, Kind::Validators | Kind::LightBlock);
        recorder.require(CheckId::SnapshotOrder, holds, || {
            let evidence =
                differ(&format!("{kind:?} among light blocks"), &"light blocks and sets");
            (at.locus("snapshot"), evidence)
        })?;
        if kind == Kind::LightBlock {
            return self.light_block(recorder, bytes, at);
        }
        within_limit(count_elements(bytes, &[1]), self.limits.validators, "validators", at)?;
        let list = decode::<ValidatorList>(recorder, bytes, at, "validators")?;
        let set = verify_set(recorder, &list, at, "validators")?;
        self.hold(set);
        Ok(())
    }

    fn hold(&mut self, set: Arc<ValidatorSet>) {
        if self.held.iter().any(|held| held.hash() == set.hash()) {
            return;
        }
        self.held.push_back(set);
        if to_u64(self.held.len()) > self.limits.held_sets {
            self.held.pop_front();
        }
    }

    fn light_block(&mut self, recorder: &mut Recorder, bytes: &[u8], at: At) -> Result<(), Stop> {
        for path in [&[2, 1][..], &[1, 2, 4]] {
            within_limit(count_elements(bytes, path), self.limits.validators, "validators", at)?;
        }
        let block = decode::<LightBlock>(recorder, bytes, at, "light_block")?;
        let header = &block.signed_header.header;
        let at = At { height: Some(header.height), ..at };
        let hash = verify_header_fields(recorder, header, &self.manifest.chain_id, at)?;
        let point = BlockPoint { height: header.height, hash, time: header.time };
        self.verify_links(recorder, header, at)?;
        let set = verify_set(recorder, &block.validators, at, "light_block.validator_set")?;
        verify_validators_hash(recorder, header, &set, at)?;
        verify_proposer(recorder, header, &set, at)?;
        let signed_header = elements(Reader::new(bytes), 1).next();
        let context = CommitContext {
            chain_id: &self.manifest.chain_id,
            height: header.height,
            block_hash: hash,
            parts: None,
            set: &set,
            rules: Rules::of(self.anchors.profile_at(header.height.saturating_add(1))),
            signatures: self.policy.signatures,
            counts: true,
            place: Place::LightCommit,
            path: "light_block.signed_header.commit",
            at,
            bytes: signed_header.and_then(|signed| elements(signed, 2).next()),
        };
        verify_commit(recorder, &block.signed_header.commit, &context)?;
        self.verify_clock(recorder, header, at)?;
        verify_anchor(recorder, &self.anchors, header.height, &hash, at)?;
        let linked = LinkedHeader { point, next_validators_hash: header.next_validators_hash };
        let reached = self.verify_trust(recorder, &block.signed_header.commit, &set, linked)?;
        self.follow(linked, reached);

        for check in [CheckId::BlockDataHash, CheckId::BlockLastCommitHash, CheckId::HeaderTime] {
            recorder.skip(check, SkipReason::NotGiven);
        }
        if self.held.back().is_none_or(|held| held.hash() != set.hash()) {
            recorder.new_set();
        }
        self.hold(set);
        recorder.end_block(Some(point), 0);
        Ok(())
    }

    /// Takes a header into the row, and whether trust has reached it or why not.
    fn follow(&mut self, linked: LinkedHeader, reached: Result<TrustedHeader, Reason>) {
        let height = linked.point.height;
        self.unmet.retain(|unmet| *unmet != height);
        let is_next = self.last.is_none_or(|l| l.point.height.saturating_add(1) == height);
        if !is_next {
            self.lost = self.lost.take().or_else(|| self.pending.take());
        }
        self.last = Some(linked);
        match reached {
            Ok(trusted) => {
                // Hash links prove whatever stands before it without a gap.
                self.trusted = Some(trusted);
                self.pending = None;
            }
            Err(doubt) => self.pending = self.pending.take().or(Some(doubt)),
        }
    }

    /// Heights ascend, time increases, and neighbors fit.
    fn verify_links(&self, recorder: &mut Recorder, header: &Header, at: At) -> Result<(), Stop> {
        let Some(last) = self.last else {
            let first = self.manifest.first;
            return recorder.require(CheckId::HeaderHeight, header.height == first, || {
                (at.locus("header.height"), differ(&header.height, &first))
            });
        };
        recorder.require(CheckId::HeaderHeight, header.height > last.point.height, || {
            let evidence = differ(&header.height, &format!("more than {}", last.point.height));
            (at.locus("header.height"), evidence)
        })?;
        verify_time_increases(recorder, header.time, last.point.time, at)?;
        if header.height != last.point.height.saturating_add(1) {
            return Ok(());
        }
        if self.needs_links {
            let is_linked = header.last_block_id.hash == Some(last.point.hash);
            recorder.require(CheckId::HeaderLastBlockHash, is_linked, || {
                let evidence = differ(&show(header.last_block_id.hash), &last.point.hash);
                (at.locus("header.last_block_id.hash"), evidence)
            })?;
        }
        // > Check the validator hashes are the same
        recorder.require(
            CheckId::HeaderNextValidatorsHash,
            header.validators_hash == last.next_validators_hash,
            || {
                let evidence =
                    differ(&show(header.validators_hash), &show(last.next_validators_hash));
                (at.locus("header.validators_hash"), evidence)
            },
        )
    }

    /// > untrusted.time < now + maxClockDrift
    fn verify_clock(&self, recorder: &mut Recorder, header: &Header, at: At) -> Result<(), Stop> {
        let Some(now) = self.policy.now else {
            recorder.skip(CheckId::LightClockDrift, SkipReason::Policy);
            return Ok(());
        };
        let holds = !is_in_future(header.time, now, self.policy.clock_drift);
        recorder.require(CheckId::LightClockDrift, holds, || {
            let evidence =
                differ(&header.time, &format!("before {now} and {} s", self.policy.clock_drift));
            (at.locus("header.time"), evidence)
        })
    }

    /// Decides whether trust reaches a header by itself. Returns why not, if it does not.
    fn verify_trust(
        &self,
        recorder: &mut Recorder,
        commit: &Commit,
        set: &ValidatorSet,
        linked: LinkedHeader,
    ) -> Result<Result<TrustedHeader, Reason>, Stop> {
        let height = linked.point.height;
        if self.anchors.anchors.iter().any(|anchor| anchor.height == height) {
            return Ok(Ok(TrustedHeader(linked)));
        }
        let Some(TrustedHeader(trusted)) = self.trusted else {
            // Before the first anchor: only an unbroken row of hash links will reach it.
            return Ok(Err(Reason::Incomplete(Missing::Links)));
        };
        if let (Some(now), Some(period)) = (self.policy.now, self.policy.trusting_period) {
            let holds = !is_expired(trusted.point.time, now, period);
            recorder.require(CheckId::LightTrustingPeriod, holds, || {
                let evidence =
                    differ(&trusted.point.time, &format!("within {period} s before {now}"));
                // The trusted header came before: its bytes are gone.
                let height = Some(trusted.point.height);
                let path = "header.time".to_string();
                (Locus { height, path, offset: None, source: None }, evidence)
            })?;
        } else {
            recorder.skip(CheckId::LightTrustingPeriod, SkipReason::Policy);
        }
        if height == trusted.point.height.saturating_add(1) {
            // Its set is the one that the trusted header names: checked with the links.
            return Ok(Ok(TrustedHeader(linked)));
        }
        let next = trusted.next_validators_hash;
        let Some(trusted_set) = self.held.iter().find(|set| Some(set.hash()) == next) else {
            return Ok(Err(Reason::Incomplete(Missing::TrustedValidators)));
        };
        let tallied = tally_trusted(commit, set, trusted_set);
        let enough = self.policy.trust_level.is_exceeded_by(tallied, trusted_set.total_power());
        if enough || recorder.is_disabled(CheckId::LightTrust) {
            recorder.pass(CheckId::LightTrust);
            return Ok(Ok(TrustedHeader(linked)));
        }
        Ok(Err(Reason::NotEnoughTrust))
    }

    pub(crate) fn end(&mut self, recorder: &mut Recorder, offset: u64) -> Result<(), Stop> {
        let last = self.last.map_or(0, |last| last.point.height);
        let at = At { height: self.last.map(|last| last.point.height), offset };
        if self.policy.signatures == Signatures::HashLinks {
            return Err(Stop::Inconclusive(Reason::Policy, Box::default()));
        }
        recorder.require(CheckId::SnapshotManifest, last == self.manifest.last, || {
            (at.locus("manifest.last"), differ(&self.manifest.last, &last))
        })
    }
}

pub(crate) fn is_in_future(time: Timestamp, now: Timestamp, drift: u64) -> bool {
    let bound = now.as_nanos().saturating_add(i128::from(drift).saturating_mul(1_000_000_000));
    time.as_nanos() >= bound
}

pub(crate) fn is_expired(trusted: Timestamp, now: Timestamp, period: u64) -> bool {
    let end = trusted.as_nanos().saturating_add(i128::from(period).saturating_mul(1_000_000_000));
    end <= now.as_nanos()
}

/// The power that validators of `trusted` gave to the block.
///
/// A validator is known by its key: the one at the entry's index in `own`, under which the entry's
/// signature is checked in full. The entry's address would not do, since it is not signed and
/// some eras do not bind it to the index. Keys stand once in a set, so nobody counts twice.
///
/// # Cost
/// O(n log n).
pub(crate) fn tally_trusted(commit: &Commit, own: &ValidatorSet, trusted: &ValidatorSet) -> u64 {
    let powers: BTreeMap<_, _> =
        trusted.members().iter().map(|member| (member.key, member.power)).collect();
    let votes = commit.signatures.iter().zip(own.members());
    votes
        .filter(|(entry, _)| entry.flag == BlockIdFlag::Commit)
        .filter_map(|(_, member)| powers.get(&member.key))
        .fold(0, |sum, power| sum.saturating_add(*power))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trust_ends_with_its_period_and_the_future_begins_with_the_drift() {
        let time = |seconds, nanos| Timestamp { seconds, nanos };
        let expired = |now| is_expired(time(100, 5), now, 10);
        assert_eq!([time(110, 4), time(110, 5), time(110, 6)].map(expired), [false, true, true]);
        let in_future = |of| is_in_future(of, time(100, 5), 10);
        assert_eq!([time(110, 4), time(110, 5), time(110, 6)].map(in_future), [false, true, true]);
    }
}
