//! Ways between headers by which old validators could put something else beside what the user knows.

use std::slice;

use vidimus::{
    anchor::Anchors,
    encoding::{cbor::List, protobuf::Message as _},
    ledger::cometbft::{
        block_id::BlockId,
        commit::{BlockIdFlag, Commit},
        header::Header,
        vote::{PRECOMMIT, SignBytes},
    },
    packet::{
        Bytes, Packet,
        claim::{Claim, HeaderClaim},
        link::{CommitLink, Link},
    },
    policy::Policy,
};
use vidimus_node::{simulate::SimulatedBlock, test_keys};

use super::world::{LEDGER, anchor_at, build, consent_of, verify_with};

fn block(height: u64) -> &'static SimulatedBlock {
    LEDGER.blocks.iter().find(|block| block.height() == height).unwrap()
}

fn header(height: u64) -> Header {
    block(height).draft.header.clone()
}

/// The header of a height with another state, and the commit that its validators sign over it years later.
fn forged(height: u64) -> (Header, Commit) {
    let mut header = header(height);
    header.app_hash = vec![1; 32];
    let honest = block(height);
    let block_id = BlockId { hash: header.compute_hash(), ..honest.block_id };
    let mut commit = Commit { block_id, ..honest.commit.clone() };
    let message =
        SignBytes::new(PRECOMMIT, height, commit.round, Some(&block_id), &header.chain_id);
    for vote in commit.signatures.iter_mut().filter(|vote| vote.flag == BlockIdFlag::Commit) {
        let key = test_keys::all().iter().find(|key| Some(key.address()) == vote.address).unwrap();
        vote.signature = key.sign(&message.at(&vote.timestamp));
    }
    (header, commit)
}

fn list<T, const MIN: usize, const MAX: usize>(values: Vec<T>) -> List<T, MIN, MAX> {
    List::new(values).unwrap()
}

/// A packet that says of each of its headers that it is one of the ledger.
fn of(headers: &[Header], start: u64, links: Vec<Link>, commits: &[Commit]) -> Packet {
    let bytes = |header: &Header| Bytes::from(header.to_bytes());
    let claims = (0..headers.len())
        .map(|index| Claim::Header(HeaderClaim { header: u64::try_from(index).unwrap() }));
    let set = block(1).validators.list().to_bytes().into();
    Packet {
        headers: list(headers.iter().map(bytes).collect()),
        start,
        sets: list(Vec::from_iter((!commits.is_empty()).then_some(set))),
        commits: list(commits.iter().map(|commit| commit.to_bytes().into()).collect()),
        links: list(links),
        claims: list(claims.collect()),
    }
}

/// A commit leads on; all blocks have one set.
fn forward(from: u64, to: u64, commit: u64) -> Link {
    let commit = CommitLink { commit, validators: 0, trusted: Some(0) };
    Link { from, to, commit: Some(commit), between: list(vec![]) }
}

/// From block 20 back to block 10, with these indices.
fn back(from: u64, to: u64) -> Link {
    let packet = build(&LEDGER, 20, vec![consent_of(1, Some(9))]).unwrap();
    let [link] = &*packet.links else { panic!("one link") };
    assert!(link.commit.is_none() && link.between.len() == 9);
    Link { from, to, ..link.clone() }
}

fn verdict(heights: &[u64], packet: &Packet) -> (String, Option<u64>) {
    let anchors = heights.iter().map(|height| anchor_at(&LEDGER, *height)).collect();
    let anchors = Anchors { anchors, ..Anchors::default() };
    let verdict = verify_with(anchors, Policy::default(), &packet.to_bytes(), vec![]).verdict;
    (verdict.code, verdict.locus.and_then(|locus| locus.height))
}

fn code(heights: &[u64], packet: &Packet) -> String {
    verdict(heights, packet).0
}

#[test]
fn commits_lead_on_from_the_start_and_never_from_what_lies_behind_it() {
    let commit = |height| block(height).commit.clone();
    let ahead = of(
        &[header(10), header(20), header(30)],
        1,
        vec![back(1, 0), forward(1, 2, 0)],
        &[commit(30)],
    );
    assert_eq!(code(&[20], &ahead), "verified");
    // Everything in it is genuine; still whoever signed block 10 is not asked about block 30.
    let links = vec![back(1, 0), forward(0, 2, 0)];
    let detour = of(&[header(10), header(20), header(30)], 1, links, &[commit(30)]);
    assert_eq!(code(&[20], &detour), "packet.links");
    // Nor about block 15, of which the way back has shown another hash.
    let (other, signed) = forged(15);
    let links = vec![back(2, 0), forward(0, 1, 0)];
    let beside = of(&[header(10), other, header(20)], 2, links, slice::from_ref(&signed));
    assert_eq!(verdict(&[20], &beside), ("header.last-block-hash".to_owned(), Some(15)));
}

#[test]
fn commits_lead_to_the_next_anchor_and_nowhere_past_it() {
    let commit = |height| block(height).commit.clone();
    let (other, signed) = forged(10);
    let (beyond, signed_beyond) = forged(30);
    // The word of the validators of block 4 is all that whoever knows no more has.
    let through = |middle: &Header, signed: &Commit| {
        let headers = [header(4), middle.clone(), header(20)];
        of(&headers, 0, vec![forward(0, 1, 0), forward(1, 2, 1)], &[signed.clone(), commit(20)])
    };
    assert_eq!(code(&[4], &through(&other, &signed)), "verified");
    // Whoever knows block 20 is led there first, and back by hashes.
    for packet in [through(&other, &signed), through(&header(10), &commit(10))] {
        assert_eq!(code(&[4, 20], &packet), "anchor-out-of-range");
    }
    let headers = |middle: Header| [header(4), middle, header(20)];
    let links = || vec![forward(0, 2, 0), back(2, 1)];
    let honest = of(&headers(header(10)), 0, links(), &[commit(20)]);
    assert_eq!(code(&[4, 20], &honest), "verified");
    let lie = of(&headers(other), 0, links(), &[commit(20)]);
    assert_eq!(verdict(&[4, 20], &lie), ("header.last-block-hash".to_owned(), Some(20)));
    // Past it, beside it and short of it.
    let links = vec![forward(0, 1, 0), forward(0, 2, 1)];
    let commits = [commit(20), signed_beyond.clone()];
    let past = of(&[header(4), header(20), beyond.clone()], 0, links, &commits);
    assert_eq!(code(&[4, 20], &past), "anchor-out-of-range");
    let short = of(&[header(4), beyond], 0, vec![forward(0, 1, 0)], &[signed_beyond]);
    assert_eq!(code(&[4], &short), "verified");
    let head = LEDGER.anchor.height;
    assert_eq!(code(&[4, head], &short), "anchor-out-of-range");
}
