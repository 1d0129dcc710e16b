//! Headers, and how they are reached.

use super::{Attack, OTHER, all, attack, change_links, changed, claims, list, of, records, shown};
use crate::world::{LEDGER, patient};
use vidimus::{
    encoding::cbor::List, encoding::hex::Hash, encoding::protobuf::Message as _,
    ledger::cometbft::commit::CommitSignature, ledger::cometbft::commit::SignatureBytes,
    merkle::leaf_hash, packet::Packet, packet::build::Wanted, packet::claim::Claim,
    packet::claim::HeaderClaim, packet::link::Ancestor,
};
use vidimus_node::simulate::{Config, Hooks, Simulation};

pub(super) fn attacks() -> Vec<Attack> {
    links().into_iter().chain(ancestors()).collect()
}

fn links() -> Vec<Attack> {
    let tip = LEDGER.anchor.height;
    vec![
        attack("packet of another ledger", "anchor.header-hash", tip, all(), |packet| {
            *packet = of(&OTHER, OTHER.anchor.height, all());
        }),
        attack(
            "header of another ledger among the headers",
            "header.last-block-hash",
            tip,
            old(),
            |packet| {
                *packet = replaced(packet, 0, OTHER.blocks[4].draft.header.to_bytes());
            },
        ),
        attack("packet of another chain", "anchor-chain", tip, Wanted::Header, |packet| {
            let config = Config {
                chain_id: "another".to_owned(),
                blocks: LEDGER.anchor.height,
                ..Config::default()
            };
            let ledger = Simulation::new(config, Hooks::default()).unwrap().run();
            *packet = of(&ledger, ledger.anchor.height, Wanted::Header);
        }),
        attack("start at another header", "anchor-out-of-range", tip, old(), |packet| {
            packet.start = 0;
        }),
        attack("start at no header", "packet.references", tip, old(), |packet| packet.start = 2),
        attack("a header without a link", "packet.links", tip, old(), |packet| {
            packet.links = List::default();
        }),
        attack("a link twice", "packet.links", tip, old(), |packet| {
            change_links(packet, |links| links.push(links[0].clone()));
        }),
        attack("a link from a header that is not reached", "packet.links", tip, old(), |packet| {
            change_links(packet, |links| (links[0].from, links[0].to) = (0, 1));
        }),
        attack("a link to nowhere", "packet.references", tip, old(), |packet| {
            change_links(packet, |links| links[0].to = 5);
        }),
        attack("headers out of order", "header.height", tip, old(), |packet| {
            let mut headers = packet.headers.to_vec();
            headers.swap(0, 1);
            packet.headers = list(headers);
        }),
        attack("a header twice", "header.height", tip, old(), |packet| {
            let mut headers = packet.headers.to_vec();
            headers.push(headers[1].clone());
            packet.headers = list(headers);
        }),
        attack("a set that nobody needs", "packet.used", tip, old(), |packet| {
            packet.sets = list(vec![LEDGER.blocks[0].validators.list().to_bytes().into()]);
        }),
        attack("a commit that nobody needs", "packet.used", tip, old(), |packet| {
            packet.commits = list(vec![LEDGER.blocks[0].commit.to_bytes().into()]);
        }),
        attack("a reached header that nobody needs", "packet.used", tip, old(), |packet| {
            // The claim says less than the packet could show.
            claims(packet, |claims| claims[0] = Claim::Header(HeaderClaim { header: 1 }));
        }),
        attack("the commit of another height", "commit.height", 1, Wanted::Header, |packet| {
            packet.commits = list(vec![LEDGER.blocks[5].commit.to_bytes().into()]);
        }),
        attack("a commit without a quorum", "commit.quorum", 1, Wanted::Header, |packet| {
            let mut commit = LEDGER.blocks.last().unwrap().commit.clone();
            for entry in commit.signatures.iter_mut().take(6) {
                *entry = CommitSignature::ABSENT;
            }
            packet.commits = list(vec![commit.to_bytes().into()]);
        }),
        attack("a forged signature", "commit.signature", 1, Wanted::Header, |packet| {
            let mut commit = LEDGER.blocks.last().unwrap().commit.clone();
            let present = commit.signatures.iter_mut().find(|entry| entry.address.is_some());
            let entry = present.unwrap();
            let mut bytes = entry.signature.as_slice().to_vec();
            bytes[0] ^= 1;
            entry.signature = SignatureBytes::from_slice(&bytes).unwrap();
            packet.commits = list(vec![commit.to_bytes().into()]);
        }),
        attack(
            "a set of fewer validators",
            "header.validators-hash",
            1,
            Wanted::Header,
            |packet| {
                let mut set = LEDGER.blocks[0].validators.list().clone();
                set.validators.truncate(3);
                packet.sets = list(vec![set.to_bytes().into()]);
            },
        ),
        attack(
            "a skip without the trusted set",
            "packet.references",
            1,
            Wanted::Header,
            |packet| {
                change_links(packet, |links| links[0].commit.as_mut().unwrap().trusted = None);
            },
        ),
        attack(
            "a header that was signed by nobody",
            "commit.block-hash",
            1,
            Wanted::Header,
            |packet| {
                let mut header = LEDGER.blocks.last().unwrap().draft.header.clone();
                header.app_hash = vec![1; 32];
                *packet = replaced(packet, 1, header.to_bytes());
            },
        ),
        attack("a forged record in the log", "contract.signature", tip, all(), |packet| {
            // The id of a record does not hang on its signature.
            records(packet, |records| {
                let mut bytes = shown(&mut records[1]).transaction.to_vec();
                *bytes.last_mut().unwrap() ^= 1;
                shown(&mut records[1]).transaction = bytes.into();
            });
        }),
    ]
}

