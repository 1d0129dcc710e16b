//! The same light blocks in the types of tendermint-rs, and its verdict on a step.

use core::time::Duration;

use tendermint::{
    Time, block::signed_header::SignedHeader, trust_threshold::TrustThresholdFraction,
    validator::Set,
};
use tendermint_light_client_verifier::{
    ProdVerifier, Verdict, Verifier as _,
    options::Options,
    types::{TrustedBlockState, UntrustedBlockState},
};
use tendermint_proto::{
    Protobuf,
    v0_38::types::{SignedHeader as RawSignedHeader, ValidatorSet as RawValidatorSet},
};
use vidimus::{
    encoding::{protobuf::Message as _, time::Timestamp},
    ledger::cometbft::{
        light::{LightBlock, LightOptions, TrustedState},
        validator::ValidatorList,
    },
    policy::TrustLevel,
};

/// What an engine says of a step, in words that both share.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Says {
    Accepted,
    Refused,
    NotEnoughTrust,
}

fn signed_header(block: &LightBlock) -> Result<SignedHeader, tendermint_proto::Error> {
    <SignedHeader as Protobuf<RawSignedHeader>>::decode_vec(&block.signed_header.to_bytes())
}

fn set(list: &ValidatorList) -> Result<Set, tendermint_proto::Error> {
    <Set as Protobuf<RawValidatorSet>>::decode_vec(&list.to_bytes())
}

/// The verdict of `tendermint-light-client-verifier` with what it said.
///
/// Bytes that its types refuse are refused. The set of the height after `untrusted` is not given,
/// as it is not given to us.
pub(crate) fn verdict(
    trusted: &TrustedState,
    untrusted: &LightBlock,
    options: &LightOptions,
) -> (Says, String) {
    let refused = |error: tendermint_proto::Error| {
        let text = error.to_string();
        (Says::Refused, text.rsplit(": ").next().unwrap_or_default().to_owned())
    };
    let (header, validators) = match (signed_header(untrusted), set(&untrusted.validators)) {
        (Ok(header), Ok(set)) => (header, set),
        (Err(error), _) | (_, Err(error)) => return refused(error),
    };
    let trusted_set = set(&trusted.next_validators).unwrap();
    let next_hash = trusted.header.next_validators_hash.unwrap();
    let state = TrustedBlockState {
        chain_id: &trusted.header.chain_id.parse().unwrap(),
        header_time: time(trusted.header.time),
        height: trusted.header.height.try_into().unwrap(),
        next_validators: &trusted_set,
        next_validators_hash: tendermint::Hash::Sha256(next_hash.0),
    };
    let untrusted = UntrustedBlockState {
        signed_header: &header,
        validators: &validators,
        next_validators: None,
    };
    let their_options = Options {
        trust_threshold: fraction(options.trust_level),
        trusting_period: Duration::from_secs(options.trusting_period),
        clock_drift: Duration::from_secs(options.clock_drift),
    };
    let verifier = ProdVerifier::default();
    match verifier.verify_update_header(untrusted, state, &their_options, time(options.now)) {
        Verdict::Success => (Says::Accepted, String::new()),
        Verdict::NotEnoughTrust(tally) => (Says::NotEnoughTrust, tally.to_string()),
        Verdict::Invalid(error) => {
            let name = format!("{error:?}");
            let name = name.split(['(', ' ']).next().unwrap_or_default().to_owned();
            (Says::Refused, name)
        }
    }
}

fn fraction(level: TrustLevel) -> TrustThresholdFraction {
    let text = level.to_string();
    let (numerator, denominator) = text.split_once('/').unwrap();
    TrustThresholdFraction::new(numerator.parse().unwrap(), denominator.parse().unwrap()).unwrap()
}

fn time(time: Timestamp) -> Time {
    Time::from_unix_timestamp(time.seconds, time.nanos).unwrap()
}
