//! Steps on both sides of what each option allows, none of them at its default.

use core::ops::Range;

use vidimus::{
    check::CheckId,
    encoding::time::Timestamp,
    ledger::cometbft::{
        light::{LightBlock, LightOptions, LightVerdict, TrustedState, verify_step},
        profile::Profile,
    },
    policy::TrustLevel,
};
use vidimus_node::simulate::{Config, Hooks, Simulation};

use super::{
    Says,
    forgeries::{self, HEIGHT, POWERS},
    options, ours, theirs, trusted,
};

/// Heights of the trusted headers: adjacent to [`HEIGHT`], and before the set changes.
const TRUSTED: [u64; 2] = [HEIGHT - 1, 2];

/// A genuine light block, and the states of [`TRUSTED`]. Halfway between the skipping one and the
/// block, others take the places of these validators.
fn steps(replaced: Range<usize>) -> (LightBlock, [TrustedState; 2]) {
    let config = Config {
        validators: POWERS.len(),
        powers: POWERS.to_vec(),
        blocks: HEIGHT,
        ..Config::default()
    };
    let hooks = Hooks::default().on_set(move |draft| {
        if draft.height == 4 {
            forgeries::replace(draft, replaced.clone());
        }
    });
    let ledger = Simulation::new(config, hooks).unwrap().run();
    let block = |height| ledger.blocks.iter().find(|block| block.height() == height).unwrap();
    (block(HEIGHT).light_block(), TRUSTED.map(|height| trusted(block(height))))
}

fn both(state: &TrustedState, light: &LightBlock, options: &LightOptions) -> [(Says, String); 2] {
    [ours(state, light, options), theirs::verdict(state, light, options)]
}

/// What both answer: nothing, or each its name of what is wrong.
fn answers(wrong: Option<[&str; 2]>) -> [(Says, String); 2] {
    match wrong {
        None => [(Says::Accepted, String::new()), (Says::Accepted, String::new())],
        Some(names) => names.map(|name| (Says::Refused, name.to_owned())),
    }
}

/// `time` moved by so many nanoseconds.
fn shifted(time: Timestamp, by: i128) -> Timestamp {
    const SECOND: i128 = 1_000_000_000;
    let nanos = time.as_nanos() + by;
    Timestamp {
        seconds: i64::try_from(nanos.div_euclid(SECOND)).unwrap(),
        nanos: u32::try_from(nanos.rem_euclid(SECOND)).unwrap(),
    }
}

#[test]
fn set_change_is_skipped_only_if_more_than_the_trust_level_stays() {
    let half = TrustLevel::new(1, 2).unwrap();
    let two_thirds = TrustLevel::new(2, 3).unwrap();
    let all = TrustLevel::new(1, 1).unwrap();
    for (replaced, stays, exceeded, not_exceeded) in [
        (1..5, 3, None, Some(TrustLevel::ONE_THIRD)),
        (1..4, 4, Some(TrustLevel::ONE_THIRD), Some(half)),
        (0..2, 4, Some(TrustLevel::ONE_THIRD), Some(half)),
        (1..3, 5, Some(half), Some(two_thirds)),
        (0..1, 6, Some(half), Some(two_thirds)),
        (3..5, 7, Some(two_thirds), Some(all)),
        (0..0, 9, Some(two_thirds), Some(all)),
    ] {
        assert_eq!(stays, 9 - POWERS[replaced.clone()].iter().sum::<u64>());
        let (light, [adjacent, skipping]) = steps(replaced);
        for (level, says) in [(exceeded, Says::Accepted), (not_exceeded, Says::NotEnoughTrust)] {
            let Some(trust_level) = level else { continue };
            let options = LightOptions { trust_level, ..options(Profile::V0_38) };
            let judged = both(&skipping, &light, &options).map(|(says, _)| says);
            assert_eq!(judged, [says; 2], "{stays} of 9 at {trust_level}");
            // The trusted header names the set of the next one, so the level does not matter.
            assert_eq!(both(&adjacent, &light, &options), answers(None), "{stays} of 9");
        }
    }
}

#[test]
fn trusted_header_is_expired_from_the_end_of_its_period_on() {
    let (light, states) = steps(0..0);
    let expired = Some(["light.trusting-period", "NotWithinTrustPeriod"]);
    for state in &states {
        for trusting_period in [1_000_u64, 2_000_000] {
            let period = i128::from(trusting_period) * 1_000_000_000;
            for (by, wrong) in [(-1, None), (0, expired), (1, expired)] {
                let now = shifted(state.header.time, period + by);
                let options = LightOptions { trusting_period, now, ..options(Profile::V0_38) };
                let step = format!("{} + {trusting_period} s + {by} ns", state.header.height);
                assert_eq!(both(state, &light, &options), answers(wrong), "{step}");
            }
        }
    }
}

#[test]
fn header_may_be_ahead_of_the_clock_by_less_than_the_drift() {
    let (light, states) = steps(0..0);
    let ahead = Some(["light.clock-drift", "HeaderFromTheFuture"]);
    for state in &states {
        for clock_drift in [0_u64, 3, 60] {
            let drift = i128::from(clock_drift) * 1_000_000_000;
            for (by, wrong) in [(-1, ahead), (0, ahead), (1, None)] {
                let now = shifted(light.signed_header.header.time, by - drift);
                let options = LightOptions { clock_drift, now, ..options(Profile::V0_38) };
                let step = format!("{} with {clock_drift} s + {by} ns", state.header.height);
                assert_eq!(both(state, &light, &options), answers(wrong), "{step}");
            }
        }
    }
}

/// tendermint-rs leaves this to its caller.
#[test]
fn trusted_set_that_the_trusted_header_does_not_name_is_the_fault_of_the_state() {
    let (light, [adjacent, skipping]) = steps(0..1);
    let options = options(Profile::V0_38);
    for state in [&adjacent, &skipping] {
        assert_eq!(verify_step(state, &light, &options), LightVerdict::Success);
    }
    // Each has the set that the other's header names.
    let swapped = [
        TrustedState { header: adjacent.header.clone(), ..skipping.clone() },
        TrustedState { header: skipping.header, ..adjacent },
    ];
    let fault = LightVerdict::InvalidTrustedState(CheckId::HeaderNextValidatorsHash);
    for state in &swapped {
        assert_eq!(verify_step(state, &light, &options), fault);
    }
}