/// What reaches block 5 from the last one, over all headers between.
fn old() -> Wanted {
    patient(None, Some(4), &[])
}

fn on_ancestors(
    name: &'static str,
    expects: &'static str,
    edit: impl Fn(&mut Vec<Ancestor>) + 'static,
) -> Attack {
    attack(name, expects, LEDGER.anchor.height, old(), move |packet| {
        change_links(packet, |links| {
            let mut between = links[0].between.to_vec();
            edit(&mut between);
            links[0].between = list(between);
        });
    })
}

/// Headers of which only the last block id is shown; the fourth of them is that of block 9.
fn ancestors() -> Vec<Attack> {
    let of_fourth = |name, edit: fn(&mut Vec<Hash>)| {
        on_ancestors(name, "header.last-block-hash", move |between| {
            between[3].hashes = changed(&between[3].hashes, edit);
        })
    };
    let one_bit = [
        "another part set of a block between",
        "another last-commit hash beside a last block id",
        "another hash beside a last block id, of two fields",
        "another hash beside a last block id, of four fields",
        "another hash beside a last block id, of six fields",
    ];
    let one_bit = one_bit.into_iter().enumerate().map(|(place, name)| {
        on_ancestors(name, "header.last-block-hash", move |between| {
            between[3].hashes = changed(&between[3].hashes, |hashes| hashes[place].0[31] ^= 1);
        })
    });
    let mut attacks = vec![
        on_ancestors("a header between left out", "header.height", |between| {
            drop(between.remove(3));
        }),
        on_ancestors("the lowest header between left out", "header.height", |between| {
            drop(between.remove(0));
        }),
        on_ancestors("the highest header between left out", "header.height", |between| {
            drop(between.pop());
        }),
        on_ancestors("all headers between left out", "header.height", Vec::clear),
        on_ancestors("a header between twice", "header.height", |between| {
            between.insert(3, between[3].clone());
        }),
        on_ancestors("one for another of the headers between", "header.last-block-hash", |all| {
            all[3] = all[4].clone();
        }),
        on_ancestors("headers between in another order", "header.last-block-hash", |between| {
            between.swap(3, 4);
        }),
        on_ancestors(
            "another number of parts of a block between",
            "header.last-block-hash",
            |all| {
                all[3].parts += 1;
            },
        ),
        on_ancestors("parts of a block between beyond 32 bits", "header.last-block-hash", |all| {
            all[3].parts += 1 << 32;
        }),
        of_fourth("another field of a header in place of its last block id", |hashes| {
            // The way of the last-commit hash, beside which the last block id stands.
            let header = &LEDGER.blocks[8].draft.header;
            hashes[1] = leaf_hash(&header.last_block_id.to_bytes());
        }),
        of_fourth("hashes beside a last block id in another order", |hashes| hashes.swap(1, 2)),
        of_fourth("a hash too many beside a last block id", |hashes| hashes.push(Hash([0; 32]))),
        of_fourth("a hash too few beside a last block id", |hashes| hashes.truncate(4)),
        of_fourth("nothing beside a last block id but its parts", |hashes| hashes.truncate(1)),
    ];
    attacks.extend(one_bit);
    attacks
}

fn replaced(packet: &Packet, index: usize, header: Vec<u8>) -> Packet {
    let mut headers = packet.headers.to_vec();
    headers[index] = header.into();
    Packet { headers: list(headers), ..packet.clone() }
}
