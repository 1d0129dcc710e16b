//! The headers of a packet, and which of them trust has reached.

use alloc::{
    collections::BTreeSet,
    format,
    string::{String, ToString as _},
    vec::Vec,
};

use super::{
    Bytes, Packet,
    report::ClaimReport,
    verify::{Context, Outcome, locus},
};
use crate::{
    anchor::AnchorConflict,
    check::CheckId,
    encoding::{
        hex::{Address, Hash},
        to_u64,
    },
    ledger::cometbft::{
        header::Header,
        rules::{At, decode, differ, verify_anchor, verify_header_fields, verify_time_increases},
    },
    report::{BlockPoint, Locus, Reason},
    snapshot::Manifest,
    test_keys,
    verification::recorder::{Recorder, Stop},
};

/// A header, and whether trust reaches it from the start.
#[derive(Clone, Debug)]
pub(crate) struct PacketHeader {
    pub(crate) header: Header,
    pub(crate) point: BlockPoint,
    pub(crate) offset: u64,
    is_reached: bool,
    /// Whether it is the start, or was reached from there by commits alone.
    is_ahead: bool,
    pub(super) is_used: bool,
}

impl PacketHeader {
    /// Where it stands.
    pub(super) fn at(&self) -> At {
        At { height: Some(self.point.height), offset: self.offset }
    }
}

/// The headers of a packet.
pub(crate) struct Headers<'a> {
    pub(crate) context: Context<'a>,
    list: Vec<PacketHeader>,
    pub(super) chain_id: String,
    /// Addresses of validators whose keys are published.
    test_addresses: BTreeSet<Address>,
    /// Heights of anchors between two headers, whose hash a link back has shown.
    met_between: BTreeSet<u64>,
}

impl<'a> Headers<'a> {
    pub(super) fn read(
        recorder: &mut Recorder,
        packet: &Packet,
        context: Context<'a>,
    ) -> Result<Self, Stop> {
        let anchors = context.anchors;
        if let Some(conflict) = anchors.conflict() {
            return Err(Stop::inconclusive(Reason::AnchorConflict(conflict)));
        }
        let mut headers = Self {
            context,
            list: Vec::new(),
            chain_id: String::new(),
            test_addresses: test_keys::addresses(),
            met_between: BTreeSet::new(),
        };
        for (index, bytes) in packet.headers.iter().enumerate() {
            headers.push(recorder, bytes, index)?;
        }
        let start = headers.referred(recorder, packet.start, "start")?;
        (start.is_reached, start.is_ahead, start.is_used) = (true, true, true);
        let height = start.point.height;
        let is_met = anchors.anchors.iter().any(|anchor| anchor.height == height);
        if !anchors.anchors.is_empty() && !is_met {
            return Err(Stop::inconclusive(Reason::AnchorElsewhere { height }));
        }
        Ok(headers)
    }

    fn push(&mut self, recorder: &mut Recorder, bytes: &Bytes, index: usize) -> Result<(), Stop> {
        let at = At { height: None, offset: bytes.offset() };
        let decoded = decode::<Header>(recorder, bytes, at, &format!("headers[{index}]"))?;
        let header = decoded.into_inner();
        let at = At { height: Some(header.height), ..at };
        let anchors = self.context.anchors;
        if self.list.is_empty() {
            self.chain_id.clone_from(&header.chain_id);
            if anchors.anchors.iter().any(|anchor| anchor.chain_id != header.chain_id) {
                return Err(Stop::inconclusive(Reason::AnchorChain));
            }
            if !anchors.anchors.is_empty() && anchors.profile_at(header.height).is_none() {
                let conflict = AnchorConflict::NoProfile;
                return Err(Stop::inconclusive(Reason::AnchorConflict(conflict)));
            }
        }
        let hash = verify_header_fields(recorder, &header, &self.chain_id, at)?;
        if let Some(before) = self.list.last().map(|before| before.point) {
            recorder.require(CheckId::HeaderHeight, header.height > before.height, || {
                let expected = format!("more than {}", before.height);
                (at.locus("header.height"), differ(&header.height, &expected))
            })?;
            verify_time_increases(recorder, header.time, before.time, at)?;
        }
        verify_anchor(recorder, anchors, header.height, &hash, at)?;
        // Where links only go back the packet holds no set, and the proposer alone is named.
        if header.proposer_address.is_some_and(|address| self.test_addresses.contains(&address)) {
            recorder.test_keys();
        }
        let point = BlockPoint { height: header.height, hash, time: header.time };
        let (offset, is_reached, is_ahead, is_used) = (bytes.offset(), false, false, false);
        self.list.push(PacketHeader { header, point, offset, is_reached, is_ahead, is_used });
        Ok(())
    }

    fn position(&self, index: u64) -> Option<&PacketHeader> {
        self.list.get(usize::try_from(index).ok()?)
    }

    fn position_mut(&mut self, index: u64) -> Option<&mut PacketHeader> {
        self.list.get_mut(usize::try_from(index).ok()?)
    }

    pub(super) fn is_reached(&self, index: u64) -> bool {
        self.position(index).is_some_and(|header| header.is_reached)
    }

