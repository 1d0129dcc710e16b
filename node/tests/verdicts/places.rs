//! Places: a report leads an expert to the byte.
//!
//! Items are taken apart and decoded here; what stands at the named place is compared with what
//! the decoded field holds, and is that field only if another byte there is another value of it.

use std::collections::BTreeMap;

use vidimus::{
    encoding::{
        hex::Hash,
        protobuf::{Message, Writer, decode_canonical},
    },
    ledger::cometbft::{
        block::Block,
        commit::{BlockIdFlag, Commit, SignatureBytes},
        evidence::Evidence,
        header::Header,
        light::LightBlock,
        validator::ValidatorList,
    },
    report::{Locus, Status},
    snapshot::Kind,
};
use vidimus_node::{
    attacks,
    simulate::{Config, Format, Hooks},
};

use super::{DEFAULT, HEADERS, Placed, judge, simulate, take_apart};

fn decode<'a, M: Message<'a>>(bytes: &'a [u8]) -> Option<M> {
    Some(decode_canonical::<M>(bytes).ok()?.into_inner())
}

/// `signatures[3].signature` → `(3, "signature")`, under the name before the bracket.
fn element<'a>(path: &'a str, name: &str) -> Option<(usize, &'a str)> {
    let (index, rest) = path.strip_prefix(name)?.strip_prefix('[')?.split_once(']')?;
    Some((index.parse().ok()?, rest.strip_prefix('.').unwrap_or(rest)))
}

/// The place of a number is its tag.
fn number(field: u32, value: u64) -> Vec<u8> {
    let mut writer = Writer::default();
    writer.uint64(field, value);
    writer.into_bytes()
}

fn header_field(header: &Header, path: &str) -> Option<Vec<u8>> {
    let hash = match path {
        "last_block_id.hash" => header.last_block_id.hash,
        "last_commit_hash" => header.last_commit_hash,
        "data_hash" => header.data_hash,
        "validators_hash" => header.validators_hash,
        "next_validators_hash" => header.next_validators_hash,
        "consensus_hash" => header.consensus_hash,
        "last_results_hash" => header.last_results_hash,
        "evidence_hash" => header.evidence_hash,
        "last_block_id.part_set_header" => return Some(header.last_block_id.parts.to_bytes()),
        "proposer_address" => return Some(header.proposer_address?.0.to_vec()),
        "chain_id" => return Some(header.chain_id.clone().into_bytes()),
        "time" => return Some(header.time.to_bytes()),
        "last_block_id" => return Some(header.last_block_id.to_bytes()),
        "version.block" => return Some(number(1, header.version_block)),
        "height" => return Some(number(3, header.height)),
        "" => return Some(header.to_bytes()),
        _ => None,
    };
    Some(hash?.0.to_vec())
}

fn commit_field(commit: &Commit, path: &str) -> Option<Vec<u8>> {
    match path {
        "block_id.hash" => return Some(commit.block_id.hash?.0.to_vec()),
        "block_id.part_set_header" => return Some(commit.block_id.parts.to_bytes()),
        _ => {}
    }
    let (index, field) = element(path, "signatures")?;
    let entry = commit.signatures.get(index)?;
    match field {
        "" => Some(entry.to_bytes()),
        "signature" => Some(entry.signature.as_slice().to_vec()),
        "validator_address" => Some(entry.address?.0.to_vec()),
        _ => None,
    }
}

fn evidence_field(evidence: &[Evidence], path: &str) -> Option<Vec<u8>> {
    let (index, field) = element(path, "evidence")?;
    match (evidence.get(index)?, field) {
        (item, "") => Some(item.to_bytes()),
        (Evidence::DuplicateVote(votes), "vote_a.signature") => {
            Some(votes.vote_a.signature.as_slice().to_vec())
        }
        (Evidence::DuplicateVote(votes), "vote_b.signature") => {
            Some(votes.vote_b.signature.as_slice().to_vec())
        }
        _ => None,
    }
}

fn set_field(list: &ValidatorList, path: &str) -> Option<Vec<u8>> {
    let (index, _) = element(path, "validators")?;
    Some(list.validators.get(index)?.to_bytes())
}

