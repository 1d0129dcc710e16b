//! What stands on the ledger beside patients and accesses: the genesis, governance, protocols, batches.

use vidimus::{
    contract::{
        network::{Limits, Network},
        rules::{CombiningRule, DecisionRules, ImplicitPolicy},
    },
    encoding::{
        cbor::{List, Set, Text},
        hex::{Hash, Identifier},
    },
    merkle::anchor_tree::{AnchorTree, DocumentHasher, DocumentProof, Salt},
    record::{
        Body,
        anchor::{Anchor, Anchored},
        consent::RuleSet,
        organization::{KeyUse, OrganizationChange, ValidatorChange},
        protocol::{Protocol, ProtocolStatus},
    },
};

use super::{
    AnchoredReading,
    book::{Draft, Slot},
    keys::KeyId,
    organizations::{Partner, genesis_instant},
    rhythm::{DAYS, Rhythm, day, genesis},
    terms::{DAY, HOUR, MINUTE, SECOND, codes, digest, period},
    world::{Protocols, World},
};
use crate::test_keys;

/// Seven years, six of which HIPAA asks for.
const RETENTION: u64 = 7 * 366 * DAY;

/// The published test key of the validator that governance takes on.
const NEW_VALIDATOR: usize = 200;

/// Label of the key that governs.
const GOVERNANCE: &str = "governance";

/// The genesis. A short retention is a violation of V28.
pub(super) fn network(world: &mut World, is_retention_short: bool) -> Option<Network> {
    let governance = world.keys.test(GOVERNANCE);
    let known = world.parties.len().saturating_sub(1);
    let parties = world.parties.iter().take(known);
    let time = genesis_instant()?;
    let organizations = parties.map(|party| party.genesis(&world.keys, time));
    let first = ValidatorChange { key: test_keys::all().first()?.public(), power: 1 };
    Some(Network {
        governance: Set::new(vec![world.keys.public(governance)?])?,
        rules: DecisionRules {
            combining: CombiningRule::DenyOverrides,
            implicit: ImplicitPolicy::Deny,
            rule_set: RuleSet::Pcf11,
            break_glass: true,
            authorized_purposes: Set::default(),
            lawful_bases: codes(&["HIPAA-164.512(b)", "GDPR-9(2)(i)"])?,
        },
        limits: Limits {
            latency: HOUR,
            skew: 10 * SECOND,
            request: HOUR,
            review: 72 * HOUR,
            retention: if is_retention_short { 2 * 366 * DAY } else { RETENTION },
        },
        organizations: List::new(organizations.collect::<Option<_>>()?)?,
        validators: List::new(vec![first])?,
    })
}

/// Governance, protocols and batches of the whole scenario.
pub(super) fn found(world: &mut World) -> Option<()> {
    // The ring hands out the same key for the same label, with numbers of its own.
    let governance = world.keys.test(GOVERNANCE);
    organization(world, governance, genesis(), Partner::Newcomer, OrganizationChange::Register)?;
    let change = world.session(world.switch)?.asked.saturating_sub(10 * MINUTE);
    protocols(world, change)?;
    organization(world, governance, change, Partner::Newcomer, OrganizationChange::Suspend)?;
    rotate_gateway(world, governance, change)?;
    for hospital in 0..world.hospitals {
        let first = genesis().saturating_add(MINUTE);
        let late = world.parties.get(hospital)?.late_gateway;
        let draft = batch(world, hospital, late, first.saturating_sub(SECOND), 3)?;
        world.book.put(first, draft);
    }
    for number in 0..DAYS {
        let today = day(genesis()).saturating_add(number);
        let sessions = world.rhythm.sessions.iter();
        let morning = { sessions }.find(|session| day(session.asked) == today)?.asked;
        for hospital in 0..world.hospitals {
            let device = world.parties.get(hospital)?.device;
            let draft = batch(world, hospital, device, morning.saturating_sub(MINUTE), 48)?;
            world.book.put(morning, draft);
        }
    }
    let (end, device) = (Rhythm::end(), world.parties.first()?.device);
    let draft = batch(world, 0, device, end.saturating_sub(SECOND), 2)?;
    world.book.put(end, draft);
    Some(())
}

fn organization(
    world: &mut World,
    governance: KeyId,
    block: u64,
    partner: Partner,
    change: OrganizationChange,
) -> Option<()> {
    let party = world.partner(partner)?.clone();
    let grants = party.key_grants(&world.keys)?;
    let draft = Draft::new(governance, block, move |source, _| {
        let record = party.record(change, source, &grants, List::default())?;
        Some(Body::Organization(record))
    });
    world.book.put(block, draft);
    Some(())
}

