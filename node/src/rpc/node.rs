//! `/genesis`, `/status` and `/consensus_params`.

use data_encoding::{HEXLOWER, HEXUPPER};
use vidimus::{
    encoding::{hex::Hash, time::Timestamp},
    ledger::cometbft::profile::Profile,
    merkle::sha256,
};

use super::{
    File, Line,
    json::{Object, array},
    validators::key,
};
use crate::simulate::{Config, GENESIS_TIME, RotatedSet, SimulatedBlock, genesis_app_hash};

/// A block as `/status` names it.
#[derive(Clone, Debug)]
pub(super) struct Point {
    hash: Hash,
    app_hash: Vec<u8>,
    height: u64,
    time: Timestamp,
}

impl Point {
    pub(super) fn of(block: &SimulatedBlock) -> Self {
        Self {
            hash: block.hash(),
            app_hash: block.draft.header.app_hash.clone(),
            height: block.height(),
            time: block.draft.header.time,
        }
    }

    fn write(&self, object: Object, prefix: &str) -> Object {
        object
            .plain(&format!("{prefix}_block_hash"), self.hash)
            .plain(&format!("{prefix}_app_hash"), HEXUPPER.encode(&self.app_hash))
            .plain(&format!("{prefix}_block_height"), self.height)
            .plain(&format!("{prefix}_block_time"), self.time)
    }
}

pub(super) fn genesis(config: &Config, set: &RotatedSet) -> File {
    let validator =
        |(index, validator): (usize, &vidimus::ledger::cometbft::validator::Validator)| {
            Object::new()
                .plain("address", validator.address)
                .raw("pub_key", key(&validator.key))
                .plain("power", validator.power)
                .plain("name", format_args!("node{index}"))
                .end()
        };
    let document = Object::new()
        .plain("genesis_time", GENESIS_TIME)
        .text("chain_id", &config.chain_id)
        .plain("initial_height", config.initial_height)
        .raw("consensus_params", params(config))
        .raw("validators", array(set.list().validators.iter().enumerate().map(validator)))
        .plain("app_hash", genesis_app_hash(&config.chain_id))
        .end();
    File::new("genesis.json".to_owned(), &Object::new().raw("genesis", document).end())
}

pub(super) fn consensus_params(config: &Config, block: &SimulatedBlock) -> File {
    let height = block.height();
    let result =
        Object::new().plain("block_height", height).raw("consensus_params", params(config)).end();
    File::new(format!("consensus_params_{height}.json"), &result)
}

fn params(config: &Config) -> String {
    let hashed = crate::simulate::PARAMS;
    let block = Object::new()
        .plain("max_bytes", hashed.block_max_bytes)
        .plain("max_gas", hashed.block_max_gas)
        .end();
    let evidence = Object::new()
        .plain("max_age_num_blocks", 100_000)
        .plain("max_age_duration", 172_800_000_000_000_u64)
        .plain("max_bytes", 1_048_576)
        .end();
    let object = Object::new()
        .raw("block", block)
        .raw("evidence", evidence)
        .raw("validator", Object::new().raw("pub_key_types", r#"["ed25519"]"#).end())
        .raw("version", Object::new().plain("app", 0).end());
    match Line::of(config.profile) {
        Line::Before038 => object.end(),
        Line::From038 => {
            let abci = Object::new().plain("vote_extensions_enable_height", 0).end();
            let object = object.raw("abci", abci);
            if config.profile == Profile::V0_40 {
                let authority = Object::new().plain("authority", "").end();
                return object.raw("authority", authority).end();
            }
            object.end()
        }
        Line::From1 => {
            let synchrony = Object::new()
                .plain("precision", 505_000_000)
                .plain("message_delay", 15_000_000_000_u64)
                .end();
            let pbts = config.profile == Profile::V1_0Pbts;
            let feature = Object::new()
                .plain("vote_extensions_enable_height", 0)
                .plain("pbts_enable_height", if pbts { config.initial_height } else { 0 })
                .end();
            object.raw("synchrony", synchrony).raw("feature", feature).end()
        }
    }
}

pub(super) fn status(config: &Config, last: &SimulatedBlock, earliest: &Point) -> File {
    let protocol = Object::new()
        .plain("p2p", if Line::of(config.profile) == Line::From1 { 9 } else { 8 })
        .plain("block", last.draft.header.version_block)
        .plain("app", last.draft.header.version_app)
        .end();
    let id = sha256(&[b"vidimus simulated node ", config.chain_id.as_bytes()]);
    let id: Vec<u8> = id.0.iter().copied().take(20).collect();
    let other =
        Object::new().plain("tx_index", "on").plain("rpc_address", "tcp://127.0.0.1:26657").end();
    let node = Object::new()
        .raw("protocol_version", protocol)
        .plain("id", HEXLOWER.encode(&id))
        .plain("listen_addr", "tcp://127.0.0.1:26656")
        .text("network", &config.chain_id)
        .plain("version", version(config.profile))
        .plain("channels", "402021222330386061")
        .plain("moniker", "vidimus-simulated-node")
        .raw("other", other)
        .end();
    let sync = earliest.write(Point::of(last).write(Object::new(), "latest"), "earliest");
    let result =
        Object::new().raw("node_info", node).raw("sync_info", sync.raw("catching_up", false).end());
    let result = match last.validators.list().validators.first() {
        Some(validator) => {
            let validator = Object::new()
                .plain("address", validator.address)
                .raw("pub_key", key(&validator.key))
                .plain("voting_power", validator.power)
                .end();
            result.raw("validator_info", validator).end()
        }
        None => result.end(),
    };
    File::new("status.json".to_owned(), &result)
}

/// A release of the profile's line.
fn version(profile: Profile) -> &'static str {
    match profile {
        Profile::V0_34 => "0.34.35",
        Profile::V0_37_0 => "0.37.17",
        Profile::V0_37 => "0.37.18",
        Profile::V0_38_0 => "0.38.20",
        Profile::V0_38 => "0.38.21",
        Profile::V0_40 => "0.40.0",
        Profile::V1_0 | Profile::V1_0Pbts => "1.0.1",
        _ => "unknown",
    }
}