/// The content of the field that the path names; `None` where it is empty or not looked into here.
fn content(kind: Kind, bytes: &[u8], path: &str) -> Option<Vec<u8>> {
    let below = |prefix| path.strip_prefix(prefix);
    let in_header = if path == "header" { Some("") } else { below("header.") };
    if kind == Kind::Block {
        let block: Block<'_> = decode(bytes)?;
        if let Some(path) = in_header {
            return header_field(&block.header, path);
        }
        if let Some(path) = below("block.last_commit.") {
            return commit_field(&block.last_commit, path);
        }
        return evidence_field(&block.evidence, below("block.")?);
    }
    if kind == Kind::LightBlock {
        let light: LightBlock = decode(bytes)?;
        if let Some(path) = in_header {
            return header_field(&light.signed_header.header, path);
        }
        if let Some(path) = below("light_block.signed_header.commit.") {
            return commit_field(&light.signed_header.commit, path);
        }
        return set_field(&light.validators, below("light_block.validator_set.")?);
    }
    if kind == Kind::State {
        return None;
    }
    if kind == Kind::Commit {
        return commit_field(&decode(bytes)?, below("commit.")?);
    }
    set_field(&decode(bytes)?, below("validators.")?)
}

/// The item that the place lies in, which must be one that its path and its height fit, and the
/// offset within.
fn item_at<'a>(items: &'a [Placed], first: u64, locus: &Locus) -> (&'a Placed, usize) {
    let offset = usize::try_from(locus.offset.unwrap()).unwrap();
    // An empty payload has a place too.
    let is_in = |item: &&Placed| item.range.contains(&offset) || item.range.start == offset;
    let item = items.iter().find(is_in);
    let item = item.unwrap_or_else(|| panic!("{locus:?} lies in no item"));
    let kinds: &[Kind] = match locus.path.split(['.', '[']).next().unwrap() {
        "genesis" => &[Kind::Genesis],
        "block" => &[Kind::Block],
        "header" => &[Kind::Block, Kind::LightBlock],
        "light_block" => &[Kind::LightBlock],
        "commit" => &[Kind::Commit],
        "validators" => &[Kind::Validators],
        "state" => &[Kind::State],
        _ => &[],
    };
    assert!(kinds.contains(&item.kind), "{locus:?} lies in a {:?}", item.kind);
    let blocks = items.iter().filter(|item| item.kind == Kind::Block);
    let before = blocks.take_while(|block| block.range.start < item.range.start).count();
    let next = first + u64::try_from(before).unwrap();
    let height = if item.kind == Kind::LightBlock {
        decode::<LightBlock>(&item.bytes).map(|light| light.signed_header.header.height)
    } else {
        // A commit is of the block before it.
        Some(next - u64::from(item.kind == Kind::Commit))
    };
    assert!(height.is_none() || height == locus.height, "{locus:?} lies at {height:?}");
    (item, offset - item.range.start)
}

/// Checks the place of a failure. Returns the content of the field that its path names, if any.
fn check_place(container: &[u8], locus: &Locus) -> Option<Vec<u8>> {
    let (first, items) = take_apart(container);
    let (item, within) = item_at(&items, first, locus);
    let expected = content(item.kind, &item.bytes, &locus.path)?;
    let found = item.bytes.get(within..within + expected.len());
    assert_eq!(found, Some(&*expected), "{locus:?}");
    // A message begins with a tag; of bytes, another bit is another value of this very field.
    if ["signature", "hash", "address"].iter().any(|name| locus.path.ends_with(name)) {
        let (mut bytes, mut other) = (item.bytes.clone(), expected.clone());
        bytes[within] ^= 1;
        other[0] ^= 1;
        assert_eq!(content(item.kind, &bytes, &locus.path), Some(other), "{locus:?}");
    }
    Some(expected)
}