    /// Whether a commit may lead on from a header: not from one that was reached by going back, since old
    /// validators could then contradict what lies above it.
    pub(super) fn is_ahead(&self, index: u64) -> bool {
        self.position(index).is_some_and(|header| header.is_ahead)
    }

    /// Notes that a header is reached, and whether by a commit.
    pub(super) fn reach(&mut self, index: u64, is_ahead: bool) {
        if let Some(header) = self.position_mut(index) {
            (header.is_reached, header.is_ahead) = (true, is_ahead);
        }
    }

    /// Notes that a header is needed.
    pub(super) fn use_header(&mut self, index: u64) {
        if let Some(header) = self.position_mut(index) {
            header.is_used = true;
        }
    }

    /// The header of an index.
    pub(super) fn referred(
        &mut self,
        recorder: &mut Recorder,
        index: u64,
        path: &str,
    ) -> Result<&mut PacketHeader, Stop> {
        let most = to_u64(self.list.len());
        let header = usize::try_from(index).ok().and_then(|index| self.list.get_mut(index));
        recorder.require(CheckId::PacketReferences, header.is_some(), || {
            (locus(path), differ(&index, &format!("less than {most}")))
        })?;
        // With the check on, there is one.
        header.ok_or_else(|| Stop::inconclusive(Reason::Engine))
    }

    pub(super) fn verify_reached(&self, recorder: &mut Recorder) -> Result<(), Stop> {
        let missed = self.list.iter().find(|header| !header.is_reached);
        recorder.require(CheckId::PacketLinks, missed.is_none(), || {
            let height = missed.map(|header| header.point.height);
            let claimed = "a header that no link reaches";
            (Locus { height, ..locus("headers") }, differ(&claimed, &"a link from the start"))
        })
    }

    /// The header of a height, if the packet has it.
    fn at(&self, height: u64) -> Option<&PacketHeader> {
        let found = self.list.binary_search_by_key(&height, |header| header.point.height);
        self.list.get(found.ok()?)
    }

    /// Whether something is known of a height beside what a link back shows of it.
    pub(super) fn is_known(&self, height: u64) -> bool {
        let mut anchors = self.context.anchors.anchors.iter();
        anchors.any(|anchor| anchor.height == height) || self.at(height).is_some()
    }

    /// Compares a header between two others, whose hash a link back has shown, with the user's anchors
    /// and with the packet's header of that height.
    pub(super) fn verify_between(
        &mut self,
        recorder: &mut Recorder,
        height: u64,
        hash: &Hash,
        offset: u64,
    ) -> Result<(), Stop> {
        let at = At { height: Some(height), offset };
        if let Some(header) = self.at(height) {
            let claimed = header.point.hash;
            recorder.require(CheckId::HeaderLastBlockHash, claimed == *hash, || {
                (at.locus("links.between"), differ(&claimed, hash))
            })?;
        }
        verify_anchor(recorder, self.context.anchors, height, hash, at)?;
        self.met_between.insert(height);
        Ok(())
    }

    /// A commit leads from a header to the next anchor above it, if the user has one: what lies between
    /// is then shown by going back, and no old validators can put anything else there.
    pub(super) fn verify_next_anchor(&self, from: u64, to: u64) -> Result<(), Stop> {
        let heights = self.context.anchors.anchors.iter().map(|anchor| anchor.height);
        match heights.filter(|height| *height > from).min() {
            Some(height) if height != to => {
                Err(Stop::inconclusive(Reason::AnchorSkipped { height }))
            }
            Some(_) | None => Ok(()),
        }
    }

    /// No anchor from the lowest header to the highest is left out.
    pub(super) fn verify_anchors(&self) -> Result<(), Stop> {
        let points = self.list.first().zip(self.list.last());
        let range = points.map(|(first, last)| first.point.height..=last.point.height);
        let heights = self.context.anchors.anchors.iter().map(|anchor| anchor.height);
        let mut within =
            heights.filter(|height| range.as_ref().is_some_and(|range| range.contains(height)));
        let is_met = |height: &u64| self.met_between.contains(height) || self.at(*height).is_some();
        match within.find(|height| !is_met(height)) {
            Some(height) => Err(Stop::inconclusive(Reason::AnchorSkipped { height })),
            None => Ok(()),
        }
    }

    pub(super) fn are_used(&self) -> bool {
        self.list.iter().all(|header| header.is_used)
    }

    pub(super) fn end(
        self,
        recorder: &mut Recorder,
        claims: Vec<ClaimReport>,
        until: Option<BlockPoint>,
    ) -> Result<Outcome, Stop> {
        for header in &self.list {
            recorder.end_block(Some(header.point), 0);
        }
        let points = self.list.first().zip(self.list.last());
        let (first, last) = points.ok_or_else(|| Stop::inconclusive(Reason::Engine))?;
        let (first, last) = (first.point, last.point);
        let manifest = Manifest {
            family: "cometbft".to_string(),
            chain_id: self.chain_id,
            first: first.height,
            last: last.height,
        };
        Ok(Outcome { manifest, last, until, claims })
    }
}
