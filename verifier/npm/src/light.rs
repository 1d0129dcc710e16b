//! One step of a light client, for callers that keep the trusted state themselves.

use serde::Serialize;
use vidimus::{
    import,
    ledger::cometbft::{
        light::{self, LightOptions, LightVerdict, TrustedState},
        profile::Profile,
    },
    limits::Limits,
    policy::Policy,
};
use wasm_bindgen::prelude::wasm_bindgen;

use crate::error::{Thrown, to_object};

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** What a step of a light client came to. */
export type LightVerdict =
  /** The light block may be trusted from now on. */
  | { status: "success" }
  /** Too little trusted power signed it: try one in between. */
  | { status: "not-enough-trust" }
  /** `check` is the id of the check that fails. */
  | { status: "invalid"; check: string }
  /** Neither, with the reason's code as in a report and in a sentence. */
  | { status: "inconclusive"; code: string; reason: string };
"#;

#[wasm_bindgen]
extern "C" {
    /// `LightVerdict` of the typings.
    #[wasm_bindgen(typescript_type = "LightVerdict")]
    #[derive(Debug)]
    pub type LightVerdictObject;
}

#[derive(Serialize)]
#[serde(tag = "status", rename_all = "kebab-case")]
enum VerdictFields {
    Success,
    NotEnoughTrust,
    Invalid { check: &'static str },
    Inconclusive { code: &'static str, reason: String },
}

impl TryFrom<LightVerdict> for LightVerdictObject {
    type Error = Thrown;

    fn try_from(verdict: LightVerdict) -> Result<Self, Thrown> {
        let fields = match verdict {
            LightVerdict::Success => VerdictFields::Success,
            LightVerdict::NotEnoughTrust => VerdictFields::NotEnoughTrust,
            LightVerdict::Invalid(check) => VerdictFields::Invalid { check: check.id() },
            LightVerdict::InvalidTrustedState(check) => {
                let message = format!("the trusted light block fails {check}");
                return Err(Thrown::Trusted { message });
            }
            LightVerdict::Inconclusive(reason) => {
                VerdictFields::Inconclusive { code: reason.code(), reason: reason.sentence() }
            }
        };
        Ok(to_object(&fields).into())
    }
}

/// Verifies one step from a light block that is trusted to a later one, signatures included.
///
/// Each of the two is what a node says of one height, as JSON: `/commit` and `/validators` one after
/// the other, or `{ signed_header, validator_set }`. With the trusted one stands the set of the next
/// height, unless it is the same: `/validators` of that height, or `next_validator_set`. Its header
/// and that set are what is trusted; the rest of it is not looked at.
///
/// `profile` is the era as an anchor names it. `policy` is JSON as for a `Verification`, with `now`
/// and `trusting_period`; its `require` and `signatures` say nothing here, every signature counts.
///
/// # Errors
/// `profile`, `policy`; `trusted`: no light block of one height, or one that cannot be trusted.
#[wasm_bindgen(js_name = verifyLightStep)]
pub fn verify_light_step(
    profile: &str,
    trusted: &str,
    untrusted: &str,
    policy: &str,
) -> Result<LightVerdictObject, Thrown> {
    let options = options(profile, policy)?;
    let limits = Limits::default();
    let (block, next) = import::light_block("trusted", trusted.as_bytes(), &limits)
        .map_err(|error| Thrown::Trusted { message: error.to_string() })?;
    let next_validators = next.unwrap_or(block.validators);
    let trusted = TrustedState { header: block.signed_header.header, next_validators };
    let verdict = match import::light_block("untrusted", untrusted.as_bytes(), &limits) {
        Ok((block, _)) => light::verify_step(&trusted, &block, &options),
        Err(error) => match error.outcome() {
            Ok(check) => LightVerdict::Invalid(check),
            Err(reason) => LightVerdict::Inconclusive(reason),
        },
    };
    verdict.try_into()
}

fn options(profile: &str, policy: &str) -> Result<LightOptions, Thrown> {
    let unknown = || Thrown::Profile { message: format!("no profile is named {profile:?}") };
    let profile = Profile::from_name(profile).ok_or_else(unknown)?;
    let policy = Policy::from_json(policy)?;
    let (Some(now), Some(trusting_period)) = (policy.now, policy.trusting_period) else {
        let message = "a step needs `now` and `trusting_period`".to_owned();
        return Err(Thrown::Policy { message, line: 1, column: 1 });
    };
    let Policy { trust_level, clock_drift, .. } = policy;
    Ok(LightOptions { profile, trust_level, trusting_period, clock_drift, now })
}
