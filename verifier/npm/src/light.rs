//! One step of a light client, for callers that keep the trusted state themselves.

use serde::Serialize;
use vidimus::{
    check::CheckId,
    encoding::{DecodeError, protobuf::decode_canonical},
    import::{ImportError, import},
    ledger::cometbft::{
        light::{self, LightBlock, LightOptions, LightVerdict, TrustedState},
        profile::Profile,
        validator::ValidatorList,
    },
    limits::Limits,
    policy::Policy,
    report::Reason,
    snapshot::{Item, Kind, Reader, SnapshotError},
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
    let trusted = match read("trusted", trusted) {
        Ok((block, next)) => {
            TrustedState { header: block.header, next_validators: next.unwrap_or(block.validators) }
        }
        Err(problem) => return Err(Thrown::Trusted { message: problem.message }),
    };
    let verdict = match read("untrusted", untrusted) {
        Ok((block, _)) => light::verify_step(&trusted, &block, &options),
        Err(problem) => problem.verdict,
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

/// Why a text is no light block: as a verdict, and in a sentence.
struct Problem {
    verdict: LightVerdict,
    message: String,
}

impl From<ImportError> for Problem {
    fn from(error: ImportError) -> Self {
        let verdict = match error.outcome() {
            Ok(check) => LightVerdict::Invalid(check),
            Err(reason) => LightVerdict::Inconclusive(reason),
        };
        Self { verdict, message: error.to_string() }
    }
}

impl From<SnapshotError> for Problem {
    fn from(error: SnapshotError) -> Self {
        let verdict = if let SnapshotError::Limit { name, .. } = error {
            LightVerdict::Inconclusive(Reason::Limit(name))
        } else {
            LightVerdict::Invalid(error.check())
        };
        Self { verdict, message: error.to_string() }
    }
}

impl From<DecodeError> for Problem {
    fn from(error: DecodeError) -> Self {
        let verdict = LightVerdict::Invalid(CheckId::BlockEncoding);
        Self { verdict, message: error.to_string() }
    }
}

/// Reads a light block as an export is imported, and the set of the next height if it is another.
fn read(name: &str, text: &str) -> Result<(LightBlock, Option<ValidatorList>), Problem> {
    let limits = Limits::default();
    let container = import(&[(name, text.as_bytes())], &limits)?;
    let mut reader = Reader::new(limits);
    reader.feed(&container);
    let (mut blocks, mut next) = (Vec::new(), None);
    while let Some(item) = reader.next_item()? {
        let Item::Payload { kind, bytes, .. } = item else { continue };
        if kind == Kind::LightBlock {
            blocks.push(decode_canonical::<LightBlock>(&bytes)?.into_inner());
        } else if kind == Kind::Validators {
            next = Some(decode_canonical::<ValidatorList>(&bytes)?.into_inner());
        }
    }
    let count = blocks.len();
    match <[LightBlock; 1]>::try_from(blocks) {
        Ok([block]) => Ok((block, next)),
        Err(_) => Err(Problem {
            verdict: LightVerdict::Invalid(CheckId::ImportDecoded),
            message: format!("{name}: {count} light blocks instead of one"),
        }),
    }
}