/// The first hospital gets another gateway, and the network another validator.
fn rotate_gateway(world: &mut World, governance: KeyId, block: u64) -> Option<()> {
    let next = world.keys.test("second gateway of hospital 1");
    let hospital = world.parties.first_mut()?;
    let old = hospital.gateway;
    for (key, _, until) in &mut hospital.grants {
        if *key == old {
            *until = Some(block);
        }
    }
    hospital.grants.push((next, KeyUse::Gateway, None));
    hospital.next_gateway = Some((next, block));
    let (party, grants) = (hospital.clone(), hospital.clone().key_grants(&world.keys)?);
    let key = test_keys::all().get(NEW_VALIDATOR)?.public();
    let validators = List::new(vec![ValidatorChange { key, power: 3 }])?;
    let recorded_at = block.saturating_add(SECOND);
    let draft = Draft::new(governance, recorded_at, move |source, _| {
        let record = party.record(OrganizationChange::Update, source, &grants, validators)?;
        Some(Body::Organization(record))
    });
    world.book.put(block, draft);
    Some(())
}

fn protocols(world: &mut World, change: u64) -> Option<()> {
    let end = world.session(world.switch)?.asked;
    let open = ProtocolStatus::Open;
    let steady = protocol(world, genesis(), None, open, None)?;
    let first = protocol(world, genesis(), None, open, None)?;
    let ending = protocol(world, genesis(), None, open, Some(end))?;
    let closed = protocol(world, genesis(), None, ProtocolStatus::Closed, None)?;
    let second = protocol(world, change, Some(first), open, None)?;
    let [steady, first, ending, closed, second] =
        [steady, first, ending, closed, second].map(|(slot, _)| slot);
    world.protocols = Some(Protocols { steady, first, second, ending, closed });
    Some(())
}

/// A version of a protocol, which follows one or is the first.
fn protocol(
    world: &mut World,
    block: u64,
    follows: Option<(Slot, Identifier)>,
    status: ProtocolStatus,
    end: Option<u64>,
) -> Option<(Slot, Identifier)> {
    let id = follows.map_or_else(|| world.identifier(), |(_, id)| id);
    let document = world.digest("protocol");
    let party = world.partner(Partner::Sponsor)?;
    let (sponsor, signer) = (party.id.clone(), party.special);
    let (period, purposes) = (period(genesis(), end)?, codes(&["HRESCH"])?);
    let approval = Some(Text::new("Ethics committee, approval B-7")?);
    let draft = Draft::new(signer, block, move |source, slots| {
        let previous = match follows {
            Some((slot, _)) => Some(slots.id(slot)?),
            None => None,
        };
        let version = if previous.is_some() { 2 } else { 1 };
        Some(Body::Protocol(Protocol {
            source,
            sponsor,
            protocol: id,
            version,
            previous,
            status,
            period,
            purposes,
            approval,
            document,
        }))
    });
    Some((world.book.put_known(block, draft), id))
}

/// The root of so many readings, as a device hands them in.
pub(super) fn batch(
    world: &mut World,
    hospital: usize,
    signer: KeyId,
    recorded_at: u64,
    readings: u64,
) -> Option<Draft> {
    let custodian = world.parties.get(hospital)?.id.clone();
    let (Hash(salt), seed) = (world.digest("salt"), world.seed);
    let content_of = |number| digest(seed, "reading", number).0;
    let salt_of = |number: u64| {
        let mut salt = salt;
        salt.rotate_left(usize::try_from(number % 32).unwrap_or_default());
        Salt::from_bytes(salt)
    };
    let digests: Vec<_> = (0..readings)
        .map(|number| {
            let mut hasher = DocumentHasher::new(&salt_of(number));
            hasher.update(&content_of(number));
            hasher.finish()
        })
        .collect();
    let tree = AnchorTree::new(&digests).ok()?;
    let (head, middle) = (tree.head(), readings / 2);
    let (salt, inclusion) = (salt_of(middle), tree.proof(middle).ok()?);
    world.readings.push(AnchoredReading {
        content: content_of(middle).to_vec(),
        proof: DocumentProof { salt, inclusion, claimed_root: head.root },
    });
    Some(Draft::new(signer, recorded_at, move |source, _| {
        Some(Body::Anchor(Anchor {
            source,
            custodian,
            subject: None,
            anchored: Anchored::Readings,
            root: head.root,
            leaf_count: head.leaf_count,
            details: None,
        }))
    }))
}
