//! Where in its block a record stands, and with what result.

use super::{Attack, access, attack, changed, of, record};
use crate::world::{LEDGER, id};
use vidimus::{
    encoding::hex::Hash, merkle::inner_hash, merkle::leaf_hash, merkle::sha256,
    packet::build::Wanted, packet::claim::Claim, packet::claim::InBlock,
    packet::claim::RecordClaim,
};

pub(super) fn attacks() -> Vec<Attack> {
    let block = |claim: &mut RecordClaim, edit: &dyn Fn(&mut InBlock)| {
        edit(claim.block.as_mut().unwrap());
    };
    vec![
        attack("index of the same record again", "record.result", 4, access(), |packet| {
            record(packet, |claim| claim.index = 1);
        }),
        attack("index beyond the block", "record.transaction", 4, access(), |packet| {
            record(packet, |claim| claim.index = 2);
        }),
        attack("index of 64 bits", "record.transaction", 4, access(), |packet| {
            record(packet, |claim| claim.index = u64::MAX);
        }),
        attack(
            "more transactions than there are",
            "record.transaction",
            4,
            access(),
            move |packet| {
                record(packet, |claim| block(claim, &|block| block.size = 3));
            },
        ),
        attack(
            "fewer transactions than there are",
            "record.transaction",
            4,
            access(),
            move |packet| {
                record(packet, |claim| block(claim, &|block| block.size = 1));
            },
        ),
        attack("no transactions at all", "record.transaction", 4, access(), move |packet| {
            record(packet, |claim| block(claim, &|block| block.size = 0));
        }),
        attack(
            "a number of transactions of 64 bits",
            "record.transaction",
            4,
            access(),
            move |packet| {
                record(packet, |claim| block(claim, &|block| block.size = u64::MAX));
            },
        ),
        attack(
            "last of three as the second of two",
            "record.transaction",
            5,
            Wanted::Record(id(&LEDGER, 4, 2)),
            move |packet| {
                record(packet, |claim| {
                    // The hash of both others stands beside it on a plain way.
                    let draft = &LEDGER.blocks[3].draft;
                    let leaf = |bytes: &Vec<u8>| leaf_hash(&sha256(&[bytes]).0);
                    let [a, b] = [0, 1].map(|at| leaf(&draft.transactions[at]));
                    let node = inner_hash(&a, &b);
                    claim.index = 1;
                    block(claim, &|block| {
                        block.size = 2;
                        block.transactions = vec![node].into();
                    });
                });
            },
        ),
        attack(
            "a hash too many beside the record",
            "record.transaction",
            4,
            access(),
            move |packet| {
                record(packet, |claim| {
                    block(claim, &|block| {
                        block.transactions =
                            changed(&block.transactions, |hashes| hashes.push(Hash([0; 32])));
                    });
                });
            },
        ),
        attack(
            "a hash too few beside the record",
            "record.transaction",
            4,
            access(),
            move |packet| {
                record(packet, |claim| {
                    block(claim, &|block| {
                        block.transactions = changed(&block.transactions, |hashes| {
                            hashes.pop();
                        });
                    });
                });
            },
        ),
        attack("a hash too many beside the result", "record.result", 4, access(), move |packet| {
            record(packet, |claim| {
                block(claim, &|block| {
                    block.results = changed(&block.results, |hashes| hashes.push(Hash([0; 32])));
                });
            });
        }),
        attack("a hash too few beside the result", "record.result", 4, access(), move |packet| {
            record(packet, |claim| {
                block(claim, &|block| {
                    block.results = changed(&block.results, |hashes| {
                        hashes.pop();
                    });
                });
            });
        }),
        attack("the code of a refusal", "record.result", 4, access(), |packet| {
            record(packet, |claim| claim.code = Some(3));
        }),
        attack("a code of more than 32 bits", "packet.references", 4, access(), |packet| {
            record(packet, |claim| claim.code = Some(1 << 32));
        }),
        attack("a decision that was not made", "record.result", 4, access(), |packet| {
            let other = of(&LEDGER, 7, Wanted::Record(id(&LEDGER, 6, 0)));
            let Claim::Record(other) = &other.claims[0] else { panic!("a record") };
            record(packet, |claim| claim.data.clone_from(&other.data));
        }),
        attack("no decision", "record.result", 4, access(), |packet| {
            record(packet, |claim| claim.data = None);
        }),
        attack("results of the block itself", "claim.header", 4, access(), move |packet| {
            record(packet, |claim| block(claim, &|block| block.next = block.header));
        }),
        attack("block and next changed places", "claim.header", 4, access(), move |packet| {
            record(packet, |claim| {
                block(claim, &|block| {
                    (block.header, block.next) = (block.next, block.header);
                });
            });
        }),
        attack("a header that is not there", "packet.references", 4, access(), move |packet| {
            record(packet, |claim| block(claim, &|block| block.header = 9));
        }),
        attack("the record of another block", "record.transaction", 4, access(), |packet| {
            let other = of(&LEDGER, 3, Wanted::Record(id(&LEDGER, 2, 0)));
            let Claim::Record(other) = &other.claims[0] else { panic!("a record") };
            record(packet, |claim| claim.transaction = other.transaction.clone());
        }),
        attack("neither block nor log", "packet.encoding", 4, access(), |packet| {
            record(packet, |claim| claim.block = None);
        }),
    ]
}