#[test]
fn place_of_every_rejected_attack_is_the_field_that_it_names() {
    let mut fields: BTreeMap<String, u32> = BTreeMap::new();
    for attack in attacks::all() {
        let verdict = judge(&attack.container, &attack.anchor, attack.policy).verdict;
        if verdict.status != Status::Rejected {
            continue;
        }
        let locus = verdict.locus.unwrap();
        // The framing has no fields; a header that trust came from is not in the input any more.
        let is_of_file = ["snapshot", "manifest"].contains(&locus.path.split('.').next().unwrap());
        if is_of_file || verdict.code == "light.trusting-period" {
            continue;
        }
        let Some(content) = check_place(&attack.container, &locus) else { continue };
        // Of a hash in a header, what stands there is also what the report says is claimed.
        if let (true, Ok(hash)) = (locus.path.starts_with("header."), content.try_into()) {
            assert_eq!(
                verdict.evidence.unwrap().claimed,
                Hash(hash).to_string(),
                "{}",
                attack.name
            );
        }
        *fields.entry(verdict.code).or_default() += 1;
    }
    for (check, least) in [
        ("commit.signature", 15),
        ("evidence.duplicate-vote", 10),
        ("header.validators-hash", 3),
        ("header.next-validators-hash", 3),
        ("block.data-hash", 5),
        ("header.last-part-set", 2),
        ("header.height", 5),
        ("header.version", 1),
        ("anchor.header-hash", 1),
        ("block.first", 1),
    ] {
        assert!(fields.get(check).is_some_and(|found| *found >= least), "{check}: {fields:?}");
    }
}

/// The first, a middle and the last entry of each kind of commit.
#[test]
fn place_of_a_failing_vote_is_its_signature_in_every_kind_of_commit() {
    let cases = [
        (Format::Blocks, DEFAULT, 5, 6, "block.last_commit"),
        (Format::Blocks, DEFAULT, 10, 10, "commit"),
        (Format::LightBlocks, HEADERS, 5, 5, "light_block.signed_header.commit"),
        (Format::LightBlocks, HEADERS, 10, 10, "light_block.signed_header.commit"),
    ];
    for (format, policy, struck, height, commit) in cases {
        for (index, flag) in
            [(0, BlockIdFlag::Commit), (3, BlockIdFlag::Nil), (6, BlockIdFlag::Commit)]
        {
            let hooks = Hooks::default()
                .on_votes(move |plan| {
                    if plan.height == struck {
                        // Absent entries are shorter: places cannot be counted in equal steps.
                        plan.votes[1].flag = BlockIdFlag::Absent;
                        plan.votes[index].flag = flag;
                    }
                })
                .on_commit(move |draft| {
                    if draft.height == struck {
                        flip(&mut draft.commit.signatures[index].signature);
                    }
                });
            let config = Config { validators: 7, powers: vec![5; 7], format, ..Config::default() };
            let ledger = simulate(&config, hooks);
            let verdict = judge(&ledger.container, &ledger.anchor.to_string(), policy).verdict;
            assert_eq!(verdict.code, "commit.signature");
            let locus = verdict.locus.unwrap();
            assert_eq!(locus.path, format!("{commit}.signatures[{index}].signature"));
            assert_eq!(locus.height, Some(height));
            assert_eq!(check_place(&ledger.container, &locus).unwrap().len(), 64);
        }
    }
}

/// Either vote of the evidence of one block.
#[test]
fn place_of_a_forged_vote_in_evidence_is_its_signature() {
    for vote in ["vote_a", "vote_b"] {
        let hooks = Hooks::default().on_block(move |draft| {
            if let (6, Some(Evidence::DuplicateVote(votes))) =
                (draft.height, draft.evidence.first_mut())
            {
                let is_first = vote == "vote_a";
                let forged = if is_first { &mut votes.vote_a } else { &mut votes.vote_b };
                flip(&mut forged.signature);
            }
        });
        let ledger = simulate(&Config { evidence: 1, ..Config::default() }, hooks);
        let verdict = judge(&ledger.container, &ledger.anchor.to_string(), DEFAULT).verdict;
        assert_eq!(verdict.code, "evidence.duplicate-vote");
        let locus = verdict.locus.unwrap();
        assert_eq!(
            (locus.height, locus.path.as_str()),
            (Some(6), &*format!("block.evidence[0].{vote}.signature"))
        );
        assert_eq!(check_place(&ledger.container, &locus).unwrap().len(), 64);
    }
}

fn flip(signature: &mut SignatureBytes) {
    let mut bytes = *signature.ed25519().unwrap();
    bytes[40] ^= 1;
    *signature = SignatureBytes::from_slice(&bytes).unwrap();
}
