//! Properties of encodings and anchors over values that nobody chose.
#![expect(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    reason = "a test stops where something is not as it says"
)]

use proptest::prelude::*;
use vidimus::{
    anchor::{Anchors, TrustAnchor},
    encoding::{
        hex::{Address, Hash, PublicKey},
        protobuf::{Message, decode_canonical},
        time::Timestamp,
    },
    ledger::cometbft::{
        block::Block,
        block_id::{BlockId, PartSetHeader},
        commit::{BlockIdFlag, Commit, CommitSignature, SignatureBytes},
        header::Header,
        profile::Profile,
        validator::{Validator, ValidatorKey, ValidatorList},
    },
    limits::Limits,
    policy::TrustLevel,
};

fn hash() -> impl Strategy<Value = Option<Hash>> {
    any::<Option<[u8; 32]>>().prop_map(|bytes| bytes.map(Hash))
}

fn time() -> impl Strategy<Value = Timestamp> {
    (-62_135_596_800..253_402_207_200_i64, 0..1_000_000_000_u32)
        .prop_map(|(seconds, nanos)| Timestamp { seconds, nanos })
}

fn block_id() -> impl Strategy<Value = BlockId> {
    (hash(), any::<u32>(), hash()).prop_map(|(hash, total, parts)| BlockId {
        hash,
        parts: PartSetHeader { total, hash: parts },
    })
}

fn header() -> impl Strategy<Value = Header> {
    let names = (any::<(u64, u64)>(), "\\PC{0,12}", 0..i64::MAX.unsigned_abs(), time(), block_id());
    let hashes = prop::array::uniform7(hash());
    (names, hashes, any::<Vec<u8>>(), any::<Option<[u8; 20]>>()).prop_map(
        |((version, chain_id, height, time, last_block_id), hashes, app_hash, proposer)| {
            let [last_commit, data, validators, next, consensus, results, evidence] = hashes;
            Header {
                version_block: version.0,
                version_app: version.1,
                chain_id,
                height,
                time,
                last_block_id,
                last_commit_hash: last_commit,
                data_hash: data,
                validators_hash: validators,
                next_validators_hash: next,
                consensus_hash: consensus,
                app_hash,
                last_results_hash: results,
                evidence_hash: evidence,
                proposer_address: proposer.map(Address),
            }
        },
    )
}

fn entry() -> impl Strategy<Value = CommitSignature> {
    let flag =
        prop::sample::select(vec![BlockIdFlag::Absent, BlockIdFlag::Commit, BlockIdFlag::Nil]);
    let signature = prop::collection::vec(any::<u8>(), 0..=64);
    (flag, any::<Option<[u8; 20]>>(), time(), signature).prop_map(
        |(flag, address, timestamp, signature)| CommitSignature {
            flag,
            address: address.map(Address),
            timestamp,
            signature: SignatureBytes::from_slice(&signature).expect("64 bytes at most"),
        },
    )
}

fn commit() -> impl Strategy<Value = Commit> {
    let entries = prop::collection::vec(entry(), 0..5);
    (0..i64::MAX.unsigned_abs(), any::<i32>(), block_id(), entries).prop_map(
        |(height, round, block_id, signatures)| Commit { height, round, block_id, signatures },
    )
}

fn round_trip<M: for<'a> Message<'a> + PartialEq + std::fmt::Debug>(value: &M) {
    let bytes = value.to_bytes();
    let decoded = decode_canonical::<M>(&bytes).expect("its own encoding");
    assert_eq!(decoded.into_inner(), *value);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn headers_are_read_back_as_written(header in header()) {
        round_trip(&header);
    }

    #[test]
    fn commits_are_read_back_as_written(commit in commit()) {
        round_trip(&commit);
    }

    #[test]
    fn blocks_are_read_back_as_written(
        header in header(),
        transactions in prop::collection::vec(any::<Vec<u8>>(), 0..5),
        last_commit in commit(),
    ) {
        let transactions = transactions.iter().map(Vec::as_slice).collect();
        let block = Block { header, transactions, evidence: Vec::new(), last_commit };
        let bytes = block.to_bytes();
        let decoded = decode_canonical::<Block<'_>>(&bytes).expect("its own encoding");
        prop_assert_eq!(decoded.into_inner(), block);
    }

    #[test]
    fn validator_lists_are_read_back_as_written(
        validators in prop::collection::vec((any::<[u8; 20]>(), any::<[u8; 32]>(), 0..1_u64 << 60), 0..5),
    ) {
        let validators = validators.into_iter().map(|(address, key, power)| Validator {
            address: Address(address),
            key: ValidatorKey::Ed25519(PublicKey(key)),
            power,
        });
        round_trip(&ValidatorList { validators: validators.collect() });
    }

    #[test]
    fn one_field_of_a_header_changes_its_hash(header in header(), other in header()) {
        prop_assume!(header.validators_hash.is_some());
        let hash = header.compute_hash();
        let changed = [
            Header { version_app: other.version_app, ..header.clone() },
            Header { chain_id: other.chain_id, ..header.clone() },
            Header { height: other.height, ..header.clone() },
            Header { time: other.time, ..header.clone() },
            Header { last_block_id: other.last_block_id, ..header.clone() },
            Header { data_hash: other.data_hash, ..header.clone() },
            Header { app_hash: other.app_hash, ..header.clone() },
            Header { proposer_address: other.proposer_address, ..header.clone() },
        ];
        for one in changed {
            prop_assert_eq!(one == header, one.compute_hash() == hash);
        }
    }

    #[test]
    fn any_bytes_decode_to_themselves_or_to_an_error(bytes in any::<Vec<u8>>()) {
        if let Ok(block) = decode_canonical::<Block<'_>>(&bytes) {
            prop_assert_eq!(block.to_bytes(), bytes);
        }
    }

    #[test]
    fn times_have_one_text(time in time()) {
        prop_assert_eq!(Timestamp::parse(&time.to_string()), Some(time));
    }

    #[test]
    fn anchors_are_read_back_as_written(
        profile in prop::sample::select(Profile::ALL.to_vec()),
        chain_id in "\\PC{1,12}",
        height in 1..=i64::MAX.unsigned_abs(),
        hash in any::<[u8; 32]>(),
    ) {
        let anchor = TrustAnchor { profile, chain_id, height, header_hash: Hash(hash) };
        let parsed = Anchors::parse(&anchor.to_string(), &Limits::default()).expect("an anchor");
        prop_assert_eq!(parsed.anchors, vec![anchor]);
    }

    #[test]
    fn trust_level_is_an_exact_fraction(n in 1..100_u32, d in 1..100_u32, tally: u64, total: u64) {
        if let Some(level) = TrustLevel::new(n, d) {
            let exact = u128::from(tally) * u128::from(d) > u128::from(total) * u128::from(n);
            prop_assert_eq!(level.is_exceeded_by(tally, total), exact);
        } else {
            prop_assert!(3 * n < d || n > d);
        }
    }
}
